"""When an order may be made, and what of it is bound by its hash."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta, timezone
from typing import Any

import pytest

from domain.documents import (
    AssignmentOrder,
    Capacity,
    Contradiction,
    Missing,
    OrderDraft,
    extract_code,
    facts,
    facts_sha256,
    make_order,
    missing_parts,
    order_code,
    verification_code,
    verification_url,
)
from lab.sample_orders import (
    ENDS_AT,
    STARTS_AT,
    made,
    sample_draft,
    sample_order,
    with_letter,
    with_names,
    with_oral_order,
)


def signed_as(draft: OrderDraft, capacity: Capacity, *principals: str, delegation: str = "") -> OrderDraft:
    assert draft.signatory
    signatory = replace(draft.signatory, capacity=capacity, principals=principals, delegation_ref=delegation)
    return replace(draft, signatory=signatory)


@pytest.mark.parametrize(
    ("part", "without"),
    [
        ("end_date", lambda d: replace(d, ends_at=None)),
        ("start_date", lambda d: replace(d, starts_at=None)),
        ("funding_source", lambda d: replace(d, funding_source="  ")),
        ("emergency_decree_ref", lambda d: replace(d, emergency_decree_ref=None)),
        ("signatory_authority", lambda d: replace(d, signatory=None)),
        ("signatory_authority", lambda d: signed_as(d, Capacity.DAILY_ACTING)),
        ("signatory_authority", lambda d: signed_as(d, Capacity.ON_BEHALF, delegation="Kep. 1")),
        (
            "signatory_authority",
            lambda d: signed_as(d, Capacity.SUB_DELEGATED, "Wali Kota", delegation="Kep. 1"),
        ),
        ("signatory_authority", lambda d: signed_as(d, Capacity.DEFINITIVE, "Wali Kota")),
        ("people", lambda d: replace(d, people=())),
        ("tasks", lambda d: replace(d, tasks=("Bertugas.", " "))),
        ("legal_bases", lambda d: replace(d, legal_bases=())),
        ("considerations", lambda d: replace(d, considerations=())),
        ("number", lambda d: replace(d, number="")),
        ("subject", lambda d: replace(d, subject="")),
        ("signed_place", lambda d: replace(d, signed_place="")),
        ("signed_at", lambda d: replace(d, signed_at=None)),
        ("verification", lambda d: replace(d, salt="")),
    ],
)
def test_an_order_that_lacks_a_part_is_not_made(
    part: str, without: Callable[[OrderDraft], OrderDraft]
) -> None:
    lacking = without(sample_draft())
    assert missing_parts(lacking) == (part,)
    assert make_order(lacking) == Missing((part,))


def test_a_complete_draft_lacks_nothing_and_is_made() -> None:
    assert missing_parts(sample_draft()) == ()
    assert isinstance(make_order(sample_draft()), AssignmentOrder)


@pytest.mark.parametrize(
    "entitled",
    [
        signed_as(sample_draft(), Capacity.DEFINITIVE),
        signed_as(sample_draft(), Capacity.ACTING, delegation="Surat Perintah Nomor 3"),
        signed_as(
            sample_draft(), Capacity.SUB_DELEGATED, "Wali Kota", "Sekretaris Daerah", delegation="Kep. 1"
        ),
        with_oral_order(sample_draft()),
        with_letter(sample_draft()),
    ],
)
def test_every_rightful_signature_an_oral_order_and_a_letter_make_an_order(entitled: OrderDraft) -> None:
    assert isinstance(make_order(entitled), AssignmentOrder)


def test_the_constructor_itself_refuses_an_incomplete_order() -> None:
    with pytest.raises(ValueError, match="funding_source"):
        replace(sample_order(), funding_source="")


def test_an_order_for_a_duty_that_is_over_is_not_made_but_for_who_went_by_word() -> None:
    late = replace(sample_draft(), signed_at=ENDS_AT)
    refused = make_order(late)
    assert isinstance(refused, Contradiction)
    assert refused.faults[0] == "end_not_after_signing"
    assert {fault.split(":")[0] for fault in refused.faults[1:]} == {"person_end_not_after_signing"}
    assert len(refused.faults) == 1 + len(late.people)
    assert isinstance(make_order(with_oral_order(late)), AssignmentOrder)


def test_an_order_that_ends_before_it_starts_is_not_made() -> None:
    backwards = replace(sample_draft(), ends_at=STARTS_AT)
    refused = make_order(backwards)
    assert isinstance(refused, Contradiction)
    assert "end_not_after_start" in refused.faults


def test_an_order_may_last_as_long_as_the_emergency_and_no_instant_longer() -> None:
    draft = sample_draft()
    assert draft.emergency_decree_ref
    assert draft.emergency_decree_ref.valid_until == draft.ends_at
    longer = replace(draft, ends_at=ENDS_AT + timedelta(microseconds=1))
    assert make_order(longer) == Contradiction(("end_after_emergency",))


def test_an_order_lasts_no_longer_than_the_letter_that_asked() -> None:
    longer = replace(with_letter(sample_draft()), ends_at=ENDS_AT + timedelta(microseconds=1))
    assert make_order(longer) == Contradiction(("end_after_letter",))
    bases = facts(made(with_letter(sample_draft())))["bases"]
    assert [(basis["kind"], basis["number"]) for basis in bases] == [
        ("request_letter", "440/112/DINKES/XI/2026")
    ]


def test_a_person_outside_the_period_of_the_order_keeps_it_from_being_made() -> None:
    draft = sample_draft()
    early = replace(draft.people[1], starts_at=STARTS_AT - timedelta(hours=1))
    refused = make_order(replace(draft, people=(draft.people[0], early)))
    assert refused == Contradiction(("person_outside_order:pl-0002",))


def test_a_person_who_stands_twice_on_an_order_keeps_it_from_being_made() -> None:
    draft = sample_draft(1)
    again = replace(draft.people[0], placement_id="pl-9999")
    assert make_order(replace(draft, people=(*draft.people, again))) == Contradiction(
        ("twice_on_order:per-0001",)
    )


def test_an_instant_without_a_zone_is_refused_not_guessed() -> None:
    naive = replace(sample_draft(), ends_at=ENDS_AT.replace(tzinfo=None))
    assert make_order(naive) == Contradiction(("naive_time:end_date",))


def test_the_facts_and_the_repr_hold_no_name_and_no_nip() -> None:
    order = sample_order(60)
    for told in (json.dumps(facts(order), ensure_ascii=False), repr(order)):
        assert "pl-0060" in told
        for personal in [
            (order.signatory.name, order.signatory.nip),
            *((p.name, p.nip) for p in order.people),
        ]:
            assert not any(part in told for part in personal)


def test_the_hash_follows_the_facts_and_neither_the_looks_nor_the_order_of_people() -> None:
    order = sample_order(4)
    approved = facts_sha256(order)
    shuffled = replace(order, people=tuple(reversed(order.people)), copies_to=())
    assert facts_sha256(shuffled) == approved
    other_zone = replace(order, ends_at=ENDS_AT.astimezone(timezone(timedelta(hours=8))))
    assert facts_sha256(other_zone) == approved
    assert facts_sha256(made(with_names(order, ["Nama Diperbaiki"]))) == approved
    changes: list[dict[str, Any]] = [
        {"number": "800/1"},
        {"funding_source": "Lainnya."},
        {"tasks": ("Tugas lain.",)},
        {"people": order.people[:3]},
    ]
    assert len({approved, *(facts_sha256(replace(order, **change)) for change in changes)}) == 5


def test_a_code_is_short_readable_stable_and_depends_on_hash_and_salt() -> None:
    code = verification_code("ab" * 32, "salt")
    assert code == "0QZ5-TS52-0H63"
    assert verification_code("ab" * 32, "other") != code
    assert verification_code("ac" * 32, "salt") != code
    drawn = {mark for at in range(300) for mark in verification_code(str(at), "s") if mark != "-"}
    assert drawn == set("0123456789ABCDEFGHJKMNPQRSTVWXYZ")


def test_each_extract_has_a_code_of_its_own() -> None:
    order = sample_order(60)
    codes = {extract_code(order, person.placement_id) for person in order.people}
    assert len(codes | {order_code(order)}) == 61
    assert verification_url(order, "AAAA-BBBB-CCCC") == "https://siaga.example/periksa/AAAA-BBBB-CCCC"
