"""What an entry tells of a row by its keyed hash: whoever has the log alone cannot guess the row; beside the row, it proves it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime
from typing import Any

from domain.paper_codes import keyed, spelled

DECIDED, SCREENED = "decided_sha256", "screened_sha256"
"""Keys of an entry's data: the decision that it follows from, and what the rules were asked for that decision."""

ERASED = "erased"
"""Stands for a hash whose salt is erased."""

_OF_DECISION = (
    *("case_id", "kind", "actor_id", "on_behalf_of", "capacity", "tenure", "mandate_id", "decided_at"),
    *("choice", "details", "note_id", "request_sha256"),
)
_OF_SCREENING = ("mutation_id", "screened_at", "rule_pack", "dossier_sha256", "dossier", "outcome")


def sealed(salt: str | None, row: Mapping[str, Any], columns: tuple[str, ...]) -> str:
    """Return the keyed SHA-256 in hex of some columns of a row, each instant written in UTC to the microsecond.

    Without the salt, which is erased with a person's name, nothing can be compared any more.
    """
    if salt is None:
        return ERASED
    return keyed(salt, spelled({column: _plain(row[column]) for column in columns})).hex()


def decision(row: Mapping[str, Any]) -> str:
    """Return the hash of a decision as it was recorded, by the salt of whoever made it; nobody made what follows from a move."""
    return sealed("" if row["actor_id"] is None else row["actor_salt"], row, _OF_DECISION)


def screening(row: Mapping[str, Any]) -> str:
    """Return the hash of what the rules were asked and said, by the salt of whom it is about; `dossier` is the hash of what is kept."""
    return sealed(row["subject_salt"], row, _OF_SCREENING)


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds")
    return value.isoformat() if isinstance(value, date) else value
