"""Why a decision was refused, with what its author needs to decide better: where the case stands, which line, which limit."""

from __future__ import annotations

from datetime import timedelta

from app.sentences import sentence
from app.wiring import Books
from domain import cases
from domain.cases import CaseKind
from domain.commands import Command, CommandKind
from domain.eligibility import TOO_NEAR
from domain.requests import RequestKind
from domain.secondment.alarms import absent_from

DAY = timedelta(days=1)


async def told(books: Books, command: Command) -> str:
    """Return one sentence on a decision that its case refused."""
    code, more = command.refusal or "refused", ""
    if code == "not_now":
        state = await books.commands.state_of(command.case_id)
        more = f"; it stands at {state}" if state else ""
    elif code == "longer_than_one_duty" and cases.parse(command.case_id).kind == CaseKind.SURGE:
        more = await _too_long_lines(books, command)
    elif code == "longer_than_allowed":
        more = await _too_long_a_stay(books, command)
    elif code == TOO_NEAR:
        more = await _next_duty(books, command)
    elif code == "too_early" and command.kind == CommandKind.REPORT_NO_SHOW:
        more = await _absent_from(books, command)
    return sentence(code) + more


async def _too_long_lines(books: Books, command: Command) -> str:
    """Name each line that is too long, and the limit."""
    surge_id = cases.parse(command.case_id).key
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


async def _absent_from(books: Books, command: Command) -> str:
    """Say from when on somebody who has not come may be called absent, by the government's clock."""
    seat, life, pack = await books.registry.secondment(cases.parse(command.case_id).key)
    zone = await books.registry.zone(command.government_id)
    since = absent_from(life, books.rules[pack].clock_of(seat.kind).travel).astimezone(zone)
    return f": nobody is absent before {since:%d %b %H:%M %Z}, when they are to be there"


def _days(lasts: timedelta) -> str:
    return f"{lasts / DAY:.2f}".rstrip("0").rstrip(".") + " d"
