"""The doing: thin classes over ports. No decisions, no SQL, no retry loops."""
