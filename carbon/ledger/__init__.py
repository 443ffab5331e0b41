"""Ledger (能源与物料台账): the statements of a zone, read into rows that can be priced, each of them checked.

reading.py    rows of the kind `activity` as lines; nothing is dropped
checks.py     each row, and what nobody has stated
measured.py   values that a statement measured itself
repeats.py    rows that say the same thing twice
years.py      years and row numbers
words.py      how faults name rows
"""

from carbon.ledger.reading import Ledger, Ledgers, read_accounts, read_ledger, read_ledgers

__all__ = ["Ledger", "Ledgers", "read_accounts", "read_ledger", "read_ledgers"]
