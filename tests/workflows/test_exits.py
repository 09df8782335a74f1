"""The exits and by-roads of a secondment on the real engine: each opens its seat, and each person comes home."""

import io
import json
import zipfile
from collections.abc import AsyncIterator
from datetime import timedelta, timezone
from typing import Any

import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from adapters.postgres.rebuild import boards_hold
from adapters.postgres.surges import SurgeBook
from adapters.temporal.messenger import Messenger
from app import evidence, musters, refusals
from app.closing import NotNow
from app.musters import Roll
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from domain.moves import Seat
from domain.muster import Among
from domain.secondment import Item, State
from lab import small_town
from lab.small_town import Donor
from runtime.clock import SystemClock
from tests.patience import until
from tests.workflows.kit import SETTLED, LiveTown, case_of, live_town, rules

pytestmark = [pytest.mark.long(80), pytest.mark.usefixtures("brisk")]
DAY = timedelta(days=1)
_K = CommandKind


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    clinics = (Donor("PKM-1", 8, 6), Donor("PKM-2", 8, 6))
    async with live_town(temporal_env.client, fresh_database, *clinics) as town:
        yield town
        found = await invariants(town.books.database, town.town.government_id)
        found += (await boards_hold(town.books.database, town.town.government_id, town.stage.clock.now()),)
        assert [one for one in found if one.violations] == []


def filed() -> dict[str, str | int | float]:
    """What the report to the insurer is called, today: none is older than its case."""
    return {"reference": "JKK/1", "dated": SystemClock().now().date().isoformat()}


async def open_tasks(live: LiveTown, case_id: str) -> list[tuple[Any, ...]]:
    async with live.books.database.reading() as connection:
        rows = await connection.fetch(
            "SELECT kind, capacity, unit_id FROM tasks WHERE case_id = $1 AND closed_at IS NULL", case_id
        )
    return [tuple(row) for row in rows]


def head_of(live: LiveTown, seat: Seat) -> str:
    return live.town.heads[seat.unit_id]


