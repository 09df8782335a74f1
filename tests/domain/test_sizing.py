"""The request template: figures times ratios."""

import tomllib
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.sizing import Figures, Ratio, SizingRatios, SurgeRole, draft_lines

GORONTALO = Figures(displaced=7_486, shelters=59, kelurahan=47, days=14)


def quantities(figures: Figures, ratios: SizingRatios | None = None) -> dict[SurgeRole, int]:
    return {line.role: line.quantity for line in draft_lines(figures, ratios)}


def test_the_worked_size_of_gorontalo_2024_comes_out() -> None:
    asked = quantities(GORONTALO)
    assert 94 <= asked[SurgeRole.FIELD_KITCHEN] <= 125
    assert asked[SurgeRole.SHELTER_MANAGER] == 236
    assert asked[SurgeRole.HEALTH_POST_NURSE] == 22 * 2
    assert asked[SurgeRole.DATA_OFFICER] == 94


def test_a_flood_that_outlasts_one_posting_is_asked_for_in_waves() -> None:
    lines = draft_lines(replace(GORONTALO, days=31))
    kitchen = [line for line in lines if line.role is SurgeRole.FIELD_KITCHEN]
    assert [(line.wave, line.start_day, line.days) for line in kitchen] == [
        (1, 0, 11),
        (2, 11, 10),
        (3, 21, 10),
    ]
    assert len({line.quantity for line in kitchen}) == 1


def test_a_role_that_needs_nobody_is_not_asked_for() -> None:
    assert quantities(Figures(displaced=0, shelters=0, kelurahan=3, days=2)) == {
        SurgeRole.DATA_OFFICER: 6,
        SurgeRole.RAPID_ASSESSMENT: 4,
    }


def test_another_rule_pack_asks_for_other_numbers() -> None:
    ratios = SizingRatios.of({"portions_per_kitchen_worker": 120.0}, "kota")
    line = next(line for line in draft_lines(GORONTALO, ratios) if line.role is SurgeRole.FIELD_KITCHEN)
    assert line.quantity == 125
    assert line.source == "kota"
    assert line.basis == "7486 pengungsi × 2 porsi ÷ 120 porsi per orang"


def test_a_ratio_that_nobody_knows_is_refused() -> None:
    with pytest.raises(ValueError, match="no such ratio: cooks"):
        SizingRatios.of({"cooks": 3}, "kota")


def test_the_ratios_of_the_shipped_rule_pack_are_known() -> None:
    packs = sorted((Path(__file__).parents[2] / "rules").glob("*.toml"))
    assert packs
    for pack in packs:
        sizing = tomllib.loads(pack.read_text(encoding="utf-8"))["surge"]["sizing"]
        ratios = SizingRatios.of({name: entry["value"] for name, entry in sizing.items()}, pack.stem)
        assert quantities(GORONTALO, ratios)[SurgeRole.SHELTER_MANAGER] > 0


def test_decimals_are_written_with_a_comma() -> None:
    line = next(line for line in draft_lines(GORONTALO) if line.role is SurgeRole.HEALTH_POST_NURSE)
    assert "÷ 2,7 = 22 pos" in line.basis


@pytest.mark.parametrize("figures", [(-1, 0, 0, 1), (0, -1, 0, 1), (0, 0, -1, 1), (0, 0, 0, 0)])
def test_impossible_figures_are_refused(figures: tuple[int, int, int, int]) -> None:
    with pytest.raises(ValueError, match="must"):
        Figures(*figures)


def test_a_ratio_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="positive"):
        Ratio(Fraction(0), "x")


@given(st.integers(0, 50_000), st.integers(0, 300), st.integers(0, 51), st.integers(1, 400))
def test_waves_cover_every_day_once_and_none_outlasts_a_posting(d: int, s: int, k: int, days: int) -> None:
    lines = draft_lines(Figures(d, s, k, days))
    for role in {line.role for line in lines}:
        waves = [line for line in lines if line.role is role]
        assert [line.start_day for line in waves[1:]] == [line.start_day + line.days for line in waves[:-1]]
        assert sum(line.days for line in waves) == days
        assert max(line.days for line in waves) <= 14


@given(st.integers(0, 50_000), st.integers(0, 300), st.integers(0, 51))
def test_worse_figures_never_ask_for_fewer_people(d: int, s: int, k: int) -> None:
    less, more = (
        quantities(Figures(d, s, k, 14)),
        quantities(Figures(d + 1, s + 1, k + 1, 14)),
    )
    assert all(more[role] >= count for role, count in less.items())
