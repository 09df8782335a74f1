"""The dated days of the house: as their source has them, read whole or refused with the place."""

import tomllib
from datetime import UTC, date, datetime, time
from pathlib import Path
from zoneinfo import ZoneInfo

import holidays
import pytest
from holidays.constants import GOVERNMENT, PUBLIC

from adapters.calendars.dated import HERE, CalendarInvalid, read_calendar
from app.wiring import rule_packs
from domain.rules import OfficeRules
from domain.terms import YearUnknown, due, parse

OFFICE = OfficeRules("indonesia", time(16))
INDONESIA = read_calendar(OFFICE)
JAKARTA = ZoneInfo("Asia/Jakarta")


@pytest.mark.parametrize("year", sorted(INDONESIA.days_off))
def test_the_days_off_are_those_of_the_source(year: int) -> None:
    source = holidays.country_holidays("ID", years=year, categories=(PUBLIC, GOVERNMENT))
    assert INDONESIA.days_off[year] == frozenset(day for day in source if day.year == year)


def test_what_is_expected_and_not_yet_confirmed_is_marked() -> None:
    for year, node in tomllib.loads((HERE / "indonesia.toml").read_text()).items():
        assert set(node["expected"]) <= INDONESIA.days_off[int(year)]


@pytest.mark.parametrize("pack", rule_packs().values(), ids=lambda pack: pack.id)
def test_every_rule_pack_names_a_calendar_that_reads(pack: object) -> None:
    assert read_calendar(pack.office).days_off  # type: ignore[attr-defined]


def test_five_working_days_over_christmas_skip_the_feast_its_leave_and_the_new_year() -> None:
    # Tuesday 22 December 2026: 23, 28, 29, 30, 31 are worked; 24 is collective leave, 25 Christmas, then a weekend.
    start = datetime(2026, 12, 22, 2, tzinfo=UTC)
    assert due(start, parse("5 wd"), INDONESIA, JAKARTA) == datetime(2026, 12, 31, 16, tzinfo=JAKARTA)
    # The sixth: after New Year's Day, a Friday, and the weekend.
    assert due(start, parse("6 wd"), INDONESIA, JAKARTA) == datetime(2027, 1, 4, 16, tzinfo=JAKARTA)


def test_a_year_that_is_not_in_the_file_is_named_even_on_a_weekend() -> None:
    unknown = max(INDONESIA.days_off) + 1
    for day in range(1, 8):
        with pytest.raises(YearUnknown, match=f"'indonesia' has no dates for {unknown}"):
            INDONESIA.works(date(unknown, 1, day))


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("x = ", "few.toml: Invalid value"),
        ("[next]\n", r"few.toml: \[next\]: expected a year"),
        ("[2026]\n", "few.toml: 2026.national: expected a list of"),
        ("[2026]\nnational = []\n", "few.toml: 2026.national: expected a list of"),
        ('[2026]\nnational = [[2025-01-01, "x"]]\n', r"2026.national\[1\]: expected \[day of 2026, name\]"),
        ("[2026]\nnational = [[2026-01-01]]\n", r"2026.national\[1\]"),
        ('[2026]\nnational = [[2026-01-01, "x"], [2026-01-01, "y"]]\n', r"2026.national\[2\].*each day once"),
        ('[2026]\nnational = [[2026-01-01, "x"]]\n', "2026.collective_leave: expected a list of"),
    ],
)
def test_a_file_that_is_wrong_is_refused_with_its_place(tmp_path: Path, text: str, said: str) -> None:
    (tmp_path / "few.toml").write_text(text)
    with pytest.raises(CalendarInvalid, match=said):
        read_calendar(OfficeRules("few", time(16)), tmp_path)


def test_a_calendar_that_does_not_exist_is_named(tmp_path: Path) -> None:
    with pytest.raises(CalendarInvalid, match=r"calendar 'moon': there is no moon.toml"):
        read_calendar(OfficeRules("moon", time(16)), tmp_path)
