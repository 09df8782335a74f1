"""Secondments: every decision about one person's road, and who is out."""

from datetime import timedelta
from http import HTTPStatus
from typing import Annotated

from fastapi import APIRouter, Query

from app.actions import NoSuchCase
from app.api import said, views
from app.api.door import At, Door, Uuid, Who
from app.api.person_view import Secondment
from app.api.problems import errors
from app.api.reading import ReadAt
from app.api.ways import Way, open_ways
from app.wiring import PeopleWanted
from domain import cases
from domain.authority import Actor
from domain.commands import CommandKind
from domain.secondment import State

router = APIRouter(prefix="/v1/secondments", tags=["secondments"])

Prefix = Annotated[
    str, Query(pattern="^[0-9a-fA-F-]{0,36}$", description="The beginning of a placement's id.")
]


DaysAhead = Annotated[int | None, Query(ge=0, le=366, description="Days from now.")]


@router.get("", response_model=views.Board[Secondment], responses=errors())
async def list_secondments(
    door: At,
    who: Who,
    read_at: ReadAt,
    *,
    out: bool = False,
    overdue: bool = False,
    uncovered: bool = False,
    settling: bool = False,
    due_within: DaysAhead = None,
    surge_id: str | None = None,
    state: State | None = None,
    id_prefix: Prefix = "",
) -> dict[str, object]:
    """The secondments that the actor may see: one's own, one's unit's, or the government's.

    `out=true`: who has left home and is not back, until when; `overdue=true`: who of them should be.
    `uncovered=true`: whose duty reaches past every emergency status. `settling=true`: who is home and whose papers are owed.
    `due_within=7`: who is due home in seven days, also where the duty ends earlier than ordered.
    """
    within = timedelta(days=due_within) if due_within is not None else None
    wanted = PeopleWanted(
        surge_id,
        state,
        out,
        overdue,
        id_prefix,
        only_uncovered=uncovered,
        due_within=within,
        only_settling=settling,
    )
    return {"as_of": read_at, "items": await _seen(door, who, wanted)}


@router.get("/{placement_id}", response_model=views.OneSecondment, responses=errors(HTTPStatus.NOT_FOUND))
async def show_secondment(door: At, who: Who, read_at: ReadAt, placement_id: Uuid) -> dict[str, object]:
    """One secondment; somebody else's is answered like one that does not exist."""
    for row in await _seen(door, who, PeopleWanted(id_prefix=placement_id)):
        return row | {"as_of": read_at}
    raise NoSuchCase


