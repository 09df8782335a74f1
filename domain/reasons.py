"""The coded reasons that people give: codes may be kept for ever, so none tells of a person's health or family."""

from __future__ import annotations

from enum import StrEnum


class DeclineReason(StrEnum):
    """Why somebody does not accept an offer; HEALTH is a code, never a diagnosis (UU 27/2022)."""

    HEALTH = "HEALTH"
    CARER = "CARER"
    AFFECTED = "AFFECTED"
    DUTY_ELSEWHERE = "DUTY_ELSEWHERE"
    OTHER = "OTHER"


class ReleaseRefusal(StrEnum):
    """Why a home unit does not let somebody go."""

    MINIMUM_SERVICE = "MINIMUM_SERVICE"
    ESSENTIAL_SERVICE = "ESSENTIAL_SERVICE"
    OTHER = "OTHER"


class OverrideReason(StrEnum):
    """Why a unit may be taken below its redline."""

    LIFE_SAVING = "LIFE_SAVING"
    NO_OTHER_SOURCE = "NO_OTHER_SOURCE"
    SERVICE_COVERED = "SERVICE_COVERED"


class RejectionReason(StrEnum):
    """Why a request for people is rejected."""

    NOT_NEEDED = "NOT_NEEDED"
    NO_FUNDS = "NO_FUNDS"
    INCOMPLETE = "INCOMPLETE"
    OTHER = "OTHER"
