"""What a travel claim is measured by: the per diem of the whole stay, as the days were reckoned.

Whoever pays may pay more, for what the days do not know (lodging, a journey of several legs, days that came late); but
says why, as a code and in words. And whoever pays nothing where something is due says why in words: it ends the claim.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from domain.closing.days import days_of
from domain.closing.road import Road
from domain.closing.terms import ClosingTerms
from domain.report.words import rupiah


def reckoned(stay: Iterable[tuple[Road, ClosingTerms]], zone: str, *, at: datetime) -> int:
    """Return what the days of a stay come to, over all its posts: each by the terms under which it began."""
    return sum(days_of(road, terms, zone, at=at).per_diem for road, terms in stay)


def amount_fault(amount: int, due: int, *, code: str | None, words: str | None) -> str | None:
    """Say why a claim of so much is not taken where so much is due; None where it is, or where the reason is given."""
    if amount == 0 < due and not words:
        return f"amount: nothing claimed, {rupiah(due)} reckoned from the days; why nothing is paid must be said in words"
    if amount <= due or (code and words):
        return None
    return (
        f"amount: {rupiah(amount)} claimed, {rupiah(due)} reckoned from the days; "
        "what is above needs a reason, as a code and in words"
    )
