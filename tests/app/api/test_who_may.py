"""Who may do what at the door: the table of authority, route by route and office by office."""

from dataclasses import dataclass
from typing import Any

import pytest

from app import actions
from app.api.app import create_app
from domain.authority import MAY, NOTED, Capacity
from domain.commands import BY_SYSTEM
from runtime.clock import SystemClock
from tests.app.kit import LiveHouse, request_form

pytestmark = pytest.mark.long(100)

TODAY = "<today>"
"""Stands in a form for the day on which it is sent: a run may go on over midnight."""
STATUS = {
    "status": "TRANSITION",
    "level": "city",
    "area": "Kota Kupang",
    "decree": "360/16/XI/2026",
    "decree_date": "2026-11-22",
    "until": "2027-11-22T00:00:00+08:00",
}
EXTENSION = {"decree": "360/17/XI/2026", "decree_date": "2026-11-22", "until": "2027-11-23T00:00:00+08:00"}
DECREED = {"decree": "360/18/XI/2026", "decree_date": "2026-11-22"}
UP = STATUS | DECREED | {"status": "RESPONSE", "level": "PROVINCE", "statement": "360/21/XI/2026"}
OVERRIDE = {"unit": "SETDA", "role": "administrator", "extra": 1, "code": "LIFE_SAVING"}
LONGER = {"until": "2027-01-22T00:00:00+08:00"}
LINE = request_form("")["lines"][0]
NO_PLAN = "00000000-0000-4000-8000-000000000000"

