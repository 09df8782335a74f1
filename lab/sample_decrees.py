"""Synthetic papers of a mutation: for tests, and for a look. `python -m lab.sample_decrees FOLDER` writes all of them.

Nobody here exists; people are drawn as for the sample orders. The same arguments give the same papers.
"""

from __future__ import annotations

import sys
import tomllib
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from adapters.documents.mutation_papers import MutationPapers
from domain.mutation.decree import Decree, DecreeDraft, make_decree
from domain.mutation.decree_parts import Move, PersonInWords, PostInWords
from domain.mutation.decree_words import (
    read_decree_words,
    standing_considerations,
    standing_dictums,
    standing_subject,
)
from domain.mutation.extract import Extract, make_extract
from domain.mutation.reasons import PersonObjection
from domain.mutation.records import (
    DecreeRef,
    DutyStart,
    Erratum,
    HandoverItem,
    HandoverKind,
    HandoverRecord,
    HearingMinutes,
    RecordHead,
)
from domain.mutation.states import Outcome
from domain.order_parts import AssignedPerson, Capacity, Letterhead, Signatory
from domain.rule_finder import Finder
from domain.terms import Term, Unit
from lab.sample_orders import ZONE, sample_people

_PACK = Path(__file__).parent.parent / "rules" / "2026-1.toml"
WORDS = read_decree_words(Finder(tomllib.loads(_PACK.read_text(encoding="utf-8"))))
SIGNED_AT = datetime(2026, 11, 23, 2, 0, tzinfo=UTC)
CERTIFIED_AT = SIGNED_AT + timedelta(days=1)
EFFECTIVE_ON = date(2026, 12, 1)
EFFECTIVE_AT = datetime(2026, 11, 30, 16, 0, tzinfo=UTC)  # 1 December, 00.00 WITA
GOVERNMENT, AUTHORITY = "Pemerintah Kota Kupang", "Wali Kota Kupang"

MAYOR = Signatory(
    person_id="per-walikota", name="Dr. Contoh Wali Kota, S.H., M.H.", nip="", position=AUTHORITY,
    capacity=Capacity.DEFINITIVE,
)  # fmt: skip
LEGAL_HEAD = Signatory(
    person_id="per-hukum", name="Contoh Kepala Hukum, S.H.", nip="197502022000030002", rank="Pembina, IV/a",
    position="Kepala Bagian Hukum Sekretariat Daerah", capacity=Capacity.DEFINITIVE,
)  # fmt: skip
UNIT_HEAD = Signatory(
    person_id="per-camat", name="Contoh Camat, S.STP., M.Si.", nip="198003032002120003", rank="Pembina, IV/a",
    position="Camat Maulafa", capacity=Capacity.DEFINITIVE,
)  # fmt: skip
RECEIVING_HEAD = Signatory(
    person_id="per-kadis", name="Contoh Kepala Dinas, S.Sos., M.Si.", nip="197701012001120004",
    rank="Pembina Tk. I, IV/b", position="Kepala Dinas Sosial", capacity=Capacity.DEFINITIVE,
)  # fmt: skip
_NEW_POSTS = (
    ("Penelaah Teknis Kebijakan", "Dinas Sosial", 7),
    ("Pengelola Layanan Kesehatan", "Puskesmas Contoh Timur", 6),
    (
        "Kepala Subbagian Perencanaan, Evaluasi, Pelaporan, Keuangan dan Perlengkapan",
        "Dinas Pemberdayaan Perempuan, Perlindungan Anak, Pengendalian Penduduk dan Keluarga Berencana",
        9,
    ),
    ("Pengadministrasi Perkantoran", "Kelurahan Contoh Utara", 5),
    ("Analis Kebijakan Ahli Muda", "Dinas Sosial", 9),
)


