"""The book of orders: a number reserved first, then the paper, then issued or void."""

from __future__ import annotations

import hashlib
import secrets
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from adapters.postgres import log, surge_moves, travel_orders
from adapters.postgres.database import Connection, Database, queries
from adapters.postgres.fitting import resting
from adapters.postgres.moves import Disbelieved
from adapters.postgres.order_words import ROMAN, worded
from domain import cases
from domain.commands import CommandKind, CommandState
from domain.documents import OrderDraft
from domain.log import Attribution, Fact
from domain.moves import NOT_BY_THE_BOOKS, SurgeMove, Written
from domain.rebuild.said import ISSUED, STANDS
from domain.rules import RulePack

_SIGNATURE = (CommandKind.SIGN_ORDER, CommandState.RECORDED)
"""The decision that a number is drawn for."""


class OrderBook:
    """Assignment orders and their numbers."""

    def __init__(self, database: Database, rules: dict[str, RulePack]) -> None:
        self._database = database
        self._rules = rules

    async def reserve(
        self, surge_id: str, command_id: str, order_id: str, at: datetime
    ) -> tuple[str, str | None, int]:
        """Reserve the next number for all who are released: (order id, number, people).

        Asking twice for one decision gives the same order. Nobody to order draws no number, nor does whoever asks without
        a signature of this surge that is recorded and not answered.
        The year and month are those of the government's zone.
        """
        async with self._database.writing() as connection:
            known = await queries.order_of_command(connection, command_id=command_id)
            if known:
                people = await queries.order_people(connection, order_id=known["order_id"])
                return known["order_id"], known["number"], len(people)
            command = await queries.command_of_case(
                connection, command_id=command_id, case_id=cases.surge(surge_id)
            )
            if command is None or (command["kind"], command["state"]) != _SIGNATURE:
                return order_id, None, 0
            surge = await queries.surge_by_id(connection, surge_id=surge_id)
            pack = self._rules[surge["rule_pack"]]
            waiting = {"surge_id": surge_id, "signed_at": command["decided_at"], **resting(pack)}
            if not await queries.count_waiting_for_order(connection, **waiting):
                return order_id, None, 0
            government = await queries.government_by_id(connection, government_id=surge["government_id"])
            rules = pack.assignment_order
            local = at.astimezone(ZoneInfo(government["zone"]))
            drawn = await queries.next_number(
                connection,
                government_id=government["government_id"],
                register=rules.register,
                year=local.year,
            )
            number = f"{government['class_code']}/{drawn['last']}/{rules.unit_code}/{ROMAN[local.month - 1]}/{local.year}"
            reserved = await queries.reserve_order(
                connection,
                order_id=order_id,
                government_id=government["government_id"],
                surge_id=surge_id,
                register=rules.register,
                year=local.year,
                sequence=drawn["last"],
                number=number,
                command_id=command_id,
                salt=secrets.token_hex(16),
                signatory_id=command["actor_id"],
                signed_at=at,
            )
            people = await queries.put_on_order(connection, order_id=order_id, **waiting)
            named = sorted(row["placement_id"] for row in people)
            told = {"surge_id": surge_id, "number": number, "named": named, STANDS: reserved_of(reserved)}
            fact = _of_register("NumberReserved", order_id, surge["rule_pack"], at, told)
            await log.append(connection, government["government_id"], [fact])
        return order_id, number, len(people)

    async def draft(self, order_id: str) -> OrderDraft:
        """Return everything that the order says; what is not known stays open."""
        async with self._database.reading() as connection:
            head = await queries.order_head(connection, order_id=order_id)
            people = await queries.order_people(connection, order_id=order_id)
        return worded(head, people, self._rules[head["rule_pack"]])

    async def keep_file(self, order_id: str, placement_id: str | None, file: bytes) -> str:
        """Keep a rendered file (of one person, or the whole) and return its SHA-256 in hex."""
        sha256 = hashlib.sha256(file).hexdigest()
        async with self._database.reading() as connection:
            await queries.keep_document(
                connection, order_id=order_id, placement_id=placement_id, sha256=sha256, file=file
            )
        return sha256

    async def issue(
        self, order_id: str, facts_sha256: str, file_sha256: str, code: str, move: SurgeMove
    ) -> Written:
        """Mark the order as issued and write the surge's move with it; give it up where somebody on it fell away.

        What was typeset cannot be unsaid: an order that names somebody who does not go is never issued. Nor is one that was
        not signed by the decision which the move names, or is not the file that is kept.
        """
        try:
            return await self._issue(order_id, facts_sha256, file_sha256, code, move)
        except Disbelieved:
            return Written(refused=NOT_BY_THE_BOOKS)

    async def _issue(
        self, order_id: str, facts_sha256: str, file_sha256: str, code: str, move: SurgeMove
    ) -> Written:
        async with self._database.writing() as connection:
            stands = await queries.order_state(connection, order_id=order_id, file_sha256=file_sha256)
            if stands is None or not self._signed_by(move, stands):
                raise Disbelieved(order_id)
            state = stands["state"]
            if state == "RESERVED" and (
                gone := await queries.fallen_from_order(
                    connection, order_id=order_id, **resting(self._rules[stands["rule_pack"]])
                )
            ):
                reason = "people_changed: " + ", ".join(str(row["placement_id"]) for row in gone)
                await _give_up(connection, order_id, reason, move.fact.at)
                state = "VOID"
            if state == "VOID":
                return Written(refused="people_changed")
            await queries.issue_order(
                connection, order_id=order_id, facts_sha256=facts_sha256, file_sha256=file_sha256, code=code
            )
            if state == "RESERVED":
                await travel_orders.number(connection, order_id, self._rules, move.fact.at)
            papers = await queries.papers_of_order(connection, order_id=order_id)
            issued = {
                "facts_sha256": facts_sha256,
                "file_sha256": file_sha256,
                "code": code,
                "papers": papers,
            }
            return await self._write(connection, move, {ISSUED: issued})

    async def _write(self, connection: Connection, move: SurgeMove, beside: dict[str, Any]) -> Written:
        return await surge_moves.write_surge(connection, move, self._rules, beside)

    @staticmethod
    def _signed_by(move: SurgeMove, stands: Any) -> bool:
        """Say whether the move tells of this very order: signed by that decision, in this surge, and typeset as it is kept."""
        asked = (move.fact.type, move.fact.by.command_id, move.surge_id)
        return asked == ("OrderSigned", stands["command_id"], stands["surge_id"]) and bool(stands["kept"])

    async def void(
        self, order_id: str, reason: str, at: datetime | None = None, *, surge_id: str | None = None
    ) -> None:
        """Give the number up and let its people be ordered again; without an instant, as of the signature."""
        async with self._database.writing() as connection:
            await _give_up(connection, order_id, reason, at, surge_id)

    async def held_up(self, surge_id: str) -> tuple[str, ...]:
        """Return the placements that are released and on no order."""
        async with self._database.reading() as connection:
            rows = await queries.held_up(connection, surge_id=surge_id)
        return tuple(row["placement_id"] for row in rows)

    async def unserved(self, surge_id: str) -> tuple[tuple[str, str], ...]:
        """Return (order, placement) where the order is issued and the person's case has not heard of it."""
        async with self._database.reading() as connection:
            rows = await queries.unserved_people(connection, surge_id=surge_id)
        return tuple((row["order_id"], row["placement_id"]) for row in rows)


