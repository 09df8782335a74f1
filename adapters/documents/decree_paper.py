"""What stands on a decree of mutation and on an extract of it, as strings, ready for the templates.

All wording beyond what was decreed happens here; the templates only place it. Values are plain strings in JSON, never
markup, so whatever a name contains is printed and nothing of it is obeyed.
"""

from __future__ import annotations

from typing import Any

from adapters.documents import indonesian as id_
from adapters.documents.heads import letterhead, signing
from domain.long_numbers import ordinal
from domain.mutation.decree import Decree, DecreeDraft
from domain.mutation.decree_parts import Move, PostInWords
from domain.mutation.decree_record import names_extract, names_facts
from domain.mutation.decree_words import OPEN
from domain.mutation.extract import Extract
from domain.order_parts import Capacity
from domain.terms import Unit

_UNITS = {Unit.HOURS: "jam", Unit.DAYS: "hari", Unit.WORKING_DAYS: "hari kerja"}
_AND_SO_ON = ["dan seterusnya;"]


def whole(decree: Decree) -> dict[str, Any]:
    """Give the whole decree: with one person in its first dictum, or with the list of all in the annex."""
    alone = len(decree.moves) == 1
    return _common(decree, decree.code) | {
        "kind": "decree",
        "keywords": [names_facts(decree.facts_sha256)],
        "title": _title(decree),
        "preamble": _preamble(decree),
        "dictums": _dictums(decree, decree.moves[0] if alone else None),
        "annex": None if alone else _annex(decree),
        "copies": _closed(_ended(decree.copies_to)),
        "certified": None,
    }


def draft(decree: DecreeDraft) -> dict[str, Any]:
    """Give the decree of one person as it would be, in its own words: without number and code, whatever is open left open."""
    return _common(decree, None) | {
        "kind": "draft",
        "keywords": [],
        "title": _title(decree),
        "preamble": _preamble(decree),
        "dictums": _dictums(decree, decree.moves[0]),
        "annex": None,
        "copies": _closed(_ended(decree.copies_to)),
        "certified": None,
    }


def _preamble(decree: DecreeDraft) -> list[dict[str, Any]]:
    preamble = [
        ("Menimbang", _ended(decree.considerations), "a."),
        ("Mengingat", _ended(decree.legal_bases) + _delegation(decree), "1."),
        *([("Memperhatikan", _ended(decree.notes), "1.")] if decree.notes else []),
    ]
    return [{"label": label, "items": items, "numbering": style} for label, items, style in preamble]


def extract(paper: Extract) -> dict[str, Any]:
    """Give one person's extract: the decree as it concerns them, certified, and nobody else's line."""
    decree = paper.decree
    labels = ("Menimbang", "Mengingat", *(["Memperhatikan"] if decree.notes else []))
    on = id_.day(id_.first_day(paper.certified_at, decree.zone))
    return _common(decree, decree.code_of(paper.move.case_id)) | {
        "kind": "extract",
        # Which decree it is of, and which line of it; salted, neither opens the list.
        "keywords": [names_facts(decree.facts_sha256), names_extract(paper.facts_sha256)],
        "title": _title(decree),
        "preamble": [{"label": label, "items": _AND_SO_ON, "numbering": "1."} for label in labels],
        "dictums": _dictums(decree, paper.move),
        "annex": None,
        "copies": [],
        "certified": {
            "words": ["Petikan ini sesuai dengan aslinya", f"{id_.plain(decree.signed_place)}, {on}"],
            "signing": signing(paper.certifier),
            "note": " ".join(
                [
                    "Petikan Keputusan ini diberikan kepada yang bersangkutan untuk diketahui dan dilaksanakan.",
                    *_remedy(decree),
                    f"Disegel secara elektronik oleh {id_.plain(decree.letterhead.government)}.",
                ]
            ),
        },
    }


def _remedy(decree: Decree) -> list[str]:
    """Tell whoever is served how to object, to whom, and for how long."""
    if decree.objection is None:
        return []
    term = f"{id_.counted(decree.objection.amount)} {_UNITS[decree.objection.unit]}"
    to = id_.plain(decree.authority)
    return [
        f"Yang bersangkutan dapat mengajukan keberatan secara tertulis kepada {to} paling lama {term} sejak Petikan ini diterima."
    ]