_K = CommandKind
WAYS = (
    Way("acceptance", _K.ACCEPT_OFFER, "Accept the offer",
        "Lateness is judged by the moment of recording. By: the person who is asked."),
    Way("conditional-acceptance", _K.ACCEPT_ON_CONDITION, "Accept on a condition",
        "The coordinator grants the condition or refuses it. By: the person who is asked.", said.OnCondition),
    Way("decline", _K.DECLINE_OFFER, "Decline the offer",
        "The next best person is asked. By: the person who is asked; a directed order cannot be declined.",
        said.Decline),
    Way("condition-grant", _K.GRANT_CONDITION, "Grant a condition",
        "The person goes as it says. By: coordinator."),
    Way("condition-refusal", _K.REFUSE_CONDITION, "Refuse a condition",
        "The next best person is asked; whoever is directed goes as ordered. By: coordinator.",
        said.Remark, optional=True),
    Way("release", _K.RELEASE, "Release somebody",
        "By: head of the home unit; the regional secretary once it has escalated."),
    Way("release-refusal", _K.REFUSE_RELEASE, "Refuse to release",
        "The next best person is asked. By: head of the home unit.", said.RefuseRelease),
    Way("order-cancellation", _K.CANCEL_ORDER, "Cancel the order",
        "Before anybody has left on it; the next best person is asked. By: coordinator or signatory.",
        said.CancelOrder),
    Way("check-in", _K.CHECK_IN, "Check somebody in",
        "Say that somebody has arrived; late and from paper, with the time as reported. Once the duty is over, or the case "
        "has ended, with the paper that proves it: the days count, and a no-show that was wrong is corrected. By: command post.",
        said.CheckIn, optional=True),
    Way("arrival", _K.REPORT_ARRIVAL, "Report the own arrival", "By: the person.", said.Arrival, optional=True),
    Way("unfitness", _K.REPORT_UNFIT, "Report somebody unfit",
        "Dropped by the fitness check; the seat opens, and the home head confirms the return. By: command post.",
        said.Remark, optional=True),
    Way("no-show", _K.REPORT_NO_SHOW, "Report a no-show",
        "Nobody came; the seat opens, and the home head says where the person is. By: command post.",
        said.Remark, optional=True),
    Way("rest", _K.START_REST, "Start a rest", "By: the person, or the command post."),
    Way("rest-end", _K.END_REST, "End a rest", "By: the person, or the command post."),
    Way("contact", _K.REGAIN_CONTACT, "Say that somebody was found",
        "For somebody out of contact. By: the person, command post or coordinator."),
    Way("injury", _K.REPORT_INJURY, "Report an injury",
        "How bad, never what; the accident-cover report is owed from now on. By: command post, coordinator, person.",
        said.Injury),
    Way("accident-report", _K.FILE_ACCIDENT_REPORT, "File the accident-cover report",
        "By its number and date at the insurer; after a death or a return it ends the case. By: head of the home unit, or command "
        "post.", said.AccidentReport),
    Way("accident-report-waiver", _K.WAIVE_ACCIDENT_REPORT, "Waive the report of an accident",
        "After a death, or once somebody is back; by name, with a reason: the insurer has taken it over, say. By: regional secretary.", said.WaivedReport),
    Way("duty", _K.RESUME_DUTY, "Resume the duty", "After an injury. By: command post."),
    Way("death", _K.REPORT_DEATH, "Report a death",
        "The seat opens; of whoever had left, the accident-cover report is owed by the home unit. By: command post, "
        "coordinator or head of the home unit."),
    Way("death-retraction", _K.RETRACT_DEATH, "Take back the report of a death",
        "Somebody lives whose death was told by mistake, by name and with a reason, also where the case has ended: whoever had "
        "left is out of contact and looked for, and owed home. By: command post, coordinator or regional secretary; never "
        "whoever reported it.", said.RetractedDeath),
    Way("affected", _K.CONFIRM_AFFECTED, "Confirm that somebody is affected",
        "A verified victim of the disaster goes home, and is not asked again until the day given (S03). "
        "By: head of the home unit, or the regional secretary.", said.Affected),
    Way("recall", _K.RECALL, "Recall somebody",
        "The home unit needs the person; the seat opens, with time for the handover. By: head of the home unit, "
        "or the regional secretary.", said.Recall),
    Way("early-release", _K.RELEASE_EARLY, "Release somebody early",
        "The seat opens, with time for the handover. By: command post or coordinator.", said.ReleaseEarly),
    Way("extension", _K.PROPOSE_EXTENSION, "Propose a longer duty",
        "Person, home head and command post must all agree before it ends. By: command post or coordinator.",
        said.Extension),
    Way("extension-waiver", _K.WAIVE_EXTENSION_LIMIT, "Propose a duty beyond the ordinary limit",
        "By name, with a reason. By: the regional secretary.", said.ExtensionBeyond),
    Way("extension-consent", _K.CONSENT_EXTENSION, "Consent to the longer duty", "By: the person."),
    Way("extension-objection", _K.OBJECT_EXTENSION, "Object to the longer duty",
        "It ends as ordered. By: the person.", said.Remark, optional=True),
    Way("extension-approval", _K.APPROVE_EXTENSION, "Approve the longer duty",
        "By: head of the home unit, and the command post."),
    Way("extension-denial", _K.DENY_EXTENSION, "Deny the longer duty",
        "It ends as ordered. By: head of the home unit, or the command post.", said.Remark, optional=True),
    Way("handover", _K.HAND_OVER, "Write a handover note",
        "For whoever relieves the person. By: the person, or the command post for them.", said.Handover),
    Way("reassignment", _K.PROPOSE_REASSIGNMENT, "Propose another post",
        "Of this surge or another one, with room, in the same role or another one that the person may serve in. The "
        "person is heard, the home head must agree where "
        "the stay gets longer, then an order is signed that names the former one. By: command post or coordinator; the "
        "regional secretary beyond the ordinary limit.", said.Reassignment),
    Way("reassignment-consent", _K.CONSENT_REASSIGNMENT, "Consent to another post", "By: the person."),
    Way("reassignment-objection", _K.OBJECT_REASSIGNMENT, "Object to another post",
        "It is weighed: the command post agrees anew, or gives the move up. By: the person.",
        said.Remark, optional=True),
    Way("reassignment-approval", _K.APPROVE_REASSIGNMENT, "Agree to another post",
        "By: head of the home unit where the stay gets longer; the command post after an objection."),
    Way("reassignment-denial", _K.DENY_REASSIGNMENT, "Give up another post",
        "The person stays. By: head of the home unit, or the command post.", said.Remark, optional=True),
    Way("checklist", _K.SIGN_CHECKLIST, "Sign items of the checklist",
        "What somebody needs before they set to work, or what is settled before they leave the site. By: command post or "
        "coordinator.", said.Checklist),
    Way("checklist-waiver", _K.WAIVE_CHECKLIST, "Waive items of the checklist",
        "By name, with a reason. By: coordinator or regional secretary.", said.Waiver),
    Way("demobilisation", _K.SIGN_DEMOB, "Sign somebody off",
        "To travel home; refused while the checklist is open. Items named here are signed with it. "
        "By: command post, coordinator or regional secretary.", said.SignOff, optional=True),
    Way("return", _K.CONFIRM_RETURN, "Confirm the return",
        "Somebody is back at the home unit. By: its head, or the regional secretary."),
    Way("claim-settlement", _K.SETTLE_CLAIM, "Settle the claim",
        "By the document that paid it, once the person has reported; above what the days come to, with a reason as a code "
        "and in words. By: finance officer.", said.Settlement),
    Way("settlement-waiver", _K.WAIVE_SETTLEMENT, "Waive what is owed after the return",
        "By name, with a reason: report, evaluation or claim. By: regional secretary.", said.WaivedSettlement),
    Way("conversion", _K.CONVERT, "Convert to a transfer",
        "By a decree; the secondment ends. By: the appointing authority, never by an acting one.", said.Convert),
)  # fmt: skip
"""Every decision about one secondment, in the order of a person's road."""


open_ways(router, WAYS, "placement_id", Uuid, lambda key: cases.secondment(key.lower()))


async def _seen(door: Door, who: Actor, wanted: PeopleWanted) -> list[dict[str, object]]:
    rows = await door.books.boards.secondments(who, wanted, door.house.clock.now())
    return [row | {"case_id": cases.secondment(row["placement_id"])} for row in rows]
