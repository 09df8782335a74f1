"""The fifteen rules: each passes, bites in each of its ways, and turns on the very day or number."""

import ast
from dataclasses import replace
from datetime import date

import pytest

from app.sentences import SENTENCES
from domain.authority import Capacity, Tenure
from domain.mutation.codes import Charge, Education, Grade, Kinship, PositionKind, Rating, Tie
from domain.mutation.dossier import (
    Approver,
    Dossier,
    Process,
    Relation,
    Signer,
    StudyTie,
    YearRating,
)
from domain.mutation.eligibility import judge
from domain.mutation.findings import BITES, MET, Effect, Rule
from domain.mutation.kinds import Election
from domain.roster import EmploymentKind
from tests.domain.mutation.dossiers import (
    CLEAN,
    ELSEWHERE,
    JOINED,
    MINISTRY,
    PERSON,
    RULES,
    TODAY,
    Change,
    both,
    own_request,
    person,
    requires,
    side,
    to,
    whole,
)
from tests.house.source import ROOT


def rated(**years: Rating) -> Change:
    return person(ratings=frozenset(YearRating(int(year[1:]), rating) for year, rating in years.items()))


def freeze(
    candidates_on: date = date(2026, 9, 22),
    term_ends: date = date(2027, 2, 20),
    kind: PositionKind = PositionKind.SUPERVISOR,
    *,
    heads_unit: bool = False,
) -> Change:
    election = frozenset({Election(candidates_on, term_ends)})
    return both(
        side("receiving", "agency", elections=election),
        side("receiving", "post", kind=kind, heads_unit=heads_unit),
    )


def new_head(since: date) -> Change:
    return both(
        side("origin", "agency", head_since=since), side("origin", "post", kind=PositionKind.ADMINISTRATOR)
    )


def also(*approvers: Approver) -> Change:
    return lambda dossier: replace(dossier, approvers=dossier.approvers | set(approvers))


def same(dossier: Dossier) -> Dossier:
    return dossier


RELATIVE = Relation("p-80", Kinship.RELATIVE, in_line=False)
IN_LINE = Relation("p-3", Kinship.SPOUSE, in_line=True)
SPARE = side("origin", "work", headcount=9)

