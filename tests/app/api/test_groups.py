"""Batches and swaps at the door: who may form one, decide and see, office by office; and what cannot go together says why."""

from dataclasses import dataclass
from datetime import timedelta
from http import HTTPStatus
from typing import Any

import pytest

from adapters.feeds.roster_files import read_roster
from app import actions
from app.api.groups import WAYS
from domain.mutation.authority import MAY
from domain.mutation.group_authority import MAY as OF_A_GROUP
from domain.mutation.group_authority import TRIGGER_OF_KIND
from lab.movers import Mover, movers
from runtime.clock import SystemClock
from tests.app.api.test_mutations import OFFICES
from tests.app.kit import CITY, LiveHouse

pytestmark = pytest.mark.long

PATH = {way.kind.value: way.path for way in WAYS}
LATER = (SystemClock().now() + timedelta(days=30)).isoformat()
FORMS: dict[str, dict[str, Any]] = {
    "PREPARE_DECREE": {"effective_at": LATER},
    "RETURN_DECREE": {"code": "OTHER"},
}
RECORD = {
    "number": "821.2/1/BY-HAND",
    "rendered_bytes": 1,
    **dict.fromkeys(("file_sha256", "rendered_sha256", "facts_sha256"), "0" * 64),
}
DECREE = "5f0c3c1e-0000-4000-8000-000000000001"
FILE = ["UNIT_PROPOSAL", "WORKLOAD_ANALYSIS", "POSITION_MAP"]
NOBODYS = {"the person", "the releasing head", "the receiving head", "a colleague"}


@dataclass(frozen=True)
class Scene:
    """A batch of two that nobody delivers anything to any more, and one mutation beside it."""

    house: LiveHouse
    group_id: str
    mutations: tuple[str, ...]
    beside: str


@pytest.fixture(scope="module")
async def scene(house: LiveHouse) -> Scene:
    offices = set(house.offices.values())
    found: dict[str, Mover] = {}
    for mover in movers(read_roster(CITY), SystemClock().now().date()):
        if mover.kept is None and mover.person_id not in offices:
            found.setdefault(mover.position_id, mover)
        if len(found) == 3:
            break
    told = [
        await house.done(
            "bkpsdm",
            "/v1/mutations",
            {"person_id": one.person_id, "position_id": one.position_id, "documents": FILE},
        )
        for one in found.values()
    ]
    ids = tuple(one["case_id"].partition(":")[2] for one in told)
    formed = await house.done("bkpsdm", "/v1/mutation-groups", {"kind": "BATCH", "mutations": list(ids[:2])})
    assert formed["state"] == "APPLIED", formed
    await house.stop_relay()
    return Scene(house, formed["case_id"].partition(":")[2], ids[:2], ids[2])


@pytest.fixture
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "ANSWER_WITHIN", 0.0)


def test_every_decision_has_a_route_and_every_route_a_ruling() -> None:
    assert {*PATH, "FORM_GROUP"} == set(TRIGGER_OF_KIND)
    assert set(FORMS) == {way.kind.value for way in WAYS if way.form and not way.optional}


@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize("office", sorted(set(OFFICES) - NOBODYS))
@pytest.mark.parametrize("kind", PATH)
async def test_only_whom_the_table_names_may_decide(scene: Scene, kind: str, office: str) -> None:
    path = f"/v1/mutation-groups/{scene.group_id}/{PATH[kind]}"
    answer = await scene.house.post(office, path, FORMS.get(kind))
    if OFFICES[office] in (OF_A_GROUP | MAY)[kind]:
        assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    else:
        assert answer.status_code == HTTPStatus.FORBIDDEN, answer.text


@pytest.mark.usefixtures("nobody_waits")
@pytest.mark.parametrize("kind", PATH)
async def test_another_governments_group_is_answered_like_none(scene: Scene, kind: str) -> None:
    form = FORMS.get(kind)
    foreign, absent = [
        await scene.house.post("lain:sekda", f"/v1/mutation-groups/{one}/{PATH[kind]}", form)
        for one in (scene.group_id, "BA-0000000000")
    ]
    assert foreign.status_code == absent.status_code == HTTPStatus.NOT_FOUND
    assert foreign.json() == absent.json()


@pytest.mark.parametrize("office", sorted(set(OFFICES) - NOBODYS))
async def test_the_offices_that_handle_mutations_see_it_whole_and_nobody_else(
    scene: Scene, office: str
) -> None:
    answer = await scene.house.get(office, f"/v1/mutation-groups/{scene.group_id}")
    board = await scene.house.get(office, "/v1/mutation-groups")
    log = await scene.house.get(office, "/v1/log", case_id=f"batch:{scene.group_id}")
    if office in ("operator", "koordinator"):
        assert answer.status_code == board.status_code == HTTPStatus.FORBIDDEN
        assert log.status_code == HTTPStatus.OK  # who oversees all cases reads ids and codes
        return
    told = answer.json()
    assert [row["mutation_id"] for row in told["members"]] == sorted(scene.mutations)
    assert (told["group"]["state"], told["group"]["paper"], told["decrees"]) == ("FORMED", None, [])
    assert all(row["goes_along"] for row in told["members"])
    assert [row["group_id"] for row in board.json()["items"]] == [scene.group_id]
    assert [one["type"] for one in log.json()["items"]][:2] == ["GroupFormed", "GroupChanged"][
        : len(log.json()["items"])
    ]