async def next_best(live: LiveTown, surge_id: str, *gone: Seat) -> Seat:
    """Whoever is offered the seat that was given up: somebody else."""
    (seat,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    assert seat.person_id not in {one.person_id for one in gone}
    return seat


async def column(live: LiveTown, seat: Seat, name: str) -> Any:
    return await live.value(f"SELECT {name} FROM placements WHERE placement_id = $1", seat.placement_id)


async def test_a_condition_is_granted_and_the_person_goes_on_the_later_day(live: LiveTown) -> None:
    _surge, (seat, other) = await live.offered(2)
    later = SystemClock().now() + 2 * DAY
    details: dict[str, str | int | float] = {"report_at": later.isoformat()}
    for one in (seat, other):
        await live.must(
            one.person_id, _K.ACCEPT_ON_CONDITION, case_of(one), choice="LATER_DATE", details=details
        )
    await live.must(Capacity.COORDINATOR, _K.GRANT_CONDITION, case_of(seat))
    await live.must(Capacity.COORDINATOR, _K.REFUSE_CONDITION, case_of(other))
    assert await live.state(seat) == "RELEASE_PENDING"
    assert await column(live, seat, "report_at") == later
    assert await live.state(other) == "DECLINED"
    await next_best(live, _surge, seat, other)


async def test_whoever_calls_somebody_absent_too_early_is_told_from_when_on(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    packs = rules(travel=DAY)
    async with live_town(temporal_env.client, fresh_database, Donor("PKM-1", 8, 6), packs=packs) as live:
        surge_id, (seat,) = await live.released(1)
        await live.must(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(surge_id))
        await live.until_state(seat, "MOBILISING")
        said = await live.decide(Capacity.COMMAND_POST, _K.REPORT_NO_SHOW, case_of(seat))
        refused = await small_town.answered(live.stage, said)
        assert refused.refusal == "too_early"
        # The order came late: they have the time that the way there takes.
        there = await column(live, seat, "since") + DAY
        there = there.astimezone(await live.books.registry.zone(live.town.government_id))
        told = await refusals.told(live.books, refused)
        assert told.endswith(f": nobody is absent before {there:%d %b %H:%M %Z}, when they are to be there")


@pytest.mark.parametrize(("kind", "state"), [(_K.REPORT_UNFIT, "UNFIT"), (_K.REPORT_NO_SHOW, "NO_SHOW")])
async def test_who_drops_out_on_the_way_is_replaced_and_the_home_head_closes_it(
    live: LiveTown, kind: CommandKind, state: str
) -> None:
    surge_id, (seat,) = await live.released(1)
    await live.must(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(surge_id))
    await live.until_state(seat, "MOBILISING")
    report_at = await column(live, seat, "report_at")

    async def time_to_report() -> bool:
        return SystemClock().now() > report_at

    await until(time_to_report)
    await live.must(Capacity.COMMAND_POST, kind, case_of(seat))
    assert (await live.state(seat), await column(live, seat, "out")) == (state, True)
    await next_best(live, surge_id, seat)
    await live.must(head_of(live, seat), _K.CONFIRM_RETURN, case_of(seat))
    # Who never came has nothing to settle; who was dropped on the way has days away, and nothing to report.
    assert await live.state(seat) == ("CLOSED" if state == "NO_SHOW" else "REPORTED")
    if state != "NO_SHOW":
        await live.must(Capacity.FINANCE_OFFICER, _K.SETTLE_CLAIM, case_of(seat), details=live.claim())
    assert await live.handle(case_of(seat)).result() == "CLOSED"


@pytest.mark.parametrize(
    ("who", "kind", "said", "leaving"),
    [
        ("head", _K.RECALL, {"choice": "ESSENTIAL_SERVICE"}, "RECALLED"),
        (Capacity.COMMAND_POST, _K.RELEASE_EARLY, {"choice": "NO_LONGER_NEEDED"}, "RELEASED_EARLY"),
        ("head", _K.CONFIRM_AFFECTED, {"details": {"until": "2031-01-01T00:00:00+08:00"}}, "AFFECTED"),
    ],
)
async def test_every_early_exit_opens_the_seat_and_the_person_is_brought_home(
    live: LiveTown, who: str | Capacity, kind: CommandKind, said: dict[str, Any], leaving: str
) -> None:
    surge_id, (seat,) = await live.on_site(1)
    await live.must(head_of(live, seat) if who == "head" else who, kind, case_of(seat), **said)
    assert await live.state(seat) == "DEMOBILISING"
    assert await column(live, seat, "leaving") == leaving
    await next_best(live, surge_id, seat)
    await live.bring_home(seat)
    await live.settle(seat)
    assert await live.handle(case_of(seat)).result() == "CLOSED"
    if kind == _K.CONFIRM_AFFECTED:
        until_day = await live.value("SELECT affected_until FROM people WHERE person_id = $1", seat.person_id)
        assert str(until_day) == "2031-01-01"


async def test_nobody_is_kept_from_being_asked_until_a_day_that_is_over(live: LiveTown) -> None:
    _surge, (seat,) = await live.on_site(1)
    over = {"until": "2026-01-01T00:00:00+08:00"}
    refused = await live.decide(head_of(live, seat), _K.CONFIRM_AFFECTED, case_of(seat), details=over)
    assert refused.refusal == "ends_in_the_past"
    assert await live.state(seat) in ("CHECKED_IN", "ON_DUTY")


async def test_an_injury_opens_the_seat_and_nobody_goes_home_without_its_report(live: LiveTown) -> None:
    surge_id, (seat,) = await live.on_site(1)
    await live.must(Capacity.COMMAND_POST, _K.REPORT_INJURY, case_of(seat), choice="SERIOUS")
    await next_best(live, surge_id, seat)
    await live.must(Capacity.COMMAND_POST, _K.RELEASE_EARLY, case_of(seat), choice="HEALTH")
    owed = await live.decide(Capacity.COMMAND_POST, _K.SIGN_DEMOB, case_of(seat), details=SETTLED)
    assert (owed.state, owed.refusal) == (CommandState.REFUSED, "accident_report_owed")
    await live.must(head_of(live, seat), _K.FILE_ACCIDENT_REPORT, case_of(seat), details=filed())
    await live.bring_home(seat)


async def test_whoever_is_hurt_on_the_way_home_is_back_and_still_owed_the_report(live: LiveTown) -> None:
    surge_id, (seat,) = await live.on_site(1)
    await live.must(Capacity.COMMAND_POST, _K.REPORT_INJURY, case_of(seat), choice="LIGHT")
    await live.must(Capacity.COMMAND_POST, _K.RESUME_DUTY, case_of(seat))
    await live.must(head_of(live, seat), _K.FILE_ACCIDENT_REPORT, case_of(seat), details=filed())
    await live.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))
    await live.until_state(seat, "DEMOBILISING")
    await live.must(Capacity.COMMAND_POST, _K.SIGN_DEMOB, case_of(seat), details=SETTLED)
    await live.must(Capacity.COMMAND_POST, _K.REPORT_INJURY, case_of(seat), choice="LIGHT")
    await live.must(head_of(live, seat), _K.CONFIRM_RETURN, case_of(seat))
    back_at = await column(live, seat, "returned_at")
    assert [await column(live, seat, name) for name in ("state", "held", "out")] == ["RETURNED", False, False]
    owed = ("FILE_ACCIDENT_REPORT", "UNIT_HEAD", seat.unit_id)
    assert owed in await open_tasks(live, case_of(seat)), "beside the papers of every return"
    assert seat.placement_id in {one.placement_id for one, *_ in await live.books.registry.open_secondments()}
    early = await live.decide(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))
    refused = await small_town.answered(live.stage, early)
    assert (refused.state, refused.refusal) == (CommandState.REFUSED, "accident_report_owed")
    await live.must(head_of(live, seat), _K.FILE_ACCIDENT_REPORT, case_of(seat), details=filed())
    assert await live.state(seat) == "RETURNED"
    assert await column(live, seat, "returned_at") == back_at
    await live.must(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))


