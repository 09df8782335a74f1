"""A mutation in every state, as the pages of states and the tests use it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain.authority import Capacity
from domain.mutation.alarms import timed, untimed
from domain.mutation.beside import Counsel, Owing
from domain.mutation.life import Group, Life
from domain.mutation.machine import Moved, decide
from domain.mutation.reasons import REASONS
from domain.mutation.rules import ClearanceKind
from domain.mutation.said import NOTHING, Ask
from domain.mutation.states import GroupKind, Outcome, Paper, Party, State, Trigger
from domain.mutation.waiting import Wait

NOW = datetime(2027, 2, 4, 8, tzinfo=UTC)
DAY = timedelta(days=1)
EFFECT = NOW + 10 * DAY
PERTEK, MENDAGRI = ClearanceKind.TECHNICAL_CLEARANCE.value, ClearanceKind.HOME_MINISTER_CONSENT.value
INITIALS = (Capacity.LEGAL_BUREAU, Capacity.SEKDA)
BATCH, SWAP = Group(GroupKind.BATCH, "BA-1"), Group(GroupKind.SWAP, "SW-1")

OWN_NUMBER = "800.1.3.3/1/BKPSDM/II/2027"
SIGNING = (Trigger.ASK_SIGNATURE, Trigger.SIGN_DECREE)

NAMING = (
    *(Trigger.RECOMMEND, Trigger.ADVISE_AGAINST, Trigger.REPORT, Trigger.RETRACT_ENTRY),
    *(Trigger.OPEN_DISCIPLINE, Trigger.NOTE_LAWSUIT),
)
"""What is said by a paper, an entry or a lawsuit of its own."""

# ── lives that can be ─────────────────────────────────────────────────────────────────────────────────────────────


def draft() -> Life:
    """A proposal that is being written."""
    return Life(State.DRAFT, 0, NOW, "position-1")


def counted(life: Life) -> Life:
    """Every term that is not counted yet: five days for each of three levels, and then each week."""
    for what in untimed(life):
        levels = (1,) if life.lapses else (1, 2, 3)
        due = tuple(life.since + 5 * n * DAY for n in levels)
        life = timed(life, what, Wait(due, tuple(one - DAY for one in due), 7 * DAY))
    return life


def moved(life: Life, trigger: Trigger, ask: Ask = NOTHING, *, at: datetime = NOW) -> Life:
    """The life after a move that must stand."""
    verdict = decide(life, trigger, ask, decided_at=at, now=at)
    assert isinstance(verdict, Moved), (life.state, trigger, verdict)
    return counted(verdict.life)


def said(trigger: Trigger) -> Ask:
    """What such a decision says, with all that any of them needs."""
    reasons = REASONS.get(trigger)
    return Ask(
        code=next(iter(reasons)).value if reasons else "M01",
        by="somebody",
        capacity=INITIALS[0],
        party=Party.PERSON,
        outcome=Outcome.CONSENT,
        clearance=MENDAGRI if trigger == Trigger.FREEZE else PERTEK,
        clearances=(PERTEK,),
        paper=Paper.DUTY_START_STATEMENT,
        decree_id="decree-1",
        initials=INITIALS,
        effective_at=EFFECT if trigger == Trigger.PREPARE_DECREE else None,
        number=OWN_NUMBER if trigger in SIGNING else "800.1.3.3/2/BKPSDM/II/2027",
        sha256="f" * 64,
        objection_until=EFFECT + 10 * DAY,
        reference="800/1/2027",
        dated=NOW.date() if trigger in NAMING else None,
        case_id="mutation:another",
        panel=True,
        counsel=Counsel(lapses=True),
        owed=Owing.ABSENCE,
        group=BATCH,
        reworded=True,
    )


_T, _S = Trigger, State
ROAD: tuple[tuple[Trigger, Ask], ...] = (
    (_T.PROPOSE, NOTHING),
    (_T.RECEIVE, NOTHING),
    (_T.PASS_SCREENING, said(_T.PASS_SCREENING)),
    *((_T.HEAR, Ask(party=party, outcome=Outcome.CONSENT)) for party in Party),
    (_T.RECOMMEND, said(_T.RECOMMEND)),
    (_T.GRANT_CLEARANCE, Ask(clearance=PERTEK)),
    (_T.COUNSEL_FOR, NOTHING),
    (_T.APPROVE, Ask(by="mayor")),
    (_T.PREPARE_DECREE, said(_T.PREPARE_DECREE)),
    *((_T.INITIAL, Ask(capacity=office)) for office in INITIALS),
    (_T.SIGN_DECREE, said(_T.SIGN_DECREE)),
    (_T.SERVE, said(_T.SERVE)),
    (_T.BEGIN_HANDOVER, NOTHING),
    (_T.FILE_PAPER, Ask(paper=Paper.HANDOVER_RECORD)),
    (_T.FILE_PAPER, Ask(paper=Paper.DUTY_START_STATEMENT)),
    (_T.TAKE_EFFECT, NOTHING),
    (_T.REPORT, said(_T.REPORT)),
    (_T.CLOSE, NOTHING),
)
"""From the draft to the end, without anything that goes wrong."""


def along(state: State, life: Life | None = None, group: Group | None = None) -> Life:
    """Return the life as it enters that state on its road; `group`: as a member of one from the start."""
    life = counted(life or replace(draft(), group=group))
    for trigger, ask in ROAD:
        if life.state == state:
            return life
        at = max(EFFECT + 15 * DAY, life.since) if trigger in (_T.TAKE_EFFECT, _T.REPORT, _T.CLOSE) else NOW
        group_id = life.group.group_id if life.group else None
        life = moved(life, trigger, replace(ask, group_id=group_id), at=at)
    return life


def second(until: Trigger, life: Life | None = None, order: Trigger = _T.CANCEL) -> Life:
    """Return a life (or one that is served) with a second decree that is so far on its road; `order` asks for it."""
    life = life or along(_S.SERVED)
    if life.second is None or life.second.over:
        life = moved(life, order, said(order))
    for trigger, ask in ROAD[ROAD.index((_T.PREPARE_DECREE, said(_T.PREPARE_DECREE))) :]:
        verdict = decide(life, trigger, ask, decided_at=NOW, now=NOW)
        life = counted(verdict.life) if isinstance(verdict, Moved) else life
        if trigger == until:
            break
    return life


def corrected(life: Life | None = None) -> Life:
    """Return a life whose decree is corrected on an objection, and served so."""
    for trigger in (_T.FILE_OBJECTION, _T.REVIEW_OBJECTION, _T.CORRECT_DECREE):
        life = moved(life or along(_S.SERVED), trigger, said(trigger))
    return second(_T.SERVE, life)


def _samples() -> dict[str, Life]:
    road = (
        *(_S.DRAFT, _S.PROPOSED, _S.SCREENING, _S.CONSULTATION, _S.ASSESSMENT, _S.CLEARANCE, _S.COUNSEL),
        *(_S.AWAITING_DECISION, _S.APPROVED, _S.DECREE_PREPARED, _S.DECREE_SIGNED, _S.SERVED, _S.HANDOVER),
        *(_S.EFFECTIVE, _S.REPORTED, _S.CLOSED),
    )
    lives = {state.value: along(state) for state in road}
    aside = {
        "RETURNED": moved(along(_S.SCREENING), _T.RETURN_FILE, said(_T.RETURN_FILE)),
        "NO_SHOW": moved(along(_S.HANDOVER), _T.REPORT_NO_SHOW, at=EFFECT),
        "being undone": second(_T.PREPARE_DECREE),
        "undone": second(_T.SIGN_DECREE),
        "undone, served": second(_T.SERVE),
        "corrected, served": corrected(),
        "blocked, undecided": moved(along(_S.AWAITING_DECISION), _T.BLOCK),
        "blocked, in effect": moved(along(_S.EFFECTIVE), _T.BLOCK, at=EFFECT + 15 * DAY),
    }
    after = {
        "SCREENING": ["RETURNED"],
        "SERVED": ["being undone", "undone", "undone, served", "corrected, served"],
        "HANDOVER": ["NO_SHOW"],
        "REPORTED": list(aside)[6:],
    }
    order = [name for state in lives for name in (state, *after.get(state, ()))]
    return {name: (lives | aside)[name] for name in order}


MUTATION_STATES = _samples()
MUTATION_NAMES = {
    **dict.fromkeys(("being undone", "undone", "undone, served", "corrected, served"), "SERVED"),
    **dict.fromkeys(("blocked, undecided", "blocked, in effect"), "BLOCKED_BY_BKN"),
}

# ── what comes ────────────────────────────────────────────────────────────────────────────────────────────────────
