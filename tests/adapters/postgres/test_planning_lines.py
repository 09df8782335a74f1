"""Questions from the books: each field of a line, several incidents over one pool, lines that change, people kept."""

import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from adapters.postgres.database import queries
from adapters.postgres.desk import Desk
from domain import cases
from domain.allocation import CannotPlan
from domain.authority import Capacity
from domain.commands import Command, CommandKind
from domain.lines import EVENT_OF, LineChange
from domain.log import Attribution, Fact
from domain.moves import SurgeMove
from domain.plans import Plan
from domain.requests import LineRequest, Mode, Substitute
from domain.surge import Life, State
from domain.what_if import LinesTried
from lab.small_town import SITE, Donor
from planning import faults_of, plan
from tests.adapters.postgres.kit import DAY, NOW, RULES, Registry, registry
from tests.undecided import put_down

LINE = LineRequest("health_post_nurse", 2, 1, "Pos 1", *SITE, NOW + DAY, NOW + 8 * DAY)


async def surge_of(books: Registry, *lines: LineRequest) -> str:
    """A staffed surge with these lines."""
    surge_id = await books.surge(1)
    async with books.database.writing() as connection:
        await connection.execute("DELETE FROM request_lines WHERE surge_id = $1", surge_id)
        told = [line.told() | {"line_id": f"{surge_id}/{n:02}"} for n, line in enumerate(lines, 1)]
        await queries.draft_lines(connection, surge_id=surge_id, lines=told)
    return surge_id


async def solved(books: Registry, surge_id: str) -> Plan:
    return plan(await books.surges.problem(surge_id, NOW))


async def hold_plan(books: Registry, surge_id: str, answer: Plan) -> int:
    """Keep a plan and hold all that it picks for the surge; how many the guards let through."""
    plan_id = str(uuid.uuid4())
    await books.surges.keep_plan(surge_id, plan_id, answer, NOW)
    await books.execute("UPDATE surges SET plan_id = $2 WHERE surge_id = $1", surge_id, plan_id)
    held, _refused, _more = await books.surges.hold(surge_id, plan_id, offset=0, limit=1000, at=NOW)
    return len(held)


# ── the fields of a line ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_substitute_is_taken_for_its_penalty_when_the_plain_way_runs_out(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 6, 5)) as books:
        staff = books.town.staff["kota-kecil.PKM-1"]
        for person in staff[1:4]:
            await books.execute("DELETE FROM person_skills WHERE person_id = $1", person)
            await books.execute("INSERT INTO person_skills VALUES ($1, 'midwifery_str', 2)", person)
        for person in staff[4:]:
            await books.execute("DELETE FROM person_skills WHERE person_id = $1", person)
        midwives = (Substitute(30, skill="midwifery_str", level=2), Substitute(90, home_role="nurse"))
        surge_id = await surge_of(books, replace(LINE, quantity=5, substitutes=midwives))
        answer = await solved(books, surge_id)
        ways = Counter((pick.accepted_as, pick.cost.substitute) for pick in answer.picks)
        assert ways == {("", 0): 1, ("midwifery_str", 30): 3, ("nurse", 90): 1}
        assert answer.certificate.proven


async def test_a_level_that_is_not_reached_or_has_expired_does_not_serve(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 3, 3)) as books:
        first, second, third = books.town.staff["kota-kecil.PKM-1"]
        await books.execute("DELETE FROM person_skills")
        await books.execute("INSERT INTO person_skills VALUES ($1, 'boat', 1)", first)
        await books.execute("INSERT INTO person_skills VALUES ($1, 'boat', 3)", second)
        await books.execute("INSERT INTO person_skills VALUES ($1, 'boat', 3, '2026-11-25')", third)
        surge_id = await surge_of(books, replace(LINE, substitutes=(Substitute(1, skill="boat", level=2),)))
        assert [pick.person_id for pick in (await solved(books, surge_id)).picks] == [second]


