"""CAP messages: real ones are read, hostile and broken ones refused with one line."""

import random
import re
import time
import tracemalloc
from datetime import UTC, datetime
from pathlib import Path

import pytest

from adapters.feeds.cap import LARGEST, CapRejected, parse
from domain.alert_areas import Reach, reach
from domain.alerts import Alert, Category, Effect, MsgType, Severity, Status, receive

BMKG = (Path(__file__).with_name("data") / "bmkg-nowcast-jateng.xml").read_bytes()
EXAMPLES = Path(__file__).parents[3] / "examples" / "kota-kupang"
FLOOD = (EXAMPLES / "alert-banjir.xml").read_bytes()
CANCEL = (EXAMPLES / "alert-banjir-cancel.xml").read_bytes()


def changed(old: str, new: str, xml: bytes = FLOOD) -> bytes:
    text = xml.decode()
    assert old in text
    return text.replace(old, new, 1).encode()


def with_element(tag: str, content: str, xml: bytes = FLOOD) -> bytes:
    """The message with the content of its first such element replaced."""
    text, count = re.subn(f"<{tag}>[^<]*</{tag}>", f"<{tag}>{content}</{tag}>", xml.decode(), count=1)
    assert count == 1
    return text.encode()


def without(tag: str, xml: bytes = FLOOD) -> bytes:
    text, count = re.subn(f"<{tag}>[^<]*</{tag}>", "", xml.decode())
    assert count >= 1
    return text.encode()


def attempt(xml: bytes) -> Alert | CapRejected:
    try:
        return parse(xml)
    except CapRejected as refused:
        return refused


def refusal(xml: bytes) -> CapRejected:
    refused = attempt(xml)
    assert isinstance(refused, CapRejected)
    assert "\n" not in str(refused)
    assert len(str(refused)) < 300
    return refused


def test_a_real_nowcast_of_bmkg_is_read() -> None:
    alert = parse(BMKG)
    assert alert.key == ("cuaca.ekstrem@bmkg.go.id", "2.49.0.1.360.0.2026.02.16.16.45.005")
    assert alert.sent == datetime(2026, 2, 16, 15, tzinfo=UTC)
    info = alert.info()
    assert info is not None
    assert (info.severity, info.categories) == (Severity.MODERATE, (Category.MET,))
    assert info.expires == datetime(2026, 2, 16, 18, tzinfo=UTC)
    assert info.event_codes == (("OET", "OET-194"),)
    assert info.areas[0].polygons[0][0] == (-6.89, 109.67)


def test_the_example_messages_tell_the_story_of_one_flood() -> None:
    names = ("alert-banjir", "alert-banjir-exercise", "alert-banjir-update", "alert-banjir-cancel")
    known, effects = [], []
    for name in names:
        alert = parse((EXAMPLES / f"{name}.xml").read_bytes())
        effects.append(receive(alert, known, now=datetime(2026, 11, 21, 2, tzinfo=UTC)).effect)
        assert reach(alert, [(-10.163, 123.607)], "53.71") is Reach.INSIDE
        known.append(alert)
    assert effects == [Effect.OPENS, Effect.RECORDED, Effect.REVISES, Effect.ENDS]
    assert known[1].status is Status.EXERCISE
    assert known[3].msg_type is MsgType.CANCEL


def test_cap_1_1_and_several_languages_are_read() -> None:
    text = FLOOD.decode().replace("cap:1.2", "cap:1.1")
    one = re.search(r"<info>.*</info>", text, re.DOTALL)
    assert one
    english = one[0].replace("<language>id<", "<language>en-US<")
    alert = parse(text.replace("</alert>", f"{english}</alert>").encode())
    assert [info.language for info in alert.infos] == ["id", "en-US"]


def test_utf16_is_read() -> None:
    text = FLOOD.decode().replace('encoding="UTF-8"', 'encoding="UTF-16"')
    assert parse(text.encode("utf-16")) == parse(FLOOD)


def test_a_foreign_signature_is_passed_over() -> None:
    signature = '<Signature xmlns="http://www.w3.org/2000/09/xmldsig#"><SignedInfo/></Signature></alert>'
    assert parse(changed("</alert>", signature)) == parse(FLOOD)


def test_times_are_kept_as_utc_whatever_their_offset() -> None:
    utc = "2026-11-20T20:10:00"
    for written in (f"{utc}Z", f"{utc}-00:00", f"{utc}+00:00", f"{utc}.000+00:00"):
        assert parse(with_element("sent", written)).sent == parse(FLOOD).sent


