"""The fifteen rules of eligibility, each a pure function of a dossier and the rule pack."""

from __future__ import annotations

from collections.abc import Callable

from domain.mutation import about_the_offices, about_the_person, about_the_post
from domain.mutation.dossier import Dossier
from domain.mutation.findings import Effect, Finding, Measure, Rule
from domain.mutation.rules import MutationRules

_Judge = Callable[[Dossier, MutationRules], tuple[Measure, ...]]

_JUDGES: dict[Rule, _Judge] = {
    Rule.M01: about_the_person.m01,
    Rule.M02: about_the_person.m02,
    Rule.M03: about_the_person.m03,
    Rule.M04: about_the_person.m04,
    Rule.M05: about_the_person.m05,
    Rule.M06: about_the_person.m06,
    Rule.M07: about_the_person.m07,
    Rule.M08: about_the_person.m08,
    Rule.M09: about_the_post.m09,
    Rule.M10: about_the_post.m10,
    Rule.M11: about_the_offices.m11,
    Rule.M12: about_the_offices.m12,
    Rule.M13: about_the_offices.m13,
    Rule.M14: about_the_offices.m14,
    Rule.M15: about_the_person.m15,
}


def judge(rule: Rule, dossier: Dossier, rules: MutationRules) -> Finding:
    """Return what one rule says of a dossier."""
    measures = _JUDGES[rule](dossier, rules)
    met = all(one.met for one in measures)
    effect = Effect.PASS if met else _bites(rule, dossier, rules)
    if _gives_way(rule, dossier, measures):
        effect = min(effect, Effect.WARN, key=lambda one: one.weight)
    return Finding(rule, effect, measures, rules.rules[rule].source)


_ABOUT_THE_PERSON = frozenset(
    {Rule.M01, Rule.M02, Rule.M03, Rule.M04, Rule.M05, Rule.M06, Rule.M07, Rule.M08}
)
_NO_PLACE = frozenset({"same_post", "position_taken"})


def _gives_way(rule: Rule, dossier: Dossier, measures: tuple[Measure, ...]) -> bool:
    """Whether it keeps nobody from the post that a decree took: the rules about the person, and whether they fit it.

    Often that decree is undone for breaking the very rule. That the post has a place is asked all the same.
    """
    if dossier.restores is None or dossier.own_request:
        return False
    if rule == Rule.M09:
        return not any(one.code in _NO_PLACE for one in measures if not one.met)
    return rule in _ABOUT_THE_PERSON


def _bites(rule: Rule, dossier: Dossier, rules: MutationRules) -> Effect:
    """How the rule bites here: an own wish is no need of the organisation, for which alone M02 may be overridden."""
    if rule == Rule.M02 and dossier.own_request:
        return Effect.BLOCK
    return rules.rules[rule].effect
