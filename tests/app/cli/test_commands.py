"""Every command: its help, its errors in one line, its exit codes; and what it reads from files."""

import stat
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import typer

from app import actions
from app.cli.__main__ import main, make_app
from app.cli.founding import DEMO_CITY, found, load_demo
from app.cli.request_file import read_request
from app.cli.session import Trouble
from app.cli.tokens import NoToken, Tokens, file_of, read_tokens, write_tokens
from app.wiring import open_books
from lab.city_files import write
from lab.small_town import build
from runtime.clock import SystemClock
from runtime.stack_state import Addresses
from tests.app.cli.typing_in import Terminal
from tests.app.kit import CITY, LiveHouse

pytestmark = pytest.mark.long(90)


def every_command() -> list[tuple[str, ...]]:
    """The words of every command there is."""
    found: list[tuple[str, ...]] = []

    def walk(group: Any, words: tuple[str, ...]) -> None:
        for name, command in group.commands.items():
            if hasattr(command, "commands"):
                walk(command, (*words, name))
            else:
                found.append((*words, name))

    walk(typer.main.get_command(make_app()), ())
    return found


PROMISED = """\
up, down, status, roster import, alert ingest, operation open, operation declare, operation extend, operation end,
operation show, surge request, surge approve, surge reject, surge plan, surge confirm, surge stand-down, surge close,
surge show, surge what-if, surge line add, surge line raise, surge line cut, surge line close, redline override, offer accept, offer decline, release, order sign, order fetch, check-in, demob sign,
return, who-is-out, inbox, audit replay"""


def test_every_promised_command_is_there() -> None:
    promised = {tuple(words.split()) for words in PROMISED.replace("\n", " ").split(", ")}
    assert promised <= set(every_command())


