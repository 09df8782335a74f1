"""What each trigger changes of a life that stands already where it leads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from domain.mutation.aftermath import AFTERMATH, followed, owed_urged
from domain.mutation.clearing import ABOUT_ONE, cleared, frozen, needed, thawed
from domain.mutation.counselling import ADVICE, counselled
from domain.mutation.decrees import Decree, SignatureAsked
from domain.mutation.life import Heard, Life
from domain.mutation.objecting import OBJECTING, objected
from domain.mutation.retracting import DEATH
from domain.mutation.said import Ask
from domain.mutation.second_decree import ordered
from domain.mutation.states import IMPEDES, SIGNED, Impediment, Outcome, State, Trigger
from domain.mutation.waiting import Wait

_T = Trigger


def changed(life: Life, trigger: Trigger, ask: Ask, now: datetime) -> Life:
    """Return the life with what the trigger says."""
    if trigger in OBJECTING:
        return objected(life, trigger, ask, now)
    if trigger in ABOUT_ONE:
        return cleared(life, trigger, ask, now)
    if trigger in ADVICE:
        return counselled(life, trigger, ask)
    if trigger in AFTERMATH:
        return followed(life, trigger, ask, now)
    if trigger in IMPEDES and life.state in SIGNED:
        return replace(life, impediments=(*life.impediments, IMPEDES[trigger]))
    if trigger == _T.CANCEL and life.stands in SIGNED:
        return ordered(life, trigger, ask, now)
    if trigger in _BECAUSE:
        return replace(life, because=_BECAUSE[trigger] or ask.code)
    change = _CHANGES.get(trigger)
    return change(life, ask, now) if change else life


_BECAUSE: dict[Trigger, str | None] = {
    _T.RETURN_FILE: None,
    _T.FIND_INELIGIBLE: None,
    _T.ADVISE_AGAINST: None,
    _T.REJECT: None,
    _T.SEND_BACK: None,
    _T.RETURN_DECREE: None,
    _T.CANCEL: None,
    _T.LOSE_POSITION: None,
    _T.WITHDRAW: "WITHDRAWN",
    _T.REPORT_DEATH: DEATH,
    _T.REPORT_RETIREMENT: "RETIREMENT",
    _T.REPORT_FINDING: "FINDING",
}
"""Why it went back or ended: as the decision says, where nothing stands here."""


def _passed(life: Life, ask: Ask, _now: datetime) -> Life:
    papers = life.papers if ask.papers is None else ask.papers
    return replace(
        life,
        clearances=needed(life, ask.clearances),
        papers=papers,
        panel=ask.panel,
        counsel=ask.counsel,
        because=None,
    )


def _heard(life: Life, ask: Ask, _now: datetime) -> Life:
    assert ask.party is not None
    assert ask.outcome is not None
    one = Heard(ask.party, ask.outcome, ask.code, ask.wishes, ask.counter_date)
    return replace(life, heard=(*life.heard, one))


def _kept_silent(life: Life, _ask: Ask, _now: datetime) -> Life:
    silent = tuple(Heard(party, Outcome.NO_RESPONSE) for party in life.awaited)
    return replace(life, heard=life.heard + silent)


def _frozen(life: Life, ask: Ask, _now: datetime) -> Life:
    assert ask.clearance is not None
    return frozen(life, ask.clearance)


def _prepared(life: Life, ask: Ask, _now: datetime) -> Life:
    assert ask.decree_id is not None
    assert ask.effective_at is not None
    decree = Decree(ask.decree_id, ask.effective_at, ask.initials)
    return replace(life, decree=decree, because=None)


def _initialled(life: Life, _ask: Ask, _now: datetime) -> Life:
    assert life.decree is not None
    return replace(life, decree=replace(life.decree, initialled=life.decree.initialled + 1))


def _signature_asked(life: Life, ask: Ask, now: datetime) -> Life:
    assert life.decree is not None
    assert ask.decree_id is not None
    assert ask.number is not None
    asked = SignatureAsked(ask.decree_id, ask.number, now)
    return replace(life, decree=replace(life.decree, asked=asked), because=None)


def _signature_refused(life: Life, ask: Ask, _now: datetime) -> Life:
    assert life.decree is not None
    return replace(life, decree=replace(life.decree, asked=None), because=ask.code)


def _signed(life: Life, ask: Ask, now: datetime) -> Life:
    """A paper that was sent to be signed bears the day of its sending."""
    assert life.decree is not None
    signed = replace(
        life.decree,
        decree_id=ask.decree_id or life.decree.decree_id,
        number=ask.number,
        sha256=ask.sha256,
        asked=None,
        signed_at=life.decree.asked.since if life.decree.asked else now,
    )
    return replace(life, decree=signed)


def _mended(life: Life, _ask: Ask, _now: datetime) -> Life:
    assert life.decree is not None
    return replace(life, decree=replace(life.decree, errata=life.decree.errata + 1))


def _filed(life: Life, ask: Ask, _now: datetime) -> Life:
    assert ask.paper is not None
    return replace(life, filed=(*life.filed, ask.paper))


def _let_stand(life: Life, _ask: Ask, _now: datetime) -> Life:
    """Whoever's partner fell out goes on alone."""
    alone = Impediment.PARTNER_LOST in life.impediments
    second = life.second and life.second.in_force
    return replace(life, impediments=(), group=None if alone else life.group, second=second)


