"""One call of the command line: whose token, which API, and how an answer becomes an exit code."""

from __future__ import annotations

import json
import ssl
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from http import HTTPStatus
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import httpx

from app.cli import times
from app.cli.faults import in_words
from app.cli.show import saved
from app.cli.tokens import NoToken, read_tokens
from runtime.clock import SystemClock
from runtime.settings import Settings, SettingsError
from runtime.stack_state import is_up, read_state

USAGE, REFUSED, NOT_ALLOWED, NOT_FOUND, OUT_OF_REACH, RECORDED = 2, 3, 4, 5, 6, 7
"""Exit codes: 2 a wrong call or file, 3 refused, 4 not allowed, 5 not found, 6 out of reach, 7 not yet applied."""

CODES: dict[int, int] = {
    401: NOT_ALLOWED,
    403: NOT_ALLOWED,
    404: NOT_FOUND,
    409: REFUSED,
    413: USAGE,
    422: USAGE,
}
PATIENCE = 120.0  # seconds: a plan of a province, the replay of a long case
TRIES = 4

Json = Any


class Trouble(Exception):
    """The call did not do what was asked: one line, perhaps more to list, and the exit code."""

    def __init__(self, message: str, code: int, details: tuple[str, ...] = ()) -> None:
        super().__init__(message)
        self.code = code
        self.details = details


@dataclass(frozen=True)
class Globals:
    """What every command of a client takes."""

    name: str | None = None
    as_json: bool = False
    api: str | None = None
    data: Path | None = None


class Session:
    """The client of one call."""

    def __init__(self, given: Globals) -> None:
        self.as_json = given.as_json
        self._given = given
        self._settings = _settings(given.data)
        self.recorded = False
        """Whether a decision of this call is recorded and not yet applied."""
        self._client: httpx.Client | None = None

    def close(self) -> None:
        """Give the connection back."""
        if self._client:
            self._client.close()

    def get(self, path: str, **query: Any) -> Json:
        """Ask; raises Trouble."""
        return self._send("GET", path, params=_said(query)).json()

    def get_bytes(self, path: str, **query: Any) -> bytes:
        """Fetch a file; raises Trouble."""
        return self._send("GET", path, params=_said(query)).content

    def post(self, path: str, form: dict[str, Any] | None = None, *, key: str | None = None) -> Json:
        """Decide; raises Trouble. The key makes sure that trying again never decides twice."""
        headers = {"Idempotency-Key": key or str(uuid.uuid4())}
        answer = self._send("POST", path, json=form, headers=headers)
        self.recorded |= answer.status_code == HTTPStatus.ACCEPTED
        return answer.json()

    def tell(self, path: str, form: dict[str, Any] | None = None) -> None:
        """Ask for something that has no answer but that it is done; raises Trouble."""
        self._send("POST", path, json=form)

    def delete(self, path: str, **query: Any) -> None:
        """End something; raises Trouble."""
        self._send("DELETE", path, params=_said(query))

    def tasks(self, **query: Any) -> Json:
        """Return the open tasks of every page, as of the first one; raises Trouble."""
        first = page = self.get("/v1/tasks", limit=500, **query)
        while page["next"]:
            page = self.get("/v1/tasks", limit=500, after=page["next"], **query)
            first["items"] += page["items"]
        return first | {"next": None}

    def task(self, text: str) -> str:
        """Return the whole id of a task of which the beginning or the end is given, among those the actor sees, first the open ones."""
        if len(text) == 36:
            return text.lower()
        asked = {"mine": False, "id_part": text}
        found = (
            self.get("/v1/tasks", **asked)["items"] or self.get("/v1/tasks", **asked, closed=True)["items"]
        )
        return only([row["task_id"] for row in found], text, "task")

    def upload(self, path: str, body: bytes, media: str, **query: Any) -> Json:
        """Send a file; raises Trouble."""
        headers = {"Content-Type": media, "Idempotency-Key": str(uuid.uuid4())}
        answer = self._send("POST", path, content=body, headers=headers, params=_said(query))
        self.recorded |= answer.status_code == HTTPStatus.ACCEPTED
        return answer.json()

    def save(self, path: str, output: Path, **query: Any) -> None:
        """Fetch a file and write it; raises Trouble."""
        file = self.get_bytes(path, **query)
        try:
            output.write_bytes(file)
        except OSError as error:
            raise Trouble(f"{output}: {error.strerror}", USAGE) from None
        self.show({"file": str(output), "bytes": len(file)}, saved)

    def show(self, data: Json, render: Callable[[Any], None]) -> None:
        """Print an answer: as JSON for programs, or rendered."""
        if self.as_json:
            print(json.dumps(data, ensure_ascii=False, indent=1))
        else:
            times.by_clock_of(lambda: self._zone_of(data))
            render(data)

    def today(self) -> str:
        """Return the day that it is for the government, whatever day this machine has; raises Trouble."""
        return SystemClock().now().astimezone(self._zone).date().isoformat()

    @cached_property
    def _zone(self) -> ZoneInfo:
        return ZoneInfo(self.get("/v1/me")["zone"])

    def _zone_of(self, data: Json) -> ZoneInfo:
        """The zone of an answer; the government's where it says none."""
        told = data.get("as_of") if isinstance(data, dict) else None
        return ZoneInfo(told["zone"]) if told else self._zone

    def operation(self, text: str) -> str:
        """Return the whole id of an operation of which the beginning is given."""
        return self._whole(text.removeprefix("operation:").upper(), "OP-", "/v1/operations", "operation_id")

    def surge(self, text: str) -> str:
        """Return the whole id of a surge of which the beginning is given."""
        return self._whole(text.removeprefix("surge:").upper(), "SU-", "/v1/surges", "surge_id")

    def group(self, text: str) -> str:
        """Return the whole id of a batch or a swap of which the beginning is given."""
        given = text.partition(":")[2] or text
        prefix = "SW-" if given.upper().startswith("SW") else "BA-"
        return self._whole(given.upper(), prefix, "/v1/mutation-groups", "group_id")

    def mutation(self, text: str) -> str:
        """Return the whole id of a mutation of which the beginning is given."""
        return self._whole(text.removeprefix("mutation:").upper(), "MU-", "/v1/mutations", "mutation_id")

    def placement(self, text: str) -> str:
        """Return the whole id of a placement of which the beginning is given, among those the actor sees."""
        text = text.removeprefix("secondment:").lower()
        if len(text) == 36:
            return text
        if not set(text) <= set("0123456789abcdef-"):
            raise Trouble(f"{text}: expected the id of a secondment, or the beginning of it", USAGE)
        found = self.get("/v1/secondments", id_prefix=text)["items"]
        return only([row["placement_id"] for row in found], text, "secondment")

    def order(self, text: str) -> str:
        """Return the id of an order by its beginning or by its number, among those the actor sees."""
        if len(text) == 36:
            return text
        seen = self.get("/v1/secondments")["items"]
        found = {
            row["order_id"]
            for row in seen
            if row["order_number"]
            and (row["order_number"] == text or row["order_id"].startswith(text.lower()))
        }
        return only(sorted(found), text, "order")

    def person(self, text: str) -> str:
        """Return a person's id: as it stands, or by a name or beginning that is stored here."""
        if len(text) == 36:
            return text.lower()
        try:
            return read_tokens(self._settings.data).person(text)
        except NoToken as error:
            raise Trouble(str(error), USAGE) from None

    def _whole(self, text: str, prefix: str, path: str, key: str) -> str:
        whole = text if text.startswith(prefix) else prefix + text
        if len(whole) == len(prefix) + 10:
            return whole
        found = self.get(path, id_prefix=whole)["items"]
        return only([row[key] for row in found], text, key.removesuffix("_id"))

    def _send(self, method: str, path: str, **request: Any) -> httpx.Response:
        client = self._connected()
        answer: httpx.Response | None = None
        for attempt in range(1, TRIES + 1):
            try:
                answer = client.request(method, path, **request)
            except httpx.TransportError as error:
                # A part that was killed is started again within moments.
                if attempt == TRIES:
                    why = type(error).__name__
                    raise Trouble(
                        f"the API does not answer at {client.base_url} ({why})", OUT_OF_REACH
                    ) from None
                time.sleep(0.5 * attempt)
            else:
                break
        assert answer is not None
        if answer.status_code >= HTTPStatus.BAD_REQUEST:
            raise _trouble(answer)
        return answer

    def _connected(self) -> httpx.Client:
        if self._client is None:
            headers = {"Authorization": f"Bearer {self._token()}"}
            api = self._given.api or self._address()
            self._client = httpx.Client(
                base_url=api, headers=headers, timeout=PATIENCE, trust_env=False, verify=_trust(api)
            )
        return self._client

    def _token(self) -> str:
        tokens = read_tokens(self._settings.data)
        if self._given.name is None:
            known = ", ".join(alias for alias in tokens.aliases if ":" not in alias)
            raise Trouble(f"who acts? add --as NAME ({known or 'no tokens are stored yet'})", USAGE)
        try:
            return tokens.pick(self._given.name)
        except NoToken as error:
            raise Trouble(str(error), USAGE) from None

    def _address(self) -> str:
        data = self._settings.data
        state = read_state(data) if is_up(data) else None
        if state is None or state.addresses is None:
            away = f"nothing is up on {data}; start it with ./siaga up, or name --api URL"
            raise Trouble(away, OUT_OF_REACH)
        return state.addresses.api


