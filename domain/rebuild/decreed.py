"""The fold of moves for good: each case and the whole of its life by its hash, the decrees, and who holds what by them."""

from __future__ import annotations

from typing import Any

from domain.rebuild.entry import Entry, Row
from domain.rebuild.said import DRAFTED, IN_POST_SINCE, OWES, STANDS, WORDS

_PAPERS = ("ExtractSealed", "CasePaperMade")
_UNISSUED: Row = dict.fromkeys(
    ("facts_sha256", "file_sha256", "code", "kept", "record", WORDS, "void_reason")
)


class Decreed:
    """Mutations, decrees, their papers and the positions that they gave, by the entries taken so far."""

    def __init__(self) -> None:
        self._mutations: dict[str, Row] = {}
        self._groups: dict[str, Row] = {}
        self._decrees: dict[str, Row] = {}
        self._papers: dict[str, Row] = {}
        self._owed: dict[str, Row] = {}
        self._handovers: dict[str, Row] = {}
        self._overrides: dict[str, Row] = {}
        self._held: dict[str, Row] = {}

    def mutation(self, key: str, entry: Entry) -> None:
        """Take an entry of a case: where it stands, the decree that it issued, the position that it gave."""
        stands = entry.data.get(STANDS, {})
        if entry.type == "GovernmentChanged" and entry.person_id:
            self._held.pop(entry.person_id, None)
        if entry.type in _PAPERS:
            self._paper(key, entry)
        if entry.type == "HandoverListed":
            self._handovers[key] = {"listed_sha256": stands["listed_sha256"]}
        if "life_sha256" not in stands:  # a decision that was refused moved nothing
            return
        row = {name: stands[name] for name in ("position_id", "reserves", "open", "life_sha256")}
        before = self._mutations.get(key, {})
        row |= {"person_id": entry.person_id, "state": entry.data["state"], **_ending(entry, before)}
        self._mutations[key] = before | stands.get(DRAFTED, {}) | row
        for owed in stands.get(OWES, ()):
            self._owed[paper_key(key, owed["paper"], owed["revision"])] = {"sha256": owed["sha256"]}
        if entry.type == "RuleOverridden" and entry.command_id:
            granted = {"mutation_id": key, "rule": entry.data["rule"], "ground": entry.data["choice"]}
            self._overrides[entry.command_id] = granted | {"granted_at": entry.at, "unlike_its_decision": ""}
        self._issue(stands)
        if entry.type == "MutationEffective" and entry.person_id:
            held = {name: stands.get(name) for name in ("position_id", IN_POST_SINCE)}
            self._held[entry.person_id] = held

    def _paper(self, key: str, entry: Entry) -> None:
        """A paper that was sealed: its file, and the record of it."""
        data, stands = entry.data, entry.data.get(STANDS, {})
        paper, sha256 = data.get("paper", "EXTRACT"), data["file_sha256"]
        facts_sha256 = data.get("facts_sha256", stands.get("facts_sha256"))
        row = {"kept": sha256, "record": record(data["number"], sha256, facts_sha256)}
        # Of an extract the decree's row says number and code.
        of_case: Row = {}
        if "paper" in data:
            of_case = {"number": data["number"], "revision": stands["revision"], "code": stands["code"]}
        self._papers[f"{key}/{paper}/{sha256[:12]}"] = row | of_case

    def group(self, key: str, entry: Entry) -> None:
        """Take an entry of a batch or a swap: where it stands, the decree that it issued."""
        stands = entry.data.get(STANDS, {})
        if "life_sha256" in stands:
            row = {name: stands[name] for name in ("open", "life_sha256")}
            row |= {"state": entry.data["state"], **_ending(entry, self._groups.get(key, {}))}
            self._groups[key] = self._groups.get(key, {}) | stands.get(DRAFTED, {}) | row
            self._issue(stands)

    def _issue(self, stands: Row) -> None:
        if issued := stands.get("issued"):
            row = self._decrees.setdefault(issued["decree_id"], {})
            told = {name: issued[name] for name in ("facts_sha256", "file_sha256", "code")}
            row |= told | {"state": "ISSUED", "kept": issued["file_sha256"]}
            row[WORDS] = stands.get(WORDS)
            row["record"] = record(row.get("number"), issued["file_sha256"], issued["facts_sha256"])
            # A second decree is about the first one, which stays the one that was issued to them.
            row["issued_to"] = [] if row.get("amends") else row.get("members")

    def decree(self, key: str, entry: Entry) -> None:
        """Take an entry of the register: a number that is drawn, or given up."""
        if entry.type == "NumberReserved":
            told = {name: entry.data[name] for name in ("by_case", "number", "people")}
            state: Row = {"state": "RESERVED", "issued_to": []}
            self._decrees[key] = told | entry.data.get(STANDS, {}) | state | _UNISSUED
        if entry.type == "NumberVoided" and key in self._decrees:
            self._decrees[key] |= {"state": "VOID", "void_reason": entry.data["reason"]}

    def tables(self) -> dict[str, dict[str, Row]]:
        """Return every row."""
        tables = {
            "mutation": self._mutations,
            "group": self._groups,
            "decree": self._decrees,
            "paper": self._papers,
            "owed paper": self._owed,
            "handover": self._handovers,
            "rule override": self._overrides,
            "position": self._held,
        }
        return {board: {key: dict(row) for key, row in rows.items()} for board, rows in tables.items()}


def paper_key(mutation_id: str, paper: str, revision: int) -> str:
    """Name a paper that a move of a case owes."""
    return f"{mutation_id}/{paper}/{revision}"


def record(number: str | None, file_sha256: str, facts_sha256: str | None) -> list[Any]:
    """Return what a record must come to: number, file, the facts' hash as it says and as they have, and that the file begins with what was typeset."""
    return [number, file_sha256, facts_sha256, facts_sha256, True]


def _ending(entry: Entry, before: Row) -> Row:
    """What a row says beside its life, of which the log holds the hash, must be what the life says; what is learnt of a case after
    its end moves its end no more.
    """
    ended_at = None if entry.data[STANDS]["open"] else before.get("ended_at") or entry.at
    return {"ended_at": ended_at, "unlike_its_life": ""}
