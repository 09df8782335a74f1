"""Tasks as a resource: pages of them, who works on one, what is said and attached."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres import authors, commands, log
from adapters.postgres.asks import asks_of
from adapters.postgres.database import Connection, Database, queries
from domain.authority import Actor
from domain.commands import Command
from domain.evidence import File, salted_sha256
from domain.log import Fact
from domain.moves import TaskKind
from domain.rules import RulePack
from domain.sight import DESK_ADMINS, OVERSEERS, holds, units_headed
from domain.tasks import MOST_COMMENTS, MOST_EVIDENCE, Claim, Task

FIRST = ("-infinity", "00000000-0000-0000-0000-000000000000")


@dataclass(frozen=True)
class TasksWanted:
    """Which open tasks a page is to show. `after` is where the page before ended: (due or `infinity`, task)."""

    mine: bool = True
    kind: TaskKind | None = None
    overdue: bool = False
    id_part: str = ""
    closed: bool = False
    """The closed ones instead; only by a part of their id."""
    after: tuple[str, str] | None = None
    most: int = 100


class TaskBook:
    """Tasks of governments; each claim, comment and file is a fact in the log."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    async def page(self, who: Actor, wanted: TasksWanted, at: datetime) -> list[dict[str, Any]]:
        """Return a page of the tasks that the actor may see, the most urgent first, each with what it `asks`."""
        after_due, after_id = wanted.after or FIRST
        asked = {
            "government_id": who.government_id,
            "person_id": who.person_id,
            "kind": wanted.kind.value if wanted.kind else None,
            "overdue": wanted.overdue,
            "id_part": wanted.id_part.lower(),
            "after_due": after_due,
            "after_id": after_id,
            "at": at,
            "most": wanted.most,
        }
        sees = {
            "capacities": [office.capacity.value for office in who.appointments],
            "units": [office.unit_id for office in who.appointments],
            "sees_all": holds(who, OVERSEERS | DESK_ADMINS),
            "headed": list(units_headed(who)),
        }
        async with self._database.reading() as connection:
            if wanted.closed and wanted.id_part:
                rows = await queries.tasks_closed(connection, **asked, **sees)
            elif not who.appointments:
                rows = await queries.tasks_by_name(connection, **asked)
            else:
                rows = await queries.tasks_page(connection, **asked, **sees, mine=wanted.mine)
            return await self._asking(connection, rows)

    async def find(self, task_id: str) -> dict[str, Any]:
        """Return a task, open or closed, with what it is about; raises LookupError."""
        async with self._database.reading() as connection:
            row = await queries.task_by_id(connection, task_id=task_id)
            if row is None:
                raise LookupError(f"no such task: {task_id}")
            return (await self._asking(connection, [row]))[0]

    async def _asking(self, connection: Connection, rows: list[Any]) -> list[dict[str, Any]]:
        asks = await asks_of(connection, rows, self._rules)
        return [dict(row) | {"asks": asked} for row, asked in zip(rows, asks, strict=True)]

    async def open_in(self, case_id: str) -> list[str]:
        """Return the open tasks of a case, by id."""
        async with self._database.reading() as connection:
            return [row["task_id"] for row in await queries.tasks_open_in(connection, case_id=case_id)]

    async def members(self, case_id: str) -> list[str]:
        """Return the cases of a batch or a swap, also those that have left it or ended."""
        async with self._database.reading() as connection:
            rows = await queries.cases_of_group(connection, case_id=case_id)
        return [row["case_id"] for row in rows]

    async def actor(self, person_id: str, government_id: str, at: datetime) -> Actor:
        """Return a person with the offices held in a government, none where they do not serve in it."""
        async with self._database.reading() as connection:
            if not await queries.person_of_government(
                connection, person_id=person_id, government_id=government_id
            ):
                return Actor(person_id, government_id)
            return await authors.actor(connection, person_id, government_id, at)

    async def decided(self, who: Actor, key: str) -> Command | None:
        """Return the decision that the actor made under a key, or None."""
        async with self._database.reading() as connection:
            row = await queries.command_by_key(
                connection, government_id=who.government_id, actor_id=who.person_id, idempotency_key=key
            )
            return await commands.CommandBook(self._database).find(row["command_id"]) if row else None

    async def how_closed(self, task: Task) -> str:
        """Say when a task was closed, and by which decision, if by one that it asked for."""
        kinds = [command.value for command in task.verdicts.values()]
        async with self._database.reading() as connection:
            row = await queries.how_closed(connection, task_id=task.task_id, kinds=kinds)
        at = row["closed_at"].astimezone(ZoneInfo(row["zone"]))
        by = f", by {row['kind']} as {row['capacity']}" if row["kind"] else ", by no verdict on it"
        return f"it was closed {at:%d %b %H:%M %Z}{by}"

    async def set_claim(self, task: Task, claim: Claim | None, fact: Fact) -> str | None:
        """Let somebody, or nobody, work on a task as it was judged; return the code of what has changed since."""
        async with self._database.writing() as connection:
            if changed := await _changed(connection, task):
                return changed
            if claim and await _being_decided(connection, task, claim.person_id):
                return "being_decided"
            await queries.claim_task(
                connection,
                task_id=task.task_id,
                claimed_by=claim.person_id if claim else None,
                claimed_for=claim.on_behalf_of if claim else None,
                claimed_at=claim.at if claim else None,
            )
            await log.append(connection, task.government_id, [fact])
        return None

    async def comment(self, task: Task, comment_id: str, text: str, fact: Fact) -> str | None:
        """Keep what somebody says, once; return the code of what forbids it."""
        async with self._database.writing() as connection:
            if closed := await _closed(connection, task):
                return closed
            kept = await queries.write_comment(
                connection,
                comment_id=comment_id,
                task_id=task.task_id,
                author_id=fact.by.actor,
                capacity=fact.by.authority,
                at=fact.at,
                body=text,
                most=MOST_COMMENTS,
            )
            if kept:
                await log.append(connection, task.government_id, [fact])
                return None
            for row in await queries.comments_of(connection, task_id=task.task_id):
                if row["comment_id"] == comment_id:
                    _only_again(row["text"] == text)
                    return None
        return "task_full"

    async def comments(self, task_id: str) -> list[dict[str, Any]]:
        """Return what was said, oldest first."""
        async with self._database.reading() as connection:
            return [dict(row) for row in await queries.comments_of(connection, task_id=task_id)]

    async def attach(self, task: Task, file: File, fact: Fact) -> str | None:
        """Keep a file, once; return the code of what forbids it."""
        async with self._database.writing() as connection:
            if closed := await _closed(connection, task):
                return closed
            kept = await queries.keep_evidence(
                connection,
                evidence_id=file.evidence_id,
                task_id=task.task_id,
                attached_by=fact.by.actor,
                capacity=fact.by.authority,
                at=fact.at,
                media=file.media.type,
                bytes=len(file.content),
                sha256=file.sha256,
                name=file.name,
                salt=file.salt,
                file=file.content,
                most=MOST_EVIDENCE,
            )
            if kept:
                await log.append(connection, task.government_id, [fact])
                return None
            for row in await queries.evidence_of(connection, task_id=task.task_id):
                if row["evidence_id"] == file.evidence_id:
                    salt = row["salt"]
                    _only_again(salt is None or row["sha256"] == salted_sha256(salt, file.content))
                    return None
        return "task_full"

    async def evidence(self, task_id: str) -> list[dict[str, Any]]:
        """Return what is attached, oldest first, without the content."""
        async with self._database.reading() as connection:
            return [dict(row) for row in await queries.evidence_of(connection, task_id=task_id)]

    async def file(self, task_id: str, evidence_id: str) -> tuple[str, str, bytes] | None:
        """Return (name, media type, content) of a file of a task; None where there is none, or it was erased."""
        async with self._database.reading() as connection:
            row = await queries.evidence_file(connection, task_id=task_id, evidence_id=evidence_id)
        if row is None or row["file"] is None:
            return None
        return row["name"], row["media"], bytes(row["file"])

    async def erase(self, task: Task, evidence_id: str, reason: str, fact: Fact) -> bool:
        """Erase name, content and salt of a file; False when they were gone."""
        async with self._database.writing() as connection:
            erased = await queries.erase_evidence(
                connection, evidence_id=evidence_id, at=fact.at, erased_by=fact.by.actor, erased_for=reason
            )
            if erased:
                await log.append(connection, task.government_id, [fact])
        return erased is not None


async def _closed(connection: Connection, task: Task) -> str | None:
    """Lock the task, so that two do not count its files at the same time; say whether it is closed."""
    row = await queries.lock_task(connection, task_id=task.task_id)
    return "task_closed" if row["closed_at"] else None


async def _changed(connection: Connection, task: Task) -> str | None:
    row = await queries.lock_task(connection, task_id=task.task_id)
    if row["closed_at"]:
        return "task_closed"
    if row["claimed_by"] == (task.claim.person_id if task.claim else None):
        return None
    return "claimed_by_another" if row["claimed_by"] else "not_claimed"


async def _being_decided(connection: Connection, task: Task, claimer: str) -> bool:
    kinds = [command.value for command in task.verdicts.values()]
    assert task.capacity is not None
    return bool(
        await queries.being_decided(
            connection,
            case_id=task.case_id,
            kinds=kinds,
            capacity=task.capacity.value,
            person_id=claimer,
        )
    )


def _only_again(same: bool) -> None:  # noqa: FBT001 - the whole of what it says
    """Let what is sent again under one key pass; raises KeyReused where it is something else."""
    if not same:
        raise commands.KeyReused("the idempotency key was used for something else")
