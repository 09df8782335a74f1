"""Tasks in the books: who sees which, page by page; who works on one while others decide; what is attached."""

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from datetime import timedelta
from typing import Any

import asyncpg
import pytest

from adapters.postgres.commands import ClaimedByAnother, CommandBook, KeyReused
from adapters.postgres.database import queries
from adapters.postgres.desk import Desk
from adapters.postgres.moves import open_tasks
from adapters.postgres.tasks import TaskBook, TasksWanted
from app.tasks import _task
from domain import cases
from domain.authority import Actor, Appointment, Capacity
from domain.commands import Command, CommandKind
from domain.evidence import File, Media, salted_sha256
from domain.log import Attribution, Fact
from domain.moves import Duty, Refusal, Seat, TaskKind
from domain.secondment import Trigger
from domain.sight import sees_task
from domain.tasks import MOST_COMMENTS, MOST_EVIDENCE, Claim, Task
from lab.small_town import Donor
from tests.adapters.postgres.kit import NOW, RULES, Registry, crew, registry

UNIT, OTHER_UNIT = "kota-kecil.PKM-1", "kota-kecil.PKM-2"
DAY, MINUTE = timedelta(days=1), timedelta(minutes=1)


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 8, 5), Donor("PKM-2", 8, 5)) as books:
        yield books


@pytest.fixture
def desk(books: Registry) -> Desk:
    return Desk(books.database, "", RULES)


@pytest.fixture
def tasks(books: Registry) -> TaskBook:
    return TaskBook(books.database, RULES)


async def released_here(books: Registry, people: int = 1) -> list[Seat]:
    """People of the first unit whose head is asked to let them go."""
    seats = await books.hold(await books.surge(people), crew(books.town, UNIT, people))
    for seat in seats:
        await books.walk(seat, Trigger.ACCEPT)
    return seats


async def task_about(books: Registry, tasks: TaskBook, seat: Seat) -> Task:
    """The open task of a person's case."""
    task_id = await books.value(
        "SELECT task_id FROM tasks WHERE case_id = $1 AND closed_at IS NULL",
        cases.secondment(seat.placement_id),
    )
    return _task(await tasks.find(task_id))


def fact(task: Task, event: str, who: str, **data: Any) -> Fact:
    by = Attribution(who, "UNIT_HEAD", "2026-1#authority")
    return Fact(event, task.case_id, NOW, by, None, {"task_id": task.task_id, **data})


async def claim(tasks: TaskBook, task: Task, who: str) -> str | None:
    return await tasks.set_claim(task, Claim(who, NOW), fact(task, "TaskClaimed", who))


def release_by(books: Registry, seat: Seat, who: str) -> Command:
    return Command(
        str(uuid.uuid4()),
        books.town.government_id,
        cases.secondment(seat.placement_id),
        CommandKind.RELEASE,
        who,
        Capacity.UNIT_HEAD,
        NOW,
    )


# ── claims and decisions ──────────────────────────────────────────────────────────────────────────────────────────


async def test_of_one_office_nobody_decides_what_another_has_claimed(
    books: Registry, desk: Desk, tasks: TaskBook
) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    first, second = books.town.staff[OTHER_UNIT][:2]
    assert await claim(tasks, task, first) is None
    with pytest.raises(ClaimedByAnother):
        await desk.record(release_by(books, seat, second), "k")
    assert await books.value("SELECT count(*) FROM commands") == 0
    await desk.record(release_by(books, seat, first), "k")
    facts = await books.value("SELECT array_agg(type ORDER BY seq) FROM events WHERE type LIKE 'Task%'")
    assert facts == ["TaskClaimed"]


async def test_what_the_head_of_the_other_unit_has_claimed_of_the_same_kind_is_theirs(
    books: Registry, desk: Desk, tasks: TaskBook
) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    ours, theirs = books.town.heads[UNIT], books.town.heads[OTHER_UNIT]
    await books.execute(
        "INSERT INTO tasks SELECT (jsonb_populate_record(t, jsonb_build_object('task_id', gen_random_uuid(), 'unit_id', $1::text))).*"
        " FROM tasks t WHERE task_id = $2",
        OTHER_UNIT,
        task.task_id,
    )
    other = "SELECT task_id FROM tasks WHERE unit_id = $1 AND closed_at IS NULL"
    second = _task(await tasks.find(str(await books.value(other, OTHER_UNIT))))
    assert await claim(tasks, second, theirs) is None
    assert await claim(tasks, task, ours) is None
    with pytest.raises(ClaimedByAnother):
        await desk.record(release_by(books, seat, books.town.staff[UNIT][3]), "k-1")
    assert (await desk.record(release_by(books, seat, ours), "k-2")).actor_id == ours