def _unless_together(life: Life) -> Wait | None:
    """Whoever is approved waits for the paper of the group from here on, and the group is urged for it."""
    return None if life.state == State.APPROVED else life.wait


def _urged(life: Life, _ask: Ask, now: datetime) -> Life:
    assert life.wait is not None
    return replace(life, wait=life.wait.urged(now))


def _clearance_urged(life: Life, ask: Ask, now: datetime) -> Life:
    return replace(
        life,
        clearances=tuple(
            replace(one, wait=one.wait.urged(now)) if one.wait and one.code == ask.clearance else one
            for one in life.clearances
        ),
    )


def _objection_urged(life: Life, _ask: Ask, now: datetime) -> Life:
    assert life.objection is not None
    assert life.objection.wait is not None
    return replace(life, objection=replace(life.objection, wait=life.objection.wait.urged(now)))


_CHANGES: dict[Trigger, Callable[[Life, Ask, datetime], Life]] = {
    _T.PROPOSE: lambda life, ask, _: replace(life, position_id=ask.position_id or life.position_id),
    _T.RESUBMIT: lambda life, ask, _: replace(life, position_id=ask.position_id or life.position_id),
    _T.PASS_SCREENING: _passed,
    _T.HEAR: _heard,
    _T.LAPSE_HEARINGS: _kept_silent,
    _T.FREEZE: _frozen,
    _T.LIFT_FREEZE: lambda life, _ask, _now: thawed(life),
    _T.APPROVE: lambda life, ask, _: replace(life, decided_by=ask.by, because=None),
    _T.PREPARE_DECREE: _prepared,
    _T.INITIAL: _initialled,
    _T.ASK_SIGNATURE: _signature_asked,
    _T.REFUSE_SIGNATURE: _signature_refused,
    _T.SIGN_DECREE: _signed,
    _T.SERVE: lambda life, ask, _: replace(life, objection_until=ask.objection_until),
    _T.FILE_PAPER: _filed,
    _T.LET_STAND: _let_stand,
    _T.ISSUE_ERRATUM: _mended,
    _T.HOLD_UP: lambda life, ask, _now: replace(life, held_up=ask.code),
    _T.REVERSE: lambda life, ask, _: replace(life, reversed_by=ask.case_id),
    _T.JOIN_GROUP: lambda life, ask, _now: replace(life, group=ask.group, wait=_unless_together(life)),
    _T.LEAVE_BATCH: lambda life, _ask, _now: replace(life, group=None),
    _T.LOSE_PARTNER: lambda life, _ask, _now: replace(life, group=None, because="PARTNER_LOST"),
    _T.LAPSE_FILE: lambda life, _ask, _now: replace(life, because=life.because or "LAPSED"),
    _T.URGE: _urged,
    _T.URGE_CLEARANCE: _clearance_urged,
    _T.URGE_OBJECTION: _objection_urged,
    _T.URGE_OWED: owed_urged,
}
"""Trigger -> what it changes; the others change the state alone."""
