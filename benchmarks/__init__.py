"""How far from the fastest possible, as ratios: ``python -m benchmarks``."""
