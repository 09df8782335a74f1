"""Mutations at the door: who may propose, decide and see, route by route and office by office."""

import uuid
from collections.abc import AsyncIterator
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

import pytest

from adapters.feeds.roster_files import read_roster
from app import actions
from app.api.mutation_ways import WAYS
from domain.authority import Capacity
from domain.mutation.authority import MAY, RULINGS, THE_PROPOSERS_OWN, Part
from domain.mutation.states import Party
from lab.movers import movers
from lab.mutation_cases import agreed
from runtime.clock import SystemClock
from tests.app.kit import CITY, LiveHouse

pytestmark = pytest.mark.long(50)

PATH = {way.kind.value: way.path for way in WAYS}
TODAY = SystemClock().now().date().isoformat()
FORMS: dict[str, dict[str, Any]] = {
    "RETURN_MUTATION": {"code": "INCOMPLETE"},
    "OVERRIDE_MUTATION_RULE": {"rule": "M02", "code": "ORGANISATIONAL_NEED"},
    "HEAR_PERSON": {"code": "OBJECTS", "ground": "DISTANCE"},
    "HEAR_RELEASING_HEAD": {"code": "CONSENT"},
    "HEAR_RECEIVING_HEAD": {"code": "CONSENT"},
    "ADVISE_AGAINST_MUTATION": {"code": "NOT_SUITED"},
    "COUNSEL_AGAINST_MUTATION": {"code": "BELOW_NEED"},
    "REPORT_MUTATION": {"reference": "RWJ-1", "dated": TODAY},
    "EXCUSE_ABSENCE": {"code": "NOT_TOLD"},
    "RETRACT_ENTRY": {"code": "NEVER_ENTERED"},
    "RETRACT_SUBJECT_DEATH": {"code": "WRONG_LIST"},
    "NOTE_LAWSUIT": {"reference": "12/G/2026/PTUN.KPG", "dated": TODAY},
    "REJECT_MUTATION": {"code": "NOT_NEEDED"},
    "SEND_BACK_MUTATION": {"code": "CONTRADICTORY"},
    "RETURN_DECREE": {"code": "OTHER"},
    "CANCEL_MUTATION": {"code": "MISTAKE"},
    "ISSUE_ERRATUM": {"number": "821.2/1/BKPSDM/XI/2026"},
    "CORRECT_DECREE": {"dictum": "PAY", "reads": "Gaji dibayarkan oleh unit kerja baru."},
    "REPORT_POSITION_LOST": {"code": "ABOLISHED"},
    "REPORT_FREEZE": {"clearance": "HOME_MINISTER_CONSENT"},
    **{kind: agreed(SystemClock().now()) for kind in ("GRANT_CLEARANCE", "REFUSE_CLEARANCE")},
    **{kind: {"clearance": "I_MUT"} for kind in ("HOLD_CLEARANCE", "COMPLETE_CLEARANCE_FILE")},
}
OFFICES = {
    "bkpsdm": Capacity.PERSONNEL_AGENCY,
    "tim-penilai": Capacity.PERFORMANCE_REVIEW_TEAM,
    "bagian-hukum": Capacity.LEGAL_BUREAU,
    "kepala-daerah": Capacity.APPOINTING_AUTHORITY,
    "penandatangan": Capacity.SIGNATORY,
    "sekda": Capacity.SEKDA,
    "operator": Capacity.OPERATOR,
    "auditor": Capacity.AUDITOR,
    "koordinator": Capacity.COORDINATOR,
    "the person": Capacity.SUBJECT,
    "the releasing head": Capacity.UNIT_HEAD,
    "the receiving head": Capacity.UNIT_HEAD,
    "a colleague": None,
}
SIDES = {"the releasing head": Party.RELEASING, "the receiving head": Party.RECEIVING}


@dataclass(frozen=True)
class Scene:
    """A proposal that nobody delivers, so that an allowed decision is recorded and no more; and who is who."""

    house: LiveHouse
    mutation_id: str
    cast: dict[str, str]
    proposal: dict[str, Any]