def sample_decree_draft(people: int = 1, *, seed: int = 7) -> DecreeDraft:
    """Draw a complete decree of the city for so many synthetic people, not yet made."""
    subject = standing_subject(WORDS, GOVERNMENT)
    return DecreeDraft(
        decree_id=f"dec-sample-{people}-{seed}",
        government_id="kota-kupang",
        zone=ZONE,
        letterhead=Letterhead(government="Provinsi Nusa Tenggara Timur", office=AUTHORITY),
        authority=AUTHORITY,
        number="821.2/147/BKPPD/XI/2026",
        subject=subject,
        considerations=standing_considerations(
            WORDS, government=GOVERNMENT, authority=AUTHORITY, subject=subject
        ),
        legal_bases=WORDS.legal_bases,
        notes=("Berita Acara Rapat Tim Penilai Kinerja Nomor 800/31/TPK/XI/2026 tanggal 16 November 2026",),
        dictums=standing_dictums(WORDS, people, EFFECTIVE_ON),
        moves=tuple(_move(at, one) for at, one in enumerate(sample_people(people, seed=seed), start=1)),
        effective_at=EFFECTIVE_AT,
        signed_place="Kupang",
        signed_at=SIGNED_AT,
        signatory=MAYOR,
        objection=Term(14, Unit.WORKING_DAYS),
        copies_to=WORDS.copies_to,
        verification_base="https://siaga.example/periksa",
        salt=f"sample-salt-{seed}",
        synthetic=True,
    )


def sample_decree(people: int = 1, *, seed: int = 7) -> Decree:
    """Draw a complete synthetic decree and make it."""
    return decreed(sample_decree_draft(people, seed=seed))


def decreed(draft: DecreeDraft) -> Decree:
    """Make this draft; samples are complete by construction, so anything else is an error here."""
    made = make_decree(draft)
    if isinstance(made, Decree):
        return made
    raise ValueError(f"sample decree cannot be made: {made}")


def sample_extract(decree: Decree, case_id: str) -> Extract:
    """Certify this person's extract."""
    made = make_extract(decree, case_id, LEGAL_HEAD, CERTIFIED_AT)
    if isinstance(made, Extract):
        return made
    raise ValueError(f"sample extract cannot be made: {made}")


def with_name(draft: DecreeDraft, name: str) -> DecreeDraft:
    """Rename the first person of this decree."""
    first, *others = draft.moves
    renamed = replace(first, person=replace(first.person, name=name))
    return replace(draft, moves=(renamed, *others))


def sample_hearing(outcome: Outcome = Outcome.OBJECTS) -> HearingMinutes:
    """Hear the one person of the sample decree."""
    move = sample_decree().moves[0]
    return HearingMinutes(
        head=_head("rec-hearing", "800/BA-12/KEC-MLF/XI/2026", datetime(2026, 11, 10, 2, 0, tzinfo=UTC)),
        person=move.person,
        post=move.origin,
        proposed=move.receiving,
        heard_by=UNIT_HEAD,
        answer_by=datetime(2026, 11, 9, 8, 0, tzinfo=UTC),
        outcome=outcome,
        ground=PersonObjection.DISTANCE if outcome == Outcome.OBJECTS else None,
    )


def sample_handover(items: int = 5) -> HandoverRecord:
    """Let the one person of the sample decree hand over so many things."""
    move, other = sample_decree().moves[0], sample_decree(2).moves[1]
    kinds = tuple(_ITEMS)
    return HandoverRecord(
        head=_head("rec-handover", "800/BA-15/KEC-MLF/XI/2026", datetime(2026, 11, 30, 1, 0, tzinfo=UTC)),
        decree=_decree_ref(),
        leaving=move.person,
        taking_over=other.person,
        taking_over_as=other.origin,
        post=move.origin,
        items=tuple(
            HandoverItem(kinds[at % len(kinds)], *_ITEMS[kinds[at % len(kinds)]]) for at in range(items)
        ),
        known_to=UNIT_HEAD,
    )


def sample_duty_start() -> DutyStart:
    """State that the one person of the sample decree has begun."""
    move = sample_decree().moves[0]
    return DutyStart(
        head=_head(
            "rec-duty", "800/SPMT-4/DINSOS/XII/2026", datetime(2026, 12, 1, 2, 0, tzinfo=UTC), "Dinas Sosial"
        ),
        decree=_decree_ref(),
        person=move.person,
        post=move.receiving,
        effective_on=EFFECTIVE_ON,
        began_on=EFFECTIVE_ON,
        stated_by=RECEIVING_HEAD,
    )


