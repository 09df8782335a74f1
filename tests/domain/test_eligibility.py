"""Whether somebody may serve a line: plainly, in a way that it takes where it must, or not at all."""

from dataclasses import replace

import pytest

from app.wiring import in_force, rule_packs
from domain.eligibility import Able, may_serve
from domain.requests import Substitute

RULES = in_force(rule_packs())
ROLE = "health_post_nurse"
ASKED = RULES.roles[ROLE]
OTHER = next(name for name, rule in RULES.roles.items() if rule.skill != ASKED.skill)
NURSE = Able("nurse", {ASKED.skill: ASKED.level})
MIDWIFE = Able("midwife", {"midwifery_str": 2})


@pytest.mark.parametrize(
    ("who", "substitutes", "may"),
    [
        (NURSE, (), True),
        (replace(NURSE, skills={ASKED.skill: ASKED.level + 1}), (), True),
        (replace(NURSE, skills={ASKED.skill: ASKED.level - 1}), (), False),
        (replace(NURSE, skills={}), (), False),
        (replace(NURSE, exempt=True), (), False),
        (MIDWIFE, (), False),
        (MIDWIFE, (Substitute(30, skill="midwifery_str", level=2),), True),
        (MIDWIFE, (Substitute(30, skill="midwifery_str", level=3),), False),
        (MIDWIFE, (Substitute(30, home_role="midwife"),), True),
        (MIDWIFE, (Substitute(30, home_role="doctor"), Substitute(30, skill="driving")), False),
        (MIDWIFE, (Substitute(30, skill="midwifery_str", level=2, home_role="doctor"),), False),
        (Able("any", {RULES.roles[OTHER].skill: 3}), (Substitute(30, role=OTHER),), True),
        (replace(MIDWIFE, exempt=True), (Substitute(30, home_role="midwife"),), False),
    ],
)
def test_who_may_serve(who: Able, substitutes: tuple[Substitute, ...], *, may: bool) -> None:
    assert may_serve(who, ROLE, substitutes, RULES) is may
