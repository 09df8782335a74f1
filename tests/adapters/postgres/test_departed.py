"""Whoever has died, or serves no more, decides nothing, and nobody decides for them: whoever writes."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import datetime

import pytest

from adapters.postgres.authors import actor
from adapters.postgres.database import queries
from adapters.postgres.mandates import MandateBook
from adapters.postgres.roster import RosterBook
from domain.authority import Capacity, Tenure
from domain.log import Attribution, Fact
from domain.mandates import Mandate
from domain.moves import Seat
from domain.roster import PeopleColumns
from domain.secondment import Trigger
from tests.adapters.postgres.kit import DAY, NOW, PACK, Registry, registry
from tests.adapters.postgres.test_posts import APPOINT, UNIT

LATER = NOW + DAY / 2
BY = Attribution("system:test", "SYSTEM", "test")


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database) as opened:
        yield opened


async def let(books: Registry, tenure: Tenure, who: str, whom: str | None, by: str) -> Mandate:
    """One lets another act for somebody, for a week."""
    capacity, unit = (Capacity.SEKDA, None) if tenure == Tenure.SUBSTITUTE else (Capacity.UNIT_HEAD, UNIT)
    mandate = Mandate(
        str(uuid.uuid4()),
        books.town.government_id,
        tenure,
        who,
        whom,
        capacity,
        unit,
        NOW,
        NOW + 7 * DAY,
        by,
        "1",
    )
    fact = Fact("MandateWritten", f"mandate:{mandate.mandate_id}", NOW, BY, None, {})
    await MandateBook(books.database).write(mandate, fact)
    return mandate


async def offices(books: Registry, person: str, at: datetime) -> set[str]:
    async with books.database.reading() as connection:
        who = await actor(connection, person, books.town.government_id, at)
    return {one.capacity.value for one in who.appointments}


async def in_office(books: Registry, command_id: str) -> bool:
    async with books.database.reading() as connection:
        return await queries.decision_in_office(connection, command_id=command_id) is not None


async def approves(books: Registry, mandate: Mandate, at: datetime) -> str:
    """A decision by a mandate, written straight into the table."""
    command_id, surge_id = str(uuid.uuid4()), await books.surge(1)
    await books.execute(
        "INSERT INTO commands (command_id, government_id, case_id, kind, actor_id, on_behalf_of, capacity, tenure,"
        " mandate_id, decided_at, idempotency_key, request_sha256)"
        " VALUES ($1::uuid, 'kota-kecil', $2, 'APPROVE_SURGE', $3, $4, $5, $6, $7, $8, $1::uuid::text, '')",
        command_id,
        f"surge:{surge_id}",
        mandate.substitute_id,
        mandate.principal_id,
        mandate.capacity.value,
        mandate.tenure.value,
        mandate.mandate_id,
        at,
    )
    return command_id


async def dies(books: Registry, seat: Seat) -> None:
    await books.walk(seat, Trigger.REPORT_DEATH, at=LATER)


async def test_who_acts_and_dies_acts_no_more_and_the_head_s_case_asks_for_another(books: Registry) -> None:
    head, acting, other = books.town.staff[UNIT][:3]
    sekda = books.town.officers[Capacity.SEKDA]
    await books.execute(APPOINT, head, "UNIT_HEAD", UNIT)
    (seat,) = await books.hold(await books.surge(1), [(UNIT, acting)])
    plh = await let(books, Tenure.PLH, acting, head, sekda)
    deputy = await let(books, Tenure.SUBSTITUTE, acting, sekda, sekda)
    (away,) = await books.hold(await books.surge(1), [(UNIT, head)])
    in_time, too_late = await approves(books, deputy, NOW), await approves(books, deputy, LATER)
    assert await offices(books, acting, NOW) == {"UNIT_HEAD", "SEKDA"}
    assert await in_office(books, too_late)

    await dies(books, seat)
    assert await offices(books, acting, LATER) == set()
    assert await offices(books, acting, NOW) == {"UNIT_HEAD", "SEKDA"}, "what was decided before, stands"
    assert (await in_office(books, in_time), await in_office(books, too_late)) == (True, False)
    ended = "SELECT count(*) FROM mandates WHERE revoked_at = $1 AND ended_for = $2"
    assert await books.value(ended, LATER, f"secondment:{seat.placement_id}") == 2
    told = "SELECT count(*) FROM events WHERE type = 'MandateRevoked' AND case_id = ANY ($1::text[])"
    assert await books.value(told, [f"mandate:{one.mandate_id}" for one in (plh, deputy)]) == 2
    lost = "SELECT count(*) FROM commands WHERE kind = 'LOSE_ACTING_HEAD' AND case_id = $1"
    assert await books.value(lost, f"secondment:{away.placement_id}") == 1
    await let(books, Tenure.PLH, other, head, sekda)
    assert await offices(books, other, LATER) == {"UNIT_HEAD"}


async def test_nobody_acts_for_the_dead_and_their_post_is_vacant(books: Registry) -> None:
    head, acting, other = books.town.staff[UNIT][:3]
    sekda = books.town.officers[Capacity.SEKDA]
    # The town's own head of the unit would hold the post still.
    await books.execute("DELETE FROM appointments WHERE unit_id = $1", UNIT)
    await books.execute(APPOINT, head, "UNIT_HEAD", UNIT)
    (seat,) = await books.hold(await books.surge(1), [(UNIT, head)])
    plh = await let(books, Tenure.PLH, acting, head, sekda)
    plt = Mandate(
        str(uuid.uuid4()),
        "kota-kecil",
        Tenure.PLT,
        other,
        None,
        Capacity.UNIT_HEAD,
        UNIT,
        LATER,
        LATER + DAY,
        sekda,
        "2",
    )
    book = MandateBook(books.database)
    assert await book.holders(plt, LATER) == {head}
    await dies(books, seat)
    assert await offices(books, acting, LATER) == set()
    assert (await offices(books, head, LATER), await offices(books, head, NOW)) == (set(), {"UNIT_HEAD"})
    assert await book.holders(plt, LATER) == frozenset()
    await book.write(plt, Fact("MandateWritten", f"mandate:{plt.mandate_id}", LATER, BY, None, {}))
    assert await books.value("SELECT revoked_at FROM mandates WHERE mandate_id = $1", plh.mandate_id) == LATER


@pytest.mark.parametrize("gone", ["active = false", "left_at = '2026-11-22 01:00:00+00'"])
async def test_whoever_serves_no_more_acts_for_nobody(books: Registry, gone: str) -> None:
    head, acting = books.town.staff[UNIT][:2]
    sekda = books.town.officers[Capacity.SEKDA]
    await books.execute(APPOINT, head, "UNIT_HEAD", UNIT)
    deputy = await let(books, Tenure.SUBSTITUTE, acting, sekda, sekda)
    await let(books, Tenure.PLH, acting, head, sekda)
    approved = await approves(books, deputy, LATER)
    spans = "SELECT isempty(acting_spans($1, $2))"
    assert (await offices(books, acting, LATER), await in_office(books, approved)) == (
        {"SEKDA", "UNIT_HEAD"},
        True,
    )
    assert not await books.value(spans, head, UNIT)
    await books.execute(f"UPDATE people SET {gone} WHERE person_id = $1", acting)
    assert (await offices(books, acting, LATER), await in_office(books, approved)) == (set(), False)
    assert await books.value(spans, head, UNIT)


async def drops(books: Registry, person: str) -> None:
    """A roster comes that does not name somebody any more."""
    roster, people = books.town.roster, PeopleColumns()
    for row in roster.people.rows():
        if str(row[0]) != person:
            for column, cell in zip(people.columns(), row, strict=True):
                column.append(cell)
    skills = tuple(skill for skill in roster.skills if skill.nip in people.nip)
    imported = Fact("RosterImported", "roster:kota-kecil", LATER, BY)
    await RosterBook(books.database).write(replace(roster, people=people, skills=skills), PACK, imported)


async def test_whom_a_roster_names_no_more_acts_no_more_and_the_head_s_case_asks_for_another(
    books: Registry,
) -> None:
    head, other, acting = (books.town.staff[UNIT][n] for n in (0, 1, -1))
    sekda = books.town.officers[Capacity.SEKDA]
    await books.execute(APPOINT, head, "UNIT_HEAD", UNIT)
    plh = await let(books, Tenure.PLH, acting, head, sekda)
    deputy = await let(books, Tenure.SUBSTITUTE, acting, sekda, sekda)
    (away,) = await books.hold(await books.surge(1), [(UNIT, head)])
    # Somebody else's mandate is none of the roster's business.
    kept = await let(books, Tenure.SUBSTITUTE, other, sekda, sekda)

    await drops(books, acting)
    ended = "SELECT array_agg(mandate_id ORDER BY mandate_id) FROM mandates WHERE revoked_at = $1 AND ended_for = $2"
    dropped = sorted(one.mandate_id for one in (plh, deputy))
    assert await books.value(ended, LATER, "roster:kota-kecil") == dropped
    assert await books.value("SELECT revoked_at FROM mandates WHERE mandate_id = $1", kept.mandate_id) is None
    told = "SELECT count(*) FROM events WHERE type = 'MandateRevoked' AND case_id = ANY ($1::text[]) AND actor = $2"
    assert await books.value(told, [f"mandate:{one.mandate_id}" for one in (plh, deputy)], BY.actor) == 2
    lost = "SELECT count(*) FROM commands WHERE kind = 'LOSE_ACTING_HEAD' AND case_id = $1"
    assert await books.value(lost, f"secondment:{away.placement_id}") == 1
    imported = "SELECT data ->> 'dropped' FROM events WHERE type = 'RosterImported' AND case_id = 'roster:kota-kecil'"
    assert await books.value(imported) == "1"
    await RosterBook(books.database).write(books.town.roster, PACK)
    assert await offices(books, acting, LATER) == set(), "named again, they serve again, and by no mandate"


async def test_a_head_whom_a_roster_names_no_more_heads_nothing_and_nobody_is_asked_to_act(
    books: Registry,
) -> None:
    head, acting = books.town.staff[UNIT][-1], books.town.staff[UNIT][0]
    sekda = books.town.officers[Capacity.SEKDA]
    await books.execute("DELETE FROM appointments WHERE unit_id = $1", UNIT)
    await books.execute(APPOINT, head, "UNIT_HEAD", UNIT)
    plh = await let(books, Tenure.PLH, acting, head, sekda)
    (away,) = await books.hold(await books.surge(1), [(UNIT, head)])
    await drops(books, head)
    assert await books.value("SELECT revoked_at FROM mandates WHERE mandate_id = $1", plh.mandate_id) == LATER
    told = "SELECT count(*) FROM commands WHERE case_id = $1"
    assert await books.value(told, f"secondment:{away.placement_id}") == 0