def sample_erratum() -> Erratum:
    """Mend a slip of the sample decree."""
    return Erratum(
        head=replace(
            _head("rec-erratum", "821.2/151/BKPPD/XI/2026", SIGNED_AT + timedelta(days=2)),
            letterhead=Letterhead(government="Provinsi Nusa Tenggara Timur", office=AUTHORITY),
        ),
        decree=_decree_ref(),
        person=sample_decree().moves[0].person,
        written="Penelaah Teknis Kebijkan",
        meant="Penelaah Teknis Kebijakan",
        signed_by=MAYOR,
    )


_ITEMS = {
    HandoverKind.WORK: (
        "Verifikasi usulan bantuan sosial triwulan IV, 214 berkas",
        "140 selesai, 74 berjalan",
    ),
    HandoverKind.DOCUMENT: ("Arsip surat masuk dan keluar tahun 2026, tiga boks", "lengkap"),
    HandoverKind.ASSET: ("Komputer jinjing, kode barang 02.06.03.02.001", "baik"),
    HandoverKind.ACCOUNT: ("Hak akses aplikasi data terpadu, dialihkan oleh pengelola sistem", "dialihkan"),
    HandoverKind.FUNDS: ("Uang muka kegiatan", "nihil"),
}


def _head(record_id: str, number: str, signed_at: datetime, office: str = "Kecamatan Maulafa") -> RecordHead:
    return RecordHead(
        record_id=record_id,
        case_id="mut-0001",
        government_id="kota-kupang",
        zone=ZONE,
        letterhead=Letterhead(
            government=GOVERNMENT,
            office=office,
            contact_lines=("Jalan Contoh Nomor 2, Kupang · Laman siaga.example",),
        ),
        number=number,
        signed_place="Kupang",
        signed_at=signed_at,
        verification_base="https://siaga.example/periksa",
        salt="sample-salt",
        synthetic=True,
    )


def _decree_ref() -> DecreeRef:
    decree = sample_decree()
    return DecreeRef(issuer=AUTHORITY, number=decree.number, dated=date(2026, 11, 23), subject=decree.subject)


def _move(at: int, one: AssignedPerson) -> Move:
    position, unit, job_class = _NEW_POSTS[(at - 1) % len(_NEW_POSTS)]
    return Move(
        case_id=f"mut-{at:04}",
        person=PersonInWords(person_id=one.person_id, name=one.name, nip=one.nip, rank=one.rank),
        origin=PostInWords(position_id=f"pos-{at:04}", position=one.position, unit=one.home_unit),
        receiving=PostInWords(
            position_id=f"pos-new-{at:04}", position=position, unit=unit, job_class=job_class
        ),
    )


def write_samples(folder: Path, sizes: tuple[int, ...] = (1, 12, 500)) -> list[Path]:
    """Write every kind of paper: decrees of so many people, extracts, minutes, handover, statement, erratum."""
    papers, twelve = MutationPapers(), sample_decree(12)
    files = {
        **{f"keputusan-{people}.pdf": papers.decree(sample_decree(people)) for people in sizes},
        "petikan.pdf": papers.extract(sample_extract(twelve, "mut-0003")),
        "petikan-tunggal.pdf": papers.extract(sample_extract(sample_decree(), "mut-0001")),
        **{
            f"dengar-pendapat-{outcome.lower()}.pdf": papers.record(sample_hearing(outcome))
            for outcome in Outcome
        },
        "serah-terima.pdf": papers.record(sample_handover()),
        "spmt.pdf": papers.record(sample_duty_start()),
        "ralat.pdf": papers.record(sample_erratum()),
    }
    folder.mkdir(parents=True, exist_ok=True)
    for name, pdf in files.items():
        (folder / name).write_bytes(pdf)
    return [folder / name for name in files]


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit("usage: python -m lab.sample_decrees FOLDER")
    print(*write_samples(Path(sys.argv[1])), sep="\n")
