"""What happened, newest first: entries of the log told as sentences, the small ones of a day gathered into one."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from domain.report.source import Entry, Source
from domain.report.telling import MANY, ONE_BY_ONE, Teller
from domain.report.view import Happening
from domain.report.words import Calendar

_ALARMS = frozenset(
    {
        "StatusLapsed",
        "UncoveredDuty",
        "AfterActionOverdue",
        "RequestRejected",
        "ReturnOverdue",
        "SurgeEscalated",
    }
)
_DECISIONS = frozenset(
    {
        *("OperationOpened", "StatusDeclared", "StatusExtended", "StatusEscalated", "StatusHandedBack"),
        *("StatusDecreed", "StatusBegan", "StatusWithdrawn"),
        *("OperationEnded", "AfterActionFiled", "OperationArchived"),
        *(
            "RequestApproved",
            "PlanConfirmed",
            "PlanWithdrawn",
            "RedlineOverridden",
            "OrderSigned",
            "StoodDown",
            "SurgeClosed",
        ),
        *("OralOrderGiven", "OralOrderRatified", "LetterProlonged", "RequestReturned", "RequestCancelled"),
        "YearlyCapWaived",
    }
)


def story(source: Source) -> tuple[Happening, ...]:
    """The happenings of the operation, newest first; what nobody needs to read is left out."""
    calendar = Calendar(source.operation.zone)
    teller = Teller(source, calendar)
    groups: dict[tuple[Any, ...], list[Entry]] = {}
    for entry in source.entries:
        if key := _told_with(entry):
            groups.setdefault((key[0], calendar.local(entry.at).date(), *key[1:]), []).append(entry)
    told = [(entries[-1].seq, _happening(key[0], entries, teller)) for key, entries in groups.items()]
    told += [
        (0, Happening(warned.received_at, f"Peringatan diterima: {warned.event}."))
        for warned in source.warnings
    ]
    said = [(happening.at, seq, happening) for seq, happening in told if happening.text]
    return tuple(happening for _, _, happening in sorted(said, key=lambda item: item[:2], reverse=True))


def _told_with(entry: Entry) -> tuple[Any, ...] | None:
    """Say with which entries of its day an entry is told, the kind of the sentence first; None for what is not told."""
    kind, data = entry.type, entry.data
    if kind in ("OfferAnswered", "OfferLapsed"):
        return ("Answers",)
    if kind == "ReleaseDecided" and data.get("state") == "REFUSED":
        return "ReleaseRefused", data.get("unit_id"), data.get("role"), data.get("choice")
    if kind in ("ReturnOverdue", "CheckInEscalated"):
        return kind, data.get("role"), data.get("site"), data.get("escalation")
    if kind == "FellDue":
        return kind, data.get("state")
    if kind == "PlanMade" and entry.authority == "SYSTEM":
        return ("Replanned",)
    if kind in MANY:
        return (kind,)
    return (kind, entry.seq) if kind in ONE_BY_ONE else None


def _happening(kind: str, entries: Sequence[Entry], teller: Teller) -> Happening:
    return Happening(entries[-1].at, teller.tell(kind, entries), kind in _DECISIONS, kind in _ALARMS)
