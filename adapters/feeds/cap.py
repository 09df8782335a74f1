"""CAP 1.2 (and 1.1) messages read from XML that anyone may have sent.

No DOCTYPE, so no entities and nothing fetched; at most 1 MB; every value that decides something is checked. A message
is taken whole or refused with one line that says what and where. The XML schema alone lets too much through: a polygon
of two points, or a time without its zone.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import TypeVar
from xml.etree.ElementTree import Element, ParseError

from defusedxml import DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden
from defusedxml.ElementTree import fromstring

from adapters.feeds import cap_values as values
from adapters.feeds.cap_values import BadValue
from domain.alerts import (
    Alert,
    Area,
    Category,
    Circle,
    Info,
    MsgType,
    Point,
    Reference,
    Scope,
    Severity,
    Status,
    Urgency,
)

T = TypeVar("T")

LARGEST = 1_000_000  # bytes
MOST_INFOS, MOST_AREAS, MOST_POINTS = 50, 2_000, 50_000
NAMESPACES = ("urn:oasis:names:tc:emergency:cap:1.2", "urn:oasis:names:tc:emergency:cap:1.1")
_XINCLUDE = "{http://www.w3.org/2001/XInclude}"


class CapRejected(Exception):
    """A message that was not taken: why, and where in it."""

    def __init__(self, reason: str, where: str) -> None:
        super().__init__(f"CAP message refused at {where}: {reason}")
        self.reason, self.where = reason, where


def parse(xml: bytes) -> Alert:
    """The message in this XML; raises `CapRejected`."""
    root = _root(xml)
    node = _Node(root, "alert", root.tag[: root.tag.index("}") + 1])
    alert = Alert(
        identifier=node.one("identifier", values.name),
        sender=node.one("sender", values.name),
        sent=node.one("sent", values.instant),
        status=node.one("status", values.member(Status)),
        msg_type=node.one("msgType", values.member(MsgType)),
        scope=node.one("scope", values.member(Scope)),
        source=node.maybe("source", values.text),
        note=node.maybe("note", values.text),
        references=tuple(Reference(*triple) for triple in node.maybe("references", values.references) or ()),
        incidents=node.maybe("incidents", values.words) or (),
        infos=tuple(_info(info) for info in node.nodes("info", MOST_INFOS)),
    )
    _check(alert, node)
    return alert


def _root(xml: bytes) -> Element:
    if len(xml) > LARGEST:
        raise CapRejected(f"{len(xml)} bytes, at most {LARGEST} are read", "document")
    try:
        root: Element = fromstring(xml, forbid_dtd=True)
    except (DTDForbidden, EntitiesForbidden, ExternalReferenceForbidden):
        raise CapRejected("a DOCTYPE is not allowed", "document") from None
    except ParseError as error:
        line, column = error.position
        raise CapRejected("not well-formed XML", f"line {line}, column {column + 1}") from None
    except (LookupError, ValueError, RecursionError) as error:
        raise CapRejected(f"not readable as XML ({type(error).__name__})", "document") from None
    if root.tag not in {f"{{{namespace}}}alert" for namespace in NAMESPACES}:
        raise CapRejected("not a CAP 1.2 or 1.1 alert", "document")
    if any(node.tag.startswith(_XINCLUDE) for node in root.iter()):
        raise CapRejected("an XInclude is not allowed", "document")
    return root


def _check(alert: Alert, node: _Node) -> None:
    """What the parts of a message ask of each other."""
    if alert.msg_type in (MsgType.UPDATE, MsgType.CANCEL) and not alert.references:
        node.refuse("references", f"{alert.msg_type.value} must say which message it is about")
    if alert.msg_type in (MsgType.ALERT, MsgType.UPDATE) and not alert.infos:
        node.refuse("info", f"{alert.msg_type.value} must say what it warns of")
    if alert.scope is Scope.RESTRICTED:
        node.one("restriction", values.text)
    if alert.scope is Scope.PRIVATE:
        node.one("addresses", values.text)
    for number, info in enumerate(alert.infos, start=1):
        begins: datetime = info.effective or alert.sent
        if alert.msg_type is not MsgType.CANCEL and info.expires and info.expires <= begins:
            node.refuse(f"info[{number}]/expires", "it expires before it takes effect")
    points = sum(len(shape) for info in alert.infos for area in info.areas for shape in area.polygons)
    if points > MOST_POINTS:
        node.refuse("info", f"{points} points in polygons, at most {MOST_POINTS}")


def _info(node: _Node) -> Info:
    return Info(
        language=node.maybe("language", values.text) or "en-US",
        categories=node.some("category", values.member(Category)),
        event=node.one("event", values.text),
        urgency=node.one("urgency", values.member(Urgency)),
        severity=node.one("severity", values.member(Severity)),
        certainty=node.one("certainty", values.certainty),
        effective=node.maybe("effective", values.instant),
        onset=node.maybe("onset", values.instant),
        expires=node.maybe("expires", values.instant),
        sender_name=node.maybe("senderName", values.text),
        headline=node.maybe("headline", values.text),
        description=node.maybe("description", values.text),
        instruction=node.maybe("instruction", values.text),
        web=node.maybe("web", values.text),
        contact=node.maybe("contact", values.text),
        response_types=node.many("responseType", values.response_type),
        event_codes=_pairs(node, "eventCode"),
        parameters=_pairs(node, "parameter"),
        areas=tuple(_area(area) for area in node.nodes("area", MOST_AREAS)),
    )


def _area(node: _Node) -> Area:
    polygons: tuple[tuple[Point, ...], ...] = node.many("polygon", values.polygon)
    circles: tuple[Circle, ...] = node.many("circle", values.circle)
    return Area(node.one("areaDesc", values.text), polygons, circles, _pairs(node, "geocode"))


def _pairs(node: _Node, tag: str) -> tuple[tuple[str, str], ...]:
    """(valueName, value) of each such element; a value may be blank."""
    found = (pair for pair in node.nodes(tag, MOST_AREAS))
    return tuple(
        (pair.one("valueName", values.text), pair.maybe("value", values.text) or "") for pair in found
    )


class _Node:
    """An element with its way from the root, so that a refusal can say where."""

    def __init__(self, element: Element, path: str, namespace: str) -> None:
        self._element, self._path, self._namespace = element, path, namespace

    def refuse(self, below: str, reason: str) -> None:
        raise CapRejected(reason, f"{self._path}/{below}")

    def nodes(self, tag: str, most: int) -> list[_Node]:
        found = self._element.findall(self._namespace + tag)
        if len(found) > most:
            self.refuse(tag, f"{len(found)} of them, at most {most}")
        return [_Node(child, f"{self._path}/{tag}[{n}]", self._namespace) for n, child in enumerate(found, 1)]

    def one(self, tag: str, read: Callable[[str], T]) -> T:
        value = self.maybe(tag, read)
        if value is None:
            raise CapRejected("it is missing or blank", f"{self._path}/{tag}")
        return value

    def maybe(self, tag: str, read: Callable[[str], T]) -> T | None:
        """None where it is missing or blank. Twice is refused: whoever reads the other one sees another message."""
        found = self.many(tag, read)
        if len(found) > 1:
            self.refuse(tag, f"it may stand once, found {len(found)}")
        return found[0] if found else None

    def some(self, tag: str, read: Callable[[str], T]) -> tuple[T, ...]:
        found = self.many(tag, read)
        if not found:
            self.refuse(tag, "it is missing or blank")
        return found

    def many(self, tag: str, read: Callable[[str], T]) -> tuple[T, ...]:
        found = []
        for number, child in enumerate(self._element.findall(self._namespace + tag), start=1):
            where = f"{self._path}/{tag}" + (f"[{number}]" if number > 1 else "")
            if len(child):
                raise CapRejected("plain text was expected, found elements", where)
            content = (child.text or "").strip()
            try:
                found += [read(content)] if content else []
            except BadValue as bad:
                raise CapRejected(str(bad), where) from None
        return tuple(found)
