"""How long each step of a mutation may take, and how whoever is asked is urged: counted by a calendar from outside."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from itertools import pairwise

from domain.mutation.alarms import Track, Untimed, timed, untimed
from domain.mutation.beside import Owing
from domain.mutation.duties import ABOVE
from domain.mutation.life import Life
from domain.mutation.rules import ClearanceKind, MutationRules, UrgingRules
from domain.mutation.states import State
from domain.mutation.waiting import Wait
from domain.terms import Term

Due = Callable[[datetime, Term], datetime]
"""When a term ends that begins at an instant."""

_STEPS: dict[State, str] = {
    State.PROPOSED: "screening",
    State.SCREENING: "screening",
    State.RETURNED: "completion",
    State.CONSULTATION: "consultation",
    State.ASSESSMENT: "assessment",
    State.COUNSEL: "counsel",
    State.AWAITING_DECISION: "decision",
    State.APPROVED: "preparation",
    State.DECREE_PREPARED: "preparation",
    State.DECREE_SIGNED: "service",
    State.SERVED: "service",
    State.HANDOVER: "service",
    State.NO_SHOW: "decision",
    State.EFFECTIVE: "report",
    State.BLOCKED_BY_BKN: "decision",
}
"""State -> the deadline of the rule pack that its step has."""

_APPOINTING = frozenset({State.COUNSEL, State.AWAITING_DECISION, State.APPROVED, State.DECREE_PREPARED})
"""What is left to do once another office has decreed the move: the receiving authority appoints."""


def counted(life: Life, rules: MutationRules, due: Due) -> Life:
    """Return the life with every term counted that is not yet."""
    for what in untimed(life):
        life = timed(life, what, _wait(life, what, rules, due))
    return life


def _wait(life: Life, what: Untimed, rules: MutationRules, due: Due) -> Wait:
    """What ends by itself has one level; for the rest the offices above are asked to see to it, level by level."""
    if what.of_second and life.beside:
        return _wait(life.beside, replace(what, of_second=False), rules, due)
    levels = len(ABOVE) if what.track != Track.STEP or not life.lapses else 0
    since, term = _begins(life, what), _term(what, rules)
    last = appointed_by(life, rules, due) if what.track == Track.STEP else None
    return waited(since, term, rules.urging, due, levels=levels, last=last)


def appointed_by(life: Life, rules: MutationRules, due: Due) -> datetime | None:
    """Return until when whoever another office has moved is appointed: no step on the way there may take longer."""
    if life.state not in _APPOINTING:
        return None
    decreed = (one.granted_at for one in life.clearances if one.code == ClearanceKind.MUTATION_DECREE)
    return next((due(at, rules.terms.appointment) for at in decreed if at), None)


def waited(
    since: datetime,
    term: Term,
    urging: UrgingRules,
    due: Due,
    *,
    levels: int = len(ABOVE),
    last: datetime | None = None,
) -> Wait:
    """Return how long a step has, though not beyond `last`, and so many offices above to see that it is done."""
    end = due(since, term)
    begins = [since, max(since, min(end, last)) if last else end]
    for each in [urging.escalation] * levels:
        begins.append(due(begins[-1], each))
    spans = pairwise(begins)
    remind = tuple(start + (end - start) * urging.reminder_percent / 100 for start, end in spans)
    return Wait(tuple(begins[1:]), remind, urging.repeat)


def _begins(life: Life, what: Untimed) -> datetime:
    """A handover is urged from the effective date on; everything else from when it is asked."""
    if what.track in (Track.CLEARANCE, Track.HELD_FILE):
        one = next(one for one in life.clearances if one.code == what.key)
        return one.since or life.since
    if what.track in (Track.OBJECTION, Track.REVERSAL) and life.objection:
        return life.objection.since
    if what.track == Track.SECOND and life.second:
        return life.second.since
    if what.track == Track.OWED:
        return next(one.since for one in life.owed if one.what == what.key)
    if life.state == State.HANDOVER and life.decree:
        return max(life.since, life.decree.effective_at)
    return life.since


def _term(what: Untimed, rules: MutationRules) -> Term:
    match what.track:
        case Track.STEP | Track.SECOND:
            term: Term = getattr(rules.terms, _STEPS[State(what.key)])
            return term
        case Track.CLEARANCE:
            return rules.clearance_terms[ClearanceKind(what.key)]
        case Track.HELD_FILE:
            return rules.terms.completion
        case Track.OBJECTION:
            return rules.terms.objection_answer
        case Track.OWED:
            return rules.terms.absence if what.key == Owing.ABSENCE else rules.terms.report
        case Track.REVERSAL:
            return rules.terms.screening