@pytest.mark.parametrize("words", every_command(), ids=" ".join)
def test_every_command_has_help_with_an_example_and_speaks_json(
    words: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([*words, "--help"]) == 0
    said = capsys.readouterr().out
    assert f"Example:  ./siaga {' '.join(words)}" in " ".join(said.split()).replace("Example: ", "Example:  ")
    if words not in {("down",), ("roster", "begin")}:
        assert "--json" in said


async def check_error(
    terminal: Terminal, code: int, line: str, *words: object, who: str | None = None
) -> None:
    said = await terminal.call(*words, who=who)
    assert said.err.splitlines() == [f"siaga: {line}"]
    assert (said.code, said.out) == (code, "")


async def test_an_error_is_one_line_and_its_kind_is_the_exit_code(
    house: LiveHouse, terminal: Terminal, tmp_path: Path
) -> None:
    operation = await house.operation()
    surge = await house.surge(operation)
    none = "there is no such case, or it is not yours to see (no_such_case)"
    await check_error(terminal, 2, "No such command 'fly'.", "fly")
    await check_error(
        terminal,
        2,
        f"{tmp_path}/x.toml: no such file",
        "surge",
        "request",
        tmp_path / "x.toml",
        who="koordinator",
    )
    await check_error(
        terminal,
        3,
        "the case does not stand where this can be decided; it stands at SUBMITTED (not_now)",
        "surge",
        "close",
        surge,
        who="koordinator",
    )
    await check_error(
        terminal,
        4,
        "nobody decides on their own proposal (own_proposal)",
        "surge",
        "approve",
        surge,
        who="koordinator",
    )
    await check_error(
        terminal,
        4,
        "your offices do not allow this here (no_authority)",
        "surge",
        "show",
        surge,
        who="kepala:DINKES",
    )
    await check_error(terminal, 5, none, "surge", "show", "SU-0000000000", who="koordinator")
    await check_error(
        terminal,
        5,
        "SU-00: there is no such surge, or it is not yours to see",
        "surge",
        "show",
        "su-00",
        who="sekda",
    )
    until = ("--until", "2026-12-05T00:00")
    asked = "expected an instant with its zone, like 2026-12-05T00:00+08:00"
    words = ("operation", "extend", operation, "--decree", "1", *until)
    await check_error(terminal, 2, f"--until 2026-12-05T00:00: {asked}", *words, who="sekda")
    write = ("substitute", "write", "SEKDA", "auditor", "--letter", "1")
    fault = f"Invalid value for '--until': 2026-12-05T00:00: {asked}"
    await check_error(terminal, 2, fault, *write, *until, who="sekda")
    for at in ("2026-12-05T00:00+08:00", "2026-12-05T00:00:00Z"):
        # Any way to write an instant will do, and so it comes as far as the unit that there is not.
        unit = ("--unit", "NOWHERE", "--until", at)
        assert "--until" not in (await terminal.call(*write, *unit, who="sekda")).err
    filed = ("injury", "file", "0" * 36, "--reference", "1", "--dated", "05-12-2026")
    day = "Invalid value for '--dated': 05-12-2026: expected a day, like 2026-12-05"
    await check_error(terminal, 2, day, *filed, who="posko")
    late = ("offer", "accept", "--report-at", "2026-12-05T00:00+08:00")
    await check_error(terminal, 2, "--report-at: expected with --if LATER_DATE alone", *late, who="posko")
    nothing = "no open offer waits for you; name one to be told where it stands"
    await check_error(terminal, 5, nothing, "offer", "accept", who="posko")
    nobody = "nobody in your inbox waits for this"
    await check_error(terminal, 5, nobody, "return", "--all", who="kepala:DINKES")
    decree = ("convert", "0" * 36, "--decreed-by", "BKN", "--decree", "1", "--decree-date", "05-12-2026")
    # As the refusal of a day that lies in the future names it.
    named = "Invalid value for '--dated' / '--decree-date': 05-12-2026: expected a day, like 2026-12-05"
    await check_error(terminal, 2, named, *decree, who="kepala-daerah")
    prefix = "zzzz: expected the id of a secondment, or the beginning of it"
    await check_error(terminal, 2, prefix, "check-in", "zzzz", who="posko")


async def test_a_call_from_a_new_python_ends_as_those_of_the_other_tests_do(
    house: LiveHouse, terminal: Terminal
) -> None:
    for words in (("operation", "show", "OP-NONE"), ("fly",), ("order",), ("operation", "show", "--help")):
        assert await terminal.call_anew(*words, who="sekda") == await terminal.call(*words, who="sekda")
    words = ("operation", "show", await house.operation(), "--json")
    anew, forked = await terminal.call_anew(*words, who="sekda"), await terminal.call(*words, who="sekda")
    assert (anew.code, anew.json["operation"]) == (forked.code, forked.json["operation"])


async def test_what_cannot_be_reached_is_told_with_the_way_out(tmp_path: Path, terminal: Terminal) -> None:
    alone = replace(terminal, data=tmp_path, api=None)
    known = "no tokens are stored yet"
    await check_error(alone, 2, f"who acts? add --as NAME ({known})", "inbox")
    write_tokens(tmp_path, Tokens({"p1": "t"}, {"sekda": "p1"}))
    line = f"nothing is up on {tmp_path}; start it with ./siaga up, or name --api URL"
    await check_error(alone, 6, line, "inbox", who="sekda")
    deaf = replace(terminal, api="http://127.0.0.1:9")
    await check_error(
        deaf, 6, "the API does not answer at http://127.0.0.1:9 (ConnectError)", "inbox", who="sekda"
    )


async def test_a_decision_that_waits_for_the_engine_ends_with_its_own_code(
    house: LiveHouse, terminal: Terminal, monkeypatch: pytest.MonkeyPatch
) -> None:
    surge = await house.surge(await house.operation())
    await house.stop_relay()
    monkeypatch.setattr(actions, "ANSWER_WITHIN", 0.1)
    said = await terminal.call("surge", "approve", surge, "--json", who="sekda")
    house.start_relay()
    assert said.code == 7
    assert said.json["state"] == "RECORDED"
    assert said.err.startswith(
        "siaga: recorded, and not yet applied: the engine is away, or what the decision"
    )
    assert said.err.endswith("it will be applied once, when that is back\n")
    assert said.err.count("\n") == 1


async def test_of_many_people_the_refused_are_named_and_the_others_go_on(
    house: LiveHouse, terminal: Terminal
) -> None:
    _, people = await house.offered(await house.operation(), 2)
    for person in people:
        await terminal.do("offer", "accept", who=person["person_id"])
    head = f"kepala:{people[0]['unit_id'].partition('.')[2]}"
    nobody = "00000000-0000-4000-8000-000000000000"
    said = await terminal.call("release", nobody, people[0]["placement_id"], who=head)
    assert said.code == 5
    assert said.out == f"release: applied  secondment:{people[0]['placement_id']}\n"
    assert said.err.startswith(f"siaga: {nobody}: there is no such case")


async def test_a_roster_and_a_warning_go_through_the_api(terminal: Terminal, tmp_path: Path) -> None:
    assert (await terminal.ask("roster", "import", CITY, who="operator"))["people"] > 4000
    empty = tmp_path / "alert.xml"
    empty.write_text("")
    fault = f"{empty}, line 1, column 1: not well-formed XML"
    await check_error(terminal, 2, fault, "alert", "ingest", empty, who="koordinator")
    await check_error(
        terminal,
        4,
        "your offices do not allow this here (no_authority)",
        "roster",
        "import",
        CITY,
        who="sekda",
    )
    (tmp_path / "people.csv").write_text("nip,nama\n12,x\n")
    said = await terminal.call("roster", "import", tmp_path, who="operator")
    assert said.code == 2
    assert said.err.startswith("siaga: government.toml: found no such file")
    assert any("people.csv" in line for line in said.err.splitlines()[1:])
    alert = await terminal.ask(
        "alert", "ingest", CITY / "alert-banjir.xml", "--displaced", "100", who="koordinator"
    )
    assert alert["effect"] == "OPENS"
    printed = await terminal.do("alert", "ingest", CITY / "alert-banjir.xml", who="koordinator")
    assert "duplicate (already_received)" in printed


GOOD = '[[line]]\nrole = "wash"\nquantity = 1\nsite = "X"\nlat = 1.0\nlon = 2.0\nreport_after = "24 h"\nduty = "7 d"\n'


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        ("title = ", "not TOML: Invalid value (at end of document)"),
        (GOOD, "operation: missing; name it here or with --operation"),
        (
            'mood = "x"\n',
            "mood: no such key, expected conditions, funding, kind, letter, line, operation, title, wave",
        ),
        ('operation = "OP-1"\nline = 3', "line: expected [[line]] tables"),
        (
            'operation = "OP-1"\n' + GOOD.replace("24 h", "soon"),
            """line[1].report_after: 'soon', expected a duration like "90 s", "30 min", "24 h" or "7 d\"""",
        ),
        (
            'operation = "OP-1"\n' + GOOD.replace('duty = "7 d"', ""),
            "line[1]: expected one of due_back and duty",
        ),
        (
            'operation = "OP-1"\n' + GOOD.replace('report_after = "24 h"', "report_at = 2026-11-23T08:00:00"),
            "line[1].report_at: expected an instant with its zone and without quotes, like 2026-11-23T08:00:00+08:00",
        ),
    ],
)
def test_a_request_file_says_what_is_wrong_and_where(tmp_path: Path, text: str, fault: str) -> None:
    file = tmp_path / "r.toml"
    file.write_text(text)
    with pytest.raises(Trouble) as trouble:
        read_request(file, None, SystemClock().now())
    assert str(trouble.value) == f"{file}: {fault}"


