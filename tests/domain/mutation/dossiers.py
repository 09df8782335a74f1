"""Dossiers to ask the rules about: two that nothing speaks against, and ways to put a fault into one."""

import tomllib
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from fractions import Fraction
from typing import Any

from domain.authority import Capacity, Tenure
from domain.mutation.codes import Education, Grade, PositionKind, Rating
from domain.mutation.documents import Document
from domain.mutation.dossier import (
    Approver,
    Dossier,
    Person,
    Post,
    Requirements,
    Side,
    Signer,
    Work,
    YearRating,
)
from domain.mutation.kinds import Agency, AgencyLevel, Initiative
from domain.roster import EmploymentKind, Role
from domain.rules import read
from runtime.settings import ROOT

PACK = tomllib.loads(max((ROOT / "rules").glob("*.toml")).read_text())
RULES = read(PACK).mutation
TODAY = date(2026, 11, 25)

KUPANG = Agency("kota-kupang", AgencyLevel.REGENCY_CITY, "53")
BELU = Agency("kab-belu", AgencyLevel.REGENCY_CITY, "53")
NTT = Agency("prov-ntt", AgencyLevel.PROVINCE, "53")
GORONTALO = Agency("kota-gorontalo", AgencyLevel.REGENCY_CITY, "75")
MINISTRY = Agency("kemensos", AgencyLevel.CENTRAL)
MISSION = Agency("kbri-dili", AgencyLevel.MISSION)

PERSON = Person(
    "p-1",
    EmploymentKind.PNS,
    pns_since=date(2010, 3, 1),
    post_since=date(2023, 1, 2),
    grade=Grade.III_B,
    education=Education.S1,
    competences=frozenset({"nursing_str", "data_collection"}),
    ratings=frozenset({YearRating(2024, Rating.GOOD), YearRating(2025, Rating.EXCELLENT)}),
    inspectorate_cleared_on=date(2026, 10, 1),
    retires_on=date(2045, 1, 1),
)
LEFT = Side(
    KUPANG,
    Post("post-1", "unit-1", PositionKind.GENERAL, 7, heads_unit=False, need=3, incumbents=3),
    Work("unit-1", Role.NURSE, Fraction(600_000), 10),
)
JOINED = Side(
    KUPANG,
    Post(
        "post-2",
        "unit-2",
        PositionKind.GENERAL,
        8,
        heads_unit=False,
        need=4,
        incumbents=3,
        requirements=Requirements(
            Education.D3, frozenset({"nursing_str"}), lowest_grade=Grade.II_C, highest_grade=Grade.III_D
        ),
    ),
    Work("unit-2", Role.NURSE, Fraction(487_500), 6),
)
CLEAN = Dossier(
    "mutation:MU-1",
    TODAY,
    Initiative.ORGANISATION,
    "p-50",
    PERSON,
    LEFT,
    JOINED,
    Signer("p-90", Tenure.DEFINITIVE),
    frozenset(
        {
            Approver("p-60", Capacity.UNIT_HEAD, "unit-1"),
            Approver("p-70", Capacity.UNIT_HEAD, "unit-2"),
            Approver("p-80", Capacity.SEKDA),
            Approver("p-90", Capacity.APPOINTING_AUTHORITY),
        }
    ),
    frozenset(Document),
)

Change = Callable[[Dossier], Dossier]


def person(**facts: Any) -> Change:
    """Other facts of the person."""
    return lambda dossier: replace(dossier, person=replace(dossier.person, **facts))


def whole(**facts: Any) -> Change:
    """Other facts of the dossier itself."""
    return lambda dossier: replace(dossier, **facts)


def side(name: str, part: str, **facts: Any) -> Change:
    """Other facts of a part of one side, `origin` or `receiving`."""

    def change(dossier: Dossier) -> Dossier:
        old: Side = getattr(dossier, name)
        return replace(dossier, **{name: replace(old, **{part: replace(getattr(old, part), **facts)})})

    return change


def to(agency: Agency) -> Change:
    """To another agency."""
    return lambda dossier: replace(dossier, receiving=replace(dossier.receiving, agency=agency))


def requires(**asked: Any) -> Change:
    """The new post asks for something else."""
    return side("receiving", "post", requirements=replace(JOINED.post.requirements, **asked))


def both(*changes: Change) -> Change:
    """One after the other."""

    def change(dossier: Dossier) -> Dossier:
        for one in changes:
            dossier = one(dossier)
        return dossier

    return change


own_request = whole(initiative=Initiative.OWN_REQUEST, proposer_id="p-1")
ELSEWHERE = to(BELU)(CLEAN)
"""To another regency of the province; nothing speaks against it either."""
