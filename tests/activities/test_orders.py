"""Setting an order for very many: an attempt that was broken off goes on where it stood."""

from datetime import datetime
from typing import Any

import pytest
from temporalio.testing import ActivityEnvironment

from activities.orders import SET_AT_ONCE, OrderActivities
from adapters.documents.typesetter import Typesetter
from domain import documents
from domain.documents import AssignmentOrder, OrderDraft, facts_sha256
from lab.sample_orders import made, sample_draft
from schemas.surge import OrderRef, OrderRendered


class Shelf:
    """A book of one order; keeps nothing but who got a file."""

    def __init__(self, draft: OrderDraft) -> None:
        self._draft = draft
        self.kept: list[str | None] = []

    async def draft(self, _: str) -> OrderDraft:
        return self._draft

    async def keep_file(self, _: str, placement_id: str | None, file: bytes) -> str:
        assert file.startswith(b"%PDF")
        self.kept.append(placement_id)
        return "0" * 64


class Press(Typesetter):
    """Breaks at a person of whom it was told."""

    breaks_at: str | None = None

    def extract(self, order: AssignmentOrder, placement_id: str, issued_at: datetime) -> bytes:
        if placement_id == self.breaks_at:
            raise OSError("out of paper")
        return super().extract(order, placement_id, issued_at)


class Hall:
    """The activity, one attempt after another, as the engine would ask for them."""

    def __init__(self, draft: OrderDraft) -> None:
        self.shelf, self.press = Shelf(draft), Press()
        self._last: tuple[Any, ...] = ()

    async def attempt(self) -> OrderRendered:
        environment = ActivityEnvironment()
        environment.info = environment.info.__class__(
            **{**vars(environment.info), "heartbeat_details": self._last}
        )
        environment.on_heartbeat = self._beat
        activities = OrderActivities(self.shelf, self.press, None)  # type: ignore[arg-type]
        return await environment.run(activities.render, OrderRef(order_id="o-1"))  # type: ignore[no-any-return]

    def _beat(self, *details: Any) -> None:
        self._last = details


@pytest.fixture
def draft() -> OrderDraft:
    return sample_draft(people=SET_AT_ONCE + 3)


async def test_an_attempt_that_was_broken_off_goes_on_where_it_stood(draft: OrderDraft) -> None:
    hall, people = Hall(draft), [person.placement_id for person in draft.people]
    hall.press.breaks_at = people[SET_AT_ONCE + 1]
    with pytest.raises(OSError, match="out of paper"):
        await hall.attempt()
    assert set(hall.shelf.kept) >= {None, *people[:SET_AT_ONCE]}
    hall.press.breaks_at = None
    before = len(hall.shelf.kept)
    rendered = await hall.attempt()
    assert set(hall.shelf.kept[before:]) == {None, *people[SET_AT_ONCE:]}
    assert rendered.facts_sha256 == facts_sha256(made(draft))


async def test_what_was_set_of_other_facts_is_set_anew(draft: OrderDraft) -> None:
    hall, people = Hall(draft), [person.placement_id for person in draft.people]
    hall._last = ("the hash of other facts", 4)
    await hall.attempt()
    assert set(hall.shelf.kept) == {None, *people}


async def test_the_facts_are_told_once_however_many_extracts_there_are(
    draft: OrderDraft, monkeypatch: pytest.MonkeyPatch
) -> None:
    told: list[str] = []
    facts = documents.facts

    def counted(order: AssignmentOrder) -> dict[str, Any]:
        told.append(order.order_id)
        return facts(order)

    monkeypatch.setattr(documents, "facts", counted)
    await Hall(draft).attempt()
    assert told == [draft.order_id]
