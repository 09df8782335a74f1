"""Messages of one person's secondment."""

from datetime import datetime
from typing import Any

from pydantic import SerializerFunctionWrapHandler, model_serializer

from domain.moves import Seat, SecondmentMove
from domain.openings import Opening
from domain.secondment import Clock, Life, State
from schemas.base import Message


class AboutALife(Message):
    """A message that carries a life: of a death it says something only where one was told, and few lives hear of one.

    So it reads as it did before there was any way back from one, in histories too.
    """

    @model_serializer(mode="wrap")
    def _without_nothing(self, told: SerializerFunctionWrapHandler) -> dict[str, Any]:
        return {name: _unless_none(value) for name, value in told(self).items()}


def _unless_none(value: Any) -> Any:
    if not isinstance(value, dict):
        return value
    return {name: _unless_none(one) for name, one in value.items() if name != "death" or one is not None}


class SecondmentStart(AboutALife):
    """Begin, or take up again, a secondment at the moment that `life` describes."""

    seat: Seat
    life: Life
    clock: Clock
    basis: str


class SecondmentStanding(Message):
    """Where the secondment that asks stands by the books; None where they hold no such case open."""

    start: SecondmentStart | None = None


class WriteSecondment(AboutALife):
    """Write one move of a person; `command_id` stands in the move's fact."""

    move: SecondmentMove


class SecondmentWritten(Message):
    """Whether the books took the move; `refused` says which guard did not let it be."""

    refused: str | None = None


class PlacementRef(Message):
    """Which secondment is meant."""

    placement_id: str


class OpeningAsk(Message):
    """A line that somebody might be moved to; None: a line of another site of the same surge that has room."""

    placement_id: str
    line_id: str | None = None


class OpeningFound(Message):
    """The line as the books know it, if there is one."""

    opening: Opening | None


class LastSeen(Message):
    """When somebody last saw or heard the person at the site."""

    seen_at: datetime | None


class OrderServed(Message):
    """Signal: the assignment order of this person is issued."""

    order_id: str


class StandDown(Message):
    """Signal: the surge is over; come home, or stay home."""

    command_id: str


class SecondmentNews(Message):
    """Signal to the surge: one of its people moved in a way it must look at."""

    placement_id: str
    state: State


class SecondmentView(Message):
    """Query: where the secondment stands."""

    seat: Seat
    life: Life
