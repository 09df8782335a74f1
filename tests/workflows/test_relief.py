"""Who takes over a place, on the real engine: named in the books, with a note that is owed and read."""

from collections.abc import AsyncIterator
from datetime import timedelta
from typing import Any

import asyncpg
import pytest
from temporalio.testing import WorkflowEnvironment

from adapters.postgres.invariants import invariants
from app import relief
from app.actions import NoSuchCase
from app.wiring import in_force
from domain import cases
from domain.authority import Capacity
from domain.commands import CommandKind, CommandState
from domain.moves import Seat
from domain.secondment import State
from lab import small_town
from lab.small_town import Donor
from tests.patience import until
from tests.workflows.kit import SETTLED, LiveTown, case_of, live_town

pytestmark = [pytest.mark.long, pytest.mark.usefixtures("brisk")]
_K = CommandKind


@pytest.fixture
async def live(temporal_env: WorkflowEnvironment, fresh_database: str) -> AsyncIterator[LiveTown]:
    clinics = (Donor("PKM-1", 8, 6), Donor("PKM-2", 8, 6))
    async with live_town(temporal_env.client, fresh_database, *clinics) as town:
        yield town
        found = await invariants(town.books.database, town.town.government_id)
        assert [one for one in found if one.violations] == []


async def relieved(live: LiveTown, surge_id: str, seat: Seat) -> Seat:
    """Let somebody go early, and return whoever says yes to the place."""
    await live.must(Capacity.COMMAND_POST, _K.RELEASE_EARLY, case_of(seat), choice="FAMILY")
    (heir,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    await small_town.accept(live.stage, heir)
    return heir


async def of(live: LiveTown, seat: Seat, column: str) -> Any:
    return await live.value(f"SELECT {column} FROM placements WHERE placement_id = $1", seat.placement_id)


async def reader(live: LiveTown, who: str | Capacity) -> Any:
    person = live.town.officers[who] if isinstance(who, Capacity) else who
    return await live.stage.actor(person, live.town.government_id)


async def test_who_takes_the_place_of_somebody_relieves_them_and_who_declined_does_not(
    live: LiveTown,
) -> None:
    surge_id, (seat,) = await live.on_site(1)
    await live.must(Capacity.COMMAND_POST, _K.RELEASE_EARLY, case_of(seat), choice="FAMILY")
    (declines,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    assert await of(live, declines, "relieves") == seat.placement_id
    await live.must(declines.person_id, _K.DECLINE_OFFER, case_of(declines), choice="OTHER")
    (heir,) = await small_town.standing(live.stage, surge_id, State.OFFERED, 1)
    assert await of(live, heir, "relieves") == seat.placement_id
    told = "SELECT data ->> 'relieves' FROM events WHERE case_id = $1 AND type = 'OfferSent'"
    assert await live.value(told, case_of(heir)) == seat.placement_id


async def test_nobody_is_signed_off_without_a_note_for_whoever_comes_unless_it_is_waived_by_name(
    live: LiveTown,
) -> None:
    surge_id, (seat, other) = await live.on_site(2)
    heir = await relieved(live, surge_id, seat)
    signed = await live.decide(Capacity.COMMAND_POST, _K.SIGN_DEMOB, case_of(seat), details=SETTLED)
    assert (signed.state, signed.refusal) == (CommandState.REFUSED, "handover_note_owed")
    book = live.books.reliefs
    note = "Kunci gudang obat pada apoteker; dua pasien menunggu rujukan."
    await live.must(seat.person_id, _K.HAND_OVER, case_of(seat), note=note)
    await live.must(Capacity.COMMAND_POST, _K.SIGN_DEMOB, case_of(seat), details=SETTLED)
    # Whoever comes reads it, and the post; a colleague on another place and the home head do not.
    found = await relief.handover(book, await reader(live, heir.person_id), heir.placement_id)
    assert (found.received_from, [one["text"] for one in found.received]) == (seat.placement_id, [note])
    assert [one["capacity"] for one in found.received] == ["SUBJECT"]
    for outsider in (other.person_id, live.town.heads[seat.unit_id]):
        with pytest.raises(NoSuchCase):
            await relief.handover(book, await reader(live, outsider), seat.placement_id)
    words = "SELECT count(*) FROM events WHERE data::text LIKE '%gudang%'"
    assert await live.value(words) == 0
    history = await live.handle(case_of(seat)).fetch_history()
    assert "gudang" not in history.to_json()
    waived = await relieved(live, surge_id, other)
    assert await of(live, waived, "relieves") == other.placement_id
    item: dict[str, str | int | float] = {"items": "DATA_HANDOVER"}
    await live.must(Capacity.COORDINATOR, _K.WAIVE_CHECKLIST, case_of(other), details=item, note="sakit")
    await live.must(Capacity.COMMAND_POST, _K.SIGN_DEMOB, case_of(other), details=SETTLED)


async def test_a_place_shows_its_turns_with_what_lies_between_them(live: LiveTown) -> None:
    surge_id, (seat,) = await live.on_site(1)
    heir = await relieved(live, surge_id, seat)
    chain = await relief.chain(
        live.books.reliefs, await reader(live, Capacity.COORDINATOR), heir.placement_id
    )
    assert [one["placement_id"] for one in chain.people] == [seat.placement_id, heir.placement_id]
    assert all(one["name"] for one in chain.people)
    assert set(chain.reliefs) == {heir.placement_id}
    head = await reader(live, live.town.heads[heir.unit_id])
    unnamed = await relief.chain(live.books.reliefs, head, heir.placement_id)
    assert [one["name"] for one in unnamed.people] == [None, None]


async def test_the_books_keep_reliefs_to_one_place_and_one_at_a_time(live: LiveTown) -> None:
    surge_id, (seat, other) = await live.on_site(2)
    heir = await relieved(live, surge_id, seat)

    async def names(successor: Seat, former: Seat) -> None:
        async with live.books.database.writing() as connection:
            await connection.execute(
                "UPDATE placements SET relieves = $2 WHERE placement_id = $1",
                successor.placement_id,
                former.placement_id,
            )

    with pytest.raises(asyncpg.UniqueViolationError, match="one_relief_at_a_time"):
        await names(other, seat)
    with pytest.raises(asyncpg.PostgresError, match="its own relief"):
        await names(seat, heir)
    second, (stranger,) = await live.on_site(1)
    assert second != surge_id
    with pytest.raises(asyncpg.PostgresError, match="another post"):
        await names(stranger, other)
    assert cases.surge(surge_id)


async def test_the_next_turn_is_asked_before_this_one_ends_and_each_relieves_one_of_it(
    live: LiveTown,
) -> None:
    surge_id, seats = await live.on_site(2)
    board = live.books.reliefs
    end = await of(live, seats[0], "due_back")
    empty = await board.falling_empty(live.town.government_id, end - timedelta(hours=1))
    assert {row["placement_id"] for row in empty} == {seat.placement_id for seat in seats}
    details: dict[str, str | int | float] = {"line_id": seats[0].line_id}
    await live.must(Capacity.COORDINATOR, _K.ASK_RELIEF, cases.surge(surge_id), details=details)
    heirs = await small_town.standing(live.stage, surge_id, State.OFFERED, 2)
    assert {await of(live, heir, "relieves") for heir in heirs} == {seat.placement_id for seat in seats}
    overlap = in_force(live.books.rules).relief.overlap
    for heir in heirs:
        assert await of(live, heir, "report_at") == end - overlap
        assert await of(live, heir, "due_back") > end
    await small_town.accept(live.stage, heirs[0])
    (still,) = await board.falling_empty(live.town.government_id, end - timedelta(hours=1))
    assert (still["relieved_by"], still["relief_state"]) == (heirs[1].placement_id, "OFFERED")
    again = await live.decide(Capacity.COORDINATOR, _K.ASK_RELIEF, cases.surge(surge_id), details=details)
    assert (again.state, again.refusal) == (CommandState.REFUSED, "relief_asked_already")
    # Somebody who leaves before the relief is there is replaced at once, and the relief now follows the replacement.
    relieved_id = await of(live, heirs[0], "relieves")
    (first,) = [one for one in seats if one.placement_id == relieved_id]
    await live.must(Capacity.COMMAND_POST, _K.RELEASE_EARLY, case_of(first), choice="FAMILY")

    async def stepped_in() -> bool:
        between = await of(live, heirs[0], "relieves")
        return between != first.placement_id

    await until(stepped_in)
    chain = await relief.chain(board, await reader(live, Capacity.COORDINATOR), heirs[0].placement_id)
    turns = [one["placement_id"] for one in chain.people]
    assert (turns[0], turns[-1], len(turns)) == (first.placement_id, heirs[0].placement_id, 3)
    # The one in between is only asked, and may never come: what the first one leaves is for whoever does.
    leaving = chain.people[0]
    assert leaving["state"] == "DEMOBILISING"
    assert leaving["leaves_at"] < leaving["due_back"]
    assert chain.reliefs == {}
    await live.must(first.person_id, _K.HAND_OVER, case_of(first), note="Kunci pada apoteker.")
    comes = await reader(live, heirs[0].person_id)
    found = await relief.handover(board, comes, heirs[0].placement_id)
    assert (found.received_from, [one["text"] for one in found.received]) == (
        first.placement_id,
        ["Kunci pada apoteker."],
    )
    assert (await relief.handover(board, comes, first.placement_id)).written == found.received