@pytest.fixture(scope="module")
async def scene(house: LiveHouse) -> Scene:
    heads = {
        alias.partition(":")[2]: person
        for alias, person in house.offices.items()
        if alias.startswith("kepala:")
    }
    single = {person for person in heads.values() if list(house.offices.values()).count(person) == 1}

    async def unit_of(statement: str, key: str) -> str:
        async with house.books.database.reading() as connection:
            return str(await connection.fetchval(statement, key)).partition(".")[2]

    for mover in movers(read_roster(CITY), SystemClock().now().date()):
        left = await unit_of("SELECT unit_id FROM people WHERE person_id = $1", mover.person_id)
        joined = await unit_of("SELECT unit_id FROM positions WHERE position_id = $1", mover.position_id)
        fit = left != joined and {heads.get(left), heads.get(joined)} <= single
        if mover.kept is None and fit and mover.person_id not in heads.values():
            break
    await house.stop_relay()
    proposal = {"person_id": mover.person_id, "position_id": mover.position_id}
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(actions, "ANSWER_WITHIN", 0.0)
        answer = await house.post(heads[left], "/v1/mutations", proposal)
    assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
    cast = {name: house.offices[name] for name in OFFICES if name in house.offices}
    holders = set(house.offices.values())
    cast |= {
        "the person": mover.person_id,
        "the releasing head": heads[left],
        "the receiving head": heads[joined],
        "a colleague": next(one for one in house.people if one not in holders and one != mover.person_id),
    }
    return Scene(house, answer.json()["case_id"].partition(":")[2], cast, proposal)


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "ANSWER_WITHIN", 0.0)


def test_every_decision_has_a_route_and_every_route_a_ruling() -> None:
    assert {*PATH, "PROPOSE_MUTATION"} == set(RULINGS)
    assert len(set(PATH.values())) == len(PATH)
    assert set(FORMS) == {way.kind.value for way in WAYS if way.form and not way.optional}


def may(kind: str, office: str) -> bool:
    """Whether the table lets this office decide, in a case that the releasing head has proposed."""
    ruling = RULINGS[kind]
    if OFFICES[office] not in MAY[kind]:
        return False
    if OFFICES[office] == Capacity.SUBJECT:
        return MAY[kind] == (Capacity.SUBJECT,)
    if office not in SIDES:
        return kind not in THE_PROPOSERS_OWN
    proposed = office == "the releasing head" and ruling.part not in (None, Part.PROPOSER)
    return ruling.side in (None, SIDES[office]) and not proposed


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("kind", PATH)
async def test_only_whom_the_table_names_may_decide(scene: Scene, kind: str, office: str) -> None:
    path = f"/v1/mutations/{scene.mutation_id}/{PATH[kind]}"
    answer = await scene.house.post(scene.cast[office], path, FORMS.get(kind))
    if may(kind, office):
        assert answer.status_code == HTTPStatus.ACCEPTED, answer.text
        assert answer.json()["state"] == "RECORDED"
    else:
        assert answer.status_code == HTTPStatus.FORBIDDEN, answer.text
        assert answer.json()["code"] in {"no_authority", "own_case", "own_proposal", "not_the_proposer"}


@pytest.mark.parametrize("kind", PATH)
async def test_another_governments_case_is_answered_like_none(scene: Scene, kind: str) -> None:
    form = FORMS.get(kind)
    foreign = await scene.house.post("lain:sekda", f"/v1/mutations/{scene.mutation_id}/{PATH[kind]}", form)
    absent = await scene.house.post("lain:sekda", f"/v1/mutations/MU-0000000000/{PATH[kind]}", form)
    assert foreign.status_code == absent.status_code == HTTPStatus.NOT_FOUND
    assert foreign.json() == absent.json()


@pytest.mark.parametrize("office", OFFICES)
async def test_whom_it_concerns_sees_it_and_a_head_sees_of_the_person_what_the_post_is_about(
    scene: Scene, office: str
) -> None:
    answer = await scene.house.get(scene.cast[office], f"/v1/mutations/{scene.mutation_id}")
    if office in ("a colleague", "operator", "koordinator"):
        assert answer.status_code == HTTPStatus.NOT_FOUND
        return
    told = answer.json()
    assert told["outcome"] in ("INCOMPLETE", "ELIGIBLE"), told
    rules = [row["rule"] for row in told["rules"]]
    assert rules == (["M09", "M10"] if office in SIDES else [f"M{n:02}" for n in range(1, 16)])
    assert all(row["source"] for row in told["rules"])
    assert [row["headcount_after"] - row["headcount_before"] for row in told["loads"]] == [-1, 1]


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"person_id": "00000000-0000-4000-8000-000000000000"}, "person_id: nobody"),
        ({"position_id": "kota-kupang.none"}, "position_id: no position"),
        ({"initiative": "OWN_REQUEST"}, "initiative: OWN_REQUEST"),
        ({"reverses": "MU-0000000000"}, "reverses: no mutation"),
    ],
)
async def test_a_proposal_that_cannot_be_says_where(scene: Scene, said: dict[str, Any], where: str) -> None:
    answer = await scene.house.post("bkpsdm", "/v1/mutations", scene.proposal | said)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
    assert where in answer.text


