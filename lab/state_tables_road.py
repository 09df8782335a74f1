"""The tables of one person's secondment and of a surge, made from their machines."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cache

from app.wiring import in_force, rule_packs
from domain import surge
from domain.authority import Capacity
from domain.openings import Opening
from domain.oral import Oral
from domain.secondment import (
    ENDS,
    NOTHING,
    ON_SITE,
    WAITS_FOR,
    Amendment,
    Ask,
    Item,
    Leaving,
    Life,
    Paper,
    Party,
    Post,
    Ready,
    Settling,
    State,
    Trigger,
    decide,
)
from domain.secondment.machine import ABOUT_A_REPORT
from domain.secondment.post import OF_THE_POST
from domain.secondment.readiness import SETTLED_IN
from domain.state_table import Cell, Never, Table, cell_of, tabulate
from lab.state_page import page

NOW = datetime(2027, 2, 4, 8, tzinfo=UTC)
DAY = timedelta(days=1)

# ── one person ────────────────────────────────────────────────────────────────────────────────────────────────────

BY_CLOCK = frozenset(
    {
        Trigger.REMIND_OFFER,
        Trigger.LAPSE_OFFER,
        Trigger.LAPSE_CONDITION,
        Trigger.ESCALATE_RELEASE,
        Trigger.MOBILISE,
        Trigger.FIND_TAKEN,
        Trigger.ESCALATE_CHECK_IN,
        Trigger.START_DUTY,
        Trigger.LOSE_CONTACT,
        Trigger.ESCALATE_CONTACT,
        Trigger.WARN_ENDING,
        Trigger.LAPSE_EXTENSION,
        Trigger.FALL_DUE,
        Trigger.LAPSE_COVER,
        Trigger.LAPSE_HEARING,
        Trigger.ESCALATE_RETURN,
        Trigger.URGE_ACTING_HEAD,
        Trigger.ESCALATE_ACCIDENT_REPORT,
        Trigger.LACK_REST,
        Trigger.URGE_SETTLEMENT,
    }
)
"""What the case does by itself: what it would be refused cannot come, for no alarm is set for it."""


MOVING = frozenset(
    {
        Trigger.AGREE_REASSIGNMENT,
        Trigger.OBJECT_REASSIGNMENT,
        Trigger.DENY_REASSIGNMENT,
        Trigger.LAPSE_HEARING,
        Trigger.MOVE_ON,
    }
)
"""What is about a move to another post that is proposed."""


@dataclass(frozen=True)
class Step:
    """A row: a trigger, what is said with it, and what is to be so beforehand."""

    trigger: Trigger
    ask: Ask = NOTHING
    directed: bool = False
    agreed: tuple[Party, ...] = ()
    proposed: bool = False
    moving: bool = False
    accident: bool | None = None
    early: bool = False
    heads: bool = False
    one_paper: bool = False
    came: bool = True
    over: bool = False


_OPENING = Opening(
    "line", "surge", "role", "site", NOW, NOW + 50 * DAY, NOW + 50 * DAY, room=1, asking=True, fits=True
)
_EVERYTHING = Ask(
    "LATER_DATE", NOW + 2 * DAY, None, NOW + 10 * DAY, Party.HOST, items=tuple(Item), opening=_OPENING
)
_PAPER = Ask(reported_at=NOW - DAY / 12, party=Party.HOST, reference="360/HDR/12")
"""What proves an arrival when the duty is over."""


def _rows() -> dict[str, Step]:
    rows: dict[str, Step] = {}
    for trigger in Trigger:
        ordered = trigger in (Trigger.ORDER_ISSUED, Trigger.MOVE_ON)
        rows[trigger.value] = Step(
            trigger,
            _PAPER if trigger == Trigger.PROVE_ARRIVAL else _EVERYTHING,
            agreed=tuple(Party) if ordered else (),
            proposed=ordered
            or trigger in (Trigger.AGREE_EXTENSION, Trigger.DENY_EXTENSION, Trigger.LAPSE_EXTENSION),
            moving=trigger in MOVING,
            accident=False if trigger in ABOUT_A_REPORT else None,
            heads=trigger in OF_THE_POST,
            one_paper=trigger == Trigger.WAIVE_SETTLEMENT,
            came=trigger != Trigger.PROVE_ARRIVAL,
        )
    return rows | {
        "DECLINE, a directed order": Step(Trigger.DECLINE, _EVERYTHING, directed=True),
        "LAPSE_OFFER, of a directed order": Step(Trigger.LAPSE_OFFER, directed=True),
        "REFUSE_CONDITION, of a directed order": Step(Trigger.REFUSE_CONDITION, directed=True),
        "LAPSE_CONDITION, of a directed order": Step(Trigger.LAPSE_CONDITION, directed=True),
        "PROVE_ARRIVAL, without a paper": Step(Trigger.PROVE_ARRIVAL, came=False),
        "PROVE_ARRIVAL, of whoever arrived": Step(Trigger.PROVE_ARRIVAL, _PAPER),
        "PROVE_ARRIVAL, later than the duty": Step(
            Trigger.PROVE_ARRIVAL, replace(_PAPER, reported_at=NOW + DAY), came=False
        ),
        "REPORT_NO_SHOW, before the report time": Step(Trigger.REPORT_NO_SHOW, early=True),
        "ORDER_ISSUED, of a unit head for whom nobody acts": Step(
            Trigger.ORDER_ISSUED, agreed=tuple(Party), proposed=True, heads=True
        ),
        "ORDER_ISSUED, before all have agreed": Step(Trigger.ORDER_ISSUED, proposed=True),
        "PROPOSE_EXTENSION, for too long": Step(Trigger.PROPOSE_EXTENSION, Ask(until=NOW + 40 * DAY)),
        "ORDER_ISSUED, to another post": Step(
            Trigger.ORDER_ISSUED, agreed=tuple(Party), proposed=True, moving=True
        ),
        "PROPOSE_REASSIGNMENT, where there is no room": Step(
            Trigger.PROPOSE_REASSIGNMENT, Ask(opening=replace(_OPENING, room=0))
        ),
        "PROPOSE_REASSIGNMENT, for too long": Step(
            Trigger.PROPOSE_REASSIGNMENT, Ask(until=NOW + 40 * DAY, opening=_OPENING)
        ),
        "OBJECT_REASSIGNMENT, where none is proposed": Step(Trigger.OBJECT_REASSIGNMENT),
        "WAIVE_SETTLEMENT, of all that is owed": Step(Trigger.WAIVE_SETTLEMENT),
        "RESUME_DUTY, of whoever was hurt on the way": Step(Trigger.RESUME_DUTY, came=False),
        "REGAIN_CONTACT, when the duty is over": Step(Trigger.REGAIN_CONTACT, over=True),
        "REPORT_INJURY, when the duty is over": Step(Trigger.REPORT_INJURY, over=True),
        "RECALL, when the duty is over": Step(Trigger.RECALL, over=True),
        "SIGN_CHECKLIST, of what is needed for the duty": Step(
            Trigger.SIGN_CHECKLIST, Ask(items=tuple(Ready))
        ),
        "SIGN_CHECKLIST, of what is settled on leaving": Step(Trigger.SIGN_CHECKLIST, Ask(items=tuple(Item))),
        "SIGN_DEMOB, while the checklist is open": Step(Trigger.SIGN_DEMOB),
        "SIGN_DEMOB, while an accident report is owed": Step(Trigger.SIGN_DEMOB, _EVERYTHING, accident=False),
    }


SECONDMENT_ROWS = _rows()
SECONDMENT_STATES = {
    state.value: Life(state, 3, NOW - DAY / 24, NOW + DAY, NOW + 7 * DAY)
    for state in State
    if state not in ENDS or state in (State.CLOSED, State.CONVERTED)
}
_OWED = {
    State.RETURNED: tuple(Paper),
    State.REPORTED: (Paper.EVALUATION, Paper.CLAIM),
    State.REIMBURSED: (Paper.EVALUATION,),
    State.CONVERTED: tuple(Paper),
}


def secondment_cell(life: Life, step: Step) -> Cell:
    """Ask the machine of one person."""
    proposed = (step.proposed or step.moving) and life.state in ON_SITE
    to = _OPENING.line_id if step.moving else None
    amendment = Amendment(NOW + 10 * DAY, step.agreed, line_id=to) if proposed else None
    life = replace(life, directed=step.directed, amendment=amendment, accident=step.accident)
    life = replace(life, post=Post("unit") if step.heads else None, seen_at=NOW if step.came else None)
    owed = _OWED.get(life.state, ())
    life = replace(life, settling=Settling((), (), owed, NOW, NOW + DAY, NOW if owed else None))
    if step.one_paper and life.state in WAITS_FOR:
        step = replace(step, ask=Ask(papers=(WAITS_FOR[life.state],)))
    if step.trigger in (Trigger.SIGN_CHECKLIST, Trigger.WAIVE_CHECKLIST) and step.ask is _EVERYTHING:
        here = tuple(Ready) if life.state in SETTLED_IN else tuple(Item)
        step = replace(step, ask=Ask(items=here))
    if step.over and life.state == State.OUT_OF_CONTACT:
        life = replace(life, leaving=Leaving.DUE, home_by=NOW + DAY)
    clock = in_force(rule_packs()).clock
    at = NOW if step.early or life.state == State.OFFERED else NOW + 2 * DAY
    verdict = decide(life, step.trigger, clock, step.ask, decided_at=at, now=at)
    cell = cell_of(verdict)
    refused = not hasattr(verdict, "life")
    return Never() if refused and step.trigger in BY_CLOCK else cell


@cache
def secondment_table() -> Table:
    """Every event in every state of one person."""
    return tabulate(SECONDMENT_STATES, SECONDMENT_ROWS, secondment_cell)


def secondment_page() -> str:
    """The table of one person."""
    about = (
        "Made from `domain/secondment/` by `python -m lab.state_tables`; a test compares. A cell is the state that "
        "follows, the code of a\nrecorded refusal, or – where the case never does this by itself. CLOSED stands for "
        "every end, where an accident report may still be owed; CONVERTED is one where all papers are. Whoever comes back to duty\nafter the first notice of the end is in ENDING_SOON instead of ON_DUTY; whoever "
        "owes fewer papers than all is one of the states of the paper further. "
        "RETRACT_DEATH also leads DECEASED to OUT_OF_CONTACT, and to WITHDRAWN whoever had not left when their death was told. "
        "A check-in, or a reported arrival, is a PROVE_ARRIVAL wherever it is not a move of its own. "
        "What each step means stands in [the road](road.md)."
    )
    return page("States of a secondment", about, secondment_table())


# ── a surge ───────────────────────────────────────────────────────────────────────────────────────────────────────

_GIVER = "giver"
_ORAL = Oral(_GIVER, Capacity.SEKDA, NOW - DAY / 24, NOW + DAY)
SURGE_STATES = {state.value: surge.Life(state, 3, NOW - DAY / 24, plan_id="plan") for state in surge.State}


@dataclass(frozen=True)
class Decided:
    """A row: a trigger, and what is to be so beforehand."""

    trigger: surge.Trigger
    plan_id: str = "plan"
    by_word: bool = False
    proposed: bool = False
    hands: frozenset[str] = frozenset({_GIVER})
    at: datetime = NOW


SURGE_ROWS = {
    trigger.value: Decided(trigger, by_word=trigger == surge.Trigger.RATIFY) for trigger in surge.Trigger
} | {
    "CONFIRM, a new plan of what is open": Decided(surge.Trigger.CONFIRM, proposed=True),
    "WITHDRAW_PLAN, of what is open": Decided(surge.Trigger.WITHDRAW_PLAN, proposed=True),
    "CONFIRM, another plan": Decided(surge.Trigger.CONFIRM, "another"),
    "RATIFY, where nothing was ordered by word": Decided(surge.Trigger.RATIFY),
    "RATIFY, by somebody else": Decided(surge.Trigger.RATIFY, by_word=True, hands=frozenset({"another"})),
    "RATIFY, too late": Decided(surge.Trigger.RATIFY, by_word=True, at=NOW + 2 * DAY),
    "SIGN_ORDER, owed to whoever went by word": Decided(surge.Trigger.SIGN_ORDER, by_word=True),
}


def surge_cell(life: surge.Life, decided: Decided) -> Cell:
    """Ask the machine of a surge."""
    life = replace(life, oral=_ORAL) if decided.by_word else life
    waits = decided.proposed and life.state in surge.STAFFING
    life = replace(life, proposed_until=NOW + DAY) if waits else life
    verdict = surge.decide(
        life,
        decided.trigger,
        now=decided.at,
        plan_id=decided.plan_id,
        decided_at=decided.at,
        hands=decided.hands,
    )
    return cell_of(verdict)


@cache
def surge_table() -> Table:
    """Every decision in every state of a surge."""
    return tabulate(SURGE_STATES, SURGE_ROWS, surge_cell)


def surge_page() -> str:
    """The table of a surge."""
    about = (
        "Made from `domain/surge.py` by `python -m lab.state_tables`; a test compares. A cell is the state that "
        "follows, or the code of a\nrecorded refusal. SOURCING, PARTLY_FILLED, FILLED and ACTIVE follow each other by "
        "the count of people; closing and cancelling\nalso ask the books whether somebody is still out."
    )
    return page("States of a surge", about, surge_table())
