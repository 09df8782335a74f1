"""When the extract of a decree was served: the person may object from that day on."""

from __future__ import annotations

from datetime import datetime, timedelta

from domain.mutation.life import Life
from domain.mutation.said import Ask

_DAY = timedelta(days=1)
"""A day is told by its midnight: whoever is served on the day of the signature is served before its hour."""


def service_fault(life: Life, ask: Ask, decided_at: datetime) -> str | None:
    """Return the code of why it cannot have been then, or None: after the signature, not later than now, and not so
    long ago that the person could object no more.
    """
    if ask.objection_until is None:
        return "faulty_details"
    if ask.served_at is None:
        return "faulty_details" if ask.objection_until <= decided_at else None
    if ask.served_at > decided_at:
        return "served_in_the_future"
    signed_at = (life.decree and life.decree.signed_at) or life.since
    if ask.served_at + _DAY <= signed_at:
        return "served_before_the_decree"
    return "served_too_long_ago" if ask.objection_until <= decided_at else None
