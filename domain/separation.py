"""Separation of duties: what each kind of decision is kept apart from, whatever office somebody holds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Apart:
    """What one kind of decision is kept apart from; `verdict`: with another office's verdict in the same case."""

    subject: bool = False
    proposer: bool = False
    verdict: bool = False


SEPARATED: dict[str, Apart] = {
    "APPROVE_SURGE": Apart(proposer=True, verdict=True),
    "REJECT_SURGE": Apart(proposer=True, verdict=True),
    "RETURN_SURGE": Apart(proposer=True, verdict=True),
    "RESUBMIT_SURGE": Apart(verdict=True),
    "RATIFY_ORAL_ORDER": Apart(proposer=True, verdict=True),
    "PROLONG_LETTER": Apart(proposer=True, verdict=True),
    "OVERRIDE_REDLINE": Apart(proposer=True, verdict=True),
    "WAIVE_YEARLY_CAP": Apart(subject=True, proposer=True, verdict=True),
    "ADD_LINE": Apart(proposer=True, verdict=True),
    "RAISE_LINE": Apart(proposer=True, verdict=True),
    "CONFIRM_PLAN": Apart(verdict=True),
    "SIGN_ORDER": Apart(verdict=True),
    "RELEASE": Apart(subject=True, verdict=True),
    "REFUSE_RELEASE": Apart(subject=True, verdict=True),
    "CHECK_IN": Apart(subject=True),
    "SIGN_DEMOB": Apart(subject=True),
    "CONFIRM_RETURN": Apart(subject=True),
    "GRANT_CONDITION": Apart(subject=True),
    "REFUSE_CONDITION": Apart(subject=True),
    "CANCEL_ORDER": Apart(subject=True),
    "REPORT_UNFIT": Apart(subject=True),
    "REPORT_NO_SHOW": Apart(subject=True),
    "FILE_ACCIDENT_REPORT": Apart(subject=True),
    "WAIVE_ACCIDENT_REPORT": Apart(subject=True),
    "RESUME_DUTY": Apart(subject=True),
    "RETRACT_DEATH": Apart(subject=True),
    "CONFIRM_AFFECTED": Apart(subject=True),
    "RECALL": Apart(subject=True),
    "RELEASE_EARLY": Apart(subject=True),
    "PROPOSE_EXTENSION": Apart(subject=True),
    "WAIVE_EXTENSION_LIMIT": Apart(subject=True, verdict=True),
    "APPROVE_EXTENSION": Apart(subject=True, verdict=True),
    "DENY_EXTENSION": Apart(subject=True, verdict=True),
    "PROPOSE_REASSIGNMENT": Apart(subject=True),
    "APPROVE_REASSIGNMENT": Apart(subject=True, verdict=True),
    "DENY_REASSIGNMENT": Apart(subject=True, verdict=True),
    "SIGN_CHECKLIST": Apart(subject=True),
    "WAIVE_CHECKLIST": Apart(subject=True),
    "SETTLE_CLAIM": Apart(subject=True),
    "WAIVE_SETTLEMENT": Apart(subject=True),
    "DECLINE_BACKFILL": Apart(proposer=True),
    "CONVERT": Apart(subject=True, verdict=True),
}
"""Separation of duties; the table `separations` of the database says the same (a test compares)."""


ABOUT_SOMEBODY = frozenset({"WAIVE_YEARLY_CAP"})
"""Decisions in the case of many that are about one of them, whom they name as `person_id`."""


def named_in(kind: str, details: Mapping[str, object]) -> str | None:
    """Return whom a decision is about that stands in nobody's own case."""
    return str(details["person_id"]) if kind in ABOUT_SOMEBODY else None
