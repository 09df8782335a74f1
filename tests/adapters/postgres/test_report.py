"""Reading a report from a real registry and a real, chained log, as of any instant."""

from __future__ import annotations

import uuid
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from adapters.postgres import Database, log
from adapters.postgres.report import ReportReader
from app.web.report import render
from domain.log import Attribution, Fact
from domain.report import build, say
from domain.report.source import Entry, Placement
from domain.secondment import LET_GO, State
from tests.app.web.scenes import HOUR, Scene, flood, wita
from tests.undecided import let_undecided

CITY, OPERATION, SURGE = "kota-kupang", "OP-2027-004", "S-1"
INSTANTS = [wita(3, 12), wita(10), wita(15, 14, 20), wita(18, 2), wita(28)]
PLAN = "00000000-0000-4000-8000-00000000aaaa"
OVERRIDE = "00000000-0000-4000-8000-00000000bbbb"
NAME, NIP = "Seseorang Yang Tidak Boleh Tampil", "198201302007031901"

NEW_PERSON = """INSERT INTO people (person_id, government_id, unit_id, role, employment, grade)
                VALUES ($1, $2, $3, 'staff', 'PNS', 'III/a')"""
NEW_SURGE = """INSERT INTO surges (surge_id, government_id, operation_id, title, state, rule_pack, funding, requested_at)
               VALUES ($1, $2, $3, 'Banjir', 'ACTIVE', '2026-1', 'BTT', $4)"""
NEW_OPERATION = "INSERT INTO operations VALUES ($1, $2, $3, 'FLOOD', 'RESPONSE', 9, '2026-1', $4)"
NEW_LINE = "INSERT INTO request_lines VALUES ($1, $2, $3, $4, $5, 1, $6, $7, $8, $9, $10)"


@pytest.fixture(scope="module")
def scene() -> Scene:
    return flood()


@pytest.fixture(scope="module")
async def books(database: str, scene: Scene) -> AsyncIterator[Database]:
    """The flood, written into the books as its cases would have left them at the end."""
    opened = await Database.open(database)
    await let_undecided(opened)
    async with opened.writing() as connection:
        await write_registry(connection, scene)
        await write_cases(connection, scene)
        await write_people(connection, scene)
        await log.append(connection, CITY, [fact(entry) for entry in by_time(scene)])
    yield opened
    await opened.close()


def by_time(scene: Scene) -> list[Entry]:
    return sorted(scene.entries, key=lambda entry: entry.at)


def fact(entry: Entry) -> Fact:
    by = Attribution("system:clock", entry.authority, "2026-1#surge")
    data = entry.data | ({"plan_id": PLAN} if entry.type == "PlanMade" else {})
    return Fact(entry.type, entry.case_id, entry.at, by, None, data)


async def write_registry(connection, scene: Scene) -> None:
    for city in (CITY, "kota-lain"):
        await connection.execute(
            """INSERT INTO governments
               VALUES ($1, 'Pemerintah Kota Kupang', 'city', NULL, $2, 'Kupang', '800', '{}', true)""",
            *(city, scene.zone),
        )
        await connection.execute("INSERT INTO log_heads VALUES ($1, 0, $2)", city, b"genesis")
    await connection.executemany(
        "INSERT INTO units VALUES ($1, $2, $1, $3, $4, $5, $6, $7)",
        [(u.unit_id, CITY, u.name, u.kind, u.parent_id, u.lat, u.lon) for u in scene.units],
    )
    await connection.executemany(
        """INSERT INTO unit_roles (unit_id, role, government_id, headcount, need, redline, lendable, rule_pack)
           VALUES ($1, $2, $3, $4, 0, $5, $6, '2026-1')""",
        [(f.unit_id, f.role, CITY, f.headcount, f.redline, f.headcount - f.redline) for f in scene.floors],
    )


