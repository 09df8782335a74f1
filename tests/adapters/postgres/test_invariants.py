"""Each invariant is green on sound books and red when its rule is broken behind the guards' back."""

import uuid
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from adapters.postgres import log
from adapters.postgres.database import Database
from adapters.postgres.deliveries import DeliveryBook
from adapters.postgres.invariants import InvariantResult, invariants
from domain.deliveries import Answered, DeliveryState
from domain.log import GENESIS, Attribution, Fact
from tests.undecided import let_undecided

GOVERNMENT = "kota-uji"
START = datetime(2027, 2, 3, tzinfo=UTC)
COORDINATOR, SEKDA, HEAD, SIGNATORY, NURSE, COOK = (str(uuid.UUID(int=n)) for n in range(1, 7))
PLAN, ORDER = str(uuid.UUID(int=20)), str(uuid.UUID(int=21))
PLACEMENTS = {NURSE: str(uuid.UUID(int=31)), COOK: str(uuid.UUID(int=32))}
SURGE = "surge:SU-1"


class World:
    """Books of a small surge that went well: two people sent on one order, both home again."""

    def __init__(self, database: Database) -> None:
        self.database = database

    async def sql(self, *statements: str) -> None:
        async with self.database.writing() as connection:
            for statement in statements:
                await connection.execute(statement)

    async def tell(self, type_: str, case: str, by: Attribution, at: datetime, **more: Any) -> None:
        fact = Fact(type_, case, at, by, more.pop("person", None), more)
        async with self.database.writing() as connection:
            await log.append(connection, GOVERNMENT, [fact])

    async def decide(self, kind: str, type_: str, case: str, actor: str, capacity: str, **more: Any) -> str:
        """Write a decision as the books do: command, effect, fact."""
        command = str(uuid.uuid4())
        async with self.database.writing() as connection:
            await connection.execute(
                "INSERT INTO commands (command_id, government_id, case_id, kind, actor_id, capacity, decided_at,"
                " idempotency_key, request_sha256, state) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, '', 'APPLIED')",
                *(command, GOVERNMENT, case, kind, actor, capacity, START, command),
            )
            await connection.execute(
                "INSERT INTO effects (effect_key, command_id, outcome) VALUES ($1::text, $2, $3)",
                *(command, command, {"type": type_}),
            )
        by = Attribution(actor, capacity, "2026-1#surge", command)
        await self.tell(type_, case, by, START, **more)
        return command

    async def found(self, code: str) -> InvariantResult:
        return {result.code: result for result in await invariants(self.database, GOVERNMENT)}[code]


UNGUARDED = "ALTER TABLE commands DISABLE TRIGGER duties_apart"
"""As the database's owner can: the trigger would stop everybody else, and then only the report sees it."""


@pytest.fixture
async def world(fresh_database: str) -> AsyncIterator[World]:
    database = await Database.open(fresh_database, size=2)
    made = World(database)
    await let_undecided(database)
    await _registry(made)
    await _cases(made)
    yield made
    await database.close()


async def _registry(world: World) -> None:
    people = ((COORDINATOR, "admin"), (SEKDA, "admin"), (HEAD, "admin"), (SIGNATORY, "admin"))
    people += ((NURSE, "nurse"), (COOK, "cook"))
    await world.sql(
        "ALTER TABLE outbox DROP CONSTRAINT outbox_government_id_seq_fkey",  # else no entry could be taken out
        "INSERT INTO governments VALUES ('kota-uji', 'Kota Uji', 'city', NULL, 'Asia/Makassar', 'Uji', '800',"
        " '{Kota Uji}', true)",
        "INSERT INTO units VALUES ('u', 'kota-uji', 'U', 'Unit', 'agency', NULL, -10, 123, false)",
        *(
            "INSERT INTO people (person_id, government_id, unit_id, role, employment, grade)"
            f" VALUES ('{person}', 'kota-uji', 'u', '{role}', 'PNS', 'III/a')"
            for person, role in people
        ),
        "INSERT INTO unit_roles (unit_id, role, government_id, headcount, need, redline, lendable, rule_pack)"
        " VALUES ('u', 'admin', 'kota-uji', 4, 4, 4, 0, '2026-1'), ('u', 'nurse', 'kota-uji', 1, 0, 0, 1, '2026-1'),"
        " ('u', 'cook', 'kota-uji', 1, 0, 0, 1, '2026-1')",
    )
    async with world.database.writing() as connection:
        await connection.execute("INSERT INTO log_heads VALUES ($1, 0, $2)", GOVERNMENT, GENESIS)


