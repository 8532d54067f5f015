"""Measures Halqa beside its baselines, in one run on one machine: `python -m benchmarks --help`."""
