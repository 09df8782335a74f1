"""What a decision about a mutation says besides its kind."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from domain.authority import Capacity
from domain.mutation.beside import Counsel, Owing
from domain.mutation.life import Group
from domain.mutation.states import Outcome, Paper, Party


@dataclass(frozen=True)
class Ask:
    """What a decision says besides its kind; each kind reads its own part.

    `by` is who decides, by opaque id, and `capacity` the office; `clearance` the one it is about, `clearances` those
    that the route of the mutation needs; `group_id` the batch or swap that sends it, `group` the one that is joined; `ends`:
    by the rule, a swap that one has fallen out of ends for the others; `served_at` is when the person got the extract,
    where that was before it is recorded; `reworded`: how a dictum reads instead is said, and kept apart. `reference` and
    `dated` name a paper, or an entry elsewhere; `owed` is what is urged; `counsel` and `panel` say whether this position
    takes the PyB's counsel, and a selection panel's minutes.
    """

    code: str | None = None
    by: str | None = None
    capacity: Capacity | None = None
    party: Party | None = None
    outcome: Outcome | None = None
    wishes: bool = False
    counter_date: datetime | None = None
    position_id: str | None = None
    clearance: str | None = None
    clearances: tuple[str, ...] = ()
    papers: tuple[Paper, ...] | None = None
    paper: Paper | None = None
    decree_id: str | None = None
    initials: tuple[Capacity, ...] = ()
    effective_at: datetime | None = None
    number: str | None = None
    reference: str | None = None
    dated: date | None = None
    sha256: str | None = None
    served_at: datetime | None = None
    objection_until: datetime | None = None
    case_id: str | None = None
    group_id: str | None = None
    group: Group | None = None
    ends: bool = False
    reworded: bool = False
    owed: Owing | None = None
    counsel: Counsel | None = None
    panel: bool = False


NOTHING = Ask()
