"""The papers of a mutation, read back from the PDF."""

from __future__ import annotations

import hashlib
import io
import os
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from pypdf import PdfReader

from adapters.documents.mutation_papers import MutationPapers
from adapters.documents.press import TypesettingFailed
from domain.mutation.reasons import HeadObjection
from domain.mutation.records import Record, record_code
from domain.mutation.states import Outcome, Party
from domain.order_parts import Capacity
from lab.sample_decrees import (
    LEGAL_HEAD,
    MAYOR,
    SIGNED_AT,
    UNIT_HEAD,
    decreed,
    sample_decree,
    sample_decree_draft,
    sample_duty_start,
    sample_erratum,
    sample_extract,
    sample_handover,
    sample_hearing,
    with_name,
    write_samples,
)

ROOT = Path(__file__).parents[3]
HOSTILE = '#panic("x") *tebal* $x$ _miring_ <a> @b `c` //d \\u{41} "q" ~'
LONG = "Prof. Dr. " + "Satyawangsa Kusumanegara " * 6 + ", S.Kep., Ns., M.Kes."
DICTUMS = ("KESATU", "KEDUA", "KETIGA", "KEEMPAT", "KELIMA")


@pytest.fixture(scope="module")
def papers() -> MutationPapers:
    return MutationPapers()


def pages(pdf: bytes) -> list[str]:
    """Read each page's words without any spacing: where lines break is the paper's business."""
    return [flat(page.extract_text()) for page in PdfReader(io.BytesIO(pdf)).pages]


def flat(words: str) -> str:
    return re.sub(r"\s|\u200b", "", words)


def lacking(pdf: bytes, expected: list[str]) -> list[str]:
    read = "".join(pages(pdf))
    return [part for part in expected if flat(part) not in read]


def test_a_decree_for_one_carries_every_part(papers: MutationPapers) -> None:
    decree = sample_decree()
    (move,) = decree.moves
    expected = [
        "WALI KOTA KUPANG PROVINSI NUSA TENGGARA TIMUR",
        f"KEPUTUSAN WALI KOTA KUPANG NOMOR {decree.number} TENTANG {decree.subject.upper()}",
        "DENGAN RAHMAT TUHAN YANG MAHA ESA WALI KOTA KUPANG,",
        *(f"{mark}. {text};" for mark, text in zip("abc", decree.considerations, strict=True)),
        *(f"{at}. {law};" for at, law in enumerate(decree.legal_bases, start=1)),
        f"Memperhatikan : {decree.notes[0]};",
        "MEMUTUSKAN:",
        f"KEPUTUSAN WALI KOTA KUPANG TENTANG {decree.subject.upper()}.",
        *(f"{label} : {one.text}" for label, one in zip(DICTUMS, decree.dictums, strict=True)),
        "terhitung mulai tanggal 1 Desember 2026.",
        f"Nama : {move.person.name}",
        move.person.nip,
        move.person.rank,
        f"Jabatan lama : {move.origin.position} Unit kerja lama : {move.origin.unit}",
        f"Jabatan baru : {move.receiving.position} (kelas jabatan {move.receiving.job_class})",
        "Ditetapkan di Kupang pada tanggal 23 November 2026 WALI KOTA KUPANG,",
        MAYOR.name,
        decree.code,
        f"https://siaga.example/periksa/{decree.code}",
        "Tembusan:",
        "Kepala unit kerja lama dan unit kerja baru.",
    ]
    pdf = papers.decree(decree)
    assert lacking(pdf, expected) == []
    assert len(pages(pdf)) == 2


def test_a_delegate_signs_for_the_authority_and_the_delegation_stands_among_the_laws(
    papers: MutationPapers,
) -> None:
    ref = "Keputusan Wali Kota Kupang Nomor 11/KEP/HK/2026 tentang Pendelegasian Wewenang"
    sekda = replace(
        MAYOR, person_id="per-sekda", name="Contoh Sekda, M.Si.", position="Sekretaris Daerah",
        capacity=Capacity.ON_BEHALF, principals=("Wali Kota Kupang",), delegation_ref=ref,
    )  # fmt: skip
    pdf = papers.decree(decreed(replace(sample_decree_draft(), signatory=sekda)))
    assert lacking(pdf, ["a.n. WALI KOTA KUPANG SEKRETARIS DAERAH,", f"7. {ref};"]) == []


