"""Why a decision was refused, with what its author needs to decide better: where the case stands, which line, which limit."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta

from app.sentences import sentence
from app.wiring import Books
from domain import cases
from domain.cases import CaseKind
from domain.commands import Command, CommandKind
from domain.eligibility import TOO_NEAR
from domain.mutation.findings import Effect
from domain.requests import RequestKind
from domain.secondment.alarms import absent_from

DAY = timedelta(days=1)


async def told(books: Books, command: Command) -> str:
    """Return one sentence on a decision that its case refused."""
    code = command.refusal or "refused"
    more = _MORE.get(code)
    return sentence(code) + (await more(books, command) if more else "")


async def _stands_at(books: Books, command: Command) -> str:
    """Say where the case stands."""
    state = await books.commands.state_of(command.case_id)
    return f"; it stands at {state}" if state else ""


async def _too_long_lines(books: Books, command: Command) -> str:
    """Name each line that is too long, and the limit."""
    case = cases.parse(command.case_id)
    if case.kind != CaseKind.SURGE:
        return ""
    surge_id = case.key
    row = await books.boards.surge(surge_id)
    limits = books.rules[row["rule_pack"]].limits
    most = limits.longest_duty
    if row["kind"] == RequestKind.SERVICE_DEMAND:
        most = min(most, limits.service_duty)
    asked = await books.boards.lines_of_decision(command.command_id, surge_id)
    long = [f", line {number} lasts {_days(lasts)}" for number, lasts in asked if lasts > most]
    return f": {_days(most)} at most{''.join(long)}"


async def _too_long_a_stay(books: Books, command: Command) -> str:
    """Name the limit of the whole stay, as it is for whoever decided."""
    pack = books.rules[await books.boards.pack_of_placement(cases.parse(command.case_id).key)]
    if command.kind == CommandKind.WAIVE_EXTENSION_LIMIT:
        return f": {_days(pack.clock.longest_waived)} in all, also with a waiver"
    waived = f"{_days(pack.clock.longest_waived)} with the regional secretary's waiver"
    return f": {_days(pack.clock.longest_extended)} in all, {waived}"


async def _next_duty(books: Books, command: Command) -> str:
    """Name the duty that the person rests before, when it begins, and how long the rest is at least."""
    placement_id = cases.parse(command.case_id).key
    found = await books.lines.next_duty(placement_id)
    if found is None:
        return ""
    line_id, after = found
    rest = books.rules[await books.boards.pack_of_placement(placement_id)].sparing.cooling_off
    return f": line {line_id} begins {_days(after)} after the duty ends as ordered, and needs {_days(rest)} of rest before it"


async def _lacking(books: Books, command: Command) -> str:
    """Name each document that the file of a mutation lacks, and each rule whose answer nobody knows."""
    judged = await books.mutations.rules_of(cases.parse(command.case_id).key, command.decided_at)
    screening = judged.weighed.screening
    unknown = [
        f"{one.rule} ({', '.join(sorted({measure.code for measure in one.faults}))})"
        for one in screening.of(Effect.BLOCK)
        if one.lacking
    ]
    parts = {"documents": [one.value for one in screening.missing], "rules": unknown}
    told = "; ".join(f"{what}: {', '.join(lacking)}" for what, lacking in parts.items() if lacking)
    return f"; {told}" if told else ""


async def _absent_from(books: Books, command: Command) -> str:
    """Say from when on somebody who has not come may be called absent, by the government's clock."""
    if command.kind != CommandKind.REPORT_NO_SHOW:
        return ""
    seat, life, pack = await books.registry.secondment(cases.parse(command.case_id).key)
    zone = await books.registry.zone(command.government_id)
    since = absent_from(life, books.rules[pack].clock_of(seat.kind).travel).astimezone(zone)
    return f": nobody is absent before {since:%d %b %H:%M %Z}, when they are to be there"


_MORE: dict[str, Callable[[Books, Command], Awaitable[str]]] = {
    "not_now": _stands_at,
    "longer_than_one_duty": _too_long_lines,
    "longer_than_allowed": _too_long_a_stay,
    "too_early": _absent_from,
    "file_incomplete": _lacking,
    TOO_NEAR: _next_duty,
}
"""What is said beside the sentence of a code."""


def _days(lasts: timedelta) -> str:
    return f"{lasts / DAY:.2f}".rstrip("0").rstrip(".") + " d"
