"""The book of travel orders: numbered as the assignment order is issued, typeset when somebody first asks."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres import log
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.order_words import ROMAN, letterhead_of, person_of, signatory_of, subject_of
from domain.log import Attribution, Fact
from domain.rebuild.said import STANDS
from domain.rebuild.sealed import sealed
from domain.rules import RulePack
from domain.travel_order import TravelOrder


class TravelOrderBook:
    """Travel orders and their numbers."""

    def __init__(self, database: Database, rules: Mapping[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    async def paper(self, order_id: str, placement_id: str) -> TravelOrder | None:
        """Return what the travel order of somebody on an issued order says; None where there is none."""
        async with self._database.reading() as connection:
            row = await queries.travel_order(connection, order_id=order_id, placement_id=placement_id)
            if row is None:
                return None
            head = await queries.order_head(connection, order_id=order_id)
        return _worded(row, head, self._rules[head["rule_pack"]])

    async def file(self, order_id: str, placement_id: str) -> bytes | None:
        """Return it as PDF; None where it is not typeset yet."""
        async with self._database.reading() as connection:
            row = await queries.travel_order_file(connection, order_id=order_id, placement_id=placement_id)
        return bytes(row["file"]) if row else None

    async def keep(self, order_id: str, placement_id: str, file: bytes) -> None:
        """Keep the PDF; the first one stays."""
        sha256 = hashlib.sha256(file).hexdigest()
        async with self._database.writing() as connection:
            await queries.keep_travel_order(
                connection, order_id=order_id, placement_id=placement_id, sha256=sha256, file=file
            )

    async def orders_of(self, placement_id: str) -> list[tuple[str, str]]:
        """Return (order id, number of the travel order) of somebody, oldest first."""
        async with self._database.reading() as connection:
            rows = await queries.travel_orders_of(connection, placement_id=placement_id)
        return [(row["order_id"], row["number"]) for row in rows]


async def number(connection: Connection, order_id: str, rules: Mapping[str, RulePack], at: datetime) -> None:
    """Number the travel orders of everybody on an order, in the transaction that issues it; none is ever void."""
    head = await queries.order_head(connection, order_id=order_id)
    people = await queries.order_people(connection, order_id=order_id)
    travel = rules[head["rule_pack"]].travel_order
    local = head["signed_at"].astimezone(ZoneInfo(head["zone"]))
    register = {
        "government_id": head["government_id"],
        "register": travel.register,
        "year": local.year,
    }
    last: int = await queries.draw_numbers(connection, **register, count=len(people))
    first = last - len(people) + 1
    sequences = range(first, last + 1)
    await queries.number_travel_orders(
        connection,
        **register,
        order_id=order_id,
        sequences=list(sequences),
        numbers=[travel.number(one, ROMAN[local.month - 1], local.year) for one in sequences],
        placement_ids=[row["placement_id"] for row in people],
        roles=[row["role"] for row in people],
        line_ids=[row["line_id"] for row in people],
        sites=[row["site"] for row in people],
        moves=[row["moves"] for row in people],
        reports=[row["report_at"] for row in people],
        dues=[row["due_back"] for row in people],
    )
    by = Attribution("system:register", "SYSTEM", f"{head['rule_pack']}#documents.travel_order")
    numbered = await queries.travel_orders_numbered(connection, order_id=order_id)
    stands = {"numbered_sha256": numbered_sha256(numbered)}
    told = {"year": local.year, "first": first, "last": last, STANDS: stands}
    fact = Fact("TravelOrdersNumbered", f"order:{order_id}", at, by, None, told)
    await log.append(connection, head["government_id"], [fact])


def numbered_sha256(row: Any) -> str:
    """Return the hash of what was numbered with an order: who travels as what, where to and when, by the order's salt."""
    return sealed(row["salt"], row, ("rows",))


def _worded(row: Any, head: Any, rules: RulePack) -> TravelOrder:
    person = person_of(row, rules)
    return TravelOrder(
        number=row["number"],
        order_number=head["number"],
        zone=head["zone"],
        letterhead=letterhead_of(head),
        purpose=f"{subject_of(head, rules)}, sebagai {person.role}",
        person=person,
        leaves_from=row["leaves_from"] or row["unit"],
        funding_source=head["funding"],
        government=head["government"],
        signed_place=head["place"],
        signed_at=head["signed_at"],
        signatory=signatory_of(head),
        amends=row["amends"] or "",
        verification_base=rules.travel_order.verification_base,
        salt=head["salt"],
        synthetic=head["synthetic"],
    )