@pytest.mark.parametrize("people", [2, 3, 10, 11, 12, 13, 14, 15, 24])
def test_the_last_rows_and_the_signature_leave_a_page_together(papers: MutationPapers, people: int) -> None:
    decree = sample_decree(people)
    read = pages(papers.decree(decree))
    letter, *annex = read
    assert flat(decree.moves[0].person.nip) not in letter
    signed = [page for page in read if flat(MAYOR.name) in page]
    assert len(signed) == 2  # the decree, and its annex
    assert flat(decree.dictums[-1].text) in signed[0]
    assert flat(decree.dictums[-2].text) in signed[0]
    assert signed[1] == annex[-1]
    assert all(move.person.nip in signed[1] for move in decree.moves[-2:])
    assert f"ditutuppadanomorurut{people}." in signed[1]


def test_an_annex_of_500_repeats_its_head_and_leaves_nobody_out(papers: MutationPapers) -> None:
    decree = sample_decree(500)
    pdf = papers.decree(decree)
    read = pages(pdf)
    assert len(pdf) < 500_000
    assert 30 <= len(read) <= 40
    sizes = [page.mediabox.width > page.mediabox.height for page in PdfReader(io.BytesIO(pdf)).pages]
    assert sizes == [False] * 2 + [True] * (len(read) - 2)
    for at, page in enumerate(read, start=1):
        assert f"Halaman{at}dari{len(read)}" in page
        assert "DATASINTETIS" in page
        assert ("JabatanlamaJabatanbaru12345" in page) == (at > 2)
    annex = "".join(read[2:])
    places = [annex.index(flat(move.person.name) + move.person.nip) for move in decree.moves]
    assert places == sorted(places)


def test_an_extract_shows_its_person_and_nobody_else(papers: MutationPapers) -> None:
    decree = sample_decree(40)
    move = decree.moves[6]
    pdf = papers.extract(sample_extract(decree, move.case_id))
    expected = [
        "PETIKAN KEPUTUSAN WALI KOTA KUPANG",
        decree.number,
        "Menimbang : dan seterusnya;",
        "Nomor urut : 7 dalam Lampiran",
        move.person.name,
        move.person.nip,
        move.receiving.unit,
        *(one.text for one in decree.dictums),
        "Petikan ini sesuai dengan aslinya Kupang, 24 November 2026",
        "KEPALA BAGIAN HUKUM SEKRETARIAT DAERAH,",
        "ttd.",
        "mengajukan keberatan secara tertulis kepada Wali Kota Kupang paling lama 14 (empat belas) hari kerja",
        decree.code_of(move.case_id),
    ]
    assert lacking(pdf, expected) == []
    read = "".join(pages(pdf))
    assert decree.code not in read
    assert not any(one.person.nip in read for one in decree.moves if one is not move)
    assert len(pages(pdf)) <= 2


def test_minutes_tell_an_objection_by_its_ground_and_silence_as_silence(papers: MutationPapers) -> None:
    told = {
        Outcome.CONSENT: "menyatakan bersedia dipindahkan.",
        Outcome.OBJECTS: "menyatakan keberatan dipindahkan dengan pokok alasan jarak tempat tugas.",
        Outcome.NO_RESPONSE: "Sampai dengan 9 November 2026 pukul 16.00 WITA yang bersangkutan tidak",
    }
    for outcome, words in told.items():
        minutes = sample_hearing(outcome)
        pdf = papers.record(minutes)
        assert lacking(pdf, [words, minutes.person.name, minutes.proposed.unit, record_code(minutes)]) == []
        signs = flat("Pegawai yang didengar,") in "".join(pages(pdf))
        assert signs == (outcome != Outcome.NO_RESPONSE)


def test_a_handover_lists_what_was_handed_over_between_whom_and_under_whose_eyes(
    papers: MutationPapers,
) -> None:
    record = sample_handover()
    expected = [
        "Pada hari ini, Senin tanggal tiga puluh bulan November tahun dua ribu dua puluh enam",
        "(30 November 2026), di Kupang",
        *(one.what + one.state for one in record.items),
        record.leaving.nip,
        record.taking_over.nip,
        "PIHAK KESATU,",
        "PIHAK KEDUA,",
        "Mengetahui CAMAT MAULAFA,",
    ]
    pdf = papers.record(record)
    assert lacking(pdf, expected) == []
    assert len(pages(pdf)) == 1


