"""Kinds and routes: who must agree, who decrees, which documents; and the calendar by which the law counts."""

from dataclasses import replace
from datetime import date
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.mutation.codes import PositionKind
from domain.mutation.documents import Document
from domain.mutation.kinds import Agency, AgencyLevel, Kind, kind_of
from domain.mutation.routes import route_of
from domain.mutation.rules import ClearanceKind, DecreeOffice
from domain.mutation.states import Paper
from domain.mutation.years import months_after, years_after
from domain.terms import Term, Unit
from tests.domain.mutation.dossiers import (
    BELU,
    CLEAN,
    ELSEWHERE,
    GORONTALO,
    KUPANG,
    MINISTRY,
    MISSION,
    NTT,
    RULES,
    TODAY,
    both,
    own_request,
    side,
    to,
)

_C = ClearanceKind
OTHER_MINISTRY = replace(MINISTRY, agency_id="kemenkes")
DECREED_ELSEWHERE = [_C.TECHNICAL_CLEARANCE, _C.MUTATION_DECREE, _C.I_MUT]
AGREED = [_C.ORIGIN_CONSENT, *DECREED_ELSEWHERE]
BY_WAY_OF_THE_GOVERNOR = [_C.ORIGIN_CONSENT, _C.GOVERNOR_CONSENT, *DECREED_ELSEWHERE]
GORONTALO_PROVINCE = replace(GORONTALO, agency_id="prov-gorontalo", level=AgencyLevel.PROVINCE)


@pytest.mark.parametrize(
    ("origin", "receiving", "kind", "clearances", "decree"),
    [
        (KUPANG, KUPANG, Kind.WITHIN_AGENCY, [_C.I_MUT], DecreeOffice.APPOINTING_AUTHORITY),
        (KUPANG, BELU, Kind.WITHIN_PROVINCE, AGREED, DecreeOffice.GOVERNOR),
        (KUPANG, NTT, Kind.WITHIN_PROVINCE, AGREED, DecreeOffice.GOVERNOR),
        (KUPANG, GORONTALO, Kind.BETWEEN_PROVINCES, BY_WAY_OF_THE_GOVERNOR, DecreeOffice.HOME_MINISTER),
        (KUPANG, GORONTALO_PROVINCE, Kind.BETWEEN_PROVINCES, AGREED, DecreeOffice.HOME_MINISTER),
        (KUPANG, MINISTRY, Kind.REGION_CENTRAL, AGREED, DecreeOffice.HEAD_OF_BKN),
        (MINISTRY, KUPANG, Kind.REGION_CENTRAL, AGREED, DecreeOffice.HEAD_OF_BKN),
        (MISSION, KUPANG, Kind.REGION_CENTRAL, AGREED, DecreeOffice.HEAD_OF_BKN),
        (MINISTRY, OTHER_MINISTRY, Kind.BETWEEN_CENTRAL, AGREED, DecreeOffice.HEAD_OF_BKN),
        (KUPANG, MISSION, Kind.MISSION_ABROAD, AGREED, DecreeOffice.HEAD_OF_BKN),
    ],
)
def test_from_both_sides_follow_the_kind_the_clearances_and_who_decrees(
    origin: Agency, receiving: Agency, kind: Kind, clearances: list[ClearanceKind], decree: DecreeOffice
) -> None:
    dossier = both(side("origin", "agency"), to(receiving))(
        replace(CLEAN, origin=replace(CLEAN.origin, agency=origin))
    )
    route = route_of(dossier, RULES)
    assert (route.kind, route.decree) == (kind, decree)
    assert [one.clearance for one in route.clearances] == clearances
    assert (route.appointed_within is None) is (kind == Kind.WITHIN_AGENCY)
    assert all(one.source for one in route.clearances)
    assert route.decree_source


