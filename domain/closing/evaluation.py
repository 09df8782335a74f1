"""Two-way evaluation: the host rates the person, the person rates the posting; each once, after the person has left."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from domain.authority import Actor, Appointment, Capacity, CaseFacts, Denied, Granted, Tenure
from domain.closing.road import LEFT_SITE, Road
from domain.closing.terms import ClosingTerms
from domain.commands import CommandKind
from domain.log import Attribution, Fact
from domain.report.source import Entry
from domain.secondment import Paper

EVALUATED = "Evaluated"
LOWEST, HIGHEST = 1, 5
"""1 poor, 2 weak, 3 as expected, 4 good, 5 outstanding."""


class EvaluatedAlready(ValueError):
    """That side has evaluated before."""


class Side(StrEnum):
    """Who rates: the host the person, or the person the posting."""

    HOST = "HOST"
    PERSON = "PERSON"


class Criterion(StrEnum):
    """What is rated; the first four of the person, the others of the posting."""

    WORK = "WORK"
    DISCIPLINE = "DISCIPLINE"
    TEAMWORK = "TEAMWORK"
    INITIATIVE = "INITIATIVE"
    BRIEFING = "BRIEFING"
    WORKLOAD = "WORKLOAD"
    SAFETY = "SAFETY"
    LODGING = "LODGING"


_C = Criterion
CRITERIA: dict[Side, tuple[Criterion, ...]] = {
    Side.HOST: (_C.WORK, _C.DISCIPLINE, _C.TEAMWORK, _C.INITIATIVE),
    Side.PERSON: (_C.BRIEFING, _C.WORKLOAD, _C.SAFETY, _C.LODGING),
}
PAPER_OF = {Side.PERSON: Paper.REPORT, Side.HOST: Paper.EVALUATION}
"""What each side owes the case: the person's evaluation of the posting is the report on it."""
RECEIVES = {Side.PERSON: CommandKind.RECEIVE_REPORT, Side.HOST: CommandKind.RECEIVE_EVALUATION}
"""What the case is told when a side has evaluated."""
HOSTS = (Capacity.COMMAND_POST, Capacity.COORDINATOR)
"""Offices that rate for the host, the ordinary one first."""


@dataclass(frozen=True)
class Evaluation:
    """One side's evaluation: every criterion of the side, 1 to 5."""

    placement_id: str
    side: Side
    scores: Mapping[Criterion, int]


def side_of(actor: Actor, case: CaseFacts) -> Side:
    """Say for which side somebody would rate: the person the posting, everybody else the person."""
    return Side.PERSON if actor.person_id == case.subject_id else Side.HOST


def may_evaluate(actor: Actor, case: CaseFacts) -> Granted | Denied:
    """Say in which capacity somebody may rate; nobody rates themself for the host, nor has somebody do it by a mandate."""
    if actor.government_id != case.government_id:
        return Denied("no_such_case")
    if side_of(actor, case) == Side.PERSON:
        return Granted(Capacity.SUBJECT)
    offices = list(_offices(actor))
    if not offices:
        return Denied("no_authority")
    for office in offices:
        if case.subject_id not in (office.principal_id, office.written_by):
            return Granted(office.capacity, office.tenure, office.principal_id, office.mandate_id)
    return Denied("own_case")


def given_in(entries: Iterable[Entry]) -> frozenset[Side]:
    """Return which sides have evaluated, by the entries of a case."""
    return frozenset(Side(entry.data["side"]) for entry in entries if entry.type == EVALUATED)


def fault_of(
    road: Road, given: Iterable[Side], side: Side, terms: ClosingTerms, *, now: datetime
) -> str | None:
    """Return the code of what forbids an evaluation now, or None: too early, given or waived already, too late."""
    if road.state not in LEFT_SITE or not road.served:
        return "not_left_the_site"
    if side in given:
        return "evaluated_already"
    if road.owed is not None:
        # As long as it is owed it may come, however late; what was waived by name is not taken any more.
        return None if PAPER_OF[side] in road.owed else "evaluation_waived"
    ended = road.returned_at or (road.left_site_at if road.over else None)
    if ended is not None and now > ended + terms.evaluation:
        return "too_late"
    return None


def scores_of(side: Side, scores: Mapping[str, int]) -> dict[Criterion, int] | str:
    """Return the scores in the order of the criteria, or one line that says what is wrong with them."""
    wanted = CRITERIA[side]
    if unknown := sorted(set(scores) - {one.value for one in wanted}):
        return f"scores: {unknown[0]} is not rated here; expected {', '.join(wanted)}"
    if absent := [one.value for one in wanted if one.value not in scores]:
        return f"scores: {', '.join(absent)} missing"
    for name, score in scores.items():
        if not LOWEST <= score <= HIGHEST:
            return f"scores.{name}: {score}, expected {LOWEST} to {HIGHEST}"
    return {one: scores[one.value] for one in wanted}


def evaluated(evaluation: Evaluation, road: Road, subject_id: str, by: Attribution, at: datetime) -> Fact:
    """Return the fact for the log: codes and numbers; free text lies apart."""
    data = {
        "side": evaluation.side.value,
        "scores": {one.value: score for one, score in evaluation.scores.items()},
        "unit_id": road.unit_id,
        "role": road.role,
        "site": road.site,
    }
    return Fact("Evaluated", road.case_id, at, by, subject_id, data)


def _offices(actor: Actor) -> Iterable[Appointment]:
    """The offices that rate for the host: in the order of `HOSTS`, own ones first; a mandate with a scope is for that."""
    own_first = sorted(actor.appointments, key=lambda office: office.tenure != Tenure.DEFINITIVE)
    for capacity in HOSTS:
        yield from (office for office in own_first if office.capacity == capacity and office.scope is None)