PASSES: list[tuple[Rule, str, Dossier, Change]] = [
    *((rule, "a clean file", CLEAN, same) for rule in Rule),
    *((rule, "a clean file to another agency", ELSEWHERE, same) for rule in Rule),
    (Rule.M02, "two years to the day", CLEAN, person(post_since=date(2024, 11, 25))),
    (Rule.M02, "since a leap day, on the last of February", CLEAN,
     both(person(post_since=date(2024, 2, 29)), whole(asked_on=date(2026, 2, 28)))),
    (Rule.M03, "five years to the day", CLEAN, person(post_since=date(2021, 11, 25))),
    (Rule.M04, "older years do not count", CLEAN,
     rated(y2023=Rating.VERY_POOR, y2024=Rating.GOOD, y2025=Rating.GOOD)),
    (Rule.M04, "nor does the year that is not over", CLEAN,
     rated(y2024=Rating.GOOD, y2025=Rating.GOOD, y2026=Rating.POOR)),
    (Rule.M05, "a sanction that ended yesterday", CLEAN,
     person(processes=frozenset({Process(Charge.DISCIPLINARY_SANCTION, date(2026, 11, 24))}))),
    (Rule.M06, "a bond that ended yesterday", CLEAN,
     person(ties=frozenset({StudyTie(Tie.SERVICE_BOND, date(2026, 11, 24))}))),
    (Rule.M07, "cleared six months ago to the day", ELSEWHERE,
     person(inspectorate_cleared_on=date(2026, 5, 25))),
    (Rule.M07, "cleared today", ELSEWHERE, person(inspectorate_cleared_on=TODAY)),
    (Rule.M07, "within the agency it is not asked for", CLEAN, person(inspectorate_cleared_on=None)),
    (Rule.M08, "ten years to the day", ELSEWHERE, both(own_request, person(pns_since=date(2016, 11, 25)))),
    (Rule.M08, "within the agency anybody may ask", CLEAN, both(own_request, person(pns_since=date(2025, 3, 1)))),
    (Rule.M08, "the organisation may move whom it needs", ELSEWHERE, person(pns_since=date(2025, 3, 1))),
    (Rule.M09, "reserved by this very case", CLEAN,
     side("receiving", "post", reserved_by=frozenset({"mutation:MU-1"}))),
    (Rule.M09, "full, and its holder leaves by the same decree", CLEAN,
     side("receiving", "post", incumbents=4, vacated_by=frozenset({"mutation:MU-2"}))),
    (Rule.M09, "two classes higher", CLEAN, side("receiving", "post", job_class=9)),
    (Rule.M09, "one step up the ladder", CLEAN, side("receiving", "post", kind=PositionKind.SUPERVISOR)),
    (Rule.M09, "one step down from the third", CLEAN,
     both(side("origin", "post", kind=PositionKind.ADMINISTRATOR),
          side("receiving", "post", kind=PositionKind.SUPERVISOR))),
    (Rule.M09, "a functional post stands on no step", CLEAN,
     both(side("origin", "post", kind=PositionKind.FUNCTIONAL), side("receiving", "post", kind=PositionKind.JPT))),
    (Rule.M09, "D4 counts as S1", CLEAN, both(person(education=Education.D4), requires(education=Education.S1))),
    (Rule.M09, "the very grade at each end", CLEAN,
     requires(lowest_grade=Grade.III_B, highest_grade=Grade.III_B)),
    (Rule.M10, "short by a part of one person", CLEAN, side("receiving", "work", minutes=JOINED.work.minutes - 37_499)),
    (Rule.M10, "the last whom the releasing unit can spare", CLEAN, SPARE),
    (Rule.M10, "both within one role of a unit", CLEAN,
     whole(receiving=replace(CLEAN.receiving, work=CLEAN.origin.work))),
    (Rule.M10, "a swap takes nobody from either", CLEAN,
     both(side("origin", "work", headcount=8, by_same_decree=1), side("receiving", "work", by_same_decree=-1))),
    (Rule.M10, "a swap of a unit that is short with one that is not", CLEAN,
     both(side("origin", "work", headcount=5, by_same_decree=1),
          side("receiving", "work", headcount=50, by_same_decree=-1))),
    (Rule.M10, "a swap with a unit that was never measured", CLEAN,
     side("receiving", "work", minutes=None, by_same_decree=-1)),
    (Rule.M11, "a relative elsewhere in service", CLEAN,
     person(relations=frozenset({Relation("p-4", Kinship.RELATIVE, in_line=False)}))),
    (Rule.M12, "the day before the freeze begins", CLEAN, freeze(candidates_on=date(2027, 5, 26))),
    (Rule.M12, "the day after the term ended", CLEAN, freeze(term_ends=date(2026, 11, 24))),
    (Rule.M12, "an ordinary position", CLEAN, freeze(kind=PositionKind.GENERAL)),
    (Rule.M12, "functional staff who head no unit", CLEAN, freeze(kind=PositionKind.FUNCTIONAL)),
    (Rule.M12, "six months after the new head's oath to the day", CLEAN, new_head(date(2026, 5, 25))),
    (Rule.M12, "the centre elects no head", CLEAN, both(freeze(), to(MINISTRY))),
    (Rule.M13, "a delegate with a writ", CLEAN, whole(signer=Signer("p-90", Tenure.SUBSTITUTE, "m-1"))),
    (Rule.M15, "retires a day after the months are over", CLEAN, person(retires_on=date(2027, 11, 26))),
    (Rule.M15, "leave that ended yesterday", CLEAN, person(unpaid_leave_until=date(2026, 11, 24))),
]  # fmt: skip

