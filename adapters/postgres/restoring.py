"""Where a mutation that undoes another one may lead, by the books."""

from __future__ import annotations

from adapters.postgres.database import Connection, queries
from domain.mutation.canonical import read_dossier
from domain.mutation.codes import PositionKind
from domain.mutation.proposing import FormerPost, restoring_fault


async def undone_already(connection: Connection, reverses: str) -> bool:
    """Say whether another case undoes this mutation, or has undone it."""
    return bool((await queries.former_post(connection, mutation_id=reverses))["undone_already"])


async def fault(connection: Connection, reverses: str, position_id: str, *, lost: bool = False) -> str | None:
    """Return why a post does not restore what a mutation took, or None; `lost`: somebody has said that it is gone."""
    row = await queries.former_post(connection, mutation_id=reverses)
    # As it was then: of a post that is gone the map says nothing any more.
    was = read_dossier(row["dossier"].encode()).origin.post
    former = FormerPost(row["from_position"], was.kind, was.job_class, lost or row["lost"])
    post = await queries.kind_of_post(connection, position_id=position_id)
    kind = (PositionKind(post["kind"]), post["job_class"]) if post else (None, None)
    return restoring_fault(former, position_id, *kind)
