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


class CapWaiver(StrEnum):
    """Why somebody may be asked who has served enough in a year."""

    LIFE_SAVING = "LIFE_SAVING"
    NO_OTHER_SOURCE = "NO_OTHER_SOURCE"
    OWN_WISH = "OWN_WISH"


class ExtensionWaiver(StrEnum):
    """Why somebody stays longer than the ordinary limit, or once more."""

    LIFE_SAVING = "LIFE_SAVING"
    NO_RELIEF = "NO_RELIEF"
    OWN_WISH = "OWN_WISH"
    OTHER = "OTHER"


class RejectionReason(StrEnum):
    """Why a request for people is rejected."""

    NOT_NEEDED = "NOT_NEEDED"
    NO_FUNDS = "NO_FUNDS"
    INCOMPLETE = "INCOMPLETE"
    OTHER = "OTHER"


class ConditionReason(StrEnum):
    """On what condition somebody accepts an offer."""

    LATER_DATE = "LATER_DATE"
    OTHER_SITE = "OTHER_SITE"
    LODGING = "LODGING"
    TRANSPORT = "TRANSPORT"
    OTHER = "OTHER"


class CancelReason(StrEnum):
    """Why an order is cancelled before anybody left on it."""

    NOT_NEEDED = "NOT_NEEDED"
    REPLACED = "REPLACED"
    MISTAKE = "MISTAKE"
    OTHER = "OTHER"


class RecallReason(StrEnum):
    """Why a home unit calls somebody back who is on a surge."""

    MINIMUM_SERVICE = "MINIMUM_SERVICE"
    ESSENTIAL_SERVICE = "ESSENTIAL_SERVICE"
    EMERGENCY_AT_HOME = "EMERGENCY_AT_HOME"
    OTHER = "OTHER"


class DecreedBy(StrEnum):
    """Whose decree makes a transfer of a secondment: who may order one depends on how far it goes."""

    APPOINTING_AUTHORITY = "APPOINTING_AUTHORITY"
    GOVERNOR = "GOVERNOR"
    HOME_MINISTER = "HOME_MINISTER"
    BKN = "BKN"


class EarlyReason(StrEnum):
    """Why a command post lets somebody go before the end."""

    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    REPLACED = "REPLACED"
    HEALTH = "HEALTH"
    FAMILY = "FAMILY"
    CONDUCT = "CONDUCT"
    OTHER = "OTHER"


class InjurySeverity(StrEnum):
    """How bad an injury is; never what it is."""

    LIGHT = "LIGHT"
    SERIOUS = "SERIOUS"


class ReportWaiver(StrEnum):
    """Why the report of an accident to the work accident cover is not asked of the home unit any more."""

    INSURER_TOOK_OVER = "INSURER_TOOK_OVER"
    FILED_BY_OTHERS = "FILED_BY_OTHERS"
    NOT_INSURED = "NOT_INSURED"
    OTHER = "OTHER"


class DeathRetraction(StrEnum):
    """Why the death of somebody who lives was told."""

    TAKEN_FOR_ANOTHER = "TAKEN_FOR_ANOTHER"
    WRONG_LIST = "WRONG_LIST"
    SEEN_ALIVE = "SEEN_ALIVE"
    OTHER = "OTHER"


class SettlementWaiver(StrEnum):
    """Why a report, an evaluation or a claim is not asked for any more."""

    PERSON_UNABLE = "PERSON_UNABLE"
    HOST_DISSOLVED = "HOST_DISSOLVED"
    NOTHING_DUE = "NOTHING_DUE"
    PAID_ELSEWHERE = "PAID_ELSEWHERE"
    OTHER = "OTHER"


class ClaimExcess(StrEnum):
    """Why a claim pays more than the days come to."""

    LODGING = "LODGING"
    TRANSPORT = "TRANSPORT"
    LATE_DAYS = "LATE_DAYS"
    OTHER = "OTHER"


class ArrivalMethod(StrEnum):
    """How an arrival became known."""

    IN_PERSON = "IN_PERSON"
    PHONE = "PHONE"
    PAPER = "PAPER"


class ReturnReason(StrEnum):
    """Why a request goes back to whoever made it, to be changed."""

    INCOMPLETE = "INCOMPLETE"
    TOO_MANY = "TOO_MANY"
    TOO_LONG = "TOO_LONG"
    NO_FUNDS = "NO_FUNDS"
    OTHER = "OTHER"


class SurgeCancelReason(StrEnum):
    """Why people are not needed any more, before anybody left."""

    NO_LONGER_NEEDED = "NO_LONGER_NEEDED"
    HELP_FROM_ELSEWHERE = "HELP_FROM_ELSEWHERE"
    ASKED_IN_ERROR = "ASKED_IN_ERROR"
    OTHER = "OTHER"


class BackfillDeclined(StrEnum):
    """Why a unit that is below its redline while its people are away asks for no help."""

    SERVICE_COVERED = "SERVICE_COVERED"
    SOON_BACK = "SOON_BACK"
    CALLED_BACK = "CALLED_BACK"
    OTHER = "OTHER"


class ErasureReason(StrEnum):
    """Why the content of evidence is erased while the log keeps its hash (UU 27/2022)."""

    WRONG_FILE = "WRONG_FILE"
    MORE_THAN_NEEDED = "MORE_THAN_NEEDED"
    SUBJECT_REQUEST = "SUBJECT_REQUEST"
    RETENTION_ENDED = "RETENTION_ENDED"
