"""The assignment order and its extracts, read back from the PDF."""

from __future__ import annotations

import asyncio
import hashlib
import io
import os
import re
import subprocess
import sys
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from pypdf import PdfReader

from adapters.documents.press import Press, TypesettingFailed
from adapters.documents.typesetter import Typesetter
from domain.documents import AssignmentOrder, Capacity, Unprintable, extract_code, facts_sha256, order_code
from lab.sample_orders import (
    ENDS_AT,
    SIGNED_AT,
    made,
    sample_draft,
    sample_order,
    with_letter,
    with_names,
    with_oral_order,
)

pytestmark = pytest.mark.long

ROOT = Path(__file__).parents[3]
HOSTILE = '#panic("x") *tebal* $x$ _miring_ <a> @b `c` //d \\u{41} "q" ~'


@pytest.fixture(scope="module")
def typesetter() -> Typesetter:
    return Typesetter()


def pages(pdf: bytes) -> list[str]:
    """Read each page's words, single-spaced."""
    return [" ".join(page.extract_text().split()) for page in PdfReader(io.BytesIO(pdf)).pages]


def flat(words: str) -> str:
    """Drop all spacing: where lines break is the paper's business."""
    return re.sub(r"\s|\u200b", "", words)


def test_a_letter_carries_every_part_the_order_has(typesetter: Typesetter) -> None:
    order = sample_order(2)
    read = flat(" ".join(pages(typesetter.assignment_order(order, SIGNED_AT))))
    head, signatory, decree = order.letterhead, order.signatory, order.emergency_decree_ref
    assert decree
    expected = [
        head.government.upper(),
        head.office.upper(),
        *head.contact_lines,
        "SURAT TUGAS",
        f"NOMOR {order.number}",
        order.subject,
        *order.considerations,
        *order.legal_bases,
        signatory.delegation_ref,
        f"Nomor {decree.number} tanggal 21 November 2026 tentang {decree.subject}",
        "berlaku sampai dengan 6 Desember 2026",
        "MEMBERI TUGAS",
        *order.tasks,
        "23 November s.d. 6 Desember 2026 (14 hari)",
        order.funding_source,
        "Kupang, 22 November 2026",
        "a.n. WALI KOTA KUPANG SEKRETARIS DAERAH,",
        signatory.name,
        signatory.rank,
        "NIP 19690412 199503 0 001",
        *order.copies_to,
        order_code(order),
        f"https://siaga.example/periksa/{order_code(order)}",
    ]
    for person in order.people:
        nip = f"{person.nip[:8]} {person.nip[8:14]} {person.nip[14]} {person.nip[15:]}"
        expected += [
            person.name,
            nip,
            person.rank,
            person.position,
            person.home_unit,
            person.role,
            person.site,
        ]
    assert [part for part in expected if flat(part) not in read] == []


@pytest.mark.parametrize(
    ("capacity", "principals", "printed"),
    [
        (Capacity.DEFINITIVE, (), "November 2026 SEKRETARIS DAERAH,"),
        (Capacity.ACTING, (), "Plt. SEKRETARIS DAERAH,"),
        (Capacity.DAILY_ACTING, (), "Plh. SEKRETARIS DAERAH,"),
        (
            Capacity.SUB_DELEGATED,
            ("Wali Kota Kupang", "Asisten Administrasi"),
            "a.n. WALI KOTA KUPANG ASISTEN ADMINISTRASI u.b. SEKRETARIS DAERAH,",
        ),
    ],
)
def test_a_signature_says_by_what_right_it_stands(
    typesetter: Typesetter, capacity: Capacity, principals: tuple[str, ...], printed: str
) -> None:
    order = sample_order(1)
    signatory = replace(order.signatory, capacity=capacity, principals=principals)
    pdf = typesetter.assignment_order(replace(order, signatory=signatory), SIGNED_AT)
    assert printed in pages(pdf)[-1]


def test_an_oral_order_prints_who_gave_it_when_and_the_deadline_for_the_paper(typesetter: Typesetter) -> None:
    pdf = typesetter.assignment_order(made(with_oral_order(sample_draft(1))), SIGNED_AT)
    assert flat(
        "Perintah lisan Wali Kota Kupang tanggal 21 November 2026 pukul 05.40 WITA, berlaku sampai dengan"
        " 6 Desember 2026 dan dituangkan secara tertulis paling lambat 22 November 2026 pukul 05.40 WITA."
    ) in flat(" ".join(pages(pdf)))


