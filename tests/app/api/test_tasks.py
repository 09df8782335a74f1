"""Tasks at the door: who sees, claims, decides, hands on, comments, attaches and erases; and what a file comes back as."""

import asyncio
import io
import uuid
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import httpx
import openpyxl
import pytest

from domain.authority import Capacity
from runtime.clock import SystemClock
from tests.app.kit import GOVERNMENT, LiveHouse

pytestmark = pytest.mark.long

PDF = b"%PDF-1.7\nlaporan penugasan"
ABSENT = "01a21368-0000-7000-8000-000000000000"


@dataclass(frozen=True)
class Scene:
    """A surge with people who are asked, one of whom waits for release; and a second command post officer."""

    house: LiveHouse
    surge_id: str
    releasing: dict[str, Any]
    asked: dict[str, Any]
    cast: dict[str, str]

    async def task(self, kind: str, case_id: str) -> dict[str, Any]:
        """The open task of a case."""
        found = await self.seen("auditor", mine=False, kind=kind)
        (task,) = [row for row in found if row["case_id"] == case_id]
        return task

    async def seen(self, who: str, **query: Any) -> list[dict[str, Any]]:
        answer = await self.house.get(self.who(who), "/v1/tasks", **query)
        assert answer.status_code == 200, answer.text
        items: list[dict[str, Any]] = answer.json()["items"]
        return items

    def who(self, name: str) -> str:
        return self.cast.get(name, name)

    async def ask(self, method: str, who: str, path: str, **sent: Any) -> httpx.Response:
        async with self.house.http(self.who(who)) as http:
            return await http.request(method, f"/v1/tasks/{path}", **sent)

    async def release_task(self) -> dict[str, Any]:
        return await self.task("DECIDE_RELEASE", self.releasing["case_id"])

    async def attach(
        self, who: str, task_id: str, content: bytes = PDF, name: str = "laporan.pdf", key: str | None = None
    ) -> httpx.Response:
        headers = {"Idempotency-Key": key} if key else {}
        return await self.ask(
            "POST", who, f"{task_id}/evidence", params={"name": name}, content=content, headers=headers
        )


async def appoint(house: LiveHouse, person: str, office: Capacity, unit: str | None = None) -> None:
    """Let a second person hold an office, as a roster would."""
    async with house.books.database.writing() as connection:
        await connection.execute(
            """INSERT INTO appointments (government_id, person_id, capacity, unit_id, valid)
               VALUES ($1, $2, $3, $4, daterange('2026-01-01', NULL))""",
            *(GOVERNMENT, person, office.value, unit),
        )


@pytest.fixture(scope="module")
async def scene(house: LiveHouse) -> Scene:
    surge_id, people = await house.offered(await house.operation(), 3)
    heads = {alias: person for alias, person in house.offices.items() if alias.startswith("kepala:")}
    single = {person for person in heads.values() if list(house.offices.values()).count(person) == 1}

    def head_of(row: dict[str, Any]) -> str:
        return heads[f"kepala:{row['unit_id'].partition('.')[2]}"]

    releasing = next(row for row in people if head_of(row) in single)
    asked = next(row for row in people if row is not releasing)
    await house.done(releasing["person_id"], f"/v1/secondments/{releasing['placement_id']}/acceptance")
    holders = {*house.offices.values(), *(row["person_id"] for row in people)}
    deputy, colleague, post_2, *_ = [person for person in house.people if person not in holders]
    await appoint(house, deputy, Capacity.UNIT_HEAD, releasing["unit_id"])
    await appoint(house, post_2, Capacity.COMMAND_POST)
    others = next(p for p in single if p not in {head_of(row) for row in people})
    cast = {
        "the head": head_of(releasing),
        "the second head": deputy,
        "another head": others,
        "the subject": releasing["person_id"],
        "who is asked": asked["person_id"],
        "a colleague": colleague,
        "post 2": post_2,
    }
    return Scene(house, surge_id, releasing, asked, cast)


def check(answer: httpx.Response, status: int, code: str | None = None) -> dict[str, Any]:
    assert answer.status_code == status, answer.text
    told: dict[str, Any] = answer.json()
    if code:
        assert told["code"] == code, told
    return told


# ── seeing ────────────────────────────────────────────────────────────────────────────────────────────────────────

OVERSEERS = {"koordinator", "sekda", "penandatangan", "posko", "auditor", "kepala-daerah", "operator"}
EVERYBODY = (*sorted(OVERSEERS), "the head", "the second head", "another head", "the subject", "a colleague")


