"""Histories recorded from a real server, replayed strictly on today's workflows, under both runners.

Each golden also asserts how it ended, so that a story cannot be recorded that went another way. To record them anew:
`python -m tests.record_goldens`.
"""

import json
from datetime import timedelta
from pathlib import Path

import pytest
from temporalio.api.enums.v1 import EventType
from temporalio.worker import WorkflowRunner

from audit.replay import ReplayReport, replay_strictly
from domain.cases import CARRIED
from lab.small_town import build
from runtime.sandbox import fast_runner, strict_runner
from runtime.temporal import data_converter
from tests import golden_kit
from tests.record_goldens import CLINICS
from workflows import ALL

pytestmark = pytest.mark.long(80)

GOLDENS = Path(__file__).parents[1] / "goldens"
GONE_ON = "a fresh run goes on"
ENDS = {
    "batch-closed": "CLOSED",
    "batch-signed-elsewhere": None,
    "mutation-blocked": "CANCELLED_BEFORE_EFFECT",
    "mutation-cancelled": "CANCELLED_BEFORE_EFFECT",
    "mutation-corrected": None,
    "mutation-impeded": None,
    "mutation-in-force": None,
    "mutation-lapsed": "LAPSED",
    "mutation-not-begun": "CANCELLED_BEFORE_EFFECT",
    "mutation-not-cleared": "CLEARANCE_REFUSED",
    "mutation-number-void": None,
    "mutation-of-a-batch": None,
    "mutation-rejected": "REJECTED",
    "mutation-reversed": "REVERSED",
    "mutation-revoked": "CANCELLED_BEFORE_EFFECT",
    "mutation-sent-back": "REJECTED",
    "mutation-signed-elsewhere": None,
    "mutation-upheld": None,
    "mutation-withdrawn": "WITHDRAWN",
    "operation-extended": "ARCHIVED",
    "operation-lapsed": "ARCHIVED",
    "secondment-continued": GONE_ON,
    "secondment-declined": "DECLINED",
    "secondment-gone-on": "CLOSED",
    "secondment-on-duty": None,
    "secondment-recalled": "CLOSED",
    "secondment-refused": "REFUSED",
    "secondment-returned-overdue": "CLOSED",
    "secondment-silent": "NO_RESPONSE",
    "secondment-withdrawn": "WITHDRAWN",
    "surge-active": None,
    "surge-by-word": "CLOSED",
    "surge-cancelled": "CANCELLED",
    "surge-closed": "CLOSED",
    "surge-continued": GONE_ON,
    "surge-gone-on": "CLOSED",
    "surge-rejected": "REJECTED",
    "surge-stood-down": "CLOSED",
    "swap-closed": "CLOSED",
    "swap-dissolved": "DISSOLVED",
}
"""Golden -> the result that it recorded; None is still open."""
TOLD = {
    "mutation-blocked": {"BlockedByBkn", "BlockLifted", "MutationCancelled"},
    "mutation-cancelled": {"DecreeSigned", "SecondDecreeOrdered", "SecondDecreeSigned", "SecondDecreeServed"},
    "mutation-corrected": {
        *("SecondDecreeOrdered", "SecondDecreePrepared", "SecondDecreeReturned", "SecondDecreeInitialled"),
        *("DecreeLetStand", "SecondDecreeSigned", "SecondDecreeServed"),
    },
    "mutation-impeded": {"DisciplineFound", "DecreeLetStand", "MutationEffective"},
    "mutation-lapsed": {"HearingsEnded", "MutationReturned", "MutationUrged", "MutationLapsed"},
    "mutation-not-begun": {"DutyNotStarted", "SecondDecreeOrdered", "SecondDecreeServed"},
    "mutation-not-cleared": {"ClearanceDecided"},
    "mutation-signed-elsewhere": {"SignatureAsked", "SignatureRefused", "DecreeSigned"},
    "mutation-revoked": {"ObjectionFiled", "ObjectionReviewed", "SecondDecreeSigned", "SecondDecreeServed"},
    "mutation-sent-back": {"MutationReturned", "MutationResubmitted", "MutationDecided"},
    "mutation-upheld": {"DutyNotStarted", "HandoverPaperFiled", "MutationEffective", "ObjectionDecided"},
    "mutation-rejected": {"MutationProposed", "ScreeningPassed", "HearingAnswered", "MutationAssessed"},
    "mutation-reversed": {
        *("ClearanceDecided", "MutationDecided", "DecreePrepared", "DecreeInitialled", "DecreeSigned"),
        *("DecreeServed", "HandoverBegun", "HandoverPaperFiled", "MutationEffective", "MutationReversed"),
    },
    "mutation-withdrawn": {"MutationReceived", "MutationReturned", "MutationWithdrawn"},
    "operation-extended": {
        *("OperationOpened", "StatusDeclared", "StatusExtended", "StatusEscalated", "StatusHandedBack"),
        *("OperationEnded", "AfterActionDue", "AfterActionFiled", "OperationArchived"),
    },
    "operation-lapsed": {"StatusDeclared", "StatusEndingSoon", "StatusLapsed", "OperationEnded"},
    "secondment-recalled": {
        "OfferAnswered",
        "OrderServed",
        "Mobilised",
        "CheckedIn",
        "Recalled",
        "Returned",
        "SettlementWaived",
    },
    "secondment-returned-overdue": {
        "CheckInEscalated",
        "EndingSoon",
        "FellDue",
        "ReturnOverdue",
        "Returned",
        "ClaimSettled",
    },
    "secondment-silent": {"OfferReminded", "OfferLapsed"},
    "surge-by-word": {"OralOrderGiven", "SurgeReminded", "StoodDown", "OrderSigned", "SurgeClosed"},
    "surge-cancelled": {
        "RequestSubmitted",
        "RequestReturned",
        "RequestResubmitted",
        "RequestCancelled",
        "SurgeCancelled",
    },
    "surge-closed": {
        "RequestSubmitted",
        "RequestApproved",
        "RedlineOverridden",
        "PlanMade",
        "PlanConfirmed",
        "StaffingChanged",
        "OrderSigned",
        "StoodDown",
        "SurgeClosed",
    },
}
"""Golden -> facts that its story must hold."""
RUNNERS = {"fast": fast_runner(data_converter()), "strict": strict_runner()}


