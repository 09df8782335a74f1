"""Duties that the database keeps apart, whoever writes: the domain has judged before, and may be wrong or too early."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import asyncpg
import pytest

from adapters.postgres.commands import CommandBook, DutiesApart
from adapters.postgres.desk import Desk
from adapters.postgres.mandates import MandateBook
from domain import cases
from domain.authority import Actor, Appointment, Capacity, Denied, Granted, Hat, Tenure, authority
from domain.commands import Command, CommandKind
from domain.duties import told
from domain.log import Attribution, Fact
from domain.mandates import ActingAlready, Mandate
from domain.secondment import Ask, Moved, Party, Trigger, decide
from domain.separation import SEPARATED
from lab.small_town import Donor
from tests.adapters.postgres.kit import CLOCK, NOW, RULES, Registry, crew, registry

UNIT = "kota-kecil.PKM-1"
DAY = timedelta(days=1)


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database, Donor("PKM-1", 6, 4)) as books:
        yield books


@pytest.fixture
def desk(books: Registry) -> Desk:
    return Desk(books.database, "", RULES)


def said(books: Registry, case_id: str, kind: CommandKind, actor: str, capacity: Capacity) -> Command:
    return Command(str(uuid.uuid4()), books.town.government_id, case_id, kind, actor, capacity, NOW)


async def mandate(
    books: Registry, deputy: str, holder: str, author: str, office: Capacity = Capacity.SEKDA
) -> str:
    """A mandate written as the book writes it."""
    mandate_id = str(uuid.uuid4())
    written = Mandate(
        mandate_id,
        books.town.government_id,
        Tenure.SUBSTITUTE,
        deputy,
        holder,
        office,
        None,
        NOW,
        NOW + DAY,
        author,
        "1",
    )
    by = Attribution(author, office.value, "2026-1#authority")
    await MandateBook(books.database).write(written, Fact("MandateWritten", f"mandate:{mandate_id}", NOW, by))
    return mandate_id


async def test_the_database_knows_the_same_separations_as_the_domain(books: Registry) -> None:
    async with books.database.reading() as connection:
        rows = await connection.fetch("SELECT kind, subject, proposer, verdict FROM separations")
    kept = {row["kind"]: (row["subject"], row["proposer"], row["verdict"]) for row in rows}
    assert kept == {kind: (a.subject, a.proposer, a.verdict) for kind, a in SEPARATED.items()}


async def test_nobody_approves_the_own_proposal_whatever_was_said_at_the_door(
    books: Registry, desk: Desk
) -> None:
    proposer = books.town.officers[Capacity.COORDINATOR]
    case = cases.surge(await books.surge(1))
    with pytest.raises(DutiesApart, match="own_proposal"):
        await desk.record(said(books, case, CommandKind.APPROVE_SURGE, proposer, Capacity.SEKDA), "k")
    assert await books.value("SELECT count(*) FROM commands") == 0


@pytest.mark.parametrize("kind", [CommandKind.ADD_LINE, CommandKind.RAISE_LINE, CommandKind.OVERRIDE_REDLINE])
async def test_nobody_lets_the_own_request_grow_or_takes_from_a_unit_for_it(
    books: Registry, desk: Desk, kind: CommandKind
) -> None:
    proposer, sekda = books.town.officers[Capacity.COORDINATOR], books.town.officers[Capacity.SEKDA]
    case = cases.surge(await books.surge(1))
    mandate_id = await mandate(books, proposer, sekda, sekda)
    stood_in = replace(
        said(books, case, kind, proposer, Capacity.SEKDA),
        tenure=Tenure.SUBSTITUTE, on_behalf_of=sekda, mandate_id=mandate_id,
    )  # fmt: skip
    with pytest.raises(DutiesApart, match="own_proposal"):
        await desk.record(stood_in, "as a substitute")
    await desk.record(said(books, case, kind, sekda, Capacity.SEKDA), "as the Sekda")


async def test_nobody_decides_in_the_own_case(books: Registry, desk: Desk) -> None:
    (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
    case = cases.secondment(seat.placement_id)
    with pytest.raises(DutiesApart, match="own_case"):
        await desk.record(said(books, case, CommandKind.RELEASE, seat.person_id, Capacity.UNIT_HEAD), "k")


async def test_nobody_raises_the_own_yearly_cap_in_a_case_of_many(books: Registry, desk: Desk) -> None:
    sekda, somebody = books.town.officers[Capacity.SEKDA], books.town.staff[UNIT][0]
    case = cases.surge(await books.surge(1))
    waiver = said(books, case, CommandKind.WAIVE_YEARLY_CAP, sekda, Capacity.SEKDA)
    with pytest.raises(DutiesApart, match="own_case"):
        await desk.record(replace(waiver, details={"person_id": sekda, "days": 5}), "own")
    other = replace(waiver, details={"person_id": somebody, "days": 5})
    await desk.record(other, "another's")
    book = CommandBook(books.database)
    taken = await book.take(other.command_id, other.case_id)
    assert taken is not None
    assert taken[1] is None
    assert [
        await book.take(one, case_id)
        for one, case_id in (
            (other.command_id, "surge:SU-another"),
            (str(uuid.uuid4()), other.case_id),
            ("of no shape at all", other.case_id),
        )
    ] == [None, None, None]


@pytest.mark.parametrize("who", ["actor", "holder", "author"])
async def test_no_substitution_leads_back_to_the_proposer(books: Registry, desk: Desk, who: str) -> None:
    proposer, sekda = books.town.officers[Capacity.COORDINATOR], books.town.officers[Capacity.SEKDA]
    deputy = books.town.staff[UNIT][0]
    case = cases.surge(await books.surge(1))
    actor = proposer if who == "actor" else deputy
    holder = proposer if who == "holder" else sekda
    author = proposer if who == "author" else sekda
    mandate_id = await mandate(books, actor, holder, author)
    command = replace(
        said(books, case, CommandKind.APPROVE_SURGE, actor, Capacity.SEKDA),
        tenure=Tenure.SUBSTITUTE, on_behalf_of=holder, mandate_id=mandate_id,
    )  # fmt: skip
    with pytest.raises(DutiesApart, match="own_proposal"):
        await desk.record(command, "k")


async def test_nobody_decides_twice_in_one_case_under_two_hats(books: Registry, desk: Desk) -> None:
    sekda, deputy = books.town.officers[Capacity.SEKDA], books.town.staff[UNIT][0]
    case = cases.surge(await books.surge(1))
    first = said(books, case, CommandKind.APPROVE_SURGE, sekda, Capacity.SEKDA)
    await desk.record(first, "first")
    await books.execute("UPDATE commands SET state = 'APPLIED'")
    for kind in (CommandKind.ADD_LINE, CommandKind.RAISE_LINE):
        with pytest.raises(DutiesApart, match="two_hats"):
            await desk.record(said(books, case, kind, sekda, Capacity.APPOINTING_AUTHORITY), kind)
    for n, (actor, behalf) in enumerate(((sekda, None), (deputy, sekda))):
        second = said(books, case, CommandKind.SIGN_ORDER, actor, Capacity.SIGNATORY)
        if behalf:
            mandate_id = await mandate(books, deputy, sekda, sekda, Capacity.SIGNATORY)
            second = replace(second, tenure=Tenure.SUBSTITUTE, on_behalf_of=behalf, mandate_id=mandate_id)
        with pytest.raises(DutiesApart, match="two_hats"):
            await desk.record(second, f"second-{n}")
    facts = await desk.facts(case)
    assert facts.hats == (Hat(sekda, Capacity.SEKDA),)
    await desk.record(said(books, case, CommandKind.OVERRIDE_REDLINE, sekda, Capacity.SEKDA), "same hat")


async def test_what_was_recorded_before_it_became_forbidden_is_not_applied(
    books: Registry, desk: Desk
) -> None:
    sekda = books.town.officers[Capacity.SEKDA]
    case = cases.surge(await books.surge(1))
    for kind, capacity in (
        (CommandKind.APPROVE_SURGE, Capacity.SEKDA),
        (CommandKind.SIGN_ORDER, Capacity.SIGNATORY),
    ):
        await desk.record(said(books, case, kind, sekda, capacity), kind)
    await books.execute("UPDATE commands SET state = 'APPLIED' WHERE kind = 'APPROVE_SURGE'")
    with pytest.raises(asyncpg.PostgresError, match="under two hats"):
        await books.execute("UPDATE commands SET state = 'APPLIED' WHERE kind = 'SIGN_ORDER'")
    with pytest.raises(asyncpg.PostgresError, match="own proposal"):
        await books.execute(
            "UPDATE commands SET actor_id = $1 WHERE kind = 'APPROVE_SURGE'",
            books.town.officers[Capacity.COORDINATOR],
        )


async def test_without_its_trigger_the_database_would_take_it(books: Registry, desk: Desk) -> None:
    await books.execute("DROP TRIGGER duties_apart ON commands")
    proposer = books.town.officers[Capacity.COORDINATOR]
    case = cases.surge(await books.surge(1))
    await desk.record(said(books, case, CommandKind.APPROVE_SURGE, proposer, Capacity.SEKDA), "k")
    assert await books.value("SELECT count(*) FROM commands") == 1


async def test_a_substitute_holds_the_office_only_while_the_mandate_stands(
    books: Registry, desk: Desk
) -> None:
    sekda, deputy = books.town.officers[Capacity.SEKDA], books.town.staff[UNIT][0]
    mandate_id = await mandate(books, deputy, sekda, sekda)

    async def held(at: timedelta) -> list[tuple[Capacity, str | None]]:
        actor = await desk.actor(deputy, books.town.government_id, NOW + at)
        return [(office.capacity, office.principal_id) for office in actor.appointments]

    assert await held(timedelta()) == await held(DAY - timedelta(seconds=1)) == [(Capacity.SEKDA, sekda)]
    assert await held(-timedelta(seconds=1)) == await held(DAY) == []
    await books.execute(
        "UPDATE mandates SET revoked_at = $1, revoked_by = $2", NOW + timedelta(hours=1), sekda
    )
    assert await held(timedelta(minutes=59)) == [(Capacity.SEKDA, sekda)]
    assert await held(timedelta(hours=1)) == []
    await books.execute("DELETE FROM appointments WHERE person_id = $1", sekda)
    assert await held(timedelta()) == [], f"the holder of mandate {mandate_id} holds the office no more"


async def test_an_office_has_one_acting_officer_at_a_time(books: Registry) -> None:
    sekda = books.town.officers[Capacity.SEKDA]
    book = MandateBook(books.database)
    for n, deputy in enumerate(books.town.staff[UNIT][:2]):
        acting = Mandate(
            str(uuid.uuid4()), books.town.government_id, Tenure.PLH, deputy, sekda, Capacity.SEKDA, None,
            NOW, NOW + DAY, sekda, "1",
        )  # fmt: skip
        fact = Fact("MandateWritten", f"mandate:{acting.mandate_id}", NOW, Attribution(sekda, "SEKDA", "b"))
        if n:
            with pytest.raises(ActingAlready):
                await book.write(acting, fact)
        else:
            await book.write(acting, fact)
    assert await books.value("SELECT count(*) FROM events") == 1


async def test_nobody_answers_the_own_proposal_for_another_side(books: Registry, desk: Desk) -> None:
    post = books.town.officers[Capacity.COMMAND_POST]
    (seat,) = await books.hold(await books.surge(1), crew(books.town, UNIT, 1))
    case, by = cases.secondment(seat.placement_id), Attribution(post, "COMMAND_POST", "b")
    out = (Trigger.ACCEPT, Trigger.RELEASE, Trigger.ORDER_ISSUED, Trigger.MOBILISE, Trigger.CHECK_IN)
    there = await books.walk(seat, *out)
    ask = Ask(until=there.due_back + DAY, party=Party.HOST, hands=(post,))
    proposed = decide(there, Trigger.PROPOSE_EXTENSION, CLOCK, ask, decided_at=NOW, now=NOW)
    assert isinstance(proposed, Moved)
    move = told(seat, proposed.life, Trigger.PROPOSE_EXTENSION, CLOCK, by=by, at=NOW)
    assert not (await books.people.write(move)).refused
    assert await books.life(seat) == proposed.life, "who proposed it is known to whoever takes the case up"
    facts = await desk.facts(case)
    assert facts.hats == (Hat(post, Capacity.COMMAND_POST),)
    # Whoever also heads the unit answers for the host, and for nobody else.
    both = Actor(
        post,
        facts.government_id,
        (Appointment(Capacity.UNIT_HEAD, UNIT), Appointment(Capacity.COMMAND_POST)),
    )
    assert authority("APPROVE_EXTENSION", both, facts) == Granted(Capacity.COMMAND_POST)
    head = replace(both, appointments=both.appointments[:1])
    assert authority("APPROVE_EXTENSION", head, facts) == Denied("two_hats")
    approval = said(books, case, CommandKind.APPROVE_EXTENSION, post, Capacity.UNIT_HEAD)
    with pytest.raises(DutiesApart, match="own_proposal"):
        await desk.record(approval, "home")
    behalf = replace(approval, actor_id=books.town.staff[UNIT][1], on_behalf_of=post)
    with pytest.raises(DutiesApart, match="own_proposal"):
        await desk.record(behalf, "for the proposer")
    await desk.record(replace(approval, capacity=Capacity.COMMAND_POST), "the own side")


async def test_a_decision_that_came_after_the_end_is_answered_by_the_relay_and_the_chain_holds(
    books: Registry, desk: Desk
) -> None:
    from adapters.postgres.invariants import invariants
    from domain.moves import Refusal

    sekda = books.town.officers[Capacity.SEKDA]
    case = cases.surge(await books.surge(1))
    late = said(books, case, CommandKind.APPROVE_SURGE, sekda, Capacity.SEKDA)
    await desk.record(late, "late")
    by = Attribution("system:relay", "SYSTEM", "refusal", late.command_id)
    await CommandBook(books.database).refuse(
        Refusal(late.command_id, late.government_id, case, "already_ended", NOW, by)
    )
    found = {one.code: one for one in await invariants(books.database, books.town.government_id)}
    assert (found["I6"].rows, found["I6"].violations) == (1, 0)