async def test_the_checklist_is_signed_or_waived_item_by_item(live: LiveTown) -> None:
    _surge, (seat,) = await live.on_site(1)
    await live.must(Capacity.COMMAND_POST, _K.RELEASE_EARLY, case_of(seat), choice="REPLACED")
    signed: dict[str, str | int | float] = {"items": "ASSETS DATA_HANDOVER ACCOUNTS"}
    await live.must(Capacity.COMMAND_POST, _K.SIGN_CHECKLIST, case_of(seat), details=signed)
    still_open = await live.decide(Capacity.COMMAND_POST, _K.SIGN_DEMOB, case_of(seat))
    assert still_open.refusal == "checklist_open"
    await live.must(
        Capacity.COORDINATOR, _K.WAIVE_CHECKLIST, case_of(seat), details={"items": "HEALTH TRAVEL"}
    )
    assert set(await column(live, seat, "checklist")) == {item.value for item in Item}
    await live.must(Capacity.COMMAND_POST, _K.SIGN_DEMOB, case_of(seat))
    assert await live.state(seat) == "TRAVELLING_HOME"


async def test_a_duty_is_prolonged_when_all_three_agree_and_an_amended_order_says_so(live: LiveTown) -> None:
    surge_id, (seat,) = await live.on_site(1)
    before, first_order = await column(live, seat, "due_back"), await column(live, seat, "order_id")
    longer = before + 3 * DAY
    case = case_of(seat)
    too_long = await live.decide(
        Capacity.COMMAND_POST, _K.PROPOSE_EXTENSION, case, details={"until": (before + 40 * DAY).isoformat()}
    )
    assert too_long.refusal == "longer_than_allowed"
    # As somebody in Kupang says it: the books tell the same instant in UTC.
    said = longer.astimezone(timezone(timedelta(hours=8))).isoformat()
    await live.must(Capacity.COMMAND_POST, _K.PROPOSE_EXTENSION, case, details={"until": said})
    nobody = await live.decide(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(surge_id))
    assert nobody.refusal == "nobody_to_order"
    await live.must(seat.person_id, _K.CONSENT_EXTENSION, case)
    await live.must(head_of(live, seat), _K.APPROVE_EXTENSION, case)
    await live.must(Capacity.COMMAND_POST, _K.APPROVE_EXTENSION, case)

    async def asked_to_sign() -> bool:
        ask = "SELECT count(*) FROM tasks WHERE kind = 'SIGN_ORDER' AND case_id = $1 AND closed_at IS NULL"
        return bool(await live.value(ask, cases.surge(surge_id)))

    await until(asked_to_sign)
    await live.must(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(surge_id))

    async def prolonged() -> bool:
        return bool(await column(live, seat, "due_back") == longer)

    await until(prolonged)
    assert await column(live, seat, "extensions") == 1
    assert await column(live, seat, "extend_until") is None
    assert await column(live, seat, "order_id") != first_order
    assert await live.value("SELECT count(*) FROM events WHERE type = 'ExtensionDecided'") == 1
    again = await live.decide(
        Capacity.COMMAND_POST, _K.PROPOSE_EXTENSION, case, details={"until": (longer + DAY).isoformat()}
    )
    assert again.refusal == "extended_already"
    await live.close(surge_id)


