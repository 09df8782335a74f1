"""The coded reasons of a mutation; none tells of a person's health or family more than that it is so."""

from __future__ import annotations

from enum import StrEnum

from domain.mutation.beside import Retracted
from domain.mutation.states import Trigger
from domain.reasons import DeathRetraction


class PersonObjection(StrEnum):
    """Why somebody would rather not go; HEALTH and CARER are codes, never what it is."""

    HEALTH = "HEALTH"
    CARER = "CARER"
    DISTANCE = "DISTANCE"
    CAREER = "CAREER"
    COMPETENCE = "COMPETENCE"
    TOO_SOON = "TOO_SOON"
    OTHER = "OTHER"


class HeadObjection(StrEnum):
    """Why a head would rather not let somebody go, or have them."""

    BELOW_NEED = "BELOW_NEED"
    NO_SUCCESSOR = "NO_SUCCESSOR"
    NO_NEED = "NO_NEED"
    COMPETENCE = "COMPETENCE"
    LATER_DATE = "LATER_DATE"
    OTHER = "OTHER"


class OverrideGround(StrEnum):
    """Why the organisation needs a move that a rule would not have; the words lie apart."""

    ORGANISATIONAL_NEED = "ORGANISATIONAL_NEED"
    REORGANISATION = "REORGANISATION"
    POST_ABOLISHED = "POST_ABOLISHED"
    SERVICE_COVERED = "SERVICE_COVERED"
    OTHER = "OTHER"


class FileFault(StrEnum):
    """Why a file goes back to whoever proposed, or is not decided as it is."""

    INCOMPLETE = "INCOMPLETE"
    CONTRADICTORY = "CONTRADICTORY"
    WRONG_POSITION = "WRONG_POSITION"
    NEEDS_ANOTHER_LOOK = "NEEDS_ANOTHER_LOOK"
    OTHER = "OTHER"


class Rejection(StrEnum):
    """Why a mutation is advised against, or rejected."""

    NOT_NEEDED = "NOT_NEEDED"
    NOT_SUITED = "NOT_SUITED"
    BELOW_NEED = "BELOW_NEED"
    CAREER_PATTERN = "CAREER_PATTERN"
    OBJECTION_WEIGHS = "OBJECTION_WEIGHS"
    OTHER = "OTHER"


class Cancellation(StrEnum):
    """Why a decision is taken back before it has effect."""

    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    MISTAKE = "MISTAKE"
    RULES_BROKEN = "RULES_BROKEN"
    DID_NOT_BEGIN = "DID_NOT_BEGIN"
    IMPEDED = "IMPEDED"
    OTHER = "OTHER"


class PositionLoss(StrEnum):
    """Why the position that somebody was to get is not there any more."""

    ABOLISHED = "ABOLISHED"
    TAKEN = "TAKEN"


class Excuse(StrEnum):
    """Why somebody who did not begin is excused; HEALTH and CARER are codes, never what it is."""

    HEALTH = "HEALTH"
    CARER = "CARER"
    FORCE_MAJEURE = "FORCE_MAJEURE"
    ORDERED_ELSEWHERE = "ORDERED_ELSEWHERE"
    NOT_TOLD = "NOT_TOLD"
    OTHER = "OTHER"


REASONS: dict[Trigger, type[StrEnum]] = {
    Trigger.OVERRIDE_RULE: OverrideGround,
    Trigger.RETURN_FILE: FileFault,
    Trigger.SEND_BACK: FileFault,
    Trigger.RETURN_DECREE: FileFault,
    Trigger.ADVISE_AGAINST: Rejection,
    Trigger.COUNSEL_AGAINST: Rejection,
    Trigger.REJECT: Rejection,
    Trigger.CANCEL: Cancellation,
    Trigger.LOSE_POSITION: PositionLoss,
    Trigger.EXCUSE_ABSENCE: Excuse,
    Trigger.RETRACT_ENTRY: Retracted,
    Trigger.RETRACT_DEATH: DeathRetraction,
}
"""What must be said with a code, and which codes there are."""