def reserved_of(row: Any) -> dict[str, Any]:
    """Return what a number of the orders was drawn for, as the log says it of a row; the salt by its hash."""
    return {
        **{name: row[name] for name in ("command_id", "signatory_id")},
        "signed_at": row["signed_at"].isoformat(),
        "salt_sha256": hashlib.sha256(row["salt"].encode()).hexdigest(),
    }


async def _give_up(
    connection: Connection, order_id: str, reason: str, at: datetime | None, surge_id: str | None = None
) -> None:
    row = await queries.void_order(connection, order_id=order_id, reason=reason, of_surge=surge_id)
    if row is None:
        return
    await queries.take_off_order(connection, order_id=order_id)
    told = {"surge_id": row["surge_id"], "number": row["number"], "reason": reason.partition(":")[0]}
    fact = _of_register("NumberVoided", order_id, row["rule_pack"], at or row["signed_at"], told)
    await log.append(connection, row["government_id"], [fact])


def _of_register(event: str, order_id: str, rule_pack: str, at: datetime, told: dict[str, Any]) -> Fact:
    """Return the entry for a number that is drawn or given up: the register does it, for a decision that stands."""
    by = Attribution("system:register", "SYSTEM", f"{rule_pack}#documents.assignment_order")
    return Fact(event, f"order:{order_id}", at, by, None, told)
