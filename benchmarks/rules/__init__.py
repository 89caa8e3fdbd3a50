"""The rules benchmark: one workload, a hand-written floor, other engines, relflow."""
