"""The task desk: what people do with what is asked of them, and the decision that a verdict records."""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, Protocol

from app import actions
from app.actions import Decision, Faulty, House, NoSuchCase, NotAllowed
from app.instead import instead
from domain.authority import Actor, Capacity, Denied, Granted, Tenure
from domain.commands import Command, CommandKind
from domain.evidence import MOST_BYTES, File, Media, name_for, sniff
from domain.log import Attribution, Fact
from domain.moves import TaskKind
from domain.reasons import ErasureReason
from domain.sight import sees_task
from domain.tasks import (
    Claim,
    Task,
    may_claim,
    may_erase,
    may_take_over,
    may_unclaim,
    may_work,
    may_write,
    open_to,
)
from domain.verdicts import Verdict
from domain.who_may import Facts

CONFLICTS = frozenset(
    {
        "asked_by_name",
        "being_decided",
        "claimed_already",
        "claimed_by_another",
        "heir_may_not",
        "not_claimed",
        "task_closed",
        "task_full",
    }
)
"""Codes that speak of the task and not of the actor."""


class Conflict(Exception):
    """The task does not stand where this can be done; `code` says why."""

    def __init__(self, code: str, more: str = "") -> None:
        super().__init__(code)
        self.code = code
        self.more = more
        """What there is to say beside the code's sentence."""


Say = Callable[[CommandKind, str], Decision]


class Book(Protocol):
    """Where tasks are kept."""

    async def find(self, task_id: str) -> dict[str, Any]: ...
    async def actor(self, person_id: str, government_id: str, at: datetime) -> Actor: ...
    async def decided(self, who: Actor, key: str) -> Command | None: ...
    async def how_closed(self, task: Task) -> str: ...
    async def set_claim(self, task: Task, claim: Claim | None, fact: Fact) -> str | None: ...
    async def comment(self, task: Task, comment_id: str, text: str, fact: Fact) -> str | None: ...
    async def attach(self, task: Task, file: File, fact: Fact) -> str | None: ...
    async def evidence(self, task_id: str) -> list[dict[str, Any]]: ...
    async def file(self, task_id: str, evidence_id: str) -> tuple[str, str, bytes] | None: ...
    async def erase(self, task: Task, evidence_id: str, reason: str, fact: Fact) -> bool: ...


@dataclass(frozen=True)
class Desk:
    """What the desk works with."""

    house: House
    book: Book


async def seen(desk: Desk, who: Actor, task_id: str) -> tuple[dict[str, Any], Task]:
    """Return a task that the actor may see, as told and as judged; raises NoSuchCase."""
    try:
        row = await desk.book.find(task_id)
    except LookupError:
        raise NoSuchCase(task_id) from None
    sees = sees_task(
        _asked(who, row) if row["of_government"] else who,
        assignee_id=row["assignee_id"],
        capacity=row["capacity"],
        unit_id=row["unit_id"],
        home_unit_id=row["home_unit_id"],
    )
    if row["government_id"] != who.government_id or not sees:
        raise NoSuchCase(task_id)
    return row, _task(row)


async def verdicts_open_to(desk: Desk, who: Actor, task: Task) -> tuple[Verdict, ...]:
    """Return the verdicts that the actor may give on a task now."""
    return open_to(who, task, await _facts(desk, task))


async def claim(desk: Desk, who: Actor, task_id: str) -> None:
    """Take a task upon oneself; raises NoSuchCase, NotAllowed and Conflict."""
    _, task = await seen(desk, who, task_id)
    granted = _granted(may_claim(who, task, await _facts(desk, task)))
    if task.claim is None:
        await _hand(desk, who, task, granted, Claim(who.person_id, _now(desk), granted.on_behalf_of))


async def unclaim(desk: Desk, who: Actor, task_id: str) -> None:
    """Give a task back to its office; raises NoSuchCase, NotAllowed and Conflict."""
    _, task = await seen(desk, who, task_id)
    granted = _granted(may_unclaim(who, task, await _facts(desk, task)))
    await _hand(desk, who, task, granted, None)


