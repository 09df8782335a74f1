"""The optimiser: problem, solve, explain, certify."""