async def test_one_objection_ends_a_proposal(live: LiveTown) -> None:
    _surge, (seat,) = await live.on_site(1)
    before = await column(live, seat, "due_back")
    until_then: dict[str, str | int | float] = {"until": (before + 3 * DAY).isoformat()}
    await live.must(Capacity.COMMAND_POST, _K.PROPOSE_EXTENSION, case_of(seat), details=until_then)
    await live.must(seat.person_id, _K.OBJECT_EXTENSION, case_of(seat))
    late = await live.decide(head_of(live, seat), _K.APPROVE_EXTENSION, case_of(seat))
    assert late.refusal == "no_extension_proposed"
    assert await column(live, seat, "due_back") == before


async def test_a_longer_stay_than_the_ordinary_one_has_its_reason_in_the_log(live: LiveTown) -> None:
    _surge, (seat,) = await live.on_site(1)
    longer = await column(live, seat, "report_at") + 23 * DAY
    beyond: dict[str, str | int | float] = {"until": longer.isoformat()}
    bare = await live.decide(Capacity.SEKDA, _K.WAIVE_EXTENSION_LIMIT, case_of(seat), details=beyond)
    assert bare.refusal == "reason_missing"
    await live.must(
        Capacity.SEKDA, _K.WAIVE_EXTENSION_LIMIT, case_of(seat), choice="NO_RELIEF", details=beyond
    )
    kept = "SELECT data ->> 'choice' FROM events WHERE type = 'ExtensionProposed'"
    assert await live.value(kept) == "NO_RELIEF"
    assert await column(live, seat, "extend_side") == "HOME"


async def test_nobody_is_prolonged_past_the_emergency_status(live: LiveTown) -> None:
    _surge, (seat,) = await live.on_site(1, duty=13 * DAY)
    # The status was declared for thirty days some moments before the person was to report.
    longest = await column(live, seat, "report_at") + 30 * DAY - timedelta(seconds=1)
    beyond: dict[str, str | int | float] = {"until": longest.isoformat()}
    refused = await live.decide(
        Capacity.SEKDA, _K.WAIVE_EXTENSION_LIMIT, case_of(seat), choice="NO_RELIEF", details=beyond
    )
    assert refused.refusal == "reaches_past_the_status"
    assert await live.state(seat) in ("CHECKED_IN", "ON_DUTY")


async def test_an_order_is_cancelled_before_anybody_leaves_and_the_next_is_asked(live: LiveTown) -> None:
    surge_id, (seat,) = await live.released(1)
    await live.must(Capacity.COORDINATOR, _K.CANCEL_ORDER, case_of(seat), choice="MISTAKE")
    assert await live.handle(case_of(seat)).result() == "ORDER_CANCELLED"
    await next_best(live, surge_id, seat)


