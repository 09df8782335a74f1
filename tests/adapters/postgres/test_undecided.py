"""Whoever reaches the database as the program does, and past the program: nothing moves that nobody decided."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass

import asyncpg
import pytest

from domain import operation_steps, surge_steps
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.secondment import Trigger, steps
from lab.small_town import Donor
from tests.adapters.postgres.kit import DAY, NOW, Registry, crew, registry
from tests.undecided import GUARDS, dropping

UNIT = "kota-kecil.PKM-1"
UNDECIDED = "SG005"
_T = Trigger
_OUT = (_T.ACCEPT, _T.RELEASE, _T.ORDER_ISSUED, _T.MOBILISE)
STANDS = {
    "asked": (),
    "willing": (_T.ACCEPT,),
    "released": (_T.ACCEPT, _T.RELEASE),
    "gone": _OUT,
    "there": (*_OUT, _T.CHECK_IN, _T.START_DUTY),
    "signed_off": (*_OUT, _T.CHECK_IN, _T.RELEASE_EARLY, _T.SIGN_DEMOB),
    "home": (*_OUT, _T.CHECK_IN, _T.RELEASE_EARLY, _T.SIGN_DEMOB, _T.CONFIRM_RETURN),
    "dead": (*_OUT, _T.CHECK_IN, _T.REPORT_INJURY, _T.REPORT_DEATH),
    "dead_at_home": (_T.ACCEPT, _T.REPORT_DEATH),
}
"""Who is attacked, and how they came there."""


@dataclass(frozen=True)
class Prey:
    """The books with somebody at every stand, guarded from here on."""

    books: Registry
    named: dict[str, str]

    async def attack(self, *statements: str) -> None:
        """Do this in one transaction, and take it back whatever comes of it."""
        async with self.books.database.reading() as connection:
            transaction = connection.transaction()
            await transaction.start()
            try:
                for statement in statements:
                    await connection.execute(statement.format(**self.named))
                await connection.execute("SET CONSTRAINTS ALL IMMEDIATE")
            finally:
                await transaction.rollback()


@pytest.fixture(scope="module")
async def prey(database: str) -> AsyncIterator[Prey]:
    async with registry(database, Donor("PKM-1", 12, 10)) as books:
        surge = await books.surge(len(STANDS))
        seats = await books.hold(surge, crew(books.town, UNIT, len(STANDS)))
        named = {"surge": surge, "now": NOW.isoformat(), "new": str(uuid.uuid4()), "case": f"surge:{surge}"}
        for (stand, road), seat in zip(STANDS.items(), seats, strict=True):
            await books.walk(seat, *road)
            named[stand] = seat.placement_id
            named[f"{stand}_person"] = seat.person_id
        named["free"] = books.town.staff[UNIT][-1]
        named |= {office.value.lower(): person for office, person in books.town.officers.items()}
        asked = await books.surge(1)
        await books.execute("UPDATE surges SET state = 'SUBMITTED' WHERE surge_id = $1", asked)
        over = await books.surge(1)
        await books.execute("UPDATE surges SET state = 'STOOD_DOWN' WHERE surge_id = $1", over)
        named |= {"submitted": asked, "over": over, "other_plan": await books.plan(over, [])}
        named["plan"] = str(await books.value("SELECT plan_id FROM surges WHERE surge_id = $1", surge))
        named["order"] = await books.reserve(surge)
        await books.issue(surge, named["order"])
        answered = await books.value("SELECT command_id FROM orders WHERE order_id = $1", named["order"])
        await books.execute("UPDATE commands SET state = 'APPLIED' WHERE command_id = $1", answered)
        await books.execute(
            "UPDATE placements SET order_id = NULL WHERE placement_id = $1", named["released"]
        )
        recorded = await books.command(f"surge:{surge}", CommandKind.STAND_DOWN)
        theirs = await books.command(f"secondment:{named['there']}", CommandKind.RECALL)
        another = await books.command(f"secondment:{named['gone']}", CommandKind.CONFIRM_RETURN)
        named |= {"answered": answered, "recorded": recorded, "recall": theirs, "elsewhere": another}
        for stand in ("dead", "dead_at_home"):
            lives = await books.command(f"secondment:{named[stand]}", CommandKind.RETRACT_DEATH)
            named[f"{stand}_lives"] = lives
        await emergency(books, named)
        for statement in dropping():
            await books.execute(statement.replace("DISABLE", "ENABLE"))
        yield Prey(books, named)


async def emergency(books: Registry, named: dict[str, str]) -> None:
    """One operation in which statuses stand, have run out and are to come; one that waits for its report; one draft."""
    named |= {
        "operation": f"OP-{named['surge']}",
        "review": f"OP-{named['over']}",
        "draft": f"OP-{named['submitted']}",
    }
    await books.execute(
        "UPDATE operations SET state = 'RESPONSE', revision = 3 WHERE operation_id = $1", named["operation"]
    )
    await books.execute(
        "UPDATE operations SET state = 'AFTER_ACTION' WHERE operation_id = $1", named["review"]
    )
    for number, level, status, start, begun, ended in (
        (1, "REGENCY_CITY", "RESPONSE", NOW - DAY, True, None),
        (2, "REGENCY_CITY", "TRANSITION", NOW + 5 * DAY, False, None),
        (3, "PROVINCE", "ALERT", NOW - 30 * DAY, True, "RAN_OUT"),
    ):
        await books.execute(
            "INSERT INTO standings (operation_id, number, level, status, area, decree, decree_date, period, declared_end,"
            " decided_at, recorded_at, begun, ended) VALUES ($1, $2::int, $3, $4, 'Kota', 'D' || $2::int, '2026-11-22',"
            " tstzrange($5::timestamptz, $5::timestamptz + interval '14 days'), $5::timestamptz + interval '14 days', $5, $5, $6, $7)",
            *(named["operation"], number, level, status, start, begun, ended),
        )  # fmt: skip


PLACED = "UPDATE placements SET {} WHERE placement_id = '{{{}}}'"


def placed(stand: str, change: str) -> tuple[str]:
    return (PLACED.format(change, stand),)


def stepped(stand: str, state: str, more: str = "") -> tuple[str]:
    return placed(stand, f"state = '{state}', revision = revision + 1, since = '{{now}}'{more}")


def operated(which: str, change: str) -> tuple[str]:
    return (f"UPDATE operations SET {change} WHERE operation_id = '{{{which}}}'",)


def standing(number: int, change: str) -> tuple[str]:
    return (f"UPDATE standings SET {change} WHERE operation_id = '{{operation}}' AND number = {number}",)


def surged(which: str, change: str) -> tuple[str]:
    return (f"UPDATE surges SET {change} WHERE surge_id = '{{{which}}}'",)


_SEAT = (
    "INSERT INTO placements (placement_id, government_id, surge_id, line_id, person_id, unit_id, role, plan_id, state,"
    " revision, since, report_at, due_back, held, offered_at{columns}) SELECT '{{new}}', government_id, surge_id, line_id,"
    " '{{free}}', unit_id, role, '{{{plan}}}', '{state}', 0, since, report_at, due_back, true, offered_at{values}"
    " FROM placements WHERE placement_id = '{{asked}}'"
)
_NUMBER = (
    "INSERT INTO orders (order_id, government_id, surge_id, register, year, sequence, number, state, command_id, salt,"
    " signatory_id, signed_at, facts_sha256, file_sha256, verification_code) VALUES ('{{new}}', 'kota-kecil', '{{surge}}',"
    " 'x', 2026, 1, 'x', '{}', '{}', '', '{{signatory}}', '{{now}}', 'a', 'b', '{{new}}')"
)
_CLAIMED = "INSERT INTO effects (effect_key, command_id, outcome) VALUES ('{{{0}}}', '{{{0}}}', '{{{{}}}}')"
_COMMAND = (
    "INSERT INTO commands (command_id, government_id, case_id, kind, actor_id, capacity, decided_at, idempotency_key,"
    " request_sha256, state) VALUES ('{new}', 'kota-kecil', '{case}', 'APPROVE_SURGE', '{sekda}', 'SEKDA', '{now}', 'x', '', 'APPLIED')"
)
_STATUS = (
    "INSERT INTO standings (operation_id, number, level, status, area, decree, decree_date, period, declared_end, decided_at,"
    " recorded_at, command_id) VALUES ('{{operation}}', 9, 'NATIONAL', 'RESPONSE', 'x', 'x', '2026-11-22',"
    " tstzrange('{{now}}', '{{now}}'::timestamptz + interval '9 days'), '{{now}}'::timestamptz + interval '9 days', '{{now}}',"
    " '{{now}}', {})"
)
_END = (
    "INSERT INTO standing_ends (operation_id, number, change, kind, ends_before, ends_after, decree, decree_date, decided_at,"
    " recorded_at) SELECT operation_id, number, 1, '{}', upper(period), upper(period) {}, '{}', '2026-11-22', '{{now}}', '{{now}}'"
    " FROM standings WHERE operation_id = '{{operation}}' AND number = 1"
)
_HOME = ", held = false, out = false, returned_at = '{now}'"

_LIVES = ", settles = false, held = true, out = true, accident = false, death_was = NULL, death_by = '{{}}', death_accident = NULL"

ATTACKS: dict[str, tuple[str, ...]] = {
    "somebody dead lives": stepped("dead", "OUT_OF_CONTACT", _LIVES),
    "somebody dead was at home": (_CLAIMED.format("dead_lives"), *stepped("dead", "WITHDRAWN")),
    "somebody dead at home is out": (_CLAIMED.format("dead_at_home_lives"), *stepped("dead_at_home", "OUT_OF_CONTACT", _LIVES)),
    "a death is forgotten": placed("dead", "death_was = NULL"),
    "a death was told by another": placed("dead", "death_by = ARRAY['x']"),
    "nothing was owed before a death": placed("dead", "death_accident = true"),
    "somebody dead had not left": placed("dead", "death_was = 'OFFERED'"),
    "an offer is accepted": stepped("asked", "RELEASE_PENDING"),
    "an offer is declined": stepped("asked", "DECLINED", ", held = false"),
    "a condition is made": stepped("asked", "CONDITION_PENDING"),
    "somebody who was asked is home": stepped("asked", "RETURNED", _HOME),
    "somebody who was asked is released": stepped("asked", "RELEASED"),
    "somebody is released": stepped("willing", "RELEASED"),
    "a release is refused": stepped("willing", "REFUSED", ", held = false"),
    "somebody is ordered on no order": stepped("released", "ORDER_SIGNED"),
    "somebody leaves on no order": stepped("released", "MOBILISING", ", out = true, departed_at = '{now}'"),
    "somebody is withdrawn of a surge that goes on": stepped("released", "WITHDRAWN", ", held = false"),
    "an order is cancelled": stepped("released", "ORDER_CANCELLED", ", held = false"),
    "somebody is checked in": stepped("gone", "CHECKED_IN", ", checked_in_at = '{now}', arrived_at = '{now}'"),
    "an arrival is noted": placed("gone", "checked_in_at = '{now}'"),
    "an arrival is dated back": placed("there", "arrived_at = arrived_at - interval '2 days'"),
    "somebody never came": stepped("gone", "NO_SHOW"),
    "somebody is unfit": stepped("gone", "UNFIT"),
    "somebody is called home": stepped("there", "DEMOBILISING"),
    "somebody at the site is home": stepped("there", "RETURNED", _HOME),
    "somebody who said yes is let go": placed("willing", "held = false"),
    "somebody is out no more": placed("there", "out = false"),
    "a departure is undone": placed("there", "departed_at = NULL"),
    "somebody is taken over": stepped("there", "CONVERTED", ", held = false, out = false"),
    "somebody is moved to nowhere": stepped("there", "REASSIGNED", ", held = false, out = false"),
    "somebody is hurt": stepped("there", "INJURED", ", accident = false"),
    "somebody is dead": stepped("there", "ACCIDENT_REPORT_OWED", ", held = false, out = false, accident = false"),
    "an accident is noted": placed("there", "accident = false"),
    "a duty gets longer": placed("there", "due_back = due_back + interval '3 days'"),
    "a duty gets longer by an extension": placed("there", "due_back = due_back + interval '3 days', extensions = 1"),
    "all agree to an extension": placed("there", "extend_until = due_back + interval '3 days', extend_agreed = '{{PERSON,HOME,HOST}}'"),
    "another person is sent": placed("there", "person_id = '{free}'"),
    "another unit sends": placed("there", "unit_id = 'kota-kecil.BPBD'"),
    "a duty begins at another time": placed("there", "report_at = report_at - interval '1 day'"),
    "a return is confirmed": stepped("signed_off", "RETURNED", _HOME),
    "a return is dated": placed("signed_off", "returned_at = '{now}'"),
    "a return is dated back": placed("home", "returned_at = returned_at - interval '2 days'"),
    "a checklist is taken back": placed("signed_off", "checklist = '{{}}'"),
    "a paper is waived": placed("home", "papers_waived = '{{REPORT}}'"),
    "a report is received": stepped("home", "REPORTED", ", papers_received = '{{REPORT}}'"),
    "a claim is settled": placed("home", "claim_reference = 'x', claim_dated = '2026-11-22', claim_amount = 1"),
    "a paper is owed no more": placed("home", "papers_owed = '{{}}'"),
    "somebody owes more": placed("home", "papers_owed = papers_owed || ARRAY['REPORT']"),
    "a case that is owed papers ends": placed("home", "settles = false"),
    "a case is closed": stepped("home", "CLOSED"),
    "somebody else's decision is in hand": (_CLAIMED.format("elsewhere"), *stepped("signed_off", "RETURNED", _HOME)),
    "another decision is in hand": (_CLAIMED.format("recall"), *stepped("there", "CONVERTED", ", held = false, out = false")),
    "a decision is recorded and not in hand": stepped("there", "DEMOBILISING", ", leaving = 'RECALLED'"),
    "somebody is put on duty": (_SEAT.format(plan="plan", state="ON_DUTY", columns="", values=""),),
    "somebody is asked by a plan that does not stand": (_SEAT.format(plan="other_plan", state="OFFERED", columns="", values=""),),
    "somebody is asked who has left": (_SEAT.format(plan="plan", state="OFFERED", columns=", departed_at", values=", since"),),
    "a request is approved": surged("submitted", "state = 'APPROVED', approved_by = '{sekda}'"),
    "a request is rejected": surged("submitted", "state = 'REJECTED'"),
    "a request is sent back": surged("submitted", "state = 'RETURNED'"),
    "a request is staffed at once": surged("submitted", "state = 'SOURCING'"),
    "an approval is noted": surged("submitted", "approved_by = '{sekda}'"),
    "another has asked": surged("submitted", "requested_by = '{free}'"),
    "somebody else has approved": surged("surge", "approved_by = '{free}'"),
    "a surge is stood down": surged("surge", "state = 'STOOD_DOWN', since = '{now}'"),
    "a surge is closed": surged("over", "state = 'CLOSED', closed_at = '{now}'"),
    "a surge goes on after its end": surged("over", "state = 'SOURCING'"),
    "an order was given by word": surged("surge", "oral_by = '{sekda}', oral_capacity = 'SEKDA', oral_at = '{now}'"),
    "a surge is asked for and approved": (
        ("INSERT INTO surges (surge_id, government_id, operation_id, title, state, rule_pack, funding, requested_at, approved_by)"
        " SELECT 'SU-new', government_id, operation_id, title, 'APPROVED', rule_pack, funding, requested_at, '{sekda}'"
        " FROM surges WHERE surge_id = '{surge}'"),
    ),
    "an operation is opened": operated("draft", "state = 'MONITORING'"),
    "an operation is opened in an emergency": (
        ("INSERT INTO operations (operation_id, government_id, title, hazard, state, rule_pack, opened_at)"
        " SELECT 'OP-new', government_id, title, hazard, 'RESPONSE', rule_pack, opened_at FROM operations"
        " WHERE operation_id = '{operation}'"),
    ),
    "an operation lapses while a status stands": operated("operation", "state = 'LAPSED'"),
    "an operation is in a weaker status": operated("operation", "state = 'ALERT'"),
    "an operation ends": operated("operation", "state = 'ENDED', ended_at = '{now}'"),
    "an end of an operation is noted": operated("operation", "ended_at = '{now}'"),
    "an operation that ended goes on": operated("review", "state = 'RESPONSE'"),
    "a report on an operation is filed": operated("review", "after_action_report = 'x'"),
    "an operation is archived": operated("review", "state = 'ARCHIVED', archived_at = '{now}'"),
    "an operation was opened earlier": operated("operation", "opened_at = opened_at - interval '9 days'"),
    "a status is declared": (_STATUS.format("NULL"),),
    "a status is declared by a decision of something else": (_CLAIMED.format("recorded"), _STATUS.format("'{recorded}'")),
    "a status is prolonged": (_END.format("EXTENDED", "+ interval '9 days'", "x"),),
    "a status is handed back": (_END.format("HANDED_BACK", "- interval '9 days'", "x"),),
    "a status is closed": (_END.format("CLOSED", "- interval '9 days'", "x"),),
    "a status is cut short by no decree of the books": (_END.format("SUPERSEDED", "- interval '9 days'", "D2"),),
    "a status is over": standing(1, "ended = 'CLOSED'"),
    "a status was cut short": standing(1, "ended = 'SUPERSEDED'"),
    "a status was handed back by nobody": standing(1, "ended = 'HANDED_BACK'"),
    "a decree is taken back": standing(2, "ended = 'WITHDRAWN', withdrawn_at = '{now}'"),
    "a status that has run out stands again": standing(3, "ended = NULL"),
    "a line asks for more": ("UPDATE request_lines SET quantity = quantity + 1 WHERE surge_id = '{surge}'",),
    "a line ends later": ("UPDATE request_lines SET due_back = due_back + interval '9 days' WHERE surge_id = '{surge}'",),
    "a line is closed": ("UPDATE request_lines SET closed_at = '{now}' WHERE surge_id = '{surge}'",),
    "a line is taken out": ("DELETE FROM request_lines WHERE surge_id = '{over}'",),
    "a line is added": (
        ("INSERT INTO request_lines (line_id, surge_id, role, quantity, priority, site, lat, lon, report_at, due_back)"
        " SELECT '{surge}/02', surge_id, role, 9, 1, site, lat, lon, report_at, due_back FROM request_lines WHERE surge_id = '{surge}'"),
    ),
    "a unit lends below its redline": (
        ("INSERT INTO redline_overrides (override_id, government_id, surge_id, unit_id, role, extra, granted_by, reason_code, granted_at)"
        " VALUES ('{recorded}', 'kota-kecil', '{surge}', 'kota-kecil.PKM-1', 'nurse', 5, '{sekda}', 'x', '{now}')"),
    ),
    "a yearly cap is raised": (
        "INSERT INTO yearly_cap_waivers VALUES ('{recorded}', 'kota-kecil', '{surge}', '{free}', 9, '{sekda}', 'x', '{now}')",
    ),
    "a number is drawn for no signature": (_NUMBER.format("RESERVED", "{recorded}"),),
    "an order is issued at once": (_NUMBER.format("ISSUED", "{recorded}"),),
    "a number is given up that is issued": ("UPDATE orders SET state = 'VOID', void_reason = 'x' WHERE order_id = '{order}'",),
    "an order gets another number": ("UPDATE orders SET number = '1/2' WHERE order_id = '{order}'",),
    "an order is signed by another": ("UPDATE orders SET signatory_id = '{free}' WHERE order_id = '{order}'",),
    "a decision is made up as answered": (_COMMAND,),
    "a decision is answered without effect": ("UPDATE commands SET state = 'APPLIED' WHERE command_id = '{recorded}'",),
    "a decision is another's": ("UPDATE commands SET actor_id = '{free}' WHERE command_id = '{recorded}'",),
    "a decision was made earlier": ("UPDATE commands SET decided_at = decided_at - interval '1 day' WHERE command_id = '{recorded}'",),
    "a decision is another one": ("UPDATE commands SET kind = 'CLOSE_SURGE' WHERE command_id = '{recorded}'",),
    "a decision is taken back": ("UPDATE commands SET state = 'RECORDED' WHERE command_id = '{answered}'",),
    "a decision is taken out": ("DELETE FROM commands WHERE command_id = '{recorded}'",),
}  # fmt: skip
"""What is tried, each as statements in one transaction."""


@pytest.mark.parametrize("what", ATTACKS)
async def test_the_database_refuses_whoever_writes_that(prey: Prey, what: str) -> None:
    with pytest.raises(asyncpg.PostgresError) as caught:
        await prey.attack(*ATTACKS[what])
    assert caught.value.sqlstate == UNDECIDED, str(caught.value)


@pytest.mark.parametrize("what", ATTACKS)
async def test_nothing_else_would_refuse_that(prey: Prey, what: str) -> None:
    # What another guard refuses as well is no proof of these.
    try:
        await prey.attack(*dropping(), *ATTACKS[what])
    except asyncpg.PostgresError as error:
        assert error.sqlstate in ("SG001", "SG003", "SG004", "23P01", "23503"), str(error)  # noqa: PT017


async def test_each_guard_is_in_force(prey: Prey) -> None:
    async with prey.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT tgname FROM pg_trigger WHERE tgenabled = 'O' AND NOT tgisinternal"
        )
    assert {guard for guards in GUARDS.values() for guard in guards} <= {row["tgname"] for row in rows}
    assert Capacity.SEKDA in prey.books.town.officers


async def test_the_database_knows_the_same_steps_as_the_domain(prey: Prey) -> None:
    async with prey.books.database.reading() as connection:
        people = {tuple(row) for row in await connection.fetch("SELECT * FROM placement_steps")}
        operations = {tuple(row) for row in await connection.fetch("SELECT * FROM operation_steps")}
        surges = {tuple(row) for row in await connection.fetch("SELECT * FROM surge_steps")}
    assert people == {(a.value, b.value, one) for (a, b), behind in steps.steps().items() for one in behind}
    assert operations == {(a, b, one) for (a, b), behind in operation_steps.steps().items() for one in behind}
    assert surges == {(a, b, one) for (a, b), behind in surge_steps.steps().items() for one in behind}