# Each decision that a person can make, the route that takes it, and a form that the route accepts.
ROUTES: dict[str, tuple[str, dict[str, Any] | None]] = {
    "OPEN_OPERATION": ("/v1/operations", {"title": "Gempa", "hazard": "earthquake"}),
    "DECLARE_STATUS": ("/v1/operations/{operation_id}/status", STATUS),
    "EXTEND_STATUS": ("/v1/operations/{operation_id}/extension", EXTENSION),
    "END_OPERATION": ("/v1/operations/{operation_id}/end", None),
    "REQUEST_SURGE": ("/v1/surges", {}),
    "APPROVE_SURGE": ("/v1/surges/{surge_id}/approval", None),
    "REJECT_SURGE": ("/v1/surges/{surge_id}/rejection", {"code": "NO_FUNDS"}),
    "RETURN_SURGE": ("/v1/surges/{surge_id}/return", {"code": "TOO_MANY"}),
    "RESUBMIT_SURGE": ("/v1/surges/{surge_id}/resubmission", {}),
    "PROLONG_LETTER": (
        "/v1/surges/{surge_id}/letter",
        {"letter": "440/9", "dated": TODAY, "until": "2027-11-22T00:00:00+08:00"},
    ),
    "RATIFY_ORAL_ORDER": (
        "/v1/surges/{surge_id}/ratification",
        {"letter": "360/21/XI/2026", "dated": TODAY},
    ),
    "PLAN_SURGE": ("/v1/surges/{surge_id}/plan", None),
    "OVERRIDE_REDLINE": ("/v1/surges/{surge_id}/overrides", OVERRIDE),
    "WAIVE_YEARLY_CAP": (
        "/v1/surges/{surge_id}/cap-waivers",
        {"person_id": NO_PLAN, "days": 10, "code": "LIFE_SAVING"},
    ),
    "CONFIRM_PLAN": ("/v1/surges/{surge_id}/confirmation", {"plan_id": NO_PLAN}),
    "WITHDRAW_PLAN": ("/v1/surges/{surge_id}/plan-withdrawal", None),
    "SIGN_ORDER": ("/v1/surges/{surge_id}/orders", None),
    "STAND_DOWN": ("/v1/surges/{surge_id}/stand-down", None),
    "ADD_LINE": ("/v1/surges/{surge_id}/lines", LINE),
    "RAISE_LINE": ("/v1/surges/{surge_id}/lines/{line}/raise", {"quantity": 9}),
    "CUT_LINE": ("/v1/surges/{surge_id}/lines/{line}/cut", {"quantity": 1}),
    "CLOSE_LINE": ("/v1/surges/{surge_id}/lines/{line}/closure", None),
    "ASK_RELIEF": ("/v1/surges/{surge_id}/lines/{line}/relief", None),
    "NEED_UNTIL": ("/v1/surges/{surge_id}/lines/{line}/need", None),
    "CANCEL_SURGE": ("/v1/surges/{surge_id}/cancellation", {"code": "NO_LONGER_NEEDED"}),
    "CLOSE_SURGE": ("/v1/surges/{surge_id}/closure", None),
    "ACCEPT_OFFER": ("/v1/secondments/{placement_id}/acceptance", None),
    "DECLINE_OFFER": ("/v1/secondments/{placement_id}/decline", {"code": "CARER"}),
    "RELEASE": ("/v1/secondments/{placement_id}/release", None),
    "REFUSE_RELEASE": ("/v1/secondments/{placement_id}/release-refusal", {"code": "MINIMUM_SERVICE"}),
    "CHECK_IN": ("/v1/secondments/{placement_id}/check-in", None),
    "SIGN_DEMOB": ("/v1/secondments/{placement_id}/demobilisation", None),
    "CONFIRM_RETURN": ("/v1/secondments/{placement_id}/return", None),
    "ACCEPT_ON_CONDITION": ("/v1/secondments/{placement_id}/conditional-acceptance", {"code": "LODGING"}),
    "GRANT_CONDITION": ("/v1/secondments/{placement_id}/condition-grant", None),
    "REFUSE_CONDITION": ("/v1/secondments/{placement_id}/condition-refusal", None),
    "CANCEL_ORDER": ("/v1/secondments/{placement_id}/order-cancellation", {"code": "MISTAKE"}),
    "REPORT_ARRIVAL": ("/v1/secondments/{placement_id}/arrival", None),
    "REPORT_UNFIT": ("/v1/secondments/{placement_id}/unfitness", None),
    "REPORT_NO_SHOW": ("/v1/secondments/{placement_id}/no-show", None),
    "START_REST": ("/v1/secondments/{placement_id}/rest", None),
    "END_REST": ("/v1/secondments/{placement_id}/rest-end", None),
    "REGAIN_CONTACT": ("/v1/secondments/{placement_id}/contact", None),
    "REPORT_INJURY": ("/v1/secondments/{placement_id}/injury", {"code": "LIGHT"}),
    "FILE_ACCIDENT_REPORT": (
        "/v1/secondments/{placement_id}/accident-report",
        {"reference": "JKK/1", "dated": TODAY},
    ),
    "WAIVE_ACCIDENT_REPORT": (
        "/v1/secondments/{placement_id}/accident-report-waiver",
        {"code": "INSURER_TOOK_OVER"},
    ),
    "SETTLE_CLAIM": (
        "/v1/secondments/{placement_id}/claim-settlement",
        {"reference": "SP2D/1", "dated": TODAY, "amount": 340000},
    ),
    "WAIVE_SETTLEMENT": ("/v1/secondments/{placement_id}/settlement-waiver", {"code": "NOTHING_DUE"}),
    "RESUME_DUTY": ("/v1/secondments/{placement_id}/duty", None),
    "REPORT_DEATH": ("/v1/secondments/{placement_id}/death", None),
    "RETRACT_DEATH": ("/v1/secondments/{placement_id}/death-retraction", {"code": "WRONG_LIST"}),
    "CONFIRM_AFFECTED": ("/v1/secondments/{placement_id}/affected", {"until": "2027-11-22T00:00:00+08:00"}),
    "RECALL": ("/v1/secondments/{placement_id}/recall", {"code": "OTHER"}),
    "RELEASE_EARLY": ("/v1/secondments/{placement_id}/early-release", {"code": "REPLACED"}),
    "PROPOSE_EXTENSION": ("/v1/secondments/{placement_id}/extension", LONGER),
    "WAIVE_EXTENSION_LIMIT": (
        "/v1/secondments/{placement_id}/extension-waiver",
        LONGER | {"code": "NO_RELIEF"},
    ),
    "CONSENT_EXTENSION": ("/v1/secondments/{placement_id}/extension-consent", None),
    "OBJECT_EXTENSION": ("/v1/secondments/{placement_id}/extension-objection", None),
    "APPROVE_EXTENSION": ("/v1/secondments/{placement_id}/extension-approval", None),
    "DENY_EXTENSION": ("/v1/secondments/{placement_id}/extension-denial", None),
    "HAND_OVER": ("/v1/secondments/{placement_id}/handover", {"note": "kunci di pos"}),
    "PROPOSE_REASSIGNMENT": ("/v1/secondments/{placement_id}/reassignment", {"line_id": "SU-1/01"}),
    "CONSENT_REASSIGNMENT": ("/v1/secondments/{placement_id}/reassignment-consent", None),
    "OBJECT_REASSIGNMENT": ("/v1/secondments/{placement_id}/reassignment-objection", None),
    "APPROVE_REASSIGNMENT": ("/v1/secondments/{placement_id}/reassignment-approval", None),
    "DENY_REASSIGNMENT": ("/v1/secondments/{placement_id}/reassignment-denial", None),
    "SIGN_CHECKLIST": ("/v1/secondments/{placement_id}/checklist", {"items": ["ASSETS"]}),
    "WAIVE_CHECKLIST": (
        "/v1/secondments/{placement_id}/checklist-waiver",
        {"items": ["ASSETS"], "note": "none was handed out"},
    ),
    "CONVERT": (
        "/v1/secondments/{placement_id}/conversion",
        {"decreed_by": "APPOINTING_AUTHORITY", "decree": "821/1", "decree_date": "2026-11-22"},
    ),
    "ESCALATE_OPERATION": ("/v1/operations/{operation_id}/escalation", UP),
    "HAND_BACK_STATUS": ("/v1/operations/{operation_id}/hand-back", DECREED),
    "WITHDRAW_STATUS": ("/v1/operations/{operation_id}/withdrawal", DECREED),
    "FILE_AFTER_ACTION": ("/v1/operations/{operation_id}/after-action", {"report": "360/LAP/1/2027"}),
    "ARCHIVE_OPERATION": ("/v1/operations/{operation_id}/archive", None),
}
# Decisions that no workflow carries: they are answered at once, and tests/app/cli/test_burden.py asks them of each office.
AT_ONCE = {
    "DRAFT_BACKFILL": "/v1/thin-units/{episode_id}/backfill",
    "DECLINE_BACKFILL": "/v1/thin-units/{episode_id}/decline",
}
# Routes that take something in without being a decision of a case; they have tests of their own.
FEEDS = {
    "/v1/alerts",
    "/v1/roster",
    "/v1/mandates",
    "/v1/surges/{surge_id}/muster",
    "/v1/secondments/{placement_id}/sign-of-life",
    "/v1/secondments/{placement_id}/evaluation",
    "/v1/surges/{surge_id}/lessons",
}
MUTATIONS = ("/v1/mutations", "/v1/mutation-groups")
"""Their routes are tables of their own: tests/app/api/test_mutations.py and test_groups.py."""
QUESTIONS = {"/v1/surges/{surge_id}/what-if"}
"""Routes that write nothing; they have tests of their own."""
SUBSCRIBERS = {
    "/v1/subscribers",
    "/v1/subscribers/{subscriber_id}/pause",
    "/v1/subscribers/{subscriber_id}/resumption",
    "/v1/subscribers/{subscriber_id}/rotation",
    "/v1/subscribers/{subscriber_id}/resending",
    "/v1/subscribers/{subscriber_id}/deliveries/{seq}/skip",
}
"""The operator's alone: tests/app/api/test_subscribers.py asks them of every office."""
ORPHANS = {"/v1/orphans/{run_id}/end"}
"""An operator's alone: tests/app/cli/test_orphans.py asks it of others."""
DESK_READS = {"/v1/tasks/{task_id}", "/v1/tasks/{task_id}/evidence/{evidence_id}"}
DESK = {
    f"/v1/tasks/{{task_id}}/{door}" for door in ("claim", "take-over", "decision", "comments", "evidence")
} | {"/v1/tasks/decisions"}

