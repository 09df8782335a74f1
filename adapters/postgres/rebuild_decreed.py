"""What the books say of decisions, mutations, decrees, papers and positions, as the fold of the log has them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from pydantic import ValidationError

from adapters.postgres.case_papers import listed_sha256, owed_sha256
from adapters.postgres.database import Connection, queries
from adapters.postgres.decrees import reserved_of
from adapters.postgres.group_rows import formed_of, life_of_group
from adapters.postgres.mutation_rows import drafted_of, life_of, life_sha256
from domain import cases
from domain.paper_codes import sha256
from domain.rebuild import Tables, sealed
from domain.rebuild.decided import screening_key
from domain.rebuild.decreed import paper_key
from domain.rebuild.said import WORDS

_MUTATION = ("person_id", "state", "position_id", "reserves", "open", "ended_at")
_DECISION = ("case_id", "state", "refusal", "answered_at")
_DECREE = (
    *("by_case", "people", "number", "state", "facts_sha256", "file_sha256", "code", "kept"),
    *("void_reason", "members", "issued_to"),
)


async def decided(connection: Connection, government_id: str) -> Tables:
    """Return each decision that is answered, and each screening that was made for one, by their hashes."""
    of = {"government_id": government_id}
    decisions = await queries.rebuild_decisions(connection, **of)
    screenings = await queries.rebuild_screenings(connection, **of)
    return {
        "decision": {
            row["command_id"]: _some(row, _DECISION) | {"sha256": sealed.decision(row)} for row in decisions
        },
        "screening": {
            screening_key(cases.mutation(row["mutation_id"]), row["command_id"]): {
                "sha256": sealed.screening(row)
            }
            for row in screenings
        },
    }


async def decreed(connection: Connection, government_id: str) -> Tables:
    """Return each mutation with the hash of its life, the decrees, each paper's file, and the positions of whom one has moved."""
    of = {"government_id": government_id}
    positions = await queries.rebuild_positions(connection, **of)
    return {
        "mutation": {
            row["mutation_id"]: _mutation(row) for row in await queries.rebuild_mutations(connection, **of)
        },
        "group": {
            row["case_id"].partition(":")[2]: _group(row)
            for row in await queries.rebuild_groups(connection, **of)
        },
        "decree": {row["decree_id"]: _decree(row) for row in await queries.rebuild_decrees(connection, **of)},
        **await _papers(connection, government_id),
        "rule override": {
            row["command_id"]: {name: value for name, value in row.items() if name != "command_id"}
            for row in await queries.rebuild_rule_overrides(connection, **of)
        },
        "position": {
            row["person_id"]: {
                "position_id": row["position_id"],
                "in_post_since": row["in_post_since"] and row["in_post_since"].isoformat(),
            }
            for row in positions
        },
    }


async def _papers(connection: Connection, government_id: str) -> Tables:
    """Return the papers that are made, those that are owed, and what is handed over."""
    of = {"government_id": government_id}
    extracts = await queries.rebuild_extracts(connection, **of)
    papers = await queries.rebuild_case_papers(connection, **of)
    made = [row for row in papers if row["sha256"] is not None]
    return {
        "paper": {
            **{f"{row['mutation_id']}/EXTRACT/{row['sha256'][:12]}": _kept(row) for row in extracts},
            **{
                f"{row['mutation_id']}/{row['paper']}/{row['sha256'][:12]}": _kept(row)
                | _some(row, ("number", "revision", "code"))
                for row in made
            },
        },
        "owed paper": {
            paper_key(row["mutation_id"], row["paper"], row["revision"]): {"sha256": owed_sha256(row)}
            for row in papers
        },
        "handover": {
            row["mutation_id"]: {"listed_sha256": listed_sha256(row)}
            for row in await queries.rebuild_handovers(connection, **of)
        },
    }


def _mutation(row: Any) -> dict[str, Any]:
    return {
        **_some(row, _MUTATION),
        **drafted_of(row),
        "life_sha256": life_sha256(row["life"]),
        "unlike_its_life": _unlike_its_life(row),
    }


def _unlike_its_life(row: Any) -> str:
    """Name the columns that do not say what the life beside them says."""
    try:
        life = life_of(row)
    except ValidationError:
        return "life"
    assert life is not None  # only such rows are read
    said = {
        "revision": life.revision,
        "since": life.since,
        "undone": life.undone,
        "group_case": cases.group(life.group) if life.group else None,
    }
    return ", ".join(name for name, value in said.items() if row[name] != value)


def _group(row: Any) -> dict[str, Any]:
    return {
        **_some(row, ("state", "open", "ended_at")),
        **formed_of(row),
        "life_sha256": life_sha256(row["life"]),
        "unlike_its_life": _group_unlike_its_life(row),
    }


def _group_unlike_its_life(row: Any) -> str:
    try:
        life = life_of_group(row)
    except ValidationError:
        return "life"
    assert life is not None  # only such rows are read
    said = {"revision": life.revision, "members": sorted(life.members)}
    return ", ".join(name for name, value in said.items() if row[name] != value)


def _decree(row: Any) -> dict[str, Any]:
    issued = row["kept"] is not None
    of_file = {
        "record": _record(row) if issued else None,
        WORDS: sealed.sealed(row["salt"], row, ("words",)) if issued else None,
    }
    return _some(row, _DECREE) | reserved_of(row) | of_file


def _kept(row: Any) -> dict[str, Any]:
    return {"kept": row["kept"], "record": _record(row)}


def _record(row: Any) -> list[Any] | None:
    """Return what the record of a file comes to: `domain.rebuild.decreed.record`."""
    record: Mapping[str, Any] | None = row["record"]
    if record is None:
        return None
    said = [record.get(name) for name in ("number", "file_sha256", "facts_sha256")]
    return [*said, sha256(record.get("facts")), row["begins_as_typeset"]]


def _some(row: Any, columns: tuple[str, ...]) -> dict[str, Any]:
    return {column: row[column] for column in columns}
