"""What a decision about a secondment says besides its kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from domain.openings import Opening
from domain.secondment.states import Paper, Party, Point


@dataclass(frozen=True)
class Ask:
    """What a decision says besides its kind; each kind reads its own part. `above`: pays more than the days come to.

    `hands` are who decides, and for whom. `reference` is the paper that proves it, `left_at` when somebody left the site by it.
    """

    code: str | None = None
    report_at: datetime | None = None
    reported_at: datetime | None = None
    until: datetime | None = None
    party: Party | None = None
    waiver: bool = False
    items: tuple[Point, ...] = ()
    opening: Opening | None = None
    mandate_id: str | None = None
    papers: tuple[Paper, ...] = ()
    report_by: datetime | None = None
    claim_by: datetime | None = None
    above: bool = False
    hands: tuple[str, ...] = ()
    reference: str | None = None
    left_at: datetime | None = None


NOTHING = Ask()
