"""The papers beside a decree: minutes of a hearing, record of a handover, statement that duty has begun, erratum.

Each is made whole or not at all: `record_faults` says what is wrong and where, and the constructors raise CannotBeMade.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum
from typing import Any

from domain.mutation.decree_parts import (
    CannotBeMade,
    Fault,
    Found,
    PersonInWords,
    PostInWords,
    blank,
    person_faults,
    post_faults,
    unfilled,
)
from domain.mutation.reasons import HeadObjection, PersonObjection
from domain.mutation.states import Outcome, Party
from domain.order_parts import Letterhead, Signatory, utc
from domain.paper_codes import keyed, sha256, spelled, verification_code


@dataclass(frozen=True, kw_only=True)
class RecordHead:
    """What every record has: the case, its number, and where and when it was signed."""

    record_id: str
    case_id: str
    government_id: str
    zone: str
    letterhead: Letterhead
    number: str
    signed_place: str
    signed_at: datetime
    verification_base: str
    salt: str = field(default="", repr=False)
    synthetic: bool = False


@dataclass(frozen=True, kw_only=True)
class DecreeRef:
    """The decree that a record carries out."""

    issuer: str
    number: str
    dated: date
    subject: str


@dataclass(frozen=True, kw_only=True)
class HearingMinutes:
    """The minutes (berita acara) of a hearing: what one party said to the move that is weighed, by its code.

    `spoken_by` is who spoke for a unit, `counter_date` from when on the move would suit. Silence is noted as silence: then nobody signs for who was asked, and `answer_by`
    says until when they were waited for.
    """

    head: RecordHead
    person: PersonInWords
    post: PostInWords
    proposed: PostInWords
    heard_by: Signatory
    answer_by: datetime
    outcome: Outcome
    ground: PersonObjection | HeadObjection | None = None
    party: Party = Party.PERSON
    spoken_by: Signatory | None = None
    counter_date: datetime | None = None

    @property
    def silent(self) -> bool:
        """Whether nothing was said in time."""
        return self.outcome == Outcome.NO_RESPONSE

    def __post_init__(self) -> None:
        _refuse(self)


class HandoverKind(StrEnum):
    """What is handed over."""

    WORK = "WORK"  # pekerjaan yang belum selesai
    DOCUMENT = "DOCUMENT"
    ASSET = "ASSET"  # barang milik daerah
    ACCOUNT = "ACCOUNT"  # akun dan hak akses, never a password
    FUNDS = "FUNDS"


@dataclass(frozen=True)
class HandoverItem:
    """One thing handed over, and in what state."""

    kind: HandoverKind
    what: str
    state: str


@dataclass(frozen=True, kw_only=True)
class HandoverRecord:
    """The record of a handover (berita acara serah terima) in the unit that somebody leaves, known to its head."""

    head: RecordHead
    decree: DecreeRef
    leaving: PersonInWords
    taking_over: PersonInWords
    taking_over_as: PostInWords
    post: PostInWords
    items: tuple[HandoverItem, ...]
    known_to: Signatory

    def __post_init__(self) -> None:
        _refuse(self)


@dataclass(frozen=True, kw_only=True)
class DutyStart:
    """The statement that somebody has begun (SPMT), by the head of the receiving unit."""

    head: RecordHead
    decree: DecreeRef
    person: PersonInWords
    post: PostInWords
    effective_on: date
    began_on: date
    stated_by: Signatory

    def __post_init__(self) -> None:
        _refuse(self)


@dataclass(frozen=True, kw_only=True)
class Erratum:
    """A slip of a decree (ralat), as far as it is about one person: what is written there, and what it should say."""

    head: RecordHead
    decree: DecreeRef
    person: PersonInWords
    written: str = field(repr=False)
    meant: str = field(repr=False)
    signed_by: Signatory

    def __post_init__(self) -> None:
        _refuse(self)


Record = HearingMinutes | HandoverRecord | DutyStart | Erratum


def record_faults(record: Record) -> tuple[Found, ...]:
    """Find, in the order of the paper, whatever keeps a record from being made."""
    head = record.head
    named = ("record_id", "case_id", "number", "signed_place", "verification_base", "salt")
    found = blank({f"head.{name}": getattr(head, name) for name in named})
    if head.signed_at.tzinfo is None:
        found.append(Found(Fault.NAIVE_TIME, "head.signed_at"))
    match record:
        case HearingMinutes():
            return (*found, *_hearing(record))
        case HandoverRecord():
            return (*found, *_decree_ref(record.decree), *_handover(record))
        case DutyStart():
            return (*found, *_decree_ref(record.decree), *_duty_start(record))
        case Erratum():
            return (*found, *_decree_ref(record.decree), *_erratum(record))


def record_code(record: Record) -> str:
    """The code printed on a record."""
    return verification_code(sha256(record_facts(record)), record.head.salt)


def record_facts(record: Record) -> dict[str, Any]:
    """Tell what a record says, as JSON-able values without personal data; its words by their salted hash."""
    head = record.head
    return {
        "kind": type(record).__name__,
        "record_id": head.record_id,
        "case_id": head.case_id,
        "government_id": head.government_id,
        "number": head.number,
        "signed_at": utc(head.signed_at),
        "said_hmac_sha256": keyed(head.salt, spelled(_said(record))).hex(),
        "synthetic": head.synthetic,
    }


def _said(record: Record) -> list[Any]:
    match record:
        case HearingMinutes():
            by, ground = record.heard_by.person_id, record.ground
            told = [_people(record.person), by, _posts(record.post, record.proposed), record.outcome, ground]
            unit = [record.party, record.spoken_by and record.spoken_by.person_id]
            wished = [utc(record.counter_date)] if record.counter_date else []
            return (told if record.party == Party.PERSON else told + unit) + wished
        case HandoverRecord():
            parties = _people(record.leaving, record.taking_over)
            items = [[one.kind, one.what, one.state] for one in record.items]
            posts = _posts(record.post, record.taking_over_as)
            return [_cited(record.decree), parties, record.known_to.person_id, posts, items]
        case DutyStart():
            days = [record.effective_on.isoformat(), record.began_on.isoformat()]
            by = record.stated_by.person_id
            return [_cited(record.decree), _people(record.person), by, _posts(record.post), days]
        case Erratum():
            by, slip = record.signed_by.person_id, [record.written, record.meant]
            return [_cited(record.decree), _people(record.person), by, slip]


def _people(*people: PersonInWords) -> list[str]:
    return [one.person_id for one in people]


def _posts(*posts: PostInWords) -> list[list[str]]:
    return [[one.position_id, one.position, one.unit] for one in posts]


def _cited(decree: DecreeRef) -> list[str]:
    return [decree.issuer, decree.number, decree.dated.isoformat(), decree.subject]


def _refuse(record: Record) -> None:
    if found := record_faults(record):
        raise CannotBeMade(record.head.record_id, found)


def _hearing(record: HearingMinutes) -> list[Found]:
    found = person_faults("person", record.person) + post_faults("post", record.post)
    found += post_faults("proposed", record.proposed) + _officer("heard_by", record.heard_by, record.person)
    if record.party != Party.PERSON and not record.silent:
        spoken = record.spoken_by
        found += _officer("spoken_by", spoken, record.person) if spoken else blank({"spoken_by": ""})
    grounds = PersonObjection if record.party == Party.PERSON else HeadObjection
    objects = isinstance(record.ground, grounds)
    if (record.outcome == Outcome.OBJECTS) != objects or (record.ground is not None and not objects):
        found.append(Found(Fault.ANSWER_UNCLEAR, "ground"))
    named = {"answer_by": record.answer_by, "counter_date": record.counter_date}
    found += [Found(Fault.NAIVE_TIME, where) for where, at in named.items() if at and at.tzinfo is None]
    return found


def _handover(record: HandoverRecord) -> list[Found]:
    found = person_faults("leaving", record.leaving) + post_faults("post", record.post)
    found += person_faults("taking_over", record.taking_over)
    found += post_faults("taking_over_as", record.taking_over_as)
    if record.leaving.person_id == record.taking_over.person_id:
        found.append(Found(Fault.SAME_PERSON, "taking_over"))
    lines = tuple(one.what if one.state.strip() else "" for one in record.items)
    return found + unfilled("items", lines) + _officer("known_to", record.known_to, record.leaving)


def _duty_start(record: DutyStart) -> list[Found]:
    found = person_faults("person", record.person) + post_faults("post", record.post)
    if record.began_on < record.effective_on:
        found.append(Found(Fault.BEFORE_EFFECT, "began_on"))
    return found + _officer("stated_by", record.stated_by, record.person)


def _erratum(record: Erratum) -> list[Found]:
    """Whoever signs for a region may have no number: its head is no civil servant."""
    found = person_faults("person", record.person)
    found += blank(
        {"written": record.written, "meant": record.meant, "signed_by.name": record.signed_by.name}
    )
    if not record.signed_by.has_authority():
        found.append(Found(Fault.DELEGATION_MISSING, "signed_by"))
    if record.signed_by.person_id == record.person.person_id:
        found.append(Found(Fault.OWN_CASE, "signed_by"))
    return found


def _decree_ref(decree: DecreeRef) -> list[Found]:
    named = {"issuer": decree.issuer, "number": decree.number, "subject": decree.subject}
    return blank({f"decree.{key}": text for key, text in named.items()})


def _officer(where: str, officer: Signatory, about: PersonInWords) -> list[Found]:
    """An acting head may state what is so, with a mandate; nobody about themself."""
    found = blank({f"{where}.name": officer.name, f"{where}.nip": officer.nip})
    if not officer.has_authority():
        found.append(Found(Fault.DELEGATION_MISSING, where))
    if officer.person_id == about.person_id:
        found.append(Found(Fault.OWN_CASE, where))
    return found