async def test_a_certificate_must_last_as_long_as_the_line_that_it_serves_and_no_longer(
    fresh_database: str,
) -> None:
    async with registry(fresh_database, Donor("PKM-1", 4, 4)) as books:
        staff = books.town.staff["kota-kecil.PKM-1"]
        await books.execute(
            "UPDATE person_skills SET expires_on = '2026-12-01' WHERE person_id <> $1", staff[0]
        )
        long = replace(LINE, quantity=2, due_back=NOW + 20 * DAY)
        surge_id = await surge_of(books, replace(LINE, quantity=2), long)
        picked = (await solved(books, surge_id)).picks
        by_line = {
            line: {pick.person_id for pick in picked if pick.line_id == line}
            for line in (f"{surge_id}/01", f"{surge_id}/02")
        }
        assert by_line[f"{surge_id}/02"] == {staff[0]}
        assert len(by_line[f"{surge_id}/01"]) == 2
        # The last day of the line is still covered, in the government's own calendar.
        await books.execute(
            "UPDATE person_skills SET expires_on = '2026-11-29' WHERE person_id <> $1", staff[0]
        )
        assert len((await solved(books, surge_id)).picks) == 1


async def test_nobody_is_sent_beyond_the_end_of_their_service(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 3, 3)) as books:
        first, second, third = books.town.staff["kota-kecil.PKM-1"]
        for person, day in ((first, "2026-11-25"), (second, "2026-12-01"), (third, "2026-12-15")):
            await books.execute(
                "UPDATE people SET leaves_on = $2::text::date WHERE person_id = $1", person, day
            )
        surge_id = await surge_of(books, replace(LINE, quantity=3))
        assert {pick.person_id for pick in (await solved(books, surge_id)).picks} == {second, third}


@pytest.mark.parametrize("told", ["died_at", "left_at"])
async def test_nobody_is_asked_who_has_died_or_retired_as_any_case_has_told(
    fresh_database: str, told: str
) -> None:
    async with registry(fresh_database, Donor("PKM-1", 3, 3)) as books:
        gone, *others = books.town.staff["kota-kecil.PKM-1"]
        surge_id = await surge_of(books, replace(LINE, quantity=3))
        before = await solved(books, surge_id)
        assert {pick.person_id for pick in before.picks} == {gone, *others}
        await books.execute(f"UPDATE people SET {told} = $2 WHERE person_id = $1", gone, NOW)
        assert {pick.person_id for pick in (await solved(books, surge_id)).picks} == set(others)
        plan_id = str(uuid.uuid4())
        await books.surges.keep_plan(surge_id, plan_id, before, NOW)
        assert await books.surges.unfit(surge_id, plan_id, NOW) == "people_gone_meanwhile"
        assert await hold_plan(books, surge_id, before) == 2