async def write_cases(connection, scene: Scene) -> None:
    await connection.execute(NEW_OPERATION, OPERATION, CITY, scene.title, wita(3))
    await connection.execute(NEW_SURGE, SURGE, CITY, OPERATION, wita(3, 6))
    for line in scene.lines:
        await connection.execute(
            NEW_LINE,
            *(line.line_id, SURGE, line.wave, line.role, line.quantity),
            *(line.site, line.lat, line.lon, line.report_at, line.due_back),
        )
    short = next(entry.data["short"] for entry in scene.entries if entry.type == "PlanMade")
    donors = [
        {"unit_id": "u002", "role": "a"},
        {"unit_id": "u003", "role": "a"},
        {"unit_id": "u002", "role": "b"},
    ]
    plan = {"shortfalls": [{"line_id": row["line_id"], "blocking_donors": donors} for row in short]}
    await connection.execute(
        "INSERT INTO plans VALUES ($1, $2, $3, 'sha', $4)", PLAN, SURGE, wita(3, 7), plan
    )
    for opened, closed, task in scene.tasks:
        person = str(uuid.uuid4())
        await connection.execute(NEW_PERSON, person, CITY, scene.units[0].unit_id)
        await connection.execute(
            """INSERT INTO tasks (government_id, case_id, kind, assignee_id, capacity, unit_id, opened_at, due_at,
                   closed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)""",
            *(CITY, task.case_id, task.kind, None if task.capacity else person, task.capacity, task.unit_id),
            *(opened, task.due_at, closed),
        )
    for warned in scene.warnings:
        await connection.execute(
            "INSERT INTO alerts VALUES ($1, 'bmkg', 'w', $2, 'Actual', 'Alert', $3, 'Severe', '', $4, NULL, $2, '')",
            *(CITY, warned.received_at, warned.event, OPERATION),
        )


async def write_people(connection, scene: Scene) -> None:
    """One person a placement; what a placement came to is the last entry of its case."""
    first: dict[str, Entry] = {}
    last: dict[str, Entry] = {}
    for entry in by_time(scene):
        first.setdefault(entry.case_id, entry)
        last[entry.case_id] = entry
    for number, placement in enumerate(scene.placements):
        person, case_id = str(uuid.uuid4()), f"secondment:{placement.placement_id}"
        await connection.execute(NEW_PERSON, person, CITY, placement.unit_id)
        if number == 0:
            await write_named_person(connection, person, placement)
        await write_placement(connection, scene, placement, person, (first[case_id], last[case_id]))


async def write_named_person(connection, person: str, placement: Placement) -> None:
    """Somebody with a name, who also allowed that a unit lends below its redline."""
    await connection.execute(
        "INSERT INTO person_identities (person_id, government_id, nip, name, salt) VALUES ($1, $2, $3, $4, '')",
        *(person, CITY, NIP, NAME),
    )
    await connection.execute(
        """INSERT INTO redline_overrides (override_id, government_id, surge_id, unit_id, role, extra, granted_by,
               reason_code, granted_at) VALUES ($1, $2, $3, $4, 'staff', 9, $5, 'LIFE_SAVING', $6)""",
        *(OVERRIDE, CITY, SURGE, placement.unit_id, person, wita(3, 7)),
    )


async def write_placement(
    connection,
    scene: Scene,
    placement: Placement,
    person: str,
    span: tuple[Entry, Entry],
    surge_id: str = SURGE,
) -> None:
    line = next(line for line in scene.lines if line.line_id == placement.line_id)
    first, last = span
    state = State(last.data["state"])
    await connection.execute(
        """INSERT INTO placements (placement_id, government_id, surge_id, line_id, person_id, unit_id, role, plan_id,
               override_id, state, revision, since, report_at, due_back, home_by, held, offered_at)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, 9, $11, $12, $13, $14, $15, $16)""",
        *(
            placement.placement_id,
            CITY,
            surge_id,
            line.line_id,
            person,
            placement.unit_id,
            placement.home_role,
        ),
        *(
            PLAN,
            OVERRIDE if placement.overridden else None,
            state.value,
            last.at,
            line.report_at,
            line.due_back,
        ),
        *(placement.home_by, state not in LET_GO, first.at),
    )


@pytest.mark.parametrize("at", INSTANTS, ids=lambda at: f"{at:%d-%H%M}")
async def test_the_books_tell_the_same_as_the_lives_that_were_lived(
    books: Database, scene: Scene, at
) -> None:
    view = await ReportReader(books).surge_report(CITY, OPERATION, at=at)
    lived = build(scene.source(at))
    for part in (
        "figures",
        "teams",
        "donors",
        "map",
        "decrees",
        "actions",
        "title",
        "zone",
        "status",
        "status_until",
    ):
        assert getattr(view, part) == getattr(lived, part), part
    assert [happening.text for happening in view.story] == [happening.text for happening in lived.story]
    for role, lived_role in zip(view.roles, lived.roles, strict=True):
        assert (role.name, role.needed, role.filled) == (
            lived_role.name,
            lived_role.needed,
            lived_role.filled,
        )