async def test_the_person_sees_the_own_case_and_not_who_goes_along(scene: Scene) -> None:
    row = (await scene.house.get("bkpsdm", f"/v1/mutations/{scene.mutations[0]}")).json()["mutation"]
    assert row["group_case"] == f"batch:{scene.group_id}"
    person = row["person_id"]
    assert (await scene.house.get(person, f"/v1/mutations/{scene.mutations[0]}")).status_code == HTTPStatus.OK
    refused = await scene.house.get(person, f"/v1/mutation-groups/{scene.group_id}")
    assert refused.status_code == HTTPStatus.FORBIDDEN


async def test_who_stands_on_a_decree_with_others_is_shown_the_own_extract_and_never_the_list(
    scene: Scene,
) -> None:
    first, second = scene.mutations
    async with scene.house.books.database.writing() as connection:
        await connection.execute(
            """INSERT INTO decrees (decree_id, government_id, case_id, rule_pack, register, year, sequence, number, state, command_id,
                                    salt, signatory_id, signed_at, effective_at, facts_sha256, file_sha256, verification_code)
               SELECT $1, government_id, $2, rule_pack, 'by hand', 2026, 1, '821.2/1/BY-HAND', 'ISSUED', command_id, '', person_id,
                      proposed_at, proposed_at, '', '', 'BY-HAND' FROM mutations WHERE mutation_id = $3""",
            DECREE,
            f"batch:{scene.group_id}",
            first,
        )
        for one in (first, second):
            await connection.execute("INSERT INTO decree_members VALUES ($1, $2, true)", DECREE, one)
            paper = "INSERT INTO decree_papers (decree_id, paper, mutation_id, sha256, file, record) VALUES ($1, 'EXTRACT', $2, '', $3, $4)"
            await connection.execute(paper, DECREE, one, one.encode(), RECORD | {"facts": {"case_id": one}})
        whole = "INSERT INTO decree_papers (decree_id, paper, sha256, file, record) VALUES ($1, 'DECREE', '', 'all', '{}')"
        await connection.execute(whole, DECREE)
    row = (await scene.house.get("bkpsdm", f"/v1/mutations/{first}")).json()["mutation"]
    own = await scene.house.get(row["person_id"], f"/v1/mutations/{first}/extract.pdf")
    assert (own.status_code, own.content) == (HTTPStatus.OK, first.encode())
    record = await scene.house.get(row["person_id"], f"/v1/mutations/{first}/extract.json")
    assert (record.status_code, record.json()["facts"]) == (HTTPStatus.OK, {"case_id": first})
    for path in (
        "decree.pdf",
        "record",
        "decree.json",
        "draft.json",
        "second-extract.json",
        "duty-start.json",
    ):
        refused = await scene.house.get(row["person_id"], f"/v1/mutations/{first}/{path}")
        assert refused.status_code == HTTPStatus.NOT_FOUND, path
    others = await scene.house.get(row["person_id"], f"/v1/mutations/{second}/extract.json")
    assert others.status_code == HTTPStatus.NOT_FOUND
    for path in (f"mutations/{first}/decree.pdf", f"mutation-groups/{scene.group_id}/decrees/{DECREE}.pdf"):
        shown = await scene.house.get("bkpsdm", f"/v1/{path}")
        assert (shown.status_code, shown.content) == (HTTPStatus.OK, b"all"), path


@pytest.mark.parametrize(
    ("kind", "which", "where"),
    [
        ("BATCH", ("beside",), "mutations"),
        ("BATCH", ("beside", "first"), "goes with batch:"),
        ("SWAP", ("beside", "none"), "MU-0000000000 is no open mutation"),
        ("BATCH", ("beside", "beside"), "two mutations at least"),
    ],
)
async def test_what_cannot_go_together_says_which(
    scene: Scene, kind: str, which: tuple[str, ...], where: str
) -> None:
    ids = {"beside": scene.beside, "first": scene.mutations[0], "none": "MU-0000000000"}
    form = {"kind": kind, "mutations": [ids[one] for one in which]}
    answer = await scene.house.post("bkpsdm", "/v1/mutation-groups", form)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
    assert where in answer.text
    foreign = await scene.house.post("lain:sekda", "/v1/mutation-groups", form)
    assert foreign.status_code in (HTTPStatus.UNPROCESSABLE_ENTITY, HTTPStatus.FORBIDDEN)
    assert scene.group_id not in foreign.text


async def test_who_may_not_form_one_is_told_so(scene: Scene) -> None:
    form = {"kind": "BATCH", "mutations": [scene.beside, scene.mutations[0]]}
    for office in ("bagian-hukum", "kepala-daerah", "sekda"):
        answer = await scene.house.post(office, "/v1/mutation-groups", form)
        assert answer.status_code == HTTPStatus.FORBIDDEN, answer.text


async def test_a_group_is_replayed_as_every_case_is(scene: Scene) -> None:
    answer = await scene.house.get("auditor", f"/v1/audit/batch:{scene.group_id}/replay")
    assert answer.status_code == HTTPStatus.OK, answer.text
    assert answer.json()["ok"]
