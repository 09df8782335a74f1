"""What stands on the paper, as strings: an order or an extract, ready for the templates.

All wording and every conversion of instants to local days happens here; the templates only place it. Values are
plain strings in JSON, never markup, so whatever a name contains is printed and nothing of it is obeyed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from adapters.documents import indonesian as id_
from adapters.documents.heads import letterhead, office_lines, signing
from domain.documents import (
    AssignedPerson,
    AssignmentOrder,
    Capacity,
    EmergencyDecreeRef,
    OralOrderRef,
    RequestLetterRef,
    Signatory,
    extract_code,
    order_code,
    verification_url,
)

INLINE_LIMIT = 3
"""Up to so many people stand in the letter itself; more go to the annex."""


def collective(order: AssignmentOrder) -> dict[str, Any]:
    """Give the whole order: letter, and annex when the people do not fit the letter."""
    annexed = len(order.people) > INLINE_LIMIT
    people = [_person(person, order.zone) for person in order.people]
    return _common(order, order_code(order)) | {
        "kind": "order",
        "title": "SURAT TUGAS",
        "considerations": [id_.plain(line) for line in order.considerations],
        "bases": [id_.plain(line) for line in order.legal_bases]
        + _delegation(order.signatory)
        + _emergency(order),
        "people": [] if annexed else people,
        "addressees": _headcount(order) if annexed else "",
        "annex": _annex(order, people) if annexed else None,
        "copies": [id_.plain(line) for line in order.copies_to],
        "terms": _terms(
            order, id_.first_day(order.starts_at, order.zone), id_.last_day(order.ends_at, order.zone)
        ),
    }


def extract(order: AssignmentOrder, person: AssignedPerson, issued_at: datetime) -> dict[str, Any]:
    """Give one person's extract: the order as it concerns them, and nobody else's line."""
    first, last = id_.first_day(person.starts_at, order.zone), id_.last_day(person.ends_at, order.zone)
    return _common(order, extract_code(order, person.placement_id)) | {
        "kind": "extract",
        "title": "PETIKAN SURAT TUGAS",
        "considerations": ["dan seterusnya;"],
        "bases": [line.rstrip(".") + "; dan seterusnya." for line in _emergency(order)[:1]],
        "people": [_person(person, order.zone)],
        "addressees": "",
        "annex": None,
        "copies": [],
        "terms": _terms(order, first, last),
        "issued": "Petikan ini sesuai dengan aslinya dan dikeluarkan pada tanggal"
        f" {id_.day(id_.first_day(issued_at, order.zone))} untuk yang bersangkutan.",
    }


def _common(order: AssignmentOrder, code: str) -> dict[str, Any]:
    return {
        "number": id_.plain(order.number),
        "subject": id_.plain(order.subject),
        "letterhead": letterhead(order.letterhead),
        "tasks": [id_.plain(line) for line in order.tasks],
        "signing": signing(order.signatory)
        | {"place_and_day": f"{id_.plain(order.signed_place)}, {_signed_day(order)}"},
        "verification": {"code": code, "url": verification_url(order, code)},
        "synthetic": order.synthetic,
    }


def _signed_day(order: AssignmentOrder) -> str:
    return id_.day(id_.first_day(order.signed_at, order.zone))


def _person(person: AssignedPerson, zone: str) -> dict[str, str]:
    first, last = id_.first_day(person.starts_at, zone), id_.last_day(person.ends_at, zone)
    return {
        "name": id_.plain(person.name),
        "nip": id_.grouped_nip(id_.plain(person.nip)),
        "rank": id_.ranked(person.rank),
        "position": id_.plain(person.position),
        "unit": id_.plain(person.home_unit),
        "role": id_.plain(person.role),
        "site": id_.plain(person.site),
        "span": id_.span_with_length(first, last),
        "from": id_.short_day(first),
        "to": id_.short_day(last),
        "remark": "; ".join(_remarks(person, zone)),
    }


def _remarks(person: AssignedPerson, zone: str) -> Iterator[str]:
    needed = person.needed_until and id_.last_day(person.needed_until, zone)
    # A need that ends with the duty is what the dates say already.
    if needed and needed != id_.last_day(person.ends_at, zone):
        yield f"tempat tugas dibutuhkan sampai dengan {id_.short_day(needed)}"
    if person.hours_on:
        yield f"bertugas bergiliran {person.hours_on} jam, istirahat {person.hours_off} jam"
    if person.amends:
        what = "pemindahan tempat tugas, mengubah" if person.moves else "perpanjangan atas"
        yield f"{what} Nomor {id_.plain(person.amends)}"
    if person.acting:
        yield id_.plain(person.acting)


def _emergency(order: AssignmentOrder) -> list[str]:
    return [_basis_line(basis, order.zone) for basis in order.bases]


def _basis_line(basis: EmergencyDecreeRef | OralOrderRef | RequestLetterRef, zone: str) -> str:
    until = id_.day(id_.last_day(basis.valid_until, zone))
    if isinstance(basis, EmergencyDecreeRef):
        return (
            f"Keputusan {id_.plain(basis.issuer)} Nomor {id_.plain(basis.number)} tanggal {id_.day(basis.dated)}"
            f" tentang {id_.plain(basis.subject)}, berlaku sampai dengan {until}."
        )
    if isinstance(basis, RequestLetterRef):
        return (
            f"Surat {id_.plain(basis.issuer)} Nomor {id_.plain(basis.number)} tanggal {id_.day(basis.dated)}"
            f" perihal {id_.plain(basis.subject)}, untuk bantuan tenaga sampai dengan {until}."
        )
    given = f"{id_.day(id_.first_day(basis.given_at, zone))} pukul {id_.clock(basis.given_at, zone)}"
    due = f"{id_.day(id_.first_day(basis.paper_due, zone))} pukul {id_.clock(basis.paper_due, zone)}"
    return (
        f"Perintah lisan {id_.plain(basis.given_by)} tanggal {given}, berlaku sampai dengan {until}"
        f" dan dituangkan secara tertulis paling lambat {due}."
    )


def _delegation(signatory: Signatory) -> list[str]:
    """Name what gives someone other than the definitive holder the right to sign."""
    if signatory.capacity is Capacity.DEFINITIVE or not signatory.delegation_ref:
        return []
    return [id_.plain(signatory.delegation_ref).rstrip(".;") + ";"]


def _headcount(order: AssignmentOrder) -> str:
    """Say how many go, and as what, so that the letter stands even if the annex is lost."""
    by_role = Counter(id_.plain(person.role) for person in order.people)
    listed = ", ".join(f"{count}{id_.GLUE}{role}" for role, count in by_role.most_common())
    return (
        f"Pegawai yang namanya tercantum dalam Lampiran Surat Tugas ini, berjumlah {id_.counted(len(order.people))}"
        f" orang, terdiri atas {listed}."
    )


def _terms(order: AssignmentOrder, first: Any, last: Any) -> list[list[str]]:
    return [
        ["Masa tugas", id_.span_with_length(first, last) + ", dan kembali ke unit kerja asal sesudahnya."],
        ["Pembiayaan", id_.plain(order.funding_source)],
    ]


def _annex(order: AssignmentOrder, people: list[dict[str, str]]) -> dict[str, Any]:
    signatory = order.signatory
    office = " ".join(office_lines(signatory)[-1:]).rstrip(",")
    return {
        "head": [
            f"LAMPIRAN SURAT TUGAS {office}",
            f"NOMOR {id_.plain(order.number)}",
            f"TANGGAL {_signed_day(order).upper()}",
        ],
        "title": "DAFTAR PEGAWAI YANG DITUGASKAN",
        "rows": people,
        "closing": f"Daftar ini memuat {id_.counted(len(people))} orang dan ditutup pada nomor urut {len(people)}.",
    }