async def take_over(desk: Desk, who: Actor, task_id: str, heir_id: str | None = None) -> None:
    """Hand a claimed task on to somebody (else oneself); raises NoSuchCase, NotAllowed and Conflict."""
    _, task = await seen(desk, who, task_id)
    at, facts = _now(desk), await _facts(desk, task)
    heir = await desk.book.actor(heir_id, who.government_id, at) if heir_id else who
    claimer = await desk.book.actor(task.claim.person_id, who.government_id, at) if task.claim else who
    granted = _granted(may_take_over(who, task, facts, heir=heir, claimer=claimer))
    worked = may_work(heir, task, facts)
    behalf = worked.on_behalf_of if isinstance(worked, Granted) else None
    await _hand(desk, who, task, granted, Claim(heir.person_id, at, behalf))


async def decide_task(
    desk: Desk, who: Actor, task_id: str, verdict: Verdict, say: Say, *, key: str | None = None
) -> Command:
    """Record the command that a verdict maps to, and return it as answered.

    `say` returns the decision of a kind on a case, as the specific action makes it. Raises as
    `actions.decide`; Conflict; and Faulty, also where the kind of task has no such verdict.
    """
    _, task = await seen(desk, who, task_id)
    if not task.open:
        # Sent again after its own answer was lost: what was decided under this key stands.
        if key and (known := await desk.book.decided(replace(who, government_id=task.government_id), key)):
            return known
        raise Conflict("task_closed", await desk.book.how_closed(task))
    kind = task.verdicts.get(verdict)
    if kind is None:
        expected = " or ".join(task.verdicts) or instead(task.kind, task.case_id)
        raise Faulty((f"verdict: {task.kind} has no {verdict}, expected {expected}",))
    return await actions.decide(desk.house, who, say(kind, task.case_id), key=key)


async def comment(desk: Desk, who: Actor, task_id: str, text: str, *, key: str | None = None) -> str:
    """Keep what somebody says to a task, and return its id; raises NoSuchCase, NotAllowed and Conflict."""
    row, task = await seen(desk, who, task_id)
    granted = _granted(may_write(who, task, home_unit_id=row["home_unit_id"]))
    comment_id = _new_id(desk, who, task, key)
    fact = _fact(desk, who, task, "TaskCommented", granted=granted, data={"comment_id": comment_id})
    _settle(await desk.book.comment(task, comment_id, text, fact))
    return comment_id


async def may_attach(desk: Desk, who: Actor, task_id: str) -> None:
    """Raise what `attach` would raise, before a large body is read."""
    row, task = await seen(desk, who, task_id)
    _granted(may_write(who, task, home_unit_id=row["home_unit_id"]))


async def attach(
    desk: Desk, who: Actor, task_id: str, name: str, content: bytes, *, key: str | None = None
) -> str:
    """Keep a file with a task, and return its id; raises NoSuchCase, NotAllowed, Conflict and Faulty."""
    row, task = await seen(desk, who, task_id)
    granted = _granted(may_write(who, task, home_unit_id=row["home_unit_id"]))
    if not 0 < len(content) <= MOST_BYTES:
        raise Faulty((f"file: {len(content)} bytes, expected 1 to {MOST_BYTES}",))
    media = await asyncio.to_thread(sniff, content)
    if media is None:
        raise Faulty((f"file: its content is none of {', '.join(one.name for one in Media)}",))
    evidence_id = _new_id(desk, who, task, key)
    file = File(evidence_id, name_for(name, media), media, desk.house.new_id(), content)
    data = {"evidence_id": evidence_id, "media": media.type, "bytes": len(content), "sha256": file.sha256}
    _settle(
        await desk.book.attach(
            task, file, _fact(desk, who, task, "EvidenceAttached", granted=granted, data=data)
        )
    )
    return evidence_id