async def test_nobody_is_taken_from_beyond_the_lines_own_limit(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        far = replace(LINE, lat=SITE[0] + 1.0, max_km=50)
        surge_id = await surge_of(books, far, replace(far, max_km=None))
        answer = await solved(books, surge_id)
        assert {pick.line_id for pick in answer.picks} == {f"{surge_id}/02"}
        assert answer.shortfalls[0].reason == "TOO_FAR"


async def test_whoever_is_held_for_a_directed_line_is_marked_so(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        surge_id = await surge_of(books, replace(LINE, mode=Mode.DIRECTED), replace(LINE, quantity=1))
        assert await hold_plan(books, surge_id, await solved(books, surge_id)) == 3
        count = "SELECT count(*) FILTER (WHERE directed) FROM placements WHERE line_id = $1"
        assert await books.value(count, f"{surge_id}/01") == 2
        assert await books.value(count, f"{surge_id}/02") == 0


async def test_a_team_of_the_books_goes_whole_or_not_at_all(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 4, 3)) as books:
        team = replace(LINE, team="regu 1")
        surge_id = await surge_of(
            books, team, replace(team, quantity=2), replace(LINE, quantity=1, priority=5)
        )
        answer = await solved(books, surge_id)
        assert Counter(pick.line_id for pick in answer.picks) == {f"{surge_id}/03": 1}
        assert [(one.team, one.goes) for one in answer.teams] == [("regu 1", False)]
        await books.execute("UPDATE request_lines SET quantity = 1 WHERE line_id = $1", f"{surge_id}/02")
        answer = await solved(books, surge_id)
        assert Counter(pick.line_id for pick in answer.picks) == {f"{surge_id}/01": 2, f"{surge_id}/02": 1}


async def test_more_kinds_of_skill_than_there_are_bits_are_refused_plainly(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        others = [Substitute(1, skill=f"skill_{n}") for n in range(63)]
        surge_id = await surge_of(books, replace(LINE, substitutes=tuple(others)))
        with pytest.raises(CannotPlan, match="64 skills and levels, expected 63 at most") as refused:
            await books.surges.problem(surge_id, NOW)
        assert refused.value.code == "too_many_skills"


# ── several incidents, one pool ───────────────────────────────────────────────────────────────────────────────────


async def incidents(books: Registry) -> list[str]:
    """Three incidents that ask for more than the two units may lend together."""
    flood = await surge_of(books, replace(LINE, quantity=4, priority=2))
    quake = await surge_of(
        books, replace(LINE, quantity=4, priority=1), replace(LINE, quantity=2, priority=5)
    )
    storm = await surge_of(books, replace(LINE, quantity=4, priority=4))
    return [flood, quake, storm]


async def test_incidents_are_solved_at_once_by_priority(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        flood, quake, storm = await incidents(books)
        answers = [await solved(books, surge_id) for surge_id in (flood, quake, storm)]
        for answer in answers:
            filled = Counter(pick.line_id for pick in answer.picks)
            assert filled == {f"{quake}/01": 4, f"{flood}/01": 4, f"{storm}/01": 2}
            assert len({pick.person_id for pick in answer.picks}) == len(answer.picks) == 10
            assert answer.certificate.proven
        # Each incident draws its own lots between equals; who is filled, and at what cost, is the same for all.
        assert len({(answer.urgency_left, answer.burden) for answer in answers}) == 1


async def test_the_plans_of_two_incidents_never_take_one_person_twice(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        surges = await incidents(books)
        held = 0
        for surge_id in surges:
            held += await hold_plan(books, surge_id, await solved(books, surge_id))
        twice = "SELECT count(*) - count(DISTINCT person_id) FROM placements WHERE held"
        assert (held, await books.value(twice)) == (10, 0)


async def test_plans_made_before_either_was_held_are_kept_apart_by_the_guards(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        surges = await incidents(books)
        plans = [await solved(books, surge_id) for surge_id in surges]
        held = [await hold_plan(books, *pair) for pair in zip(surges, plans, strict=True)]
        twice = "SELECT count(*) - count(DISTINCT person_id) FROM placements WHERE held"
        assert await books.value(twice) == 0
        assert sum(held) <= 10
        # What a guard refused is planned again, and found.
        for surge_id in surges:
            await hold_plan(books, surge_id, await solved(books, surge_id))
        assert await books.value("SELECT count(*) FROM placements WHERE held") == 10


async def test_a_units_redline_counts_over_all_incidents(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        for surge_id in await incidents(books):
            answer = await solved(books, surge_id)
            lends = Counter(pick.unit_id for pick in answer.picks)
            assert all(use.after >= use.redline for use in answer.unit_use)
            for unit, count in lends.items():
                assert count <= 5 - await books.lent(unit)
            await hold_plan(books, surge_id, answer)
        assert [await books.lent(f"kota-kecil.PKM-{n}") for n in (1, 2)] == [5, 5]
        late = await surge_of(books, replace(LINE, quantity=1, priority=1))
        answer = await solved(books, late)
        assert answer.picks == ()
        assert answer.shortfalls[0].reason == "DONORS_AT_REDLINE"


@pytest.mark.parametrize(
    "later", [timedelta(), 9 * DAY], ids=["at the same time", "with no time to rest between"]
)
async def test_a_team_that_a_guard_halves_is_not_held_at_all(fresh_database: str, later: timedelta) -> None:
    async with registry(fresh_database, Donor("PKM-1", 8, 5)) as books:
        team, other = replace(LINE, quantity=2, team="regu 1"), replace(LINE, quantity=1)
        surge_id = await surge_of(books, team, other, replace(team, quantity=1))
        answer = await solved(books, surge_id)
        assert len(answer.picks) == 4
        # Before they are held, one of the team is taken by another incident.
        taken = next(pick for pick in answer.picks if pick.line_id == f"{surge_id}/03")
        rival = await books.surge(1, report_at=NOW + DAY + later)
        assert len(await books.hold(rival, [(taken.unit_id, taken.person_id)])) == 1
        assert await hold_plan(books, surge_id, answer) == 1
        lines = "SELECT array_agg(line_id) FROM placements WHERE surge_id = $1"
        assert await books.value(lines, surge_id) == [f"{surge_id}/02"]
        assert await hold_plan(books, surge_id, await solved(books, surge_id)) == 3


async def test_no_stretch_of_a_plan_cuts_a_team(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 12, 9)) as books:
        team, other = replace(LINE, quantity=2, team="regu 1"), replace(LINE, quantity=2)
        surge_id = await surge_of(books, other, team, replace(team, quantity=2), replace(other, quantity=1))
        answer = await solved(books, surge_id)
        plan_id = str(uuid.uuid4())
        await books.surges.keep_plan(surge_id, plan_id, answer, NOW)
        taken = next(pick for pick in answer.picks if pick.line_id == f"{surge_id}/03")
        assert len(await books.hold(await books.surge(1), [(taken.unit_id, taken.person_id)])) == 1
        # Three who go alone, then four who go together: cut after five, two of these would go without the others.
        await books.execute("UPDATE surges SET plan_id = $2 WHERE surge_id = $1", surge_id, plan_id)
        first, refused, following = await books.surges.hold(surge_id, plan_id, offset=0, limit=5, at=NOW)
        assert (len(first), refused, following) == (3, 4, None)
        lines = "SELECT array_agg(line_id ORDER BY line_id) FROM placements WHERE surge_id = $1"
        assert await books.value(lines, surge_id) == [f"{surge_id}/{n}" for n in ("01", "01", "04")]


async def test_stretches_of_a_plan_follow_each_other_until_it_is_offered_whole(fresh_database: str) -> None:
    async with registry(fresh_database, Donor("PKM-1", 12, 9)) as books:
        team = replace(LINE, quantity=3, team="regu 1")
        surge_id = await surge_of(books, replace(LINE, quantity=1), team, replace(team, team="regu 2"))
        plan_id = str(uuid.uuid4())
        await books.surges.keep_plan(surge_id, plan_id, await solved(books, surge_id), NOW)
        at, ends = 0, []
        while at is not None:
            await books.execute("UPDATE surges SET plan_id = $2 WHERE surge_id = $1", surge_id, plan_id)
            _held, _refused, at = await books.surges.hold(surge_id, plan_id, offset=at, limit=2, at=NOW)
            ends.append(at)
        assert ends == [4, None]


# ── lines that change ─────────────────────────────────────────────────────────────────────────────────────────────


def command(books: Registry, surge_id: str, kind: CommandKind, **said: Any) -> Command:
    officer = {CommandKind.PLAN_SURGE: Capacity.COORDINATOR}.get(kind, Capacity.SEKDA)
    return Command(
        command_id=str(uuid.uuid4()),
        government_id=books.town.government_id,
        case_id=cases.surge(surge_id),
        kind=kind,
        actor_id=books.town.officers[officer],
        capacity=officer,
        decided_at=NOW,
        **said,
    )


async def changed(books: Registry, surge_id: str, decided: Command, line_id: str, quantity: int) -> None:
    """Write a change as the surge's case does."""
    revision = 1 + await books.value("SELECT revision FROM surges WHERE surge_id = $1", surge_id)
    by = Attribution(decided.actor_id, decided.authority, "test", decided.command_id)
    fact = Fact(EVENT_OF[decided.kind], decided.case_id, NOW, by, None, {"line_id": line_id})
    life = Life(State.SOURCING, revision, NOW)
    change = LineChange(decided.kind, line_id, quantity)
    async with books.database.writing() as connection:
        await put_down(connection, SurgeMove(surge_id, decided.government_id, life, fact, line=change))


async def test_an_added_line_asks_for_nobody_until_its_case_lets_it_in(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        surge_id, desk = await surge_of(books, LINE), Desk(books.database, fresh_database, RULES)
        more = replace(LINE, quantity=3, team="regu 1", substitutes=(Substitute(5, role="wash"),), max_km=70)
        first, second = (command(books, surge_id, CommandKind.ADD_LINE) for _ in range(2))
        assert await desk.add_line(first, "key", more) == first
        assert await desk.add_line(second, "key", more) == first
        await desk.add_line(second, "another key", more)
        facts = [await books.surges.line(surge_id, NOW, command_id=one.command_id) for one in (first, second)]
        assert [one and (one.line_id, one.quantity, one.taken) for one in facts] == [
            (f"{surge_id}/02", 3, 0),
            (f"{surge_id}/03", 3, 0),
        ]
        assert len((await books.surges.problem(surge_id, NOW)).lines) == 1
        await changed(books, surge_id, first, f"{surge_id}/02", 3)
        (line,) = [one for one in (await books.surges.problem(surge_id, NOW)).lines if one.team]
        assert (line.quantity, line.team, line.max_km, len(line.accepts)) == (3, "regu 1", 70, 2)
        assert (await books.surges.tally(surge_id, NOW)).asked == 5


async def test_a_raised_line_asks_for_more_and_a_closed_one_for_nobody(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        surge_id, desk = await surge_of(books, LINE), Desk(books.database, fresh_database, RULES)
        line_id = f"{surge_id}/01"
        await hold_plan(books, surge_id, await solved(books, surge_id))
        for kind, quantity, asked, empty in (
            (CommandKind.RAISE_LINE, 6, 6, 4),
            (CommandKind.CUT_LINE, 3, 3, 1),
            (CommandKind.CLOSE_LINE, 2, 0, 0),
        ):
            decided = command(books, surge_id, kind)
            await desk.record(decided, decided.command_id)
            await changed(books, surge_id, decided, line_id, quantity)
            tally = await books.surges.tally(surge_id, NOW)
            assert (tally.asked, tally.empty, tally.open) == (asked, empty, 2)
        assert (await books.surges.problem(surge_id, NOW)).lines == ()
        facts = await books.surges.line(surge_id, NOW, line_id=line_id)
        assert facts
        assert (facts.closed, facts.quantity, facts.taken) == (True, 2, 2)


async def test_whom_a_plan_must_keep_lies_in_the_books_and_not_in_the_decision(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        surge_id, desk = await surge_of(books, LINE), Desk(books.database, fresh_database, RULES)
        people: Sequence[str] = sorted(books.town.staff["kota-kecil.PKM-1"][:2])
        keep = [(person, f"{surge_id}/01") for person in people]
        decided = command(books, surge_id, CommandKind.PLAN_SURGE)
        recorded = await desk.plan_surge(decided, "key", keep)
        assert recorded.details == {}
        assert await books.surges.keeps(decided.command_id) == tuple(keep)
        assert await books.surges.keeps(str(uuid.uuid4())) == ()


async def test_a_question_with_lines_that_nobody_asked_for_shows_the_filled_ones_too(
    fresh_database: str,
) -> None:
    async with registry(fresh_database) as books:
        surge_id = await surge_of(books, LINE)
        await hold_plan(books, surge_id, await solved(books, surge_id))
        assert (await books.surges.problem(surge_id, NOW)).lines == ()
        late = replace(LINE, report_at=NOW - DAY, due_back=NOW + timedelta(days=1))
        problem = await books.surges.problem(surge_id, NOW, LinesTried(added=((f"{surge_id}/new-1", late),)))
        assert [(line.line_id, line.quantity) for line in problem.lines] == [
            (f"{surge_id}/01", 0),
            (f"{surge_id}/new-1", 2),
        ]
        assert problem.lines[1].starts_at == int(NOW.timestamp())
        assert faults_of(problem, plan(problem)) == ()


async def test_what_a_line_would_ask_for_counts_who_has_a_place_as_the_plan_does(fresh_database: str) -> None:
    async with registry(fresh_database) as books:
        surge_id = await surge_of(books, LINE)
        line_id = f"{surge_id}/01"
        await hold_plan(books, surge_id, await solved(books, surge_id))

        async def open_places(at: datetime, asks: int | None = None) -> int:
            trying = LinesTried({} if asks is None else {line_id: asks})
            (line,) = (await books.surges.problem(surge_id, at, trying)).lines
            return line.quantity

        assert (await open_places(NOW), await open_places(NOW, asks=5), await open_places(NOW, asks=0)) == (
            0,
            3,
            0,
        )
        # Whoever left early and is home has no place any more, and nobody comes for what is as good as over.
        left = "UPDATE placements SET state = 'CLOSED', fills = false, held = false, leaving = 'RELEASED_EARLY', departed_at = $1, returned_at = $1"
        await books.execute(
            f"{left} WHERE person_id = (SELECT min(person_id::text)::uuid FROM placements)", NOW
        )
        assert (await open_places(NOW), await open_places(NOW, asks=5)) == (1, 4)
        assert await open_places(LINE.due_back - timedelta(hours=1), asks=5) == 0
