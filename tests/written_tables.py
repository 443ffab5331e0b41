"""Workbooks written for tests of tables."""

from __future__ import annotations

import openpyxl


def book(path, rows, merge=(), title="Sheet1"):
    made = openpyxl.Workbook()
    sheet = made.active
    sheet.title = title
    for row in rows:
        sheet.append(row)
    for place in merge:
        sheet.merge_cells(place)
    made.save(path)
    return path


def codes(table):
    return [fault.code for fault in table.faults]


def rows_seen(table):
    return [table.first_row + i for i in table.frame.index]
