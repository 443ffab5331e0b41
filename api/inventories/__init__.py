"""Inventories (碳排放清单): a zone's emissions in a year, as a document, a workbook, and a chain to ask why.

account.py    out of the book: the inventory and all that is told beside it
wishes.py     choices of the person who accounts
document.py   one JSON document
why.py        from a figure down to the row of the statement
totals.py     sheets of the workbook: totals, clauses, flows
sheets.py     sheets of the workbook: breakdowns and lines
grounds.py    sheets of what the numbers rest on: factors, keys, uncertainty, choices, faults
workbook.py   the workbook, to print and to sign
"""
