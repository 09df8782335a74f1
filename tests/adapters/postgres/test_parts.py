"""Parts of a mutation that the database keeps apart, whoever writes: by the own hand, a substitute's, or a mandate's author."""

import uuid
from collections.abc import AsyncIterator
from itertools import permutations

import asyncpg
import pytest

from domain.authority import Capacity
from domain.mutation import group_authority
from domain.mutation.authority import NOTED_BY_ANOTHER, RULINGS, Part
from tests.adapters.postgres.kit import NOW, Registry, registry

LEFT, JOINED = "kota-kecil.PKM-1", "kota-kecil.PKM-2"
CASE = "mutation:MU-0123456789"
HANDS = ("actor", "principal", "author")
KIND_OF = {part: next(kind for kind, ruling in RULINGS.items() if ruling.part == part) for part in Part}
FOREIGN = [kind for kind, ruling in RULINGS.items() if Capacity.SUBJECT not in ruling.may]
PARTED = [kind for kind, ruling in RULINGS.items() if ruling.part not in (None, Part.PROPOSER)]
WEIGHING = PARTED + sorted(NOTED_BY_ANOTHER)


@pytest.fixture(scope="module")
async def books(database: str) -> AsyncIterator[Registry]:
    async with registry(database) as books:
        subject, proposer, *_ = books.town.staff[LEFT]
        await books.execute(
            """INSERT INTO mutations (mutation_id, government_id, person_id, proposer_id, initiative, from_unit, from_position,
                                      position_id, rule_pack, command_id, state, proposed_at, since)
               SELECT 'MU-0123456789', 'kota-kecil', $1, $2, 'ORGANISATION', $3, f.position_id, t.position_id, '2026-1',
                      uuidv7(), 'SCREENING', $5, $5
                 FROM positions f, positions t WHERE f.unit_id = $3 AND t.unit_id = $4""",
            subject,
            proposer,
            LEFT,
            JOINED,
            NOW,
        )
        yield books


async def attempt(books: Registry, kind: str, who: str, hand: str = "actor", state: str = "RECORDED") -> str:
    """Write a decision by plain SQL, in which somebody has a hand; return its id."""
    other, author = books.town.staff[JOINED][-1], books.town.staff[JOINED][-2]
    mandate_id = str(uuid.uuid4())
    await books.execute(
        """INSERT INTO mandates (mandate_id, government_id, tenure, substitute_id, principal_id, capacity, valid, written_by,
                                 letter, written_at)
           VALUES ($1, 'kota-kecil', 'SUBSTITUTE', $2, $3, 'SEKDA', tstzrange($5::timestamptz, $5::timestamptz + interval '1 day'), $4, '1', $5)""",
        mandate_id,
        who if hand == "actor" else other,
        who if hand == "principal" else books.town.staff[JOINED][-3],
        who if hand == "author" else author,
        NOW,
    )
    command_id = str(uuid.uuid4())
    try:
        await books.execute(
            """INSERT INTO commands (command_id, government_id, case_id, kind, actor_id, on_behalf_of, capacity, tenure, mandate_id,
                                     decided_at, details, idempotency_key, request_sha256, state)
               VALUES ($1::uuid, 'kota-kecil', $2, $3, $4, $5, 'SEKDA', 'SUBSTITUTE', $6, $7, '{}', ($1::uuid)::text, '', $8)""",
            command_id,
            CASE,
            kind,
            who if hand == "actor" else other,
            who if hand == "principal" else None,
            mandate_id,
            NOW,
            state,
        )
    finally:
        await books.execute("DELETE FROM commands WHERE case_id = $1 AND state = 'RECORDED'", CASE)
    return command_id


async def test_the_database_knows_the_same_parts_as_the_domain(books: Registry) -> None:
    async with books.database.reading() as connection:
        rows = await connection.fetch("SELECT kind, part, own_case, by_another FROM mutation_parts")
    kept = {row["kind"]: (row["part"], row["own_case"], row["by_another"]) for row in rows}
    assert kept == {
        kind: (ruling.part or "", Capacity.SUBJECT in ruling.may, kind in NOTED_BY_ANOTHER)
        for kind, ruling in RULINGS.items()
    } | dict.fromkeys(group_authority.MAY, ("", False, False))


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("kind", FOREIGN)
async def test_nobody_has_a_hand_in_their_own_case(books: Registry, kind: str, hand: str) -> None:
    with pytest.raises(asyncpg.PostgresError, match="own case"):
        await attempt(books, kind, books.town.staff[LEFT][0], hand)
    await attempt(books, kind, books.town.staff[LEFT][2], hand)  # of somebody else it is taken


@pytest.mark.parametrize("hand", HANDS)
@pytest.mark.parametrize("kind", WEIGHING)
async def test_whoever_proposed_has_no_hand_in_a_verdict(books: Registry, kind: str, hand: str) -> None:
    with pytest.raises(asyncpg.PostgresError, match="own proposal"):
        await attempt(books, kind, books.town.staff[LEFT][1], hand)


@pytest.mark.parametrize("hand", ["actor", "principal"])
@pytest.mark.parametrize(("first", "second"), list(permutations(Part, 2)))
async def test_nobody_plays_two_parts(books: Registry, first: Part, second: Part, hand: str) -> None:
    player = books.town.staff[LEFT][3]
    done = await attempt(books, KIND_OF[first], player, hand, state="APPLIED")
    try:
        if Part.COUNSELLOR in (first, second) and {first, second} & {Part.RELEASING, Part.RECEIVING}:
            await attempt(books, KIND_OF[second], player)  # heard for a side without a head, and counsels
        else:
            with pytest.raises(asyncpg.PostgresError, match="two parts"):
                await attempt(books, KIND_OF[second], player)
        await attempt(books, KIND_OF[first], player)  # the same part once more
    finally:
        await books.execute("DELETE FROM commands WHERE command_id = $1", done)
