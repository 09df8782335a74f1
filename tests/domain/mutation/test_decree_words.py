"""What a decree says of the cases that it is about, besides its standing words."""

from datetime import date

import pytest

from domain.mutation.decree_parts import DictumKind
from domain.mutation.decree_words import (
    Asked,
    Cited,
    read_decree_words,
    standing_considerations,
    standing_dictums,
    taken_note_of,
)
from domain.mutation.rules import ClearanceKind, DecreeOffice
from domain.rule_finder import Finder, RulePackInvalid
from lab.sample_decrees import AUTHORITY, GOVERNMENT, WORDS
from tests.domain.mutation.dossiers import PACK

ON = date(2026, 11, 20)
FORMER = Cited("821.2/7/BKPSDM/VI/2026", date(2026, 6, 2))


def considered(asked: Asked = Asked.NOBODY, undone: tuple[Cited, ...] = ()) -> tuple[str, ...]:
    named = {"government": GOVERNMENT, "authority": AUTHORITY, "subject": "Pemindahan"}
    return standing_considerations(WORDS, **named, asked=asked, undone=undone)


def test_the_last_consideration_counts_all_before_it() -> None:
    plain, own = considered(), considered(Asked.ALL)
    assert "dalam huruf a dan huruf b," in plain[-1]
    assert own[2] == WORDS.own_request
    assert "dalam huruf a, huruf b, dan huruf c," in own[-1]
    assert considered(Asked.SOME)[2].startswith("bahwa sebagian Pegawai Negeri Sipil")
    assert [Asked.of(one) for one in ([False], [True, False], [True, True])] == list(Asked)


def test_a_decree_that_undoes_another_names_it_and_revokes_it_right_after_the_first_dictum() -> None:
    cited = f"Keputusan {AUTHORITY} {FORMER}"
    assert str(FORMER) == "Nomor 821.2/7/BKPSDM/VI/2026 tanggal 2\u00a0Juni 2026"
    assert considered(undone=(FORMER,))[2].startswith(f"bahwa {cited} perlu dicabut")
    dictums = standing_dictums(WORDS, 1, ON, authority=AUTHORITY, undone=(FORMER,))
    assert [one.kind for one in dictums][:3] == [DictumKind.POSTING, DictumKind.REVOCATION, DictumKind.PAY]
    assert dictums[1].text.startswith(f"{cited} dicabut dan dinyatakan tidak berlaku")
    assert DictumKind.REVOCATION not in {one.kind for one in standing_dictums(WORDS, 1, ON)}


def test_each_clearance_is_noted_once_by_number_and_day_in_the_order_of_the_procedure_then_the_minutes() -> (
    None
):
    pertek = (ClearanceKind.TECHNICAL_CLEARANCE, Cited("2214/PT/2026", ON))
    origin = (ClearanceKind.ORIGIN_CONSENT, Cited("800/12", None))
    minutes = [Cited("BA-1", ON), Cited("BA-2", ON)]
    assert taken_note_of(WORDS, [pertek, origin, pertek], minutes) == (
        "Persetujuan Pejabat Pembina Kepegawaian instansi asal Nomor 800/12",
        "Pertimbangan Teknis Badan Kepegawaian Negara Nomor 2214/PT/2026 tanggal 20\u00a0November 2026",
        "Berita Acara Dengar Pendapat Nomor BA-1 tanggal 20\u00a0November 2026",
        "Berita Acara Dengar Pendapat Nomor BA-2 tanggal 20\u00a0November 2026",
    )
    assert taken_note_of(WORDS, [], []) == ()
    decree = Cited("824/9", ON)
    for office, called in (
        (DecreeOffice.GOVERNOR, "Gubernur"),
        (DecreeOffice.HEAD_OF_BKN, "Kepala Badan Kepegawaian Negara"),
    ):
        (noted,) = taken_note_of(
            WORDS, [(ClearanceKind.MUTATION_DECREE, decree)], [], decreed_by={decree: office}
        )
        assert (
            noted
            == f"Keputusan {called} tentang mutasi antarinstansi Nomor 824/9 tanggal 20\u00a0November 2026"
        )
    panel, counsel = [Cited("BA/7", ON)] * 2, [Cited("800/9", ON)]  # one of the panel's is about two cases
    assert taken_note_of(WORDS, [], minutes[:1], panel=panel, counsel=counsel) == (
        "Berita Acara Panitia Seleksi Nomor BA/7 tanggal 20\u00a0November 2026",
        "Pertimbangan Pejabat yang Berwenang Nomor 800/9 tanggal 20\u00a0November 2026",
        "Berita Acara Dengar Pendapat Nomor BA-1 tanggal 20\u00a0November 2026",
    )


def test_a_pack_whose_last_consideration_counts_none_is_refused() -> None:
    words = PACK["documents"]["decree"]
    faulty = {"documents": {"decree": words | {"considerations": ["bahwa a", "bahwa huruf a"]}}}
    with pytest.raises(RulePackInvalid, match="the last one must say"):
        read_decree_words(Finder(faulty))
