"""Which entries of the log a decision about an operation, a surge or a secondment makes, and which entries nothing but a decision makes."""

from __future__ import annotations

from domain import lines, operation_duties, operation_telling, surge_telling
from domain.commands import CommandKind
from domain.facts import EVENT_OF
from domain.operation import Trigger as OperationTrigger
from domain.secondment import ARRIVES, TRIGGER_OF, Trigger
from domain.surge import Trigger as SurgeTrigger

_DECLARES = frozenset({OperationTrigger.DECLARE, OperationTrigger.ESCALATE})
_PROVED = EVENT_OF[Trigger.PROVE_ARRIVAL]
_OF_PEOPLE = {
    kind: frozenset({EVENT_OF[trigger]} | ({_PROVED} if trigger in ARRIVES else set()))
    for kind, trigger in TRIGGER_OF.items()
}
_OF_SURGES = {
    kind: frozenset(
        {lines.EVENT_OF[kind] if trigger == SurgeTrigger.CHANGE_LINE else surge_telling.EVENT_OF[trigger]}
    )
    for kind, trigger in surge_telling.TRIGGER_OF.items()
}

_OF_OPERATIONS = {
    kind: frozenset(
        {operation_duties.EVENT_OF[trigger]}
        | ({operation_telling.DECREED_AHEAD} if trigger in _DECLARES else set())
    )
    for kind, trigger in operation_telling.TRIGGER_OF.items()
}

MADE_BY: dict[CommandKind, frozenset[str]] = {
    **_OF_PEOPLE,
    **_OF_SURGES,
    **_OF_OPERATIONS,
    CommandKind.REQUEST_SURGE: frozenset({"RequestSubmitted", "OralOrderGiven"}),
    CommandKind.OPEN_OPERATION: frozenset({operation_telling.OPENED}),
}
"""Kind of decision -> what the log calls what it does."""

_BY_THEMSELVES = frozenset(
    EVENT_OF[trigger] for trigger in set(Trigger) - set(TRIGGER_OF.values()) - {Trigger.PROVE_ARRIVAL}
) | {
    "PlanMade",  # empty seats are planned for by the clock
    "StoodDown",  # also when a letter or an oral order has run out
    "LineAdded",  # also the next turn of a line
    "RequestRejected",  # also what no emergency covers
    "ActingHeadLost",  # also when the mandate has run out
}

ONLY_DECIDED: frozenset[str] = frozenset().union(*MADE_BY.values()) - _BY_THEMSELVES
"""Entries that are nobody's doing but of whoever decided it."""
