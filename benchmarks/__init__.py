"""Benchmarks: ratios against other engines; nothing here is a test."""