async def _cases(world: World) -> None:
    await world.sql(
        "INSERT INTO operations (operation_id, government_id, title, hazard, state, rule_pack, opened_at)"
        " VALUES ('OP-1', 'kota-uji', 'Banjir', 'flood', 'ENDED', '2026-1', '2027-02-03')",
        "INSERT INTO surges (surge_id, government_id, operation_id, title, state, rule_pack, funding, requested_at)"
        " VALUES ('SU-1', 'kota-uji', 'OP-1', 'Banjir', 'CLOSED', '2026-1', 'BTT', '2027-02-03')",
        f"INSERT INTO plans VALUES ('{PLAN}', 'SU-1', '2027-02-03', '', '{{}}')",
        "INSERT INTO request_lines VALUES ('SU-1/01', 'SU-1', 1, 'nurse', 2, 1, 'Posko', -10, 123, '2027-02-04',"
        " '2027-02-10', NULL)",
    )
    await world.decide("REQUEST_SURGE", "RequestSubmitted", SURGE, COORDINATOR, "COORDINATOR")
    await world.decide("APPROVE_SURGE", "RequestApproved", SURGE, SEKDA, "SEKDA")
    signed = await world.decide("SIGN_ORDER", "OrderSigned", SURGE, SIGNATORY, "SIGNATORY", order_id=ORDER)
    await world.sql(
        "INSERT INTO registers VALUES ('kota-uji', 'surat-tugas', 2027, 1)",
        f"INSERT INTO orders VALUES ('{ORDER}', 'kota-uji', 'SU-1', 'surat-tugas', 2027, 1, '800/1', 'ISSUED', NULL,"
        f" '{signed}', '', '{SIGNATORY}', '2027-02-03', 'a', 'b', 'c')",
    )
    for person, role in ((NURSE, "nurse"), (COOK, "cook")):
        await _send(world, PLACEMENTS[person], person, role)


async def _send(
    world: World, placement: str, person: str, role: str, day: int = 4, order: str = ORDER
) -> None:
    """One person goes on a day of February and is home six days later."""
    case, clock = f"secondment:{placement}", Attribution("system:surge", "SYSTEM", "2026-1#surge")
    leaves, home = START.replace(day=day), START.replace(day=day) + timedelta(days=6)
    async with world.database.writing() as connection:
        await connection.execute(
            "INSERT INTO placements (placement_id, government_id, surge_id, line_id, person_id, unit_id, role, plan_id,"
            " order_id, state, revision, since, report_at, due_back, held, offered_at, departed_at, returned_at)"
            " VALUES ($1, $2, 'SU-1', 'SU-1/01', $3, 'u', $4, $5, $6, 'RETURNED', 9, $8, $7, $8, false, $7, $7, $8)",
            *(placement, GOVERNMENT, person, role, PLAN, order, leaves, home),
        )
    await world.tell("OfferSent", case, clock, leaves, person=person, state="OFFERED")
    await world.decide("RELEASE", "ReleaseDecided", case, HEAD, "UNIT_HEAD", person=person, state="RELEASED")
    await world.tell("Mobilised", case, clock, leaves, person=person, state="MOBILISING")
    await world.decide("CONFIRM_RETURN", "Returned", case, HEAD, "UNIT_HEAD", person=person, state="RETURNED")


async def test_sound_books_break_nothing_and_every_check_had_rows(world: World) -> None:
    found = await invariants(world.database, GOVERNMENT)
    assert [result.code for result in found] == [f"I{n}" for n in range(1, 10)]
    assert {result.code: result.sample for result in found if result.violations} == {}
    assert all(result.rows for result in found if result.checked)
    assert [result.code for result in found if not result.checked] == ["I5"]


async def test_a_second_departure_before_the_return_breaks_i1(world: World) -> None:
    await world.sql("DROP INDEX one_departure_at_a_time")
    await _send(world, str(uuid.uuid4()), NURSE, "nurse", day=6)
    assert (await world.found("I1")).violations == 1


