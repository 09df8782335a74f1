"""What stands on the records beside a decree, as strings: minutes of a hearing, handover, duty (SPMT), erratum.

A record is a row of blocks (a paragraph, somebody's particulars, a table) and the signatures under it.
"""

from __future__ import annotations

from typing import Any

from adapters.documents import indonesian as id_
from adapters.documents.heads import letterhead
from adapters.documents.record_blocks import (
    cited,
    officer_fields,
    paragraph,
    particulars,
    person_fields,
    place_and_day,
    post_fields,
    signed_by,
    signing,
    today,
)
from domain.mutation.decree_record import names_facts
from domain.mutation.reasons import HeadObjection, PersonObjection
from domain.mutation.records import (
    DutyStart,
    Erratum,
    HandoverKind,
    HandoverRecord,
    HearingMinutes,
    Record,
    record_code,
    record_facts,
)
from domain.mutation.states import Outcome, Party
from domain.paper_codes import sha256

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
        "keywords": [names_facts(sha256(record_facts(record)))],
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
        case Erratum():
            return _erratum(record)


def _hearing(record: HearingMinutes) -> dict[str, Any]:
    asked = "meminta" if record.silent else "mendengar"
    about = [particulars(person_fields(record.person) + post_fields(record.post))]
    if record.party == Party.PERSON:
        told = [paragraph(f"telah {asked} pendapat Pegawai Negeri Sipil:"), *about]
        told.append(paragraph("mengenai rencana pemindahan ke:"))
        heard = signed_by("Pegawai yang didengar,", record.person)
    else:
        told = [*_unit_asked(record, asked), *about, paragraph("ke:")]
        heard = signing(record.spoken_by, "Pejabat yang didengar") if record.spoken_by else {}
    return {
        "title": "BERITA ACARA DENGAR PENDAPAT",
        "subject": "Rencana Mutasi Pegawai Negeri Sipil",
        "blocks": [
            paragraph(f"{today(record)}, yang bertanda tangan di bawah ini:"),
            particulars(officer_fields(record.heard_by)),
            *told,
            particulars(post_fields(record.proposed)),
            paragraph(_answer(record)),
            *([paragraph(_wished(record))] if record.counter_date else []),
            paragraph(
                "Pendapat tersebut menjadi bahan pertimbangan Pejabat Pembina Kepegawaian dan tidak dengan sendirinya"
                " membatalkan rencana pemindahan."
            ),
            paragraph(
                "Demikian berita acara ini dibuat dengan sebenarnya untuk dipergunakan sebagaimana mestinya."
            ),
        ],
        "place_and_day": place_and_day(record),
        "signatures": [*([] if record.silent else [heard]), signing(record.heard_by)],
    }


def _unit_asked(record: HearingMinutes, asked: str) -> list[dict[str, Any]]:
    """Say whose pendapat was asked for a unit: whoever spoke for it, or, where nobody did, the unit."""
    side, unit = _SIDES[record.party], _unit_of(record)
    if record.spoken_by is None:
        return [
            paragraph(f"telah {asked} pendapat pimpinan {side}, {unit}, mengenai rencana pemindahan:"),
        ]
    return [
        paragraph(f"telah {asked} pendapat untuk {side}, {unit}, dari:"),
        particulars(officer_fields(record.spoken_by)),
        paragraph("mengenai rencana pemindahan Pegawai Negeri Sipil:"),
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


def _wished(record: HearingMinutes) -> str:
    assert record.counter_date is not None
    who = "Yang bersangkutan" if record.party == Party.PERSON else _unit_of(record)
    on = id_.day(id_.first_day(record.counter_date, record.head.zone))
    return f"{who} mengusulkan agar pemindahan berlaku terhitung mulai tanggal {on}."


def _handover(record: HandoverRecord) -> dict[str, Any]:
    leaving, taking = record.leaving, record.taking_over
    return {
        "title": "BERITA ACARA SERAH TERIMA TUGAS",
        "subject": id_.plain(f"{record.post.position} pada {record.post.unit}"),
        "blocks": [
            paragraph(f"{today(record)}, yang bertanda tangan di bawah ini:"),
            particulars(person_fields(leaving) + post_fields(record.post), "PIHAK KESATU"),
            particulars(person_fields(taking) + post_fields(record.taking_over_as), "PIHAK KEDUA"),
            paragraph(
                f"berdasarkan {cited(record.decree)}, PIHAK KESATU menyerahkan kepada PIHAK KEDUA, dan PIHAK KEDUA"
                " menerima dari PIHAK KESATU, tugas jabatan tersebut beserta:"
            ),
            {
                "kind": "table",
                "headings": ["No.", "Jenis", "Uraian", "Keadaan"],
                "rows": [
                    [_KINDS[one.kind], id_.plain(one.what), id_.plain(one.state)] for one in record.items
                ],
            },
            paragraph(
                "Sejak berita acara ini ditandatangani, tanggung jawab atas hal-hal tersebut beralih kepada PIHAK"
                " KEDUA. Kata sandi tidak dicatat dalam berita acara ini."
            ),
        ],
        "place_and_day": place_and_day(record),
        "signatures": [
            signed_by("PIHAK KEDUA,", taking),
            signed_by("PIHAK KESATU,", leaving),
            signing(record.known_to, "Mengetahui"),
        ],
    }


def _duty_start(record: DutyStart) -> dict[str, Any]:
    return {
        "title": "SURAT PERNYATAAN MELAKSANAKAN TUGAS",
        "subject": "",
        "blocks": [
            paragraph("Yang bertanda tangan di bawah ini:"),
            particulars(officer_fields(record.stated_by)),
            paragraph("menyatakan dengan sesungguhnya bahwa Pegawai Negeri Sipil:"),
            particulars(person_fields(record.person) + post_fields(record.post)),
            paragraph(
                f"berdasarkan {cited(record.decree)}, terhitung mulai tanggal {id_.day(record.effective_on)}, telah"
                f" nyata melaksanakan tugas sebagai {id_.plain(record.post.position)} pada"
                f" {id_.plain(record.post.unit)} sejak tanggal {id_.day(record.began_on)}."
            ),
            paragraph(
                "Demikian surat pernyataan ini dibuat dengan sesungguhnya dengan mengingat sumpah jabatan. Apabila di"
                " kemudian hari isi surat pernyataan ini ternyata tidak benar dan mengakibatkan kerugian bagi negara,"
                " saya bersedia menanggung kerugian tersebut."
            ),
        ],
        "place_and_day": place_and_day(record),
        "signatures": [signing(record.stated_by)],
    }


def _erratum(record: Erratum) -> dict[str, Any]:
    decree = record.decree
    return {
        "title": "RALAT",
        "subject": f"Keputusan {id_.plain(decree.issuer)} Nomor {id_.plain(decree.number)}",
        "blocks": [
            paragraph(f"Dalam {cited(decree)}, sepanjang mengenai Pegawai Negeri Sipil:"),
            particulars(person_fields(record.person)),
            paragraph("terdapat kekeliruan penulisan sebagai berikut:"),
            particulars([["Tertulis", id_.plain(record.written)], ["Seharusnya", id_.plain(record.meant)]]),
            paragraph(
                "Dengan Ralat ini kekeliruan tersebut dibetulkan. Bagian lain dari Keputusan tersebut tidak berubah, dan"
                " Ralat ini merupakan bagian yang tidak terpisahkan dari Keputusan tersebut."
            ),
        ],
        "place_and_day": place_and_day(record),
        "signatures": [signing(record.signed_by)],
    }
