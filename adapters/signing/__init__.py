"""Signatures: who may be believed, keys and where they lie, time stamps, signing in two halves, and checking."""
