"""Many decisions by one act: the same verdict on each of many tasks, each recorded, judged and refused by itself."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

from app import tasks
from app.actions import Faulty, NoSuchCase, NotAllowed
from app.tasks import Conflict, Desk, Say
from app.wiring import ClaimedByAnother, DutiesApart, KeyReused
from domain import cases
from domain.authority import Actor
from domain.cases import CaseKind
from domain.commands import Command
from domain.duties import ABOVE
from domain.moves import TaskKind
from domain.tasks import Task
from domain.verdicts import DECIDES, Verdict

MOST = 100
"""Tasks that one act decides."""
_AT_ONCE = 8
"""Each waits for its case's answer; more at once would keep others from the books."""
_TOGETHER = frozenset({CaseKind.BATCH, CaseKind.SWAP})


class Cases(Protocol):
    """What is open in a case, and who goes with whom."""

    async def open_in(self, case_id: str) -> list[str]: ...
    async def members(self, case_id: str) -> list[str]: ...


@dataclass(frozen=True)
class Wanted:
    """One thing to be decided: a task, or what a case asks of the actor; `group` is the batch or swap that stood for it."""

    case_id: str | None = None
    task_id: str | None = None
    group: str | None = None

    @property
    def name(self) -> str:
        """Return what it is called in the key under which it is decided once."""
        return self.task_id or self.case_id or ""


@dataclass(frozen=True)
class Became:
    """What became of one of them: a decision as answered, or the code of why nothing was recorded."""

    wanted: Wanted
    task_id: str | None = None
    command: Command | None = None
    code: str | None = None
    faults: tuple[str, ...] = ()


@dataclass(frozen=True)
class Act:
    """Whose act it is, what is said to each, and under which key; `kind` where a case asks more than one thing."""

    who: Actor
    verdict: Verdict
    say: Say
    kind: TaskKind | None = None
    key: str | None = None


async def decide_all(desk: Desk, book: Cases, act: Act, wanted: Sequence[Wanted]) -> list[Became]:
    """Decide each by itself; a batch or a swap stands for its members. In the order of what was asked for.

    What one of them is refused says nothing to the others. Sent again under its key, each has the answer that it had.
    Raises Faulty for more than MOST, or for the same one twice.
    """
    each = [one for many in wanted for one in await _each(book, many)]
    names = [one.name for one in each]
    if len(each) > MOST:
        raise Faulty((f"cases: {len(each)} to be decided, expected {MOST} at most",))
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise Faulty((f"cases: {twice} stands there twice",))
    turn = asyncio.Semaphore(_AT_ONCE)

    async def one_of_them(one: Wanted) -> Became:
        async with turn:
            return await _decided(desk, book, act, one)

    return list(_told(wanted, await asyncio.gather(*map(one_of_them, each))))


def _told(wanted: Sequence[Wanted], became: Sequence[Became]) -> Iterator[Became]:
    """Of a group, those alone of whom something is asked or was decided: who else is in it is not for everybody."""
    told = [one for one in became if not (one.wanted.group and one.code == "nothing_asked")]
    yield from told
    asked = {one.wanted.group for one in told}
    for one in wanted:
        if one.case_id and cases.parse(one.case_id).kind in _TOGETHER and one.case_id not in asked:
            yield Became(one, code="nothing_asked")


async def _each(book: Cases, wanted: Wanted) -> list[Wanted]:
    if wanted.case_id is None:
        return [wanted]
    try:
        together = cases.parse(wanted.case_id).kind in _TOGETHER
    except ValueError:
        raise Faulty((f"cases: {wanted.case_id!r} is no case",)) from None
    if not together:
        return [wanted]
    return [Wanted(one, group=wanted.case_id) for one in await book.members(wanted.case_id)]


async def _decided(desk: Desk, book: Cases, act: Act, wanted: Wanted) -> Became:
    key = f"{act.key}/{wanted.name}" if act.key else None
    task_id = wanted.task_id
    try:
        if known := await _known(desk, act, key):
            return Became(replace(wanted, case_id=known.case_id), task_id, known)
        if wanted.case_id is not None:
            asked = await _asked(desk, book, act, wanted.case_id)
            if len(asked) != 1:
                return Became(wanted, code="several_asked" if asked else "nothing_asked")
            task_id = asked[0].task_id
        assert task_id is not None
        command = await tasks.decide_task(desk, act.who, task_id, act.verdict, act.say, key=key)
    except Faulty as faulty:
        return Became(wanted, task_id, code="faulty", faults=faulty.faults)
    except (NoSuchCase, NotAllowed, Conflict, ClaimedByAnother, DutiesApart, KeyReused) as error:
        return Became(wanted, task_id, code=_code(error))
    return Became(replace(wanted, case_id=command.case_id), task_id, command)


async def _known(desk: Desk, act: Act, key: str | None) -> Command | None:
    """Return what was decided under the key; raises KeyReused where that was something else."""
    known = await desk.book.decided(act.who, key) if key else None
    if known and known.kind not in {kind for (_, verdict), kind in DECIDES.items() if verdict == act.verdict}:
        raise KeyReused("the idempotency key was used for another verdict")
    return known


async def _asked(desk: Desk, book: Cases, act: Act, case_id: str) -> list[Task]:
    """Return what a case asks of the actor that has such a verdict: of them by name, or of an office that they hold.

    What is late is asked of several offices: whoever holds two of them is asked one thing.
    """
    found: dict[TaskKind | str, Task] = {}
    for task_id in await book.open_in(case_id):
        try:
            _, task = await tasks.seen(desk, act.who, task_id)
        except NoSuchCase:
            continue
        if act.kind in (None, task.kind) and act.verdict in task.verdicts and _of(act.who, task):
            found.setdefault(task.kind if task.kind in ABOVE else task.task_id, task)
    return list(found.values())


def _of(who: Actor, task: Task) -> bool:
    if task.assignee_id is not None:
        return task.assignee_id == who.person_id
    return any((one.capacity, one.unit_id) == (task.capacity, task.unit_id) for one in who.appointments)


_CODES: dict[type[Exception], str] = {
    NoSuchCase: "no_such_case",
    ClaimedByAnother: "claimed_by_another",
    KeyReused: "key_reused",
}


def _code(error: Any) -> str:
    return _CODES.get(type(error)) or str(error.code)
