"""Messages of one person's secondment."""

from domain.moves import Seat, SecondmentMove
from domain.secondment import Clock, Life, State
from schemas.base import Message


class SecondmentStart(Message):
    """Begin, or take up again, a secondment at the moment that `life` describes."""

    seat: Seat
    life: Life
    clock: Clock
    basis: str


class WriteSecondment(Message):
    """Write one move of a person; `command_id` stands in the move's fact."""

    move: SecondmentMove


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