@pytest.mark.parametrize("who", EVERYBODY)
async def test_only_those_who_must_see_a_task_do(scene: Scene, who: str) -> None:
    task = await scene.release_task()
    sees = who in OVERSEERS | {"the head", "the second head"}
    answer = await scene.ask("GET", who, task["task_id"])
    assert answer.status_code == (200 if sees else 404), answer.text
    listed = [row["task_id"] for row in await scene.seen(who, mine=False)]
    assert (task["task_id"] in listed) is sees


async def test_a_person_sees_the_own_task_and_no_other(scene: Scene) -> None:
    seen = await scene.seen("who is asked", mine=False)
    assert [(row["kind"], row["case_id"]) for row in seen] == [("ANSWER_OFFER", scene.asked["case_id"])]
    assert seen[0]["verdicts"] == ["APPROVE", "REJECT"]
    assert await scene.seen("the subject", mine=False) == []


async def test_what_one_may_not_see_is_answered_like_none(scene: Scene) -> None:
    task = await scene.release_task()
    for who in ("a colleague", "lain:sekda"):
        answers = [
            await scene.ask(method, who, f"{task_id}{door}", **sent)
            for task_id in (task["task_id"], ABSENT)
            for method, door, sent in (
                ("GET", "", {}),
                ("POST", "/claim", {}),
                ("POST", "/decision", {"json": {"verdict": "APPROVE"}}),
                ("POST", "/comments", {"json": {"text": "x"}}),
                ("POST", "/evidence", {"params": {"name": "x"}, "content": PDF}),
                ("GET", f"/evidence/{ABSENT}", {}),
            )
        ]
        assert {(one.status_code, one.text) for one in answers} == {(404, answers[0].text)}


async def test_pages_follow_each_other_and_a_wrong_place_is_named(scene: Scene) -> None:
    whole = [row["task_id"] for row in await scene.seen("auditor", mine=False)]
    assert len(whole) == 3  # two offers, one release
    paged: list[str] = []
    after = None
    for _ in whole:
        query = {"mine": False, "limit": 1} | ({"after": after} if after else {})
        page = (await scene.house.get("auditor", "/v1/tasks", **query)).json()
        paged += [row["task_id"] for row in page["items"]]
        after = page["next"]
    assert (paged, after) == (whole, None)
    for wrong in ("x", "AAAA", "MjAyNi0xMS0yMg==", "w7xi"):
        told = check(await scene.house.get("auditor", "/v1/tasks", after=wrong), 422, "faulty")
        assert told["faults"] == ["after: expected `next` of the page before"]


async def test_filters(scene: Scene) -> None:
    assert await scene.seen("posko") == []
    assert {row["kind"] for row in await scene.seen("posko", mine=False)} >= {
        "ANSWER_OFFER",
        "DECIDE_RELEASE",
    }
    assert await scene.seen("posko", mine=False, overdue=True) == []
    check(await scene.house.get("posko", "/v1/tasks", kind="DANCE"), 422, "faulty")
    check(await scene.house.get("posko", "/v1/tasks", id_part="%"), 422, "faulty")


# ── claiming ──────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("who", [one for one in EVERYBODY if "head" not in one])
async def test_whoever_may_not_decide_may_not_claim(scene: Scene, who: str) -> None:
    task = await scene.release_task()
    answer = await scene.ask("POST", who, f"{task['task_id']}/claim")
    if who in OVERSEERS:
        check(answer, 403, "no_authority")
    else:
        check(answer, 404, "no_such_case")


async def test_a_claim_keeps_others_of_the_office_from_deciding_until_it_is_given_back(scene: Scene) -> None:
    task_id = (await scene.release_task())["task_id"]
    told = check(await scene.ask("POST", "the head", f"{task_id}/claim"), 200)
    assert told["task"]["claimed_by"] == scene.cast["the head"]
    assert told["open_to_you"] == ["APPROVE", "REJECT"]
    again = check(await scene.ask("POST", "the head", f"{task_id}/claim"), 200)
    assert again["task"]["claimed_at"] == told["task"]["claimed_at"]
    check(await scene.ask("POST", "the second head", f"{task_id}/claim"), 409, "claimed_by_another")
    # Neither through the task nor by the specific route.
    reject = {"verdict": "REJECT", "reason": "OTHER"}
    check(
        await scene.ask("POST", "the second head", f"{task_id}/decision", json=reject),
        409,
        "claimed_by_another",
    )
    path = f"/v1/secondments/{scene.releasing['placement_id']}/release"
    check(await scene.house.post(scene.who("the second head"), path), 409, "claimed_by_another")
    shown = check(await scene.ask("GET", "the second head", task_id), 200)
    assert shown["open_to_you"] == []
    check(await scene.ask("DELETE", "the second head", f"{task_id}/claim"), 403, "no_authority")
    check(await scene.ask("POST", "the second head", f"{task_id}/take-over"), 403, "no_authority")
    given = check(await scene.ask("DELETE", "the head", f"{task_id}/claim"), 200)
    assert given["task"]["claimed_by"] is None
    check(await scene.ask("DELETE", "the head", f"{task_id}/claim"), 409, "not_claimed")
    facts = (await scene.house.get("auditor", "/v1/log", case_id=scene.releasing["case_id"])).json()["items"]
    assert [row["type"] for row in facts if row["type"].startswith("Task")] == [
        "TaskClaimed",
        "TaskUnclaimed",
    ]


