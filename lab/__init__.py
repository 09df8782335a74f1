"""Drills, benches and generators of synthetic data; nobody imports this room."""
