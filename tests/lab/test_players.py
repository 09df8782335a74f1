"""The same seed tells the same story, another seed another one."""

from datetime import UTC, datetime
from typing import Any

from domain import cases
from domain.commands import CommandKind
from lab.players import Players
from lab.scenario import Behaviour

NOW = datetime(2027, 2, 3, tzinfo=UTC)
PEOPLE = [f"person-{n:03}" for n in range(100)]
BEHAVIOUR = Behaviour(declines=15, silent=10, overdue=1)


def story(seed: int, people: list[str]) -> dict[str, Any]:
    """What each person answers to an offer, and when."""
    players = Players(seed, BEHAVIOUR)
    players.cast(people, people)
    told = {}
    for person in people:
        task = {
            "kind": "ANSWER_OFFER",
            "case_id": cases.secondment(f"placement-of-{person}"),
            "capacity": None,
        }
        act = players.answer(task, person, None, "officer", NOW)
        told[person] = act and (act.at, act.decision.kind, act.decision.choice)
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
