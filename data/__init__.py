"""FACTS, the ground floor: rules, factors, codes, formats, and the book in which measurements are kept.

Nothing here imports from the floors above (`geo`, `carbon`, `maps`, `api`).
"""
