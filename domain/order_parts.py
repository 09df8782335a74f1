"""The parts that an assignment order is put together from: head, basis, signatory, people.

Each says its own thing and knows nothing of the whole; `domain/documents.py` says when the whole may be made.
Names and personnel numbers stay out of every `repr`, so that no log or error text repeats them.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from enum import Enum


class Capacity(Enum):
    """By what right the signatory signs."""

    DEFINITIVE = "definitif"
    ACTING = "Plt"  # pelaksana tugas: the post is vacant
    DAILY_ACTING = "Plh"  # pelaksana harian: the holder is away
    ON_BEHALF = "a.n."  # atas nama: for the superior who delegated
    SUB_DELEGATED = "u.b."  # untuk beliau: for the one who signs for the superior

    @property
    def principals_needed(self) -> int:
        """Say how many offices, highest first, stand above the signature."""
        return {Capacity.ON_BEHALF: 1, Capacity.SUB_DELEGATED: 2}.get(self, 0)


@dataclass(frozen=True, kw_only=True)
class Letterhead:
    """The head of the paper. `emblem_svg` empty means the neutral mark, never somebody's coat of arms."""

    government: str
    office: str
    contact_lines: tuple[str, ...] = ()
    emblem_svg: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class EmergencyDecreeRef:
    """The decree that declared the emergency status; `valid_until` is the instant the status ends."""

    number: str
    dated: date
    issuer: str
    subject: str
    valid_until: datetime


@dataclass(frozen=True, kw_only=True)
class RequestLetterRef:
    """The letter by which a unit asked for help where there is no disaster; until when it asked."""

    number: str
    dated: date
    issuer: str
    subject: str
    valid_until: datetime


@dataclass(frozen=True, kw_only=True)
class OralOrderRef:
    """An order given by word of mouth in the first hours: by an office, with a deadline for the paper."""

    given_by: str
    given_at: datetime
    paper_due: datetime
    valid_until: datetime


Basis = EmergencyDecreeRef | OralOrderRef | RequestLetterRef
"""What an order stands on."""


@dataclass(frozen=True, kw_only=True)
class Signatory:
    """Who signs, and by what right. `principals` are the offices signed for, highest first."""

    person_id: str
    name: str = field(repr=False)
    nip: str = field(repr=False)
    rank: str = ""
    position: str
    capacity: Capacity
    principals: tuple[str, ...] = ()
    delegation_ref: str = ""

    def has_authority(self) -> bool:
        """Say whether the right to sign is complete: whoever is not the definitive holder names the delegation."""
        if not self.position.strip() or not self.person_id.strip():
            return False
        if self.capacity is Capacity.DEFINITIVE:
            return not self.principals
        named = [office for office in self.principals if office.strip()]
        return bool(self.delegation_ref.strip()) and len(named) == self.capacity.principals_needed


@dataclass(frozen=True, kw_only=True)
class AssignedPerson:
    """One person on the order: who, from where, as what, to where, from when until when (instants).

    `amends` is the number of the order that this one amends for the person, empty for a new duty; it prolongs that duty, or
    `moves` the person to another post.
    `hours_on` and `hours_off` are the shifts of the post, by turns, where it has any. Of somebody who heads a unit, `acting_ref` is the mandate of who acts there, and `acting` says so in words.
    `needed_until` is how long the post is needed, where that was said; it may be said anew after the signing, so it is
    no part of the facts that are approved.
    """

    placement_id: str
    person_id: str
    name: str = field(repr=False)
    nip: str = field(repr=False)
    rank: str
    position: str
    home_unit_id: str
    home_unit: str
    role_code: str
    role: str
    site_id: str
    site: str
    starts_at: datetime
    ends_at: datetime
    needed_until: datetime | None = None
    amends: str = ""
    moves: bool = False
    hours_on: int | None = None
    hours_off: int | None = None
    acting_ref: str = ""
    acting: str = field(default="", repr=False)


def basis_facts(basis: Basis) -> dict[str, str]:
    """Tell what an order stands on, without personal data."""
    if isinstance(basis, RequestLetterRef):
        letter = {"number": basis.number, "dated": basis.dated.isoformat()}
        return {"kind": "request_letter", **letter, "valid_until": utc(basis.valid_until)}
    if isinstance(basis, EmergencyDecreeRef):
        decree = {"number": basis.number, "dated": basis.dated.isoformat()}
        return {"kind": "emergency_decree", **decree, "valid_until": utc(basis.valid_until)}
    oral = {"given_by": basis.given_by, "given_at": utc(basis.given_at), "paper_due": utc(basis.paper_due)}
    return {"kind": "oral_order", **oral, "valid_until": utc(basis.valid_until)}


def person_facts(person: AssignedPerson) -> dict[str, str]:
    """Tell who is sent where and until when, by opaque ids."""
    return {
        "placement_id": person.placement_id,
        "person_id": person.person_id,
        "home_unit_id": person.home_unit_id,
        "role_code": person.role_code,
        "site_id": person.site_id,
        "starts_at": utc(person.starts_at),
        "ends_at": utc(person.ends_at),
        # Only where there is something to amend: the facts of an ordinary order stay what they were.
        **({"amends": person.amends} if person.amends else {}),
        **({"shift": f"{person.hours_on}/{person.hours_off}"} if person.hours_on else {}),
        **({"acting_mandate": person.acting_ref} if person.acting_ref else {}),
    }


def utc(at: datetime) -> str:
    """Write an aware instant in UTC."""
    offset = at.utcoffset()
    assert offset is not None  # naive times were refused
    return (at.replace(tzinfo=None) - offset).isoformat() + "Z"
