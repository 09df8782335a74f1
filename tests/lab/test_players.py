"""The same seed tells the same story, another seed another one."""

from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from app.wiring import in_force, rule_packs
from domain import cases
from domain.commands import CommandKind
from domain.moves import Seat
from domain.secondment import Life, State
from lab.casting import Answer, Dice, Fate, cast
from lab.fates import days_off
from lab.players import Players, Scene
from lab.scenario import Behaviour

NOW = datetime(2027, 2, 3, tzinfo=UTC)
REPORT = NOW + timedelta(hours=30)
DUE = REPORT + timedelta(days=7)
PEOPLE = [f"person-{n:03}" for n in range(100)]
BEHAVIOUR = Behaviour(declines=15, silent=10, overdue=1)
EVERYTHING = Behaviour(
    declines=10, silent=5, overdue=2, conditions=6, conditions_refused=2, unfit=3, no_shows=4, injured=3,
    out_of_contact=2, affected=4, recalled=2, released_early=2, extended=5, extended_by=timedelta(days=3),
)  # fmt: skip


def seat(person: str) -> Seat:
    return Seat(f"of-{person}", "k", "SU-1", "SU-1/01", person, "k.DLH", "nurse", "nurse", "Pos")


def scene(person: str, state: State = State.OFFERED, **more: Any) -> Scene:
    life = Life(state, 1, NOW, REPORT, DUE)
    return Scene(officer="officer", now=NOW, seat=seat(person), life=life, **more)


def players(seed: int, people: list[str], behaviour: Behaviour = BEHAVIOUR) -> Players:
    found = Players(seed, lambda capacity, unit: f"{capacity} of {unit}", in_force(rule_packs()).clock)
    found.cast("SU-1", behaviour, people, people)
    return found


def task(kind: str, person: str, capacity: str | None = None) -> dict[str, Any]:
    return {"kind": kind, "case_id": cases.secondment(f"of-{person}"), "capacity": capacity, "task_id": 7}


def story(seed: int, people: list[str]) -> dict[str, Any]:
    """What each person answers to an offer, and when."""
    playing = players(seed, people)
    told = {}
    for person in people:
        acts = playing.answer(task("ANSWER_OFFER", person), scene(person))
        told[person] = next(((act.at, act.decision.kind, act.decision.choice) for act in acts), None)
    return told


def test_so_many_decline_and_so_many_stay_silent_as_the_scenario_says() -> None:
    answers = list(story(53, PEOPLE).values())
    assert answers.count(None) == BEHAVIOUR.silent
    declined = [act for act in answers if act and act[1] == CommandKind.DECLINE_OFFER]
    assert len(declined) == BEHAVIOUR.declines
    assert all(choice for _, _, choice in declined)


def test_the_same_seed_gives_the_same_answers_in_whatever_order_people_are_met() -> None:
    assert story(53, PEOPLE) == story(53, PEOPLE[::-1])


def test_another_seed_lets_other_people_refuse() -> None:
    def refusing(seed: int) -> set[str]:
        return {
            person for person, act in story(seed, PEOPLE).items() if act is None or act[1] == "DECLINE_OFFER"
        }

    assert len(refusing(53) ^ refusing(54)) > 20


def test_nobody_has_two_fates_and_each_count_is_met() -> None:
    drawn = cast(EVERYTHING, PEOPLE, PEOPLE, Dice(5))
    assert Counter(drawn.fates.values()) == {fate: getattr(EVERYTHING, fate) for fate in Fate}
    assert Counter(drawn.answers.values()) == {
        Answer.DECLINES: 10,
        Answer.SILENT: 5,
        Answer.CONDITION_GRANTED: 4,
        Answer.CONDITION_REFUSED: 2,
    }
    staying = {Answer.DECLINES, Answer.SILENT, Answer.CONDITION_REFUSED}
    assert not [person for person in drawn.fates if drawn.answers.get(person) in staying]


def test_a_share_is_rounded_and_holds_for_those_asked_later_too() -> None:
    drawn = cast(Behaviour(declines=0.2), PEOPLE, PEOPLE, Dice(5))
    assert list(drawn.answers.values()) == [Answer.DECLINES] * 20
    later = [drawn.answer_of(f"newcomer-{n}") for n in range(1_000)]
    assert 150 < later.count(Answer.DECLINES) < 250
    counted = cast(Behaviour(declines=20), PEOPLE, PEOPLE, Dice(5))
    assert {counted.answer_of(f"newcomer-{n}") for n in range(1_000)} == {None}


def test_varied_counts_differ_from_seed_to_seed_about_their_mean() -> None:
    counts = [
        len(cast(Behaviour(declines=20), PEOPLE, PEOPLE, Dice(seed), vary=True).answers)
        for seed in range(200)
    ]
    assert len(set(counts)) > 10
    assert 18 < sum(counts) / len(counts) < 22