LAUGHS = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10 if n else "ha"}">' for n in range(10))
HEAD, BODY = FLOOD.decode().split("?>", 1)


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE alert [{LAUGHS}]>",
        '<!DOCTYPE alert [<!ENTITY x "' + "a" * 50_000 + '">]>',
        '<!DOCTYPE alert [<!ENTITY x SYSTEM "/etc/passwd">]>',
        '<!DOCTYPE alert SYSTEM "http://127.0.0.1:9/evil.dtd">',
        '<!DOCTYPE alert [<!ENTITY % p SYSTEM "http://127.0.0.1:9/p"> %p;]>',
        "<!DOCTYPE alert>",
    ],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_any_doctype_is_refused(doctype: str, encoding: str) -> None:
    body = BODY.replace("Hujan lebat", "&x;&l9;" if "ENTITY" in doctype else "Hujan", 1)
    head = HEAD.replace("UTF-8", encoding)
    assert refusal(f"{head}?>{doctype}{body}".encode(encoding)).reason == "a DOCTYPE is not allowed"


def test_an_xinclude_is_refused_wherever_it_stands() -> None:
    include = '<xi:include xmlns:xi="http://www.w3.org/2001/XInclude" href="/etc/passwd" parse="text"/>'
    assert "XInclude" in refusal(changed("</alert>", f"{include}</alert>")).reason
    assert "XInclude" in refusal(with_element("description", include)).reason


@pytest.mark.parametrize(
    ("xml", "where", "reason"),
    [
        (b"", "line 1", "not well-formed"),
        (b"plain text", "line 1", "not well-formed"),
        (b"\xff\xfe\x00", "line 1", "not well-formed"),
        (b"<html/>", "document", "not a CAP"),
        (b"<alert/>", "document", "not a CAP"),
        (b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.0"/>', "document", "not a CAP"),
        (b'<alert xmlns="urn:oasis:names:tc:emergency:cap:1.2"/>', "alert/identifier", "missing"),
        (b'<?xml version="1.0" encoding="klingon"?><a/>', "document", "not readable as XML"),
        (b" " * (LARGEST + 1), "document", "at most 1000000"),
        (FLOOD[:-20], "line", "not well-formed"),
    ],
)
def test_what_is_no_message_is_refused(xml: bytes, where: str, reason: str) -> None:
    refused = refusal(xml)
    assert where in refused.where
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("xml", "where", "reason"),
    [
        (without("sent"), "alert/sent", "missing"),
        (without("status"), "alert/status", "missing"),
        (without("category"), "alert/info[1]/category", "missing"),
        (without("event"), "alert/info[1]/event", "missing"),
        (without("areaDesc"), "alert/info[1]/area[1]/areaDesc", "missing"),
        (with_element("status", "actual"), "alert/status", "one of Actual"),
        (with_element("status", " "), "alert/status", "missing or blank"),
        (with_element("status", "Ac<b/>tual"), "alert/status", "plain text"),
        (
            changed("<status>Actual</status>", "<status>Test</status><status>Actual</status>"),
            "status",
            "stand once",
        ),
        (with_element("msgType", "Update"), "alert/references", "which message"),
        (without("references", CANCEL), "alert/references", "which message"),
        (with_element("references", "a,b", CANCEL), "alert/references", "triples"),
        (with_element("references", "a,b,2026-11-21T04:10:00", CANCEL), "alert/references", "offset"),
        (with_element("scope", "Restricted"), "alert/restriction", "missing"),
        (with_element("scope", "Private"), "alert/addresses", "missing"),
        (with_element("identifier", "a b"), "alert/identifier", "without blanks"),
        (with_element("identifier", "x" * 201), "alert/identifier", "at most 200"),
        (with_element("sent", "2026-11-21T04:10:00"), "alert/sent", "offset, such as +08:00"),
        (with_element("sent", "21 November 2026"), "alert/sent", "a time such as"),
        (with_element("sent", "2026-02-30T04:10:00+08:00"), "alert/sent", "no such day"),
        (with_element("sent", "0001-01-01T00:00:00+14:00"), "alert/sent", "2000 to 2200"),
        (with_element("sent", "2026-11-21T04:10:00+99:00"), "alert/sent", "a time such as"),
        (with_element("effective", "soon"), "alert/info[1]/effective", "a time such as"),
        (
            changed("</effective>", "</effective><expires>2026-11-21T04:10:00+08:00</expires>"),
            "alert/info[1]/expires",
            "before it takes effect",
        ),
        (with_element("severity", "Terrible"), "alert/info[1]/severity", "one of Extreme"),
        (with_element("responseType", "Panic"), "alert/info[1]/responseType", "one of Shelter"),
        (re.sub(rb"<info>.*</info>", b"", FLOOD, flags=re.DOTALL), "alert/info", "what it warns of"),
    ],
)
def test_what_the_message_lacks_or_garbles_is_named(xml: bytes, where: str, reason: str) -> None:
    refused = refusal(xml)
    assert where in refused.where
    assert reason in refused.reason


