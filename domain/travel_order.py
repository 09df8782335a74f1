"""What a travel order (surat perjalanan dinas, SPD) says: one person's journey, on the assignment order that sends them.

It follows the assignment order and never stands alone: its number is drawn as that one is issued, and what it says of the
journey is kept from then on. It is what the travel money is claimed by, so it goes along, is stamped where the person comes and
goes, and comes back with the claim. The form is that of the annex of PMK 113/PMK.05/2012, which regional rules repeat.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from domain.order_parts import AssignedPerson, Letterhead, Signatory, person_facts, utc
from domain.paper_codes import sha256, verification_code
from domain.rule_finder import Finder


@dataclass(frozen=True)
class TravelRules:
    """The register that numbers travel orders, and where their codes are looked up."""

    register: str
    number_class: str
    abbreviation: str
    verification_base: str

    def number(self, sequence: int, month: str, year: int) -> str:
        """Return the number that stands on the paper; `month` in Roman digits."""
        return f"{self.number_class}/{sequence}/{self.abbreviation}/{month}/{year}"


def read_travel(find: Finder) -> TravelRules:
    """Return what stands under `documents.travel_order`; raises RulePackInvalid naming the key that is wrong."""
    at = "documents.travel_order"
    return TravelRules(
        register=find.text(f"{at}.register"),
        number_class=find.text(f"{at}.number_class"),
        abbreviation=find.text(f"{at}.abbreviation"),
        verification_base=find.text(f"{at}.verification_base"),
    )


@dataclass(frozen=True, kw_only=True)
class TravelOrder:
    """One person's journey: from where to where, from when until when (instants), by whose order, at whose expense.

    `leaves_from` is where the journey begins: the home unit, or the former site of whoever is moved to another one. `amends` is
    the number of the travel order that this one takes the place of, empty where there is none.
    """

    number: str
    order_number: str
    zone: str
    letterhead: Letterhead
    purpose: str
    person: AssignedPerson
    leaves_from: str
    funding_source: str
    government: str
    signed_place: str
    signed_at: datetime
    signatory: Signatory
    amends: str = ""
    verification_base: str
    salt: str = field(repr=False)
    synthetic: bool = False


def travel_code(paper: TravelOrder) -> str:
    """Give the code printed on the paper; of its facts, which carry opaque ids and no personal data."""
    facts = {
        "kind": "travel_order",
        "version": 1,
        "number": paper.number,
        "order": paper.order_number,
        "person": person_facts(paper.person),
        "signed_at": utc(paper.signed_at),
        "synthetic": paper.synthetic,
    }
    return verification_code(sha256(facts), paper.salt)


class TravelBook(Protocol):
    """Keeps travel orders: numbered with the assignment order, typeset when somebody first asks."""

    async def paper(self, order_id: str, placement_id: str) -> TravelOrder | None:
        """Return what the travel order of somebody on an issued order says; None where there is none."""

    async def file(self, order_id: str, placement_id: str) -> bytes | None:
        """Return it as PDF; None where it is not typeset yet."""

    async def keep(self, order_id: str, placement_id: str, file: bytes) -> None:
        """Keep the PDF; the first one stays."""

    async def orders_of(self, placement_id: str) -> Sequence[tuple[str, str]]:
        """Return (order id, number of the travel order) of somebody, oldest first."""


class TravelTypesetter(Protocol):
    """Sets travel orders; blocking. The same paper gives the same bytes."""

    def travel_order(self, paper: TravelOrder) -> bytes:
        """Return the travel order as PDF; raises Unprintable."""
