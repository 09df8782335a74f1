"""What rows of batches and swaps say, as the domain has it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from pydantic import TypeAdapter

from adapters.postgres.database import Connection, queries
from adapters.postgres.mutation_rows import facts as facts_of_each
from domain.cases import OpenCase
from domain.mutation.group_authority import Facts
from domain.mutation.group_life import GroupLife

GROUP_LIFE = TypeAdapter(GroupLife)


def formed_of(row: Any) -> dict[str, Any]:
    """Return what was put together, as the log says it of a row; who, stands in the life."""
    return {
        "kind": row["kind"],
        "rule_pack": row["rule_pack"],
        "command_id": row["command_id"],
        "formed_at": row["formed_at"].isoformat(),
    }


async def before(connection: Connection, government_id: str, mutation_ids: Sequence[str]) -> Facts:
    """Return what authority over mutations depends on before they are put together; raises LookupError naming one that is not there."""
    known = await facts_of_each(connection, mutation_ids)
    for one in mutation_ids:
        if one not in known or known[one].government_id != government_id:
            raise LookupError(f"mutations: {one} is no open mutation of this government")
    return Facts(government_id, tuple(known[one] for one in dict.fromkeys(mutation_ids)))


async def facts(connection: Connection, case_id: str) -> Facts:
    """Return what authority over a group depends on; raises LookupError when there is no such case."""
    row = await queries.group_facts(connection, case_id=case_id)
    if row is None:
        raise LookupError(f"no such case: {case_id}")
    known = await facts_of_each(connection, row["members"])
    return Facts(row["government_id"], tuple(known[one] for one in row["members"]))


def life_of_group(row: Any) -> GroupLife | None:
    """Return where a group stands, of its row; None before its first move."""
    return GROUP_LIFE.validate_python(row["life"], strict=False) if row["life"] is not None else None


def open_case_of(row: Any) -> OpenCase:
    """Return an open group as the registry has it, of its row."""
    of = row["case_id"], row["government_id"], row["command_id"], row["rule_pack"]
    return OpenCase(*of, life_of_group(row), members=tuple(row["members"]))