async def test_nobody_is_proposed_twice_at_a_time(scene: Scene) -> None:
    answer = await scene.house.post("bkpsdm", "/v1/mutations", scene.proposal)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY
    assert "another mutation of the person is open" in answer.text


ABOUT = ("person", "unit", "title")


@pytest.fixture
async def task(scene: Scene) -> AsyncIterator[str]:
    """A task of the case, as its workflow opens it with the proposal."""
    case_id, task_id = f"mutation:{scene.mutation_id}", str(uuid.uuid4())
    async with scene.house.books.database.writing() as connection:
        await connection.execute(
            "INSERT INTO tasks (task_id, government_id, case_id, kind, capacity, opened_at, due_at)"
            " VALUES ($1, 'kota-kupang', $2, 'RECEIVE_MUTATION', 'PERSONNEL_AGENCY', now(), now())",
            task_id,
            case_id,
        )
    yield task_id
    async with scene.house.books.database.writing() as connection:
        await connection.execute("DELETE FROM tasks WHERE task_id = $1", task_id)


async def test_a_task_tells_whom_it_is_about_to_who_is_asked(scene: Scene, task: str) -> None:
    told = (await scene.house.get(scene.cast["bkpsdm"], f"/v1/mutations/{scene.mutation_id}")).json()[
        "mutation"
    ]
    wanted = (told["name"], told["from_unit_name"], f"{told['to_position_name']}, {told['to_unit_name']}")
    inbox = (await scene.house.get(scene.cast["bkpsdm"], "/v1/tasks")).json()["items"]
    (row,) = [one for one in inbox if one["task_id"] == task]
    assert tuple(row[key] for key in ABOUT) == wanted
    assert row["case_id"] == f"mutation:{scene.mutation_id}"
    assert not {"moved_id", "proposer_id", "from_unit", "to_unit"} & set(row)


@pytest.mark.parametrize(
    ("office", "sees"),
    [("bkpsdm", True), ("sekda", True), ("auditor", True), ("koordinator", False), ("operator", False)],
)
async def test_who_sees_a_task_and_not_the_mutation_is_not_told_whom_it_is_about(
    scene: Scene, task: str, office: str, *, sees: bool
) -> None:
    one = (await scene.house.get(scene.cast[office], f"/v1/tasks/{task}")).json()["task"]
    every = (await scene.house.get(scene.cast[office], f"/v1/tasks?mine=false&id_part={task}")).json()[
        "items"
    ]
    for row in (one, *every):
        assert row["task_id"] == task
        assert all(bool(row[key]) == sees for key in ABOUT), row
    assert len(every) == 1


OWN_PAPERS = ("minutes-person", "minutes-releasing", "minutes-receiving", "handover", "duty-start")
HANDED_OVER = {"kind": "ASSET", "what": "Komputer jinjing", "state": "baik"}


@pytest.mark.parametrize("office", OFFICES)
async def test_only_the_head_who_lets_somebody_go_lists_what_is_handed_over(
    scene: Scene, office: str
) -> None:
    path = f"/v1/mutations/{scene.mutation_id}/handover-list"
    form = {"taking_over": scene.cast["a colleague"], "items": [HANDED_OVER]}
    answer = await scene.house.post(scene.cast[office], path, form)
    allowed = may("FILE_HANDOVER_RECORD", office)
    assert answer.status_code == (HTTPStatus.NO_CONTENT if allowed else HTTPStatus.FORBIDDEN), answer.text
    foreign = await scene.house.post("lain:sekda", path, form)
    assert foreign.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"taking_over": "00000000-0000-4000-8000-000000000000"}, "taking_over: nobody"),
        ({"items": []}, "items: "),
        ({"items": [HANDED_OVER | {"kind": "PASSWORD"}]}, "items[1].kind"),
        ({"items": [HANDED_OVER | {"state": " "}]}, "items[1].state"),
    ],
)
async def test_a_list_that_cannot_be_says_where(scene: Scene, said: dict[str, Any], where: str) -> None:
    form = {"taking_over": scene.cast["a colleague"], "items": [HANDED_OVER]} | said
    path = f"/v1/mutations/{scene.mutation_id}/handover-list"
    answer = await scene.house.post(scene.cast["the releasing head"], path, form)
    assert answer.status_code == HTTPStatus.UNPROCESSABLE_ENTITY, answer.text
    assert where in answer.text


@pytest.mark.parametrize("paper", OWN_PAPERS)
async def test_a_paper_of_a_move_that_was_not_made_is_not_there(scene: Scene, paper: str) -> None:
    told = (await scene.house.get(scene.cast["bkpsdm"], f"/v1/mutations/{scene.mutation_id}")).json()
    assert told["papers"] == []
    answer = await scene.house.get(scene.cast["bkpsdm"], f"/v1/mutations/{scene.mutation_id}/{paper}.pdf")
    assert answer.status_code == HTTPStatus.NOT_FOUND