B, O = Effect.BLOCK, Effect.OVERRIDABLE  # noqa: E741
BITING: list[tuple[Rule, str, Dossier, Change, Effect, str]] = [
    *((Rule.M01, kind, CLEAN, person(employment=kind), B, "not_pns")
      for kind in (EmploymentKind.CPNS, EmploymentKind.PPPK)),
    (Rule.M02, "a day too early", CLEAN, person(post_since=date(2024, 11, 26)), O, "too_short_in_post"),
    (Rule.M02, "since when is not known", CLEAN, person(post_since=None), O, "too_short_in_post"),
    (Rule.M02, "for an own request nobody overrides it", CLEAN,
     both(own_request, person(post_since=date(2024, 11, 26))), B, "too_short_in_post"),
    (Rule.M03, "five years and a day", CLEAN, person(post_since=date(2021, 11, 24)), Effect.FLAG, "too_long_in_post"),
    (Rule.M03, "since when is not known", CLEAN, person(post_since=None), Effect.FLAG, "too_long_in_post"),
    (Rule.M04, "last year", CLEAN, rated(y2024=Rating.GOOD, y2025=Rating.NEEDS_IMPROVEMENT), B, "rating_too_low"),
    (Rule.M04, "the year before", CLEAN, rated(y2024=Rating.POOR, y2025=Rating.GOOD), B, "rating_too_low"),
    (Rule.M04, "not rated", CLEAN, rated(y2025=Rating.GOOD), B, "rating_missing"),
    (Rule.M04, "rated twice, the worse counts", CLEAN,
     person(ratings=PERSON.ratings | {YearRating(2025, Rating.VERY_POOR)}), B, "rating_too_low"),
    *((Rule.M05, charge, CLEAN, person(processes=frozenset({Process(charge)})), B, "process_open")
      for charge in Charge),
    (Rule.M05, "a sanction on its last day", CLEAN,
     person(processes=frozenset({Process(Charge.DISCIPLINARY_SANCTION, TODAY)})), B, "process_open"),
    *((Rule.M06, tie, CLEAN, person(ties=frozenset({StudyTie(tie)})), B, "bound_by_study") for tie in Tie),
    (Rule.M06, "a bond on its last day", CLEAN,
     person(ties=frozenset({StudyTie(Tie.SERVICE_BOND, TODAY)})), B, "bound_by_study"),
    (Rule.M07, "not cleared", ELSEWHERE, person(inspectorate_cleared_on=None), B, "not_cleared_by_inspectorate"),
    (Rule.M07, "cleared tomorrow", ELSEWHERE,
     person(inspectorate_cleared_on=date(2026, 11, 26)), B, "not_cleared_by_inspectorate"),
    (Rule.M07, "cleared a day too long ago", ELSEWHERE,
     person(inspectorate_cleared_on=date(2026, 5, 24)), B, "inspectorate_clearance_too_old"),
    (Rule.M08, "a day too early", ELSEWHERE,
     both(own_request, person(pns_since=date(2016, 11, 26))), B, "deemed_to_resign"),
    (Rule.M08, "since when is not known", ELSEWHERE,
     both(own_request, person(pns_since=None)), B, "deemed_to_resign"),
    (Rule.M09, "the same post", CLEAN, side("receiving", "post", position_id="post-1"), B, "same_post"),
    (Rule.M09, "no place left", CLEAN, side("receiving", "post", incumbents=4), B, "position_taken"),
    (Rule.M09, "the last place reserved", CLEAN,
     side("receiving", "post", reserved_by=frozenset({"mutation:MU-2"})), B, "position_taken"),
    (Rule.M09, "education", CLEAN, requires(education=Education.S2), B, "education_too_low"),
    (Rule.M09, "education not known", CLEAN, person(education=None), B, "education_too_low"),
    (Rule.M09, "competence", CLEAN, requires(competences=frozenset({"first_aid"})), B, "competence_missing"),
    (Rule.M09, "grade too low", CLEAN, requires(lowest_grade=Grade.III_C), B, "grade_too_low"),
    (Rule.M09, "grade too high", CLEAN, requires(highest_grade=Grade.III_A), B, "grade_too_high"),
    (Rule.M09, "grade not known", CLEAN, person(grade=None), B, "grade_too_low"),
    (Rule.M09, "three classes higher", CLEAN, side("receiving", "post", job_class=10), B, "class_too_far"),
    (Rule.M09, "three classes lower", CLEAN, side("receiving", "post", job_class=4), B, "class_too_far"),
    (Rule.M09, "two steps up", CLEAN,
     side("receiving", "post", kind=PositionKind.ADMINISTRATOR), B, "ladder_step_too_wide"),
    (Rule.M10, "the receiving unit has just whom it needs", CLEAN,
     side("receiving", "work", minutes=JOINED.work.minutes - 37_500), O, "receiving_not_short"),
    (Rule.M10, "its work was never measured", CLEAN, side("receiving", "work", minutes=None), O, "receiving_not_short"),
    (Rule.M10, "the releasing unit would fall below", CLEAN,
     side("origin", "work", headcount=8), O, "releasing_below_need"),
    (Rule.M10, "the minimum service stands above the need", CLEAN,
     side("origin", "work", minimum=10), O, "releasing_below_need"),
    (Rule.M10, "unmeasured is not idle", CLEAN, side("origin", "work", minutes=None), O, "releasing_below_need"),
    (Rule.M10, "nobody is there to leave", CLEAN,
     side("origin", "work", minutes=None, headcount=0), O, "releasing_below_need"),
    (Rule.M11, "in line", CLEAN, person(relations=frozenset({IN_LINE})), B, "relative_in_line"),
    (Rule.M11, "one who approves", CLEAN, person(relations=frozenset({RELATIVE})), B, "relative_decides"),
    (Rule.M11, "the one who signs", CLEAN,
     both(whole(approvers=frozenset()), person(relations=frozenset({replace(RELATIVE, person_id="p-90")}))),
     B, "relative_decides"),
    (Rule.M11, "the holder for whom one approves", CLEAN,
     both(also(Approver("p-81", Capacity.COORDINATOR, tenure=Tenure.PLH, principal_id="p-4")),
          person(relations=frozenset({replace(RELATIVE, person_id="p-4")}))), B, "relative_decides"),
    (Rule.M12, "on its first day", CLEAN,
     freeze(candidates_on=date(2027, 5, 25)), Effect.NEEDS_CLEARANCE, "election_freeze"),
    (Rule.M12, "on the term's last day", CLEAN, freeze(term_ends=TODAY), Effect.NEEDS_CLEARANCE, "election_freeze"),
    (Rule.M12, "functional staff who head a unit", CLEAN,
     freeze(kind=PositionKind.FUNCTIONAL, heads_unit=True), Effect.NEEDS_CLEARANCE, "election_freeze"),
    (Rule.M12, "a new head, a day before the six months are over", CLEAN,
     new_head(date(2026, 5, 26)), Effect.NEEDS_CLEARANCE, "new_head"),
    (Rule.M12, "on the day of the oath", CLEAN, new_head(TODAY), Effect.NEEDS_CLEARANCE, "new_head"),
    (Rule.M13, "nobody", CLEAN, whole(signer=None), B, "nobody_signs"),
    *((Rule.M13, tenure, CLEAN, whole(signer=Signer("p-90", tenure, "m-1")), B, "not_by_acting")
      for tenure in (Tenure.PLH, Tenure.PLT)),
    (Rule.M13, "a delegate without a writ", CLEAN,
     whole(signer=Signer("p-90", Tenure.SUBSTITUTE)), B, "delegation_missing"),
    (Rule.M14, "approves the own case", CLEAN, also(Approver("p-1", Capacity.COORDINATOR)), B, "own_case"),
    (Rule.M14, "somebody approves for the person", CLEAN,
     also(Approver("p-2", Capacity.COORDINATOR, tenure=Tenure.PLH, principal_id="p-1")), B, "own_case"),
    (Rule.M14, "signs the own decree", CLEAN, whole(signer=Signer("p-1", Tenure.DEFINITIVE)), B, "own_case"),
    (Rule.M14, "approves the own proposal", CLEAN, also(Approver("p-50", Capacity.COORDINATOR)), B, "own_proposal"),
    (Rule.M14, "one for two offices", CLEAN, also(Approver("p-60", Capacity.COORDINATOR)), B, "two_hats"),
    (Rule.M14, "one for the heads of both units", CLEAN,
     also(Approver("p-60", Capacity.UNIT_HEAD, "unit-2")), B, "two_hats"),
    (Rule.M14, "one in person, and in another office by a substitute", CLEAN,
     also(Approver("p-2", Capacity.COORDINATOR, tenure=Tenure.SUBSTITUTE, principal_id="p-60")), B, "two_hats"),
    (Rule.M15, "retires when the months are over", CLEAN,
     person(retires_on=date(2027, 11, 25)), Effect.WARN, "retires_soon"),
    (Rule.M15, "when is not known", CLEAN, person(retires_on=None), Effect.WARN, "retires_soon"),
    (Rule.M15, "on unpaid leave until tonight", CLEAN,
     person(unpaid_leave_until=TODAY), Effect.WARN, "on_unpaid_leave"),
]  # fmt: skip


