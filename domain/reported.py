"""When something is said to have happened: never later than now, and not before its case began; what is wished for lies ahead.

Whoever copies a paper list or a letter mistypes a year sooner or later; what is recorded stays in the log for good.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime, timedelta, timezone

CLOCKS_APART = timedelta(minutes=1)
"""How far the clock of whoever reports may go before ours."""
_EASTERNMOST = timezone(timedelta(hours=9))
"""The zone in which a day begins first (WIT): a day that has begun nowhere lies in the future."""
_INSTANTS = ("reported_at", "left_at", "seen_at")
_DAYS = ("dated", "decree_date")
_AHEAD = ("counter_date",)
WITHIN_THE_CASE = frozenset({"reported_at", "left_at", "seen_at", "dated"})
"""What cannot be older than the case it is said in; a decree may be, which a case then stands on."""

BY_PANEL = "panel"
"""Says of a paper that it is a selection panel's, which has met before anybody was proposed."""


def within_the_case(said: Mapping[str, object]) -> bool:
    """Whether the case's beginning matters to what is said: another authority, or a panel, may have spoken before it."""
    return bool(WITHIN_THE_CASE & set(said)) and not {"clearance", BY_PANEL} & set(said)


def time_faults(said: Mapping[str, object], now: datetime, began: datetime | None = None) -> tuple[str, ...]:
    """Return each fault as `where: what` of the times that are said; of another form they are another's business."""
    return tuple(_faults(said, now, began))


def _faults(said: Mapping[str, object], now: datetime, began: datetime | None) -> Iterator[str]:
    for key in _AHEAD:
        if key in said and datetime.fromisoformat(str(said[key])) <= now:
            yield f"{key}: {said[key]} is over"
    for key in (*_INSTANTS, *_DAYS):
        if key not in said:
            continue
        day = key in _DAYS
        if (date if day else datetime).fromisoformat(str(said[key])) > _latest(now, day=day):
            yield f"{key}: {said[key]} lies in the future"
        elif began is not None and key in WITHIN_THE_CASE and _is_before(str(said[key]), began, day=day):
            yield f"{key}: {said[key]} lies before the case began ({began.astimezone(UTC):%Y-%m-%dT%H:%MZ})"


def _latest(now: datetime, *, day: bool) -> date:
    """The latest instant, or the latest day, that has come."""
    latest = now + CLOCKS_APART
    return latest.astimezone(_EASTERNMOST).date() if day else latest


def _is_before(text: str, began: datetime, *, day: bool) -> bool:
    if day:
        return date.fromisoformat(text) < began.astimezone(UTC).date()
    return datetime.fromisoformat(text) < began
