"""The paper after the return, or a conversion: who owes what until when, and where a case stands that still owes some of it.

The claim waits for the person's report, since a journey that nobody reported on is not paid; nobody's money waits for
what the host has to say. So a case stands at the first of report, claim and evaluation that is still owed; who was taken
over by a decree stands there, whatever is owed of the duty up to it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from domain.secondment.life import Clock, Life, Settling
from domain.secondment.said import Ask
from domain.secondment.states import HOMEWARD, OWES_PAPERS, WAITS_FOR, Leaving, Paper, State, Trigger
from domain.terms import Term

OF_THE_PAPER = frozenset(
    {
        Trigger.RECEIVE_REPORT,
        Trigger.RECEIVE_EVALUATION,
        Trigger.SETTLE_CLAIM,
        Trigger.WAIVE_SETTLEMENT,
        Trigger.URGE_SETTLEMENT,
    }
)
"""What moves the paper: the person stands at home, on the way there, or where a decree has taken them."""
_RECEIVED = {
    Trigger.RECEIVE_REPORT: Paper.REPORT,
    Trigger.RECEIVE_EVALUATION: Paper.EVALUATION,
    Trigger.SETTLE_CLAIM: Paper.CLAIM,
}


def paper_fault(life: Life, trigger: Trigger, ask: Ask) -> str | None:
    """Say what the paper has against a trigger: what is not owed is neither received nor waived."""
    owed = life.settling.owed if life.state in OWES_PAPERS else tuple(Paper)
    if trigger in OF_THE_PAPER and life.state == State.CONVERTED and not owed:
        return "not_owed"  # what keeps such a case open is the report of an accident
    if trigger == Trigger.WAIVE_SETTLEMENT and set(ask.papers) - set(owed):
        return "not_owed"
    if trigger == Trigger.SETTLE_CLAIM and ask.above and not ask.code:
        return "claim_above_reckoned"
    if trigger not in _RECEIVED:
        return None
    if trigger == Trigger.SETTLE_CLAIM and Paper.REPORT in owed:
        return "report_owed"
    known = _RECEIVED[trigger] in life.settling.received
    return "not_owed" if known or _RECEIVED[trigger] not in owed else None


def paper_after(life: Life, trigger: Trigger, clock: Clock, ask: Ask, now: datetime) -> Life:
    """Return the life after a paper came in, was waived, or was urged; `since` stays when the person was home, or taken over."""
    before = life.settling
    life = replace(life, revision=life.revision + 1)
    if trigger == Trigger.URGE_SETTLEMENT:
        urged = replace(before, urge_at=now + clock.settlement_urging, urged=before.urged + 1)
        return replace(life, settling=urged)
    if trigger == Trigger.WAIVE_SETTLEMENT:
        waived = _in_order(before.waived, ask.papers or before.owed)
        after = replace(before, waived=waived)
    else:
        after = replace(before, received=_in_order(before.received, (_RECEIVED[trigger],)))
    if life.state in HOMEWARD:
        return replace(life, settling=after)
    settled = {*after.received, *after.waived}
    after = replace(after, owed=tuple(paper for paper in before.owed if paper not in settled))
    # Whoever is asked next has time of their own: urging begins anew, and not at once.
    after = replace(after, urge_at=_urged_first(after, now + clock.settlement_urging), urged=0)
    return replace(life, state=_stands_at(life, after), settling=after)


def left_owing(life: Life, clock: Clock, ask: Ask) -> Life:
    """Return the life of somebody who is home, or taken over by a decree: what is owed of it, until when; perhaps nothing."""
    received = life.settling.received
    report_by = ask.report_by or _as_days(life.since, clock.reporting)
    claim_by = max(report_by, ask.claim_by or _as_days(life.since, clock.reimbursement))
    owed = tuple(paper for paper in owed_of(life) if paper not in received)
    paper = Settling(received, (), owed, report_by, claim_by)
    paper = replace(paper, urge_at=_urged_first(paper, life.since))
    return replace(life, state=_stands_at(life, paper), settling=paper if owed else Settling(received))


def owed_anew(life: Life, clock: Clock, ask: Ask, now: datetime) -> Life:
    """Return the life of somebody who turns out to have been on site when it is over: what is owed of that, too, and until when."""
    before = life.settling
    owed = tuple(one for one in owed_of(life) if one not in (*before.received, *before.waived))
    more = set(owed) - set(before.owed)
    report_by = ask.report_by or _as_days(now, clock.reporting)
    claim_by = max(report_by, ask.claim_by or _as_days(now, clock.reimbursement))
    paper = replace(before, owed=owed, report_by=report_by, urged=0)
    if before.claim_by is None or Paper.CLAIM in more:
        paper = replace(paper, claim_by=claim_by)
    paper = replace(paper, urge_at=_urged_first(paper, now))
    return replace(life, state=_stands_at(life, paper), settling=paper)


def owed_of(life: Life) -> tuple[Paper, ...]:
    """Return what somebody's return, or a conversion, leaves to be settled: nothing of who never came, no report of who never was there."""
    if life.leaving == Leaving.NO_SHOW and life.stay_from is None:
        return ()
    return tuple(Paper) if life.seen_at else (Paper.CLAIM,)


def due_of(settling: Settling, paper: Paper) -> datetime | None:
    """Say until when a paper is owed."""
    return settling.claim_by if paper == Paper.CLAIM else settling.report_by


def urged_paper_at(life: Life) -> Iterator[datetime]:
    """Yield when somebody must be asked anew for what is owed."""
    if life.state in OWES_PAPERS and life.settling.urge_at:
        yield life.settling.urge_at


def _urged_first(settling: Settling, least: datetime) -> datetime | None:
    asked = [due for paper in _asked_now(settling) if (due := due_of(settling, paper))]
    return max(min(asked), least) if asked else None


def _asked_now(settling: Settling) -> tuple[Paper, ...]:
    """What somebody is asked for: the claim only once the report is there."""
    waits = Paper.REPORT in settling.owed
    return tuple(paper for paper in settling.owed if not (waits and paper == Paper.CLAIM))


def _stands_at(life: Life, settling: Settling) -> State:
    if life.state == State.CONVERTED:
        return life.state
    return next((state for state, paper in WAITS_FOR.items() if paper in settling.owed), State.CLOSED)


def _in_order(some: tuple[Paper, ...], more: tuple[Paper, ...]) -> tuple[Paper, ...]:
    return tuple(paper for paper in Paper if paper in some or paper in more)


def _as_days(start: datetime, term: Term) -> datetime:
    """Where no calendar has counted the working days (a year without dates), each day counts as one."""
    return start + (term.elapsed or timedelta(days=term.amount))
