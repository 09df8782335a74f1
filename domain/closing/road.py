"""One person's road, folded from the entries of the own case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from domain.facts import ARRIVALS, MOVED_IN
from domain.report.source import Entry
from domain.secondment import DEPLOYED, HOME, HOMEWARD, OWES_PAPERS, Paper, Ready, State

AT_WORK = frozenset({State.ON_DUTY, State.ENDING_SOON, State.OUT_OF_CONTACT})
"""On duty at the site, seen or not."""
LEFT_SITE = HOMEWARD | HOME | {State.REASSIGNED, State.CONVERTED}
"""Has left the site."""
_BRINGS = {
    "ReportReceived": Paper.REPORT,
    "EvaluationReceived": Paper.EVALUATION,
    "ClaimSettled": Paper.CLAIM,
}
"""Which paper an entry brings."""


@dataclass(frozen=True)
class Stay:
    """How long somebody stood somewhere; `end` is None where the person still stands there."""

    state: State
    start: datetime
    end: datetime | None


@dataclass(frozen=True)
class Code:
    """Something that happened, and the code that was given for it ("" for none)."""

    event: str
    code: str


@dataclass(frozen=True)
class Road:
    """What the log says of one person's secondment, up to its last entry; instants are aware.

    `arrived_at` is when the person says to have arrived, `recorded_at` when the case learnt of it. `home_by` is until
    when the rules let the way home last. `death_filed_at` is when the accident-cover report of a death was filed. `codes`
    are the reasons along the road, oldest first, `lacked` what by the log of rests was too little. `ready` is what was signed
    of what somebody needs for the duty, `unready` what was waived by name.
    `moved_in`: it began on another post, which ended the same instant; `duty_before` are the days on duty up to then.
    `owed` is what is owed of its paper since the return or the conversion, `received` what came in (also on the way home), `waived` what was
    waived by name; `claimed` is whole rupiah by the document that settled the claim, `reckoned` what
    the days came to then.
    """

    case_id: str
    unit_id: str = ""
    role: str = ""
    site: str = ""
    line_id: str = ""
    food: str = ""
    state: State = State.OFFERED
    offered_at: datetime | None = None
    accepted_at: datetime | None = None
    ordered_at: datetime | None = None
    departed_at: datetime | None = None
    arrived_at: datetime | None = None
    recorded_at: datetime | None = None
    left_site_at: datetime | None = None
    returned_at: datetime | None = None
    died_at: datetime | None = None
    death_filed_at: datetime | None = None
    due_back: datetime | None = None
    home_by: datetime | None = None
    leaving: str = ""
    extensions: int = 0
    moved_in: bool = False
    duty_before: int = 0
    owed: frozenset[str] | None = None
    received: frozenset[str] = frozenset()
    waived: frozenset[str] = frozenset()
    claimed: int | None = None
    reckoned: int | None = None
    lacked: frozenset[str] = frozenset()
    ready: frozenset[str] = frozenset()
    unready: frozenset[str] = frozenset()
    stays: tuple[Stay, ...] = ()
    uncovered: tuple[tuple[datetime, datetime | None], ...] = ()
    codes: tuple[Code, ...] = field(default=())

    @property
    def served(self) -> bool:
        """Whether the person was at the site at all."""
        return self.arrived_at is not None

    @property
    def travelled(self) -> bool:
        """Whether the person left home: who was reported a no-show and never came did not."""
        return self.departed_at is not None and (self.served or self.leaving != "NO_SHOW")

    @property
    def over(self) -> bool:
        """Whether the road has ended."""
        return self.returned_at is not None or self.state in (
            State.REASSIGNED,
            State.CONVERTED,
            State.ACCIDENT_REPORT_OWED,
            State.DECEASED,
        )

    def codes_of(self, event: str) -> tuple[str, ...]:
        """The codes that were given with one kind of entry."""
        return tuple(one.code for one in self.codes if one.event == event)


def road_of(entries: Iterable[Entry]) -> Road:
    """Return the road that the entries of one case tell; they come in the order of the log, the first is the offer."""
    road: Road | None = None
    for entry in entries:
        if "state" in entry.data:
            road = _walked(road or Road(entry.case_id), entry)
    if road is None:
        raise LookupError("a road begins with the offer, and there is no entry of it")
    return road


def _walked(road: Road, entry: Entry) -> Road:
    data, state = entry.data, State(entry.data["state"])
    road = replace(
        road,
        unit_id=str(data.get("unit_id", road.unit_id)),
        role=str(data.get("role", road.role)),
        site=str(data.get("site", road.site)),
        line_id=str(data.get("line_id", road.line_id)),
        food=str(data.get("food", road.food)),
        due_back=_instant(data.get("due_back")) or road.due_back,
        home_by=_instant(data.get("home_by")) or road.home_by,
        leaving=str(data.get("leaving", "")),
        lacked=road.lacked | ({str(data["lacking"])} if "lacking" in data else frozenset()),
        stays=_stays(road.stays, _counted_as(state, data), _began(entry)),
        state=state,
    )
    if entry.type == "ArrivalProved":
        road = _served(road, state, entry.data)
    road = _settled(_stamped(_readied(road, entry), entry, state), entry)
    if entry.type == "DeathRetracted":
        road = _living(road)
    return replace(road, uncovered=_uncovered(road, entry), codes=(*road.codes, _code(entry, state)))


def _stamped(road: Road, entry: Entry, state: State) -> Road:
    """Note when something happened for the first time."""
    at, event = entry.at, entry.type
    accepts = event == "OfferAnswered" and state != State.DECLINED
    arrives = event in ARRIVALS
    leaves = state in LEFT_SITE and road.recorded_at is not None
    return replace(
        road,
        offered_at=road.offered_at or at,
        accepted_at=road.accepted_at or (at if accepts else None),
        ordered_at=road.ordered_at or (at if event == "OrderServed" else None),
        departed_at=road.departed_at or (at if event in ("Mobilised", MOVED_IN) else None),
        moved_in=road.moved_in or event == MOVED_IN,
        duty_before=int(entry.data["duty_before"]) if "duty_before" in entry.data else road.duty_before,
        arrived_at=road.arrived_at or ((_instant(entry.data.get("reported_at")) or at) if arrives else None),
        recorded_at=road.recorded_at or (at if arrives else None),
        left_site_at=road.left_site_at or (at if leaves else None),
        returned_at=road.returned_at or (at if event == "Returned" else None),
        died_at=road.died_at or (at if event == "DeathReported" else None),
        death_filed_at=at if event == "AccidentReportFiled" and road.died_at else road.death_filed_at,
        extensions=road.extensions + (event == "ExtensionDecided"),
    )


def _readied(road: Road, entry: Entry) -> Road:
    """Note what somebody was given for the duty, or goes without by name."""
    points = frozenset(str(entry.data.get("items", "")).split()) & set(Ready)
    if entry.type == "ChecklistWaived":
        return replace(road, unready=road.unready | (points - road.ready))
    return replace(road, ready=road.ready | points, unready=road.unready - points)


def _began(entry: Entry) -> datetime:
    """When somebody came to stand where they do: a duty began with the arrival, however late that was recorded."""
    told = entry.data.get("began_at") if entry.type == "DutyStarted" else None
    return _instant(told) or entry.at


def _counted_as(state: State, data: Mapping[str, Any]) -> State:
    """Whoever is still looked for when the duty is over is on duty no more."""
    return State.DEMOBILISING if state == State.OUT_OF_CONTACT and "leaving" in data else state


def _stays(stays: tuple[Stay, ...], state: State, at: datetime) -> tuple[Stay, ...]:
    """Add where somebody stands from then on; a duty that was recorded late cuts short what stood in its place."""
    if stays and stays[-1].state == state:
        return stays
    before = (replace(one, start=min(one.start, at), end=min(one.end or at, at)) for one in stays)
    return (*before, Stay(state, at, None))


def _living(road: Road) -> Road:
    """Whose death was told by mistake has not died, and nobody owed or waived a report of it."""
    # The report of an injury is waived only once somebody is back: what was waived here was that of the death.
    of_the_death = {"DeathReported", "AccidentReportWaived"}
    codes = tuple(one for one in road.codes if one.event not in of_the_death)
    return replace(road, died_at=None, death_filed_at=None, codes=codes)


def _served(road: Road, state: State, data: Mapping[str, Any]) -> Road:
    """Put the duty that was learnt of when it was over into its place, instead of what stood there."""
    began, until = _instant(data["began_at"]), _instant(data["served_until"])
    assert began is not None
    assert until is not None
    if state not in DEPLOYED:
        road = replace(road, left_site_at=until)
    if began >= until or state == State.UNFIT:  # who was found unfit was there, and not on duty
        return road
    before = (replace(one, end=min(one.end or began, began)) for one in road.stays if one.start < began)
    after = (
        replace(one, start=max(one.start, until)) for one in road.stays if one.end is None or one.end > until
    )
    return replace(road, stays=(*before, Stay(State.ON_DUTY, began, until), *after))


def _settled(road: Road, entry: Entry) -> Road:
    """Note which paper came in, or was waived: what a waiver names, or all, is what is owed no more after it."""
    before, owed = road.owed or frozenset(), _owed(road, entry.data)
    paper = _BRINGS.get(entry.type)
    gone = before - (owed or frozenset()) if entry.type == "SettlementWaived" else frozenset()
    return replace(
        road,
        owed=owed,
        received=road.received | ({paper} if paper else frozenset()),
        waived=road.waived | gone,
        claimed=int(entry.data["amount"]) if paper == Paper.CLAIM else road.claimed,
        reckoned=int(entry.data["reckoned"]) if "reckoned" in entry.data else road.reckoned,
    )


def _owed(road: Road, data: Mapping[str, Any]) -> frozenset[str] | None:
    """What is owed of the paper; whose duty was over before papers were asked for owes none, and nothing is known of it."""
    if road.state in OWES_PAPERS:
        return frozenset(data["owed"]) if "owed" in data else None
    return frozenset() if road.state == State.CLOSED else road.owed


def _uncovered(road: Road, entry: Entry) -> tuple[tuple[datetime, datetime | None], ...]:
    """Spans at the site that no emergency status covers: from the end of the status until it covers again or all left."""
    spans = road.uncovered
    open_ = bool(spans) and spans[-1][1] is None
    if entry.type == "CoverLost" and not open_:
        start = _instant(entry.data.get("covered_until")) or entry.at
        return (*spans, (max(start, entry.at), None))
    ends = entry.type == "CoverRegained" or road.state not in DEPLOYED
    if open_ and ends:
        return (*spans[:-1], (spans[-1][0], entry.at)) if entry.at > spans[-1][0] else spans[:-1]
    return spans


def _code(entry: Entry, state: State) -> Code:
    """An answer is told by its outcome: who declines gives a reason, who says yes on a condition another one."""
    event = entry.type
    if event in ("OfferAnswered", "ReleaseDecided", "ConditionDecided", "ExtensionAnswered"):
        event = f"{event}:{state.value}"
    code = str(entry.data.get("choice") or "")
    return Code(event, "" if len(code) == 36 else code)


def _instant(text: object) -> datetime | None:
    return datetime.fromisoformat(str(text)) if text else None
