"""Events reach their subscribers: in order a person, at least once, patiently, signed; and dead letters can be seen."""

import asyncio
import itertools
import random
import signal
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path
from typing import Any

import aiosql
import pytest

from adapters.postgres import database as postgres
from adapters.postgres.invariants import invariants
from app import courier as couriers
from app import health, subscribers
from domain.deliveries import Patience
from domain.subscribers import shown
from runtime.clock import SteppedClock, SystemClock
from runtime.settings import ROOT, Settings, foreign_environment
from tests.app.courier_kit import PostOffice, post_office
from tests.patience import until

pytestmark = pytest.mark.long

Event = dict[str, Any]


@pytest.fixture
async def office(fresh_database: str) -> AsyncIterator[PostOffice]:
    async with post_office(fresh_database) as office:
        yield office


@contextmanager
def without(file: str, clause: str, instead: str, *names: str) -> Iterator[None]:
    """Take a guard out of statements."""
    text = (postgres.HERE / "sql" / file).read_text()
    assert clause in text, "the guard that this test takes away is not there"
    blind = aiosql.from_str(text.replace(clause, instead), "asyncpg-lists", mandatory_parameters=False)
    with pytest.MonkeyPatch.context() as patch:
        for name in names:
            patch.setattr(postgres.queries, name, getattr(blind, name))
        yield


def types(events: list[Event], person: str | None = None) -> list[str]:
    return [
        event["type"].split(".")[1]
        for event in events
        if person is None or event["data"]["person_id"] == person
    ]


def failing_for(person: str, times: int, seen: list[str]) -> Any:
    """Refuses the first event of a person so many times; `seen` is what it was asked to take, in order."""

    async def refuse(event: Event) -> int | None:
        seen.append(event["id"])
        mine = event["data"]["person_id"] == person
        return (
            500
            if mine and seen.count(event["id"]) <= times and event["type"] == "siaga.OfferSent.v1"
            else None
        )

    return refuse


LIFE = ("OfferSent", "OfferAnswered", "ReleaseDecided", "Mobilised", "CheckedIn", "Returned")


async def lives(office: PostOffice, people: list[str]) -> None:
    for event in LIFE:
        for person in people:
            await office.tell(event, person, state="X")


async def test_a_failing_person_holds_back_the_own_later_events_and_nobody_elses(office: PostOffice) -> None:
    failing, other = office.people[:2]
    seen: list[str] = []
    ear = await office.ear(refuse=failing_for(failing, 10_000, seen))
    await lives(office, [failing, other])
    async with office.courier(patience=Patience(first=timedelta(milliseconds=20), factor=1, attempts=10_000)):
        await until(lambda: types(ear.events, other) == list(LIFE), "the other one's life")
        await until(lambda: len([one for one in seen if seen.count(one) > 2]) > 0, "three tries")
        assert types(ear.events, failing) == []
        assert len({*seen}) == len(LIFE) + 1  # nothing of the failing one but the first was even sent
        ear.refuse = failing_for(failing, 0, seen)
        await until(lambda: types(ear.events, failing) == list(LIFE), "the failing one's life, in order")
    assert (ear.faults, ear.again) == ([], 0)


async def test_without_lanes_a_failing_first_event_is_overtaken(office: PostOffice) -> None:
    """What keeps the order is that events of one person share a lane."""
    failing = office.people[0]
    ear = await office.ear(refuse=failing_for(failing, 3, []))
    await lives(office, [failing])
    lane = "coalesce(person_id::text, case_id)"
    with without("deliveries.sql", lane, "seq::text", "open_lanes", "queue_deliveries"):
        async with office.courier():
            await until(lambda: len(ear.events) == len(LIFE), "all")
    assert types(ear.events) != list(LIFE)
    assert ear.faults