def test_a_name_picks_one_stored_token_or_is_told_why_not() -> None:
    tokens = Tokens(
        {"aaaa1": "one", "aaaa2": "two", "bbbb": "three"}, {"sekda": "bbbb", "kepala:KEC1": "aaaa1"}
    )
    assert tokens.pick("SEKDA") == "three"
    assert tokens.pick("kepala:kec1") == "one"
    assert tokens.pick("aaaa2") == "two"
    for name, why in (
        ("aaaa", "2 people's ids begin so"),
        ("bbb", "known are sekda"),
        ("camat", "no stored token"),
    ):
        with pytest.raises(NoToken, match=why):
            tokens.pick(name)


async def test_a_government_is_founded_once_and_its_tokens_are_private(
    fresh_database: str, tmp_path: Path
) -> None:
    first = await found(fresh_database, DEMO_CITY, tmp_path)
    kept = read_tokens(tmp_path)
    assert first.new
    assert len(kept.people) == first.people > 4000
    assert len(set(kept.people.values())) == len(kept.people)
    assert stat.S_IMODE(file_of(tmp_path).stat().st_mode) == 0o600
    second = await found(fresh_database, DEMO_CITY, tmp_path)
    assert not second.new
    assert read_tokens(tmp_path) == kept
    async with open_books(fresh_database, size=1) as books:
        assert await books.desk.person_of(kept.pick("sekda")) == (kept.aliases["sekda"], "kota-kupang")
        assert await books.desk.person_of("guessed") is None


async def test_a_second_government_leaves_the_names_of_the_first_ones_officers(
    fresh_database: str, tmp_path: Path
) -> None:
    await found(fresh_database, DEMO_CITY, tmp_path)
    kept = read_tokens(tmp_path).aliases
    write(build(government_id="kota-lain").roster, tmp_path / "lain")
    other = await found(fresh_database, tmp_path / "lain", tmp_path)
    tokens = read_tokens(tmp_path)
    assert {name: tokens.aliases[name] for name in kept} == kept
    assert {name.partition(":")[0] for name, _ in other.offices} == {"kota-lain"}
    async with open_books(fresh_database, size=1) as books:
        for name in ("sekda", "kepala:PKM-1"):
            theirs = tokens.pick(f"kota-lain:{name}")
            assert await books.desk.person_of(theirs) == (tokens.person(f"kota-lain:{name}"), "kota-lain")
    again = await found(fresh_database, DEMO_CITY, tmp_path)
    assert {name for name, _ in again.offices} == set(kept)
    assert read_tokens(tmp_path) == tokens
    with pytest.raises(NoToken, match=r"kota-lain:sekda, .*kepala:<unit code>"):
        tokens.pick("camat")


def test_up_demo_prints_an_alias_and_a_token_for_each_of_the_cast(
    fresh_database: str, tmp_path: Path
) -> None:
    addresses = Addresses("http://127.0.0.1:1", "127.0.0.1:2", None, "default", fresh_database)
    lines = list(load_demo(addresses, tmp_path))
    tokens = read_tokens(tmp_path)
    cast = (
        "koordinator",
        "sekda",
        "penandatangan",
        "posko",
        "auditor",
        "bendahara",
        "operator",
        "kepala-daerah",
        "bkpsdm",
        "bkpsdm-2",
        "tim-penilai",
        "bagian-hukum",
        "kepala:DINKES",
    )
    for alias in cast:
        assert any(alias in line and tokens.pick(alias) in line for line in lines)
    assert "synthetic" in lines[0]
    assert len(lines) == len(cast) + 2
