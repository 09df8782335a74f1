"""A secondment at one moment, and the rules of its clock."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from domain.secondment.readiness import missing
from domain.secondment.states import (
    ENDS,
    FILLED,
    HOME,
    HOMEWARD,
    LET_GO,
    NEWS,
    OUT,
    Hearing,
    Item,
    Leaving,
    Paper,
    Party,
    Point,
    Ready,
    State,
)
from domain.terms import Term, Unit

_REPORTING, _REIMBURSEMENT = Term(5, Unit.WORKING_DAYS), Term(15, Unit.WORKING_DAYS)


@dataclass(frozen=True)
class Clock:
    """How long each step may take, and how long a duty; from the rule pack, elapsed time, day and night."""

    offer: timedelta
    offer_reminder: timedelta
    condition: timedelta
    release: timedelta
    mobilise_before: timedelta
    check_in: timedelta
    contact: timedelta
    ending_notices: tuple[timedelta, ...]
    handover: timedelta
    homeward: timedelta
    return_escalation: timedelta
    uncovered_grace: timedelta
    accident_report: timedelta
    longest_extended: timedelta
    longest_waived: timedelta
    hearing: timedelta = timedelta(hours=4)
    # Cases that began before there was an acting head to name know no term for it.
    acting_head: timedelta = timedelta(hours=4)
    # The same of rests.
    longest_shift: timedelta = timedelta(hours=12)
    shortest_rest: timedelta = timedelta(hours=8)
    without_day_off: timedelta = timedelta(days=7)
    # And of what is owed once somebody is home; working days are counted by the calendar, when the return is confirmed.
    reporting: Term = _REPORTING
    reimbursement: Term = _REIMBURSEMENT
    settlement_urging: timedelta = timedelta(days=7)
    # And of how long the way may take of somebody who sets out at the last hour.
    travel: timedelta = timedelta(0)


@dataclass(frozen=True)
class Condition:
    """On what condition somebody said yes: a code, and the later date where that is what it asks for."""

    code: str
    report_at: datetime | None = None


@dataclass(frozen=True)
class Amendment:
    """A longer duty, or another post, that was proposed: who has agreed; with all three, an order may be made.

    With `line_id` it is a move to that post: the person is `heard`, be it by silence, the home unit agrees only where
    the stay gets longer by it, and the host has agreed by proposing. `by` are who proposed it, and for whom they acted;
    on whose `side`.
    """

    until: datetime
    agreed: tuple[Party, ...] = ()
    waiver: bool = False
    line_id: str | None = None
    since: datetime | None = None
    heard: Hearing | None = None
    by: tuple[str, ...] = ()
    side: Party | None = None

    @property
    def complete(self) -> bool:
        """Whether the person, the home head and the command post have all agreed."""
        return set(self.agreed) == set(Party)


class Lacking(StrEnum):
    """What somebody at the site has had too little of, by the log: a day off in seven, or rest after a shift."""

    DAY_OFF = "DAY_OFF"
    REST = "REST"


@dataclass(frozen=True)
class Rest:
    """The log of rests: when the last day off ended, and the last rest that was long enough.

    `began_at` is when the rest began that goes on, or the injury.
    """

    day_off_at: datetime
    awake_since: datetime
    began_at: datetime | None = None
    lacking: Lacking | None = None


@dataclass(frozen=True)
class Post:
    """The unit that somebody heads, and by which mandate and until when somebody acts there.

    `asked_at` is since when an acting head is asked for, None while nobody need be named; `urged` is how often the
    deadline for it has passed.
    """

    unit_id: str
    mandate_id: str | None = None
    filled_until: datetime | None = None
    asked_at: datetime | None = None
    urged: int = 0

    def filled(self, until: datetime) -> bool:
        """Whether somebody acts there until then."""
        return self.filled_until is not None and self.filled_until >= until


@dataclass(frozen=True)
class Settling:
    """The paper of a secondment: what was received, what was waived by name, what is owed and until when.

    A claim counts as received once it is settled. `urge_at` is when somebody is asked anew for what is owed,
    `urged` how often that was.
    """

    received: tuple[Paper, ...] = ()
    waived: tuple[Paper, ...] = ()
    owed: tuple[Paper, ...] = ()
    report_by: datetime | None = None
    claim_by: datetime | None = None
    urge_at: datetime | None = None
    urged: int = 0


@dataclass(frozen=True)
class Death:
    """A death that was told: where the person stood by then, who told it and for whom, and what was owed of an earlier accident."""

    was: State
    by: tuple[str, ...] = ()
    accident: bool | None = None
    accident_by: datetime | None = None


@dataclass(frozen=True)
class Life:
    """A secondment at one moment. `revision` counts its moves; `home_by` stands once it is homeward, or over (`over_unseen`).

    `arrived_at` is when the person came to the site, as reported; `since` then says when that was recorded. `served_until`
    stands where that was learnt when the duty was over: until when it is known to have lasted.
    `leaving` says why the seat is given up; `seen_at` is the last sign of life from the site; `uncovered_from` stands
    while the emergency status that covers the duty ends before it; `accident` is whether the report that is owed of one is filed, None where none is owed, and
    `accident_by` until when, said once, when the accident was recorded;
    `lapsed` says that a longer duty was proposed and came to nothing when the ordered one ended;
    `post` stands where the person heads a unit, `rest` while somebody is at the site. `stay_from` is the first report of
    the whole stay, where it began on another post; `handed_over`: a note is written. `death` stands once one was told.
    """

    state: State
    revision: int
    since: datetime
    report_at: datetime
    due_back: datetime
    home_by: datetime | None = None
    notices: int = 0
    escalation: int = 0
    directed: bool = False
    leaving: Leaving | None = None
    seen_at: datetime | None = None
    uncovered_from: datetime | None = None
    condition: Condition | None = None
    amendment: Amendment | None = None
    extensions: int = 0
    lapsed: bool = False
    checklist: tuple[Point, ...] = ()
    accident: bool | None = None
    accident_by: datetime | None = None
    stay_from: datetime | None = None
    handed_over: bool = False
    post: Post | None = None
    rest: Rest | None = None
    settling: Settling = Settling()
    arrived_at: datetime | None = None
    served_until: datetime | None = None
    death: Death | None = None

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it: it stands at an end, and neither papers nor a report of an accident are owed."""
        return self.state in ENDS and not (self.owes_report or self.settling.owed)

    @property
    def owes_report(self) -> bool:
        """Whether the accident-cover report is owed and neither filed nor waived."""
        return self.accident is False

    @property
    def held(self) -> bool:
        """Whether the person counts as lent by the home unit."""
        return self.state not in LET_GO

    @property
    def settles(self) -> bool:
        """Whether it is over for the person, and a paper is owed: the case goes on for the offices."""
        return not self.held and not self.ended

    @property
    def out(self) -> bool:
        """Whether the person has left home and is not back."""
        return self.state in OUT

    @property
    def over_unseen(self) -> bool:
        """Whether the duty of somebody who is out of contact is over: once found, they go home instead of back to it."""
        return self.state == State.OUT_OF_CONTACT and self.leaving is not None

    @property
    def fills(self) -> bool:
        """Whether the seat is taken, or was served to its end; who leaves early makes room for somebody else."""
        if self.over_unseen or self.state in HOMEWARD | HOME:
            return self.leaving in (None, Leaving.DUE)
        return self.state in FILLED

    @property
    def news(self) -> bool:
        """Whether the surge must look: a seat to fill, an order to sign, somebody on site, somebody home."""
        amended = self.amendment is not None and self.amendment.complete
        return self.state in NEWS or self.over_unseen or (amended and self.post_filled)

    @property
    def post_filled(self) -> bool:
        """Whether no post is left, or somebody acts in it to the end of the duty, of the longer one that is proposed."""
        until = self.amendment.until if self.amendment else self.due_back
        return self.post is None or self.post.filled(until)

    @property
    def away_since(self) -> datetime:
        """From when on the limits of a stay are counted: the first report, on whatever post."""
        return self.stay_from or self.report_at

    @property
    def on_duty_from(self) -> datetime:
        """When the duty of somebody began who is on it since now: however late their arrival was recorded."""
        return min(self.since, max(self.arrived_at or self.since, self.report_at))

    @property
    def moving_to(self) -> str | None:
        """The line that a move is proposed to."""
        return self.amendment.line_id if self.amendment else None

    @property
    def owed(self) -> tuple[Item, ...]:
        """What is still open on the demobilisation checklist."""
        return tuple(item for item in Item if item not in self.checklist)

    @property
    def unready(self) -> tuple[Ready, ...]:
        """What is still open of the checklist on arriving."""
        return missing(self.state, self.checklist)