async def test_events_of_nobody_keep_their_order_within_a_case(office: PostOffice) -> None:
    ear = await office.ear()
    for number in range(5):
        for case in ("surge:SU-1", "surge:SU-2"):
            await office.tell("StaffingChanged", case=case, filled=number)
    async with office.courier():
        await until(lambda: len(ear.events) == 10, "all")
    for case in ("surge:SU-1", "surge:SU-2"):
        told = [event["data"]["details"]["filled"] for event in ear.events if event["subject"] == case]
        assert told == list(range(5))
        assert {event["partitionkey"] for event in ear.events if event["subject"] == case} == {case}


class Never(random.Random):
    """No jitter."""

    def random(self) -> float:
        return 0.0


async def test_between_tries_it_rests_ever_longer_by_the_clock(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers.random, "SystemRandom", Never)
    monkeypatch.setattr(couriers, "LOOK_AGAIN", 0.02)
    clock = office.clock = SteppedClock(SystemClock().now())
    tries: list[float] = []

    async def refuse(event: Event) -> int | None:
        tries.append(clock.now().timestamp())
        return 503 if len(tries) < 4 else None

    ear = await office.ear(refuse=refuse)
    seq = await office.tell("CheckedIn", office.people[0])
    async with office.courier(patience=Patience()):
        for rest in (5, 15, 45):
            before = len(tries)
            await until(lambda: len(tries) > 0, "the first try")

            async def written() -> bool:
                tried = "SELECT attempts FROM deliveries WHERE seq = $1"
                return bool(await office.value(tried, seq) == len(tries))

            await until(written, "the try in the books", every=0.01)
            before = len(tries)
            clock.step(timedelta(seconds=rest - 0.5))
            await asyncio.sleep(0.15)
            assert len(tries) == before, f"it did not rest for {rest} s"
            clock.step(timedelta(seconds=0.5))
            await until(lambda before=before: len(tries) == before + 1, f"a try after {rest} s")
        await office.until_state(ear, seq, "DELIVERED")
    assert [round(b - a) for a, b in itertools.pairwise(tries)] == [5, 15, 45]


async def test_what_is_given_up_can_be_seen_stops_its_person_and_is_sent_again_in_order(
    office: PostOffice,
) -> None:
    failing, other = office.people[:2]
    seen: list[str] = []
    ear = await office.ear(refuse=failing_for(failing, 10_000, seen))
    await lives(office, [failing, other])
    async with office.courier(patience=Patience(first=timedelta(milliseconds=5), attempts=3)):
        first = min(await office.states(ear), default=0) or 2
        await office.until_state(ear, first, "DEAD")
        await until(lambda: types(ear.events, other) == list(LIFE), "the other one's life")
        (dead,) = await office.books.subscribers.deliveries(
            office.town.government_id, subscriber_id=None, state=subscribers.DeliveryState.DEAD, most=9
        )
        assert (dead["seq"], dead["attempts"], dead["outcome"]) == (first, 3, "http_500")
        assert dead["held_back"] == len(LIFE) - 1
        assert types(ear.events, failing) == []
        died = await office.value("SELECT data FROM events WHERE type = 'DeliveryDied'")
        assert died == {"seq": first, "type": "OfferSent", "attempts": 3, "outcome": "http_500"}

        ear.refuse = failing_for(failing, 0, seen)
        assert await subscribers.resend(office.desk, office.administrator, ear.id) == (first,)
        await until(lambda: types(ear.events, failing) == list(LIFE), "the failing one's life, in order")
    assert ear.faults == []
    told = await office.books.subscribers.history(ear.id, office.town.government_id)
    assert [entry["type"] for entry in told] == ["SubscriberAdded", "DeliveryDied", "DeliveryResent"]
    assert told[2]["actor"] == office.administrator.person_id


async def test_who_skips_a_dead_letter_is_named_and_the_rest_goes_on_without_it(office: PostOffice) -> None:
    failing = office.people[0]
    ear = await office.ear(refuse=failing_for(failing, 10_000, []))
    await lives(office, [failing])
    async with office.courier(patience=Patience(first=timedelta(milliseconds=5), attempts=2)):
        await office.until_state(ear, 2, "DEAD")
        with pytest.raises(subscribers.Faulty, match="no such dead letter"):
            await subscribers.give_up(office.desk, office.administrator, ear.id, 3)
        assert await subscribers.give_up(office.desk, office.administrator, ear.id, 2) == (2,)
        await until(lambda: types(ear.events) == list(LIFE[1:]), "what stood behind it")
    skipped = await office.value("SELECT actor FROM events WHERE type = 'DeliverySkipped'")
    assert skipped == office.administrator.person_id
    assert (await office.states(ear))[2] == "SKIPPED"


