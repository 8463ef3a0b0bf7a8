"""Measurements: `make bench` runs each and rewrites docs/benchmarks.md. How to add one: bench/table.py."""
