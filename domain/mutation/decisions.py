"""What a recorded decision asks of a mutation: its trigger, and the part of it that the machine reads."""

from __future__ import annotations

from datetime import date, datetime

from domain.authority import Capacity
from domain.commands import Command, CommandKind
from domain.instants import instant
from domain.mutation.authority import RULINGS
from domain.mutation.case_papers import WORDED
from domain.mutation.machine import Refused
from domain.mutation.said import Ask
from domain.mutation.states import Outcome, Paper, Party, Trigger

_K = CommandKind
TRIGGER_OF: dict[CommandKind, Trigger] = {
    CommandKind(kind): ruling.trigger for kind, ruling in RULINGS.items()
}
"""Kind of decision -> what it moves."""

_HEARD: dict[CommandKind, Party] = {
    _K.HEAR_PERSON: Party.PERSON,
    _K.HEAR_RELEASING_HEAD: Party.RELEASING,
    _K.HEAR_RECEIVING_HEAD: Party.RECEIVING,
}
_FILED: dict[CommandKind, Paper] = {
    _K.FILE_INAUGURATION: Paper.INAUGURATION,
    _K.FILE_HANDOVER_RECORD: Paper.HANDOVER_RECORD,
    _K.FILE_DUTY_START: Paper.DUTY_START_STATEMENT,
}


def ask_of(command: Command) -> Ask | Refused:
    """Return what the decision says; refused when its details are not what its kind needs."""
    told = command.details
    if command.kind == _K.GRANT_CLEARANCE and not {"reference", "dated"} <= set(told):
        return Refused("clearance_unproven")
    try:
        return Ask(
            code=_text(told, "ground") if command.kind in _HEARD else command.choice,
            by=command.on_behalf_of or command.actor_id,
            capacity=command.capacity if command.capacity != Capacity.SUBJECT else None,
            party=_HEARD.get(command.kind),
            outcome=Outcome(command.choice or "") if command.kind in _HEARD else None,
            wishes=bool(told.get("wishes")),
            counter_date=_instant(told, "counter_date"),
            position_id=_text(told, "position_id"),
            clearance=_text(told, "clearance"),
            paper=_FILED.get(command.kind),
            effective_at=_instant(told, "effective_at"),
            number=_text(told, "number"),
            reference=_text(told, "reference"),
            dated=date.fromisoformat(str(told["dated"])) if "dated" in told else None,
            served_at=_instant(told, "served_at"),
            reworded=bool(told.get(WORDED)),
        )
    except ValueError:
        return Refused("faulty_details")


def _text(told: dict[str, str | int | float], key: str) -> str | None:
    return str(told[key]) if key in told else None


def _instant(told: dict[str, str | int | float], key: str) -> datetime | None:
    return instant(told[key]) if key in told else None
