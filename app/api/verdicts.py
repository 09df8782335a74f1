"""A verdict on a task, made into the very decision that the specific route makes: by that route's own form."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from pydantic import Field, ValidationError

from app.actions import Decision, Faulty
from app.api import forms, surge_forms
from app.api.mutation_ways import WAYS as MUTATION_WAYS
from app.api.problems import where
from app.api.said import DeclineBackfill, Remark, Said
from app.api.secondments import WAYS as SECONDMENT_WAYS
from domain import cases, lines
from domain.commands import CommandKind
from domain.verdicts import Verdict


class DecideTask(forms.Form):
    """Give a verdict on a task; each kind has its own. To return or reject mostly needs a reason."""

    verdict: Verdict
    reason: forms.Line | None = Field(
        None, description="The code, where the verdict has codes.", examples=["NO_FUNDS"]
    )
    note: forms.Note | None = None
    details: dict[str, Any] = Field(
        {},
        max_length=20,
        description="What else the specific decision says, as its own route takes it.",
        examples=[{"plan_id": "7c1f6f0e-2b7a-5d0e-9a53-0c7f2b8f2f11"}],
    )


WAYS = (*SECONDMENT_WAYS, *MUTATION_WAYS)

FORMS: dict[CommandKind, type[forms.Form]] = {
    CommandKind.REJECT_SURGE: forms.Reject,
    CommandKind.RETURN_SURGE: surge_forms.Return,
    CommandKind.RATIFY_ORAL_ORDER: surge_forms.Ratify,
    CommandKind.FILE_AFTER_ACTION: forms.FileAfterAction,
    CommandKind.CONFIRM_PLAN: forms.Confirm,
    CommandKind.EXTEND_STATUS: forms.ExtendStatus,
    CommandKind.ASK_RELIEF: forms.OfLine,
    CommandKind.NEED_UNTIL: forms.OfLine,
    CommandKind.DECLINE_BACKFILL: DeclineBackfill,
    **{way.kind: way.form for way in WAYS if way.form is not None},
}
"""What each kind of decision says beside its kind; the others say nothing."""

OPTIONAL = frozenset(way.kind for way in WAYS if way.optional)
UNREASONED = frozenset(way.kind for way in SECONDMENT_WAYS if way.form is Remark)
"""To say no to what somebody wishes on a surge takes words, and needs none: neither here nor by the route of its own."""
OWN_NAME = {"code": "reason", "note": "note"}
"""Parts of a form that a verdict has a name of its own for; the others are its details."""


def decision_of(kind: CommandKind, case_id: str, *, form: DecideTask) -> Decision:
    """Return the decision; raises Faulty naming each part that is missing or too much."""
    faults = list(_unreasoned(kind, form))
    said: forms.Form | None = None
    try:
        said = _specific(kind, form)
    except ValidationError as error:
        faults += [_renamed(where({**fault, "loc": ("form", *fault["loc"])})) for fault in error.errors()]
    if faults:
        raise Faulty(tuple(faults))
    decision = _said(kind, case_id, said)
    # A reason in words is kept apart also where the specific route takes none.
    return decision if decision.note or not form.note else _noted(decision, form.note)


def of_line(kind: CommandKind, case_id: str, line: str, until: datetime | None) -> Decision:
    """Return the decision that lets a line go on or end: the line by its id or its number in the surge, or `all` end."""
    if line == forms.EVERY:
        if until or kind != CommandKind.NEED_UNTIL:
            raise Faulty(("line: all lines may end, in one decision; each goes on by its own",))
        return Decision(kind, case_id, details={lines.ALL: 1})
    line_id = forms.whole_line(line, cases.parse(case_id).key)
    details: dict[str, str | int | float] = {"line_id": line_id}
    if until:
        details["until"] = until.isoformat()
    return Decision(kind, case_id, details=details)


def takes(kind: CommandKind) -> frozenset[str]:
    """Return the parts that a decision of a kind may say: `code`, `note`, and its details."""
    return frozenset(FORMS[kind].model_fields) if kind in FORMS else frozenset()


def _unreasoned(kind: CommandKind, form: DecideTask) -> list[str]:
    known, faults = takes(kind), []
    if form.reason and "code" not in known:
        faults.append("reason: this verdict takes no code")
    if form.verdict != Verdict.APPROVE and "code" not in known and not form.note and kind not in UNREASONED:
        faults.append("note: a reason is needed, in words")
    if form.verdict == Verdict.APPROVE and form.note and "note" not in known:
        faults.append("note: this verdict takes none; write a comment")
    if kind not in FORMS:
        faults += [f"details.{name}: this verdict takes none" for name in form.details]
    return faults


def _specific(kind: CommandKind, form: DecideTask) -> forms.Form | None:
    if kind not in FORMS:
        return None
    known = takes(kind)
    told = {name: value for name, value in form.details.items() if name not in OWN_NAME}
    if form.reason and "code" in known:
        told["code"] = form.reason
    if form.note and "note" in known:
        told["note"] = form.note
    if not told and kind in OPTIONAL:
        return None
    return FORMS[kind].model_validate(told)


def _said(kind: CommandKind, case_id: str, said: forms.Form | None) -> Decision:
    match said:
        case None:
            return Decision(kind, case_id)
        case Said():
            return Decision(kind, case_id, said.choice, said.details, said.note, said.mends)
        case forms.Reject() | surge_forms.Return():
            return Decision(kind, case_id, choice=said.code, note=said.note)
        case forms.Confirm():
            return Decision(kind, case_id, choice=said.plan_id.lower())
        case forms.OfLine():
            return of_line(kind, case_id, said.line, said.until)
        case forms.ExtendStatus():
            return Decision(kind, case_id, details=said.details())
        case surge_forms.Ratify() | forms.FileAfterAction():
            return Decision(kind, case_id, details=said.model_dump(mode="json"))
    raise AssertionError(kind)


def _noted(decision: Decision, note: str) -> Decision:
    return Decision(decision.kind, decision.case_id, decision.choice, decision.details, note)


def _renamed(fault: str) -> str:
    place, _, what = fault.partition(": ")
    return f"{OWN_NAME.get(place, f'details.{place}')}: {what}"