async def test_two_holds_for_overlapping_days_break_i1_though_nobody_left(world: World) -> None:
    await world.sql(
        "ALTER TABLE placements DROP CONSTRAINT one_placement_at_a_time",
        "UPDATE unit_roles SET lendable = 5",
        *(
            "INSERT INTO placements (placement_id, government_id, surge_id, line_id, person_id, unit_id, role, plan_id,"
            " state, revision, since, report_at, due_back, held, offered_at) VALUES"
            f" ('{uuid.uuid4()}', 'kota-uji', 'SU-1', 'SU-1/01', '{COOK}', 'u', 'cook', '{PLAN}', 'OFFERED', 0,"
            f" '2027-03-01', '2027-03-{day}', '2027-03-09', true, '2027-03-01')"
            for day in ("02", "05")
        ),
    )
    assert (await world.found("I1")).violations == 1


@pytest.mark.parametrize(
    "breach",
    [
        "DELETE FROM events WHERE type = 'Returned' AND person_id = '{nurse}'",
        "UPDATE placements SET returned_at = NULL, held = true, state = 'TRAVELLING_HOME' WHERE person_id = '{nurse}'",
        "UPDATE orders SET state = 'VOID', void_reason = 'x'",
        "UPDATE placements SET order_id = NULL WHERE person_id = '{nurse}'",
    ],
)
async def test_whoever_is_not_home_once_or_left_without_an_order_breaks_i2(world: World, breach: str) -> None:
    await world.sql(breach.format(nurse=NURSE))
    assert (await world.found("I2")).violations >= 1


async def test_coming_home_twice_breaks_i2(world: World) -> None:
    case = f"secondment:{PLACEMENTS[NURSE]}"
    await world.decide("CONFIRM_RETURN", "Returned", case, HEAD, "UNIT_HEAD", person=NURSE, state="RETURNED")
    assert (await world.found("I2")).sample == (PLACEMENTS[NURSE],)


@pytest.mark.parametrize(
    "breach",
    [
        "DELETE FROM events WHERE type = 'RequestApproved'",
        "DELETE FROM effects WHERE outcome ->> 'type' = 'RequestApproved'",
        "UPDATE commands SET state = 'REFUSED', refusal = 'not_now' WHERE kind = 'APPROVE_SURGE'",
        "UPDATE commands SET state = 'RECORDED' WHERE kind = 'APPROVE_SURGE'",
        "UPDATE events SET command_id = gen_random_uuid() WHERE type = 'RequestApproved'",
        "UPDATE events SET case_id = 'surge:SU-2' WHERE type = 'RequestApproved'",
        "UPDATE events SET type = 'StoodDown' WHERE type = 'RequestApproved'",
    ],
)
async def test_a_decision_without_its_one_effect_and_its_one_fact_breaks_i3(
    world: World, breach: str
) -> None:
    await world.sql(breach)
    assert (await world.found("I3")).violations >= 1


async def test_a_decision_that_was_applied_twice_breaks_i3(world: World) -> None:
    command = await world.decide("STAND_DOWN", "StoodDown", SURGE, COORDINATOR, "COORDINATOR")
    assert (await world.found("I3")).violations == 0
    await world.tell("StoodDown", SURGE, Attribution(COORDINATOR, "COORDINATOR", "b", command), START)
    assert (await world.found("I3")).sample == (command,)


@pytest.mark.parametrize(
    ("breach", "named"),
    [
        ("UPDATE registers SET last = 3", ("surat-tugas/2027/2", "surat-tugas/2027/3")),
        ("UPDATE registers SET last = 0", ("surat-tugas/2027/1",)),
        (
            "ALTER TABLE orders DROP CONSTRAINT orders_check; UPDATE orders SET state = 'VOID', void_reason = ''",
            ("800/1",),
        ),
    ],
)
async def test_a_gap_in_the_numbers_or_a_void_without_reason_breaks_i4(
    world: World, breach: str, named: tuple[str, ...]
) -> None:
    await world.sql(breach)
    assert (await world.found("I4")).sample == named


async def test_a_number_of_a_travel_order_that_nobody_has_breaks_i4(world: World) -> None:
    await world.sql(
        "INSERT INTO registers SELECT government_id, 'surat-perjalanan-dinas', year, 1 FROM orders LIMIT 1"
    )
    assert (await world.found("I4")).sample == ("surat-perjalanan-dinas/2027/1",)