OFFICES: dict[str, frozenset[Capacity]] = {
    "koordinator": frozenset({Capacity.COORDINATOR}),
    "sekda": frozenset({Capacity.SEKDA}),
    "penandatangan": frozenset({Capacity.SIGNATORY}),
    "posko": frozenset({Capacity.COMMAND_POST}),
    "auditor": frozenset({Capacity.AUDITOR}),
    "operator": frozenset({Capacity.OPERATOR}),
    "kepala-daerah": frozenset({Capacity.APPOINTING_AUTHORITY}),
    "bendahara": frozenset({Capacity.FINANCE_OFFICER}),
    "the subject": frozenset({Capacity.SUBJECT}),
    "the subject's head": frozenset({Capacity.UNIT_HEAD}),
    "another head": frozenset(),
    "a colleague": frozenset(),
}
TOO_EARLY = {
    ("RELEASE", "sekda"),
    ("REFUSE_RELEASE", "sekda"),
    ("APPROVE_SURGE", "kepala-daerah"),
    ("REJECT_SURGE", "kepala-daerah"),
    ("RETURN_SURGE", "kepala-daerah"),
    ("APPROVE_EXTENSION", "sekda"),
    ("DENY_EXTENSION", "sekda"),
    ("APPROVE_REASSIGNMENT", "sekda"),
    ("DENY_REASSIGNMENT", "sekda"),
}
"""Only once the ordinary office has let the deadline pass, or in the case of somebody who heads a unit."""
ASKING = {"REQUEST_SURGE", "RESUBMIT_SURGE"}


