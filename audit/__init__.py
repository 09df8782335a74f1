"""Proof, years later: archive, hash chain, strict replay."""