def test_a_letter_is_named_where_there_is_no_decree(typesetter: Typesetter) -> None:
    pdf = typesetter.assignment_order(made(with_letter(sample_draft(1))), SIGNED_AT)
    assert flat(
        "Surat Kepala Dinas Kesehatan Kota Kupang Nomor 440/112/DINKES/XI/2026 tanggal 20 November 2026 perihal"
        " bantuan tenaga pelayanan, untuk bantuan tenaga sampai dengan 6 Desember 2026."
    ) in flat(" ".join(pages(pdf)))


def test_days_are_told_in_the_zone_of_the_government(typesetter: Typesetter) -> None:
    def period(zone: str) -> bool:
        pdf = typesetter.assignment_order(replace(sample_order(1), zone=zone), SIGNED_AT)
        return "23 November s.d. 6 Desember 2026 (14 hari)" in pages(pdf)[-1]

    assert period("Asia/Makassar")
    assert not period("Asia/Jakarta")  # there the first minute is still the 22nd


def test_only_synthetic_orders_carry_the_mark_and_they_carry_it_on_every_page(typesetter: Typesetter) -> None:
    order = sample_order(20)
    marked = pages(typesetter.assignment_order(order, SIGNED_AT))
    assert all("DATASINTETIS" in flat(page) for page in marked)
    real = pages(typesetter.assignment_order(replace(order, synthetic=False), SIGNED_AT))
    assert len(real) == len(marked)
    assert not any("SINTETIS" in flat(page) for page in real)


def test_whatever_a_name_contains_is_printed_and_nothing_of_it_obeyed(typesetter: Typesetter) -> None:
    for people in (1, 5):
        order = made(with_names(sample_draft(people), [HOSTILE]))
        for pdf in (
            typesetter.assignment_order(order, SIGNED_AT),
            typesetter.extract(order, "pl-0001", SIGNED_AT),
        ):
            assert flat(HOSTILE) in flat(" ".join(pages(pdf)))


def test_a_character_without_a_glyph_is_refused_by_its_place_without_the_name(typesetter: Typesetter) -> None:
    order = made(with_names(sample_draft(5), ["Contoh Satu", "Rahasia 王"]))
    with pytest.raises(TypesettingFailed) as refusal:
        typesetter.assignment_order(order, SIGNED_AT)
    assert "annex.rows[2].name holds U+738B" in str(refusal.value)
    assert "Rahasia" not in str(refusal.value)
    assert "\n" not in str(refusal.value)


def signature_pages(order: AssignmentOrder, read: list[str]) -> list[str]:
    return [page for page in read if order.signatory.name in page]


