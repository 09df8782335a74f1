"""What an order says, in the words of the rule pack and the registry."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from domain.authority import Tenure
from domain.documents import (
    AssignedPerson,
    Capacity,
    EmergencyDecreeRef,
    Letterhead,
    OralOrderRef,
    OrderDraft,
    RequestLetterRef,
    Signatory,
)
from domain.order_rules import OrderRules
from domain.rules import RulePack
from domain.standings import Level

HEADS = {"city": "Wali Kota", "regency": "Bupati", "province": "Gubernur", "national": "Presiden"}
"""Who heads a government of each level, and decrees the status there."""
STATUS_NAMES = {"ALERT": "Siaga Darurat", "RESPONSE": "Tanggap Darurat", "TRANSITION": "Transisi Darurat"}


ROMAN = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII")
"""Months, as numbers of papers write them."""


def worded(head: Any, people: Sequence[Any], rules: RulePack) -> OrderDraft:
    """Return everything that the order says; what is not known stays open."""
    words, order = _words(head), rules.assignment_order
    letter = _letter(head)
    roles = sorted({row["role"] for row in people})
    return OrderDraft(
        order_id=head["order_id"],
        government_id=head["government_id"],
        zone=head["zone"],
        letterhead=letterhead_of(head),
        number=head["number"],
        subject=subject_of(head, rules),
        considerations=tuple(text.format(**words) for text in _considerations(order, head, people)),
        legal_bases=order.service_legal_bases if letter else order.legal_bases,
        emergency_decree_ref=_decree(head),
        oral_order_ref=_oral(head),
        letter_ref=letter,
        people=tuple(_person(row, rules) for row in people),
        tasks=tuple(rules.roles[role].task for role in roles) + order.duties,
        starts_at=min((row["report_at"] for row in people), default=None),
        ends_at=max((row["due_back"] for row in people), default=None),
        funding_source=head["funding"],
        signed_place=head["place"],
        signed_at=head["signed_at"],
        signatory=signatory_of(head),
        copies_to=order.copies_to,
        verification_base=order.verification_base,
        salt=head["salt"],
        synthetic=head["synthetic"],
    )


def subject_of(head: Any, rules: RulePack) -> str:
    """Return what the order is about."""
    return rules.assignment_order.subject.format(**_words(head))


def _words(head: Any) -> dict[str, str]:
    """Return what the standing words of the pack leave open."""
    decree, letter, oral = _decree(head), _letter(head), _oral(head)
    return {
        "title": head["title"],
        "operation": head["operation"],
        "decree": f"Keputusan Nomor {decree.number}" if decree else "",
        "letter": f"surat {letter.issuer} Nomor {letter.number}" if letter else "",
        "unit": head["unit"] or "",
        "authority": oral.given_by if oral else "",
    }


def letterhead_of(head: Any) -> Letterhead:
    """Return the head of the government's papers."""
    return Letterhead(
        government=head["letterhead"][0],
        office=head["letterhead"][1],
        contact_lines=tuple(head["letterhead"][2:]),
    )


def _considerations(order: OrderRules, head: Any, people: Sequence[Any]) -> tuple[str, ...]:
    """Return what the order may truthfully say about why its people go, and how they were released."""
    said = order.considerations
    if head["letter_number"]:
        said = (order.service_consideration, *said[1:])
    elif head["decree"] is None and head["oral_at"]:
        said = (order.oral_consideration, *said[1:])
    if any(row["override_id"] for row in people):
        said = (*said[:-1], order.override_consideration)
    return said


def _decree(head: Any) -> EmergencyDecreeRef | None:
    if head["decree"] is None:
        return None
    return EmergencyDecreeRef(
        number=head["decree"],
        dated=head["decree_date"],
        issuer=issuer_of(head),
        subject=f"Status {STATUS_NAMES[head['status']]} {head['operation']}",
        valid_until=head["until"],
    )


def issuer_of(head: Any) -> str:
    """Return whose the decree of the status is: of the own head, or of the governor or President who took the lead.

    Which province leads is known only where the order is its own.
    """
    own = head["government_level"]
    if head["decree_level"] == Level.NATIONAL or own == "national":
        return HEADS["national"]
    if own == "province":
        return f"{HEADS[own]} {head['government'].removeprefix('Pemerintah ').removeprefix('Provinsi ')}"
    return HEADS["province"] if head["decree_level"] == Level.PROVINCE else f"{HEADS[own]} {head['place']}"


def _letter(head: Any) -> RequestLetterRef | None:
    if head["letter_number"] is None:
        return None
    return RequestLetterRef(
        number=head["letter_number"],
        dated=head["letter_date"],
        issuer=head["letter_office"],
        subject=head["title"],
        valid_until=head["letter_until"],
    )


def _oral(head: Any) -> OralOrderRef | None:
    """The word that people went on; without a status it reaches to the last day that was asked for."""
    if head["oral_at"] is None or head["paper_by"] is None:
        return None
    office = "Sekretaris Daerah" if head["oral_capacity"] == "SEKDA" else HEADS[head["government_level"]]
    return OralOrderRef(
        given_by=f"{office} {head['place']}",
        given_at=head["oral_at"],
        paper_due=head["paper_by"],
        valid_until=head["until"] or head["last_due_back"],
    )


BY_TENURE = {
    Tenure.DEFINITIVE: Capacity.DEFINITIVE,
    Tenure.SUBSTITUTE: Capacity.ON_BEHALF,
    Tenure.PLH: Capacity.DAILY_ACTING,
    Tenure.PLT: Capacity.ACTING,
}


def signatory_of(head: Any) -> Signatory:
    """Return who signs, by the decision behind it."""
    return Signatory(
        person_id=head["signatory_id"],
        name=head["signatory"],
        nip=head["signatory_nip"],
        rank=head["signatory_grade"],
        position=head["signatory_position"] or "",
        capacity=BY_TENURE[Tenure(head["tenure"])],
        delegation_ref=head["mandate_letter"] or "",
        principals=(head["holder_position"] or "",) if head["tenure"] == Tenure.SUBSTITUTE else (),
    )


def person_of(row: Any, rules: RulePack) -> AssignedPerson:
    """Return who is sent, as what, where to, and from when until when: what stands on every paper about them."""
    return AssignedPerson(
        placement_id=row["placement_id"],
        person_id=row["person_id"],
        name=row["name"],
        nip=row["nip"],
        rank=row["grade"],
        position=row["position"],
        home_unit_id=row["unit_id"],
        home_unit=row["unit"],
        role_code=row["role"],
        role=rules.roles[row["role"]].label,
        site_id=row["line_id"],
        site=row["site"],
        starts_at=row["report_at"],
        ends_at=row["due_back"],
    )


def _person(row: Any, rules: RulePack) -> AssignedPerson:
    return replace(
        person_of(row, rules),
        needed_until=row["needed_until"],
        amends=row["amends"] or "",
        moves=row["moves"],
        hours_on=row["shift_on"],
        hours_off=row["shift_off"],
        acting_ref=row["acting_mandate_id"] or "",
        acting=rules.assignment_order.acting_head.format(
            unit=row["post"], name=row["acting_name"], letter=row["acting_letter"]
        )
        if row["acting_mandate_id"]
        else "",
    )