async def test_a_conversion_by_its_decree_lets_go_and_stands_in_the_evidence(live: LiveTown) -> None:
    surge_id, (seat,) = await live.on_site(1)
    await live.until_state(seat, "ON_DUTY")
    decree = {"decreed_by": "APPOINTING_AUTHORITY", "decree": "821/1", "decree_date": "2026-11-22"}
    # Past the door, a decision might lack a part of it.
    for part in decree:
        said = {key: value for key, value in decree.items() if key != part}
        bare = await live.decide(Capacity.APPOINTING_AUTHORITY, _K.CONVERT, case_of(seat), details=said)
        assert bare.refusal == "faulty_details", part
    await live.must(Capacity.APPOINTING_AUTHORITY, _K.CONVERT, case_of(seat), details=decree)
    assert await live.state(seat) == "CONVERTED"
    assert (await column(live, seat, "out"), await column(live, seat, "held")) == (False, False)
    # Let go, and not asked again before they have rested, though they did not come home.
    book, now = SurgeBook(live.books.database, dict(live.books.rules)), live.stage.clock.now()
    for later, why in ((6 * DAY, "S05"), (8 * DAY, "")):
        people = (await book.problem(surge_id, now + later)).people
        assert dict(zip(people.ids, people.blocked, strict=True))[seat.person_id] == why
    placed = await live.books.closing.placed(seat.placement_id)
    files = evidence.pack(placed, [], [], live.books.closing.terms(placed.rule_pack))
    with zipfile.ZipFile(io.BytesIO(files)) as folder:
        (entry,) = json.loads(folder.read("conversion.json"))["entries"]
    assert {part: entry["data"][part] for part in decree} == decree
    officer = live.town.officers[Capacity.APPOINTING_AUTHORITY]
    assert (entry["actor"], entry["authority"]) == (officer, "APPOINTING_AUTHORITY")


async def test_a_death_before_leaving_ends_it_and_owes_nothing(live: LiveTown) -> None:
    surge_id, (seat,) = await live.released(1)
    await live.must(Capacity.COORDINATOR, _K.REPORT_DEATH, case_of(seat))
    assert await live.handle(case_of(seat)).result() == "DECEASED"
    await next_best(live, surge_id, seat)


@pytest.mark.parametrize("settled", ["filed", "waived"])
async def test_a_death_lets_the_person_go_and_the_surge_does_not_close_before_its_report(
    live: LiveTown, settled: str
) -> None:
    surge_id, (seat,) = await live.on_site(1)
    lent = "SELECT sum(lent)::int FROM unit_roles"
    assert await live.value(lent) == 1
    await live.must(Capacity.COMMAND_POST, _K.REPORT_DEATH, case_of(seat))
    assert [await column(live, seat, name) for name in ("state", "held", "out", "fills")] == [
        *("ACCIDENT_REPORT_OWED", False, False, False)
    ]
    await next_best(live, surge_id, seat)
    again = await small_town.answered(
        live.stage, await live.decide(Capacity.COMMAND_POST, _K.REPORT_DEATH, case_of(seat))
    )
    assert (again.state, again.refusal) == (CommandState.REFUSED, "not_now")
    await live.must(Capacity.COORDINATOR, _K.STAND_DOWN, cases.surge(surge_id))

    async def nobody_is_lent() -> bool:
        return await live.value(lent) == 0

    await until(nobody_is_lent)
    assert await open_tasks(live, case_of(seat)) == [("FILE_ACCIDENT_REPORT", "UNIT_HEAD", seat.unit_id)]
    assert await live.runs(case_of(seat))
    early = await live.decide(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))
    refused = await small_town.answered(live.stage, early)
    assert (refused.state, refused.refusal) == (CommandState.REFUSED, "accident_report_owed")
    if settled == "filed":
        await live.must(head_of(live, seat), _K.FILE_ACCIDENT_REPORT, case_of(seat), details=filed())
    else:
        await live.must(Capacity.SEKDA, _K.WAIVE_ACCIDENT_REPORT, case_of(seat), choice="INSURER_TOOK_OVER")
    assert await live.handle(case_of(seat)).result() == "DECEASED"
    assert await column(live, seat, "accident") is (True if settled == "filed" else None)
    assert await open_tasks(live, case_of(seat)) == []
    await live.must(Capacity.COORDINATOR, _K.CLOSE_SURGE, cases.surge(surge_id))