async def test_another_office_decides_whatever_is_claimed(
    books: Registry, desk: Desk, tasks: TaskBook
) -> None:
    (seat,) = await released_here(books)
    await claim(tasks, await task_about(books, tasks, seat), books.town.staff[OTHER_UNIT][0])
    sekda = books.town.officers[Capacity.SEKDA]
    recorded = await desk.record(replace(release_by(books, seat, sekda), capacity=Capacity.SEKDA), "k")
    assert recorded.capacity == Capacity.SEKDA


async def test_the_same_decision_sent_again_is_answered_though_the_task_was_claimed_since(
    books: Registry, desk: Desk, tasks: TaskBook
) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    first, second = books.town.staff[OTHER_UNIT][:2]
    recorded = await desk.record(release_by(books, seat, second), "k")
    await books.execute(
        "UPDATE tasks SET claimed_by = $1, claimed_at = $2 WHERE closed_at IS NULL", first, NOW
    )
    assert await desk.record(release_by(books, seat, second), "k") == recorded
    assert task.claim is None


async def test_nobody_claims_what_somebody_else_has_just_decided(
    books: Registry, desk: Desk, tasks: TaskBook
) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    first, second = books.town.staff[OTHER_UNIT][:2]
    command = await desk.record(release_by(books, seat, second), "k")
    assert await claim(tasks, task, first) == "being_decided"
    assert await claim(tasks, task, second) is None
    by = Attribution(second, "UNIT_HEAD", "refusal", command.command_id)
    await CommandBook(books.database).refuse(
        Refusal(command.command_id, command.government_id, command.case_id, "not_now", NOW, by)
    )
    again = await task_about(books, tasks, seat)
    assert await tasks.set_claim(again, None, fact(again, "TaskUnclaimed", second)) is None
    assert await claim(tasks, await task_about(books, tasks, seat), first) is None


async def test_of_two_who_decide_at_once_only_the_one_who_claimed_it_is_recorded(
    books: Registry, desk: Desk, tasks: TaskBook
) -> None:
    first, second = books.town.staff[OTHER_UNIT][:2]
    for seat in await released_here(books, 5):
        await claim(tasks, await task_about(books, tasks, seat), first)
        deciding = [desk.record(release_by(books, seat, who), seat.placement_id) for who in (second, first)]
        answers = await asyncio.gather(*deciding, return_exceptions=True)
        assert isinstance(answers[0], ClaimedByAnother)
        assert isinstance(answers[1], Command)
    assert await books.value("SELECT array_agg(DISTINCT actor_id) FROM commands") == [first]


async def race(books: Registry, desk: Desk, tasks: TaskBook, rounds: int) -> list[tuple[bool, bool]]:
    """A claims while B decides, and then A decides: (A has the claim, B's decision is recorded), a round."""
    seats = await released_here(books, rounds)
    first, second = books.town.staff[OTHER_UNIT][:2]

    async def claims(task: Task) -> bool:
        return await claim(tasks, task, first) is None

    async def decides(seat: Seat) -> bool:
        with suppress(ClaimedByAnother):
            await desk.record(release_by(books, seat, second), seat.placement_id)
            return True
        return False

    async def one(seat: Seat) -> tuple[bool, bool]:
        task = await task_about(books, tasks, seat)
        has, recorded = await asyncio.gather(claims(task), decides(seat))
        return has, recorded

    return [await one(seat) for seat in seats]


async def test_of_a_claim_and_anothers_decision_that_race_exactly_one_stands(
    books: Registry, desk: Desk, tasks: TaskBook
) -> None:
    outcomes: list[tuple[bool, bool]] = []
    for _ in range(6):
        outcomes += await race(books, desk, tasks, 5)
        await books.execute("UPDATE placements SET held = false")
    assert len(outcomes) == 30
    assert {has != recorded for has, recorded in outcomes} == {True}, outcomes