def test_every_two_agencies_make_one_of_the_six_kinds_and_every_kind_is_met() -> None:
    agencies = (KUPANG, BELU, NTT, GORONTALO, MINISTRY, OTHER_MINISTRY, MISSION)
    assert {kind_of(*pair) for pair in product(agencies, repeat=2)} == set(Kind)


def test_bkn_has_fifteen_days_and_the_receiving_authority_thirty_to_appoint() -> None:
    route = route_of(ELSEWHERE, RULES)
    terms = {one.clearance: one.within for one in route.clearances}
    assert terms[_C.TECHNICAL_CLEARANCE] == Term(15, Unit.WORKING_DAYS)
    assert route.appointed_within == Term(30, Unit.WORKING_DAYS)


def test_a_new_head_asks_the_home_minister_before_i_mut() -> None:
    change = both(
        side("receiving", "agency", head_since=TODAY),
        side("receiving", "post", kind=PositionKind.SUPERVISOR),
    )
    clearances = route_of(change(CLEAN), RULES).clearances
    assert [one.clearance for one in clearances] == [_C.HOME_MINISTER_CONSENT, _C.I_MUT]
    assert clearances[0].source == "UU 10/2016 Art. 71 and Art. 162"


def test_a_government_may_ask_i_mut_for_some_positions_only() -> None:
    rules = replace(RULES, i_mut_positions=(PositionKind.JPT,))
    assert route_of(CLEAN, rules).clearances == ()


@pytest.mark.parametrize("kind", PositionKind)
def test_whoever_comes_to_lead_is_inaugurated_and_nobody_else(kind: PositionKind) -> None:
    leads = kind in (PositionKind.JPT, PositionKind.ADMINISTRATOR, PositionKind.SUPERVISOR)
    post = replace(CLEAN.receiving.post, kind=kind)
    papers = route_of(replace(CLEAN, receiving=replace(CLEAN.receiving, post=post)), RULES).papers
    assert papers == tuple(paper for paper in Paper if leads or paper != Paper.INAUGURATION)


def test_an_own_request_within_the_agency_brings_an_application_and_three_recommendations() -> None:
    ordinary, own = (route_of(one, RULES).documents for one in (CLEAN, own_request(CLEAN)))
    assert set(own) - set(ordinary) == {
        Document.APPLICATION,
        Document.RECOMMENDATION_ECHELON_II,
        Document.RECOMMENDATION_ORIGIN,
        Document.RECOMMENDATION_RECEIVING,
    }
    assert set(ordinary) <= set(own)
    assert Document.INSPECTORATE_CLEARANCE in route_of(ELSEWHERE, RULES).documents


def test_an_agency_of_a_region_names_its_province() -> None:
    with pytest.raises(ValueError, match="'kab-x' is of a region and names no province"):
        Agency("kab-x", AgencyLevel.REGENCY_CITY)


@pytest.mark.parametrize(
    ("day", "months", "then"),
    [
        (date(2026, 8, 31), 6, date(2027, 2, 28)),
        (date(2027, 8, 31), 6, date(2028, 2, 29)),
        (date(2026, 3, 31), -1, date(2026, 2, 28)),
        (date(2026, 12, 15), 1, date(2027, 1, 15)),
        (date(2026, 1, 15), -1, date(2025, 12, 15)),
        (date(9998, 6, 1), 12, date(9999, 6, 1)),
        (date(9999, 6, 1), 12, date.max),
        (date(2, 1, 15), -12, date(1, 1, 15)),
        (date(1, 1, 1), -1, date.min),
    ],
)
def test_months_end_on_the_same_day_or_on_the_last_one(day: date, months: int, then: date) -> None:
    assert months_after(day, months) == then


@settings(derandomize=True)
@given(st.dates(date(1900, 1, 1), date(2100, 1, 1)), st.integers(0, 40), st.integers(0, 40))
def test_more_years_end_later_and_years_are_whole(day: date, fewer: int, more: int) -> None:
    assert (years_after(day, fewer) <= years_after(day, more)) is (fewer <= more)
    assert years_after(day, more).year == day.year + more