def told(one: object) -> str:
    """A parameter in a test's name; a dossier or a change is not told, since its facts have no order."""
    return one[:40] if isinstance(one, str) else ""


@pytest.mark.parametrize(("rule", "why", "dossier", "change"), PASSES, ids=told)
def test_a_rule_passes(rule: Rule, why: str, dossier: Dossier, change: Change) -> None:
    finding = judge(rule, change(dossier), RULES)
    assert (finding.effect, finding.reason, finding.faults) == (Effect.PASS, MET, ()), why


@pytest.mark.parametrize(("rule", "why", "dossier", "change", "effect", "reason"), BITING, ids=told)
def test_a_rule_bites(
    rule: Rule, why: str, dossier: Dossier, change: Change, effect: Effect, reason: str
) -> None:
    finding = judge(rule, change(dossier), RULES)
    assert (finding.effect, finding.reason) == (effect, reason), why
    assert finding.source == RULES.rules[rule].source


def test_every_rule_is_shown_biting_and_passing_on_an_edge() -> None:
    assert {row[0] for row in BITING} == set(Rule)
    assert {row[0] for row in PASSES} == set(Rule)


def test_the_codes_of_domain_are_there_in_order_each_with_a_source() -> None:
    assert [rule.value for rule in Rule] == [f"M{n:02}" for n in range(1, 16)]
    assert all(RULES.rules[rule].source for rule in Rule)
    assert set(BITES) == set(Rule)