DRAFTERS = {"kepala-daerah", "bagian-hukum", "bkpsdm", "sekda", "penandatangan"}


@pytest.mark.parametrize("office", OFFICES)
async def test_the_draft_is_for_who_approves_prepares_initials_or_signs_once_it_is_to_be_decided(
    scene: Scene, office: str
) -> None:
    path = f"/v1/mutations/{scene.mutation_id}/draft.pdf"
    assert (await scene.house.get(scene.cast[office], path)).status_code == HTTPStatus.NOT_FOUND
    stands = "UPDATE mutations SET state = $2 WHERE mutation_id = $1"
    async with scene.house.books.database.writing() as connection:
        before = await connection.fetchval(
            "SELECT state FROM mutations WHERE mutation_id = $1", scene.mutation_id
        )
        await connection.execute(stands, scene.mutation_id, "AWAITING_DECISION")
    try:
        answer = await scene.house.get(scene.cast[office], path)
    finally:
        async with scene.house.books.database.writing() as connection:
            await connection.execute(stands, scene.mutation_id, before)
    if office in DRAFTERS:
        assert answer.status_code == HTTPStatus.OK, answer.text
        assert answer.content.startswith(b"%PDF")
    else:
        assert answer.status_code == HTTPStatus.NOT_FOUND


@pytest.mark.parametrize("office", OFFICES)
async def test_a_paper_that_lacks_a_part_says_so_to_whom_it_concerns_and_is_not_there_for_others(
    scene: Scene, office: str
) -> None:
    """The receiving head was silent, and nobody has passed the screening: whoever heard is missing."""
    async with scene.house.books.database.writing() as connection:
        await connection.execute(
            "INSERT INTO case_papers (mutation_id, paper, revision, position_id, filed_at, outcome, salt)"
            " SELECT mutation_id, 'MINUTES_RECEIVING', 9, position_id, now(), 'NO_RESPONSE', 'salt' FROM mutations"
            " WHERE mutation_id = $1",
            scene.mutation_id,
        )
    try:
        path = f"/v1/mutations/{scene.mutation_id}"
        answer = await scene.house.get(scene.cast[office], f"{path}/minutes-receiving.pdf")
        page = await scene.house.get(scene.cast[office], path)
    finally:
        async with scene.house.books.database.writing() as connection:
            await connection.execute("DELETE FROM case_papers WHERE mutation_id = $1", scene.mutation_id)
    outside = {"operator", "koordinator", "a colleague", "the releasing head"}
    if office in outside:
        assert answer.status_code == HTTPStatus.NOT_FOUND
        assert page.status_code == HTTPStatus.NOT_FOUND or page.json()["papers"] == []
    else:
        assert (answer.status_code, answer.json()["code"]) == (HTTPStatus.CONFLICT, "paper_incomplete")
        (row,) = page.json()["papers"]
        assert (row["paper"], row["sha256"]) == ("MINUTES_RECEIVING", None)
        assert "MISSING at heard_by.name" in row["missing"]


async def test_of_several_errata_the_one_of_a_number_is_fetched(scene: Scene) -> None:
    async with scene.house.books.database.writing() as connection:
        await connection.execute(
            "INSERT INTO case_papers (mutation_id, paper, revision, position_id, filed_at, salt, number, code, sha256,"
            " record) SELECT mutation_id, 'ERRATUM', 9, position_id, now(), 'salt', '821.2/9/XI/2026', 'c', 'ab', NULL"
            " FROM mutations WHERE mutation_id = $1",
            scene.mutation_id,
        )
        await connection.execute(
            "INSERT INTO case_paper_files (mutation_id, paper, revision, file) VALUES ($1, 'ERRATUM', 9, 'a file')",
            scene.mutation_id,
        )
    path = f"/v1/mutations/{scene.mutation_id}/erratum.pdf"
    try:
        answers = [
            (await scene.house.get(scene.cast["bkpsdm"], f"{path}{query}")).status_code
            for query in ("", "?number=821.2/9/XI/2026", "?number=821.2/8/XI/2026")
        ]
    finally:
        async with scene.house.books.database.writing() as connection:
            await connection.execute("DELETE FROM case_paper_files WHERE mutation_id = $1", scene.mutation_id)
            await connection.execute("DELETE FROM case_papers WHERE mutation_id = $1", scene.mutation_id)
    assert answers == [HTTPStatus.OK, HTTPStatus.OK, HTTPStatus.NOT_FOUND]