@dataclass(frozen=True)
class Scene:
    """Cases to decide on, and who is who; nobody delivers, so that an allowed decision is recorded and no more."""

    house: LiveHouse
    ids: dict[str, str]
    cast: dict[str, str]

    def path(self, kind: str) -> tuple[str, dict[str, Any] | None]:
        path, form = ROUTES[kind]
        if kind in ASKING:
            form = request_form(self.ids["operation_id"])
        today = SystemClock().now().date().isoformat()
        said = form and {name: today if value == TODAY else value for name, value in form.items()}
        return path.format(**self.ids), said


@pytest.fixture(scope="module")
async def scene(house: LiveHouse) -> Scene:
    operation_id = await house.operation()
    surge_id, people = await house.offered(operation_id, 4)
    await house.stop_relay()
    heads = {alias: person for alias, person in house.offices.items() if alias.startswith("kepala:")}
    single = {person for person in heads.values() if list(house.offices.values()).count(person) == 1}
    units = {row["placement_id"]: row["unit_id"].partition(".")[2] for row in people}
    # A subject whose head is nothing else: in the example city the head of the secretariat is the Sekda.
    subject = next(row for row in people if heads[f"kepala:{units[row['placement_id']]}"] in single)
    unit = units[subject["placement_id"]]
    others = [person for alias, person in heads.items() if alias != f"kepala:{unit}"]
    holders = set(house.offices.values())
    asked = {row["person_id"] for row in people}
    asking = {heads[f"kepala:{unit}"] for unit in units.values()}
    colleague = next(p for p in house.people if p not in holders and p not in asked)
    offices = {name: house.offices[name] for name in OFFICES if name in house.offices}
    cast = offices | {
        "the subject": subject["person_id"],
        "the subject's head": heads[f"kepala:{unit}"],
        "another head": next(person for person in others if person in single and person not in asking),
        "a colleague": colleague,
    }
    ids = {
        "operation_id": operation_id,
        "surge_id": surge_id,
        "placement_id": subject["placement_id"],
        "line": "01",
        "person_id": subject["person_id"],
    }
    return Scene(house, ids, cast)


@pytest.fixture(autouse=True)
def nobody_waits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(actions, "ANSWER_WITHIN", 0.0)


