"""The pages that show a machine as its whole table: `python -m lab.state_tables` writes them anew.

Each page is made from `decide` itself; a test compares. Another machine needs its sample lives, its events, and a row
in `PAGES`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from domain import operation
from domain.operation import Event, Life, State, Trigger
from domain.operation_rules import decide
from domain.standings import Ending, Level, Standing, Status
from domain.state_table import Cell, Never, cell_of, tabulate
from lab.state_page import page
from lab.state_tables_mutation import mutation_page
from lab.state_tables_road import secondment_page, surge_page
from runtime.settings import ROOT

NOW = datetime(2027, 2, 4, 8, tzinfo=UTC)
DAY = timedelta(days=1)
CITY, PROVINCE = Level.REGENCY_CITY, Level.PROVINCE


# ── the operation ─────────────────────────────────────────────────────────────────────────────────────────────────


def _standing(status: Status, level: Level = CITY, days: int = 14, number: int = 1) -> Standing:
    return Standing(number, level, status, f"360/{number}", NOW - DAY, NOW + days * DAY, warned=False)


def _life(state: State, *standings: Standing, report: str | None = None) -> Life:
    return Life(state, 1, NOW - DAY, standings, report)


def _over(ending: Ending) -> Standing:
    return Standing(
        1, CITY, Status.RESPONSE, "360/1", NOW - 9 * DAY, NOW - 2 * DAY, warned=True, ended=ending
    )


_AHEAD = Standing(2, CITY, Status.RESPONSE, "360/2", NOW + DAY, NOW + 9 * DAY)
OPERATION_STATES: dict[str, Life] = {
    "MONITORING": _life(State.MONITORING),
    "ALERT": _life(State.ALERT, _standing(Status.ALERT)),
    "RESPONSE": _life(State.RESPONSE, _standing(Status.RESPONSE)),
    "TRANSITION": _life(State.TRANSITION, _standing(Status.TRANSITION)),
    "two levels": _life(
        State.RESPONSE, _standing(Status.TRANSITION), _standing(Status.RESPONSE, PROVINCE, 7, number=2)
    ),
    "to come": replace(_life(State.ALERT, _standing(Status.ALERT)), decreed=(_AHEAD,)),
    "LAPSED": _life(State.LAPSED, _over(Ending.RAN_OUT)),
    "ENDED": _life(State.ENDED, _over(Ending.CLOSED)),
    "AFTER_ACTION": _life(State.AFTER_ACTION, _over(Ending.CLOSED)),
    "report filed": _life(State.AFTER_ACTION, _over(Ending.CLOSED), report="360/LAP/1"),
    "ARCHIVED": _life(State.ARCHIVED, _over(Ending.CLOSED), report="360/LAP/1"),
}
OPERATION_NAMES = {"two levels": "RESPONSE", "to come": "ALERT", "report filed": "AFTER_ACTION"}


def _declares(status: Status, level: Level = CITY, trigger: Trigger = Trigger.DECLARE) -> Event:
    return Event(trigger, NOW, level, status, decree="360/9", until=NOW + 20 * DAY)


def _extends(days: int, *, at: datetime = NOW, decree: str = "360/9") -> Event:
    return Event(Trigger.EXTEND, at, CITY, decree=decree, until=NOW + days * DAY)


OPERATION_EVENTS: dict[str, Event] = {
    "declare ALERT, the city": _declares(Status.ALERT),
    "declare RESPONSE, the city": _declares(Status.RESPONSE),
    "declare TRANSITION, the city": _declares(Status.TRANSITION),
    "declare ALERT, the province": _declares(Status.ALERT, PROVINCE),
    "declare RESPONSE, the province": _declares(Status.RESPONSE, PROVINCE),
    "declare RESPONSE, the city, from tomorrow": replace(_declares(Status.RESPONSE), start=NOW + DAY),
    "withdraw what is to come": Event(Trigger.WITHDRAW, NOW, decree="360/9"),
    "extend the city's": _extends(21),
    "extend the city's, to no later end": _extends(3),
    "extend the city's, by the decree that stands": _extends(21, decree="360/1"),
    "extend the city's, after its end": _extends(21, at=NOW + 14 * DAY),
    "escalate to the province": _declares(Status.RESPONSE, PROVINCE, Trigger.ESCALATE),
    "hand back the province's": Event(Trigger.HAND_BACK, NOW, PROVINCE, decree="360/9"),
    "end": Event(Trigger.END, NOW),
    "end, while somebody is out": Event(Trigger.END, NOW, people_held=1),
    "end, while somebody is asked for": Event(Trigger.END, NOW, surges_open=1),
    "file the report": Event(Trigger.FILE_REPORT, NOW, report="360/LAP/1"),
    "archive": Event(Trigger.ARCHIVE, NOW),
    "clock: the city's begins": Event(Trigger.BEGIN, NOW + DAY, CITY),
    "clock: the city's ends soon": Event(Trigger.WARN, NOW + 11 * DAY, CITY),
    "clock: the city's has ended": Event(Trigger.RUN_OUT, NOW + 14 * DAY, CITY),
    "clock: the province's has ended": Event(Trigger.RUN_OUT, NOW + 14 * DAY, PROVINCE),
    "clock: the report is due": Event(Trigger.OPEN_REVIEW, NOW),
    "clock: the report is overdue": Event(Trigger.REPORT_OVERDUE, NOW + 14 * DAY),
}


def operation_cell(life: Life, event: Event) -> Cell:
    """Ask the operation's machine. The clock acts by `next_alarm` alone: what it would be refused cannot come."""
    verdict = decide(life, event, now=event.at)
    if event.trigger in operation.BY_CLOCK and isinstance(verdict, operation.Refused):
        return Never()
    return cell_of(verdict)


def operation_page() -> str:
    """The table of the operation."""
    about = (
        "Made from `domain/operation_rules.py` by `python -m lab.state_tables`; a test compares. A cell is the state "
        "that follows, the\ncode of a recorded refusal, or – where the clock is never set for it. *Two levels*: the "
        "city in TRANSITION and the province\nin RESPONSE; the strongest status in force is the operation's state. "
        "*To come*: the city\nin ALERT, and its RESPONSE is decreed from tomorrow. "
        "In the columns before it only the city has declared."
    )
    table = tabulate(OPERATION_STATES, OPERATION_EVENTS, operation_cell)
    return page("States of an operation", about, table, OPERATION_NAMES)


PAGES: dict[str, Callable[[], str]] = {
    "docs/states-mutation.md": mutation_page,
    "docs/states-operation.md": operation_page,
    "docs/states-secondment.md": secondment_page,
    "docs/states-surge.md": surge_page,
}


def main() -> None:
    """Write every page."""
    for path, make in PAGES.items():
        (ROOT / path).write_text(make(), encoding="utf-8")
        print(path)


if __name__ == "__main__":
    main()
