"""DOORS: HTTP and command line; assess, export, report. The only floor that asks what day it is."""
