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
from domain.rules import RulePack

LIFE = TypeAdapter(Life)


def life_sha256(life: Any) -> str:
    """Return the SHA-256 in hex of a life as JSON: what the log says of it, and what there is in the row."""
    return hashlib.sha256(canonical(life)).hexdigest()


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
