"""What a second decree says of the first one, why, and from when on."""

from dataclasses import replace
from datetime import date

import pytest

from domain.mutation.decree import decree_facts, decree_faults
from domain.mutation.decree_parts import Amended, Fault, Found
from domain.mutation.decree_words import Cited
from domain.mutation.reasons import Cancellation
from domain.mutation.second_words import (
    Second,
    read_second_words,
    second_considerations,
    second_dictums,
    second_subject,
)
from domain.mutation.states import Does
from domain.rule_finder import Finder, RulePackInvalid
from lab.sample_decrees import AUTHORITY, SIGNED_AT, decreed, sample_decree_draft
from tests.domain.mutation.dossiers import PACK

WORDS = read_second_words(Finder(PACK))
FORMER = Cited("821.2/7/BKPSDM/VI/2026", date(2026, 6, 2))
SIGNED_ON = date(2026, 11, 23)
CANCELS = Second(does=Does.CANCELS, former=FORMER, authority=AUTHORITY, ground="MISTAKE")
CORRECTS = replace(CANCELS, does=Does.CORRECTS, ground=None, reads=(4, "berlaku sejak 1 Desember 2026."))
ERROR = "Apabila terdapat kekeliruan, akan diadakan perbaikan."


@pytest.mark.parametrize("code", Cancellation)
def test_each_code_of_a_cancellation_is_a_consideration(code: Cancellation) -> None:
    said = second_considerations(WORDS, replace(CANCELS, ground=code.value))
    assert said[1] == WORDS.grounds[code].replace("{move}", "pemindahan")
    assert len(said) == 3
    assert "dalam huruf a dan huruf b, perlu menetapkan" in said[2]


def test_the_paper_of_another_authority_that_forces_it_is_named_by_number_and_day() -> None:
    ruling = Cited("17/G/2026/PTUN.KPG", date(2026, 11, 20))
    said = second_considerations(WORDS, replace(CANCELS, forced_by=ruling))
    assert str(ruling) in said[2]
    assert "huruf a, huruf b, dan huruf c" in said[3]


def test_an_objection_that_is_granted_is_the_ground_of_its_answer() -> None:
    revokes = replace(CANCELS, does=Does.REVOKES, ground=None)
    assert second_considerations(WORDS, revokes)[1] == WORDS.grounds["REVOKES"]
    assert second_subject(WORDS, revokes) == f"Pencabutan Keputusan {AUTHORITY} {FORMER}"
    assert second_subject(WORDS, CORRECTS) == f"Perubahan atas Keputusan {AUTHORITY} {FORMER}"


def test_what_undoes_a_second_decree_says_which_one_that_undid_and_that_it_stands_again() -> None:
    first = Cited("821.2/3/BKPSDM/V/2026", date(2026, 5, 4))
    revokes = replace(CANCELS, does=Does.REVOKES, ground=None, again=first)
    said = second_considerations(WORDS, revokes)
    assert f"Keputusan {AUTHORITY} {FORMER} telah dicabut Keputusan {AUTHORITY} {first}" in said[0]
    undone, again = second_dictums(WORDS, revokes, SIGNED_ON, ERROR)[:2]
    assert str(FORMER) in undone.text
    assert again.text.startswith(f"Keputusan {AUTHORITY} {first} dinyatakan berlaku kembali")


def test_a_correction_says_which_dictum_reads_how_and_without_its_words_it_cannot_be_made() -> None:
    first = second_dictums(WORDS, CORRECTS, SIGNED_ON, ERROR)[0]
    assert first.text.startswith(f"Mengubah Diktum KEEMPAT Keputusan {AUTHORITY} {FORMER}")
    assert first.text.endswith("“berlaku sejak 1 Desember 2026.”")
    erased = second_dictums(WORDS, replace(CORRECTS, reads=None), SIGNED_ON, ERROR)
    draft = replace(
        sample_decree_draft(), dictums=erased, effective_at=SIGNED_AT, amends=amends(Does.CORRECTS)
    )
    assert decree_faults(draft) == (Found(Fault.MISSING, "dictums[1]"),)


