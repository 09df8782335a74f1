"""The fold of decisions: how each was answered, and the hash of it and of the screening that was made for it."""

from __future__ import annotations

from domain.rebuild.entry import Entry, Row
from domain.rebuild.sealed import DECIDED, SCREENED


class Decided:
    """Decisions that were answered, whatever they are about, by the entries taken so far."""

    def __init__(self) -> None:
        self._decisions: dict[str, Row] = {}
        self._screenings: dict[str, Row] = {}

    def take(self, entry: Entry) -> None:
        """Take an entry that follows from a decision."""
        if entry.command_id is None:
            return
        refused = entry.type == "CommandRefused"
        self._decisions[entry.command_id] = {
            "case_id": entry.case_id,
            "state": "REFUSED" if refused else "APPLIED",
            "refusal": entry.data.get("reason") if refused else None,
            "answered_at": entry.at,
            "sha256": entry.data.get(DECIDED),
        }
        if SCREENED in entry.data:
            self._screenings[screening_key(entry.case_id, entry.command_id)] = {
                "sha256": entry.data[SCREENED]
            }

    def tables(self) -> dict[str, dict[str, Row]]:
        """Return every row."""
        return {"decision": dict(self._decisions), "screening": dict(self._screenings)}


def screening_key(case_id: str, command_id: str) -> str:
    """Name a screening: of which case, for which decision."""
    return f"{case_id.partition(':')[2]}/{command_id}"
