"""What stands on the records beside a decree, as strings: minutes of a hearing, handover, statement of duty (SPMT).

A record is a row of blocks (a paragraph, somebody's particulars, a table) and the signatures under it.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from adapters.documents import indonesian as id_
from adapters.documents.heads import letterhead, office_lines
from domain.long_days import WEEKDAYS
from domain.mutation.decree_parts import PersonInWords, PostInWords
from domain.mutation.reasons import HeadObjection, PersonObjection
from domain.mutation.records import (
    DecreeRef,
    DutyStart,
    HandoverKind,
    HandoverRecord,
    HearingMinutes,
    Record,
    record_code,
)
from domain.mutation.states import Outcome, Party
from domain.order_parts import Signatory

_SIDES = {Party.RELEASING: "unit kerja asal", Party.RECEIVING: "unit kerja penerima"}
# By code: what a person and a head both may say is said alike.
_GROUNDS: dict[str, str] = {
    PersonObjection.HEALTH: "kesehatan",
    PersonObjection.CARER: "merawat keluarga",
    PersonObjection.DISTANCE: "jarak tempat tugas",
    PersonObjection.CAREER: "pengembangan karier",
    PersonObjection.COMPETENCE: "kesesuaian kompetensi",
    PersonObjection.TOO_SOON: "waktu pemindahan yang terlalu dekat",
    PersonObjection.OTHER: "alasan lain",
    HeadObjection.BELOW_NEED: "jumlah pegawai unit kerja akan berada di bawah kebutuhan",
    HeadObjection.NO_SUCCESSOR: "belum tersedia pengganti",
    HeadObjection.NO_NEED: "unit kerja tidak memerlukan tambahan pegawai",
    HeadObjection.LATER_DATE: "waktu pemindahan perlu diundurkan",
}
_KINDS = {
    HandoverKind.WORK: "Pekerjaan",
    HandoverKind.DOCUMENT: "Dokumen",
    HandoverKind.ASSET: "Barang milik daerah",
    HandoverKind.ACCOUNT: "Akun dan hak akses",
    HandoverKind.FUNDS: "Keuangan",
}


def said_of(record: Record) -> dict[str, Any]:
    """Give what the record says."""
    head, code = record.head, record_code(record)
    return {
        "number": id_.plain(head.number),
        "letterhead": letterhead(head.letterhead),
        "verification": {"code": code, "url": f"{head.verification_base.rstrip('/')}/{code}"},
        "synthetic": head.synthetic,
    } | _told(record)


def _told(record: Record) -> dict[str, Any]:
    match record:
        case HearingMinutes():
            return _hearing(record)
        case HandoverRecord():
            return _handover(record)
        case DutyStart():
            return _duty_start(record)


def _hearing(record: HearingMinutes) -> dict[str, Any]:
    asked = "meminta" if record.silent else "mendengar"
    about = [_particulars(_person(record.person) + _post(record.post))]
    if record.party == Party.PERSON:
        told = [_paragraph(f"telah {asked} pendapat Pegawai Negeri Sipil:"), *about]
        told.append(_paragraph("mengenai rencana pemindahan ke:"))
        heard = _signed_by("Pegawai yang didengar,", record.person)
    else:
        told = [*_unit_asked(record, asked), *about, _paragraph("ke:")]
        heard = _signing(record.spoken_by, "Pejabat yang didengar") if record.spoken_by else {}
    return {
        "title": "BERITA ACARA DENGAR PENDAPAT",
        "subject": "Rencana Mutasi Pegawai Negeri Sipil",
        "blocks": [
            _paragraph(f"{_today(record)}, yang bertanda tangan di bawah ini:"),
            _particulars(_officer(record.heard_by)),
            *told,
            _particulars(_post(record.proposed)),
            _paragraph(_answer(record)),
            _paragraph(
                "Pendapat tersebut menjadi bahan pertimbangan Pejabat Pembina Kepegawaian dan tidak dengan sendirinya"
                " membatalkan rencana pemindahan."
            ),
            _paragraph(
                "Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya."
            ),
        ],
        "place_and_day": _place_and_day(record),
        "signatures": [*([] if record.silent else [heard]), _signing(record.heard_by)],
    }


def _unit_asked(record: HearingMinutes, asked: str) -> list[dict[str, Any]]:
    """Say whose pendapat was asked for a unit: whoever spoke for it, or, where nobody did, the unit."""
    side, unit = _SIDES[record.party], _unit_of(record)
    if record.spoken_by is None:
        return [
            _paragraph(f"telah {asked} pendapat pimpinan {side}, {unit}, mengenai rencana pemindahan:"),
        ]
    return [
        _paragraph(f"telah {asked} pendapat untuk {side}, {unit}, dari:"),
        _particulars(_officer(record.spoken_by)),
        _paragraph("mengenai rencana pemindahan Pegawai Negeri Sipil:"),
    ]


def _unit_of(record: HearingMinutes) -> str:
    return id_.plain((record.post if record.party == Party.RELEASING else record.proposed).unit)


def _answer(record: HearingMinutes) -> str:
    own = record.party == Party.PERSON
    match record.outcome:
        case Outcome.CONSENT if own:
            return "Yang bersangkutan menyatakan bersedia dipindahkan."
        case Outcome.CONSENT:
            return f"Atas rencana tersebut {_unit_of(record)} menyatakan tidak berkeberatan."
        case Outcome.OBJECTS:
            assert record.ground is not None  # an objection has one
            who = "Yang bersangkutan" if own else f"Atas rencana tersebut {_unit_of(record)}"
            what = "keberatan dipindahkan" if own else "berkeberatan"
            return f"{who} menyatakan {what} dengan pokok alasan {_GROUNDS[record.ground]}."
        case Outcome.NO_RESPONSE:
            zone = record.head.zone
            until = id_.day(id_.first_day(record.answer_by, zone))
            who = "yang bersangkutan" if own else f"pimpinan {_SIDES[record.party]}"
            return (
                f"Sampai dengan {until} pukul {id_.clock(record.answer_by, zone)} {who} tidak memberikan"
                f" pendapat, sehingga berita acara ini dibuat tanpa tanda tangan {who}."
            )


def _handover(record: HandoverRecord) -> dict[str, Any]:
    leaving, taking = record.leaving, record.taking_over
    return {
        "title": "BERITA ACARA SERAH TERIMA TUGAS",
        "subject": id_.plain(f"{record.post.position} pada {record.post.unit}"),
        "blocks": [
            _paragraph(f"{_today(record)}, yang bertanda tangan di bawah ini:"),
            _particulars(_person(leaving) + _post(record.post), "PIHAK KESATU"),
            _particulars(_person(taking) + _post(record.taking_over_as), "PIHAK KEDUA"),
            _paragraph(
                f"berdasarkan {_cited(record.decree)}, PIHAK KESATU menyerahkan kepada PIHAK KEDUA, dan PIHAK KEDUA"
                " menerima dari PIHAK KESATU, tugas jabatan tersebut beserta:"
            ),
            {
                "kind": "table",
                "headings": ["No.", "Jenis", "Uraian", "Keadaan"],
                "rows": [
                    [_KINDS[one.kind], id_.plain(one.what), id_.plain(one.state)] for one in record.items
                ],
            },
            _paragraph(
                "Sejak berita acara ini ditandatangani, tanggung jawab atas hal-hal tersebut beralih kepada PIHAK"
                " KEDUA. Kata sandi tidak dicatat dalam berita acara ini."
            ),
        ],
        "place_and_day": _place_and_day(record),
        "signatures": [
            _signed_by("PIHAK KEDUA,", taking),
            _signed_by("PIHAK KESATU,", leaving),
            _signing(record.known_to, "Mengetahui"),
        ],
    }


def _duty_start(record: DutyStart) -> dict[str, Any]:
    return {
        "title": "SURAT PERNYATAAN MELAKSANAKAN TUGAS",
        "subject": "",
        "blocks": [
            _paragraph("Yang bertanda tangan di bawah ini:"),
            _particulars(_officer(record.stated_by)),
            _paragraph("menyatakan dengan sesungguhnya bahwa Pegawai Negeri Sipil:"),
            _particulars(_person(record.person) + _post(record.post)),
            _paragraph(
                f"berdasarkan {_cited(record.decree)}, terhitung mulai tanggal {id_.day(record.effective_on)}, telah"
                f" nyata melaksanakan tugas sebagai {id_.plain(record.post.position)} pada"
                f" {id_.plain(record.post.unit)} sejak tanggal {id_.day(record.began_on)}."
            ),
            _paragraph(
                "Demikian surat pernyataan ini dibuat dengan sesungguhnya dengan mengingat sumpah jabatan. Apabila di"
                " kemudian hari isi surat pernyataan ini ternyata tidak benar dan mengakibatkan kerugian bagi negara,"
                " saya bersedia menanggung kerugian tersebut."
            ),
        ],
        "place_and_day": _place_and_day(record),
        "signatures": [_signing(record.stated_by)],
    }


# ── blocks ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _paragraph(text: str) -> dict[str, Any]:
    return {"kind": "paragraph", "text": text}


def _particulars(fields: list[list[str]], called: str = "") -> dict[str, Any]:
    closing = f"selanjutnya disebut {called}." if called else ""
    return {"kind": "particulars", "fields": fields, "closing": closing}


def _person(person: PersonInWords) -> list[list[str]]:
    rank = [["Pangkat/Gol. Ruang", id_.plain(person.rank)]] if person.rank.strip() else []
    return [["Nama", id_.plain(person.name)], ["NIP", id_.grouped_nip(id_.plain(person.nip))], *rank]


def _post(post: PostInWords) -> list[list[str]]:
    return [["Jabatan", id_.plain(post.position)], ["Unit kerja", id_.plain(post.unit)]]


def _officer(officer: Signatory) -> list[list[str]]:
    person = PersonInWords(person_id=officer.person_id, name=officer.name, nip=officer.nip, rank=officer.rank)
    lines = " ".join(office_lines(officer)[:-1])
    own = id_.plain(officer.position)
    acting = "" if officer.capacity.value not in ("Plt", "Plh") else f"{officer.capacity.value}. "
    return [*_person(person), ["Jabatan", f"{lines} {acting}{own}".strip()]]


def _cited(decree: DecreeRef) -> str:
    return (
        f"Keputusan {id_.plain(decree.issuer)} Nomor {id_.plain(decree.number)} tanggal {id_.day(decree.dated)}"
        f" tentang {id_.plain(decree.subject)}"
    )


def _today(record: Record) -> str:
    """`Pada hari ini, Selasa tanggal satu bulan Desember tahun dua ribu dua puluh enam (1 Desember 2026), di Kupang`."""
    on: date = id_.first_day(record.head.signed_at, record.head.zone)
    month = id_.day(on).split()[1]
    return (
        f"Pada hari ini, {WEEKDAYS[on.weekday()]} tanggal {id_.words(on.day)} bulan {month} tahun"
        f" {id_.words(on.year)} ({id_.day(on)}), di {id_.plain(record.head.signed_place)}"
    )


def _place_and_day(record: Record) -> str:
    on = id_.day(id_.first_day(record.head.signed_at, record.head.zone))
    return f"{id_.plain(record.head.signed_place)}, {on}"


def _signing(officer: Signatory, above: str = "") -> dict[str, Any]:
    lines = office_lines(officer)
    return _block([above, *lines] if above else lines, officer.name, officer.rank, officer.nip)


def _signed_by(called: str, person: PersonInWords) -> dict[str, Any]:
    return _block([called], person.name, person.rank, person.nip)


def _block(office: list[str], name: str, rank: str, nip: str) -> dict[str, Any]:
    return {
        "office": office,
        "name": id_.plain(name),
        "rank": id_.plain(rank),
        "nip": id_.grouped_nip(id_.plain(nip)),
    }
