"""The fold of moves for good: each case and the whole of its life by its hash, the decrees, and who holds what by them."""

from __future__ import annotations

from domain.rebuild.entry import Entry, Row
from domain.rebuild.said import STANDS

_PAPERS = ("ExtractSealed", "CasePaperMade")
_UNISSUED: Row = dict.fromkeys(("facts_sha256", "file_sha256", "code", "kept"))


class Decreed:
    """Mutations, decrees, their papers and the positions that they gave, by the entries taken so far."""

    def __init__(self) -> None:
        self._mutations: dict[str, Row] = {}
        self._groups: dict[str, Row] = {}
        self._decrees: dict[str, Row] = {}
        self._papers: dict[str, Row] = {}
        self._held: dict[str, Row] = {}

    def mutation(self, key: str, entry: Entry) -> None:
        """Take an entry of a case: where it stands, the decree that it issued, the position that it gave."""
        stands = entry.data.get(STANDS, {})
        if entry.type == "GovernmentChanged" and entry.person_id:
            self._held.pop(entry.person_id, None)
        if entry.type in _PAPERS:
            paper = entry.data.get("paper", "EXTRACT")
            sha256 = entry.data["file_sha256"]
            self._papers[f"{key}/{paper}/{sha256[:12]}"] = {"kept": sha256}
        if "life_sha256" not in stands:  # a decision that was refused moved nothing
            return
        row = {name: stands[name] for name in ("position_id", "reserves", "open", "life_sha256")}
        self._mutations[key] = row | {"person_id": entry.person_id, "state": entry.data["state"]}
        self._issue(stands)
        if entry.type == "MutationEffective" and entry.person_id:
            self._held[entry.person_id] = {"position_id": stands["position_id"]}

    def group(self, key: str, entry: Entry) -> None:
        """Take an entry of a batch or a swap: where it stands, the decree that it issued."""
        stands = entry.data.get(STANDS, {})
        if "life_sha256" in stands:
            row = {name: stands[name] for name in ("open", "life_sha256")}
            self._groups[key] = row | {"state": entry.data["state"]}
            self._issue(stands)

    def _issue(self, stands: Row) -> None:
        if issued := stands.get("issued"):
            of_file = {"file_sha256": issued["file_sha256"], "kept": issued["file_sha256"]}
            told = {"facts_sha256": issued["facts_sha256"], "code": issued["code"]} | of_file
            self._decrees.setdefault(issued["decree_id"], {}).update(told | {"state": "ISSUED"})

    def decree(self, key: str, entry: Entry) -> None:
        """Take an entry of the register: a number that is drawn, or given up."""
        if entry.type == "NumberReserved":
            told = {name: entry.data[name] for name in ("by_case", "number", "people")}
            self._decrees[key] = told | {"state": "RESERVED"} | _UNISSUED
        if entry.type == "NumberVoided" and key in self._decrees:
            self._decrees[key]["state"] = "VOID"

    def tables(self) -> dict[str, dict[str, Row]]:
        """Return every row."""
        tables = {
            "mutation": self._mutations,
            "group": self._groups,
            "decree": self._decrees,
            "paper": self._papers,
            "position": self._held,
        }
        return {board: {key: dict(row) for key, row in rows.items()} for board, rows in tables.items()}
