"""What stands on a travel order (SPD), as strings: the form on the front, the places and days to be stamped on the back."""

from __future__ import annotations

from typing import Any

from adapters.documents import indonesian as id_
from adapters.documents.heads import letterhead, office_lines, signing
from domain.travel_order import TravelOrder, travel_code

NONE = "–"
STAGES_BETWEEN = 3
"""Rows for stays on the way and on site, between the arrival and the return."""


def said_of(paper: TravelOrder) -> dict[str, Any]:
    """Give what the paper says; both sides."""
    code, person = travel_code(paper), paper.person
    first, last = id_.first_day(person.starts_at, paper.zone), id_.last_day(person.ends_at, paper.zone)
    signed = id_.day(id_.first_day(paper.signed_at, paper.zone))
    leaves, site = id_.plain(paper.leaves_from), id_.plain(person.site)
    return {
        "title": "SURAT PERJALANAN DINAS",
        "number": id_.plain(paper.number),
        "subject": id_.plain(paper.purpose),
        "letterhead": letterhead(paper.letterhead),
        "rows": [
            _row("Pejabat yang memberi perintah", " ".join(office_lines(paper.signatory)).rstrip(",")),
            _row(
                "Pegawai yang melaksanakan perjalanan dinas",
                id_.plain(person.name),
                f"NIP {id_.grouped_nip(id_.plain(person.nip))}",
            ),
            _parts(
                ("Pangkat dan golongan", id_.ranked(person.rank)),
                ("Jabatan", id_.plain(person.position)),
                ("Instansi", id_.plain(person.home_unit)),
            ),
            _row("Maksud perjalanan dinas", id_.plain(paper.purpose)),
            # What somebody goes by is found out on the way: in a flood it may be a boat. It is filled in by hand.
            _row("Alat angkutan yang dipergunakan", ""),
            _parts(("Tempat berangkat", leaves), ("Tempat tujuan", site)),
            _parts(
                ("Lamanya perjalanan dinas", f"{id_.counted((last - first).days + 1)} hari"),
                ("Tanggal melapor di tempat tujuan", id_.day(first)),
                ("Tanggal berakhirnya tugas", id_.day(last)),
            ),
            _row("Pengikut", NONE),
            _parts(
                ("Instansi yang dibebani anggaran", id_.plain(paper.government)),
                ("Pembebanan anggaran", id_.plain(paper.funding_source)),
            ),
            _row("Keterangan lain", *_remarks(paper, signed)),
        ],
        "signing": signing(paper.signatory) | {"place_and_day": f"{id_.plain(paper.signed_place)}, {signed}"},
        "verification": {"code": code, "url": f"{paper.verification_base.rstrip('/')}/{code}"},
        "synthetic": paper.synthetic,
        "stages": _stages(leaves, site),
        "closing": (
            "Telah diperiksa dengan keterangan bahwa perjalanan tersebut di atas benar dilakukan atas perintah pejabat yang"
            " berwenang dan semata-mata untuk kepentingan jabatan dalam waktu yang sesingkat-singkatnya."
        ),
        "notice": (
            "Pejabat yang memberi perintah, pegawai yang melakukan perjalanan dinas, para pejabat yang mengesahkan tanggal"
            " berangkat dan tiba, serta bendahara bertanggung jawab berdasarkan peraturan keuangan negara apabila keuangan"
            " negara atau daerah menderita kerugian akibat kesalahan, kelalaian, atau kealpaannya."
        ),
    }


def _row(label: str, *lines: str) -> dict[str, Any]:
    return {"label": label, "lines": list(lines), "parts": []}


def _parts(*parts: tuple[str, str]) -> dict[str, Any]:
    return {"label": "", "lines": [], "parts": [list(part) for part in parts]}


def _remarks(paper: TravelOrder, signed: str) -> list[str]:
    said = [f"Surat Tugas Nomor {id_.plain(paper.order_number)} tanggal {signed}."]
    if paper.amends:
        said.append(f"Menggantikan SPD Nomor {id_.plain(paper.amends)} sejak tanggal tersebut.")
    return said


def _stages(leaves: str, site: str) -> list[dict[str, str]]:
    """Give each stage of the journey: where somebody comes, and whence they go on and whereto; blank where only the way tells."""
    between = [{"arrives": "", "leaves": "", "to": ""} for _ in range(STAGES_BETWEEN)]
    return [
        {"arrives": NONE, "leaves": leaves, "to": site},
        {"arrives": site, "leaves": site, "to": ""},
        *between,
        {"arrives": leaves, "leaves": NONE, "to": ""},
    ]
