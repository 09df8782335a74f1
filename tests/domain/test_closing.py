"""Closing: days and money of one road, who may evaluate when, and the review of a whole surge."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.wiring import in_force, rule_packs
from domain import cases
from domain.authority import Actor, Appointment, Capacity, CaseFacts, Denied, Granted, Tenure
from domain.closing.claims import amount_fault, reckoned
from domain.closing.costs import ClaimState, PersonCost, add_up
from domain.closing.days import Days, days_of, local_day, per_diem, rest_days
from domain.closing.evaluation import CRITERIA, Side, fault_of, may_evaluate, scores_of, side_of
from domain.closing.experience import practised
from domain.closing.road import Road, road_of
from domain.closing.terms import ClosingTerms
from domain.closing.times import BINS, rank, spread
from domain.duties import told
from domain.log import Attribution
from domain.report.source import Entry
from domain.report.words import rupiah
from domain.secondment import Alarm, Ask, Life, Moved, Rest, State, Trigger, decide, next_alarm
from tests.domain.test_secondment import CLOCK, SEAT

ZONES = ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura", "UTC", "Pacific/Auckland")
TERMS = ClosingTerms(timedelta(days=14), 2, 14, per_diem=170_000, meals_percent=30, practised_after=28)
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
START = datetime(2027, 1, 30, 1, 0, tzinfo=UTC)
CASE = cases.secondment("7c1f6f0e-2b7a-5d0e-9a53-0c7f2b8f2f11")


def entry(at: datetime, event: str, state: str, **data: Any) -> Entry:
    return Entry(
        0, event, at, CASE, "SYSTEM", {"state": state, "unit_id": "u1", "role": "wash", "site": "A"} | data
    )


def served(departed: datetime, duty: timedelta, home_after: timedelta, homeward: timedelta = DAY) -> Road:
    """A road: departed, on duty three hours later for `duty`, home `home_after` it."""
    arrived, ended = departed + 3 * HOUR, departed + 3 * HOUR + duty
    due = {"due_back": ended.isoformat()}
    home = due | {"home_by": (ended + homeward).isoformat(), "leaving": "DUE", "fills": True}
    return road_of(
        [
            entry(departed - 5 * HOUR, "OfferSent", "OFFERED", **due),
            entry(departed - 4 * HOUR, "OfferAnswered", "RELEASE_PENDING", **due),
            entry(departed, "Mobilised", "MOBILISING", **due),
            entry(arrived, "CheckedIn", "CHECKED_IN", **due),
            entry(arrived, "DutyStarted", "ON_DUTY", **due),
            entry(ended, "FellDue", "DEMOBILISING", **home),
            entry(ended + home_after / 2, "DemobSignedOff", "TRAVELLING_HOME", **home),
            entry(ended + home_after, "Returned", "RETURNED", **home),
        ]
    )


instants = st.datetimes(datetime(2026, 1, 1), datetime(2029, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001 - given UTC
lengths = st.timedeltas(HOUR, 30 * DAY)


@given(instants, lengths, st.timedeltas(timedelta(0), 5 * DAY), st.sampled_from(ZONES))
def test_days_are_those_that_a_calendar_on_the_wall_counts(
    departed: datetime, duty: timedelta, home_after: timedelta, zone: str
) -> None:
    road = served(departed, duty, home_after)
    assert road.departed_at
    assert road.returned_at
    days = days_of(road, TERMS, zone, at=road.returned_at)

    def on_the_wall(start: datetime, end: datetime) -> set[date]:
        """Every local day of which a minute lies in the span, walked a quarter of an hour at a time."""
        walked = {start.astimezone(ZoneInfo(zone)).date()}
        at = start
        while (at := at + timedelta(minutes=15)) < end:
            walked.add(at.astimezone(ZoneInfo(zone)).date())
        return walked | {(end - timedelta(microseconds=1)).astimezone(ZoneInfo(zone)).date()}

    worked = on_the_wall(departed + 3 * HOUR, departed + 3 * HOUR + duty)
    assert days.duty == len(worked)
    assert days.first == departed.astimezone(ZoneInfo(zone)).date()
    assert days.last == road.returned_at.astimezone(ZoneInfo(zone)).date()
    assert days.away == len(on_the_wall(departed, road.returned_at + timedelta(microseconds=1)))
    # What is paid counts as present and no more; the rest of the absence is late.
    assert days.away == days.present + days.late
    assert days.paid == days.present
    assert 0 <= days.fed <= min(days.duty, days.paid)
    assert days.rest == days.duty * 2 // 14
    assert not days.open


@given(instants, lengths, st.sampled_from(ZONES))
def test_the_same_road_gives_the_same_days_however_it_is_looked_at_later(
    departed: datetime, duty: timedelta, zone: str
) -> None:
    road = served(departed, duty, 6 * HOUR)
    assert road.returned_at
    first = days_of(road, TERMS, zone, at=road.returned_at)
    assert days_of(road, TERMS, zone, at=road.returned_at + 400 * DAY) == first
    assert first.late == 0


@pytest.mark.parametrize(
    ("zone", "away"),
    [("Asia/Jakarta", 2), ("Asia/Makassar", 1), ("Asia/Jayapura", 1)],
)
def test_one_instant_is_another_day_in_another_zone(zone: str, away: int) -> None:
    """16:30 UTC of 31 January is still January in Jakarta, and February in Kupang."""
    road = served(datetime(2027, 1, 31, 16, 30, tzinfo=UTC), 4 * HOUR, 3 * HOUR)
    days = days_of(road, TERMS, zone, at=START)
    assert days.away == away
    assert days.first == date(2027, 1, 31) if zone == "Asia/Jakarta" else date(2027, 2, 1)


def test_a_duty_counts_from_the_arrival_however_late_that_was_recorded() -> None:
    """Arrived on 6 April, typed in from paper on 9 April, due back on 13 April: eight days."""
    zone = ZoneInfo("Asia/Makassar")
    sixth = datetime(2027, 4, 6, 9, tzinfo=zone)
    life = Life(State.MOBILISING, 4, sixth - DAY, sixth - HOUR, datetime(2027, 4, 14, tzinfo=zone))
    told_so_far = [
        entry(life.since - DAY, "OfferSent", "OFFERED"),
        entry(life.since, "Mobilised", "MOBILISING"),
    ]
    for trigger, at in (
        (Trigger.CHECK_IN, sixth + 3 * DAY),
        (Trigger.START_DUTY, sixth + 3 * DAY),
        (Trigger.FALL_DUE, life.due_back),
    ):
        verdict = decide(life, trigger, CLOCK, Ask(reported_at=sixth), decided_at=at, now=at)
        assert isinstance(verdict, Moved)
        life = verdict.life
        came = {"reported_at": sixth.isoformat()} if trigger == Trigger.CHECK_IN else {}
        fact = told(SEAT, life, trigger, CLOCK, by=Attribution("x", "SYSTEM", "b"), at=at, said=came).fact
        told_so_far.append(Entry(0, fact.type, fact.at, CASE, "SYSTEM", fact.data))
        if trigger == Trigger.START_DUTY:
            assert life.rest == Rest(day_off_at=sixth, awake_since=sixth)
            assert Alarm(sixth + 7 * DAY, Trigger.LACK_REST) == next_alarm(
                replace(life, seen_at=life.due_back, notices=2), CLOCK
            )
    road = road_of(told_so_far)
    days = days_of(road, TERMS, "Asia/Makassar", at=life.due_back)
    assert (days.duty, days.fed) == (8, 8)
    assert [stay.start for stay in road.stays] == sorted(stay.start for stay in road.stays)


def test_whoever_is_looked_for_past_the_end_is_on_duty_no_more() -> None:
    over = {
        "due_back": (START + 3 * DAY).isoformat(),
        "leaving": "DUE",
        "home_by": (START + 4 * DAY).isoformat(),
    }
    road = road_of(
        [
            entry(START - DAY, "OfferSent", "OFFERED"),
            entry(START, "Mobilised", "MOBILISING"),
            entry(START, "CheckedIn", "CHECKED_IN"),
            entry(START, "DutyStarted", "ON_DUTY"),
            entry(START + 2 * DAY, "ContactLost", "OUT_OF_CONTACT"),
            entry(START + 3 * DAY, "FellDue", "OUT_OF_CONTACT", **over),
            entry(START + 4 * DAY, "ContactEscalated", "OUT_OF_CONTACT", **over),
            entry(START + 9 * DAY, "ContactRegained", "DEMOBILISING", **over),
        ]
    )
    days = days_of(road, TERMS, "Asia/Makassar", at=START + 9 * DAY)
    assert (days.away, days.duty, days.late) == (10, 4, 5)


def test_a_leap_day_and_the_turn_of_a_year_are_days() -> None:
    leap = served(datetime(2028, 2, 28, 1, tzinfo=UTC), 2 * DAY, 2 * HOUR)
    assert days_of(leap, TERMS, "Asia/Makassar", at=START).away == 3  # 28, 29 February, 1 March
    year = served(datetime(2027, 12, 31, 1, tzinfo=UTC), DAY, 2 * HOUR)
    assert days_of(year, TERMS, "Asia/Makassar", at=START).away == 2


def test_whoever_comes_home_late_is_paid_to_the_end_of_the_way_home() -> None:
    road = served(START, 7 * DAY, 4 * DAY)
    days = days_of(road, TERMS, "Asia/Makassar", at=START)
    assert (days.away, days.late, days.paid, days.present) == (12, 3, 9, 9)
    assert days.per_diem == 9 * 170_000 - 8 * 51_000


def test_whoever_is_still_out_is_counted_up_to_now() -> None:
    whole = served(START, 7 * DAY, DAY)
    road = road_of(
        [
            entry(START - HOUR, "OfferSent", "OFFERED", due_back=(START + 7 * DAY).isoformat()),
            entry(START, "Mobilised", "MOBILISING"),
            entry(START + HOUR, "CheckedIn", "CHECKED_IN"),
            entry(START + HOUR, "DutyStarted", "ON_DUTY"),
        ]
    )
    days = days_of(road, TERMS, "Asia/Makassar", at=START + 2 * DAY)
    assert (days.away, days.duty, days.open) == (3, 3, True)
    assert not days_of(whole, TERMS, "Asia/Makassar", at=START).open


def test_who_never_came_is_owed_nothing_and_who_was_unfit_is_owed_the_way() -> None:
    due = {"due_back": (START + 7 * DAY).isoformat()}
    begun = [
        entry(START - HOUR, "OfferSent", "OFFERED", **due),
        entry(START, "Mobilised", "MOBILISING", **due),
    ]
    away = entry(START + DAY, "NoShowReported", "NO_SHOW", leaving="NO_SHOW", fills=False)
    back = entry(START + 2 * DAY, "Returned", "RETURNED", leaving="NO_SHOW", fills=False)
    assert days_of(road_of([*begun, away, back]), TERMS, "UTC", at=START) == Days(None, None)
    unfit = entry(START + HOUR, "FoundUnfit", "UNFIT", leaving="UNFIT", fills=False)
    home = entry(START + DAY, "Returned", "RETURNED", leaving="UNFIT", fills=False)
    days = days_of(road_of([*begun, unfit, home]), TERMS, "UTC", at=START)
    assert (days.away, days.duty, days.per_diem) == (2, 0, 2 * 170_000)


def test_rest_is_granted_on_return_for_the_whole_absence() -> None:
    """Eleven days on one post and ten on another: three days off for the twenty-one, not one for each post."""

    def road(begins: str, ends: str, state: str, **more: object) -> Road:
        due = {"due_back": (START + 20 * DAY).isoformat()}
        return road_of(
            [
                entry(START, begins, "MOBILISING", **due, **more),
                entry(START, "CheckedIn", "CHECKED_IN", **due),
                entry(START, "DutyStarted", "ON_DUTY", **due),
                entry(START + 10 * DAY, ends, state, **due),
            ]
        )

    former = days_of(road("Mobilised", "Reassigned", "REASSIGNED"), TERMS, "UTC", at=START)
    assert (former.duty, former.rest) == (11, 0)
    last = road("MissionChanged", "Returned", "RETURNED", duty_before=11)
    days = days_of(last, TERMS, "UTC", at=START)
    assert (days.duty, days.rest) == (10, 3)  # 21 days in all
    assert days.rest > rest_days(11, TERMS)


def test_rest_at_the_site_and_an_injury_are_not_duty() -> None:
    due = {"due_back": (START + 9 * DAY).isoformat()}
    road = road_of(
        [
            entry(START, "OfferSent", "OFFERED", **due),
            entry(START, "Mobilised", "MOBILISING", **due),
            entry(START, "CheckedIn", "CHECKED_IN", **due),
            entry(START, "DutyStarted", "ON_DUTY", **due),
            entry(START + HOUR, "RestStarted", "RESTING", **due),
            entry(START + 2 * DAY, "RestEnded", "ON_DUTY", **due),
            entry(START + 2 * DAY + HOUR, "InjuryReported", "INJURED", choice="SERIOUS", **due),
            entry(START + 5 * DAY, "Returned", "RETURNED", **due),
        ]
    )
    assert days_of(road, TERMS, "UTC", at=START).duty == 2
    assert road.codes_of("InjuryReported") == ("SERIOUS",)


@given(st.integers(0, 60), st.data(), st.integers(0, 10**7), st.integers(0, 100))
def test_money_is_whole_and_nobody_gets_a_rupiah_less_than_exactly(
    paid: int, data: st.DataObject, rate: int, percent: int
) -> None:
    fed = data.draw(st.integers(0, paid))
    terms = replace(TERMS, per_diem=rate, meals_percent=percent)
    amount = per_diem(paid, fed, terms)
    exact_in_hundredths = 100 * paid * rate - fed * rate * percent
    assert 0 <= amount <= paid * rate
    assert -50 < 100 * amount - exact_in_hundredths <= 50


def test_a_claim_is_measured_by_the_days_of_the_whole_stay_each_post_by_its_own_terms() -> None:
    first, second = served(START, 7 * DAY, 6 * HOUR), served(START + 20 * DAY, 2 * DAY, 6 * HOUR)
    dear = replace(TERMS, per_diem=200_000)
    each = [
        days_of(road, terms, ZONES[1], at=START).per_diem for road, terms in ((first, TERMS), (second, dear))
    ]
    due = reckoned([(first, TERMS), (second, dear)], ZONES[1], at=START)
    assert due == sum(each) > each[0] > 0
    for amount in (1, due):
        assert amount_fault(amount, due, code=None, words=None) is None
    for code, words in ((None, None), ("LODGING", None), (None, "dua malam")):
        fault = amount_fault(due + 1, due, code=code, words=words) or ""
        assert rupiah(due + 1) in fault
        assert rupiah(due) in fault
    assert amount_fault(due + 1, due, code="LODGING", words="dua malam") is None


def test_whoever_pays_nothing_where_something_is_due_says_why_in_words() -> None:
    fault = amount_fault(0, 2_040_000, code=None, words=None) or ""
    assert "2.040.000" in fault
    assert "must be said in words" in fault
    assert amount_fault(0, 2_040_000, code=None, words="biaya ditanggung panitia") is None
    # Where the days come to nothing, nothing is to be explained.
    assert amount_fault(0, 0, code=None, words=None) is None


@given(st.integers(0, 400), st.integers(0, 400))
def test_rest_grows_with_duty_and_is_never_promised_in_parts(some: int, more: int) -> None:
    assert rest_days(some, TERMS) <= rest_days(some + more, TERMS)
    assert rest_days(14 * some, TERMS) == 2 * some


@given(st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40), st.integers(0, 40)), max_size=20))
def test_the_donors_and_the_people_add_up_to_the_surge(rows: list[tuple[str, int, int]]) -> None:
    people = [
        PersonCost(str(n), unit, "wash", "A", Days(START.date(), START.date(), away, duty, per_diem=away * 7))
        for n, (unit, away, duty) in enumerate(rows)
    ]
    costs = add_up(people)
    for name in ("away", "duty", "per_diem"):
        by_donor = sum(getattr(one, name) for one in costs.donors)
        assert by_donor == sum(getattr(one.days, name) for one in costs.people) == getattr(costs.total, name)
    assert costs.total.people == len(costs.people) == sum(away > 0 for _, away, _ in rows)


@pytest.mark.parametrize("claim", list(ClaimState))
def test_whoever_has_a_claim_and_no_day_of_their_own_here_is_counted_with_their_unit(
    claim: ClaimState,
) -> None:
    days = Days(START.date(), START.date(), 0, 0, per_diem=0)
    costs = add_up([PersonCost("1", "u", "wash", "A", days, claim), PersonCost("2", "v", "wash", "A", days)])
    assert [(one.unit_id, one.people, one.paid, one.waived, one.owed) for one in costs.donors] == [
        ("u", 1, *(int(claim == one) for one in (ClaimState.PAID, ClaimState.WAIVED, ClaimState.OWED)))
    ]


# ── evaluation ────────────────────────────────────────────────────────────────────────────────────────────────────

FACTS = CaseFacts("kota", subject_id="p", home_unit_id="u1")


def holder(person: str, *offices: Appointment) -> Actor:
    return Actor(person, "kota", offices)


@pytest.mark.parametrize(
    ("actor", "verdict"),
    [
        (holder("p"), Granted(Capacity.SUBJECT)),
        (holder("x", Appointment(Capacity.COMMAND_POST)), Granted(Capacity.COMMAND_POST)),
        (holder("x", Appointment(Capacity.COORDINATOR)), Granted(Capacity.COORDINATOR)),
        (holder("x", Appointment(Capacity.UNIT_HEAD, "u1")), Denied("no_authority")),
        (holder("x", Appointment(Capacity.AUDITOR)), Denied("no_authority")),
        (holder("x"), Denied("no_authority")),
        (Actor("x", "lain", (Appointment(Capacity.COMMAND_POST),)), Denied("no_such_case")),
        # The person's own substitute does not rate the person, nor somebody whom the person made one.
        (
            holder("x", Appointment(Capacity.COMMAND_POST, None, Tenure.SUBSTITUTE, "p", "y", "m")),
            Denied("own_case"),
        ),
        (
            holder("x", Appointment(Capacity.COMMAND_POST, None, Tenure.SUBSTITUTE, "y", "p", "m")),
            Denied("own_case"),
        ),
        (
            holder("x", Appointment(Capacity.COMMAND_POST, None, Tenure.SUBSTITUTE, "y", "y", "m")),
            Granted(Capacity.COMMAND_POST, Tenure.SUBSTITUTE, "y", "m"),
        ),
        (
            holder(
                "x",
                Appointment(
                    Capacity.COMMAND_POST, None, Tenure.SUBSTITUTE, "y", "y", "m", frozenset({"CHECK_IN"})
                ),
            ),
            Denied("no_authority"),
        ),
    ],
)
def test_who_may_evaluate(actor: Actor, verdict: Granted | Denied) -> None:
    assert may_evaluate(actor, FACTS) == verdict


def test_the_person_rates_the_posting_even_as_command_post() -> None:
    own = holder("p", Appointment(Capacity.COMMAND_POST))
    assert side_of(own, FACTS) == Side.PERSON
    assert may_evaluate(own, FACTS) == Granted(Capacity.SUBJECT)


def test_an_evaluation_waits_until_the_person_has_left_and_ends_with_the_term() -> None:
    road = served(START, 7 * DAY, DAY)
    assert road.returned_at
    ends = road.returned_at + TERMS.evaluation
    assert fault_of(road, (), Side.HOST, TERMS, now=ends) is None
    assert fault_of(road, (), Side.HOST, TERMS, now=ends + timedelta(seconds=1)) == "too_late"
    assert fault_of(road, {Side.HOST}, Side.HOST, TERMS, now=ends) == "evaluated_already"
    assert fault_of(road, {Side.HOST}, Side.PERSON, TERMS, now=ends) is None
    on_duty = road_of(
        [
            entry(START, "OfferSent", "OFFERED"),
            entry(START, "CheckedIn", "CHECKED_IN"),
            entry(START, "X", "ON_DUTY"),
        ]
    )
    assert fault_of(on_duty, (), Side.HOST, TERMS, now=START) == "not_left_the_site"


def test_every_criterion_of_the_side_is_rated_from_one_to_five() -> None:
    good = {one.value: 5 for one in CRITERIA[Side.HOST]}
    assert scores_of(Side.HOST, good) == dict.fromkeys(CRITERIA[Side.HOST], 5)
    assert scores_of(Side.HOST, good | {"WORK": 0}) == "scores.WORK: 0, expected 1 to 5"
    assert "INITIATIVE missing" in str(
        scores_of(Side.HOST, {k: v for k, v in good.items() if k != "INITIATIVE"})
    )
    assert str(scores_of(Side.HOST, good | {"SAFETY": 3})).startswith("scores: SAFETY is not rated here")


# ── experience, times ─────────────────────────────────────────────────────────────────────────────────────────────


def test_practice_lifts_a_skill_that_is_there_and_gives_no_new_one() -> None:
    skills = [("wash", 1, None), ("warehouse", 3, date(2027, 5, 1)), ("field_kitchen", 1, None)]
    duty = [("wash", 20), ("wash", 8), ("logistics", 90), ("field_kitchen", 27), ("psychosocial", 90)]
    rules = in_force(rule_packs())
    lifted = practised(skills, duty, {r: rule.skill for r, rule in rules.roles.items()}, after=28)
    assert [(one.skill, one.practised, one.by_practice) for one in lifted] == [
        ("wash", 2, True),
        ("warehouse", 3, False),
        ("field_kitchen", 1, False),
    ]


@given(st.lists(st.timedeltas(timedelta(0), 20 * DAY), min_size=1, max_size=80))
def test_a_spread_is_of_everybody_and_its_ranks_are_values_that_occurred(spans: list[timedelta]) -> None:
    found = spread("OFFER", spans)
    assert found is not None
    assert sum(found.bins) == found.people == len(spans)
    assert len(found.bins) == BINS
    assert {found.median, found.ninetieth, found.longest} <= set(spans)
    assert found.median <= found.ninetieth <= found.longest
    assert 2 * sum(span <= found.median for span in spans) >= len(spans)
    assert 10 * sum(span <= found.ninetieth for span in spans) >= 9 * len(spans)
    assert rank(sorted(spans), 100) == max(spans)


def test_nobody_makes_no_spread() -> None:
    assert spread("OFFER", ()) is None


def test_a_road_begins_with_an_offer() -> None:
    with pytest.raises(LookupError, match="begins with the offer"):
        road_of([])


def test_the_end_of_a_day_belongs_to_it() -> None:
    midnight = datetime(2027, 1, 31, 16, 0, tzinfo=UTC)  # in Kupang
    assert local_day(midnight, "Asia/Makassar") == date(2027, 2, 1)
