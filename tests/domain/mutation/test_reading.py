"""What a rule pack may say of mutation, and what is refused with its key."""

import copy
from typing import Any

import pytest

from domain.authority import Capacity
from domain.mutation.findings import BITES, Effect, Rule
from domain.mutation.kinds import Kind
from domain.mutation.rules import ClearanceKind
from domain.rules import RulePackInvalid, read
from tests.domain.mutation.dossiers import PACK, RULES


def changed(path: str, value: Any) -> dict[str, Any]:
    pack = copy.deepcopy(PACK)
    *parts, last = ("mutation." + path).split(".")
    node = pack
    for part in parts:
        node = node[part]
    node[last] = {"value": value, "source": "default"}
    return pack


@pytest.mark.parametrize(
    ("path", "value", "said"),
    [
        ("rules.M05", "OVERRIDABLE", r"mutation\.rules\.M05 must be one of BLOCK, found OVERRIDABLE"),
        ("rules.M01", "PASS", r"mutation\.rules\.M01 must be one of BLOCK, found PASS"),
        ("rules.M12", "SOMETIMES", r"mutation\.rules\.M12: 'SOMETIMES' is none of PASS, FLAG"),
        ("rules.M02", "BLOCK", r"mutation\.overrides\.M02: nobody may override this"),
        ("overrides.M05", ["SEKDA"], r"mutation\.overrides\.M05: nobody may override this"),
        ("overrides.M99", ["SEKDA"], r"mutation\.overrides\.M99: nobody may override this"),
        ("overrides.M02", [], r"mutation\.overrides\.M02 must name offices of APPOINTING_AUTHORITY, SEKDA"),
        ("overrides.M02", ["UNIT_HEAD"], r"mutation\.overrides\.M02 must name offices of"),
        ("limits.most_years_in_post", 2, r"most_years_in_post must be more than least_years_in_post \(2\)"),
        ("limits.rated_years", 0, r"mutation\.limits\.rated_years must be a whole number from 1"),
        ("limits.rating", "FINE", r"mutation\.limits\.rating: 'FINE' is none of EXCELLENT, GOOD"),
        ("limits.releasing_reserve_percent", 101, r"releasing_reserve_percent must be a whole number from 0 to 100"),
        ("freeze.positions", "JPT", r"mutation\.freeze\.positions must be a list, found 'JPT'"),
        ("routes.WITHIN_AGENCY.decree", "MAYOR", r"routes\.WITHIN_AGENCY\.decree: 'MAYOR' is none of"),
        ("documents.between_agencies", ["KTP"], r"documents\.between_agencies: 'KTP' is none of"),
        ("clearances.I_MUT", "5 days", r'mutation\.clearances\.I_MUT: expected a term like "24 h"'),
        ("deadlines.second_signature", "9 wd", r'mutation\.deadlines\.second_signature must be like "4 h" or "15 d"'),
        ("deadlines.decision", "0 wd", r"mutation\.deadlines\.decision: expected one working day or more"),
    ],
)  # fmt: skip
def test_what_a_pack_may_not_say_is_refused_with_its_key(path: str, value: Any, said: str) -> None:
    with pytest.raises(RulePackInvalid, match=said):
        read(changed(path, value))


def test_clearances_are_asked_for_in_the_order_of_the_procedure_whatever_the_pack_writes() -> None:
    rules = read(
        changed("routes.REGION_CENTRAL.clearances", ["TECHNICAL_CLEARANCE", "ORIGIN_CONSENT"])
    ).mutation
    assert rules.routes[Kind.REGION_CENTRAL].clearances == (
        ClearanceKind.ORIGIN_CONSENT,
        ClearanceKind.TECHNICAL_CLEARANCE,
    )


def test_a_government_may_be_stricter() -> None:
    pack = changed("rules.M10", "BLOCK")
    del pack["mutation"]["overrides"]["M10"]
    rules = read(pack).mutation.rules
    assert (rules[Rule.M10].effect, rules[Rule.M10].overridden_by) == (Effect.BLOCK, ())


def test_only_what_the_organisation_may_need_can_be_overridden() -> None:
    assert {rule for rule, effects in BITES.items() if Effect.OVERRIDABLE in effects} == {Rule.M02, Rule.M10}
    assert RULES.rules[Rule.M02].overridden_by == (Capacity.APPOINTING_AUTHORITY,)
    assert RULES.rules[Rule.M10].overridden_by == (Capacity.APPOINTING_AUTHORITY, Capacity.SEKDA)
