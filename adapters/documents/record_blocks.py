"""The blocks of a record, as strings: paragraphs, somebody's particulars, a decree that is cited, signatures."""

from __future__ import annotations

from datetime import date
from typing import Any

from adapters.documents import indonesian as id_
from adapters.documents.heads import office_lines
from domain.long_days import WEEKDAYS
from domain.mutation.decree_parts import PersonInWords, PostInWords
from domain.mutation.records import DecreeRef, Record
from domain.order_parts import Signatory


def paragraph(text: str) -> dict[str, Any]:
    """Give a paragraph."""
    return {"kind": "paragraph", "text": text}


def particulars(fields: list[list[str]], called: str = "") -> dict[str, Any]:
    """Give a row of fields, and what whoever they are of is called from there on."""
    closing = f"selanjutnya disebut {called}." if called else ""
    return {"kind": "particulars", "fields": fields, "closing": closing}


def person_fields(person: PersonInWords) -> list[list[str]]:
    """Give name, number and rank."""
    rank = [["Pangkat/Gol. Ruang", id_.ranked(person.rank)]] if person.rank.strip() else []
    return [["Nama", id_.plain(person.name)], ["NIP", id_.grouped_nip(id_.plain(person.nip))], *rank]


def post_fields(post: PostInWords) -> list[list[str]]:
    """Give position and unit."""
    return [["Jabatan", id_.plain(post.position)], ["Unit kerja", id_.plain(post.unit)]]


def officer_fields(officer: Signatory) -> list[list[str]]:
    """Give somebody who speaks in an office, and by what right."""
    person = PersonInWords(person_id=officer.person_id, name=officer.name, nip=officer.nip, rank=officer.rank)
    lines = " ".join(office_lines(officer)[:-1])
    own = id_.plain(officer.position)
    acting = "" if officer.capacity.value not in ("Plt", "Plh") else f"{officer.capacity.value}. "
    return [*person_fields(person), ["Jabatan", f"{lines} {acting}{own}".strip()]]


def cited(decree: DecreeRef) -> str:
    """Name a decree in full."""
    return (
        f"Keputusan {id_.plain(decree.issuer)} Nomor {id_.plain(decree.number)} tanggal {id_.day(decree.dated)}"
        f" tentang {id_.plain(decree.subject)}"
    )


def today(record: Record) -> str:
    """`Pada hari ini, Selasa tanggal satu bulan Desember tahun dua ribu dua puluh enam (1 Desember 2026), di Kupang`."""
    on: date = id_.first_day(record.head.signed_at, record.head.zone)
    month = id_.day(on).split()[1]
    return (
        f"Pada hari ini, {WEEKDAYS[on.weekday()]} tanggal {id_.words(on.day)} bulan {month} tahun"
        f" {id_.words(on.year)} ({id_.day(on)}), di {id_.plain(record.head.signed_place)}"
    )


def place_and_day(record: Record) -> str:
    """Give where and when it is signed."""
    on = id_.day(id_.first_day(record.head.signed_at, record.head.zone))
    return f"{id_.plain(record.head.signed_place)}, {on}"


def signing(officer: Signatory, above: str = "") -> dict[str, Any]:
    """Give the signature of an office."""
    lines = office_lines(officer)
    return _block([above, *lines] if above else lines, officer.name, officer.rank, officer.nip)


def signed_by(called: str, person: PersonInWords) -> dict[str, Any]:
    """Give the signature of a party."""
    return _block([called], person.name, person.rank, person.nip)


def _block(office: list[str], name: str, rank: str, nip: str) -> dict[str, Any]:
    return {
        "office": office,
        "name": id_.plain(name),
        "rank": id_.ranked(rank),
        "nip": id_.grouped_nip(id_.plain(nip)),
    }
