"""When a decree, an extract and a record may be made, and what of them is bound by their hash."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from domain.mutation.decree import Decree, DecreeDraft, decree_facts, make_decree
from domain.mutation.decree_parts import CannotBeMade, Dictum, DictumKind, Fault, Found, Refused
from domain.mutation.extract import make_extract
from domain.mutation.legal_bases import Rank, by_rank, read_basis
from domain.mutation.reasons import HeadObjection
from domain.mutation.records import HandoverItem, HandoverKind, Record, record_code, record_facts
from domain.mutation.states import Outcome, Party
from domain.order_parts import Capacity
from lab.sample_decrees import (
    CERTIFIED_AT,
    EFFECTIVE_AT,
    LEGAL_HEAD,
    MAYOR,
    SIGNED_AT,
    decreed,
    sample_decree,
    sample_decree_draft,
    sample_duty_start,
    sample_handover,
    sample_hearing,
    with_name,
)

SEKDA = replace(
    MAYOR, person_id="per-sekda", position="Sekretaris Daerah", capacity=Capacity.ON_BEHALF,
    principals=("Wali Kota Kupang",), delegation_ref="Keputusan Wali Kota Kupang Nomor 11 Tahun 2026",
)  # fmt: skip


def without(kind: DictumKind) -> Callable[[DecreeDraft], DecreeDraft]:
    return lambda draft: replace(draft, dictums=tuple(one for one in draft.dictums if one.kind != kind))


def signed_by(**change: Any) -> Callable[[DecreeDraft], DecreeDraft]:
    return lambda draft: replace(draft, signatory=replace(SEKDA, **change))


def first_move(**change: Any) -> Callable[[DecreeDraft], DecreeDraft]:
    return lambda draft: replace(draft, moves=(replace(draft.moves[0], **change), *draft.moves[1:]))


@pytest.mark.parametrize(
    ("fault", "where", "spoil"),
    [
        (Fault.MISSING, "effective_at", lambda d: replace(d, effective_at=None)),
        (Fault.MISSING, "signed_at", lambda d: replace(d, signed_at=None)),
        (Fault.MISSING, "signed_place", lambda d: replace(d, signed_place=" ")),
        (Fault.MISSING, "number", lambda d: replace(d, number="")),
        (Fault.MISSING, "subject", lambda d: replace(d, subject="")),
        (Fault.MISSING, "salt", lambda d: replace(d, salt="")),
        (Fault.MISSING, "considerations", lambda d: replace(d, considerations=())),
        (Fault.MISSING, "considerations[2]", lambda d: replace(d, considerations=("bahwa a", "  "))),
        (Fault.MISSING, "notes[1]", lambda d: replace(d, notes=("",))),
        (Fault.MISSING, "legal_bases", lambda d: replace(d, legal_bases=())),
        (Fault.NO_LAW, "legal_bases[1]", lambda d: replace(d, legal_bases=("Undang-Undang ASN",))),
        (Fault.MISSING, "moves", lambda d: replace(d, moves=())),
        (Fault.MISSING, "dictums", lambda d: replace(d, dictums=())),
        (Fault.DICTUM_MISSING, "dictums[1]:POSTING", without(DictumKind.POSTING)),
        (Fault.DICTUM_MISSING, "dictums:EFFECT", without(DictumKind.EFFECT)),
        (
            Fault.EFFECT_NOT_SAID,
            "dictums:EFFECT",
            lambda d: replace(d, effective_at=EFFECTIVE_AT + timedelta(days=1)),
        ),
        (
            Fault.EFFECT_PASSED,
            "effective_at",
            lambda d: replace(d, signed_at=EFFECTIVE_AT + timedelta(days=1)),
        ),
        (
            Fault.NAIVE_TIME,
            "effective_at",
            lambda d: replace(d, effective_at=EFFECTIVE_AT.replace(tzinfo=None)),
        ),
        (Fault.MISSING, "signatory", lambda d: replace(d, signatory=None)),
        (Fault.NOT_BY_ACTING, "signatory", signed_by(capacity=Capacity.ACTING)),
        (Fault.NOT_BY_ACTING, "signatory", signed_by(capacity=Capacity.DAILY_ACTING)),
        (Fault.NOT_BY_SUB_DELEGATION, "signatory", signed_by(capacity=Capacity.SUB_DELEGATED)),
        (Fault.DELEGATION_MISSING, "signatory", signed_by(delegation_ref=" ")),
        (Fault.ANOTHER_OFFICE, "signatory", signed_by(principals=("Bupati Kupang",))),
        (Fault.ANOTHER_OFFICE, "signatory", signed_by(capacity=Capacity.DEFINITIVE, principals=())),
        (Fault.OWN_CASE, "moves[mut-0001]", signed_by(person_id="per-0001")),
        (Fault.MISSING, "moves[mut-0001].person.name", lambda d: with_name(d, " ")),
        (
            Fault.MISSING,
            "moves[mut-0001].receiving.position",
            lambda d: first_move(receiving=replace(d.moves[0].receiving, position=""))(d),
        ),
        (Fault.TWICE, "moves[mut-0002]", first_move(case_id="mut-0002")),
    ],
)
def test_a_decree_with_a_fault_is_not_made_and_says_which_and_where(
    fault: Fault, where: str, spoil: Callable[[DecreeDraft], DecreeDraft]
) -> None:
    spoilt = spoil(sample_decree_draft(2))
    assert make_decree(spoilt) == Refused((Found(fault, where),))


def test_all_faults_are_told_at_once_in_the_order_of_the_paper() -> None:
    refused = make_decree(replace(sample_decree_draft(), number="", moves=(), signatory=None))
    assert str(refused) == "MISSING at number, MISSING at moves, MISSING at signatory"


def test_a_decree_cannot_be_built_past_the_question() -> None:
    with pytest.raises(CannotBeMade) as refusal:
        replace(sample_decree(), dictums=())
    assert refusal.value.found == (Found(Fault.MISSING, "dictums"),)
    assert "Umbu" not in str(refusal.value)


@pytest.mark.parametrize("signatory", [MAYOR, SEKDA])
def test_the_holder_and_a_delegate_in_writing_may_sign(signatory: Any) -> None:
    assert isinstance(make_decree(replace(sample_decree_draft(), signatory=signatory)), Decree)


def test_the_first_of_a_month_is_not_said_by_its_eleventh() -> None:
    draft = sample_decree_draft()
    other = tuple(
        replace(one, text=one.text.replace("1\u00a0Desember", "11 Desember")) for one in draft.dictums
    )
    assert make_decree(replace(draft, dictums=other)) == Refused(
        (Found(Fault.EFFECT_NOT_SAID, "dictums:EFFECT"),)
    )


def test_a_decree_signed_on_the_day_of_its_effect_is_in_time() -> None:
    late = EFFECTIVE_AT + timedelta(hours=23)
    assert isinstance(make_decree(replace(sample_decree_draft(), signed_at=late)), Decree)


def test_people_and_laws_are_listed_alike_in_whatever_order_they_came() -> None:
    draft = sample_decree_draft(30)
    turned = replace(draft, moves=draft.moves[::-1], legal_bases=draft.legal_bases[::-1])
    one, other = decreed(draft), decreed(turned)
    assert one == other
    assert one.facts_sha256 == other.facts_sha256
    listed = [(m.receiving.unit, m.receiving.position, m.person.name) for m in one.moves]
    assert listed == sorted(listed)
    assert [one.place_of(move.case_id) for move in one.moves] == list(range(1, 31))


def test_facts_name_nobody_and_change_with_what_was_decreed() -> None:
    decree = sample_decree(3)
    told = json.dumps(decree_facts(decree))
    assert not any(move.person.name in told or move.person.nip in told for move in decree.moves)
    other_post = replace(decree.moves[0], receiving=replace(decree.moves[0].receiving, position_id="pos-x"))
    extra = (*decree.dictums, Dictum(DictumKind.OTHER, "Lain-lain."))
    changed = [
        replace(decree, number="821.2/148"),
        replace(decree, moves=(other_post, *decree.moves[1:])),
        replace(decree, moves=decree.moves[:2]),
        replace(decree, dictums=extra),
        replace(decree, notes=()),
    ]
    assert len({decree.facts_sha256, *(one.facts_sha256 for one in changed)}) == 6
    looks = replace(decree, copies_to=("Lainnya",))
    assert looks.facts_sha256 == decree.facts_sha256


def test_each_extract_has_a_code_of_its_own() -> None:
    decree = sample_decree(60)
    assert len({decree.code, *(decree.code_of(move.case_id) for move in decree.moves)}) == 61


@pytest.mark.parametrize(
    ("case_id", "certifier", "at", "found"),
    [
        ("mut-0099", LEGAL_HEAD, CERTIFIED_AT, Found(Fault.NOT_ON_DECREE, "moves[mut-0099]")),
        ("mut-0001", None, CERTIFIED_AT, Found(Fault.MISSING, "certifier")),
        (
            "mut-0001",
            replace(LEGAL_HEAD, capacity=Capacity.DAILY_ACTING),
            CERTIFIED_AT,
            Found(Fault.DELEGATION_MISSING, "certifier"),
        ),
        (
            "mut-0001",
            replace(LEGAL_HEAD, person_id="per-0001"),
            CERTIFIED_AT,
            Found(Fault.OWN_CASE, "certifier"),
        ),
        (
            "mut-0001",
            LEGAL_HEAD,
            SIGNED_AT - timedelta(seconds=1),
            Found(Fault.BEFORE_DECREE, "certified_at"),
        ),
        ("mut-0001", LEGAL_HEAD, CERTIFIED_AT.replace(tzinfo=None), Found(Fault.NAIVE_TIME, "certified_at")),
    ],
)
def test_an_extract_with_a_fault_is_not_made(case_id: str, certifier: Any, at: Any, found: Found) -> None:
    assert make_extract(sample_decree(2), case_id, certifier, at) == Refused((found,))


@pytest.mark.parametrize(
    ("record", "change", "found"),
    [
        (sample_hearing(), {"ground": None}, Found(Fault.ANSWER_UNCLEAR, "ground")),
        (sample_hearing(), {"outcome": Outcome.CONSENT}, Found(Fault.ANSWER_UNCLEAR, "ground")),
        (sample_hearing(), {"ground": HeadObjection.NO_NEED}, Found(Fault.ANSWER_UNCLEAR, "ground")),
        (sample_hearing(Outcome.CONSENT), {"party": Party.RELEASING}, Found(Fault.MISSING, "spoken_by")),
        (sample_handover(), {"items": ()}, Found(Fault.MISSING, "items")),
        (
            sample_handover(),
            {"items": (HandoverItem(HandoverKind.ASSET, "Kursi", " "),)},
            Found(Fault.MISSING, "items[1]"),
        ),
        (
            sample_handover(),
            {"taking_over": sample_handover().leaving},
            Found(Fault.SAME_PERSON, "taking_over"),
        ),
        (
            sample_duty_start(),
            {"began_on": sample_duty_start().effective_on - timedelta(days=1)},
            Found(Fault.BEFORE_EFFECT, "began_on"),
        ),
        (
            sample_duty_start(),
            {"stated_by": replace(sample_duty_start().stated_by, person_id="per-0001")},
            Found(Fault.OWN_CASE, "stated_by"),
        ),
        (
            sample_duty_start(),
            {"decree": replace(sample_duty_start().decree, number="")},
            Found(Fault.MISSING, "decree.number"),
        ),
    ],
)
def test_a_record_with_a_fault_is_not_made(record: Record, change: dict[str, Any], found: Found) -> None:
    with pytest.raises(CannotBeMade) as refusal:
        replace(record, **change)
    assert refusal.value.found == (found,)


def test_a_record_tells_no_name_and_its_code_follows_what_it_says() -> None:
    record = sample_handover()
    told = json.dumps(record_facts(record))
    assert record.leaving.name not in told
    assert record.leaving.nip not in told
    fewer = replace(record, items=record.items[:-1])
    codes = {record_code(one) for one in (record, fewer, sample_duty_start(), sample_hearing())}
    assert len(codes) == 4


def test_laws_are_listed_by_rank_then_year_then_number_each_once() -> None:
    laws = (
        "Peraturan Wali Kota Kupang Nomor 3 Tahun 2022 tentang Pola Karier",
        "Peraturan Daerah Kota Kupang Nomor 2 Tahun 2021 tentang Perangkat Daerah",
        "Peraturan Badan Kepegawaian Negara Nomor 5 Tahun 2019 tentang Tata Cara Pelaksanaan Mutasi",
        "Peraturan Menteri Dalam Negeri Nomor 1 Tahun 2023 tentang Tata Naskah Dinas",
        "Peraturan Pemerintah Nomor 11 Tahun 2017 tentang Manajemen Pegawai Negeri Sipil",
        "Undang-Undang Nomor 20 Tahun 2023 tentang Aparatur Sipil Negara",
        "Undang-Undang Nomor 23 Tahun 2014 tentang Pemerintahan Daerah",
        "Undang-Undang Nomor 5 Tahun 2014 tentang Contoh",
        "Pasal 18 ayat (6) Undang-Undang Dasar Negara Republik Indonesia Tahun 1945",
    )
    listed = by_rank((*laws, f"{laws[5]};"))
    assert listed == (laws[8], laws[7], laws[6], laws[5], laws[4], laws[3], laws[2], laws[1], laws[0])


@pytest.mark.parametrize(
    ("text", "rank"),
    [
        ("Peraturan Pemerintah Pengganti Undang-Undang Nomor 1 Tahun 2020 tentang Contoh", Rank.ACT),
        ("Peraturan Daerah Provinsi Nusa Tenggara Timur Nomor 1 Tahun 2020 tentang Contoh", Rank.PROVINCE),
        ("Undang-Undang Nomor 20 tentang Aparatur Sipil Negara", None),
        ("Undang-Undang Tahun 2023 tentang Aparatur Sipil Negara", None),
        ("Undang-Undang Nomor 20 Tahun 2023", None),
        ("Surat Edaran Nomor 2 Tahun 2019 tentang Kewenangan", None),
    ],
)
def test_a_law_is_read_by_rank_number_year_and_subject_or_not_at_all(text: str, rank: Rank | None) -> None:
    read = read_basis(text)
    assert (read and read.rank) == rank
