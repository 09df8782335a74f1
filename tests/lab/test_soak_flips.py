"""A taste of the thousand flips, and the places where chance would seldom come."""

from collections.abc import Iterator

import pytest

from lab import soak_flips
from lab.soak_flips import Signed, flips, look_at, sealed_extract, signed_decree


@pytest.fixture(scope="module")
def signed() -> Iterator[Signed]:
    with signed_decree() as signed:
        yield signed


@pytest.fixture(scope="module")
def sealed() -> Iterator[Signed]:
    with sealed_extract() as sealed:
        yield sealed


@pytest.mark.parametrize("which", ["signed", "sealed"])
def test_each_flip_is_found_with_the_record_and_by_the_file_alone(
    which: str, request: pytest.FixtureRequest
) -> None:
    paper: Signed = request.getfixturevalue(which)
    drawn = flips(len(paper.pdf), 25, seed=7)
    found = look_at(paper, drawn, processes=0)
    assert [one.flip for one in found if not one.with_record] == []
    assert [one.flip for one in found if not one.alone and one.flip[0] not in paper.open_bytes] == []


def test_an_extract_that_nobody_touched_is_found_sound(sealed: Signed) -> None:
    (found,) = look_at(sealed, [(0, 0)], processes=0)
    assert (found.with_record, found.alone) == (False, False)


def test_in_the_last_stamps_own_bytes_the_record_finds_what_the_file_does_not_show(signed: Signed) -> None:
    """Nothing can cover the stamp that is last: its unused room may be written on, and no signature is the worse."""
    unused = signed.open_bytes[-4]
    assert signed.pdf[unused : unused + 1] == b"0"
    (found,) = look_at(signed, [(unused, ord("0") ^ ord("1"))], processes=0)
    assert (found.with_record, found.alone) == (True, False)


def test_a_reader_who_does_not_compare_the_hash_is_caught(
    signed: Signed, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(soak_flips, "hold_against", lambda *_: ())
    unused = signed.open_bytes[-4]
    (found,) = look_at(signed, [(unused, ord("0") ^ ord("1"))], processes=0)
    assert not found.with_record


def test_the_same_seed_draws_the_same_flips() -> None:
    drawn = flips(100, 1_000, seed=3)
    assert drawn == flips(100, 1_000, seed=3) != flips(100, 1_000, seed=4)
    assert {place for place, _ in drawn} == set(range(100))
    assert all(1 <= bits <= 255 for _, bits in drawn)
