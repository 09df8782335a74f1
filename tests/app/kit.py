"""A live house for the tests of the doors: real database, engine, worker, relay, and the API on a real socket."""

import asyncio
import shutil
import ssl
import uuid
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
import uvicorn
from temporalio.client import Client

from adapters.feeds.roster_files import read_roster
from app import actions
from app.api.app import create_app
from app.api.door import Door, Engine
from app.cli.tokens import Tokens, named, write_tokens
from app.wiring import Books, open_books
from domain.authority import Capacity
from domain.roster import Roster
from runtime.clock import SystemClock
from runtime.settings import ROOT, Settings
from tests.patience import PATIENCE, until
from worker import make_worker

CITY = ROOT / "examples" / "kota-kupang"
GOVERNMENT = "kota-kupang"
STRANGERS = "kota-lain"
SITE = {"site": "Airmata", "lat": -10.1655, "lon": 123.584}


class _Server(uvicorn.Server):
    """Leaves the signals to pytest."""

    @contextmanager
    def capture_signals(self) -> Iterator[None]:
        yield


_NO_TLS = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


@dataclass
class LiveHouse:
    """What a test plays on. A token is `t-` and the person's id."""

    client: Client
    books: Books
    url: str
    queue: str
    offices: dict[str, str] = field(default_factory=dict)
    """Alias -> person id; another government's begin with `lain:`."""
    _relaying: asyncio.Task[None] | None = None

    def http(self, who: str | None) -> httpx.AsyncClient:
        """A client for an alias or a person's id; None carries no token."""
        headers = {"Authorization": f"Bearer t-{self.offices.get(who, who)}"} if who else {}
        # A context of its own would read every authority of this machine for each call, and HTTP asks none of them.
        return httpx.AsyncClient(base_url=self.url, headers=headers, timeout=PATIENCE + 10, verify=_NO_TLS)

    async def get(self, who: str | None, path: str, **query: Any) -> httpx.Response:
        async with self.http(who) as http:
            return await http.get(path, params=query or None)

    async def post(
        self, who: str | None, path: str, form: Any = None, *, key: str | None = None
    ) -> httpx.Response:
        async with self.http(who) as http:
            return await http.post(path, json=form, headers={"Idempotency-Key": key} if key else {})

    async def done(self, who: str, path: str, form: Any = None) -> dict[str, Any]:
        """Decide something that must stand."""
        answer = await self.post(who, path, form)
        assert answer.status_code in (200, 201), answer.text
        told: dict[str, Any] = answer.json()
        return told

    def start_relay(self) -> None:
        self._relaying = asyncio.create_task(self.books.relay(self.client, self.queue).run())

    async def stop_relay(self) -> None:
        if self._relaying:
            self._relaying.cancel()
            with suppress(asyncio.CancelledError):
                await self._relaying
            self._relaying = None

    def write_tokens(self, data: Path) -> None:
        """Keep every token where the command line looks for it."""
        data.mkdir(parents=True, exist_ok=True)
        people = {person: f"t-{person}" for person in self.people}
        write_tokens(
            data, Tokens(people, {k: v for k, v in self.offices.items() if not k.startswith("lain:")})
        )

    people: tuple[str, ...] = ()

    async def operation(self) -> str:
        """An operation with a status in force for a month."""
        opened = await self.done("koordinator", "/v1/operations", {"title": "Banjir", "hazard": "flood"})
        operation_id = opened["case_id"].partition(":")[2]
        until = SystemClock().now() + timedelta(days=30)
        form = {
            "status": "RESPONSE",
            "level": "REGENCY_CITY",
            "area": "Kota Kupang",
            "decree": "360/15/XI/2026",
            "decree_date": "2026-11-22",
            "until": until.isoformat(),
        }
        await self.done("sekda", f"/v1/operations/{operation_id}/status", form)
        return operation_id

    async def surge(self, operation_id: str, people: int = 2) -> str:
        """A surge that waits for its approval."""
        asked = await self.done("koordinator", "/v1/surges", request_form(operation_id, people))
        return str(asked["case_id"].partition(":")[2])

    async def offered(self, operation_id: str, people: int = 2) -> tuple[str, list[dict[str, Any]]]:
        """A surge whose plan is confirmed, and the people it asked."""
        surge_id = await self.surge(operation_id, people)
        path = f"/v1/surges/{surge_id}"
        await self.done("sekda", f"{path}/approval")
        await self.done("koordinator", f"{path}/plan")
        plan = (await self.get("koordinator", f"{path}/plan")).json()
        await self.done("koordinator", f"{path}/confirmation", {"plan_id": plan["plan_id"]})
        return surge_id, await self.until_people(surge_id, "OFFERED", people)

    async def until_task(self, who: str, kind: str, case_id: str) -> None:
        """Wait until a case asks somebody for something."""

        async def asked() -> bool:
            found = (await self.get(who, "/v1/tasks", kind=kind)).json()["items"]
            return any(task["case_id"] == case_id for task in found)

        await until(asked, f"{kind} of {case_id} for {who}", every=0.1)

    async def until_people(self, surge_id: str, state: str, number: int) -> list[dict[str, Any]]:
        """Wait until so many people of a surge stand there."""

        async def standing() -> list[dict[str, Any]]:
            query = {"surge_id": surge_id, "state": state}
            found: list[dict[str, Any]] = (await self.get("koordinator", "/v1/secondments", **query)).json()[
                "items"
            ]
            return found if len(found) >= number else []

        return await until(standing, f"{number} people of {surge_id} {state}", every=0.1)