@pytest.mark.parametrize("error", [ValueError("Contoh Nama"), RuntimeError("Contoh Nama"), None])
def test_whatever_the_compiler_gives_up_for_is_said_once_and_without_a_name(
    error: Exception | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Its own errors, and what no code can hold: tried again it would be the same, for ever."""
    press = Press("order.typ")

    class Compiler:
        def compile(self, **_: Any) -> bytes:
            assert error is not None
            raise error

    monkeypatch.setattr(press, "_compiler", Compiler)
    said = {"verification": {"url": "x" * (10 if error else 9000)}}
    at = datetime(2026, 11, 24, tzinfo=UTC)
    with pytest.raises(
        TypesettingFailed, match=r"order SPT-1: the typesetter gave up by \w+Error"
    ) as refusal:
        press.set("order SPT-1", said, "", at)
    assert "Contoh" not in str(refusal.value)
    assert isinstance(refusal.value, Unprintable)


@pytest.mark.parametrize("people", range(1, 31))
def test_a_signature_never_stands_alone_on_a_page(typesetter: Typesetter, people: int) -> None:
    # The two texts end the letter at different heights, so that breaks fall in different places.
    for considerations in (1, 3):
        sample = sample_order(people)
        order = replace(sample, considerations=sample.considerations[:considerations])
        signed = signature_pages(order, pages(typesetter.assignment_order(order, SIGNED_AT)))
        assert len(signed) == (1 if people <= 3 else 2)
        assert flat(f"Pembiayaan : {order.funding_source}") in flat(signed[0])
        if people > 3:
            rows = [person for person in order.people if flat(person.nip) in flat(signed[1])]
            assert order.people[-2:] == tuple(rows[-2:])
            assert "Nama / NIP" in signed[1]
            assert f"ditutup pada nomor urut {people}." in signed[1]


def test_an_annex_of_500_repeats_its_header_numbers_its_pages_and_leaves_nobody_out(
    typesetter: Typesetter,
) -> None:
    order = sample_order(500)
    pdf = typesetter.assignment_order(order, SIGNED_AT)
    read = pages(pdf)
    assert len(pdf) < 400_000
    assert len(read) <= 40
    assert "berjumlah 500 (lima ratus) orang" in read[0]
    for at, page in enumerate(read, start=1):
        assert f"Halaman {at} dari {len(read)}" in page
        assert f"Nomor {order.number}" in page
        assert ("Unit kerja asal" in page) == (at > 1)
    annex = flat(" ".join(read[1:]))
    assert all(flat(person.name) in annex and person.nip in annex for person in order.people)
    assert "25 Nov 2026" in read[-1].replace("\u00a0", " ")  # the second wave starts two days later


def test_up_to_three_people_stand_in_the_letter_and_four_in_an_annex(typesetter: Typesetter) -> None:
    for people, annexed in ((3, False), (4, True)):
        order = sample_order(people)
        read = pages(typesetter.assignment_order(order, SIGNED_AT))
        assert any("LAMPIRAN SURAT TUGAS SEKRETARIS DAERAH" in page for page in read) is annexed
        assert (order.people[0].name in read[0]) is not annexed


def test_an_extract_shows_its_person_and_nobody_else(typesetter: Typesetter) -> None:
    order = sample_order(60)
    person = order.people[41]
    pdf = typesetter.extract(order, person.placement_id, SIGNED_AT + timedelta(days=1))
    read = pages(pdf)
    assert len(read) == 1
    assert "PETIKAN SURAT TUGAS" in read[0]
    assert f"NOMOR {order.number}" in read[0]
    assert person.name in read[0]
    assert extract_code(order, person.placement_id) in read[0]
    assert order_code(order) not in read[0]
    assert flat("dikeluarkan pada tanggal 23 November 2026") in flat(read[0])
    others = [one for one in order.people if one is not person]
    for one in others:
        assert one.nip not in flat(read[0])
        assert one.name not in read[0] or one.name in person.name  # drawn names may repeat


def test_an_extract_tells_the_persons_own_days(typesetter: Typesetter) -> None:
    order = sample_order(120)
    early = replace(order.people[110], ends_at=ENDS_AT - timedelta(days=3))
    order = replace(order, people=(*order.people[:110], early, *order.people[111:]))
    read = pages(typesetter.extract(order, early.placement_id, SIGNED_AT))[0]
    assert "25 November s.d. 3 Desember 2026 (9 hari)" in read


def test_an_extract_for_someone_not_on_the_order_is_refused(typesetter: Typesetter) -> None:
    with pytest.raises(LookupError, match="pl-0099"):
        typesetter.extract(sample_order(4), "pl-0099", SIGNED_AT)


def test_a_paper_without_an_instant_of_issue_is_refused(typesetter: Typesetter) -> None:
    with pytest.raises(ValueError, match="issued_at"):
        typesetter.assignment_order(sample_order(1), SIGNED_AT.replace(tzinfo=None))


def test_names_of_any_length_stay_on_the_paper(typesetter: Typesetter) -> None:
    names = ["Prof. Dr. " + "Satyawangsa Kusumanegara " * 6 + ", M.Kes.", "X" * 180, "A" + "bcdefghij" * 12]
    for people in (3, 12):
        order = made(with_names(sample_draft(people), names))
        read = flat(" ".join(pages(typesetter.assignment_order(order, SIGNED_AT))))
        assert all(flat(name) in read for name in names)


def test_a_long_list_of_copies_runs_on_and_loses_nothing(typesetter: Typesetter) -> None:
    copies = tuple(f"Kepala Dinas Contoh Nomor {at};" for at in range(1, 91))
    order = replace(sample_order(1), copies_to=copies)
    read = flat(" ".join(pages(typesetter.assignment_order(order, SIGNED_AT))))
    assert all(flat(copy) in read for copy in copies)


def test_the_file_declares_archival_pdf_and_the_instant_it_was_given(typesetter: Typesetter) -> None:
    reader = PdfReader(io.BytesIO(typesetter.assignment_order(sample_order(4), SIGNED_AT)))
    xmp = reader.trailer["/Root"]["/Metadata"].get_data().decode()  # type: ignore[index]
    assert "<pdfaid:part>2</pdfaid:part>" in xmp
    assert "<pdfaid:conformance>B</pdfaid:conformance>" in xmp
    assert "/OutputIntents" in reader.trailer["/Root"]  # type: ignore[operator]
    assert reader.metadata is not None
    assert reader.metadata.creation_date == SIGNED_AT
    assert reader.metadata.title == "SURAT TUGAS 800.1.11.1/214/SETDA/XI/2026"


def test_the_same_order_gives_the_same_bytes_in_another_process(typesetter: Typesetter) -> None:
    order = sample_order(20)
    here = [
        hashlib.sha256(typesetter.assignment_order(order, SIGNED_AT)).hexdigest(),
        hashlib.sha256(typesetter.extract(order, "pl-0007", SIGNED_AT)).hexdigest(),
    ]
    script = (
        "import hashlib; from adapters.documents.typesetter import Typesetter;"
        "from lab.sample_orders import SIGNED_AT, sample_order; t = Typesetter(); o = sample_order(20);"
        "print(*(hashlib.sha256(pdf).hexdigest() for pdf in"
        " (t.assignment_order(o, SIGNED_AT), t.extract(o, 'pl-0007', SIGNED_AT))))"
    )
    for seed in ("1", "2"):
        there = subprocess.run(
            [sys.executable, "-c", script],
            cwd=ROOT,
            env={**os.environ, "PYTHONHASHSEED": seed, "TZ": "Asia/Jayapura", "SOURCE_DATE_EPOCH": seed},
            capture_output=True,
            text=True,
            check=True,
        )
        assert there.stdout.split() == here
    later = typesetter.assignment_order(order, SIGNED_AT + timedelta(seconds=1))
    assert hashlib.sha256(later).hexdigest() != here[0]


def test_one_typesetter_serves_many_threads_at_once(typesetter: Typesetter) -> None:
    orders = [sample_order(people) for people in (1, 2, 3, 4, 9, 14, 20, 30)]
    alone = [typesetter.assignment_order(order, SIGNED_AT) for order in orders]

    async def together() -> list[bytes]:
        jobs = (asyncio.to_thread(typesetter.assignment_order, order, SIGNED_AT) for order in orders)
        return list(await asyncio.gather(*jobs))

    assert asyncio.run(together()) == alone


@pytest.mark.parametrize("people", [1, 3, 12])
def test_whoever_is_prolonged_reads_which_order_that_amends(typesetter: Typesetter, people: int) -> None:
    order = sample_order(people)
    longer = replace(order.people[0], amends="800.1.11.1/7/BPBD/XI/2026")
    amended = replace(order, people=(longer, *order.people[1:]))
    told = flat("perpanjangan atas Nomor 800.1.11.1/7/BPBD/XI/2026")
    read = flat("".join(pages(typesetter.assignment_order(amended, SIGNED_AT))))
    assert told in read
    assert told in flat(pages(typesetter.extract(amended, longer.placement_id, SIGNED_AT))[0])
    assert "perpanjangan" not in flat("".join(pages(typesetter.assignment_order(order, SIGNED_AT))))
    elsewhere = replace(order, people=(replace(longer, moves=True), *order.people[1:]))
    read = flat("".join(pages(typesetter.assignment_order(elsewhere, SIGNED_AT))))
    assert flat("pemindahan tempat tugas, mengubah Nomor 800.1.11.1/7/BPBD/XI/2026") in read
    assert "perpanjangan" not in read


@pytest.mark.parametrize("people", [1, 12])
def test_an_order_says_how_long_the_post_is_needed_where_that_was_said(
    typesetter: Typesetter, people: int
) -> None:
    order = sample_order(people)
    needed = replace(order.people[0], needed_until=ENDS_AT + timedelta(days=7))
    lasting = replace(order, people=(needed, *order.people[1:]))
    told = flat("tempat tugas dibutuhkan sampai dengan 13 Des 2026")
    assert told in flat("".join(pages(typesetter.assignment_order(lasting, SIGNED_AT))))
    assert told in flat(pages(typesetter.extract(lasting, needed.placement_id, SIGNED_AT))[0])
    for other in (None, ENDS_AT):
        plain = replace(order, people=(replace(needed, needed_until=other), *order.people[1:]))
        assert "dibutuhkan" not in flat("".join(pages(typesetter.assignment_order(plain, SIGNED_AT))))
    # It may be said anew after the signing: what was approved, and its code, stay what they are.
    assert order_code(lasting) == order_code(order)


def test_the_shifts_of_a_post_stand_beside_who_takes_it(typesetter: Typesetter) -> None:
    order = sample_order(2)
    assert "bergiliran" not in flat(" ".join(pages(typesetter.assignment_order(order, SIGNED_AT))))
    by_turns = replace(order.people[0], hours_on=12, hours_off=24)
    changed = replace(order, people=(by_turns, *order.people[1:]))
    read = flat(" ".join(pages(typesetter.assignment_order(changed, SIGNED_AT))))
    assert read.count(flat("bertugas bergiliran 12 jam, istirahat 24 jam")) == 1
    assert facts_sha256(changed) != facts_sha256(order)