@pytest.mark.parametrize(
    ("ring", "reason"),
    [
        ("-10.1,123.5 -10.1,123.5", "four points or more"),
        ("-10.1,123.5 -10.2,123.5 -10.1,123.5", "four points or more"),
        ("-10.1,123.5 -10.2,123.5 -10.2,123.6 -10.1,123.6", "end where it begins"),
        ("-10.1,123.5 -10.2,123.5 -10.2,123.5 -10.1,123.5", "three different"),
        ("123.5,-10.1 123.5,-10.2 123.6,-10.2 123.5,-10.1", "latitude from -90"),
        ("-10.1,523.5 -10.2,123.5 -10.2,123.6 -10.1,523.5", "longitude from -180"),
        ("nan,123.5 -10.2,123.5 -10.2,123.6 nan,123.5", "latitude"),
        ("-10.1,1e2 -10.2,123.5 -10.2,123.6 -10.1,1e2", "longitude"),
        ("-10.1 123.5 -10.2 123.5", "latitude,longitude"),
        ("-10.1,123.5,7 -10.2,123.5 -10.2,123.6 -10.1,123.5,7", "latitude,longitude"),
    ],
)
def test_a_polygon_that_is_none_is_refused(ring: str, reason: str) -> None:
    refused = refusal(with_element("polygon", ring))
    assert refused.where == "alert/info[1]/area[1]/polygon"
    assert reason in refused.reason


@pytest.mark.parametrize(
    "shape", ["-10.1,123.5", "-10.1,123.5 -1", "-10.1,123.5 99999", "a,b 5", "-10.1,123.5 5 6"]
)
def test_a_circle_that_is_none_is_refused(shape: str) -> None:
    assert "circle" in refusal(changed("<geocode>", f"<circle>{shape}</circle><geocode>")).where


def big(tag: str, content: str) -> bytes:
    return with_element(tag, content)[:LARGEST]


def seconds_of(xml: bytes) -> float:
    """Processor seconds of one attempt; a busy machine makes some of them longer."""
    started = time.process_time()
    attempt(xml)
    return time.process_time() - started


@pytest.mark.parametrize(
    "xml",
    [
        big("polygon", "-10.1,123.5 " * 80_000),
        with_element("polygon", "-10.1,123.5 " * 40_000 + "-10.2,123.5 -10.2,123.6 -10.1,123.5 " * 4_000),
        with_element("description", "x" * 900_000),
        with_element("description", "&#65;" * 150_000),
        changed("</alert>", "<a>" * 130_000 + "</a>" * 130_000 + "</alert>"),
        changed("</info>", "<area><areaDesc>x</areaDesc></area>" * 20_000 + "</info>"),
        changed("<alert ", "<alert " + " ".join(f'a{n}="1"' for n in range(40_000)) + " "),
    ],
    ids=["points", "many-points", "long-text", "references", "deep", "areas", "attributes"],
)
def test_a_huge_message_is_answered_within_a_second_and_64_mb(xml: bytes) -> None:
    assert min(seconds_of(xml) for _ in range(3)) < 1.0
    tracemalloc.start()
    try:
        attempt(xml)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert peak < 64_000_000


def test_thousands_of_mangled_messages_are_read_or_refused_and_never_crash() -> None:
    dice = random.Random(11)
    pieces = [
        b"<",
        b">",
        b"&",
        b"\x00",
        b"\xff",
        b"]]>",
        b"<!--",
        b"<![CDATA[",
        b"nan",
        b"-",
        b"",
        b"9" * 30,
        b"</info>",
    ]
    read = 0
    for _ in range(4_000):
        data = bytearray(dice.choice((FLOOD, CANCEL, BMKG)))
        for _ in range(dice.randint(1, 3)):
            at = dice.randrange(len(data))
            data[at : at + dice.randint(0, 12)] = dice.choice(pieces)
        outcome = attempt(bytes(data))
        if isinstance(outcome, CapRejected):
            assert outcome.reason
        else:
            read += 1
            assert outcome.sent.tzinfo is UTC
    assert 0 < read < 4_000


def test_no_message_opens_a_connection_or_a_file(monkeypatch: pytest.MonkeyPatch) -> None:
    def forbidden(*_: object, **__: object) -> None:
        pytest.fail("the parser reached out")

    monkeypatch.setattr("socket.socket.connect", forbidden)
    monkeypatch.setattr("builtins.open", forbidden)
    location = changed(
        "<alert ",
        '<alert xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:schemaLocation="x http://127.0.0.1:9/x.xsd" ',
    )
    assert parse(location) == parse(FLOOD)