@pytest.mark.parametrize(
    ("fate", "kinds"),
    [
        (Fate.UNFIT, [CommandKind.REPORT_UNFIT]),
        (Fate.NO_SHOW, [CommandKind.REPORT_NO_SHOW]),
        (Fate.INJURED, [CommandKind.CHECK_IN, CommandKind.REPORT_INJURY]),
        (Fate.AFFECTED, [CommandKind.CHECK_IN, CommandKind.CONFIRM_AFFECTED]),
        (Fate.RECALLED, [CommandKind.CHECK_IN, CommandKind.RECALL]),
        (Fate.RELEASED_EARLY, [CommandKind.CHECK_IN, CommandKind.RELEASE_EARLY]),
        (Fate.EXTENDED, [CommandKind.CHECK_IN, CommandKind.PROPOSE_EXTENSION]),
        (Fate.OUT_OF_CONTACT, [CommandKind.CHECK_IN]),
    ],
)
def test_on_arrival_it_is_settled_what_becomes_of_somebody(fate: Fate, kinds: list[CommandKind]) -> None:
    playing = players(5, PEOPLE, EVERYTHING)
    drawn = cast(EVERYTHING, PEOPLE, PEOPLE, Dice(5))
    person = next(one for one, its in drawn.fates.items() if its == fate)
    acts = playing.answer(task("CHECK_IN", person, "COMMAND_POST"), scene(person, State.MOBILISING))
    assert [act.decision.kind for act in acts] == kinds
    assert all(REPORT < act.at < DUE for act in acts[1:])
    if fate == Fate.NO_SHOW:
        assert acts[0].at > REPORT  # nobody is missing before the hour
    unseen = playing.unseen(DUE - timedelta(days=1))
    assert (person in unseen) == (fate == Fate.OUT_OF_CONTACT)


def test_whoever_stays_longer_than_a_week_has_a_day_off_in_each() -> None:
    begins = REPORT
    assert days_off("secondment:1", "somebody", begins, begins + timedelta(days=7), 0.5) == []
    acts = days_off("secondment:1", "somebody", begins, begins + timedelta(days=14), 0.5)
    rests = [(a.at, b.at) for a, b in zip(acts[::2], acts[1::2], strict=True)]
    assert [act.decision.kind for act in acts] == [CommandKind.START_REST, CommandKind.END_REST] * 2
    worked = [begins, *(until for _, until in rests)]
    stretches = [
        since - until for until, since in zip(worked, [*(a for a, _ in rests), acts[-1].at], strict=True)
    ]
    assert all(stretch < timedelta(days=7) for stretch in stretches)
    assert all(until - since > timedelta(days=1) for since, until in rests)
    assert begins + timedelta(days=14) - rests[-1][1] < timedelta(days=7)


def test_what_happens_at_the_site_does_not_fall_away_with_the_task_of_the_arrival() -> None:
    playing, drawn = players(5, PEOPLE, EVERYTHING), cast(EVERYTHING, PEOPLE, PEOPLE, Dice(5))
    person = next(one for one, its in drawn.fates.items() if its == Fate.RECALLED)
    arrival, recall = playing.answer(
        task("CHECK_IN", person, "COMMAND_POST"), scene(person, State.MOBILISING)
    )
    assert (arrival.task_id, recall.task_id) == (7, None)


def test_a_duty_is_extended_to_the_end_of_the_status_at_most() -> None:
    playing, drawn = players(5, PEOPLE, EVERYTHING), cast(EVERYTHING, PEOPLE, PEOPLE, Dice(5))
    person = next(one for one, its in drawn.fates.items() if its == Fate.EXTENDED)
    mobilising = scene(person, State.MOBILISING, covered_until=DUE + timedelta(days=1))
    proposal = playing.answer(task("CHECK_IN", person, "COMMAND_POST"), mobilising)[1]
    assert proposal.decision.details == {"until": (DUE + timedelta(days=1)).isoformat()}
    ending = scene(person, State.MOBILISING, covered_until=DUE)
    assert len(playing.answer(task("CHECK_IN", person, "COMMAND_POST"), ending)) == 1


def test_in_a_blackout_the_arrival_is_recorded_afterwards_with_the_hour_as_reported() -> None:
    dark = (REPORT - timedelta(hours=6), REPORT + timedelta(days=2))
    playing = players(5, PEOPLE)
    (act,) = playing.answer(
        task("CHECK_IN", PEOPLE[0], "COMMAND_POST"), scene(PEOPLE[0], State.MOBILISING, dark=dark)
    )
    assert act.at > dark[1]
    assert act.decision.choice == "PAPER"
    assert act.decision.details is not None
    reported = datetime.fromisoformat(str(act.decision.details["reported_at"]))
    assert dark[0] < reported < dark[1]


def test_an_injury_is_reported_to_the_insurer_before_anybody_goes_home() -> None:
    playing = players(5, PEOPLE, EVERYTHING)
    for person in PEOPLE:
        filed, after = playing.answer(
            task("FILE_ACCIDENT_REPORT", person, "UNIT_HEAD"), scene(person, State.INJURED)
        )
        assert filed.decision.details is not None
        assert str(filed.decision.details["reference"]).startswith("JKK/2027/")
        assert after.decision.kind in (CommandKind.RESUME_DUTY, CommandKind.RELEASE_EARLY)
        assert filed.at < after.at


@pytest.mark.parametrize(
    ("kind", "capacity", "decision"),
    [
        ("ANSWER_EXTENSION", None, CommandKind.CONSENT_EXTENSION),
        ("ANSWER_EXTENSION", "UNIT_HEAD", CommandKind.APPROVE_EXTENSION),
        ("COVER_DUTY", "COORDINATOR", CommandKind.RELEASE_EARLY),
        ("FIND_PERSON", "COMMAND_POST", CommandKind.REGAIN_CONTACT),
        ("SIGN_ORDER", "SIGNATORY", CommandKind.SIGN_ORDER),
    ],
)
def test_every_other_task_is_answered(kind: str, capacity: str | None, decision: CommandKind) -> None:
    acts = players(5, PEOPLE).answer(task(kind, PEOPLE[0], capacity), scene(PEOPLE[0], State.ON_DUTY))
    assert [act.decision.kind for act in acts] == [decision]