async def test_without_the_lock_both_would_stand(
    books: Registry, desk: Desk, tasks: TaskBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The guard, dropped: a decision that looks before the claim is committed, and is committed after it."""
    looked, claimed = asyncio.Event(), asyncio.Event()

    async def unlocked(connection: Any, **asked: Any) -> Any:
        rows = await connection.fetch("SELECT claimed_by FROM tasks WHERE case_id = $1", asked["case_id"])
        looked.set()
        await claimed.wait()
        return rows

    monkeypatch.setattr(queries, "claims_in_the_way", unlocked)
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    first, second = books.town.staff[OTHER_UNIT][:2]
    deciding = asyncio.create_task(desk.record(release_by(books, seat, second), "k"))
    await looked.wait()
    assert await claim(tasks, task, first) is None
    claimed.set()
    await deciding
    assert await books.value("SELECT count(*) FROM commands") == 1


async def test_with_the_lock_the_claim_waits_for_the_decision_that_looked_first(
    books: Registry, desk: Desk, tasks: TaskBook, monkeypatch: pytest.MonkeyPatch
) -> None:
    looked, go_on = asyncio.Event(), asyncio.Event()
    locking = queries.claims_in_the_way

    async def slowly(connection: Any, **asked: Any) -> Any:
        rows = await locking(connection, **asked)
        looked.set()
        await go_on.wait()
        return rows

    monkeypatch.setattr(queries, "claims_in_the_way", slowly)
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    first, second = books.town.staff[OTHER_UNIT][:2]
    deciding = asyncio.create_task(desk.record(release_by(books, seat, second), "k"))
    await looked.wait()
    claiming = asyncio.create_task(claim(tasks, task, first))
    done, _ = await asyncio.wait({claiming}, timeout=0.3)
    assert not done, "the claim did not wait"
    go_on.set()
    await deciding
    assert await claiming == "being_decided"


async def test_of_many_who_claim_one_task_one_gets_it(books: Registry, tasks: TaskBook) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    answers = await asyncio.gather(*(claim(tasks, task, who) for who in books.town.staff[OTHER_UNIT]))
    assert answers.count(None) == 1
    assert set(answers) == {None, "claimed_by_another"}
    assert await books.value("SELECT count(*) FROM events WHERE type = 'TaskClaimed'") == 1


async def test_only_what_is_asked_of_an_office_can_be_claimed_whoever_writes(books: Registry) -> None:
    await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
    with pytest.raises(asyncpg.CheckViolationError, match="only_offices_claim"):
        await books.execute("UPDATE tasks SET claimed_by = assignee_id, claimed_at = now()")


async def test_a_task_that_stands_is_renewed_and_keeps_its_claim(books: Registry, tasks: TaskBook) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    who = books.town.staff[OTHER_UNIT][0]
    await claim(tasks, task, who)
    await books.execute("UPDATE placements SET escalation = 2")
    duty = Duty(TaskKind.DECIDE_RELEASE, NOW + 3 * DAY, capacity=Capacity.UNIT_HEAD, unit_id=UNIT)
    async with books.database.writing() as connection:
        await open_tasks(connection, books.town.government_id, [(task.case_id, duty)], NOW + DAY)
    row = await tasks.find(task.task_id)
    assert (row["due_at"], row["escalation"], row["claimed_by"], row["closed_at"]) == (
        NOW + 3 * DAY,
        2,
        who,
        None,
    )
    assert await books.value("SELECT count(*) FROM tasks WHERE kind = 'DECIDE_RELEASE'") == 1


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────


async def every(tasks: TaskBook, who: Actor, wanted: TasksWanted) -> list[dict[str, Any]]:
    """All pages."""
    found: list[dict[str, Any]] = []
    while rows := await tasks.page(who, wanted, NOW):
        found += rows
        last = rows[-1]
        due = last["due_at"].isoformat() if last["due_at"] else "infinity"
        wanted = replace(wanted, after=(due, last["task_id"]))
    return found


def actor(books: Registry, person: str, *offices: tuple[Capacity, str | None]) -> Actor:
    return Actor(person, books.town.government_id, tuple(Appointment(*office) for office in offices))


async def many(books: Registry) -> str:
    """Tasks of many kinds, due at different and at the same instants, and at none; return who is asked by name."""
    here = await released_here(books, 3)
    surge_id = await books.surge(3)
    there = await books.hold(surge_id, crew(books.town, OTHER_UNIT, 3))
    await books.walk(there[0], Trigger.ACCEPT)
    async with books.database.writing() as connection:
        for n, (kind, office) in enumerate(
            (
                (TaskKind.CONFIRM_PLAN, Capacity.COORDINATOR),
                (TaskKind.SIGN_ORDER, Capacity.SIGNATORY),
                (TaskKind.EXTEND_OR_END, Capacity.SEKDA),
            )
        ):
            duty = Duty(kind, NOW + DAY if n else None, capacity=office)
            await open_tasks(connection, books.town.government_id, [(cases.surge(surge_id), duty)], NOW)
        duty = Duty(TaskKind.CHECK_IN, NOW - MINUTE, capacity=Capacity.COMMAND_POST)
        case = cases.secondment(here[0].placement_id)
        await open_tasks(connection, books.town.government_id, [(case, duty)], NOW)
    return there[1].person_id


@pytest.mark.parametrize("size", [1, 2, 3, 100])
async def test_pages_of_any_size_show_every_task_once_the_most_urgent_first(
    books: Registry, tasks: TaskBook, size: int
) -> None:
    await many(books)
    who = actor(books, books.town.officers[Capacity.AUDITOR], (Capacity.AUDITOR, None))
    seen = await every(tasks, who, TasksWanted(mine=False, most=size))
    wanted = await books.value(
        "SELECT array_agg(task_id ORDER BY due_at NULLS LAST, task_id) FROM tasks WHERE closed_at IS NULL"
    )
    assert [row["task_id"] for row in seen] == wanted
    assert len(wanted) == 10


async def test_filters_show_what_is_asked_of_one_of_a_kind_and_overdue(
    books: Registry, tasks: TaskBook
) -> None:
    await many(books)
    post = actor(books, "00000000-0000-4000-8000-000000000000", (Capacity.COMMAND_POST, None))
    mine = await tasks.page(post, TasksWanted(), NOW)
    assert [row["kind"] for row in mine] == ["CHECK_IN"]
    everything = await tasks.page(post, TasksWanted(mine=False), NOW)
    assert len(everything) == 10
    late = await tasks.page(post, TasksWanted(mine=False, overdue=True), NOW)
    assert [row["task_id"] for row in late] == [mine[0]["task_id"]]
    kind = await tasks.page(post, TasksWanted(mine=False, kind=TaskKind.DECIDE_RELEASE), NOW)
    assert {row["kind"] for row in kind} == {"DECIDE_RELEASE"}
    whole = mine[0]["task_id"]
    for part in (whole[:34], whole[-8:], whole[-8:].upper(), whole):
        found = await tasks.page(post, TasksWanted(mine=False, id_part=part), NOW)
        assert whole in [row["task_id"] for row in found]
    assert await tasks.page(post, TasksWanted(mine=False, id_part="%"), NOW) == []


async def test_a_page_shows_exactly_what_the_rules_of_sight_let_each_see(
    books: Registry, tasks: TaskBook
) -> None:
    asked = await many(books)
    everybody = [
        actor(books, books.town.staff[UNIT][0]),
        actor(books, asked),
        actor(books, books.town.staff[UNIT][7]),
        actor(books, books.town.heads[UNIT], (Capacity.UNIT_HEAD, UNIT)),
        actor(books, books.town.heads[OTHER_UNIT], (Capacity.UNIT_HEAD, OTHER_UNIT)),
        *(
            actor(books, books.town.officers[Capacity.SEKDA], (office, None))
            for office in Capacity
            if office not in (Capacity.UNIT_HEAD, Capacity.SUBJECT, Capacity.SYSTEM)
        ),
    ]
    ids = await books.value("SELECT array_agg(task_id) FROM tasks WHERE closed_at IS NULL")
    rows = [await tasks.find(task_id) for task_id in ids]
    told = ("assignee_id", "capacity", "unit_id", "home_unit_id")
    sizes = set()
    for who in everybody:
        wanted = {row["task_id"] for row in rows if sees_task(who, **{name: row[name] for name in told})}
        seen = {row["task_id"] for row in await every(tasks, who, TasksWanted(mine=False, most=4))}
        assert seen == wanted, who
        sizes.add(len(seen))
    assert {0, 1, 10} <= sizes
    stranger = Actor(everybody[-1].person_id, "kota-lain", everybody[-1].appointments)
    assert await tasks.page(stranger, TasksWanted(mine=False), NOW) == []


# ── comments and evidence ─────────────────────────────────────────────────────────────────────────────────────────


def file(content: bytes = b"%PDF-1.7 laporan", salt: str = "salt") -> File:
    return File(str(uuid.uuid4()), "laporan Ani.pdf", Media.PDF, salt, content)


async def attach(tasks: TaskBook, task: Task, who: str, what: File) -> str | None:
    return await tasks.attach(
        task, what, fact(task, "EvidenceAttached", who, evidence_id=what.evidence_id, sha256=what.sha256)
    )


async def test_evidence_is_kept_and_when_it_is_erased_only_its_hash_stays(
    books: Registry, tasks: TaskBook
) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    head, sekda = books.town.heads[UNIT], books.town.officers[Capacity.SEKDA]
    kept = file()
    assert await attach(tasks, task, head, kept) is None
    assert await tasks.file(task.task_id, kept.evidence_id) == (kept.name, "application/pdf", kept.content)
    assert await tasks.file(str(uuid.uuid4()), kept.evidence_id) is None, "found under another task"
    gone = fact(task, "EvidenceErased", sekda, evidence_id=kept.evidence_id)
    assert await tasks.erase(task, kept.evidence_id, "WRONG_FILE", gone)
    assert not await tasks.erase(task, kept.evidence_id, "WRONG_FILE", gone)
    assert await tasks.file(task.task_id, kept.evidence_id) is None
    (row,) = await tasks.evidence(task.task_id)
    assert (row["name"], row["salt"], row["erased_for"], row["sha256"]) == (
        None,
        None,
        "WRONG_FILE",
        kept.sha256,
    )
    assert await books.value("SELECT file IS NULL FROM task_evidence")
    logged = await books.value("SELECT data ->> 'sha256' FROM events WHERE type = 'EvidenceAttached'")
    assert logged == salted_sha256("salt", kept.content)
    assert (
        await books.value("SELECT string_agg(data::text, '') FROM events WHERE data::text LIKE '%Ani%'")
        is None
    )


async def test_nobody_erases_their_own_evidence_whoever_writes(books: Registry, tasks: TaskBook) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    head, kept = books.town.heads[UNIT], file()
    await attach(tasks, task, head, kept)
    with pytest.raises(asyncpg.CheckViolationError):
        await tasks.erase(task, kept.evidence_id, "WRONG_FILE", fact(task, "EvidenceErased", head))


async def test_a_file_sent_again_is_kept_once_and_another_under_its_key_is_refused(
    books: Registry, tasks: TaskBook
) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    head, kept = books.town.heads[UNIT], file()
    assert await attach(tasks, task, head, kept) is None
    assert await attach(tasks, task, head, replace(kept, salt="another")) is None
    with pytest.raises(KeyReused):
        await attach(tasks, task, head, replace(kept, content=b"%PDF-1.7 other"))
    assert await books.value("SELECT count(*) FROM events WHERE type = 'EvidenceAttached'") == 1


async def test_a_task_takes_so_many_files_and_no_more_however_many_come_at_once(
    books: Registry, tasks: TaskBook
) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    head = books.town.heads[UNIT]
    answers = await asyncio.gather(*(attach(tasks, task, head, file()) for _ in range(MOST_EVIDENCE + 5)))
    assert (answers.count(None), answers.count("task_full")) == (MOST_EVIDENCE, 5)


async def test_comments_are_kept_in_order_once_and_out_of_the_log(books: Registry, tasks: TaskBook) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    head = books.town.heads[UNIT]
    first = str(uuid.uuid4())

    async def say(comment_id: str, text: str) -> str | None:
        return await tasks.comment(
            task, comment_id, text, fact(task, "TaskCommented", head, comment_id=comment_id)
        )

    assert await say(first, "menunggu Ani") is None
    assert await say(first, "menunggu Ani") is None
    with pytest.raises(KeyReused):
        await say(first, "lain")
    (row,) = await tasks.comments(task.task_id)
    assert (row["author_id"], row["text"], row["written_at"]) == (head, "menunggu Ani", NOW)
    assert await books.value("SELECT count(*) FROM events WHERE data::text LIKE '%Ani%'") == 0
    for _ in range(MOST_COMMENTS - 1):
        assert await say(str(uuid.uuid4()), "lagi") is None
    assert await say(str(uuid.uuid4()), "lagi") == "task_full"


async def test_nothing_is_written_to_a_closed_task(books: Registry, tasks: TaskBook) -> None:
    (seat,) = await released_here(books)
    task = await task_about(books, tasks, seat)
    head = books.town.heads[UNIT]
    await books.walk(seat, Trigger.RELEASE)
    assert await claim(tasks, task, head) == "task_closed"
    assert await attach(tasks, task, head, file()) == "task_closed"
    said = await tasks.comment(task, str(uuid.uuid4()), "x", fact(task, "TaskCommented", head))
    assert said == "task_closed"
