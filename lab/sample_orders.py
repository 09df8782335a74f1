"""Synthetic assignment orders: for tests, and for the pictures in the docs.

Nobody here exists. Names are drawn from common Indonesian ones, and the sex digit of every NIP is 0, which no real
NIP has. The same arguments give the same order.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from domain.documents import (
    AssignedPerson,
    AssignmentOrder,
    Capacity,
    EmergencyDecreeRef,
    Letterhead,
    OralOrderRef,
    OrderDraft,
    RequestLetterRef,
    Signatory,
    make_order,
)
from domain.travel_order import TravelOrder

ZONE = "Asia/Makassar"
STARTS_AT = datetime(2026, 11, 22, 16, 0, tzinfo=UTC)  # 23 November, 00.00 WITA
ENDS_AT = STARTS_AT + timedelta(days=14)  # 6 December, end of day
SIGNED_AT = datetime(2026, 11, 22, 6, 20, tzinfo=UTC)

_FIRST = (
    "Adelheid", "Agustinus", "Anastasia", "Antonius", "Benediktus", "Bernadeta", "Dominggus", "Elisabet",
    "Ferdinandus", "Fransiska", "Gaudensia", "Hendrik", "I Gusti Ayu", "Imanuel", "Jefri", "Kristina",
    "Laurensius", "Maria Goreti", "Melkianus", "Ni Luh", "Nurhayati", "Paulus", "Rahmat", "Rambu", "Siti",
    "Stefanus", "Umbu", "Wilhelmina", "Yohana", "Yuliana",
)  # fmt: skip
_LAST = (
    "Adoe", "Banunaek", "Boimau", "Djami", "Fallo", "Hayon", "Kase", "Ledoh", "Lestari", "Manafe",
    "Nenobais", "Oematan", "Pello", "Radja", "Seran", "Tallo", "Taneo", "Tefa", "Uly", "Wila Huky",
)  # fmt: skip
_TITLES = ("", "", "", ", S.Sos.", ", A.Md.Kep.", ", S.Kep., Ns.", ", S.T.", ", S.Pd.", ", S.E., M.Si.")
_RANKS = (
    "Pengatur, II/c",
    "Pengatur Tk. I, II/d",
    "Penata Muda, III/a",
    "Penata Muda Tk. I, III/b",
    "Penata, III/c",
)
_POSITIONS = (
    "Pengelola Layanan Operasional",
    "Perawat Ahli Pertama",
    "Penyuluh Sosial Ahli Muda",
    "Pranata Komputer Terampil",
    "Pengadministrasi Perkantoran",
    "Analis Kebijakan Ahli Muda",
)
_UNITS = (
    "Dinas Sosial",
    "Dinas Kesehatan",
    "Puskesmas Contoh Barat",
    "Kecamatan Maulafa",
    "Badan Perencanaan Pembangunan, Riset dan Inovasi Daerah",
    "Dinas Komunikasi dan Informatika",
)
_ROLES = (
    ("KITCHEN", "Petugas dapur umum"),
    ("SHELTER", "Pengelola tempat pengungsian"),
    ("DATA", "Petugas pendataan korban"),
    ("HEALTH", "Petugas pos kesehatan"),
)
_SITES = ("Posko Induk", "Tempat Pengungsian Gedung Olahraga", "Dapur Umum Lapangan Timur", "Pos Kesehatan 3")


def sample_draft(people: int = 3, *, seed: int = 7) -> OrderDraft:
    """Draw a complete order of the city for so many synthetic people, not yet made."""
    return OrderDraft(
        order_id=f"ord-sample-{people}-{seed}",
        government_id="kota-kupang",
        zone=ZONE,
        letterhead=Letterhead(
            government="Pemerintah Kota Kupang",
            office="Sekretariat Daerah",
            contact_lines=(
                "Jalan Contoh Nomor 1, Kupang · Telepon (0380) 000000",
                "Laman siaga.example · Pos-el sekretariat@siaga.example",
            ),
        ),
        number="800.1.11.1/214/SETDA/XI/2026",
        subject="Penugasan Pegawai Aparatur Sipil Negara dalam Penanganan Darurat Bencana Banjir di Kota Kupang",
        considerations=(
            (
                "bahwa banjir pada tanggal 20 November 2026 berdampak pada enam kecamatan di Kota Kupang, sehingga"
                " layanan dapur umum, tempat pengungsian, kesehatan, dan pendataan memerlukan tambahan tenaga;"
            ),
            (
                "bahwa pegawai yang ditugaskan berasal dari unit kerja yang layanan minimumnya tetap terjaga selama"
                " penugasan;"
            ),
            (
                "bahwa berdasarkan pertimbangan sebagaimana dimaksud pada huruf a dan huruf b, perlu menerbitkan surat"
                " tugas."
            ),
        ),
        legal_bases=(
            "Undang-Undang Nomor 24 Tahun 2007 tentang Penanggulangan Bencana;",
            "Undang-Undang Nomor 20 Tahun 2023 tentang Aparatur Sipil Negara;",
        ),
        emergency_decree_ref=EmergencyDecreeRef(
            number="256/6/XI/2026",
            dated=date(2026, 11, 21),
            issuer="Wali Kota Kupang",
            subject="Penetapan Status Tanggap Darurat Bencana Banjir di Kota Kupang",
            valid_until=ENDS_AT,
        ),
        people=sample_people(people, seed=seed),
        tasks=(
            (
                "Melaksanakan tugas kedaruratan sesuai peran dan lokasi yang ditetapkan, di bawah koordinasi Komandan"
                " Penanganan Darurat Bencana."
            ),
            (
                "Melapor kepada koordinator lokasi saat tiba dan saat selesai bertugas, serta menyerahkan data, barang,"
                " dan akun yang dipakai kepada pengganti."
            ),
            "Mematuhi jam kerja paling lama 12 jam sehari dan hari istirahat yang ditetapkan.",
            "Menyampaikan laporan tertulis paling lambat 5 (lima) hari kerja setelah kembali ke unit kerja asal.",
        ),
        starts_at=STARTS_AT,
        ends_at=ENDS_AT,
        funding_source="Belanja Tidak Terduga APBD Kota Kupang Tahun Anggaran 2026, kode rekening 5.3.01.01.01.0001.",
        signed_place="Kupang",
        signed_at=SIGNED_AT,
        signatory=Signatory(
            person_id="per-sekda",
            name="Dra. Contoh Pejabat, M.Si.",
            nip="196904121995030001",
            rank="Pembina Utama Muda, IV/c",
            position="Sekretaris Daerah",
            capacity=Capacity.ON_BEHALF,
            principals=("Wali Kota Kupang",),
            delegation_ref="Keputusan Wali Kota Kupang Nomor 11/KEP/HK/2026 tentang Pendelegasian Wewenang",
        ),
        copies_to=(
            "Wali Kota Kupang (sebagai laporan);",
            "Inspektur Kota Kupang;",
            "Kepala Badan Kepegawaian dan Pengembangan Sumber Daya Manusia;",
            "Kepala unit kerja asal masing-masing.",
        ),
        verification_base="https://siaga.example/periksa",
        salt=f"sample-salt-{seed}",
        synthetic=True,
    )


def sample_travel_order() -> TravelOrder:
    """Draw the travel order of the first person on a sample order."""
    order = sample_order(3)
    person = order.people[0]
    return TravelOrder(
        number="094/125/SPD/XI/2026",
        order_number=order.number,
        zone=order.zone,
        letterhead=order.letterhead,
        purpose=f"{order.subject}, sebagai {person.role}",
        person=person,
        leaves_from=person.home_unit,
        funding_source=order.funding_source,
        government="Pemerintah Kota Kupang",
        signed_place=order.signed_place,
        signed_at=order.signed_at,
        signatory=order.signatory,
        verification_base="https://verifikasi.contoh.go.id/spd",
        salt=order.salt,
        synthetic=True,
    )


def sample_order(people: int = 3, *, seed: int = 7) -> AssignmentOrder:
    """Draw a complete synthetic order and make it."""
    return made(sample_draft(people, seed=seed))


def made(draft: OrderDraft) -> AssignmentOrder:
    """Make this draft; samples are complete by construction, so anything else is an error here."""
    order = make_order(draft)
    if isinstance(order, AssignmentOrder):
        return order
    raise ValueError(f"sample order cannot be made: {order}")


def sample_people(count: int, *, seed: int = 7) -> tuple[AssignedPerson, ...]:
    """Draw so many people; the second half of a large order is the second wave and starts two days later."""
    draw = random.Random(seed)
    return tuple(_person(at, draw) for at in range(1, count + 1))


def with_names(order: OrderDraft, names: Sequence[str]) -> OrderDraft:
    """Rename the first people of this order, in sequence."""
    renamed = tuple(replace(person, name=name) for person, name in zip(order.people, names, strict=False))
    return replace(order, people=renamed + order.people[len(renamed) :])


def with_oral_order(draft: OrderDraft) -> OrderDraft:
    """Let this order stand on word of mouth alone, as in the first hours."""
    given = datetime(2026, 11, 20, 21, 40, tzinfo=UTC)
    oral = OralOrderRef(
        given_by="Wali Kota Kupang",
        given_at=given,
        paper_due=given + timedelta(hours=24),
        valid_until=ENDS_AT,
    )
    return replace(draft, emergency_decree_ref=None, oral_order_ref=oral)


def with_letter(draft: OrderDraft) -> OrderDraft:
    """Let this order stand on a letter that asks for help, where there is no disaster."""
    letter = RequestLetterRef(
        number="440/112/DINKES/XI/2026",
        dated=date(2026, 11, 20),
        issuer="Kepala Dinas Kesehatan Kota Kupang",
        subject="bantuan tenaga pelayanan",
        valid_until=ENDS_AT,
    )
    return replace(draft, emergency_decree_ref=None, letter_ref=letter)


def _person(at: int, draw: random.Random) -> AssignedPerson:
    role_code, role = draw.choice(_ROLES)
    site = draw.randrange(len(_SITES))
    unit = draw.randrange(len(_UNITS))
    born = date(1968, 1, 1) + timedelta(days=draw.randrange(11_000))
    entered = f"{born.year + draw.randint(22, 30)}{draw.choice(('01', '03', '12'))}"
    name = f"{draw.choice(_FIRST)} {draw.choice(_LAST)}" + draw.choice(_TITLES)
    return AssignedPerson(
        placement_id=f"pl-{at:04}",
        person_id=f"per-{at:04}",
        name=name,
        nip=f"{born:%Y%m%d}{entered}0{at % 1000:03}",
        rank=draw.choice(_RANKS),
        position=draw.choice(_POSITIONS),
        home_unit_id=f"unit-{unit}",
        home_unit=_UNITS[unit],
        role_code=role_code,
        role=role,
        site_id=f"site-{site}",
        site=_SITES[site],
        starts_at=STARTS_AT + timedelta(days=2 if at > 100 else 0),
        ends_at=ENDS_AT,
    )
