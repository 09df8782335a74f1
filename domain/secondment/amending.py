"""A longer duty, or another post: when it may be proposed, who is asked, and what it comes to."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from domain.openings import Opening
from domain.secondment.life import Amendment, Clock, Life
from domain.secondment.resting import rest_taken_along
from domain.secondment.said import Ask
from domain.secondment.states import ON_SITE, Hearing, Party, State, Trigger

_T = Trigger
_ABOUT_A_LONGER_DUTY = frozenset({_T.AGREE_EXTENSION, _T.DENY_EXTENSION})
_ABOUT_A_MOVE = frozenset(
    {_T.AGREE_REASSIGNMENT, _T.OBJECT_REASSIGNMENT, _T.DENY_REASSIGNMENT, _T.LAPSE_HEARING}
)
_ASKS_FOR_MORE = frozenset(
    {_T.PROPOSE_EXTENSION, _T.AGREE_EXTENSION, _T.PROPOSE_REASSIGNMENT, _T.AGREE_REASSIGNMENT}
)
_ORDERED = frozenset({_T.ORDER_ISSUED, _T.MOVE_ON})
AMENDING = (
    _ABOUT_A_LONGER_DUTY
    | _ABOUT_A_MOVE
    | _ORDERED
    | {_T.PROPOSE_EXTENSION, _T.PROPOSE_REASSIGNMENT, _T.LAPSE_EXTENSION}
)
"""What proposes an amendment of the order, answers it, or carries it out."""


def amendment_fault(life: Life, trigger: Trigger, clock: Clock, ask: Ask, at: datetime) -> str | None:
    """Return the code of what forbids it, though the state allows it; or None."""
    if (fault := _rest_fault(life, trigger, ask)) is not None:
        return fault
    match trigger:
        case Trigger.PROPOSE_EXTENSION:
            return _extension_fault(life, clock, ask)
        case Trigger.PROPOSE_REASSIGNMENT:
            return _reassignment_fault(life, clock, ask, at)
        case Trigger.LAPSE_EXTENSION:
            return None if life.amendment else "no_extension_proposed"
        case _ if trigger in _ORDERED:
            return _order_fault(life, trigger)
        case _ if trigger in _ABOUT_A_LONGER_DUTY and (life.amendment is None or life.moving_to):
            return "no_extension_proposed"
        case _ if trigger in _ABOUT_A_MOVE and life.moving_to is None:
            return "no_reassignment_proposed"
        case _:
            return _answer_fault(life, trigger, ask)


def amended(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> Amendment | None:
    """Return the amendment after a proposal or an answer; None where it was turned down."""
    match trigger:
        case Trigger.PROPOSE_EXTENSION:
            assert ask.until is not None
            return Amendment(ask.until, waiver=ask.waiver, by=ask.hands, side=ask.party)
        case Trigger.PROPOSE_REASSIGNMENT:
            assert ask.opening is not None
            return _proposed(life, ask.opening, ask, now)
        case Trigger.OBJECT_REASSIGNMENT:
            return _objected(life)
        case Trigger.AGREE_EXTENSION | Trigger.AGREE_REASSIGNMENT | Trigger.LAPSE_HEARING:
            party = None if trigger == _T.LAPSE_HEARING else ask.party
            return _answered(life, party or Party.PERSON, trigger)
        case _:
            return None


def _rest_fault(life: Life, trigger: Trigger, ask: Ask) -> str | None:
    """Whoever has had too little rest is asked for no more, until they have had it; what they say themselves is heard."""
    lacks = life.rest is not None and life.rest.lacking is not None
    return "rest_owed" if lacks and trigger in _ASKS_FOR_MORE and ask.party != Party.PERSON else None


def _extension_fault(life: Life, clock: Clock, ask: Ask) -> str | None:
    if ask.waiver and ask.code is None:
        return "reason_missing"
    if ask.until is None or ask.until <= life.due_back:
        return "not_longer"
    if life.amendment is not None and life.amendment.complete:
        return "extension_agreed"
    if life.amendment is not None and _same(life.amendment, ask):
        return "proposed_already"
    return _stay_fault(life, clock, ask.until, waiver=ask.waiver)


def _same(stands: Amendment, ask: Ask) -> bool:
    """Whether the longer duty that is proposed is the one that stands: proposed anew, whoever agreed would be asked again."""
    return stands.line_id is None and (stands.until, stands.waiver) == (ask.until, ask.waiver)


def _stay_fault(life: Life, clock: Clock, until: datetime, *, waiver: bool) -> str | None:
    """The whole stay counts against the limits, from the first day on the first opening."""
    if life.extensions and not waiver:
        return "extended_already"
    longest = clock.longest_waived if waiver else clock.longest_extended
    return "longer_than_allowed" if until - life.away_since > longest else None


def _reassignment_fault(life: Life, clock: Clock, ask: Ask, at: datetime) -> str | None:
    if ask.opening is None:
        return "no_such_line"
    if life.amendment is not None and life.amendment.complete:
        return "extension_agreed"
    ends = _end_of(life, ask.opening, ask.until)
    if fault := _opening_fault(ask.opening, ends, at):
        return fault
    return _stay_fault(life, clock, ends, waiver=ask.waiver) if ends > life.due_back else None


def _order_fault(life: Life, trigger: Trigger) -> str | None:
    """On site an order is the one that amends: all have agreed, and it is told as what it is."""
    if life.state not in ON_SITE:
        return None
    agreed = life.amendment is not None and life.amendment.complete
    return None if agreed and (life.moving_to is not None) == (trigger == _T.MOVE_ON) else "not_now"


def _answer_fault(life: Life, trigger: Trigger, ask: Ask) -> str | None:
    assert life.amendment is not None
    if ask.party != life.amendment.side and set(ask.hands) & set(life.amendment.by):
        return "own_proposal"
    if trigger in (_T.AGREE_EXTENSION, _T.AGREE_REASSIGNMENT) and ask.party in life.amendment.agreed:
        ends_no_later = trigger == _T.AGREE_REASSIGNMENT and life.amendment.until <= life.due_back
        return "not_asked" if ends_no_later and ask.party == Party.HOME else "agreed_already"
    heard = trigger in (_T.OBJECT_REASSIGNMENT, _T.LAPSE_HEARING) and life.amendment.heard
    return "heard_already" if heard else None


def _end_of(life: Life, opening: Opening, until: datetime | None) -> datetime:
    """Return when the stay ends on another post: as said, else as ordered, or with the line where that is earlier."""
    return until or min(life.due_back, opening.due_back)


def _proposed(life: Life, opening: Opening, ask: Ask, now: datetime) -> Amendment:
    """Return the proposal: the host has agreed by making it, and the home unit already to an end that is no later."""
    ends = _end_of(life, opening, ask.until)
    agreed = (Party.HOST,) if ends > life.due_back else (Party.HOME, Party.HOST)
    return Amendment(
        ends, agreed, ask.waiver, line_id=opening.line_id, since=now, by=ask.hands, side=ask.party
    )


def _objected(life: Life) -> Amendment:
    """The person was heard and would rather not: it goes back to the host, who weighs that and agrees anew, or gives up."""
    assert life.amendment is not None
    agreed = tuple(one for one in life.amendment.agreed if one != Party.HOST)
    return replace(life.amendment, agreed=(*agreed, Party.PERSON), heard=Hearing.OBJECTS)


def _answered(life: Life, party: Party, trigger: Trigger) -> Amendment:
    """Return the amendment with one more who agrees; silence is noted as silence."""
    assert life.amendment is not None
    heard = life.amendment.heard
    if life.moving_to and party == Party.PERSON:
        heard = Hearing.NO_RESPONSE if trigger == _T.LAPSE_HEARING else Hearing.CONSENT
    return replace(life.amendment, agreed=(*life.amendment.agreed, party), heard=heard)


def moved_on(life: Life, clock: Clock, now: datetime) -> Life:
    """Return the life on the other post, from the one before: on the way, owed back and rested as before."""
    assert life.amendment is not None
    longer = life.amendment.until > life.due_back
    return Life(
        State.MOBILISING,
        0,
        now,
        report_at=now,
        due_back=life.amendment.until,
        directed=life.directed,
        extensions=life.extensions + longer,
        stay_from=life.away_since,
        post=life.post,
        rest=rest_taken_along(life, clock, now),
    )


def _opening_fault(opening: Opening, ends: datetime, at: datetime) -> str | None:
    if not opening.asking:
        return "line_asks_for_nobody"
    if not opening.fits:
        return "another_role"
    if opening.too_far:
        return "too_far"
    if opening.due_back <= at or ends <= at:
        return "line_is_over"
    if ends > opening.due_back:
        return "reaches_past_the_line"
    if ends > opening.covered_until:
        return "reaches_past_the_letter" if opening.by_letter else "reaches_past_the_status"
    return None if opening.room > 0 else "no_room"
