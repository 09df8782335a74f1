"""Whether a request for people can stand: on a status that covers it, on a letter, or on an order by word of mouth."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from domain.oral import Oral
from domain.requests import OralOrder, RequestKind
from domain.surge import Life, Refused, State


@dataclass(frozen=True)
class Brief:
    """What a request stands on: its operation's status, its letter or an oral order; and the span of its lines."""

    people: int
    status_in_force: bool
    status_until: datetime | None
    first_report: datetime
    last_due_back: datetime
    longest_duty: timedelta
    kind: RequestKind = RequestKind.DISASTER
    letter_until: datetime | None = None
    oral: OralOrder | None = None
    operation_ended: bool = False
    covered_all_along: bool = True
    needed_until: datetime | None = None


@dataclass(frozen=True)
class Limits:
    """What may be asked for; a demand for service (no disaster) has its own, and must be asked for in good time.

    `paper` is how long people may go on an oral order alone.
    """

    longest_duty: timedelta
    service_notice: timedelta
    service_duty: timedelta
    service_term: timedelta
    paper: timedelta


def admissible(brief: Brief, limits: Limits, *, now: datetime) -> Refused | None:
    """Say why a request cannot stand, or None. Its people must be covered on every day: by a status (S01) or a letter."""
    if brief.first_report < now:
        return Refused("reports_in_the_past")
    if brief.kind == RequestKind.SERVICE_DEMAND:
        return _demand(brief, limits, now)
    if brief.longest_duty > limits.longest_duty:
        return Refused("longer_than_one_duty")
    if brief.oral:
        return _by_word(brief, limits, now)
    return covered(brief)


def covered(brief: Brief) -> Refused | None:
    """Say why no emergency status covers the request on every day (S01), or None."""
    if not brief.status_in_force or brief.status_until is None:
        return Refused("no_status_in_force")
    if brief.last_due_back > brief.status_until:
        return Refused("reaches_past_the_status")
    if brief.needed_until and brief.needed_until > brief.status_until:
        return Refused("needed_past_the_status")
    return None if brief.covered_all_along else Refused("status_has_a_gap")


def carried(life: Life, brief: Brief) -> Refused | None:
    """Say why a request that was let in does not go ahead any more, or None.

    Its cover may have ended meanwhile. On an oral order that waits for its paper it goes ahead also before any status.
    """
    if brief.kind == RequestKind.SERVICE_DEMAND:
        return _on_a_letter(brief)
    if life.oral and not life.oral.ratified and brief.status_until is None:
        return Refused("operation_ended") if brief.operation_ended else None
    return covered(brief)


def _on_a_letter(brief: Brief) -> Refused | None:
    if brief.letter_until is None or brief.last_due_back > brief.letter_until:
        return Refused("reaches_past_the_letter")
    if brief.needed_until and brief.needed_until > brief.letter_until:
        return Refused("needed_past_the_letter")
    return None


def _demand(brief: Brief, limits: Limits, now: datetime) -> Refused | None:
    if fault := _on_a_letter(brief):
        return fault
    if brief.letter_until and brief.letter_until > now + limits.service_term:
        return Refused("letter_lasts_too_long")
    if brief.first_report < now + limits.service_notice:
        return Refused("notice_too_short")
    return Refused("longer_than_one_duty") if brief.longest_duty > limits.service_duty else None


def prolonged(life: Life, until: datetime | None, limits: Limits, *, now: datetime) -> Life | Refused:
    """Return the life of a demand for service that goes on by a new letter, or why it does not.

    What was ordered ends as before: an order reaches as far as the letter did that it was signed on, and no further.
    """
    if life.letter_until is None:
        return Refused("no_letter")
    if until is None or until <= life.letter_until:
        return Refused("not_longer")
    if until > now + limits.service_term:
        return Refused("letter_lasts_too_long")
    return replace(life, letter_until=until, letter_warned=False)


def _by_word(brief: Brief, limits: Limits, now: datetime) -> Refused | None:
    """An oral order may come before the status is declared; one that stands must cover it."""
    assert brief.oral is not None
    if brief.operation_ended:
        return Refused("operation_ended")
    if now >= brief.oral.given_at + limits.paper:
        return Refused("oral_order_too_old")
    return covered(brief) if brief.status_in_force else None


def received(life: Life, brief: Brief, limits: Limits) -> Life:
    """Return the life of a request that stands: it waits for approval, unless an oral order carries it."""
    if brief.kind == RequestKind.SERVICE_DEMAND:
        return replace(life, letter_until=brief.letter_until)
    if brief.oral is None or brief.oral.capacity is None:
        return life
    said = brief.oral
    oral = Oral(said.by, brief.oral.capacity, said.given_at, said.given_at + limits.paper)
    return replace(life, state=State.APPROVED, oral=oral)