async def test_the_figures_of_an_afternoon_in_the_second_week(books: Database) -> None:
    view = await ReportReader(books).surge_report(CITY, OPERATION, at=wita(15, 14, 20))
    figures = view.figures
    assert (figures.needed, figures.filled, figures.on_site, figures.late) == (209, 187, 126, 2)
    assert (figures.due_soon, figures.relieved, figures.unrelieved, figures.done) == (72, 63, 9, 0)
    assert say.need_title(view) == "Kurang 22 orang; sebagian besar karena unit asal sudah di batas"


async def test_the_donors_that_block_a_role_are_counted_once(books: Database) -> None:
    view = await ReportReader(books).surge_report(CITY, OPERATION, at=wita(10))
    nurses = next(role for role in view.roles if role.role == "health_post_nurse")
    assert [say.cause(cause) for cause in nurses.causes] == ["8 karena 2 unit asal sudah di batas"]


async def test_the_report_names_the_last_entry_it_stands_on(books: Database) -> None:
    at = wita(15, 14, 20)
    view = await ReportReader(books).surge_report(CITY, OPERATION, at=at)
    async with books.reading() as connection:
        of_entry = "SELECT hash, at FROM events WHERE government_id = $1 AND seq = $2"
        last = await connection.fetchrow(of_entry, CITY, view.last_entry)
        following = await connection.fetchrow(of_entry, CITY, view.last_entry + 1)
    assert view.fingerprint == last["hash"].hex()[:12]
    assert last["at"] <= at < following["at"]


async def test_the_newest_entry_tells_all_there_is(books: Database, scene: Scene) -> None:
    reader = ReportReader(books)
    newest = await reader.newest(CITY, OPERATION)
    assert newest == max(entry.at for entry in scene.entries)
    view = await reader.surge_report(CITY, OPERATION, at=newest)
    assert view.figures.returned == view.figures.filled
    with pytest.raises(LookupError, match="no such operation: OP-NONE"):
        await reader.newest(CITY, "OP-NONE")


async def test_the_page_names_no_person(books: Database) -> None:
    for at in INSTANTS:
        html = render(await ReportReader(books).surge_report(CITY, OPERATION, at=at))
        assert "Banjir Kota Kupang" in html
        assert NAME not in html
        assert NIP not in html


async def test_before_anything_happened_the_report_is_empty_and_stands(books: Database) -> None:
    view = await ReportReader(books).surge_report(CITY, OPERATION, at=wita(1))
    assert (view.figures.needed, view.last_entry, view.fingerprint, view.story) == (0, 0, "", ())
    assert "Belum ada permintaan orang" in render(view)


@pytest.mark.parametrize(("city", "operation"), [(CITY, "OP-NONE"), ("kota-lain", OPERATION)])
async def test_an_operation_that_is_not_there_or_not_theirs_is_not_found(
    books: Database, city: str, operation: str
) -> None:
    with pytest.raises(LookupError, match=f"no such operation: {operation}"):
        await ReportReader(books).surge_report(city, operation, at=wita(10))


async def test_a_rule_packs_own_names_of_roles_are_used(books: Database) -> None:
    reader = ReportReader(books, {"field_kitchen": "Juru masak lapangan"})
    view = await reader.surge_report(CITY, OPERATION, at=wita(10))
    assert view.roles[0].name == "Juru masak lapangan"


async def test_people_whom_another_operation_holds_are_missing_at_home(books: Database, scene: Scene) -> None:
    """Held from the 9th to the 12th by another operation: then, and only then, the unit has one person fewer."""
    unit = scene.placements[1].unit_id
    headcount = next(floor.headcount for floor in scene.floors if floor.unit_id == unit)
    first, last = (
        Entry(0, "OfferSent", wita(9), "", "SYSTEM", {"state": "OFFERED"}),
        Entry(0, "Returned", wita(12), "", "SYSTEM", {"state": "RETURNED"}),
    )
    async with books.writing() as connection:
        await connection.execute(NEW_OPERATION, "OP-2", CITY, "Angin", wita(3))
        await connection.execute(NEW_SURGE, "S-2", CITY, "OP-2", wita(3))
        person, line = str(uuid.uuid4()), scene.lines[0]
        await connection.execute(NEW_PERSON, person, CITY, unit)
        placement = Placement(
            str(uuid.uuid4()), line.line_id, unit, "staff", overridden=False, due_back=line.due_back
        )
        await write_placement(connection, scene, placement, person, (first, last), surge_id="S-2")
    for at, missing in ((wita(9) - timedelta(minutes=1), 0), (wita(10), 1), (wita(12) + HOUR, 0)):
        view = await ReportReader(books).surge_report(CITY, OPERATION, at=at)
        donor = next(donor for donor in view.donors if donor.unit_id == unit)
        assert donor.headcount == headcount - missing