async def test_two_orders_under_one_number_break_i4(world: World) -> None:
    await world.sql(
        "ALTER TABLE orders DROP CONSTRAINT orders_government_id_register_year_sequence_key",
        "INSERT INTO orders SELECT gen_random_uuid(), government_id, surge_id, register, year, sequence, number, state,"
        " void_reason, gen_random_uuid(), salt, signatory_id, signed_at, facts_sha256, file_sha256, 'd' FROM orders",
    )
    assert (await world.found("I4")).violations == 2  # the place in the register, and the number itself


@pytest.mark.parametrize(
    "breach",
    [
        """UPDATE events SET data = data || '{"people": 99}' WHERE seq = 3""",
        "UPDATE events SET at = at + interval '1 second' WHERE seq = 3",
        "UPDATE log_heads SET seq = seq - 1",
        "DELETE FROM events WHERE seq = 3",
        "DELETE FROM events WHERE seq = (SELECT max(seq) FROM events)",
    ],
)
async def test_an_altered_or_missing_entry_breaks_i6(world: World, breach: str) -> None:
    await world.sql(breach)
    assert (await world.found("I6")).violations >= 1


async def test_an_altered_entry_is_located(world: World) -> None:
    await world.sql("UPDATE events SET basis = 'another' WHERE seq = 3")
    assert (await world.found("I6")).sample == ("entry 3: not the one that was chained",)


@pytest.mark.parametrize("by", [Attribution("", "SYSTEM", "b"), Attribution("a", "SYSTEM", " ")])
async def test_an_entry_that_nobody_answers_for_breaks_i6_though_its_hash_is_right(
    world: World, by: Attribution
) -> None:
    await world.tell("StoodDown", SURGE, by, START)
    assert (await world.found("I6")).violations == 1


async def test_an_entry_under_another_authority_than_its_decision_breaks_i6(world: World) -> None:
    await world.sql("UPDATE commands SET capacity = 'OPERATOR' WHERE kind = 'APPROVE_SURGE'")
    assert (await world.found("I6")).violations == 1


async def test_what_only_a_decision_does_breaks_i3_where_none_stands_behind_it(world: World) -> None:
    case, by = f"secondment:{PLACEMENTS[COOK]}", Attribution("system:clock", "SYSTEM", "b")
    await world.tell("ReleaseEscalated", case, by, START, person=COOK, state="RELEASE_PENDING")
    assert (await world.found("I3")).violations == 0
    await world.tell("ReleaseDecided", case, by, START, person=COOK, state="RELEASED")
    assert (await world.found("I3")).violations == 1


async def test_a_decision_that_is_told_as_another_one_breaks_i3(world: World) -> None:
    case = f"secondment:{PLACEMENTS[COOK]}"
    await world.decide("RECALL", "Returned", case, HEAD, "UNIT_HEAD", person=COOK, state="RETURNED")
    assert (await world.found("I3")).violations == 1


async def test_approving_ones_own_request_breaks_i7(world: World) -> None:
    await world.sql(UNGUARDED)
    await world.decide("APPROVE_SURGE", "RequestApproved", SURGE, COORDINATOR, "COORDINATOR")
    assert (await world.found("I7")).violations == 1


@pytest.mark.parametrize(
    ("kind", "type_"),
    [("ADD_LINE", "LineAdded"), ("RAISE_LINE", "LineRaised"), ("OVERRIDE_REDLINE", "RedlineOverridden")],
)
async def test_letting_ones_own_request_grow_breaks_i7(world: World, kind: str, type_: str) -> None:
    await world.sql(UNGUARDED)
    await world.decide(kind, type_, SURGE, SEKDA, "SEKDA")
    assert (await world.found("I7")).violations == 0
    await world.decide(kind, type_, SURGE, COORDINATOR, "SEKDA/SUBSTITUTE")
    assert (await world.found("I7")).violations >= 1


async def test_asking_that_ones_own_people_are_relieved_is_sound(world: World) -> None:
    await world.decide("ASK_RELIEF", "LineAdded", SURGE, COORDINATOR, "COORDINATOR")
    assert (await world.found("I7")).violations == 0


async def test_adding_a_line_under_another_hat_breaks_i7(world: World) -> None:
    await world.sql(UNGUARDED)
    await world.decide("ADD_LINE", "LineAdded", SURGE, SEKDA, "APPOINTING_AUTHORITY")
    assert (await world.found("I7")).violations == 1