def test_every_route_that_decides_has_a_rule_and_every_rule_a_route() -> None:
    document = create_app(lambda: None).openapi()  # type: ignore[arg-type,return-value]
    posts = {path for path, operations in document["paths"].items() if "post" in operations}
    posts = {path for path in posts if not path.startswith(MUTATIONS)}
    decide = {path for path, _ in ROUTES.values()} | set(AT_ONCE.values())
    assert posts == decide | FEEDS | QUESTIONS | SUBSCRIBERS | ORPHANS | DESK
    by_system = {kind.value for kind in BY_SYSTEM}  # no route leads there: no person decides it
    assert {*ROUTES, *AT_ONCE} | by_system | NOTED == set(MAY)
    assert not set(ROUTES) & by_system


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("kind", ROUTES)
async def test_only_the_offices_of_the_table_may_decide(scene: Scene, kind: str, office: str) -> None:
    path, form = scene.path(kind)
    answer = await scene.house.post(scene.cast[office], path, form)
    if OFFICES[office] & set(MAY[kind]) and (kind, office) not in TOO_EARLY:
        assert answer.status_code == 202, answer.text
        assert answer.json()["state"] == "RECORDED"
        assert answer.headers["Location"] == answer.json()["url"]
    else:
        assert answer.status_code == 403, answer.text
        assert answer.headers["Content-Type"] == "application/problem+json"
        assert answer.json()["code"] in {"no_authority", "own_case", "own_proposal"}


@pytest.mark.parametrize("kind", [kind for kind in ROUTES if kind != "OPEN_OPERATION"])
@pytest.mark.parametrize("office", ["koordinator", "sekda", "posko", "penandatangan", "kepala:SETDA"])
async def test_another_governments_case_is_answered_like_none(scene: Scene, kind: str, office: str) -> None:
    path, form = scene.path(kind)
    foreign = await scene.house.post(f"lain:{office}", path, form)
    if kind == "OVERRIDE_REDLINE":
        assert foreign.status_code in (404, 422)
        return
    absent_ids = {
        "operation_id": "OP-0000000000",
        "surge_id": "SU-0000000000",
        "placement_id": "00000000-0000-4000-8000-000000000000",
        "line": "01",
    }
    if kind in ASKING:
        form_of_none = request_form(absent_ids["operation_id"])
    else:
        form_of_none = form
    absent = await scene.house.post(f"lain:{office}", ROUTES[kind][0].format(**absent_ids), form_of_none)
    assert (foreign.status_code, foreign.json()) == (absent.status_code, absent.json())
    assert foreign.status_code == 404


# Who may read what: these see it (200); everybody else of the government is answered as stated.
OVERSEERS = {"koordinator", "sekda", "penandatangan", "posko", "auditor", "kepala-daerah", "bendahara"}
READS: dict[str, tuple[set[str], int]] = {
    "/v1/operations": (OVERSEERS, 403),
    "/v1/operations/{operation_id}": (OVERSEERS, 403),
    "/v1/surges": (OVERSEERS, 403),
    "/v1/surges/{surge_id}": (OVERSEERS, 403),
    "/v1/surges/{surge_id}/plan": (OVERSEERS, 403),
    "/v1/surges/{surge_id}/orders": (OVERSEERS, 403),
    "/v1/secondments/{placement_id}": (OVERSEERS | {"the subject", "the subject's head"}, 404),
    "/v1/secondments/{placement_id}/evaluation": (OVERSEERS | {"the subject", "the subject's head"}, 404),
    "/v1/reliefs": (OVERSEERS, 403),
    "/v1/secondments/{placement_id}/handover": (OVERSEERS | {"the subject"}, 404),
    "/v1/secondments/{placement_id}/chain": (OVERSEERS | {"the subject", "the subject's head"}, 404),
    "/v1/secondments/{placement_id}/days": (OVERSEERS | {"the subject", "the subject's head"}, 404),
    "/v1/people/{person_id}": (OVERSEERS | {"the subject", "the subject's head"}, 404),
    "/v1/surges/{surge_id}/costs": (OVERSEERS, 403),
    "/v1/surges/{surge_id}/after-action": (OVERSEERS, 403),
    "/v1/surges/{surge_id}/after-action.pdf": (OVERSEERS, 403),
    "/v1/log?case_id=secondment:{placement_id}": (
        OVERSEERS | {"operator", "the subject", "the subject's head"},
        404,
    ),
    "/v1/log?case_id=surge:{surge_id}": (OVERSEERS | {"operator"}, 404),
    "/v1/audit/surge:{surge_id}/replay": ({"auditor", "operator"}, 403),
    "/v1/audit/rebuild": ({"auditor", "operator"}, 403),
    "/v1/secondments": (set(OFFICES), 200),
    "/v1/positions": (set(OFFICES), 200),
    "/v1/burden": (set(OFFICES), 200),
    "/v1/thin-units": (set(OFFICES), 200),
    "/v1/tasks": (set(OFFICES), 200),
    "/v1/mandates": (set(OFFICES), 200),
    "/v1/subscribers": ({"operator"}, 403),
    "/v1/orphans": ({"operator"}, 403),
    "/v1/deliveries": ({"operator"}, 403),
    "/v1/me": (set(OFFICES), 200),
}
NOT_OF_A_CASE = {
    "/healthz",
    "/v1/commands/{command_id}",
    "/v1/orders/{order_id}.pdf",
    "/v1/orders/{order_id}/travel.pdf",
    "/v1/subscribers/{subscriber_id}",
    *DESK_READS,
    "/v1/secondments/{placement_id}/evidence",
    "/v1/burden/{unit}/backfill",
    "/v1/units/{unit}/people",
    "/v1/thin-units/{episode_id}",
}
"""Read by nobody's office: they have tests of their own."""


