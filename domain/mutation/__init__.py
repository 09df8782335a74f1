"""Mutation (mutasi): a civil servant's permanent move by decree: kinds and routes, the dossier, the fifteen rules."""
