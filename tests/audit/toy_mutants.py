"""Changes of meaning to the toy workflows, each a replacement of text, with the words a report must find for it."""

import importlib
import sys
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType

from tests.audit import toy_cases


@dataclass(frozen=True)
class Mutant:
    """One change: ``old`` (found once in the toys' text) becomes ``new``; replaying ``golden`` must say ``words``."""

    name: str
    golden: str
    old: str
    new: str
    words: str


WRITE = 'args=[Step(ask.place, "OFFERED"), 2],\n            activity_id="write-offer",\n'
STAMPED = """        await workflow.execute_activity(
            stamp,
            ask.place,
            task_queue="toys-stamps",
            schedule_to_close_timeout=timedelta(seconds=20),
        )
"""
LOOKED = """        seen = await workflow.execute_local_activity(
            look,
            ask.place,
            start_to_close_timeout=timedelta(seconds=5),
        )
"""
UPSERTS = """        workflow.upsert_search_attributes([STAGE.value_set("open")])
        workflow.upsert_memo({"place": ask.place})
"""
PATCHED = 'if workflow.patched("2026-11-toy-stage"):'
SENT = 'await outside.signal(ToyHelper.go, Step(ask.place, "SENT"))'
GIVEN_UP = """        timer.cancel()
        helper.cancel()
        beating.cancel()
"""
FIRST, LAST, LOST, CORNER = "errand-1", "errand-2", "refusal", "corners-1"

