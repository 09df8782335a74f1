"""Days, spans, numbers and NIPs as Indonesian papers write them."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from adapters.documents import indonesian


def loose(text: str) -> str:
    return text.replace("\u00a0", " ")


@pytest.mark.parametrize(
    ("first", "last", "written"),
    [
        (date(2026, 11, 22), date(2026, 11, 22), "22 November 2026"),
        (date(2026, 11, 2), date(2026, 11, 30), "2 s.d. 30 November 2026"),
        (date(2026, 11, 23), date(2026, 12, 6), "23 November s.d. 6 Desember 2026"),
        (date(2026, 12, 24), date(2027, 1, 6), "24 Desember 2026 s.d. 6 Januari 2027"),
    ],
)
def test_a_span_says_what_both_ends_share_once(first: date, last: date, written: str) -> None:
    assert loose(indonesian.span(first, last)) == written


def test_the_length_of_a_span_counts_both_ends() -> None:
    assert indonesian.span_with_length(date(2026, 11, 23), date(2026, 12, 6)).endswith("(14 hari)")
    assert indonesian.span_with_length(date(2026, 11, 23), date(2026, 11, 23)).endswith("(1 hari)")


def test_an_instant_is_told_as_the_day_of_the_governments_own_zone() -> None:
    evening = datetime(2026, 12, 6, 15, 30, tzinfo=UTC)
    days = {
        zone: indonesian.first_day(evening, f"Asia/{zone}") for zone in ("Jakarta", "Makassar", "Jayapura")
    }
    assert days == {
        "Jakarta": date(2026, 12, 6),
        "Makassar": date(2026, 12, 6),
        "Jayapura": date(2026, 12, 7),
    }
    assert loose(indonesian.clock(evening, "Asia/Jakarta")) == "22.30 WIB"
    assert loose(indonesian.clock(evening, "Asia/Makassar")) == "23.30 WITA"
    assert loose(indonesian.clock(evening, "Asia/Jayapura")) == "00.30 WIT"
    assert loose(indonesian.clock(evening, "Asia/Dili")) == "00.30 UTC+0900"


def test_an_end_at_midnight_belongs_to_the_day_that_it_closes() -> None:
    midnight = datetime(2026, 12, 6, 16, 0, tzinfo=UTC)
    assert indonesian.last_day(midnight, "Asia/Makassar") == date(2026, 12, 6)
    assert indonesian.last_day(midnight, "Asia/Jakarta") == date(2026, 12, 6)
    assert indonesian.last_day(midnight, "Asia/Jayapura") == date(2026, 12, 7)


@pytest.mark.parametrize(
    ("number", "spelled"),
    [
        (0, "nol"),
        (11, "sebelas"),
        (14, "empat belas"),
        (20, "dua puluh"),
        (60, "enam puluh"),
        (100, "seratus"),
        (123, "seratus dua puluh tiga"),
        (500, "lima ratus"),
        (1000, "seribu"),
        (1138, "seribu seratus tiga puluh delapan"),
        (2019, "dua ribu sembilan belas"),
        (111_011, "seratus sebelas ribu sebelas"),
    ],
)
def test_a_number_is_spelled(number: int, spelled: str) -> None:
    assert indonesian.words(number) == spelled


def test_a_nip_is_grouped_and_anything_else_left_alone() -> None:
    assert loose(indonesian.grouped_nip("198501012010010001")) == "19850101 201001 0 001"
    assert indonesian.grouped_nip("12345") == "12345"


@pytest.mark.parametrize(
    ("grade", "said"),
    [
        ("I/a", "Juru Muda, I/a"),
        ("II/d", "Pengatur Tk. I, II/d"),
        ("III/a", "Penata Muda, III/a"),
        ("IV/b", "Pembina Tk. I, IV/b"),
        ("IV/e", "Pembina Utama, IV/e"),
        ("IX", "IX"),
        ("Pembina, IV/a", "Pembina, IV/a"),
        ("", ""),
    ],
)
def test_a_grade_of_a_pns_is_told_with_its_rank_and_anything_else_left_alone(grade: str, said: str) -> None:
    assert indonesian.ranked(grade) == said


def test_text_loses_control_and_bidi_marks_and_keeps_its_words() -> None:
    assert indonesian.plain("  Ni\tLuh\n\u202eAyu \u0000 e\u0301 ") == "Ni Luh Ayu é"
