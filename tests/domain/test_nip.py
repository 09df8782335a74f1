"""NIP: exact or refused."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.nip import Nip, mask_nip, parse_nip

GOOD = "198503122010011001"


def test_a_good_nip_tells_birth_entry_sex_and_serial() -> None:
    assert parse_nip(GOOD) == Nip(GOOD, date(1985, 3, 12), 2010, 1, "M", 1)


def test_pppk_carry_21_where_others_carry_a_month() -> None:
    nip = parse_nip("199001022022212005")
    assert isinstance(nip, Nip)
    assert nip.is_pppk
    assert nip.sex == "F"


@pytest.mark.parametrize("wrapped", [f"'{GOOD}", f"  {GOOD}\u00a0", "19850312 201001 1 001", f"\u200b{GOOD}"])
def test_what_keeps_a_nip_text_in_a_spreadsheet_is_taken_off(wrapped: str) -> None:
    nip = parse_nip(wrapped)
    assert isinstance(nip, Nip)
    assert nip.digits == GOOD


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1.98503E+17", "scientific notation"),
        ("1,98503E+17", "scientific notation"),
        ("2e17", "scientific notation"),
        ("198503122010011000", "rounded to 15 digits"),
        ("198503122010011001.0", "decimal number"),
        ("19850312201001100", "18 digits, not 17"),
        ("1985031220100110011", "18 digits, not 19"),
        ("", "18 digits, not 0"),
        ("19850312201001100O", "18 digits"),
        ("\u0661" * 18, "18 digits"),  # Arabic-Indic digits are digits to str.isdigit
        ("198502302010011001", "birth date"),
        ("198513122010011001", "birth date"),
        ("198503122010131001", "month 01-12"),
        ("198503122010001001", "month 01-12"),
        ("198503121995011001", "entry year"),
        ("198503122010013001", "digit 15"),
    ],
)
def test_an_inexact_nip_is_refused_with_the_reason(text: str, why: str) -> None:
    fault = parse_nip(text)
    assert isinstance(fault, str)
    assert why in fault


@given(st.text(max_size=24))
def test_any_text_is_a_nip_of_18_digits_or_is_refused(text: str) -> None:
    outcome = parse_nip(text)
    if isinstance(outcome, Nip):
        assert outcome.digits in text.replace(" ", "").replace("\u00a0", "")
        assert len(outcome.digits) == 18
    else:
        assert outcome


@given(st.text(max_size=24))
def test_a_fault_never_repeats_the_digits_of_the_nip(text: str) -> None:
    outcome = parse_nip(GOOD[:-1] + text)
    if isinstance(outcome, str):
        assert GOOD[:8] not in outcome


def test_masking_leaves_the_last_four_digits_only() -> None:
    assert mask_nip(GOOD) == "...1001"
    assert mask_nip("1.98E+17") == "...9817"
    assert mask_nip("1001") == "..."
