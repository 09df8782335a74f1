"""A surge's move with all that is told with it: the fact for the log, and what officers are asked from now on."""

from typing import Any

from temporalio import workflow

from domain import cases
from domain.log import Attribution, Fact
from domain.moves import SurgeMove
from domain.surge import Life, State
from domain.surge_duties import surge_duties
from schemas.calendar import TermDue
from schemas.surge import SurgeStart
from workflows import terms


async def move(start: SurgeStart, life: Life, event: str, by: Attribution, data: dict[str, Any]) -> SurgeMove:
    """Return the move to this life; when a report is due in working days is asked of the calendar."""
    rules, due = start.rules, TermDue()
    if life.state == State.STOOD_DOWN:
        due = await terms.due(start.government_id, rules.pack, life.since, rules.report)
    told = {**data, "state": life.state.value}
    if due.unknown_year:  # the task has no date, and the log says why
        told["unknown_year"] = due.unknown_year
    if life.escalation:
        told["escalation"] = life.escalation
    person = told.pop(
        "person_id", None
    )  # somebody whom the decision is about, like a yearly cap that is waived
    fact = Fact(event, cases.surge(start.surge_id), workflow.now(), by, person, told)
    return SurgeMove(
        start.surge_id, start.government_id, life, fact, surge_duties(life, rules.urging, due.at)
    )