async def fetch(desk: Desk, who: Actor, task_id: str, evidence_id: str) -> tuple[str, str, bytes]:
    """Return (name, media type, content) of a file; raises NoSuchCase, also where it was erased."""
    await seen(desk, who, task_id)
    found = await desk.book.file(task_id, evidence_id)
    if found is None:
        raise NoSuchCase(evidence_id)
    return found


async def erase(desk: Desk, who: Actor, task_id: str, evidence_id: str, reason: ErasureReason) -> None:
    """Erase the content of a file; the log keeps its hash. Raises NoSuchCase and NotAllowed."""
    _, task = await seen(desk, who, task_id)
    kept = {row["evidence_id"]: row for row in await desk.book.evidence(task_id)}
    if evidence_id not in kept:
        raise NoSuchCase(evidence_id)
    granted = _granted(may_erase(who, attached_by=kept[evidence_id]["attached_by"]))
    data = {"evidence_id": evidence_id, "reason": reason.value}
    fact = _fact(desk, who, task, "EvidenceErased", granted=granted, data=data)
    if not await desk.book.erase(task, evidence_id, reason.value, fact):
        raise NoSuchCase(evidence_id)


async def _hand(desk: Desk, who: Actor, task: Task, granted: Granted, to: Claim | None) -> None:
    event = "TaskClaimed" if to else "TaskUnclaimed"
    data = {"claimed_by": to.person_id} if to else {}
    if task.claim:
        data["taken_from"] = task.claim.person_id
    _settle(await desk.book.set_claim(task, to, _fact(desk, who, task, event, granted=granted, data=data)))


def _asked(who: Actor, row: dict[str, Any]) -> Actor:
    """Return the actor with the offices alone that are asked: what another government asks concerns nobody else here."""
    asked = row["capacity"], row["unit_id"]
    return replace(
        who, appointments=tuple(one for one in who.appointments if (one.capacity, one.unit_id) == asked)
    )


def _task(row: dict[str, Any]) -> Task:
    held = row["claimed_by"]
    return Task(
        row["task_id"],
        row["of_government"] or row["government_id"],
        row["case_id"],
        TaskKind(row["kind"]),
        row["assignee_id"],
        Capacity(row["capacity"]) if row["capacity"] else None,
        row["unit_id"],
        row["closed_at"] is None,
        Claim(held, row["claimed_at"], row["claimed_for"]) if held else None,
    )


async def _facts(desk: Desk, task: Task) -> Facts:
    return await desk.house.desk.facts(task.case_id)


def _fact(desk: Desk, who: Actor, task: Task, event: str, *, granted: Granted, data: dict[str, Any]) -> Fact:
    own = granted.tenure == Tenure.DEFINITIVE
    by = Attribution(
        who.person_id,
        granted.capacity.value if own else f"{granted.capacity}/{granted.tenure}",
        desk.house.rules.basis("authority"),
        None,
        granted.on_behalf_of,
    )
    told = {"task_id": task.task_id, "kind": task.kind.value} | data
    return Fact(event, task.case_id, _now(desk), by, None, told)


def _new_id(desk: Desk, who: Actor, task: Task, key: str | None) -> str:
    """Return an id that is the same again when the same is sent again under its key."""
    return str(uuid.uuid5(uuid.UUID(task.task_id), f"{who.person_id}/{key}")) if key else desk.house.new_id()


def _granted(verdict: Granted | Denied) -> Granted:
    if isinstance(verdict, Granted):
        return verdict
    _settle(verdict.code if verdict.code in CONFLICTS else None)
    if verdict.code == "no_such_case":
        raise NoSuchCase
    raise NotAllowed(verdict.code)


def _settle(code: str | None) -> None:
    if code:
        raise Conflict(code)


def _now(desk: Desk) -> datetime:
    return desk.house.clock.now()