async def test_the_office_above_and_the_operator_hand_a_task_on(scene: Scene) -> None:
    task_id = (await scene.release_task())["task_id"]
    first, second = scene.cast["the head"], scene.cast["the second head"]
    check(await scene.ask("POST", "sekda", f"{task_id}/take-over", json={"to": second}), 409, "not_claimed")
    check(await scene.ask("POST", "the head", f"{task_id}/claim"), 200)
    check(
        await scene.ask("POST", "sekda", f"{task_id}/take-over", json={"to": scene.cast["a colleague"]}),
        409,
        "heir_may_not",
    )
    check(await scene.ask("POST", "sekda", f"{task_id}/take-over"), 403, "no_authority")
    check(
        await scene.ask("POST", "koordinator", f"{task_id}/take-over", json={"to": second}),
        403,
        "no_authority",
    )
    foreign = scene.house.offices["lain:sekda"]
    check(await scene.ask("POST", "sekda", f"{task_id}/take-over", json={"to": foreign}), 409, "heir_may_not")
    told = check(await scene.ask("POST", "sekda", f"{task_id}/take-over", json={"to": second}), 200)
    assert told["task"]["claimed_by"] == second
    told = check(await scene.ask("POST", "operator", f"{task_id}/take-over", json={"to": first}), 200)
    assert told["task"]["claimed_by"] == first
    check(await scene.ask("DELETE", "operator", f"{task_id}/claim"), 200)


async def test_what_is_asked_of_one_by_name_is_not_claimed(scene: Scene) -> None:
    task = await scene.task("ANSWER_OFFER", scene.asked["case_id"])
    check(await scene.ask("POST", "who is asked", f"{task['task_id']}/claim"), 409, "asked_by_name")


# ── comments and evidence ─────────────────────────────────────────────────────────────────────────────────────────

WRITERS = OVERSEERS - {"auditor", "operator"} | {"the head", "the second head"}


@pytest.mark.parametrize("who", EVERYBODY)
async def test_who_may_comment_and_attach(scene: Scene, who: str) -> None:
    task_id = (await scene.release_task())["task_id"]
    said = await scene.ask("POST", who, f"{task_id}/comments", json={"text": f"kata {who}"})
    sent = await scene.attach(who, task_id)
    wanted = 201 if who in WRITERS else 403 if who in OVERSEERS else 404
    assert (said.status_code, sent.status_code) == (wanted, wanted), said.text
    if wanted == 201:
        assert said.json()["comments"][-1]["text"] == f"kata {who}"
        assert sent.json()["evidence"][-1]["media"] == "application/pdf"


async def test_a_comment_sent_again_under_its_key_is_one(scene: Scene) -> None:
    task_id = (await scene.release_task())["task_id"]
    key = {"Idempotency-Key": str(uuid.uuid4())}
    for _ in range(2):
        answer = await scene.ask("POST", "sekda", f"{task_id}/comments", json={"text": "sekali"}, headers=key)
        told = check(answer, 201)
    assert [row["text"] for row in told["comments"]].count("sekali") == 1
    other = await scene.ask("POST", "sekda", f"{task_id}/comments", json={"text": "lain"}, headers=key)
    check(other, 409, "key_reused")


async def test_a_file_comes_back_as_it_was_to_be_saved_and_never_to_be_shown(scene: Scene) -> None:
    task_id = (await scene.release_task())["task_id"]
    sheet = io.BytesIO()
    openpyxl.Workbook().save(sheet)
    for content, name, wanted, media in (
        (PDF, "laporan & foto.exe", "laporan%20%26%20foto.pdf", "application/pdf"),
        (b"<html><script>alert(1)</script></html>", "a.html", "a.txt", "text/plain; charset=utf-8"),
        (
            sheet.getvalue(),
            '"; filename="x',
            "%22%3B%20filename%3D%22x.xlsx",
            "application/vnd.openxmlformats",
        ),
    ):
        told = check(await scene.attach("the head", task_id, content, name), 201)
        evidence_id = told["evidence"][-1]["evidence_id"]
        got = await scene.ask("GET", "sekda", f"{task_id}/evidence/{evidence_id}")
        assert got.content == content
        assert got.headers["Content-Type"].startswith(media)
        assert got.headers["Content-Disposition"] == f"attachment; filename*=UTF-8''{wanted}"
        assert got.headers["X-Content-Type-Options"] == "nosniff"
        assert got.headers["Content-Security-Policy"] == "default-src 'none'; sandbox"
        assert got.headers["Cache-Control"] == "no-store"


