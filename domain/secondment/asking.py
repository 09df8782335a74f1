"""What a recorded decision asks of a secondment: its trigger, and the part of it that the machine reads."""

from __future__ import annotations

from datetime import date, datetime

from domain.authority import Capacity
from domain.commands import Command, CommandKind
from domain.instants import instant
from domain.reasons import DecreedBy
from domain.secondment.machine import Refused
from domain.secondment.said import Ask
from domain.secondment.states import Item, Paper, Party, Point, Ready, Trigger

_K, _T = CommandKind, Trigger
TRIGGER_OF: dict[CommandKind, Trigger] = {
    _K.ACCEPT_OFFER: _T.ACCEPT,
    _K.ACCEPT_ON_CONDITION: _T.ACCEPT_ON_CONDITION,
    _K.DECLINE_OFFER: _T.DECLINE,
    _K.GRANT_CONDITION: _T.GRANT_CONDITION,
    _K.REFUSE_CONDITION: _T.REFUSE_CONDITION,
    _K.RELEASE: _T.RELEASE,
    _K.REFUSE_RELEASE: _T.REFUSE_RELEASE,
    _K.CANCEL_ORDER: _T.CANCEL_ORDER,
    _K.CHECK_IN: _T.CHECK_IN,
    _K.REPORT_ARRIVAL: _T.REPORT_ARRIVAL,
    _K.REPORT_UNFIT: _T.REPORT_UNFIT,
    _K.REPORT_NO_SHOW: _T.REPORT_NO_SHOW,
    _K.START_REST: _T.START_REST,
    _K.END_REST: _T.END_REST,
    _K.REGAIN_CONTACT: _T.REGAIN_CONTACT,
    _K.REPORT_INJURY: _T.REPORT_INJURY,
    _K.FILE_ACCIDENT_REPORT: _T.FILE_ACCIDENT_REPORT,
    _K.WAIVE_ACCIDENT_REPORT: _T.WAIVE_ACCIDENT_REPORT,
    _K.RESUME_DUTY: _T.RESUME_DUTY,
    _K.REPORT_DEATH: _T.REPORT_DEATH,
    _K.RETRACT_DEATH: _T.RETRACT_DEATH,
    _K.CONFIRM_AFFECTED: _T.CONFIRM_AFFECTED,
    _K.RECALL: _T.RECALL,
    _K.RELEASE_EARLY: _T.RELEASE_EARLY,
    _K.PROPOSE_EXTENSION: _T.PROPOSE_EXTENSION,
    _K.WAIVE_EXTENSION_LIMIT: _T.PROPOSE_EXTENSION,
    _K.CONSENT_EXTENSION: _T.AGREE_EXTENSION,
    _K.APPROVE_EXTENSION: _T.AGREE_EXTENSION,
    _K.OBJECT_EXTENSION: _T.DENY_EXTENSION,
    _K.DENY_EXTENSION: _T.DENY_EXTENSION,
    _K.HAND_OVER: _T.HAND_OVER,
    _K.PROPOSE_REASSIGNMENT: _T.PROPOSE_REASSIGNMENT,
    _K.CONSENT_REASSIGNMENT: _T.AGREE_REASSIGNMENT,
    _K.OBJECT_REASSIGNMENT: _T.OBJECT_REASSIGNMENT,
    _K.APPROVE_REASSIGNMENT: _T.AGREE_REASSIGNMENT,
    _K.DENY_REASSIGNMENT: _T.DENY_REASSIGNMENT,
    _K.SIGN_CHECKLIST: _T.SIGN_CHECKLIST,
    _K.WAIVE_CHECKLIST: _T.WAIVE_CHECKLIST,
    _K.SIGN_DEMOB: _T.SIGN_DEMOB,
    _K.CONFIRM_RETURN: _T.CONFIRM_RETURN,
    _K.RECEIVE_REPORT: _T.RECEIVE_REPORT,
    _K.RECEIVE_EVALUATION: _T.RECEIVE_EVALUATION,
    _K.SETTLE_CLAIM: _T.SETTLE_CLAIM,
    _K.WAIVE_SETTLEMENT: _T.WAIVE_SETTLEMENT,
    _K.CONVERT: _T.CONVERT,
    _K.LOSE_COVER: _T.LOSE_COVER,
    _K.REGAIN_COVER: _T.REGAIN_COVER,
    _K.GAIN_ACTING_HEAD: _T.GAIN_ACTING_HEAD,
    _K.LOSE_ACTING_HEAD: _T.LOSE_ACTING_HEAD,
}

_HOST = frozenset({Capacity.COMMAND_POST, Capacity.COORDINATOR})


def ask_of(command: Command) -> Ask | Refused:
    """Return what the decision says; refused when its details are not what its kind needs."""
    details = command.details
    try:
        if _is_over(command):
            return Refused("ends_in_the_past")
        if command.kind == CommandKind.SETTLE_CLAIM:
            _check_claim(details)
        if command.kind == CommandKind.CONVERT:
            _check_decree(details)
        return Ask(
            code=command.choice,
            report_at=_instant(details, "report_at"),
            reported_at=_instant(details, "reported_at"),
            until=_instant(details, "until") or _instant(details, "covered_until"),
            party=_party(command.capacity),
            waiver=_waives(command),
            mandate_id=str(details["mandate_id"]) if "mandate_id" in details else None,
            papers=tuple(Paper(word) for word in str(details.get("papers", "")).split()),
            above=int(details.get("amount", 0)) > int(details.get("reckoned", details.get("amount", 0))),
            hands=tuple(one for one in (command.actor_id, command.on_behalf_of) if one),
            items=tuple(point_of(word) for word in str(details.get("items", "")).split()),
            reference=str(details["reference"]) if "reference" in details else None,
            left_at=_instant(details, "left_at"),
        )
    except ValueError:
        return Refused("faulty_details")


def point_of(word: str) -> Point:
    """Return the point of the checklist that a word names; raises ValueError."""
    return Ready(word) if word in set(Ready) else Item(word)


def _is_over(command: Command) -> bool:
    """Whether nobody would be kept from asking a victim of the disaster again."""
    until = _instant(command.details, "until")
    return command.kind == CommandKind.CONFIRM_AFFECTED and until is not None and until <= command.decided_at


def _check_claim(details: dict[str, str | int | float]) -> None:
    """Raise ValueError where a claim does not say by which document of what day it was paid, and how much."""
    date.fromisoformat(str(details.get("dated")))
    if not details.get("reference") or int(details.get("amount", -1)) < 0:
        raise ValueError("claim")


def _check_decree(details: dict[str, str | int | float]) -> None:
    """Raise ValueError where a transfer does not say by whose decree it is ordered, and by which one of what day."""
    date.fromisoformat(str(details.get("decree_date")))
    DecreedBy(str(details.get("decreed_by")))
    if not str(details.get("decree", "")).strip():
        raise ValueError("decree")


def _waives(command: Command) -> bool:
    """A stay beyond the ordinary limit: by the decision of its own, or a move that the regional secretary proposes."""
    if command.kind == CommandKind.PROPOSE_REASSIGNMENT:
        return command.capacity == Capacity.SEKDA
    return command.kind == CommandKind.WAIVE_EXTENSION_LIMIT


def _instant(details: dict[str, str | int | float], key: str) -> datetime | None:
    return instant(details[key]) if key in details else None


def _party(capacity: Capacity) -> Party:
    if capacity == Capacity.SUBJECT:
        return Party.PERSON
    return Party.HOST if capacity in _HOST else Party.HOME