@pytest.mark.parametrize("type_", ["ReleaseDecided", "CheckedIn", "DemobSignedOff", "Returned"])
async def test_deciding_in_ones_own_case_breaks_i7(world: World, type_: str) -> None:
    await world.sql(UNGUARDED)
    case = f"secondment:{PLACEMENTS[COOK]}"
    await world.decide("RELEASE", type_, case, COOK, "COMMAND_POST", person=COOK, state="ON_DUTY")
    assert (await world.found("I7")).violations == 1


async def test_a_substitute_of_the_person_concerned_breaks_i7(world: World) -> None:
    by = Attribution(HEAD, "UNIT_HEAD", "b", None, on_behalf_of=COOK)
    await world.tell("CheckedIn", f"secondment:{PLACEMENTS[COOK]}", by, START, person=COOK, state="ON_DUTY")
    assert (await world.found("I7")).violations == 1


async def test_approving_twice_under_two_hats_breaks_i7(world: World) -> None:
    await world.sql(UNGUARDED)
    await world.decide("SIGN_ORDER", "OrderSigned", SURGE, SEKDA, "SIGNATORY")
    assert (await world.found("I7")).violations == 1


@pytest.mark.parametrize(("office", "violations"), [("COMMAND_POST", 0), ("UNIT_HEAD", 1)])
async def test_answering_the_own_proposal_for_the_other_side_breaks_i7(
    world: World, office: str, violations: int
) -> None:
    case = f"secondment:{PLACEMENTS[COOK]}"
    for type_, by in (("ExtensionProposed", "COORDINATOR"), ("ExtensionAnswered", office)):
        await world.tell(type_, case, Attribution(COORDINATOR, by, "b"), START, person=COOK, state="ON_DUTY")
    assert (await world.found("I7")).violations == violations


async def test_lending_more_than_a_unit_may_breaks_i8_even_after_everybody_is_home(world: World) -> None:
    assert (await world.found("I8")).violations == 0
    await world.sql(
        "UPDATE people SET role = 'nurse' WHERE role = 'cook'", "UPDATE placements SET role = 'nurse'"
    )
    found = await world.found("I8")
    assert (found.rows, found.violations) == (4, 0)  # one home before the other left
    late = Attribution("system:surge", "SYSTEM", "b")
    await world.sql("ALTER TABLE placements DISABLE TRIGGER placement_hold")
    for number in (1, 2):
        placement = str(uuid.UUID(int=40 + number))
        await world.sql(
            "INSERT INTO placements (placement_id, government_id, surge_id, line_id, person_id, unit_id, role, plan_id,"
            " state, revision, since, report_at, due_back, held, offered_at)"
            f" VALUES ('{placement}', 'kota-uji', 'SU-1', 'SU-1/01', '{NURSE}', 'u', 'nurse', '{PLAN}', 'DECLINED', 1,"
            f" '2027-03-01', '2027-03-02', '2027-03-09', false, '2027-03-0{number}')"
        )
        await world.tell("OfferSent", f"secondment:{placement}", late, START, person=NURSE, state="OFFERED")
    assert (await world.found("I8")).sample == ("u nurse",)


async def test_a_count_of_the_lent_that_is_not_that_of_the_holds_breaks_i8(world: World) -> None:
    await world.sql("UPDATE unit_roles SET lent = 1 WHERE role = 'cook'")
    assert (await world.found("I8")).sample == ("u cook",)


@pytest.mark.parametrize(
    "breach",
    [
        "UPDATE unit_roles SET headcount = headcount + 1 WHERE role = 'cook'",
        "UPDATE people SET active = false WHERE role = 'cook'",
        (
            "INSERT INTO people (person_id, government_id, unit_id, role, employment, grade)"
            " VALUES ('{new}', 'kota-uji', 'u', 'cook', 'PNS', 'III/a')"
        ),
    ],
)
async def test_a_person_too_many_or_too_few_breaks_i9(world: World, breach: str) -> None:
    await world.sql(breach.format(new=uuid.UUID(int=99)))
    assert (await world.found("I9")).sample == ("u cook",)


async def test_books_in_which_nothing_happened_have_nothing_that_could_be_checked(world: World) -> None:
    async with world.database.writing() as connection:
        await connection.execute(
            "INSERT INTO governments VALUES ('baru', 'Baru', 'city', NULL, 'Asia/Makassar', 'B', '1', '{B}', true)"
        )
        await connection.execute("INSERT INTO log_heads VALUES ('baru', 0, $1)", GENESIS)
    found = await invariants(world.database, "baru")
    assert not any(result.holds for result in found if result.checked)
    with pytest.raises(LookupError, match="no such government: nowhere"):
        await invariants(world.database, "nowhere")


