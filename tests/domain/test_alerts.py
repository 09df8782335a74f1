"""What a public warning may set in motion, and which one stands."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.alert_areas import Reach, distance_km, in_polygon, reach
from domain.alerts import (
    Alert,
    Area,
    Category,
    Certainty,
    Circle,
    Effect,
    Info,
    MsgType,
    Scope,
    Severity,
    Status,
    Urgency,
    receive,
    standing,
)

NOW = datetime(2026, 11, 21, 6, tzinfo=UTC)
KUPANG = (-10.163, 123.607)
SQUARE = ((-10.2, 123.5), (-10.1, 123.5), (-10.1, 123.7), (-10.2, 123.7), (-10.2, 123.5))


def info(*areas: Area, expires: datetime | None = None, language: str = "id") -> Info:
    return Info(
        language, (Category.MET,), "Banjir", Urgency.IMMEDIATE, Severity.SEVERE, Certainty.OBSERVED,
        expires=expires, areas=areas,
    )  # fmt: skip


def message(
    name: str, kind: MsgType = MsgType.ALERT, *about: Alert, hour: int = 0, sender: str = "bmkg"
) -> Alert:
    sent = NOW + timedelta(hours=hour)
    references = tuple(earlier.as_reference for earlier in about)
    return Alert(
        name, sender, sent, Status.ACTUAL, kind, Scope.PUBLIC, references=references, infos=(info(),)
    )


FIRST = message("1")
UPDATE = message("2", MsgType.UPDATE, FIRST, hour=1)
CANCEL = message("3", MsgType.CANCEL, UPDATE, hour=2)


def test_a_real_alert_opens_and_an_update_revises_and_a_cancel_ends() -> None:
    assert receive(FIRST, [], now=NOW).effect is Effect.OPENS
    assert receive(UPDATE, [FIRST], now=NOW).effect is Effect.REVISES
    ended = receive(CANCEL, [FIRST, UPDATE], now=NOW)
    assert (ended.effect, ended.superseded) == (Effect.ENDS, (("bmkg", "2"),))


@pytest.mark.parametrize("status", [Status.EXERCISE, Status.TEST, Status.SYSTEM, Status.DRAFT])
@pytest.mark.parametrize("kind", list(MsgType))
def test_what_is_not_actual_never_mobilises(status: Status, kind: MsgType) -> None:
    drill = replace(message("9", kind, FIRST, hour=1), status=status)
    reception = receive(drill, [FIRST], now=NOW)
    assert not reception.may_mobilise
    assert reception.effect is Effect.RECORDED
    assert reception.superseded == ()
    assert standing([FIRST, drill], now=NOW) == (FIRST,)


def test_a_drill_takes_back_a_drill_and_nothing_real() -> None:
    drill = replace(FIRST, identifier="9", status=Status.EXERCISE)
    end = replace(CANCEL, references=(drill.as_reference, FIRST.as_reference), status=Status.EXERCISE)
    assert receive(end, [drill, FIRST], now=NOW).superseded == (drill.key,)


@pytest.mark.parametrize("kind", [MsgType.ACK, MsgType.ERROR])
def test_an_acknowledgement_moves_nothing(kind: MsgType) -> None:
    assert receive(message("4", kind, FIRST, hour=1), [FIRST], now=NOW).effect is Effect.RECORDED


def test_the_same_message_twice_is_one() -> None:
    assert receive(FIRST, [FIRST], now=NOW).reason == "already_received"
    other = replace(FIRST, infos=())
    again = receive(other, [FIRST], now=NOW)
    assert (again.effect, again.reason) == (Effect.DUPLICATE, "identifier_reused")


def test_the_same_identifier_of_another_sender_is_another_message() -> None:
    assert receive(replace(FIRST, sender="bpbd"), [FIRST], now=NOW).effect is Effect.OPENS


def test_nobody_takes_back_the_message_of_another_sender() -> None:
    foreign = replace(CANCEL, sender="prankster", references=(FIRST.as_reference,))
    assert receive(foreign, [FIRST], now=NOW).reason == "cancel_of_unknown"
    assert standing([FIRST, foreign], now=NOW) == (FIRST,)


def test_a_reference_counts_only_with_the_time_that_the_message_was_sent() -> None:
    wrong = replace(FIRST.as_reference, sent=NOW + timedelta(seconds=1))
    assert standing([FIRST, replace(CANCEL, references=(wrong,))], now=NOW) == (FIRST,)


def test_a_message_is_not_superseded_by_an_earlier_one() -> None:
    early = replace(CANCEL, sent=NOW - timedelta(hours=1), references=(FIRST.as_reference,))
    assert standing([FIRST, early], now=NOW) == (FIRST,)


def test_an_expired_alert_moves_nothing_and_one_without_end_stands() -> None:
    over = replace(FIRST, infos=(info(expires=NOW),))
    assert receive(over, [], now=NOW).reason == "expired"
    half = replace(FIRST, infos=(info(expires=NOW), info()))
    assert receive(half, [], now=NOW).effect is Effect.OPENS
    longer = replace(FIRST, infos=(info(expires=NOW), info(expires=NOW + timedelta(hours=1))))
    assert receive(longer, [], now=NOW).effect is Effect.OPENS


def test_an_update_whose_first_message_was_lost_opens_by_itself() -> None:
    assert receive(UPDATE, [], now=NOW) == receive(UPDATE, [message("7")], now=NOW)
    assert receive(UPDATE, [], now=NOW).effect is Effect.OPENS


def test_an_alert_that_comes_after_its_own_cancel_moves_nothing() -> None:
    cancel = message("3", MsgType.CANCEL, FIRST, hour=2)
    assert receive(cancel, [], now=NOW).reason == "cancel_of_unknown"
    late = receive(FIRST, [cancel], now=NOW)
    assert (late.effect, late.reason) == (Effect.RECORDED, "overtaken")


def test_in_whatever_order_they_come_the_same_messages_stand() -> None:
    other = message("5", hour=1)
    every = [FIRST, UPDATE, CANCEL, other]
    assert {standing(order, now=NOW) for order in permutations(every)} == {(other,)}


@given(
    st.permutations([FIRST, UPDATE, CANCEL, message("5"), replace(FIRST, identifier="6", status=Status.TEST)])
)
def test_a_cancelled_warning_is_never_the_last_word_in_any_order(order: list[Alert]) -> None:
    known: list[Alert] = []
    for alert in order:
        reception = receive(alert, known, now=NOW)
        if CANCEL in known and alert is UPDATE:
            assert not reception.may_mobilise
        known.append(alert)
    assert UPDATE not in standing(known, now=NOW)


def test_the_language_asked_for_is_preferred_and_the_first_taken_else() -> None:
    both = replace(FIRST, infos=(info(language="en-US"), info(language="id-ID")))
    assert both.info("id") is both.infos[1]
    assert both.info("fr") is both.infos[0]
    assert replace(FIRST, infos=()).info() is None


def in_area(area: Area) -> Alert:
    return replace(FIRST, infos=(info(area),))


@pytest.mark.parametrize(
    ("area", "expected"),
    [
        (Area("kota", (SQUARE,)), Reach.INSIDE),
        (Area("lain", (tuple((lat + 1, lon) for lat, lon in SQUARE),)), Reach.OUTSIDE),
        (Area("kota", circles=(Circle((-10.17, 123.61), 5),)), Reach.INSIDE),
        (Area("lain", circles=(Circle((-9.0, 123.61), 5),)), Reach.OUTSIDE),
        (Area("kota", geocodes=(("Kemendagri", "53.71"),)), Reach.INSIDE),
        (Area("provinsi", geocodes=(("Kemendagri", "53"),)), Reach.INSIDE),
        (Area("kecamatan", geocodes=(("Kemendagri", "53.71.02"),)), Reach.INSIDE),
        (Area("lain", geocodes=(("Kemendagri", "53.7"),)), Reach.OUTSIDE),
        (Area("lain", geocodes=(("FIPS6", "53.71"),)), Reach.UNKNOWN),
        (Area("sebagian wilayah Kupang"), Reach.UNKNOWN),
    ],
)
def test_a_warning_is_for_us_where_its_area_holds_us(area: Area, expected: Reach) -> None:
    assert reach(in_area(area), [KUPANG], "53.71") is expected


def test_a_warning_that_names_no_area_must_be_read_by_a_person() -> None:
    assert reach(FIRST, [KUPANG], "53.71") is Reach.UNKNOWN


def test_distance_and_polygon_agree_with_the_map() -> None:
    assert distance_km((-10.163, 123.607), (-9.655, 124.012)) == pytest.approx(72, abs=2)
    assert in_polygon(KUPANG, SQUARE)
    assert not in_polygon((-10.3, 123.6), SQUARE)