async def replayed(name: str, runner: WorkflowRunner) -> ReplayReport:
    return await replay_strictly(
        golden_kit.load(GOLDENS / f"{name}.json"),
        workflows=ALL,
        runner=runner,
        data_converter=data_converter(),
    )


def facts(name: str) -> list[str]:
    """The types of the facts that a history wrote, in order."""
    golden = json.loads((GOLDENS / f"{name}.json").read_text())
    asked = [event.get("activityTaskScheduledEventAttributes", {}) for event in golden["events"]]
    moves = [one["json"].get("move") for event in asked for one in event.get("input", {}).get("payloads", [])]
    return [move["fact"]["type"] for move in moves if move]


def test_every_golden_is_expected_and_there_is_one_for_each_workflow() -> None:
    assert {path.stem for path in GOLDENS.glob("*.json")} == set(ENDS)
    assert {name.partition("-")[0] for name in ENDS} == {kind.value for kind in CARRIED}


@pytest.mark.parametrize("runner", RUNNERS)
@pytest.mark.parametrize("name", ENDS)
async def test_todays_workflows_would_do_the_same_again(name: str, runner: str) -> None:
    report = await replayed(name, RUNNERS[runner])
    assert report.ok, "\n".join(report.lines())
    assert report.completed is (ENDS[name] is not None)
    assert report.commands > 0


@pytest.mark.parametrize("name", [name for name, end in ENDS.items() if end == GONE_ON])
def test_a_run_that_hands_over_carries_the_life_that_the_fresh_one_begins_with(name: str) -> None:
    last = golden_kit.load(GOLDENS / f"{name}.json").events[-1]
    assert last.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW
    fresh = golden_kit.load(GOLDENS / f"{name.partition('-')[0]}-gone-on.json").events[0]
    begun = fresh.workflow_execution_started_event_attributes
    first = golden_kit.load(GOLDENS / f"{name}.json").events[0].workflow_execution_started_event_attributes
    assert begun.first_execution_run_id == first.first_execution_run_id
    assert begun.continued_execution_run_id
    handed = last.workflow_execution_continued_as_new_event_attributes
    for said in (handed.input, begun.input):
        (start,) = said.payloads
        assert json.loads(start.data)["life"] is not None


def test_a_number_that_was_drawn_in_vain_is_given_up_with_the_reason_and_the_next_one_is_used() -> None:
    golden = json.loads((GOLDENS / "mutation-number-void.json").read_text())
    asked = [event.get("activityTaskScheduledEventAttributes", {}) for event in golden["events"]]
    told = [
        (one["activityType"]["name"], one["input"]["payloads"][0]["json"].get("reason"))
        for one in asked
        if one and one["activityType"]["name"] in ("decrees.reserve", "decrees.void")
    ]
    assert told == [
        ("decrees.reserve", None),
        ("decrees.void", "incomplete: MISSING at signed_place"),
        ("decrees.reserve", None),
    ]
    assert facts("mutation-number-void")[-1] == "DecreeSigned"


@pytest.mark.parametrize("name", [name for name, end in ENDS.items() if end not in (None, GONE_ON)])
async def test_a_golden_ended_as_its_name_says(name: str) -> None:
    last = golden_kit.load(GOLDENS / f"{name}.json").events[-1]
    assert last.event_type == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED
    (result,) = await data_converter().decode(
        last.workflow_execution_completed_event_attributes.result.payloads, [str]
    )
    assert result == ENDS[name]


@pytest.mark.parametrize("name", TOLD)
def test_a_golden_tells_its_whole_story(name: str) -> None:
    assert TOLD[name] - set(facts(name)) == set()


def test_the_surges_golden_was_backfilled() -> None:
    """After the first plan, two more: for the one who declined and for the one who stayed silent."""
    assert facts("surge-closed").count("PlanMade") >= 3


async def test_a_changed_deadline_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    """The negative control: what the recorded case waited for is compared, not only that it waited."""
    monkeypatch.setattr("workflows.secondment.SETTLE", timedelta(seconds=6))
    report = await replayed("secondment-silent", RUNNERS["fast"])
    assert not report.ok


@pytest.mark.parametrize("name", ENDS)
def test_no_golden_names_anybody(name: str) -> None:
    """The recorder plays on a small town, whose people are known."""
    text = (GOLDENS / f"{name}.json").read_text()
    people = build(CLINICS).roster.people
    assert [who for who in (*people.name, *people.nip) if who in text] == []
