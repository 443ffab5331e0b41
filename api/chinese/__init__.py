"""What the program says, in Chinese (中文表述): for pages and sheets that Chinese staff read and sign.

titles.yaml      code of a fault -> short title
terms.yaml       names that stand in sentences -> their Chinese terms
sentences/       English sentence with named holes -> the Chinese one with the same holes
pattern.py       one such pair, compiled
holes.py         what may stand in a hole, and what becomes of it
translator.py    the sentences of a text, one after another

Calculators say what they mean once, in English, with the values in it. The doors at which people read turn
it into Chinese: pages, workbooks, tables that are downloaded. JSON, GeoJSON and the terminal keep the
English: programs read them, and a person who searches a message finds it in the source.
"""

from api.chinese.holes import term
from api.chinese.translator import chinese, title

__all__ = ["chinese", "term", "title"]