def test_every_route_that_reads_has_a_rule() -> None:
    document = create_app(lambda: None).openapi()  # type: ignore[arg-type,return-value]
    gets = {path for path, operations in document["paths"].items() if "get" in operations}
    gets = {path for path in gets if not path.startswith(MUTATIONS)}
    ruled = {path.partition("?")[0].replace("surge:{surge_id}", "{case_id}") for path in READS}
    assert gets == ruled | NOT_OF_A_CASE


@pytest.mark.parametrize("office", OFFICES)
@pytest.mark.parametrize("path", READS)
async def test_only_those_who_must_see_it_do(scene: Scene, path: str, office: str) -> None:
    may, otherwise = READS[path]
    answer = await scene.house.get(scene.cast[office], path.format(**scene.ids))
    assert answer.status_code == (200 if office in may else otherwise), answer.text


async def test_a_list_shows_each_only_what_is_theirs(scene: Scene) -> None:
    async def seen(office: str) -> list[str]:
        answer = await scene.house.get(scene.cast[office], "/v1/secondments")
        return [row["placement_id"] for row in answer.json()["items"]]

    placement = scene.ids["placement_id"]
    assert await seen("the subject") == await seen("the subject's head") == [placement]
    assert len(await seen("posko")) == 4
    assert await seen("another head") == await seen("a colleague") == await seen("operator") == []


async def test_names_in_a_plan_are_for_those_who_plan(scene: Scene) -> None:
    async def names(office: str) -> list[str | None]:
        plan = (await scene.house.get(office, f"/v1/surges/{scene.ids['surge_id']}/plan")).json()
        return [pick["name"] for line in plan["lines"] for pick in line["picks"]]

    assert all(await names("koordinator"))
    assert await names("koordinator") == await names("sekda")
    assert await names("auditor") == await names("posko") == [None] * 4


@pytest.mark.parametrize(
    "header",
    [None, "", "Bearer", "Basic dXNlcjpwYXNz", "Bearer t-nobody", "bearer t-nobody", "Bearer a b c"],
)
async def test_whoever_has_no_token_is_told_one_and_the_same(scene: Scene, header: str | None) -> None:
    async with scene.house.http(None) as http:
        answers = [
            await http.request(method, path, headers={"Authorization": header} if header is not None else {})
            for method, path in (
                ("GET", "/v1/tasks"),
                ("POST", f"/v1/surges/{scene.ids['surge_id']}/approval"),
            )
        ]
    for answer in answers:
        assert answer.status_code == 401
        assert answer.headers["WWW-Authenticate"] == "Bearer"
        assert answer.json()["code"] == "unauthenticated"
    assert answers[0].json() == answers[1].json()


async def test_the_actor_is_never_taken_from_the_body(scene: Scene) -> None:
    form = {"code": "CARER", "actor_id": scene.cast["the subject"]}
    path = f"/v1/secondments/{scene.ids['placement_id']}/decline"
    answer = await scene.house.post(scene.cast["a colleague"], path, form)
    assert answer.status_code == 422
    assert answer.json()["faults"] == ["actor_id: extra inputs are not permitted"]