MUTANTS = (
    Mutant(
        "activity input: another state",
        FIRST,
        '"OFFERED"',
        '"ACCEPTED"',
        "activity toy.write input[0] $.state: recorded 'OFFERED', replayed 'ACCEPTED'",
    ),
    Mutant(
        "activity input: a number becomes a truth value",
        FIRST,
        '"OFFERED"), 2]',
        '"OFFERED"), True]',
        "activity toy.write input[1] $: recorded 2, replayed True",
    ),
    Mutant(
        "activity input: an argument is dropped",
        FIRST,
        '"OFFERED"), 2]',
        '"OFFERED")]',
        "activity toy.write input[1] $: recorded 2, replayed nothing",
    ),
    Mutant(
        "activity type",
        FIRST,
        STAMPED,
        STAMPED.replace("stamp,", "fail,"),
        "activity toy.stamp name: recorded 'toy.stamp', replayed 'toy.fail'",
    ),
    Mutant(
        "activity id",
        FIRST,
        '"write-offer"',
        '"write-anything"',
        "activity toy.write id: recorded 'write-offer', replayed 'write-anything'",
    ),
    Mutant(
        "activity start-to-close timeout",
        FIRST,
        WRITE + "            start_to_close_timeout=timedelta(seconds=10),",
        WRITE + "            start_to_close_timeout=timedelta(seconds=11),",
        "activity toy.write start to close timeout: recorded '10s', replayed '11s'",
    ),
    Mutant(
        "activity schedule-to-close timeout",
        FIRST,
        "schedule_to_close_timeout=timedelta(seconds=20)",
        "schedule_to_close_timeout=timedelta(seconds=21)",
        "activity toy.stamp schedule to close timeout: recorded '20s', replayed '21s'",
    ),
    Mutant(
        "activity heartbeat timeout is dropped",
        FIRST,
        "            heartbeat_timeout=timedelta(seconds=5),\n",
        "",
        "activity toy.write heartbeat timeout: recorded '5s', replayed nothing",
    ),
    Mutant(
        "activity retries: more attempts",
        FIRST,
        "maximum_attempts=4",
        "maximum_attempts=5",
        "activity toy.write retry policy.maximum attempts: recorded 4, replayed 5",
    ),
    Mutant(
        "activity retries: a final error becomes one to retry",
        FIRST,
        ', non_retryable_error_types=["no_road"]',
        "",
        "activity toy.write retry policy.non-retryable error types[0]: recorded 'no_road', replayed nothing",
    ),
    Mutant(
        "activity task queue",
        FIRST,
        'task_queue="toys-stamps"',
        'task_queue="toys-posts"',
        "activity toy.stamp task queue: recorded 'toys-stamps', replayed 'toys-posts'",
    ),
    Mutant(
        "activity task queue falls back to the workflow's own",
        FIRST,
        '            task_queue="toys-stamps",\n',
        "",
        "activity toy.stamp task queue: recorded 'toys-stamps', replayed 'toys'",
    ),
    Mutant(
        "activity summary",
        FIRST,
        'summary="write the offer"',
        'summary="write an offer"',
        "activity toy.write summary: recorded 'write the offer', replayed 'write an offer'",
    ),
    Mutant(
        "an activity more",
        FIRST,
        STAMPED,
        STAMPED * 2,
        "timer: recorded 'timer', replayed 'activity toy.stamp'",
    ),
    Mutant(
        "an activity less",
        FIRST,
        STAMPED,
        "",
        "activity toy.stamp: recorded {'command': 'activity toy.stamp'",
    ),
    Mutant(
        "the order of two commands",
        FIRST,
        UPSERTS,
        "\n".join(reversed(UPSERTS.rstrip().split("\n"))) + "\n",
        "memo: recorded nothing, replayed {'command': 'memo'",
    ),
    Mutant(
        "an activity's cancel is not waited for",
        FIRST,
        "ActivityCancellationType.TRY_CANCEL",
        "ActivityCancellationType.ABANDON",
        "activity cancel toy.wait: recorded {'command': 'activity cancel toy.wait'",
    ),
    Mutant(
        "nothing is called off",
        FIRST,
        GIVEN_UP,
        GIVEN_UP.replace("        timer.cancel()\n", ""),
        "timer cancel: recorded {'command': 'timer cancel'",
    ),
    Mutant(
        "local activity type",
        FIRST,
        LOOKED,
        LOOKED.replace("look,", "stamp,"),
        "local activity toy.look name: recorded 'toy.look', replayed 'toy.stamp'",
    ),
    Mutant(
        "a local activity less",
        FIRST,
        LOOKED,
        "        seen = len(ask.place)\n",
        "local activity toy.look: recorded {'command': 'local activity toy.look'",
    ),
    Mutant(
        "a local activity more",
        FIRST,
        LOOKED,
        LOOKED * 2,
        "local activity toy.look: recorded nothing, replayed",
    ),
    Mutant(
        "timer duration",
        FIRST,
        "sleep(timedelta(milliseconds=30))",
        "sleep(timedelta(milliseconds=31))",
        "timer duration: recorded '0.030s', replayed '0.031s'",
    ),
    Mutant(
        "wait_condition timeout",
        CORNER.replace("1", "2"),
        'self._told != "", timeout=timedelta(hours=1)',
        'self._told != "", timeout=timedelta(hours=4)',
        "timer duration: recorded '3600s', replayed '14400s'",
    ),
    Mutant(
        "child workflow input",
        FIRST,
        "args=[ask.place, 14]",
        "args=[ask.place, 15]",
        "child workflow ToyHelper input[1] $: recorded 14, replayed 15",
    ),
    Mutant(
        "child workflow id",
        FIRST,
        ":helper:{ask.rounds}",
        ":helper-{ask.rounds}",
        "child workflow ToyHelper id: recorded 'toy:errand:helper:2', replayed 'toy:errand:helper-2'",
    ),
    Mutant(
        "child workflow parent close policy",
        FIRST,
        "ParentClosePolicy.ABANDON",
        "ParentClosePolicy.TERMINATE",
        "child workflow ToyHelper parent close policy: recorded 'PARENT_CLOSE_POLICY_ABANDON', "
        "replayed 'PARENT_CLOSE_POLICY_TERMINATE'",
    ),
    Mutant(
        "child workflow id reuse policy",
        FIRST,
        "WorkflowIDReusePolicy.REJECT_DUPLICATE",
        "WorkflowIDReusePolicy.ALLOW_DUPLICATE",
        "child workflow ToyHelper id reuse policy: recorded 'WORKFLOW_ID_REUSE_POLICY_REJECT_DUPLICATE'",
    ),
    Mutant(
        "child workflow run timeout",
        FIRST,
        "run_timeout=timedelta(hours=3)",
        "run_timeout=timedelta(hours=4)",
        "child workflow ToyHelper run timeout: recorded '10800s', replayed '14400s'",
    ),
    Mutant(
        "child workflow memo",
        FIRST,
        'memo={"days": 14}',
        'memo={"days": 41}',
        "child workflow ToyHelper memo.days: recorded 14, replayed 41",
    ),
    Mutant(
        "signal input",
        FIRST,
        SENT,
        SENT.replace("SENT", "GONE"),
        "signal go input $.state: recorded 'SENT', replayed 'GONE'",
    ),
    Mutant(
        "signal name",
        FIRST,
        "outside.signal(ToyHelper.go,",
        'outside.signal("went",',
        "signal go name: recorded 'go', replayed 'went'",
    ),
    Mutant(
        "signal target",
        FIRST,
        "get_external_workflow_handle(helper.id)",
        'get_external_workflow_handle("toy:other")',
        "signal go to: recorded 'toy:errand:helper:2', replayed 'toy:other'",
    ),
    Mutant(
        "search attribute value",
        FIRST,
        'STAGE.value_set("open")',
        'STAGE.value_set("shut")',
        "search attributes attributes.ToyStage: recorded 'open', replayed 'shut'",
    ),
    Mutant(
        "memo value",
        FIRST,
        'upsert_memo({"place": ask.place})',
        'upsert_memo({"place": "elsewhere"})',
        "memo memo.place: recorded 'posko', replayed 'elsewhere'",
    ),
    Mutant(
        "continue-as-new input",
        FIRST,
        'f"{written}/{seen}"',
        'f"{seen}/{written}"',
        "continue-as-new ToyErrand input $.note: recorded 'posko:OFFERED:2/5', replayed '5/posko:OFFERED:2'",
    ),
    Mutant(
        "continue-as-new task timeout",
        FIRST,
        "                task_timeout=timedelta(seconds=12),\n",
        "",
        "continue-as-new ToyErrand task timeout: recorded '12s', replayed '10s'",
    ),
    Mutant(
        "a result instead of continue-as-new",
        FIRST,
        "if ask.rounds > 1:",
        "if ask.rounds > 2:",
        "continue-as-new ToyErrand: recorded 'continue-as-new ToyErrand', replayed 'completion'",
    ),
    Mutant(
        "final result",
        LAST,
        "'+'.join(self._decisions)",
        "'-'.join(self._decisions)",
        "completion result $: recorded 'SENT at posko for 14; posko:OFFERED:2/5; yes+perhaps', "
        "replayed 'SENT at posko for 14; posko:OFFERED:2/5; yes-perhaps'",
    ),
    Mutant(
        "update result",
        LAST,
        'f"heard {answer}"',
        'f"noted {answer}"',
        "update result decide result $: recorded 'heard yes:DECIDED:0', replayed 'noted yes:DECIDED:0'",
    ),
    Mutant(
        "an update's refusal",
        LAST,
        '"objection refused", reason, type="refused"',
        '"objection refused", reason, type="overruled"',
        "update result object failure.application_failure_info.type: recorded 'refused', replayed 'overruled'",
    ),
    Mutant(
        "an update is answered that was refused",
        LAST,
        'raise ApplicationError("objection refused", reason, type="refused", non_retryable=True)',
        'return "so be it"',
        "update result object result[0] $: recorded nothing, replayed 'so be it'",
    ),
    Mutant(
        "an update's validator grows stricter",
        LAST,
        "if len(choice) > 12:",
        "if len(choice) > 6:",
        "update decide outcome: recorded 'accepted', replayed 'rejected: too long a choice'",
    ),
    Mutant(
        "a patch is taken out of the code",
        LAST,
        PATCHED,
        "if workflow.info():",
        "patch 2026-11-toy-stage: recorded",
    ),
    Mutant(
        "what lies behind a patch",
        LAST,
        "timeout=timedelta(milliseconds=25)",
        "timeout=timedelta(milliseconds=26)",
        "timer duration: recorded '0.025s', replayed '0.026s'",
    ),
    Mutant(
        "a patch is renamed",
        LAST,
        PATCHED,
        PATCHED.replace("toy-stage", "toy-phase"),
        "patch 2026-11-toy-stage: recorded",
    ),
    Mutant(
        "failure type",
        LOST,
        'type="off"',
        'type="on"',
        "failure failure.application_failure_info.type: recorded 'off', replayed 'on'",
    ),
    Mutant(
        "failure details",
        LOST,
        '"the errand is off", {"place": place}',
        '"the errand is off", {"place": "?"}',
        "failure failure.application_failure_info.details[0].place: recorded 'kota', replayed '?'",
    ),
    Mutant(
        "failure cause",
        LOST,
        'type="off") from err',
        'type="off") from None',
        "failure failure.cause: recorded",
    ),
    Mutant(
        "code that now stumbles",
        LAST,
        'workflow.upsert_memo({"place": ask.place})',
        'workflow.upsert_memo({"place": ask.nowhere})',
        "replay broke off: AttributeError",
    ),
    Mutant(
        "chance",
        CORNER.replace("1", "2"),
        "workflow.random().random()",
        "workflow.random().random() + 1",
        "completion result $: recorded 'go 2 0.",
    ),
)


def build(mutant: Mutant, number: int, folder: Path) -> ModuleType:
    """Write the mutated toys as a module of their own into ``folder`` (on sys.path) and import it."""
    return changed(f"toy_mutant_{number}", mutant.old, mutant.new, folder)


def changed(name: str, old: str, new: str, folder: Path) -> ModuleType:
    """Import the toys under another name, with one passage replaced; ``folder`` must be on sys.path."""
    text = Path(toy_cases.__file__).read_text(encoding="utf-8")
    assert text.count(old) == 1, f"{name}: its text is there {text.count(old)} times"
    (folder / f"{name}.py").write_text(text.replace(old, new), encoding="utf-8")
    importlib.invalidate_caches()
    sys.modules.pop(name, None)
    return importlib.import_module(name)