def _common(decree: DecreeDraft, code: str | None) -> dict[str, Any]:
    number, subject = id_.plain(decree.number) or OPEN, id_.plain(decree.subject)
    authority = id_.plain(decree.authority).upper()
    signed = id_.day(id_.first_day(decree.signed_at, decree.zone)) if decree.signed_at else OPEN
    nobody = {"office": [f"{authority},"], "name": OPEN, "rank": "", "nip": ""}
    url = f"{decree.verification_base.rstrip('/')}/{code}"
    return {
        "number": number,
        "subject": subject,
        "authority": authority,
        "letterhead": letterhead(decree.letterhead),
        "decides": f"{_title(decree)} TENTANG {subject.upper()}.",
        "signing": (signing(decree.signatory) if decree.signatory else nobody)
        | {"place_and_day": [f"Ditetapkan di {id_.plain(decree.signed_place)}", f"pada tanggal {signed}"]},
        "verification": {"code": code, "url": url} if code else None,
        "synthetic": decree.synthetic,
    }


def _title(decree: DecreeDraft) -> str:
    return f"KEPUTUSAN {id_.plain(decree.authority).upper()}"


def _ended(lines: tuple[str, ...]) -> list[str]:
    """End each as a part of one long sentence, which a decree is."""
    return [id_.plain(line).rstrip(".; ") + ";" for line in lines]


def _closed(lines: list[str]) -> list[str]:
    """End the last line of a list that ends the paper."""
    return [*lines[:-1], *(line.rstrip(";") + "." for line in lines[-1:])]


def _delegation(decree: DecreeDraft) -> list[str]:
    """Name what gives a delegate the right to sign for the authority."""
    by = decree.signatory
    return _ended((by.delegation_ref,)) if by and by.capacity is Capacity.ON_BEHALF else []


def _dictums(decree: DecreeDraft, shown: Move | None) -> list[dict[str, Any]]:
    """Number the dictums; under the first, which says who moves or is not to, stand the particulars of whoever is shown."""
    return [
        {
            "label": ordinal(at),
            "text": id_.plain(one.text),
            "fields": _fields(decree, shown) if shown and at == 1 else [],
        }
        for at, one in enumerate(decree.dictums, start=1)
    ]


def _fields(decree: DecreeDraft, move: Move) -> list[list[str]]:
    person, place = move.person, decree.place_of(move.case_id) if isinstance(decree, Decree) else None
    return [
        *([["Nomor urut", f"{place} dalam Lampiran"]] if len(decree.moves) > 1 else []),
        ["Nama", id_.plain(person.name)],
        ["NIP", id_.grouped_nip(id_.plain(person.nip))],
        *([["Pangkat/Gol. Ruang", id_.ranked(person.rank)]] if person.rank.strip() else []),
        ["Jabatan lama", id_.plain(move.origin.position)],
        ["Unit kerja lama", id_.plain(move.origin.unit)],
        ["Jabatan baru", _position(move.receiving)],
        ["Unit kerja baru", id_.plain(move.receiving.unit)],
    ]


def _position(post: PostInWords) -> str:
    words = id_.plain(post.position)
    return f"{words} (kelas jabatan {post.job_class})" if post.job_class else words


def _annex(decree: Decree) -> dict[str, Any]:
    signed = id_.day(id_.first_day(decree.signed_at, decree.zone)).upper()
    effective = id_.day(id_.first_day(decree.effective_at, decree.zone))
    return {
        "head": [
            ["LAMPIRAN", _title(decree)],
            ["NOMOR", id_.plain(decree.number)],
            ["TANGGAL", signed],
            ["TENTANG", id_.plain(decree.subject).upper()],
        ],
        "title": "DAFTAR PEGAWAI NEGERI SIPIL YANG DIPINDAHKAN",
        "headings": ["No.", "Nama / NIP", "Pangkat/Gol. Ruang", "Jabatan lama", "Jabatan baru"],
        "effect": f"Terhitung mulai tanggal {effective}",
        "rows": [_row(move) for move in decree.moves],
        "closing": f"Daftar ini memuat {id_.counted(len(decree.moves))} orang dan ditutup pada nomor urut"
        f" {len(decree.moves)}.",
    }


def _row(move: Move) -> dict[str, str]:
    return {
        "name": id_.plain(move.person.name),
        "nip": id_.grouped_nip(id_.plain(move.person.nip)),
        "rank": id_.ranked(move.person.rank),
        "old_position": id_.plain(move.origin.position),
        "old_unit": _unit(move.origin),
        "new_position": id_.plain(move.receiving.position),
        "new_unit": _unit(move.receiving),
    }


def _unit(post: PostInWords) -> str:
    unit = id_.plain(post.unit)
    return f"{unit} · kelas{id_.GLUE}{post.job_class}" if post.job_class else unit
