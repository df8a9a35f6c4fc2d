"""Benchmarks: ratios measured in one run, by one command; never timed tests."""
