"""The screening as a whole: total, calm about order, never kinder for a fault; overrides by whom the pack names."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.sentences import SENTENCES
from domain.authority import Capacity, Tenure
from domain.mutation.canonical import dossier_as_json, read_dossier
from domain.mutation.codes import Charge, Kinship, PositionKind, Rating, Tie
from domain.mutation.documents import Document
from domain.mutation.dossier import (
    Approver,
    Dossier,
    Process,
    Relation,
    StudyTie,
    YearRating,
)
from domain.mutation.findings import BITES, Effect, Rule
from domain.mutation.screening import Outcome, Override, OverrideGround, screen, weigh
from domain.roster import EmploymentKind
from tests.domain.mutation.dossiers import (
    CLEAN,
    ELSEWHERE,
    RULES,
    Change,
    both,
    own_request,
    person,
    side,
    whole,
)
from tests.domain.mutation.drawn import DOSSIERS

PPK = Approver("p-90", Capacity.APPOINTING_AUTHORITY)
SEKDA = Approver("p-80", Capacity.SEKDA)
EARLY = person(post_since=date(2025, 1, 1))
THIN = side("origin", "work", headcount=8)


def override(rule: Rule, by: Approver) -> Override:
    return Override(rule, by, OverrideGround.ORGANISATIONAL_NEED)


def outcome(dossier: Dossier, *overrides: Override) -> Outcome:
    return weigh(dossier, RULES, overrides).outcome


@settings(max_examples=60, deadline=None, derandomize=True)
@given(DOSSIERS)
def test_every_dossier_has_an_answer_of_fifteen_findings_in_order(dossier: Dossier) -> None:
    screening = screen(dossier, RULES)
    assert [one.rule for one in screening.findings] == list(Rule)
    for one in screening.findings:
        assert one.source
        assert (one.effect == Effect.PASS) is (not one.faults)
        milder = {Effect.WARN} if dossier.restores else set()
        assert one.effect in {Effect.PASS, *milder, *BITES[one.rule]}
        assert {fault.code for fault in one.faults} <= set(SENTENCES)
    weighed = weigh(dossier, RULES)
    assert weighed.screening == screening
    assert weighed.may_go_on is (not weighed.open and not screening.missing)


@settings(max_examples=25, deadline=None, derandomize=True)
@given(DOSSIERS)
def test_the_same_question_years_later_has_the_same_answer(dossier: Dossier) -> None:
    assert screen(read_dossier(dossier_as_json(dossier)), RULES) == screen(dossier, RULES)


def fault(part: str, value: object) -> Change:
    return lambda dossier: replace(
        dossier, person=replace(dossier.person, **{part: getattr(dossier.person, part) | {value}})
    )


FAULTS: dict[str, Change] = {
    "no PNS": person(employment=EmploymentKind.PPPK),
    "a bad year": fault("ratings", YearRating(2025, Rating.VERY_POOR)),
    "a process": fault("processes", Process(Charge.COURT_PROCESS)),
    "a bond": fault("ties", StudyTie(Tie.SERVICE_BOND)),
    "a relative in line": fault("relations", Relation("p-9", Kinship.SPOUSE, in_line=True)),
    "one more incumbent": lambda d: side("receiving", "post", incumbents=d.receiving.post.incumbents + 1)(d),
    "another case's reservation": lambda d: side(
        "receiving", "post", reserved_by=d.receiving.post.reserved_by | {"mutation:MU-9"}
    )(d),
    "one more required competence": lambda d: side(
        "receiving",
        "post",
        requirements=replace(
            d.receiving.post.requirements,
            competences=d.receiving.post.requirements.competences | {"never_heard_of"},
        ),
    )(d),
    "one head fewer where one leaves": lambda d: side(
        "origin", "work", headcount=max(d.origin.work.headcount - 1, 0)
    )(d),
    "an acting signer": lambda d: replace(
        d, signer=d.signer and replace(d.signer, tenure=Tenure.PLT, delegation=None)
    ),
    "the person approves": lambda d: replace(
        d, approvers=d.approvers | {Approver(d.person.person_id, Capacity.COORDINATOR)}
    ),
    "a document fewer": lambda d: replace(d, documents=d.documents - {Document.WORKLOAD_ANALYSIS}),
}


def weights(dossier: Dossier) -> list[int]:
    return [one.effect.weight for one in screen(dossier, RULES).findings]


@pytest.mark.parametrize("name", FAULTS)
@settings(max_examples=20, deadline=None, derandomize=True)
@given(dossier=DOSSIERS | st.sampled_from([CLEAN, ELSEWHERE, EARLY(CLEAN), own_request(ELSEWHERE)]))
def test_a_fault_never_makes_a_case_more_eligible(name: str, dossier: Dossier) -> None:
    dossier = replace(dossier, asked_on=date(2026, 11, 25))
    if name.startswith("one head fewer") and dossier.origin.work.unit_id == dossier.receiving.work.unit_id:
        return  # there it makes the receiving side shorter too
    worse = FAULTS[name](dossier)
    assert all(before <= after for before, after in zip(weights(dossier), weights(worse), strict=True))
    order = list(Outcome)
    assert order.index(outcome(dossier)) <= order.index(outcome(worse))


@pytest.mark.parametrize("name", FAULTS)
def test_each_fault_bites_in_a_clean_file(name: str) -> None:
    change: Callable[[Dossier], Dossier] = FAULTS[name]
    clean = side("origin", "work", headcount=9)(CLEAN)
    assert outcome(clean) == Outcome.ELIGIBLE
    assert outcome(change(clean)) != Outcome.ELIGIBLE


def test_a_clean_file_goes_on() -> None:
    for dossier in (CLEAN, ELSEWHERE):
        weighed = weigh(dossier, RULES)
        assert (weighed.outcome, weighed.open, weighed.may_go_on) == (Outcome.ELIGIBLE, (), True)


def test_flags_warnings_and_clearances_keep_no_case() -> None:
    change = both(
        person(post_since=date(2015, 1, 1), retires_on=date(2027, 1, 1)),
        side("receiving", "agency", head_since=date(2026, 11, 1)),
        side("receiving", "post", kind=PositionKind.SUPERVISOR),
    )
    screening = screen(change(CLEAN), RULES)
    biting = screening.of(Effect.FLAG, Effect.WARN, Effect.NEEDS_CLEARANCE)
    assert [one.rule for one in biting] == [Rule.M03, Rule.M12, Rule.M15]
    assert outcome(change(CLEAN)) == Outcome.ELIGIBLE


def test_an_override_by_whom_the_pack_names_lifts_its_rule_alone() -> None:
    dossier = both(EARLY, THIN)(CLEAN)
    assert outcome(dossier) == Outcome.NEEDS_OVERRIDE
    first = weigh(dossier, RULES, [override(Rule.M10, SEKDA)])
    assert (first.lifted, first.open, first.may_go_on) == ((Rule.M10,), (Rule.M02,), False)
    both_lifted = [override(Rule.M10, SEKDA), override(Rule.M02, PPK)]
    assert outcome(dossier, *both_lifted) == outcome(dossier, *reversed(both_lifted)) == Outcome.ELIGIBLE


@pytest.mark.parametrize(
    ("change", "rule", "by", "code"),
    [
        (EARLY, Rule.M02, SEKDA, "no_authority"),
        (EARLY, Rule.M02, replace(PPK, tenure=Tenure.PLT), "not_by_acting"),
        (EARLY, Rule.M02, replace(PPK, person_id="p-1"), "own_case"),
        (EARLY, Rule.M02, replace(PPK, person_id="p-2", principal_id="p-1"), "own_case"),
        (EARLY, Rule.M02, replace(PPK, person_id="p-50"), "own_proposal"),
        (
            EARLY,
            Rule.M02,
            replace(PPK, person_id="p-2", tenure=Tenure.SUBSTITUTE, written_by="p-1"),
            "own_case",
        ),
        (EARLY, Rule.M02, replace(PPK, person_id="p-60"), "two_hats"),
        (EARLY, Rule.M10, PPK, "nothing_to_override"),
        (both(own_request, EARLY), Rule.M02, PPK, "never_overridden"),
        (person(employment=EmploymentKind.PPPK), Rule.M01, PPK, "never_overridden"),
    ],
)
def test_an_override_that_does_not_stand_is_refused_with_its_reason(
    change: Change, rule: Rule, by: Approver, code: str
) -> None:
    dossier = change(CLEAN)
    wrong = override(rule, by)
    weighed = weigh(dossier, RULES, [wrong])
    assert (weighed.refused, weighed.lifted) == (((wrong, code),), ())
    assert code in SENTENCES


def test_what_is_lacking_sends_the_file_back_and_a_fault_ends_it_whatever_is_lacking() -> None:
    bare = whole(documents=frozenset(Document) - {Document.POSITION_MAP})(CLEAN)
    assert screen(bare, RULES).missing == (Document.POSITION_MAP,)
    assert outcome(bare) == Outcome.INCOMPLETE
    uncleared = person(inspectorate_cleared_on=None)(ELSEWHERE)
    assert outcome(uncleared) == Outcome.INCOMPLETE
    assert outcome(person(employment=EmploymentKind.CPNS)(bare)) == Outcome.INELIGIBLE
    assert outcome(EARLY(bare), override(Rule.M02, PPK)) == Outcome.INCOMPLETE


def test_both_units_loads_are_told_before_and_after() -> None:
    told = screen(CLEAN, RULES).changes
    assert (told.releasing.before.headcount, told.releasing.after.headcount) == (10, 9)
    assert (told.receiving.before.headcount, told.receiving.after.headcount) == (6, 7)
    assert str(told.receiving.before.grade) == "A"
    assert str(told.receiving.after.grade) == "B"