@pytest.mark.parametrize(
    ("content", "name", "fault"),
    [
        (b"", "x.pdf", "file: 0 bytes, expected 1 to 10000000"),
        (b"MZ\x90\0\3", "x.pdf", "file: its content is none of PDF, PNG, JPEG, CSV, TXT, ODS, XLSX"),
        (PDF, "a\nb", "name: expected one line without control characters"),
        (PDF, "", "name: string should have at least 1 character"),
    ],
)
async def test_a_file_that_is_not_taken_is_refused_with_the_reason(
    scene: Scene, content: bytes, name: str, fault: str
) -> None:
    task_id = (await scene.release_task())["task_id"]
    told = check(await scene.attach("the head", task_id, content, name), 422, "faulty")
    assert told["faults"] == [fault]


async def test_a_file_may_have_ten_megabytes_and_no_byte_more(scene: Scene) -> None:
    task_id = (await scene.release_task())["task_id"]
    largest = PDF + b" " * (10_000_000 - len(PDF))
    told = check(await scene.attach("the head", task_id, largest), 201)
    assert told["evidence"][-1]["bytes"] == 10_000_000
    check(await scene.attach("the head", task_id, largest + b" "), 413, "too_large")
    # Whoever may not attach is told so before the body is read.
    check(await scene.attach("auditor", task_id, largest + b" "), 403, "no_authority")


async def test_content_is_erased_by_an_office_that_may_and_its_hash_stays(scene: Scene) -> None:
    task_id = (await scene.release_task())["task_id"]
    told = check(await scene.attach("the head", task_id), 201)
    evidence = told["evidence"][-1]
    path = f"{task_id}/evidence/{evidence['evidence_id']}"
    for who in ("the head", "koordinator", "auditor", "posko"):
        check(await scene.ask("DELETE", who, path, params={"reason": "WRONG_FILE"}), 403, "no_authority")
    check(await scene.ask("DELETE", "operator", path), 422, "faulty")
    check(await scene.ask("DELETE", "operator", path, params={"reason": "BORED"}), 422, "faulty")
    gone = await scene.ask("DELETE", "operator", path, params={"reason": "WRONG_FILE"})
    assert gone.status_code == 204, gone.text
    check(await scene.ask("GET", "sekda", path), 404)
    check(await scene.ask("DELETE", "operator", path, params={"reason": "WRONG_FILE"}), 404)
    shown = check(await scene.ask("GET", "sekda", task_id), 200)["evidence"]
    (left,) = [row for row in shown if row["evidence_id"] == evidence["evidence_id"]]
    assert (left["name"], left["erased_for"], left["sha256"]) == (None, "WRONG_FILE", evidence["sha256"])
    own = check(await scene.attach("sekda", task_id), 201)["evidence"][-1]["evidence_id"]
    own_path = f"{task_id}/evidence/{own}"
    check(await scene.ask("DELETE", "sekda", own_path, params={"reason": "WRONG_FILE"}), 403, "own_evidence")
    facts = (await scene.house.get("auditor", "/v1/log", case_id=scene.releasing["case_id"])).json()["items"]
    erased = [row for row in facts if row["type"] == "EvidenceErased"]
    assert erased[0]["data"]["reason"] == "WRONG_FILE"
    attached = {row["data"]["evidence_id"]: row["data"] for row in facts if row["type"] == "EvidenceAttached"}
    assert attached[evidence["evidence_id"]]["sha256"] == evidence["sha256"]


# ── deciding; these change the scene, and come last ───────────────────────────────────────────────────────────────


async def test_a_verdict_that_a_task_does_not_have_is_refused_with_those_it_has(scene: Scene) -> None:
    task_id = (await scene.release_task())["task_id"]
    answer = await scene.ask(
        "POST", "the head", f"{task_id}/decision", json={"verdict": "RETURN", "note": "x"}
    )
    assert check(answer, 422, "faulty")["faults"] == [
        "verdict: DECIDE_RELEASE has no RETURN, expected APPROVE or REJECT"
    ]
    bare = await scene.ask("POST", "the head", f"{task_id}/decision", json={"verdict": "REJECT"})
    assert check(bare, 422, "faulty")["faults"] == ["reason: field required"]