def test_what_is_corrected_already_is_cited_with_what_corrected_it_last() -> None:
    once, twice = Cited("821.2/8/BKPSDM/VI/2026", date(2026, 6, 9)), Cited("821.2/9/BKPSDM/VII/2026", None)
    again = replace(CORRECTS, corrections=(once,))
    assert second_subject(WORDS, again) == f"Perubahan Kedua atas Keputusan {AUTHORITY} {FORMER}"
    since = f"{FORMER} sebagaimana telah diubah dengan Keputusan {AUTHORITY} {once}"
    assert f"Keputusan {AUTHORITY} {since} telah ditetapkan" in second_considerations(WORDS, again)[0]
    assert f"Mengubah Diktum KEEMPAT Keputusan {AUTHORITY} {since} sepanjang" in _first(again)
    assert f"Keputusan {AUTHORITY} {since} sepanjang" in _first(replace(CANCELS, corrections=(once,)))
    more = replace(again, corrections=(once, twice))
    assert second_subject(WORDS, more).startswith("Perubahan Ketiga atas")
    assert f"beberapa kali diubah, terakhir dengan Keputusan {AUTHORITY} Nomor {twice.number}" in _first(more)


def test_what_had_undone_a_corrected_decree_is_cited_as_it_was_and_that_one_stands_again_as_corrected() -> (
    None
):
    first, once = Cited("821.2/3/BKPSDM/V/2026", date(2026, 5, 4)), Cited("821.2/4/V/2026", date(2026, 5, 9))
    revokes = replace(CANCELS, does=Does.REVOKES, ground=None, again=first, corrections=(once,))
    undone, again = second_dictums(WORDS, revokes, SIGNED_ON, ERROR)[:2]
    assert "telah diubah" not in undone.text
    assert again.text.startswith(
        f"Keputusan {AUTHORITY} {first} sebagaimana telah diubah dengan Keputusan {AUTHORITY} {once} dinyatakan"
    )


@pytest.mark.parametrize("does", [Does.REVOKES, Does.CORRECTS])
def test_where_no_objection_is_granted_the_ground_says_none(does: Does) -> None:
    granted = replace(CORRECTS, does=does)
    assert "dikabulkan" in second_considerations(WORDS, granted)[1]
    unasked = second_considerations(WORDS, replace(granted, unasked=True))
    assert unasked[1] == WORDS.grounds[f"{does}_UNASKED"]
    assert "dikabulkan" not in " ".join(unasked)


def _first(second: Second) -> str:
    return second_dictums(WORDS, second, SIGNED_ON, ERROR)[0].text


def amends(does: Does) -> Amended:
    return Amended(does=does, decree_id="dec-1", number=FORMER.number, facts_sha256="a" * 64)


def test_what_is_signed_names_the_decree_that_is_undone_and_a_first_decree_says_what_it_said_before() -> None:
    plain = sample_decree_draft()
    assert "amends" not in decree_facts(decreed(plain))
    dictums = second_dictums(WORDS, CANCELS, SIGNED_ON, ERROR)
    undoing = replace(plain, dictums=dictums, effective_at=SIGNED_AT, amends=amends(Does.CANCELS))
    made = decreed(undoing)
    assert decree_facts(made)["amends"] == {
        "does": "CANCELS",
        "decree_id": "dec-1",
        "number": FORMER.number,
        "facts_sha256": "a" * 64,
    }
    other = replace(undoing, amends=replace(amends(Does.CANCELS), facts_sha256="b" * 64))
    assert decreed(other).facts_sha256 != made.facts_sha256


def test_a_second_decree_that_moves_somebody_or_says_nothing_of_the_first_is_not_made() -> None:
    plain = replace(sample_decree_draft(), amends=amends(Does.REVOKES))
    assert decree_faults(plain) == (Found(Fault.DICTUM_MISSING, "dictums[1]:REVOCATION"),)


@pytest.mark.parametrize(
    "key", ["effect", "correcting", "correcting_again", "corrected", "corrected_often", "last"]
)
def test_a_pack_whose_words_leave_out_what_they_must_say_is_refused(key: str) -> None:
    words = PACK["documents"]["second_decree"]
    faulty = {"documents": {"second_decree": words | {key: "Keputusan ini berlaku."}}}
    with pytest.raises(RulePackInvalid, match=f"second_decree.{key} must say"):
        read_second_words(Finder(faulty))