def test_a_long_handover_repeats_its_head_and_keeps_its_signatures_together(papers: MutationPapers) -> None:
    read = pages(papers.record(sample_handover(80)))
    assert len(read) > 2
    assert "No.JenisUraianKeadaan" in read[0]
    assert "No.JenisUraianKeadaan" in read[1]
    assert "Mengetahui" in read[-1]
    assert flat("Sejak berita acara ini ditandatangani") in read[-1]


def test_a_statement_of_duty_says_who_began_what_from_when_by_which_decree(papers: MutationPapers) -> None:
    record = sample_duty_start()
    expected = [
        "SURAT PERNYATAAN MELAKSANAKAN TUGAS",
        f"Nomor {record.decree.number} tanggal 23 November 2026",
        "terhitung mulai tanggal 1 Desember 2026, telah nyata melaksanakan tugas sebagai",
        f"{record.post.position} pada {record.post.unit}",
        "KEPALA DINAS SOSIAL,",
    ]
    assert lacking(papers.record(record), expected) == []


def test_an_erratum_says_of_which_decree_what_is_written_and_what_is_meant(papers: MutationPapers) -> None:
    record = sample_erratum()
    expected = [
        "RALAT NOMOR 821.2/151/BKPPD/XI/2026",
        f"Nomor {record.decree.number} tanggal 23 November 2026",
        record.person.nip,
        f"Tertulis : {record.written}",
        f"Seharusnya : {record.meant}",
        "Kupang, 25 November 2026 WALI KOTA KUPANG,",
        record_code(record),
    ]
    pdf = papers.record(record)
    assert lacking(pdf, expected) == []
    assert len(pages(pdf)) == 1


@pytest.mark.parametrize("widths", range(0, 24, 4))
def test_the_number_of_a_paper_stands_on_one_line_wherever_it_falls(
    papers: MutationPapers, widths: int
) -> None:
    number, clearance = "821.2/2/BKPSDM-KEPEG/XI/2026", "I-MUT/0144/KPG/2026"
    issuer = f"Wali Kota Kupang {'x' * widths}"
    record = sample_erratum()
    slip = papers.record(replace(record, decree=replace(record.decree, number=number, issuer=issuer)))
    note = f"Persetujuan I-MUT Badan Kepegawaian Negara {'x' * widths} Nomor {clearance} tanggal 16 November 2026"
    decree = papers.decree(decreed(replace(sample_decree_draft(), notes=(note,))))
    for pdf, told, times in ((slip, number, 2), (decree, clearance, 1)):
        lines = PdfReader(io.BytesIO(pdf)).pages[0].extract_text().splitlines()
        assert sum(told in line for line in lines) == times, lines


@pytest.mark.parametrize("name", [LONG, "X" * 180, HOSTILE])
def test_whatever_a_name_is_it_stands_on_the_paper_and_nothing_of_it_is_obeyed(
    papers: MutationPapers, name: str
) -> None:
    one, many = (decreed(with_name(sample_decree_draft(people), name)) for people in (1, 12))
    for pdf in (papers.decree(one), papers.decree(many), papers.extract(sample_extract(many, "mut-0001"))):
        assert lacking(pdf, [name]) == []


def test_a_character_without_a_glyph_is_refused_by_its_place_without_the_name(papers: MutationPapers) -> None:
    decree = decreed(with_name(sample_decree_draft(), "Rahasia 王"))
    with pytest.raises(TypesettingFailed, match=r"decree dec-sample-1-7: .* U\+738B") as refusal:
        papers.decree(decree)
    assert "Rahasia" not in str(refusal.value)


def test_only_synthetic_papers_carry_the_mark(papers: MutationPapers) -> None:
    decree = replace(sample_decree(12), synthetic=False)
    record = sample_duty_start()
    for pdf in (
        papers.decree(decree),
        papers.record(replace(record, head=replace(record.head, synthetic=False))),
    ):
        assert not any("SINTETIS" in page for page in pages(pdf))


