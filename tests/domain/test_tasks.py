"""Tasks: the verdicts of each kind, and who may claim, hand on, write and erase."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from domain.authority import Actor, Appointment, Capacity, CaseFacts, Denied, Granted, Tenure
from domain.commands import STARTS, CommandKind
from domain.moves import TaskKind
from domain.sight import sees_task
from domain.tasks import (
    Claim,
    Task,
    may_claim,
    may_erase,
    may_take_over,
    may_unclaim,
    may_work,
    may_write,
    open_to,
)
from domain.verdicts import BY_NAME, DECIDES, TERM_OF, Verdict, asking_for, verdicts
from domain.who_may import MAY

NOW = datetime(2027, 2, 3, tzinfo=UTC)
UNIT, OTHER_UNIT = "kota.DINKES", "kota.DINSOS"
CASE = CaseFacts("kota", subject_id="subject", home_unit_id=UNIT)
RELEASE = Task(
    "t", "kota", "secondment:p", TaskKind.DECIDE_RELEASE, None, Capacity.UNIT_HEAD, UNIT, open=True
)
CHECK_IN = replace(RELEASE, kind=TaskKind.CHECK_IN, capacity=Capacity.COMMAND_POST, unit_id=None)
OFFER = replace(RELEASE, kind=TaskKind.ANSWER_OFFER, capacity=None, unit_id=None, assignee_id="subject")


def person(name: str, *offices: Capacity, unit: str | None = None) -> Actor:
    return Actor(name, "kota", tuple(Appointment(one, unit) for one in offices))


HEAD = person("head", Capacity.UNIT_HEAD, unit=UNIT)
DEPUTY = Actor(
    "deputy", "kota", (Appointment(Capacity.UNIT_HEAD, UNIT, Tenure.SUBSTITUTE, "head", "head", "m-1"),)
)
POST, POST_2 = person("post", Capacity.COMMAND_POST), person("post-2", Capacity.COMMAND_POST)
COORDINATOR, SEKDA = person("coordinator", Capacity.COORDINATOR), person("sekda", Capacity.SEKDA)
OPERATOR, AUDITOR = person("operator", Capacity.OPERATOR), person("auditor", Capacity.AUDITOR)
NOBODY, SUBJECT = person("nobody"), person("subject")


def claimed(task: Task, by: str, behalf: str | None = None) -> Task:
    return replace(task, claim=Claim(by, NOW, behalf))


def test_every_kind_of_task_has_a_verdict_and_says_until_when_it_is_asked() -> None:
    without = {
        TaskKind.RESUBMIT_SURGE,
        TaskKind.CHASE_PLAN,
        TaskKind.CHASE_ORDER,
        TaskKind.EXPECT_RETURN,
        TaskKind.KNOW_NEW_POST,
        TaskKind.LETTER_ENDING,
        TaskKind.FILL_OR_REDUCE,
        TaskKind.ADD_OR_STAND_DOWN,
    }
    without |= {TaskKind.NAME_ACTING_HEAD, TaskKind.CHASE_ACTING_HEAD}
    without |= {
        TaskKind.MEND_MUTATION,
        TaskKind.ANSWER_HEARING,
        TaskKind.PROPOSE_REVERSAL,
        TaskKind.CHASE_MUTATION,
        TaskKind.SETTLE_EFFECT,
        TaskKind.KNOW_THIN_UNIT,
        TaskKind.FILE_REPORT,
        TaskKind.EVALUATE_PERSON,
        TaskKind.CHASE_SETTLEMENT,
    }
    assert {kind for kind, _ in DECIDES} == set(TaskKind) - without
    assert set(TERM_OF) == set(TaskKind)
    assert {kind for kind in TaskKind if Verdict.APPROVE not in verdicts(kind, by_name=False)} == {
        TaskKind.COVER_DUTY,
        TaskKind.CHASE_ACCIDENT_REPORT,
        TaskKind.DECIDE_SETTLEMENT,
        TaskKind.SETTLE_NO_SHOW,
        *without,
    }


def test_a_command_decides_one_kind_of_task_and_starts_none() -> None:
    decisions = [*DECIDES.values(), *BY_NAME.values()]
    assert len(set(decisions)) == len(decisions)
    assert not set(decisions) & STARTS
    assert set(BY_NAME) <= set(DECIDES.values())
    for (kind, verdict), command in DECIDES.items():
        assert asking_for(command) == (kind,)
        assert verdicts(kind, by_name=False)[verdict] == command
    assert asking_for(CommandKind.STAND_DOWN) == ()


def test_all_verdicts_of_a_kind_are_for_the_same_offices() -> None:
    for kind in TaskKind:
        assert len({MAY[command] for command in verdicts(kind, by_name=False).values()}) <= 1


def test_what_the_person_is_asked_by_name_is_for_the_person_to_say() -> None:
    for kind in (TaskKind.ANSWER_OFFER, TaskKind.ANSWER_EXTENSION):
        assert {MAY[command] for command in verdicts(kind, by_name=True).values()} == {(Capacity.SUBJECT,)}


@pytest.mark.parametrize("who", [NOBODY, SUBJECT, POST, AUDITOR, OPERATOR, COORDINATOR, SEKDA])
def test_nobody_but_the_office_that_is_asked_claims(who: Actor) -> None:
    assert may_claim(HEAD, RELEASE, CASE) == Granted(Capacity.UNIT_HEAD)
    assert may_claim(who, RELEASE, CASE) == Denied("no_authority" if who != SUBJECT else "own_case")


def test_a_head_of_another_unit_does_not_claim() -> None:
    assert may_claim(person("x", Capacity.UNIT_HEAD, unit=OTHER_UNIT), RELEASE, CASE) == Denied(
        "no_authority"
    )


def test_whoever_may_not_decide_it_may_not_claim_it() -> None:
    own = replace(CASE, subject_id="head")
    assert may_claim(HEAD, RELEASE, own) == Denied("own_case")
    assert may_claim(DEPUTY, RELEASE, own) == Denied("own_case")


def test_a_substitute_claims_on_behalf() -> None:
    assert may_claim(DEPUTY, RELEASE, CASE) == Granted(Capacity.UNIT_HEAD, Tenure.SUBSTITUTE, "head", "m-1")


def test_several_offices_count_as_the_one_that_is_asked() -> None:
    both = person("both", Capacity.COMMAND_POST, Capacity.COORDINATOR)
    escalated = replace(CHECK_IN, kind=TaskKind.SIGN_DEMOB, capacity=Capacity.COORDINATOR)
    assert may_work(both, escalated, CASE) == Granted(Capacity.COORDINATOR)


def test_what_another_claimed_is_not_claimed_and_the_own_is_claimed_again() -> None:
    assert may_claim(POST_2, claimed(CHECK_IN, "post"), CASE) == Denied("claimed_by_another")
    assert isinstance(may_claim(POST, claimed(CHECK_IN, "post"), CASE), Granted)


@pytest.mark.parametrize("who", [SUBJECT, HEAD, OPERATOR])
def test_what_is_asked_of_one_by_name_is_not_claimed(who: Actor) -> None:
    assert may_claim(who, OFFER, CASE) == Denied("asked_by_name")
    assert may_unclaim(who, OFFER, CASE) == Denied("asked_by_name")
    assert may_take_over(who, OFFER, CASE, heir=who, claimer=who) == Denied("asked_by_name")


def test_nothing_is_done_with_a_closed_task() -> None:
    closed = replace(claimed(CHECK_IN, "post"), open=False)
    assert may_claim(POST, closed, CASE) == Denied("task_closed")
    assert may_unclaim(POST, closed, CASE) == Denied("task_closed")
    assert may_take_over(COORDINATOR, closed, CASE, heir=POST_2, claimer=POST) == Denied("task_closed")
    assert may_write(POST, closed, home_unit_id=UNIT) == Denied("task_closed")


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        (POST, Granted(Capacity.COMMAND_POST)),
        (COORDINATOR, Granted(Capacity.COORDINATOR)),
        (OPERATOR, Granted(Capacity.OPERATOR)),
        (POST_2, Denied("no_authority")),
        (SEKDA, Denied("no_authority")),
        (AUDITOR, Denied("no_authority")),
        (NOBODY, Denied("no_authority")),
    ],
)
def test_who_claimed_gives_back_and_so_do_the_office_above_and_the_operator(
    who: Actor, wanted: Granted | Denied
) -> None:
    assert may_unclaim(who, claimed(CHECK_IN, "post"), CASE) == wanted
    assert may_unclaim(who, CHECK_IN, CASE) == Denied("not_claimed")


def test_who_lost_the_office_may_still_give_the_task_back() -> None:
    gone = replace(POST, appointments=())
    assert may_unclaim(gone, claimed(CHECK_IN, "post"), CASE) == Granted(Capacity.COMMAND_POST)


@pytest.mark.parametrize("who", [COORDINATOR, OPERATOR])
def test_the_office_above_and_the_operator_hand_on_to_one_who_may_and_to_no_other(who: Actor) -> None:
    task = claimed(CHECK_IN, "post")
    assert isinstance(may_take_over(who, task, CASE, heir=POST_2, claimer=POST), Granted)
    assert may_take_over(who, task, CASE, heir=NOBODY, claimer=POST) == Denied("heir_may_not")
    assert may_take_over(who, task, CASE, heir=who, claimer=POST) == Denied("no_authority")
    assert may_take_over(who, task, CASE, heir=POST, claimer=POST) == Denied("claimed_already")
    assert may_take_over(who, CHECK_IN, CASE, heir=POST_2, claimer=POST) == Denied("not_claimed")


def test_nobody_hands_a_task_on_to_whom_the_case_is_about() -> None:
    own = replace(CASE, subject_id="post-2")
    assert may_take_over(COORDINATOR, claimed(CHECK_IN, "post"), own, heir=POST_2, claimer=POST) == Denied(
        "heir_may_not"
    )


def test_an_equal_takes_over_only_from_one_who_may_no_longer_decide() -> None:
    task = claimed(CHECK_IN, "post")
    assert may_take_over(POST_2, task, CASE, heir=POST_2, claimer=POST) == Denied("no_authority")
    gone = replace(POST, appointments=())
    assert may_take_over(POST_2, task, CASE, heir=POST_2, claimer=gone) == Granted(Capacity.COMMAND_POST)
    assert may_take_over(NOBODY, task, CASE, heir=NOBODY, claimer=gone) == Denied("no_authority")


def test_the_holder_takes_back_what_a_substitute_claimed() -> None:
    task = claimed(RELEASE, "deputy", "head")
    assert may_take_over(HEAD, task, CASE, heir=HEAD, claimer=DEPUTY) == Granted(Capacity.UNIT_HEAD)
    assert may_take_over(DEPUTY, claimed(RELEASE, "head"), CASE, heir=DEPUTY, claimer=HEAD) == Denied(
        "no_authority"
    )


def test_a_superior_by_a_limited_mandate_does_not_hand_on() -> None:
    limited = Appointment(
        Capacity.COORDINATOR, None, Tenure.SUBSTITUTE, "c", "c", "m", frozenset({"PLAN_SURGE"})
    )
    who = Actor("x", "kota", (limited,))
    assert may_take_over(who, claimed(CHECK_IN, "post"), CASE, heir=POST_2, claimer=POST) == Denied(
        "no_authority"
    )


@pytest.mark.parametrize(
    ("who", "task", "may"),
    [
        (SUBJECT, OFFER, True),
        (SUBJECT, RELEASE, False),
        (HEAD, RELEASE, True),
        (HEAD, CHECK_IN, True),
        (DEPUTY, RELEASE, True),
        (person("x", Capacity.UNIT_HEAD, unit=OTHER_UNIT), RELEASE, False),
        (COORDINATOR, OFFER, True),
        (SEKDA, CHECK_IN, True),
        (AUDITOR, CHECK_IN, False),
        (OPERATOR, CHECK_IN, False),
        (NOBODY, CHECK_IN, False),
    ],
)
def test_who_may_comment_and_attach(who: Actor, task: Task, may: bool) -> None:
    assert isinstance(may_write(who, task, home_unit_id=UNIT), Granted) is may


@pytest.mark.parametrize(
    ("who", "wanted"),
    [
        (SEKDA, Granted(Capacity.SEKDA)),
        (OPERATOR, Granted(Capacity.OPERATOR)),
        (HEAD, Denied("no_authority")),
        (COORDINATOR, Denied("no_authority")),
        (AUDITOR, Denied("no_authority")),
        (SUBJECT, Denied("no_authority")),
    ],
)
def test_who_may_erase_evidence(who: Actor, wanted: Granted | Denied) -> None:
    assert may_erase(who, attached_by="somebody") == wanted


def test_nobody_erases_what_they_attached() -> None:
    assert may_erase(SEKDA, attached_by="sekda") == Denied("own_evidence")


@pytest.mark.parametrize(
    ("who", "task", "sees"),
    [
        (SUBJECT, OFFER, True),
        (SUBJECT, RELEASE, False),
        (SUBJECT, CHECK_IN, False),
        (NOBODY, OFFER, False),
        (HEAD, OFFER, True),
        (HEAD, CHECK_IN, True),
        (person("x", Capacity.UNIT_HEAD, unit=OTHER_UNIT), RELEASE, False),
        (person("x", Capacity.UNIT_HEAD, unit=OTHER_UNIT), CHECK_IN, False),
        (POST, RELEASE, True),
        (AUDITOR, OFFER, True),
        (OPERATOR, OFFER, True),
    ],
)
def test_who_sees_a_task(who: Actor, task: Task, sees: bool) -> None:
    assert (
        sees_task(
            who,
            assignee_id=task.assignee_id,
            capacity=task.capacity,
            unit_id=task.unit_id,
            home_unit_id=UNIT,
        )
        is sees
    )


@pytest.mark.parametrize(
    ("who", "task", "escalation", "verdicts_open"),
    [
        (HEAD, RELEASE, 0, (Verdict.APPROVE, Verdict.REJECT)),
        (HEAD, claimed(RELEASE, "head"), 0, (Verdict.APPROVE, Verdict.REJECT)),
        (HEAD, claimed(RELEASE, "deputy"), 0, ()),
        (HEAD, replace(RELEASE, open=False), 0, ()),
        (SEKDA, RELEASE, 0, ()),
        (SEKDA, claimed(RELEASE, "head"), 1, (Verdict.APPROVE, Verdict.REJECT)),
        (SUBJECT, OFFER, 0, (Verdict.APPROVE, Verdict.REJECT)),
        (COORDINATOR, CHECK_IN, 0, ()),
    ],
)
def test_what_is_open_to_whom(
    who: Actor, task: Task, escalation: int, verdicts_open: tuple[Verdict, ...]
) -> None:
    assert open_to(who, task, replace(CASE, escalation=escalation)) == verdicts_open
