"""Days and money of one person: calendar days of the government's zone, amounts in whole rupiah.

Sources: domain notes of the project (the day of a surat tugas counts as present; no double payment of per diem and meals)
and the rule pack's `closing` values, each with its own source there.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from domain.closing.road import AT_WORK, Road, Stay
from domain.closing.terms import ClosingTerms
from domain.conditions import withholds_meals
from domain.secondment import State

INSTANT = timedelta(microseconds=1)


@dataclass(frozen=True)
class Days:
    """What one person's road comes to. All are calendar days; `open` while the person is not home yet.

    `away`: from the day of departure to that of the confirmed return, both included. `duty`: on which the person was on
    duty at any hour. `late`: away after the way home should have ended. `present`: days of the order, with its ways, that
    count as present at the home unit: away and not late. `rest`: days off that are granted on return,
    for the whole absence. `paid`: days of
    per diem, the same as `present`; `fed`: paid days on duty, for which meals are withheld: all, unless the line said that its people eat out of the per diem.
    `per_diem`: rupiah.
    """

    first: date | None
    last: date | None
    away: int = 0
    duty: int = 0
    late: int = 0
    present: int = 0
    rest: int = 0
    paid: int = 0
    fed: int = 0
    per_diem: int = 0
    open: bool = False


NONE = Days(None, None)
"""Of somebody who never left home."""


def days_of(road: Road, terms: ClosingTerms, zone: str, *, at: datetime) -> Days:
    """Return the days and the per diem of a road as of an instant; who is still away is counted up to it."""
    if road.departed_at is None or not road.travelled:
        return NONE
    end = road.returned_at or _ended(road) or at
    first, last = first_day(road, zone), local_day(max(end, road.departed_at), zone)
    if last < first:
        return NONE
    duty = days_on_duty(road, zone, at=at)
    paid_until = min(last, local_last_day(road.home_by, zone)) if road.home_by else last
    # Somebody whose way home had ended before it began (recalled on the way) is paid for the day of departure.
    paid = calendar_days(first, max(first, paid_until))
    fed = sum(1 for day in duty if first <= day <= paid_until) if withholds_meals(road.food) else 0
    away = calendar_days(first, last)
    return Days(
        first,
        last,
        away=away,
        duty=len(duty),
        late=away - paid,
        present=paid,
        # Whoever went on to another post has not returned: the last one grants for the whole absence.
        rest=0 if road.state == State.REASSIGNED else rest_days(road.duty_before + len(duty), terms),
        paid=paid,
        fed=fed,
        per_diem=per_diem(paid, fed, terms),
        open=not road.over,
    )


def days_on_duty(road: Road, zone: str, *, at: datetime) -> frozenset[date]:
    """Return the calendar days on which somebody was on duty at any hour, up to an instant."""
    working = (stay for stay in road.stays if stay.state in AT_WORK)
    first = first_day(road, zone)
    return frozenset(day for stay in working for day in days_touched(stay, zone, at) if day >= first)


def first_day(road: Road, zone: str) -> date:
    """Return the first day away; the day on which somebody moves to another post belongs to the one before."""
    assert road.departed_at is not None
    left = local_day(road.departed_at, zone)
    return left + timedelta(days=1) if road.moved_in else left


def rest_days(duty: int, terms: ClosingTerms) -> int:
    """Return the days off for so many days on duty, in proportion; a part of a day is not granted."""
    return duty * terms.rest_days // terms.rest_per_duty_days


def per_diem(paid: int, fed: int, terms: ClosingTerms) -> int:
    """Return the per diem in whole rupiah, meals withheld; half a rupiah goes to the person."""
    withheld = (fed * terms.per_diem * terms.meals_percent + 49) // 100
    return paid * terms.per_diem - withheld


def calendar_days(first: date, last: date) -> int:
    """Return the days from one to the other, both included."""
    return (last - first).days + 1


def local_day(at: datetime, zone: str) -> date:
    """Return the day on which an instant falls in a zone."""
    return at.astimezone(ZoneInfo(zone)).date()


def local_last_day(end: datetime, zone: str) -> date:
    """Return the last day before an end: midnight belongs to the day that it closes."""
    return local_day(end - INSTANT, zone)


def days_touched(stay: Stay, zone: str, at: datetime) -> Iterable[date]:
    """Return the days on which a stay falls in a zone, up to an instant while it goes on."""
    end = stay.end or at
    if end <= stay.start:
        return
    day, last = local_day(stay.start, zone), local_last_day(end, zone)
    while day <= last:
        yield day
        day += timedelta(days=1)


def _ended(road: Road) -> datetime | None:
    """When the road ended of somebody who did not come back (a transfer, a death)."""
    return road.died_at or (road.stays[-1].start if road.over else None)