async def test_a_death_whose_report_is_owed_is_taken_up_again_where_it_stood(live: LiveTown) -> None:
    _surge, (seat,) = await live.on_site(1)
    await live.must(Capacity.COMMAND_POST, _K.REPORT_DEATH, case_of(seat))
    await live.handle(case_of(seat)).terminate("the engine lost it")
    assert not await live.runs(case_of(seat))
    for found, life, pack in await live.books.registry.open_secondments():
        if found.placement_id == seat.placement_id:
            rules = live.books.rules[pack]
            messenger = Messenger(live.client, live.queue)
            await messenger.begin_secondment(found, life, rules.clock, rules.basis("surge"))
    assert await live.runs(case_of(seat))
    await live.must(head_of(live, seat), _K.FILE_ACCIDENT_REPORT, case_of(seat), details=filed())
    assert await live.handle(case_of(seat)).result() == "DECEASED"


async def test_an_arrival_from_paper_keeps_both_times(live: LiveTown) -> None:
    surge_id, (seat,) = await live.released(1)
    await live.must(Capacity.SIGNATORY, _K.SIGN_ORDER, cases.surge(surge_id))
    await live.until_state(seat, "MOBILISING")
    arrived = await column(live, seat, "offered_at") + timedelta(milliseconds=1)
    said: dict[str, str | int | float] = {"reported_at": arrived.isoformat()}
    await live.must(Capacity.COMMAND_POST, _K.CHECK_IN, case_of(seat), choice="PAPER", details=said)
    assert await column(live, seat, "arrived_at") == arrived
    assert await column(live, seat, "checked_in_at") > arrived


async def test_nobody_is_called_of_a_surge_that_has_ended(live: LiveTown) -> None:
    surge_id, _ = await live.offered(1)
    post = await live.stage.actor(live.town.officers[Capacity.COMMAND_POST], live.town.government_id)
    roll = await musters.take_muster(live.stage.house, live.books.musters, post, surge_id, Roll())
    assert (roll.present, roll.missing) == ((), ())
    await live.must(Capacity.COORDINATOR, _K.CANCEL_SURGE, cases.surge(surge_id), choice="NO_LONGER_NEEDED")

    async def ended() -> bool:
        return bool(await live.value("SELECT state = 'CANCELLED' FROM surges WHERE surge_id = $1", surge_id))

    await until(ended)
    with pytest.raises(NotNow, match="already_ended"):
        await musters.take_muster(live.stage.house, live.books.musters, post, surge_id, Roll())


async def test_a_roll_call_finds_whoever_was_out_of_contact(live: LiveTown) -> None:
    surge_id, seats = await live.on_site(2)
    for seat in seats:
        await live.until_state(seat, "ON_DUTY")
    who = await live.stage.actor(live.town.officers[Capacity.COMMAND_POST], live.town.government_id)
    roll = Roll(absent=(seats[0].placement_id,))
    muster = await musters.take_muster(live.stage.house, live.books.musters, who, surge_id, roll)
    assert muster.present == (seats[1].placement_id,)
    assert muster.missing == (seats[0].placement_id,)
    of_one = Roll(among=Among(unit_id=seats[0].unit_id, site=seats[0].site))
    muster = await musters.take_muster(live.stage.house, live.books.musters, who, surge_id, of_one)
    assert muster.present == tuple(
        sorted(one.placement_id for one in seats if one.unit_id == seats[0].unit_id)
    )
    with pytest.raises(musters.Faulty, match=f"but of {seats[0].site}"):
        await musters.take_muster(
            live.stage.house, live.books.musters, who, surge_id, Roll(among=Among(site="Pos 99"))
        )
    with pytest.raises(musters.Faulty, match="nobody who is expected"):
        await musters.take_muster(
            live.stage.house, live.books.musters, who, surge_id, Roll(present=("no-such",))
        )