async def test_what_is_too_large_is_given_up_at_once(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(couriers, "LARGEST_EVENT", 100)
    ear = await office.ear()
    seq = await office.tell("CheckedIn", office.people[0])
    async with office.courier():
        await office.until_state(ear, seq, "DEAD")
    assert await office.value("SELECT outcome FROM deliveries WHERE seq = $1", seq) == "too_large"


async def test_a_subscriber_who_hangs_takes_nothing_from_another(office: PostOffice) -> None:
    async def hang(_: Event) -> int | None:
        await asyncio.sleep(60)
        return None

    await office.ear(refuse=hang)
    well = await office.ear()
    people = office.people[:20]
    for person in people:
        await office.tell("CheckedIn", person)
    async with office.courier():
        await until(lambda: len(well.events) == len(people), "all of the other subscriber")
    assert well.faults == []


async def test_only_what_was_asked_for_is_sent_and_nothing_from_before(office: PostOffice) -> None:
    await office.tell("CheckedIn", office.people[0])
    some, all_of_it, rest = await office.ear("CheckedIn", "Returned"), await office.ear(from_start=True), None
    for event in LIFE:
        await office.tell(event, office.people[1])
    rest = await office.ear()
    await office.tell("CheckedIn", office.people[2])
    async with office.courier():
        await until(lambda: len(all_of_it.events) == 8, "everything from the start")
        await until(
            lambda: sorted(types(some.events)) == ["CheckedIn", "CheckedIn", "Returned"], "what was asked for"
        )
        await until(lambda: types(rest.events) == ["CheckedIn"], "what came after")
        await asyncio.sleep(0.1)
    # Three subscribers were added meanwhile: that stands in the log and is told to nobody.
    assert len(some.events) + len(all_of_it.events) + len(rest.events) == 12


async def test_who_asks_for_all_is_not_told_of_health_and_who_asks_by_name_is(office: PostOffice) -> None:
    everything, named = await office.ear(), await office.ear("InjuryReported", "CheckedIn")
    for event in ("CheckedIn", "InjuryReported", "Returned"):
        await office.tell(event, office.people[0])
    async with office.courier():
        await until(lambda: types(everything.events) == ["CheckedIn", "Returned"], "all but health")
        await until(lambda: types(named.events) == ["CheckedIn", "InjuryReported"], "what was named")
    (found,) = [
        r for r in await invariants(office.books.database, office.town.government_id) if r.code == "I5"
    ]
    assert (found.rows, found.violations) == (4, 0)


async def test_old_records_are_dropped_up_to_what_is_still_owed_and_the_log_says_what_they_were(
    office: PostOffice,
) -> None:
    ear = await office.ear()
    first, second = office.people[:2]
    async with office.courier():
        for event in ("OfferSent", "OfferAnswered"):
            await office.tell(event, first)
        await until(lambda: len(ear.events) == 2, "both")
    waiting = await office.tell("OfferSent", second)
    book, now = office.books.deliveries, office.clock.now()
    await book.hand_out(now)
    assert not await book.prune(now - timedelta(days=90), now), "nothing is old"
    assert await book.prune(now + timedelta(seconds=1), now)
    assert not await book.prune(now + timedelta(seconds=1), now), "what waits stays"
    assert await office.value("SELECT array_agg(seq) FROM deliveries") == [waiting]
    (row,) = await office.books.subscribers.board(office.town.government_id)
    assert (row["delivered"], row["waiting"]) == (2, 1)
    told = await office.value("SELECT data FROM events WHERE type = 'DeliveryRecordsPruned'")
    assert (told["upto"], told["delivered"], told["skipped"], len(told["records_sha256"])) == (
        waiting - 1,
        2,
        0,
        64,
    )
    async with office.courier():
        await office.tell("OfferAnswered", second)
        await until(lambda: types(ear.events, second) == ["OfferSent", "OfferAnswered"], "the rest, in order")
    assert len(ear.events) == 4
    (found,) = [
        r for r in await invariants(office.books.database, office.town.government_id) if r.code == "I5"
    ]
    assert (found.rows, found.violations) == (2, 0)


async def test_a_courier_drops_what_is_older_than_it_is_told_to_keep(office: PostOffice) -> None:
    ear = await office.ear()
    await office.tell("OfferSent", office.people[0])
    async with office.courier():
        await until(lambda: len(ear.events) == 1, "it")
    await asyncio.sleep(0.05)
    async with office.courier(kept_for=timedelta(milliseconds=10)):

        async def pruned() -> bool:
            return bool(await office.value("SELECT count(*) FROM deliveries") == 0)

        await until(pruned, "an empty record")
    assert len(ear.events) == 1


async def test_who_is_paused_loses_nothing_and_who_is_removed_is_told_no_more(office: PostOffice) -> None:
    ear, gone = await office.ear(), await office.ear()
    person = office.people[0]
    async with office.courier():
        await office.tell("OfferSent", person)
        await until(lambda: len(ear.events) == len(gone.events) == 1, "the first")
        await subscribers.pause(office.desk, office.administrator, ear.id)
        await subscribers.remove(office.desk, office.administrator, gone.id)
        await office.tell("OfferAnswered", person)
        await asyncio.sleep(0.8)
        assert len(ear.events) == len(gone.events) == 1
        await subscribers.resume(office.desk, office.administrator, ear.id)
        await until(lambda: types(ear.events) == ["OfferSent", "OfferAnswered"], "what came meanwhile")
    assert len(gone.events) == 1
    kept = "SELECT num_nonnulls(url, secret, old_secret) FROM subscribers WHERE subscriber_id = $1"
    assert await office.value(kept, gone.id) == 0


async def test_who_is_resumed_is_told_at_once_what_rests_after_a_failure_and_waits_for_nothing_once_removed(
    office: PostOffice,
) -> None:
    mended: list[bool] = []

    async def refuse(_: Event) -> int | None:
        return None if mended else 500

    ear, gone = await office.ear(refuse=refuse), await office.ear(refuse=refuse)
    first, second = office.people[:2]
    for person in (first, second, first):
        await office.tell("OfferSent", person)
    async with office.courier(patience=Patience(first=timedelta(hours=5))):
        failed = "SELECT count(*) = 4 FROM deliveries WHERE attempts = 1"
        await until(lambda: office.value(failed), "a first try of each lane")
        mended.append(True)
        await subscribers.pause(office.desk, office.administrator, ear.id)
        await subscribers.resume(office.desk, office.administrator, ear.id)
        await until(lambda: len(ear.events) == 3, "all of it")
    await subscribers.remove(office.desk, office.administrator, gone.id)
    rows = await office.desk.book.board(office.administrator.government_id)
    counted = {row["subscriber_id"]: (row["behind"], row["waiting"], row["dead"]) for row in rows}
    assert counted[gone.id] == (0, 0, 0)


async def test_two_secrets_sign_until_the_older_ones_time_is_over(office: PostOffice) -> None:
    ear = await office.ear()
    old = ear.secret
    new, until_then = await subscribers.rotate(
        office.desk, office.administrator, ear.id, timedelta(seconds=30)
    )
    assert new != old
    assert until_then is not None
    async with office.courier():
        for secret in (old, new):
            ear.secret = secret
            heard = len(ear.events)
            await office.tell("CheckedIn", office.people[0])
            await until(lambda heard=heard: len(ear.events) == heard + 1, "an event signed by both")
    assert ear.faults == []
    office.clock = SteppedClock(until_then)
    ear.secret = old
    seq = await office.tell("CheckedIn", office.people[0])
    async with office.courier():
        await until(lambda: ear.faults != [], "a complaint of who knows only the old secret")
        ear.secret = new
        office.clock.step(timedelta(seconds=1))
        await office.until_state(ear, seq, "DELIVERED")
    assert {*ear.faults} == {"no signature is right"}
    stored = await office.value("SELECT secret FROM subscribers WHERE subscriber_id = $1", ear.id)
    assert shown(stored) == new


# ── more than one courier, and one that dies ──────────────────────────────────────────────────────────────────────


async def crowd(office: PostOffice, rounds: int) -> int:
    for number in range(rounds):
        for person in office.people:
            await office.tell("StaffingChanged", person, filled=number)
    return rounds * len(office.people)


async def test_two_couriers_neither_double_nor_reorder(office: PostOffice) -> None:
    ear = await office.ear()
    number = await crowd(office, 10)
    async with office.courier(), office.courier(), office.courier():
        await until(lambda: len(ear.events) >= number, "all")
        await asyncio.sleep(0.2)
    assert (len(ear.events), ear.again, ear.faults) == (number, 0, [])
    await in_order(office)


async def test_without_leases_two_couriers_send_the_same(office: PostOffice) -> None:
    async def slow(_: Event) -> int | None:
        await asyncio.sleep(0.05)
        return None

    ear = await office.ear(refuse=slow)
    await crowd(office, 2)
    guard = "AND (l.leased_until IS NULL OR l.leased_until < :now)"
    with without("deliveries.sql", guard, "", "lease_lanes"):
        async with office.courier(), office.courier():
            await until(lambda: ear.again > 0, "an event sent twice")
    assert ear.again > 0


@pytest.mark.parametrize("later", range(6))  # steps of the loop between the two
async def test_a_courier_that_is_stirred_while_it_is_told_to_stop_stops(later: int) -> None:
    class Nothing:
        """A book in which there is nothing to do."""

        async def nothing(self, *_: object, **__: object) -> tuple[()]:
            return ()

        hand_out = lease = answer = prune = nothing

    courier = couriers.Courier(Nothing(), None, SystemClock())  # type: ignore[arg-type]
    running = asyncio.create_task(courier.run())
    await asyncio.sleep(0.02)
    courier._stir.set()
    for _ in range(later):
        await asyncio.sleep(0)
    running.cancel()
    done, _ = await asyncio.wait({running}, timeout=5)
    assert running in done
    assert running.cancelled()


async def test_what_a_lost_lease_brings_back_is_not_written(
    office: PostOffice, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A courier that slept through its lease may have sent twice; it may not write over the one that took the lane."""
    ear = await office.ear()
    seq = await office.tell("CheckedIn", office.people[0])
    book, now = office.books.deliveries, office.clock.now()
    await book.hand_out(now)
    (mine,) = await book.lease(now=now, until=now + timedelta(seconds=1), room=5, busy={})
    assert await book.lease(now=now, until=now + timedelta(seconds=1), room=5, busy={}) == ()
    later = now + timedelta(seconds=2)
    (theirs,) = await book.lease(now=later, until=later + timedelta(seconds=1), room=5, busy={})
    dead = couriers.Answered(mine, couriers.DeliveryState.DEAD, "timeout", later)
    assert await book.answer([dead], later) == 0
    assert (await office.states(ear))[seq] == "WAITING"
    taken = couriers.Answered(theirs, couriers.DeliveryState.DELIVERED, "http_204", later)
    assert await book.answer([taken], later) == 1
    assert (await office.states(ear))[seq] == "DELIVERED"


async def in_order(office: PostOffice) -> None:
    """By the books: within each lane positions rise with the entries."""
    bad = """SELECT count(*) FROM (SELECT position < lag(position) OVER (PARTITION BY subscriber_id, lane ORDER BY seq) AS back
                                     FROM deliveries) AS pairs WHERE back"""
    assert await office.value(bad) == 0


async def started(dsn: str, log: Path) -> asyncio.subprocess.Process:
    environment = {**foreign_environment(), "DATABASE_URL": dsn, "SIAGA_SUBSCRIBER_NETWORKS": "127.0.0.0/8"}
    with log.open("ab") as stderr:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", "app.courier", cwd=ROOT, env=environment, stderr=stderr
        )


async def test_a_courier_that_is_killed_in_the_middle_loses_nothing_and_keeps_the_order(
    office: PostOffice, fresh_database: str, tmp_path: Path
) -> None:
    held = asyncio.Event()

    async def hold_the_third(event: Event) -> int | None:
        if len(ear.events) >= 3:
            held.set()
            await asyncio.sleep(60)
        return None

    ear = await office.ear(refuse=hold_the_third)
    person, other = office.people[:2]
    await lives(office, [person])
    process = await started(fresh_database, tmp_path / "log")
    try:
        await asyncio.wait_for(held.wait(), 30)  # the fourth was sent and not answered
    finally:
        process.send_signal(signal.SIGKILL)
    assert await process.wait() == -signal.SIGKILL
    ear.refuse = type(ear)().refuse
    await lives(office, [other])
    async with office.courier(clock=SystemClock()):  # the dead one's lease is in force
        await until(lambda: types(ear.events, other) == list(LIFE), "whom no lease concerns")
    assert types(ear.events, person) == list(LIFE[:3])
    office.clock = SteppedClock(SystemClock().now() + couriers.LEASE)
    async with office.courier():
        await until(lambda: types(ear.events, person) == list(LIFE), "the rest, in order")
    assert ear.faults == []
    await in_order(office)


async def test_a_courier_that_is_told_to_stop_finishes_what_it_has_in_hand(
    office: PostOffice, fresh_database: str, tmp_path: Path
) -> None:
    held = asyncio.Event()

    async def slow(event: Event) -> int | None:
        held.set()
        await asyncio.sleep(1)
        return None

    ear = await office.ear(refuse=slow)
    seq = await office.tell("CheckedIn", office.people[0])
    process = await started(fresh_database, tmp_path / "log")
    await asyncio.wait_for(held.wait(), 30)
    process.send_signal(signal.SIGTERM)
    assert await asyncio.wait_for(process.wait(), 15) == 0, (tmp_path / "log").read_text()
    assert (await office.states(ear))[seq] == "DELIVERED"


# ── whether somebody is at work ───────────────────────────────────────────────────────────────────────────────────


async def test_the_health_check_notices_events_that_nobody_delivers(
    office: PostOffice, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = Settings.load(database_url=fresh_database)
    ear = await office.ear()
    seq = await office.tell("CheckedIn", office.people[0])
    assert await health.courier(settings) is None  # it may still come
    monkeypatch.setattr(couriers, "ALARM_AFTER", timedelta(seconds=-60))
    assert await health.courier(settings) == "0 lanes and 1 subscribers wait for a courier"
    await office.books.deliveries.hand_out(office.clock.now())
    assert await health.courier(settings) == "1 lanes and 0 subscribers wait for a courier"
    async with office.courier():
        await office.until_state(ear, seq, "DELIVERED")
    assert await health.courier(settings) is None


async def test_what_rests_is_paused_or_is_dead_is_no_fault_of_the_courier(
    office: PostOffice, fresh_database: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def refuse(_: Event) -> int | None:
        return 500

    settings = Settings.load(database_url=fresh_database)
    dead, resting, paused = [await office.ear(refuse=refuse) for _ in range(3)]
    seq = await office.tell("CheckedIn", office.people[0])
    async with office.courier(patience=Patience(attempts=1)):
        for ear in (dead, resting, paused):
            await office.until_state(ear, seq, "DEAD")
    for ear in (resting, paused):
        await subscribers.resend(office.desk, office.administrator, ear.id)
    await subscribers.pause(office.desk, office.administrator, paused.id)
    async with office.courier(patience=Patience(first=timedelta(hours=1), factor=1)):
        await until(
            lambda: office.value("SELECT attempts FROM deliveries WHERE subscriber_id = $1", resting.id),
            "a first try",
        )
    monkeypatch.setattr(couriers, "ALARM_AFTER", timedelta(seconds=-60))
    assert await health.courier(settings) is None
