"""What `soak numbers` asks of the tables in the end, in SQL of its own: nothing here knows how the numbers were drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import psycopg

SHOWN = 20
"""Faults of one kind that are named; the others are counted."""

_REGISTERS = """
    SELECT g.government_id, g.zone, r.year, count(d.decree_id) AS numbers,
           count(*) FILTER (WHERE d.state = 'ISSUED') AS issued, count(*) FILTER (WHERE d.state = 'VOID') AS void,
           count(*) FILTER (WHERE d.state = 'RESERVED') AS reserved
      FROM registers r JOIN governments g USING (government_id)
      LEFT JOIN decrees d USING (government_id, register, year)
     GROUP BY g.government_id, g.zone, r.register, r.year ORDER BY g.zone, r.year
"""

_FAULTS = {
    "is missing in its register": """
        SELECT concat_ws(' ', government_id, register, year, 'number', n) AS what
          FROM (SELECT government_id, register, year, greatest(max(last), max(sequence)) AS highest
                  FROM registers FULL JOIN decrees USING (government_id, register, year) GROUP BY 1, 2, 3) AS all_of
         CROSS JOIN generate_series(1, highest) AS n
         WHERE NOT EXISTS (SELECT FROM decrees d WHERE d.government_id = all_of.government_id
                              AND d.register = all_of.register AND d.year = all_of.year AND d.sequence = n)""",
    "stands more than once": """
        SELECT concat_ws(' ', government_id, register, year, 'number', sequence, number) AS what FROM decrees
         WHERE (government_id, number) IN (SELECT government_id, number FROM decrees GROUP BY 1, 2 HAVING count(*) > 1)
            OR (government_id, register, year, sequence) IN (
                 SELECT government_id, register, year, sequence FROM decrees GROUP BY 1, 2, 3, 4 HAVING count(*) > 1)""",
    "is not the last number of its register": """
        SELECT concat_ws(' ', government_id, register, year, 'last', last) AS what FROM registers r
         WHERE last <> (SELECT count(*) FROM decrees d WHERE d.government_id = r.government_id
                           AND d.register = r.register AND d.year = r.year)""",
    "is neither reserved nor issued, nor given up for a reason": """
        SELECT concat_ws(' ', number, state) AS what FROM decrees
         WHERE state NOT IN ('RESERVED', 'ISSUED', 'VOID') OR (state = 'VOID') <> (coalesce(void_reason, '') <> '')""",
    "is not of the local month and year in which it was drawn": """
        SELECT concat_ws(' ', number, 'drawn at', signed_at AT TIME ZONE zone, zone) AS what
          FROM decrees JOIN governments USING (government_id)
         WHERE extract(year FROM signed_at AT TIME ZONE zone) <> year
            OR number NOT LIKE concat('%/', sequence, '/%/', to_char(signed_at AT TIME ZONE zone, 'FMRM'), '/', year)""",
    "has not exactly one entry of the log that reserves it": """
        SELECT concat_ws(' ', coalesce(d.number, 'nothing but an entry'), decree_id) AS what
          FROM (SELECT decree_id::text, number FROM decrees) AS d FULL JOIN (
                 SELECT substr(case_id, 8) AS decree_id, count(*) AS entries, min(data ->> 'number') AS said
                   FROM events WHERE type = 'NumberReserved' GROUP BY 1) AS e USING (decree_id)
         WHERE entries IS DISTINCT FROM 1 OR said IS DISTINCT FROM d.number""",
    "is given up in the book or in the log alone": """
        SELECT concat_ws(' ', coalesce(d.number, said), decree_id) AS what
          FROM (SELECT decree_id::text, number FROM decrees WHERE state = 'VOID') AS d FULL JOIN (
                 SELECT substr(case_id, 8) AS decree_id, count(*) AS entries, min(data ->> 'number') AS said
                   FROM events WHERE type = 'NumberVoided' GROUP BY 1) AS e USING (decree_id)
         WHERE entries IS DISTINCT FROM 1 OR said IS DISTINCT FROM d.number""",
    "has more than one number that stands": """
        SELECT concat_ws(' ', 'decision', command_id) AS what FROM decrees WHERE state <> 'VOID'
         GROUP BY command_id HAVING count(*) > 1""",
}


@dataclass(frozen=True)
class Register:
    """One register of one government and year, as the table has it."""

    government_id: str
    zone: str
    year: int
    numbers: int
    issued: int
    void: int
    reserved: int


def registers(connection: psycopg.Connection[Any]) -> list[Register]:
    """Count what each register holds."""
    return [Register(*row) for row in connection.execute(_REGISTERS)]


def faults(connection: psycopg.Connection[Any], told: Mapping[str, Sequence[str]]) -> list[str]:
    """Say what is wrong, each fault in a line; `told` has the numbers that each decision was told, in order."""
    found: list[str] = []
    for fault, query in _FAULTS.items():
        found += _some([f"{what} {fault}" for (what,) in connection.execute(query)])
    found += _some(_years(connection))
    found += _some(_broken_words(connection, told))
    return found


def _years(connection: psycopg.Connection[Any]) -> list[str]:
    crossed = connection.execute(
        """SELECT government_id FROM governments
            WHERE (SELECT count(DISTINCT year) FROM registers r WHERE r.government_id = governments.government_id) <> 2"""
    )
    return [f"{government_id} has not drawn in two years" for (government_id,) in crossed]


def _broken_words(connection: psycopg.Connection[Any], told: Mapping[str, Sequence[str]]) -> list[str]:
    """Whoever asks again for one decision is told the same number, unless that one was given up."""
    states: dict[tuple[str, str], str] = {
        (command_id, number): state
        for command_id, number, state in connection.execute(
            "SELECT command_id::text, number, state FROM decrees"
        )
    }
    wrong = []
    for command_id, numbers in told.items():
        for place, number in enumerate(numbers, 1):
            state = states.get((command_id, number))
            if state is None:
                wrong.append(f"{number} was told and is not in the book")
            elif place < len(numbers) and state != "VOID":
                wrong.append(f"{number} was told, and then another one, and it is {state}")
    return wrong


def _some(found: list[str]) -> list[str]:
    more = [f"… and {len(found) - SHOWN} more of this kind"] if len(found) > SHOWN else []
    return found[:SHOWN] + more
