"""What an assignment order (surat tugas) says, and when it may be made at all.

A secondment stands on this paper: it proves the accident claim, the travel money and the day the person is
due home. So an order without an end, a purse, an emergency behind it and an authority over it is never made:
`make_order` answers with what is missing or contradictory instead. How the paper looks is the typesetter's.

People's names and numbers are part of the paper but not of its `facts`, which carry opaque ids and codes only.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field, fields
from datetime import datetime
from functools import cached_property
from typing import Any

from domain.order_parts import (
    AssignedPerson,
    Basis,
    Capacity,
    EmergencyDecreeRef,
    Letterhead,
    OralOrderRef,
    RequestLetterRef,
    Signatory,
    basis_facts,
    person_facts,
    utc,
)
from domain.paper_codes import keyed, sha256, spelled, verification_code

__all__ = [
    "AssignedPerson",
    "AssignmentOrder",
    "Capacity",
    "Contradiction",
    "EmergencyDecreeRef",
    "Letterhead",
    "Missing",
    "OralOrderRef",
    "OrderDraft",
    "RequestLetterRef",
    "Signatory",
    "Unprintable",
    "contradictions",
    "extract_code",
    "facts",
    "facts_sha256",
    "make_order",
    "missing_parts",
    "order_code",
    "verification_code",
    "verification_url",
]

_FACTS_VERSION = 1


class Unprintable(Exception):
    """An order is complete and yet cannot be set on paper; trying again gives the same."""


@dataclass(frozen=True, kw_only=True)
class OrderDraft:
    """Everything an order could say, any part of it still open.

    `number` is reserved before the paper is made. `zone` is the IANA name of the government's zone: instants
    are told as days of that zone; an end at local midnight belongs to the day before. `salt` keeps codes
    and hashes from being guessed, and is erased with the personal data.
    """

    order_id: str
    government_id: str
    zone: str
    letterhead: Letterhead
    number: str
    subject: str
    considerations: tuple[str, ...]
    legal_bases: tuple[str, ...]
    emergency_decree_ref: EmergencyDecreeRef | None = None
    oral_order_ref: OralOrderRef | None = None
    letter_ref: RequestLetterRef | None = None
    people: tuple[AssignedPerson, ...] = ()
    tasks: tuple[str, ...] = ()
    starts_at: datetime | None = None
    ends_at: datetime | None = None
    funding_source: str = ""
    signed_place: str = ""
    signed_at: datetime | None = None
    signatory: Signatory | None = None
    copies_to: tuple[str, ...] = ()
    verification_base: str = ""
    salt: str = field(default="", repr=False)
    synthetic: bool = False


@dataclass(frozen=True, kw_only=True)
class AssignmentOrder(OrderDraft):
    """A complete order. It cannot exist incomplete: `make_order` answers, this constructor raises ValueError."""

    starts_at: datetime
    ends_at: datetime
    signed_at: datetime
    signatory: Signatory

    def __post_init__(self) -> None:
        wrong = missing_parts(self) + contradictions(self)
        if wrong:
            raise ValueError(f"assignment order {self.order_id} cannot be made: {', '.join(wrong)}")

    @property
    def bases(self) -> tuple[Basis, ...]:
        """Give what the order stands on: the decree, the oral order, or both (the paper that follows the word).

        Without a disaster it is the letter that asked for help.
        """
        return tuple(
            basis for basis in (self.emergency_decree_ref, self.oral_order_ref, self.letter_ref) if basis
        )

    def person(self, placement_id: str) -> AssignedPerson | None:
        return self._by_placement.get(placement_id)

    # Asked once for each extract, and an order may have thousands.

    @cached_property
    def _by_placement(self) -> dict[str, AssignedPerson]:
        return {person.placement_id: person for person in self.people}

    @cached_property
    def _facts_sha256(self) -> str:
        return sha256(facts(self))


@dataclass(frozen=True)
class Missing:
    """The order cannot be made: these parts are not there."""

    parts: tuple[str, ...]


@dataclass(frozen=True)
class Contradiction:
    """The order cannot be made: all parts are there, and these speak against each other."""

    faults: tuple[str, ...]


def make_order(draft: OrderDraft) -> AssignmentOrder | Missing | Contradiction:
    """Make the order, or say what keeps it from being made; nobody can sign what was not made."""
    if parts := missing_parts(draft):
        return Missing(parts)
    if faults := contradictions(draft):
        return Contradiction(faults)
    return AssignmentOrder(**{part.name: getattr(draft, part.name) for part in fields(draft)})


def missing_parts(order: OrderDraft) -> tuple[str, ...]:
    """Name, in the order of the paper, each part that is absent or blank."""
    present = {
        "number": order.number.strip(),
        "subject": order.subject.strip(),
        "considerations": _all_filled(order.considerations),
        "legal_bases": _all_filled(order.legal_bases),
        "emergency_decree_ref": order.emergency_decree_ref or order.oral_order_ref or order.letter_ref,
        "people": order.people,
        "tasks": _all_filled(order.tasks),
        "start_date": order.starts_at,
        "end_date": order.ends_at,
        "funding_source": order.funding_source.strip(),
        "signed_place": order.signed_place.strip(),
        "signed_at": order.signed_at,
        "signatory_authority": order.signatory and order.signatory.has_authority(),
        "verification": order.verification_base.strip() and order.salt,
    }
    return tuple(part for part, value in present.items() if not value)


def contradictions(order: OrderDraft) -> tuple[str, ...]:
    """Name what cannot be true together. Judges only parts that are present; all instants must be aware."""
    faults = [f"naive_time:{name}" for name, at in _instants(order) if at.tzinfo is None]
    if faults:
        return tuple(faults)
    basis = order.emergency_decree_ref or order.oral_order_ref or order.letter_ref
    start, end = order.starts_at, order.ends_at
    if start and end and end <= start:
        faults.append("end_not_after_start")
    if end and basis and end > basis.valid_until:
        faults.append("end_after_letter" if basis is order.letter_ref else "end_after_emergency")
    # Who went by word of mouth is owed the paper of a duty that may be over by then.
    signed_by = None if order.oral_order_ref else order.signed_at
    if end and signed_by and end <= signed_by:
        faults.append("end_not_after_signing")
    for person in order.people:
        if person.ends_at <= person.starts_at:
            faults.append(f"person_end_not_after_start:{person.placement_id}")
        elif signed_by and person.ends_at <= signed_by:
            faults.append(f"person_end_not_after_signing:{person.placement_id}")
        elif start and end and not (start <= person.starts_at and person.ends_at <= end):
            faults.append(f"person_outside_order:{person.placement_id}")
    for key in ("placement_id", "person_id"):
        seen = Counter(getattr(person, key) for person in order.people)
        faults += [f"twice_on_order:{one}" for one, times in sorted(seen.items()) if times > 1]
    return tuple(faults)


def facts(order: AssignmentOrder) -> dict[str, Any]:
    """Tell what was approved, as JSON-able values without personal data.

    People appear by opaque ids. The wording (which names offices and laws, never persons) is bound by its
    hash, salted like every other hash of text. Letterhead and copies are looks, and not part of it.
    """
    wording = [order.subject, order.considerations, order.legal_bases, order.tasks, order.funding_source]
    return {
        "kind": "assignment_order",
        "version": _FACTS_VERSION,
        "order_id": order.order_id,
        "government_id": order.government_id,
        "number": order.number,
        "bases": [basis_facts(basis) for basis in order.bases],
        "starts_at": utc(order.starts_at),
        "ends_at": utc(order.ends_at),
        "signed_at": utc(order.signed_at),
        "signatory": {
            "person_id": order.signatory.person_id,
            "capacity": order.signatory.capacity.value,
            "principals": list(order.signatory.principals),
            "delegation_ref": order.signatory.delegation_ref,
        },
        "people": [person_facts(one) for one in sorted(order.people, key=lambda one: one.placement_id)],
        "wording_hmac_sha256": keyed(order.salt, spelled(wording)).hex(),
        "synthetic": order.synthetic,
    }


def facts_sha256(order: AssignmentOrder) -> str:
    """Give the hash of the approved facts: hex SHA-256 of their canonical JSON."""
    return order._facts_sha256  # noqa: SLF001 - kept there, and said here


def order_code(order: AssignmentOrder) -> str:
    """Give the code printed on the collective order."""
    return verification_code(facts_sha256(order), order.salt)


def extract_code(order: AssignmentOrder, placement_id: str) -> str:
    """Give the code printed on one person's extract: its own, so that showing it never opens the whole list."""
    return verification_code(f"{facts_sha256(order)}:{placement_id}", order.salt)


def verification_url(order: AssignmentOrder, code: str) -> str:
    return f"{order.verification_base.rstrip('/')}/{code}"


def _all_filled(lines: tuple[str, ...]) -> bool:
    return bool(lines) and all(line.strip() for line in lines)


def _instants(order: OrderDraft) -> list[tuple[str, datetime]]:
    named: list[tuple[str, datetime | None]] = [
        ("start_date", order.starts_at),
        ("end_date", order.ends_at),
        ("signed_at", order.signed_at),
    ]
    if decree := order.emergency_decree_ref:
        named.append(("emergency_decree_ref", decree.valid_until))
    if letter := order.letter_ref:
        named.append(("letter_ref", letter.valid_until))
    if oral := order.oral_order_ref:
        named += [("oral_order_ref", at) for at in (oral.given_at, oral.paper_due, oral.valid_until)]
    for person in order.people:
        named += [(person.placement_id, at) for at in (person.starts_at, person.ends_at, person.needed_until)]
    return [(name, at) for name, at in named if at is not None]
