"""What rows of mutations say, as the domain has it."""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import TypeAdapter

from adapters.postgres.database import Connection, queries
from domain import cases
from domain.authority import Capacity
from domain.cases import OpenCase, OpenMutation
from domain.log import canonical
from domain.mutation.authority import Facts, Part, Played
from domain.mutation.life import Life
from domain.mutation.matter import Concerned, Matter
from domain.mutation.states import Party
from domain.rebuild.sealed import sealed
from domain.rules import RulePack

LIFE = TypeAdapter(Life)
_DRAFTED = (
    *("proposer_id", "initiative", "from_unit", "from_position"),
    *("reverses", "rule_pack", "command_id"),
)


def life_sha256(life: Any) -> str:
    """Return the SHA-256 in hex of a life as JSON: what the log says of it, and what there is in the row."""
    return hashlib.sha256(canonical(life)).hexdigest()


def drafted_of(row: Any) -> dict[str, Any]:
    """Return what was proposed, as the log says it of a row with the salt of whom it is about.

    Which documents were handed in is told by their hash: they may speak of somebody's health or family.
    """
    documents = {"documents": sorted(row["documents"])}
    return {
        **{name: row[name] for name in _DRAFTED},
        "by_secretary": sorted(row["by_secretary"]),
        "proposed_at": row["proposed_at"].isoformat(),
        "documents_sha256": sealed(row["subject_salt"], documents, ("documents",)),
    }


async def facts(connection: Connection, keys: Sequence[str]) -> dict[str, Facts]:
    """Return what authority over each of these mutations depends on, by its id; of those only that there are."""
    rows = await queries.mutation_facts(connection, keys=keys)
    played: dict[str, list[Played]] = defaultdict(list)
    for one in await queries.parts_of(connection, keys=keys):
        played[one["mutation_id"]].append(Played(one["person_id"], Part(one["part"])))
    found = {}
    for row in rows:
        case = dict(row)
        key = case.pop("mutation_id")
        proposed_as = case.pop("proposed_as")
        found[key] = Facts(
            **case,
            proposed_as=Capacity(proposed_as) if proposed_as else None,
            played=tuple(played[key]),
        )
    return found


def matter_of(row: Any, rules: Mapping[str, RulePack]) -> Matter:
    """Return what a mutation is about, of its row."""
    concerned = Concerned(
        row["person_id"],
        row["proposer_id"],
        row["from_unit"],
        row["to_unit"],
        frozenset(Party(one) for one in row["by_secretary"]),
        row["origin_id"] if row["origin_id"] != row["government_id"] else None,
    )
    basis = rules[row["rule_pack"]].basis("mutation")
    return Matter(row["mutation_id"], row["government_id"], row["from_position"], concerned, basis)


def life_of(row: Any) -> Life | None:
    """Return where a mutation stands, of its row; None before its first move."""
    return LIFE.validate_python(row["life"], strict=False) if row["life"] is not None else None


def open_case_of(row: Any, rules: Mapping[str, RulePack]) -> OpenCase:
    """Return an open mutation as the registry has it, of its row."""
    about = OpenMutation(matter_of(row, rules), row["position_id"], row["reverses"])
    of = cases.mutation(row["mutation_id"]), row["government_id"], row["command_id"], row["rule_pack"]
    return OpenCase(*of, life_of(row), about)