def test_every_number_stands_beside_what_was_needed() -> None:
    short = judge(Rule.M02, person(post_since=date(2025, 1, 1))(CLEAN), RULES).faults[0]
    assert (short.have, short.needed) == ("2026-11-25", "2027-01-01")
    below = judge(Rule.M10, side("origin", "work", headcount=8)(CLEAN), RULES).faults[0]
    assert (below.about, below.have, below.needed) == ("unit-1", 7, 8)
    enough = judge(Rule.M10, side("receiving", "work", headcount=7)(CLEAN), RULES).faults[0]
    assert (enough.about, enough.have, enough.needed) == ("unit-2", 7, "13/2")
    charged = judge(Rule.M05, person(processes=frozenset(map(Process, Charge)))(CLEAN), RULES).faults[0]
    assert charged.have == "COURT_PROCESS,DISCIPLINARY_PROCESS,DISCIPLINARY_SANCTION"
    tied = judge(Rule.M06, person(ties=frozenset({StudyTie(Tie.STUDY_LEAVE)}))(CLEAN), RULES).faults[0]
    assert tied.have == "STUDY_LEAVE"
    leave = judge(Rule.M15, person(unpaid_leave_until=date(2027, 1, 1))(CLEAN), RULES).faults[0]
    assert (leave.have, leave.needed) == ("2027-01-01", "2026-11-25")
    rating = judge(Rule.M04, rated(y2024=Rating.POOR, y2025=Rating.GOOD)(CLEAN), RULES).faults[0]
    assert (rating.about, rating.have, rating.needed) == (2024, "POOR", "GOOD")


