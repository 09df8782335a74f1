"""A taste of the hundred thousand numbers; and each fault of a register is seen by the check."""

from collections.abc import Iterator

import psycopg
import pytest

from lab.soak_numbers import Drawn, decisions, print_numbers, soak
from lab.soak_numbers_check import faults
from lab.soak_numbers_writer import End

pytestmark = pytest.mark.long

NUMBERS, WRITERS = 400, 8
_ONE = "(SELECT decree_id FROM decrees WHERE year = 2027 AND state = '{}' ORDER BY government_id, sequence LIMIT 1)"

BY_HAND = {
    "a number is lost": (
        f"ALTER TABLE decree_members DROP CONSTRAINT decree_members_decree_id_fkey; ALTER TABLE decree_papers DROP CONSTRAINT decree_papers_decree_id_fkey; DELETE FROM decrees WHERE decree_id = {_ONE.format('ISSUED')}",
        "is missing in its register",
    ),
    "the last number is lost": (
        """ALTER TABLE decree_members DROP CONSTRAINT decree_members_decree_id_fkey; ALTER TABLE decree_papers DROP CONSTRAINT decree_papers_decree_id_fkey;
           DELETE FROM decrees d WHERE sequence = (SELECT last FROM registers r WHERE r.year = d.year
                                                       AND r.government_id = d.government_id)""",
        "is missing in its register",
    ),
    "a number is drawn twice": (
        f"""ALTER TABLE decrees DROP CONSTRAINT decrees_government_id_register_year_sequence_key;
            UPDATE decrees d SET sequence = d.sequence + 1 WHERE decree_id = {_ONE.format("ISSUED")}""",
        "stands more than once",
    ),
    "a number is skipped": (
        "UPDATE registers SET last = last + 1 WHERE year = 2026",
        "is not the last number of its register",
    ),
    "a number has no reason": (
        f"""ALTER TABLE decrees DROP CONSTRAINT decrees_check;
            UPDATE decrees SET void_reason = NULL WHERE decree_id = {_ONE.format("VOID")}""",
        "is neither reserved nor issued, nor given up for a reason",
    ),
    "the year is that of Greenwich": (
        "UPDATE governments SET zone = 'UTC'",
        "is not of the local month and year in which it was drawn",
    ),
    "the log says nothing of a number": (
        "DELETE FROM events WHERE type = 'NumberReserved' AND seq = 4",
        "has not exactly one entry of the log that reserves it",
    ),
    "a number is given up by hand": (
        f"""UPDATE decrees SET state = 'VOID', void_reason = 'by hand' WHERE decree_id = {_ONE.format("RESERVED")}""",
        "is given up in the book or in the log alone",
    ),
    "a decision has two numbers": (
        f"""DROP INDEX decree_of_a_decision;
            UPDATE decrees SET command_id = (SELECT command_id FROM decrees WHERE state = 'ISSUED' LIMIT 1)
             WHERE decree_id = {_ONE.format("RESERVED")}""",
        "has more than one number that stands",
    ),
    "what was told is another number now": (
        f"UPDATE decrees SET number = '821.2/0/BPKSDM/I/2027' WHERE decree_id = {_ONE.format('ISSUED')}",
        "was told and is not in the book",
    ),
    "nobody drew in the new year": (
        "UPDATE registers SET year = 2026, register = 'another' WHERE year = 2027",
        "has not drawn in two years",
    ),
}


@pytest.fixture(scope="module")
def drawn(database: str) -> Drawn:
    return soak(database, numbers=NUMBERS, writers=WRITERS, seed=7, say=print)


@pytest.fixture
def by_hand(database: str) -> Iterator[psycopg.Connection[object]]:
    """A connection whose changes are undone."""
    with psycopg.connect(database) as connection:
        yield connection
        connection.rollback()


def test_no_number_is_lost_or_drawn_twice_whoever_fails_or_is_killed(
    drawn: Drawn, capsys: pytest.CaptureFixture[str]
) -> None:
    print_numbers(drawn)
    assert "FAULT" not in capsys.readouterr().out
    assert drawn.numbers >= NUMBERS
    assert drawn.rolled_back > 0
    assert drawn.killed > 0
    assert {(one.zone, one.year) for one in drawn.registers} == {
        (zone, year) for zone in ("Asia/Jakarta", "Asia/Makassar", "Asia/Jayapura") for year in (2026, 2027)
    }
    assert min(one.void for one in drawn.registers) > 0


@pytest.mark.parametrize("what", BY_HAND)
def test_what_is_wrong_with_a_register_is_seen(
    drawn: Drawn, by_hand: psycopg.Connection[object], what: str
) -> None:
    statement, fault = BY_HAND[what]
    by_hand.execute(statement)
    assert [one for one in faults(by_hand, drawn.told) if one.endswith(fault)]


def test_whoever_is_told_another_number_for_one_decision_is_believed(
    drawn: Drawn, by_hand: psycopg.Connection[object]
) -> None:
    issued = by_hand.execute("SELECT command_id::text, number FROM decrees WHERE state = 'ISSUED'").fetchone()
    assert issued is not None
    told = {**drawn.told, issued[0]: [issued[1], issued[1]]}
    assert f"{issued[1]} was told, and then another one, and it is ISSUED" in faults(by_hand, told)


def test_the_same_seed_gives_the_same_decisions() -> None:
    drawn = decisions(500, 5, seed=3)
    assert drawn == decisions(500, 5, seed=3) != decisions(500, 5, seed=4)
    assert sum(2 if one.end == End.AGAIN else 1 for share in drawn for one in share) == 500