def test_the_same_facts_give_the_same_bytes_in_another_process(tmp_path: Path) -> None:
    def hashes(folder: str) -> dict[str, str]:
        return {
            path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (tmp_path / folder).iterdir()
        }

    written = write_samples(tmp_path / "here", (1, 12))
    script = "import sys; from pathlib import Path; from lab.sample_decrees import write_samples;"
    subprocess.run(
        [sys.executable, "-c", script + "write_samples(Path(sys.argv[1]), (1, 12))", str(tmp_path / "there")],
        cwd=ROOT,
        env={**os.environ, "PYTHONHASHSEED": "2", "TZ": "Asia/Jayapura", "SOURCE_DATE_EPOCH": "1"},
        capture_output=True,
        check=True,
    )
    assert hashes("there") == hashes("here")
    assert len(set(hashes("here").values())) == len(written)


@pytest.mark.parametrize("record", [sample_hearing, sample_handover, sample_duty_start])
def test_a_record_tells_names_on_paper_and_not_in_its_repr(
    papers: MutationPapers, record: Callable[[], Record]
) -> None:
    made = record()
    names = [one.name for one in vars(made).values() if hasattr(one, "nip")]
    assert lacking(papers.record(made), names) == []
    assert not any(name in repr(made) for name in names)


def test_a_draft_says_what_the_decree_will_say_and_is_marked_as_one(papers: MutationPapers) -> None:
    decree = sample_decree()
    unsigned = replace(sample_decree_draft(), number="", signed_at=None, signatory=None)
    pdf = papers.draft(unsigned, SIGNED_AT)
    read = "".join(pages(pdf))
    same = [
        *decree.considerations,
        *decree.legal_bases,
        *(one.text for one in decree.dictums),
        *decree.copies_to,
    ]
    assert (
        lacking(pdf, [*same, decree.moves[0].person.name, "KONSEP", "NOMOR ……………", "pada tanggal ……………"])
        == []
    )
    assert decree.number not in read
    assert flat("KODE VERIFIKASI") not in read
    described = PdfReader(io.BytesIO(pdf)).metadata
    assert described is not None
    assert str(described.title).startswith("KONSEP KEPUTUSAN")
    assert papers.draft(unsigned, SIGNED_AT) == pdf
    signed = "".join(pages(papers.decree(decree)))
    assert "KONSEP" not in signed


def test_the_minutes_say_from_when_on_the_move_would_suit(papers: MutationPapers) -> None:
    plain = sample_hearing(Outcome.OBJECTS)
    wished = replace(plain, counter_date=datetime(2026, 12, 31, 16, tzinfo=UTC))
    assert lacking(papers.record(wished), ["terhitung mulai tanggal 1 Januari 2027."]) == []
    assert "mengusulkan" not in "".join(pages(papers.record(plain)))
    assert record_code(wished) != record_code(plain)


def test_a_paper_is_issued_at_an_instant_of_whatever_zone(papers: MutationPapers) -> None:
    record = sample_erratum()
    local = record.head.signed_at.astimezone(ZoneInfo("Asia/Makassar"))
    assert papers.record(replace(record, head=replace(record.head, signed_at=local))).startswith(b"%PDF")


@pytest.mark.parametrize("party", [Party.RELEASING, Party.RECEIVING])
@pytest.mark.parametrize("outcome", Outcome)
def test_the_minutes_of_a_unit_say_who_spoke_for_it_or_that_nobody_did(
    papers: MutationPapers, party: Party, outcome: Outcome
) -> None:
    own = sample_hearing(Outcome.CONSENT)
    minutes = replace(
        own,
        outcome=outcome,
        party=party,
        heard_by=LEGAL_HEAD,
        spoken_by=None if outcome == Outcome.NO_RESPONSE else UNIT_HEAD,
        ground=HeadObjection.NO_SUCCESSOR if outcome == Outcome.OBJECTS else None,
    )
    unit = minutes.post.unit if party == Party.RELEASING else minutes.proposed.unit
    side = "unit kerja asal" if party == Party.RELEASING else "unit kerja penerima"
    words = {
        Outcome.CONSENT: f"{unit} menyatakan tidak berkeberatan.",
        Outcome.OBJECTS: f"{unit} menyatakan berkeberatan dengan pokok alasan belum tersedia pengganti.",
        Outcome.NO_RESPONSE: f"pimpinan {side} tidak memberikan pendapat",
    }
    pdf = papers.record(minutes)
    assert lacking(pdf, [words[outcome], f"{side}, {unit}", minutes.person.name, LEGAL_HEAD.name]) == []
    assert (lacking(pdf, [UNIT_HEAD.name]) == []) == (outcome != Outcome.NO_RESPONSE)
    assert record_code(minutes) != record_code(own)