def request_form(operation_id: str, people: int = 2) -> dict[str, Any]:
    """A request for kitchen staff from tomorrow on."""
    report_at = SystemClock().now() + timedelta(hours=24)
    line = {
        "role": "field_kitchen",
        "quantity": people,
        "report_at": report_at.isoformat(),
        "due_back": (report_at + timedelta(days=7)).isoformat(),
        **SITE,
    }
    return {"operation_id": operation_id, "title": "Dapur umum", "funding": "BTT", "lines": [line]}


@asynccontextmanager
async def live_house(dsn: str, client: Client, scratch: Path) -> AsyncIterator[LiveHouse]:
    """Open a house on a database with the example city and a second, tiny government in it."""
    queue = f"doors-{uuid.uuid4().hex[:8]}"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "ANSWER_WITHIN", PATIENCE)
        async with _opened(dsn, client, scratch, queue) as house:
            yield house


@asynccontextmanager
async def _opened(dsn: str, client: Client, scratch: Path, queue: str) -> AsyncIterator[LiveHouse]:
    async with open_books(dsn, size=12) as books, make_worker(client, books, queue):
        door = Door(books, books.house(), Engine(Settings.load(), client))

        @asynccontextmanager
        async def open_door() -> AsyncIterator[Door]:
            yield door

        async with serving(create_app(open_door)) as url:
            house = LiveHouse(client, books, url, queue)
            await _settle(house, CITY, GOVERNMENT, "")
            await _settle(house, strangers(scratch / "lain"), STRANGERS, "lain:")
            house.start_relay()
            try:
                yield house
            finally:
                await house.stop_relay()


@asynccontextmanager
async def serving(app: Any) -> AsyncIterator[str]:
    """Serve the API on a socket of its own, and give its address."""
    server = _Server(uvicorn.Config(app, host="127.0.0.1", port=0, log_config=None, access_log=False))
    serving = asyncio.create_task(server.serve())
    while not server.started:
        await asyncio.sleep(0.01)
        assert not serving.done(), "the API did not start"
    port = server.servers[0].sockets[0].getsockname()[1]
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await serving


async def _settle(house: LiveHouse, directory: Path, government_id: str, mark: str) -> None:
    """Import a roster and give everybody a token."""
    books = house.books
    if not await books.boards.people(government_id):
        roster = read_roster(directory)
        assert isinstance(roster, Roster), str(roster)
        await books.rosters().write(roster, None)
    people = {row["person_id"]: row["unit_code"] for row in await books.boards.people(government_id)}
    await books.desk.keep_tokens(government_id, [(person, f"t-{person}") for person in people])
    names: dict[str, str] = {}
    for office in await books.boards.officers(government_id, SystemClock().now()):
        name = named(Capacity(office["capacity"]), (office["unit_id"] or "").partition(".")[2], names)
        if name is not None:
            names[name] = office["person_id"]
    house.offices.update({mark + name: person_id for name, person_id in names.items()})
    house.people += tuple(people)


def strangers(folder: Path) -> Path:
    """The roster of another government: a handful of people who hold every office."""
    folder.mkdir(parents=True, exist_ok=True)
    text = (CITY / "government.toml").read_text()
    (folder / "government.toml").write_text(text.replace('"kota-kupang"', f'"{STRANGERS}"'))
    for name, lines in (("units", 2), ("people", 5)):
        head = (CITY / f"{name}.csv").read_text().splitlines()[:lines]
        (folder / f"{name}.csv").write_text("\n".join(head) + "\n")
    nips = [line.split(",")[1] for line in (folder / "people.csv").read_text().splitlines()[1:]]
    offices = ["COORDINATOR", "SEKDA", "SIGNATORY", "COMMAND_POST", "AUDITOR", "OPERATOR", "FINANCE_OFFICER"]
    rows = [f"{nips[n % len(nips)]},{office},,2026-01-01," for n, office in enumerate(offices)]
    heading = (CITY / "appointments.csv").read_text().splitlines()[0]
    (folder / "appointments.csv").write_text(
        "\n".join([heading, f"{nips[0]},UNIT_HEAD,SETDA,2026-01-01,", *rows]) + "\n"
    )
    return folder


def copy_city(folder: Path) -> Path:
    """A copy of the example city, to be damaged."""
    return Path(shutil.copytree(CITY, folder))