async def test_of_two_who_decide_at_once_the_one_who_claimed_it_decides(scene: Scene) -> None:
    task_id = (await scene.release_task())["task_id"]
    check(await scene.ask("POST", "the second head", f"{task_id}/claim"), 200)
    key = str(uuid.uuid4())

    async def decide(who: str) -> httpx.Response:
        form, headers = {"verdict": "APPROVE"}, {"Idempotency-Key": key}
        return await scene.ask("POST", who, f"{task_id}/decision", json=form, headers=headers)

    refused, stands = await asyncio.gather(decide("the head"), decide("the second head"))
    check(refused, 409, "claimed_by_another")
    told = check(stands, 200)
    assert (told["kind"], told["state"], told["choice"]) == ("RELEASE", "APPLIED", None)
    # Sent again after the answer was lost: it is answered, and another decision finds the task closed.
    assert (await decide("the second head")).json() == told
    check(await decide("the head"), 409, "task_closed")
    shown = check(await scene.ask("GET", "the head", task_id), 200)
    assert shown["task"]["closed_at"]
    assert shown["open_to_you"] == []


async def test_the_same_command_is_recorded_as_by_the_specific_route(scene: Scene) -> None:
    one, other = (
        await scene.house.surge(await scene.house.operation()),
        await scene.house.surge(await scene.house.operation()),
    )
    form = {"code": "NO_FUNDS", "note": "baru 2027"}
    await scene.house.done("sekda", f"/v1/surges/{one}/rejection", form)
    task = await scene.task("APPROVE_SURGE", f"surge:{other}")
    verdict = {"verdict": "REJECT", "reason": "NO_FUNDS", "note": "baru 2027"}
    check(await scene.ask("POST", "sekda", f"{task['task_id']}/decision", json=verdict), 200)
    async with scene.house.books.database.reading() as connection:
        rows = await connection.fetch(
            """SELECT kind, actor_id, capacity, tenure, choice, details::text, state, body
                 FROM commands LEFT JOIN notes USING (note_id) WHERE case_id = ANY ($1) AND kind = 'REJECT_SURGE'""",
            [f"surge:{one}", f"surge:{other}"],
        )
    assert len(rows) == 2
    assert tuple(rows[0]) == tuple(rows[1])


async def test_nobody_decides_through_a_task_what_they_may_not(scene: Scene) -> None:
    surge = await scene.house.surge(await scene.house.operation())
    task_id = (await scene.task("APPROVE_SURGE", f"surge:{surge}"))["task_id"]
    approve = {"verdict": "APPROVE"}
    check(await scene.ask("POST", "koordinator", f"{task_id}/decision", json=approve), 403, "own_proposal")
    check(await scene.ask("POST", "posko", f"{task_id}/decision", json=approve), 403, "no_authority")


async def test_a_substitute_claims_for_the_holder_who_takes_it_back(scene: Scene) -> None:
    surge = await scene.house.surge(await scene.house.operation())
    task_id = (await scene.task("APPROVE_SURGE", f"surge:{surge}"))["task_id"]
    until = (SystemClock().now() + timedelta(days=2)).isoformat()
    deputy = scene.cast["a colleague"]
    form = {"substitute_id": deputy, "capacity": "SEKDA", "ends": until, "letter": "1"}
    mandate = check(await scene.house.post("sekda", "/v1/mandates", form), 201)
    check(await scene.ask("POST", "a colleague", f"{task_id}/claim"), 200)
    check(
        await scene.ask("POST", "sekda", f"{task_id}/decision", json={"verdict": "APPROVE"}),
        409,
        "claimed_by_another",
    )
    told = check(await scene.ask("POST", "sekda", f"{task_id}/take-over"), 200)
    assert told["task"]["claimed_by"] == scene.house.offices["sekda"]
    # And what is claimed by one whose mandate has ended, anybody of the office takes over.
    check(await scene.ask("DELETE", "sekda", f"{task_id}/claim"), 200)
    check(await scene.ask("POST", "a colleague", f"{task_id}/claim"), 200)
    async with scene.house.http(scene.house.offices["sekda"]) as http:
        ended = await http.delete(f"/v1/mandates/{mandate['mandate_id']}")
    assert ended.status_code == 204
    check(await scene.ask("POST", "sekda", f"{task_id}/take-over"), 200)
    check(await scene.ask("POST", "sekda", f"{task_id}/decision", json={"verdict": "APPROVE"}), 200)
