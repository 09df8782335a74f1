"""A public warning comes in: kept once, judged, and at most an operation opened and a request drafted.

It deploys nobody. Whatever moves people is decided afterwards, by a person, through the ordinary actions.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from app.actions import House, granted_to, open_operation
from app.drafting import Draft, FirstReport, draft
from domain import cases
from domain.alert_areas import Reach, distance_km, in_polygon, reach
from domain.alerts import Alert, Effect, Key, Point, Reception, receive
from domain.authority import Actor, CaseFacts
from domain.commands import Command, CommandKind
from domain.requests import OperationRequest, WarningTaken
from domain.sizing import SizingRatios

KELURAHAN = "kelurahan"


class Kept(Protocol):
    """A warning as it came, and the operation that it belongs to."""

    @property
    def key(self) -> Key: ...
    @property
    def document(self) -> bytes: ...
    @property
    def operation_id(self) -> str | None: ...


class AlertBook(Protocol):
    """Where warnings are kept."""

    async def known(self, government_id: str) -> Sequence[Kept]: ...
    async def keep(
        self,
        government_id: str,
        alert: Alert,
        document: bytes,
        *,
        superseded: tuple[Key, ...],
        operation_id: str | None,
        at: datetime,
    ) -> bool: ...
    async def operation_of(self, government_id: str, key: Key) -> str | None: ...
    async def places(self, government_id: str) -> Sequence[tuple[Point, str]]: ...


@dataclass(frozen=True)
class Desk:
    """What taking a warning in needs: its book, and who reads its XML (raising Faulty)."""

    house: House
    book: AlertBook
    parse: Callable[[bytes], Alert]


@dataclass(frozen=True)
class Taken:
    """What became of a warning: its effect and why, the operation, the draft, and the decision that opened it."""

    alert: Alert
    effect: Effect
    reason: str
    reach: Reach
    operation_id: str | None = None
    draft: Draft | None = None
    opened: Command | None = None


async def ingest_alert(desk: Desk, who: Actor, xml: bytes, report: FirstReport | None = None) -> Taken:
    """Take a CAP message in. The same message twice is one; only who may open an operation may bring one."""
    granted_to(CommandKind.OPEN_OPERATION, who, CaseFacts(who.government_id))
    alert = desk.parse(xml)
    now = desk.house.clock.now()
    known = {kept.key: kept for kept in await desk.book.known(who.government_id)}
    earlier = [desk.parse(kept.document) for key, kept in known.items() if key != alert.key]
    places = await desk.book.places(who.government_id)
    found = _judge(alert, earlier, places, now)
    twin = known.get(alert.key)
    if twin and (desk.parse(twin.document) != alert or twin.operation_id or found.effect != Effect.OPENS):
        same = desk.parse(twin.document) == alert
        reason = "already_received" if same else "identifier_reused"
        return Taken(alert, Effect.DUPLICATE, reason, _reach(alert, places), twin.operation_id)
    behind = next((known[key].operation_id for key in found.superseded if known[key].operation_id), None)
    await desk.book.keep(
        who.government_id, alert, xml, superseded=found.superseded, operation_id=behind, at=now
    )
    return await _set_in_motion(
        desk, who, alert, found, operation_id=behind, places=places, report=report or FirstReport()
    )


def _judge(
    alert: Alert, earlier: Sequence[Alert], places: Sequence[tuple[Point, str]], now: datetime
) -> Reception:
    found = receive(alert, earlier, now=now)
    if found.may_mobilise and _reach(alert, places) == Reach.OUTSIDE:
        return Reception(Effect.RECORDED, "outside_our_area", found.superseded)
    return found


async def _set_in_motion(
    desk: Desk,
    who: Actor,
    alert: Alert,
    found: Reception,
    *,
    operation_id: str | None,
    places: Sequence[tuple[Point, str]],
    report: FirstReport,
) -> Taken:
    opened: Command | None = None
    # An update of a warning that opened nothing (it was not for us, or had expired) opens its own operation.
    if found.may_mobilise and operation_id is None:
        operation_id, opened = await _open(desk, who, alert)
    drafted = None
    if found.may_mobilise and operation_id is not None:
        ratios = SizingRatios.of(desk.house.rules.sizing, f"rule pack {desk.house.rules.id}")
        drafted = draft(_title(alert), operation_id, _affected(alert, places), report, ratios)
    return Taken(alert, found.effect, found.reason, _reach(alert, places), operation_id, drafted, opened)


async def _open(desk: Desk, who: Actor, alert: Alert) -> tuple[str | None, Command | None]:
    info = alert.info()
    hazard = info.event if info else "unknown"
    request = OperationRequest(_title(alert), hazard, alert.key)
    try:
        opened = await open_operation(
            desk.house, who, request, key=f"alert/{alert.sender}/{alert.identifier}"
        )
    except WarningTaken:
        return await desk.book.operation_of(who.government_id, alert.key), None
    return cases.parse(opened.case_id).key, opened


def _title(alert: Alert) -> str:
    info = alert.info()
    return ((info.headline or info.event) if info else alert.identifier)[:120]


def _reach(alert: Alert, places: Sequence[tuple[Point, str]]) -> Reach:
    return reach(alert, [point for point, _ in places])


def _affected(alert: Alert, places: Sequence[tuple[Point, str]]) -> list[Point]:
    """Return the kelurahan within the warned area; all of them where the area is told in words alone."""
    kelurahan = [point for point, kind in places if kind == KELURAHAN]
    return [point for point in kelurahan if _within(alert, point)] or kelurahan


def _within(alert: Alert, point: Point) -> bool:
    return any(
        any(in_polygon(point, polygon) for polygon in area.polygons)
        or any(distance_km(circle.centre, point) <= circle.radius_km for circle in area.circles)
        for info in alert.infos
        for area in info.areas
    )
