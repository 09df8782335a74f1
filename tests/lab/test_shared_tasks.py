"""What several officers are asked together, one player of a drill answers: the others look on, and step in where need be."""

import itertools
from typing import Any

from domain.authority import Capacity
from domain.secondment import Life, State
from lab.drill import Drill
from lab.drill_books import People
from runtime.clock import SteppedClock
from tests.lab.test_players import BEHAVIOUR, DUE, NOW, PEOPLE, REPORT, players, seat, task

OFFICES = (Capacity.COMMAND_POST, Capacity.COORDINATOR, Capacity.SEKDA)
LIFE = Life(State.OUT_OF_CONTACT, 1, NOW, REPORT, DUE)


class Asked:
    """Books in which these tasks are open."""

    def __init__(self, *tasks: dict[str, Any]) -> None:
        self.open = list(tasks)

    async def tasks(self) -> list[dict[str, Any]]:
        return self.open

    async def everybody(self) -> People:
        return [(seat(person), LIFE) for person in PEOPLE[:2]]


def asked_of(office: str, person: str, kind: str = "FIND_PERSON") -> dict[str, Any]:
    named = {"assignee_id": None, "unit_id": None, "task_id": f"{kind} {office} {person}"}
    return task(kind, person, office) | named


def drill(books: Asked) -> Drill:
    """A drill that has come to where these are asked."""
    found = Drill.__new__(Drill)
    found._books, found._clock, found._planned = books, SteppedClock(NOW), NOW  # type: ignore[assignment]
    found._players, found._script = players(5, PEOPLE, BEHAVIOUR), Script()  # type: ignore[assignment]
    found._offices = [{"capacity": office, "unit_id": None, "person_id": office} for office in OFFICES]
    found._agenda, found._met, found._order = [], set(), itertools.count()
    return found


class Script:
    """Nothing is dark, and nothing is covered."""

    dark = None

    def covered_until(self, _surge_id: str) -> None:
        return None


def to_act(of: Drill) -> list[str]:
    return [act.person_id for _, _, act in of._agenda]


async def test_of_all_who_are_asked_the_first_answers_and_the_next_only_where_that_answer_fell_away() -> None:
    books = Asked(*(asked_of(office, PEOPLE[0]) for office in OFFICES))
    playing = drill(books)
    await playing._meet_tasks()
    await playing._meet_tasks()
    assert to_act(playing) == ["COMMAND_POST"]
    playing._agenda.clear()  # what the command post said was refused, and the person is looked for still
    await playing._meet_tasks()
    await playing._meet_tasks()
    assert to_act(playing) == ["COORDINATOR"]
    playing._agenda.clear()
    books.open.clear()
    await playing._meet_tasks()
    assert to_act(playing) == []


async def test_each_persons_case_is_somebodys_to_answer_and_who_must_agree_answers_each_for_themself() -> (
    None
):
    books = Asked(*(asked_of(office, person) for person in PEOPLE[:2] for office in OFFICES))
    playing = drill(books)
    await playing._meet_tasks()
    assert to_act(playing) == ["COMMAND_POST"] * 2
    books.open = [asked_of(office, PEOPLE[0], "ANSWER_EXTENSION") for office in OFFICES[:2]]
    await playing._meet_tasks()
    assert sorted(to_act(playing)) == ["COMMAND_POST"] * 3 + ["COORDINATOR"]