def _settings(data: Path | None) -> Settings:
    try:
        return Settings.load(**({"data": data} if data else {}))
    except SettingsError as error:
        raise Trouble(str(error), USAGE) from None


def _trust(api: str) -> ssl.SSLContext | bool:
    """Whom a connection trusts. Reading this machine's authorities takes longer than a call, and HTTP asks none."""
    return True if api.lower().startswith("https:") else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)


def _trouble(answer: httpx.Response) -> Trouble:
    try:
        problem = answer.json()
        code = problem["code"]
        detail, faults = str(problem["detail"]), tuple(in_words(one) for one in problem.get("faults") or ())
        if code == "faulty":
            detail = in_words(detail)
    except (ValueError, KeyError, TypeError):
        detail, faults, code = f"the API answered {answer.status_code}", (), ""
    if code and code not in ("faulty", "unauthenticated"):
        detail += f" ({code})"
    exit_code = CODES.get(answer.status_code, OUT_OF_REACH)
    return Trouble(detail, exit_code, faults if len(faults) > 1 else ())


def only(found: list[str], text: str, what: str) -> str:
    """Return the one that was found for a text; raises Trouble where it is none, or one of several."""
    if len(found) == 1:
        return found[0]
    if not found:
        raise Trouble(f"{text}: there is no such {what}, or it is not yours to see", NOT_FOUND)
    raise Trouble(f"{text}: {len(found)} of them begin so ({', '.join(found[:4])}, …)", USAGE)


def _said(query: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in query.items() if value is not None}