def test_what_is_not_known_is_told_apart_from_what_is_wrong() -> None:
    assert judge(Rule.M04, rated(y2025=Rating.GOOD)(CLEAN), RULES).lacking
    assert not judge(Rule.M04, rated(y2025=Rating.POOR)(CLEAN), RULES).lacking
    assert not judge(Rule.M04, CLEAN, RULES).lacking
    assert judge(Rule.M13, whole(signer=Signer("p-90", Tenure.SUBSTITUTE))(CLEAN), RULES).lacking
    assert not judge(Rule.M13, whole(signer=None)(CLEAN), RULES).lacking


def test_a_freeze_holds_the_posts_of_its_own_agency_alone() -> None:
    ours = side("origin", "agency", elections=frozenset({Election(date(2026, 9, 22), date(2027, 2, 20))}))
    theirs = side("receiving", "post", kind=PositionKind.SUPERVISOR)
    assert judge(Rule.M12, both(ours, theirs)(ELSEWHERE), RULES).effect == Effect.PASS
    assert judge(Rule.M12, both(ours, theirs)(CLEAN), RULES).effect == Effect.PASS
    left = side("origin", "post", kind=PositionKind.SUPERVISOR)
    assert judge(Rule.M12, both(ours, left)(ELSEWHERE), RULES).effect == Effect.NEEDS_CLEARANCE


def test_every_code_of_a_finding_has_a_sentence() -> None:
    files = sorted((ROOT / "domain" / "mutation").glob("about_the_*.py"))
    files += [ROOT / "domain" / "mutation" / f"{name}.py" for name in ("freezes", "screening")]
    said = {
        node.args[0].value
        for path in files
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
        and getattr(node.func, "id", "") in ("Measure", "_from_when", "Freeze")
        and node.args
        and isinstance(node.args[0], ast.Constant)
    }
    assert {"election_freeze", "too_short_in_post", "two_hats"} <= said
    assert said | {MET} <= set(SENTENCES)


LEAST = person(
    employment=EmploymentKind.PPPK,
    post_since=TODAY,
    pns_since=None,
    grade=None,
    ratings=frozenset(),
    processes=frozenset({Process(Charge.COURT_PROCESS)}),
    ties=frozenset({StudyTie(Tie.SERVICE_BOND)}),
    inspectorate_cleared_on=None,
    relations=frozenset({Relation("p-4", Kinship.SPOUSE, in_line=True)}),
)
"""Nothing about the person is as it should be."""


def test_whoever_goes_home_by_another_decree_is_kept_from_it_by_no_rule_about_the_person() -> None:
    there = both(LEAST, requires(lowest_grade=Grade.III_B), side("receiving", "post", job_class=12))(
        ELSEWHERE
    )
    home = replace(there, restores="mutation:MU-1")
    about = [Rule.M01, Rule.M02, Rule.M04, Rule.M05, Rule.M06, Rule.M07, Rule.M09]
    for rule in about:
        assert judge(rule, there, RULES).effect in (Effect.BLOCK, Effect.OVERRIDABLE), rule
        assert judge(rule, home, RULES).effect == Effect.WARN, rule
        assert judge(rule, home, RULES).faults == judge(rule, there, RULES).faults
        assert judge(rule, own_request(home), RULES).effect == Effect.BLOCK, "nobody undoes by the own wish"
    assert judge(Rule.M03, person(post_since=None)(home), RULES).effect == Effect.FLAG
    assert judge(Rule.M11, home, RULES).effect == Effect.BLOCK
    full = side("receiving", "post", incumbents=99)(home)
    assert judge(Rule.M09, full, RULES).effect == Effect.BLOCK