# ── I5 ────────────────────────────────────────────────────────────────────────────────────────────────────────────

EAR = str(uuid.UUID(int=40))
WANTED = 8
"""Entries of the two people, of whom alone this subscriber wants to hear."""
HERS = f"subscriber_id = '{EAR}' AND lane = '{NURSE}'"


async def told(
    world: World, wants: tuple[str, ...] = ("OfferSent", "ReleaseDecided", "Mobilised", "Returned")
) -> None:
    """A subscriber to whom all that is in the log was delivered, by the book that the courier writes."""
    await world.sql(
        "INSERT INTO subscribers (subscriber_id, government_id, url, types, secret, state, since, cursor, added_by,"
        " added_at, moved_at)"
        f" VALUES ('{EAR}', 'kota-uji', 'https://ear.example/', '{{{','.join(wants)}}}', 'x', 'ACTIVE', 0, 0, '{HEAD}',"
        " '2027-02-03', '2027-02-03')"
    )
    book = DeliveryBook(world.database)
    assert await book.hand_out(START)
    while letters := await book.lease(now=START, until=START, room=50, busy={}):
        taken = [Answered(letter, DeliveryState.DELIVERED, "http_204", START) for letter in letters]
        await book.answer(taken, START)


async def test_what_was_delivered_in_order_is_sound_and_counted(world: World) -> None:
    await told(world)
    found = await world.found("I5")
    assert (found.rows, found.violations) == (WANTED, 0)


async def test_what_waits_behind_the_log_breaks_nothing(world: World) -> None:
    await told(world)
    await world.tell(
        "Mobilised", "secondment:x", Attribution("system:surge", "SYSTEM", "x"), START, person=COOK
    )
    found = await world.found("I5")
    assert (found.rows, found.violations) == (WANTED + 1, 0)


FIRST = f"{HERS} AND seq = (SELECT min(seq) FROM deliveries WHERE {HERS})"
LAST = f"{HERS} AND seq = (SELECT max(seq) FROM deliveries WHERE {HERS})"


@pytest.mark.parametrize(
    ("harm", "violations"),
    [
        (f"DELETE FROM deliveries WHERE {LAST}", 1),
        ("UPDATE subscribers SET types = '{Returned}'", WANTED - 2),
        (f"UPDATE deliveries SET outcome = 'http_500' WHERE {FIRST}", 1),
        # The first of hers is still on its way, and three came after it; and her lane counts nobody who waits.
        (f"UPDATE deliveries SET state = 'WAITING', position = NULL WHERE {FIRST}", 4),
        (f"UPDATE deliveries SET position = -position WHERE {HERS}", 3),
        # Given up, and nobody says so; and her lane does not stop at it.
        (f"UPDATE deliveries SET state = 'DEAD', position = NULL WHERE {LAST}", 2),
        (f"UPDATE deliveries SET state = 'SKIPPED', position = NULL WHERE {LAST}", 1),
        (f"UPDATE delivery_lanes SET waiting = 1 WHERE {HERS}", 1),
        (f"UPDATE delivery_lanes SET stopped = true WHERE {HERS}", 1),
    ],
)
async def test_i5_is_broken_by(world: World, harm: str, violations: int) -> None:
    await told(world)
    await world.sql(harm)
    assert (await world.found("I5")).violations == violations


async def test_a_dead_letter_with_its_entry_breaks_nothing(world: World) -> None:
    await told(world)
    await world.tell(
        "Mobilised", "secondment:x", Attribution("system:surge", "SYSTEM", "x"), START, person=COOK
    )
    book = DeliveryBook(world.database)
    await book.hand_out(START)
    (letter,) = await book.lease(now=START, until=START, room=5, busy={})
    await book.answer([Answered(letter, DeliveryState.DEAD, "timeout", START)], START)
    found = await world.found("I5")
    assert (found.rows, found.violations) == (WANTED + 1, 0)
    await world.sql("UPDATE events SET type = 'SomethingElse' WHERE type = 'DeliveryDied'")
    assert (await world.found("I5")).violations == 1
