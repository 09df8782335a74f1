"""Mutations: `mutation propose | list | show | paper`, and one command for every decision about one."""

from __future__ import annotations

from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from app.cli import show, show_mutations
from app.cli.command import command
from app.cli.session import USAGE, Session, Trouble
from app.cli.verbs import Verb, say
from domain.mutation.beside import Retracted
from domain.mutation.decree_parts import CorrectedDictum
from domain.mutation.documents import Document
from domain.mutation.findings import Rule
from domain.mutation.kinds import Initiative
from domain.mutation.reasons import (
    Cancellation,
    Excuse,
    FileFault,
    HeadObjection,
    OverrideGround,
    PersonObjection,
    PositionLoss,
    Rejection,
)
from domain.mutation.records import HandoverKind
from domain.mutation.rules import ClearanceKind
from domain.mutation.states import Spoken, State
from domain.reasons import DeathRetraction

mutation = typer.Typer(no_args_is_help=True, help="Mutations: from a proposal to a decree in force.")

One = Annotated[str, typer.Argument(metavar="MUTATION", help="Its id, or the beginning.")]


class Paper(StrEnum):
    """What is kept of a decree, and what the case has made of its moves."""

    DECREE = "decree"
    RECORD = "record"
    EXTRACT = "extract"
    DRAFT = "draft"
    MINUTES_PERSON = "minutes-person"
    MINUTES_RELEASING = "minutes-releasing"
    MINUTES_RECEIVING = "minutes-receiving"
    HANDOVER = "handover"
    DUTY_START = "duty-start"
    ERRATUM = "erratum"
    SECOND = "second"
    SECOND_RECORD = "second-record"
    SECOND_EXTRACT = "second-extract"


NUMBERED = (Paper.ERRATUM, Paper.SECOND, Paper.SECOND_RECORD, Paper.SECOND_EXTRACT)
"""Of these a case may have several, each of a number of its own."""


@command(
    mutation,
    "propose",
    example="mutation propose 5b0f91c2-… 4fb0a1c7… --document UNIT_PROPOSAL --as kepala:PKM05",
)
def propose(
    session: Session,
    person: Annotated[str, typer.Argument(help="The whole id, from `roster people`.")],
    position: Annotated[str, typer.Argument(help="Its id, from `roster positions`.")],
    document: Annotated[
        list[Document] | None, typer.Option(help="What is handed in; again for each.")
    ] = None,
    reverses: Annotated[
        str | None, typer.Option(metavar="MUTATION", help="The mutation whose decree this one undoes.")
    ] = None,
    *,
    own: Annotated[bool, typer.Option("--own", help="It is the person's own request.")] = False,
) -> None:
    """Propose that somebody moves to another position."""
    form = {
        "person_id": person,
        "position_id": position,
        "initiative": (Initiative.OWN_REQUEST if own else Initiative.ORGANISATION).value,
        "documents": [one.value for one in document or ()],
        "reverses": session.mutation(reverses) if reverses else None,
    }
    session.show(session.post("/v1/mutations", form), show.decision)


@command(mutation, "list", example="mutation list --state AWAITING_DECISION --as kepala-daerah")
def list_(
    session: Session, state: Annotated[State | None, typer.Option(help="Only where it stands so.")] = None
) -> None:
    """List the mutations that you may see."""
    session.show(session.get("/v1/mutations", state=state and state.value), show_mutations.board)


@command(mutation, "show", example="mutation show MU-3F9 --as kepala-daerah")
def show_(session: Session, one: One) -> None:
    """Show all that a decision is made of: both units, each rule, who was heard, which papers are owed."""
    session.show(session.get(f"/v1/mutations/{session.mutation(one)}"), show_mutations.detail)


@command(
    mutation, "paper", example="mutation paper MU-3F9 extract petikan.pdf --record petikan.json --as bkpsdm"
)
def paper(
    session: Session,
    one: One,
    which: Annotated[Paper, typer.Argument(help="Which paper.")],
    out: Annotated[Path, typer.Argument(metavar="FILE", help="Where to.")],
    *,
    record: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Where the record of that paper goes.")
    ] = None,
    number: Annotated[
        str | None, typer.Option(help="Of several errata or second decrees, which one; else the newest.")
    ] = None,
) -> None:
    """Fetch the decree as it was signed, its record, the extract that was served, its draft before that, the same of
    a second decree, or a paper of the case; and the record to check it by.
    """
    if number is not None and which not in NUMBERED:
        raise Trouble(f"--number: expected with {'|'.join(NUMBERED)}, and with no other paper", USAGE)
    is_record = which in (Paper.RECORD, Paper.SECOND_RECORD)
    if record is not None and is_record:
        raise Trouble(f"--record: {which} is a record itself, and has none", USAGE)
    mutation_id = session.mutation(one)
    path = f"/v1/mutations/{mutation_id}/{which}" if is_record else f"/v1/mutations/{mutation_id}/{which}.pdf"
    session.save(path, out, number=number)
    if record is not None:
        session.save(f"/v1/mutations/{mutation_id}/{which}.json", record, number=number)


@command(
    mutation,
    "handover-list",
    example='mutation handover-list MU-3F9 --to 9c2a… --item "WORK: 214 berkas: 74 berjalan" --as kepala:DINSOS',
)
def handover_list(
    session: Session,
    one: One,
    to: Annotated[str, typer.Option(metavar="PERSON", help="Who takes over.")],
    item: Annotated[
        list[str],
        typer.Option(
            metavar="KIND:WHAT:STATE", help=f"One thing, of {'|'.join(HandoverKind)}; again for each."
        ),
    ],
) -> None:
    """List what is handed over, and to whom: the record of the handover says it."""
    items = [_item(text) for text in item]
    form = {"taking_over": session.person(to), "items": items}
    session.tell(f"/v1/mutations/{session.mutation(one)}/handover-list", form)
    show.print_(f"listed: {len(items)}")


def _item(text: str) -> dict[str, str]:
    parts = [part.strip() for part in text.split(":", 2)]
    if len(parts) != 3 or parts[0].upper() not in HandoverKind.__members__:
        raise Trouble(f"--item {text!r}: expected {'|'.join(HandoverKind)}:WHAT:STATE", USAGE)
    return {"kind": parts[0].upper(), "what": parts[1], "state": parts[2]}


def _reason(codes: type[StrEnum]) -> tuple[str, Any, bool]:
    return ("code", codes, True)


_CLEARANCE = (("clearance", ClearanceKind, True), ("reference", str, False), ("dated", date, False))
_ANSWERED = (("clearance", ClearanceKind, True), ("reference", str, True), ("dated", date, True))
_PAPER = (("reference", str, False), ("dated", date, False))
_NAMED = (("reference", str, True), ("dated", date, True))
_DATED = ("dated", date, False)
_NUMBER = ("number", str, True)
_FORCED = (("number", str, False), _DATED)
VERBS = (
    Verb("receive", "receipt", "Receive the proposal."),
    Verb("return", "return", "Return the file to whoever proposed.", (_reason(FileFault),)),
    Verb("resubmit", "resubmission", "Send the file again: with more documents, or for another position.",
         (("documents", Document, False), ("position_id", str, False)), by="kepala:DINSOS"),
    Verb("override", "override", "Let a rule's block not count, by your name and on a ground; whoever does counsels no more in that case.",
         (("rule", Rule, True), _reason(OverrideGround)), by="kepala-daerah"),
    Verb("ineligible", "ineligibility", "Find that a rule forbids the move."),
    Verb("pass", "screening", "Pass the screening; then all three are heard."),
    Verb("withdraw", "withdrawal", "Take the proposal back.", by="kepala:DINSOS"),
    Verb("hear", "hearing", "Be heard on your own move.",
         (_reason(Spoken), ("ground", PersonObjection, False), ("counter_date", datetime, False)), by="5b0f91c2"),
    Verb("hear-releasing", "releasing-hearing", "Be heard for the unit that lets somebody go.",
         (_reason(Spoken), ("ground", HeadObjection, False), ("counter_date", datetime, False)), by="kepala:DINSOS"),
    Verb("hear-receiving", "receiving-hearing", "Be heard for the unit that gets somebody.",
         (_reason(Spoken), ("ground", HeadObjection, False), ("counter_date", datetime, False)), by="kepala:PKM05"),
    Verb("recommend", "recommendation", "Recommend the move; for some posts by the selection panel's minutes.", _PAPER, by="tim-penilai"),
    Verb("advise-against", "advice-against", "Advise against the move; for some posts by the selection panel's minutes.",
         (_reason(Rejection), *_PAPER), by="tim-penilai"),
    Verb("clear", "clearance-grant", "Note that another authority agrees, by its paper.", _ANSWERED),
    Verb("clear-refuse", "clearance-refusal", "Note that another authority does not agree, by its paper.", _ANSWERED),
    Verb("clear-hold", "clearance-hold", "Note that another authority holds the file as incomplete.", _CLEARANCE),
    Verb("clear-complete", "clearance-file", "Complete the file of another authority.", _CLEARANCE),
    Verb("counsel-for", "counsel-for", "Counsel to approve, before it is decided.", _PAPER, by="sekda"),
    Verb("counsel-against", "counsel-against", "Counsel to reject, before it is decided.",
         (_reason(Rejection), *_PAPER), by="sekda"),
    Verb("approve", "approval", "Approve; the position is reserved.", by="kepala-daerah"),
    Verb("reject", "rejection", "Reject.", (_reason(Rejection),), by="kepala-daerah"),
    Verb("send-back", "sending-back", "Send it back to whoever proposed.", (_reason(FileFault),), by="kepala-daerah"),
    Verb("prepare", "decree", "Draft the decree, to take effect at an instant; or a second one, which needs none.",
         (("effective_at", datetime, False),), by="bagian-hukum"),
    Verb("initial", "initial", "Initial the decree, in your turn.", by="bagian-hukum"),
    Verb("return-decree", "decree-return", "Return the draft of the decree.", (_reason(FileFault),), by="bagian-hukum"),
    Verb("sign", "signature", "Sign the decree; it gets its number.", by="penandatangan"),
    Verb("serve", "service", "Serve the person their extract; they may object from then on.",
         (("served_at", datetime, False),)),
    Verb("hand-over", "handover", "Begin the handover.", by="kepala:DINSOS"),
    Verb("inaugurate", "inauguration", "File the inauguration."),
    Verb("file-handover", "handover-record", "File the record of the handover.", by="kepala:DINSOS"),
    Verb("file-duty", "duty-start", "File the duty-start statement.", by="kepala:PKM05"),
    Verb("not-begun", "no-show", "Report that the person has not begun.", by="kepala:PKM05"),
    Verb("discipline", "discipline-case", "Open a discipline case for an absence, perhaps by its letter.", _PAPER),
    Verb("excuse", "excuse", "Excuse an absence.", (_reason(Excuse),)),
    Verb("report", "report", "Report the move to BKN, by its entry in SIASN.", _NAMED),
    Verb("retract", "retraction", "Retract the entry of the decree that this one undoes, or say there was none.",
         (_reason(Retracted), *_PAPER)),
    Verb("cancel", "cancellation", "Cancel before it has effect; what is signed, by a second decree.",
         (_reason(Cancellation), *_FORCED), by="kepala-daerah"),
    Verb("let-stand", "let-stand", "Let the decree stand, whatever came up.", by="kepala-daerah"),
    Verb("erratum", "erratum", "Mend a slip of the decree; with both texts its paper is made.",
         (_NUMBER, _DATED, ("written", str, False), ("meant", str, False)), by="penandatangan"),
    Verb("object", "objection", "Object to the decree.", by="5b0f91c2"),
    Verb("object-withdraw", "objection-withdrawal", "Withdraw your objection.", by="5b0f91c2"),
    Verb("review", "objection-review", "Look into the objection.", by="bagian-hukum"),
    Verb("uphold", "decree-upholding", "Uphold the decree.", by="kepala-daerah"),
    Verb("correct", "decree-correction", "Have the decree corrected by a second one: its date, or one dictum.",
         (("effective_at", datetime, False), ("dictum", CorrectedDictum, False), ("reads", str, False), *_FORCED), by="kepala-daerah"),
    Verb("revoke", "decree-revocation", "Have the decree revoked by a second one.", _FORCED, by="kepala-daerah"),
    Verb("suspend", "suspension", "Suspend the decree while the objection is open.", by="kepala-daerah"),
    Verb("unsuspend", "suspension-lift", "Lift the suspension.", by="kepala-daerah"),
    Verb("lawsuit", "lawsuit", "Note that the decree is contested at the administrative court.", _NAMED, by="bagian-hukum"),
    Verb("died", "death", "Report that the person has died."),
    Verb("alive", "death-retraction", "Take back the report of a death; the case stays ended, and a new one may be proposed.",
         (_reason(DeathRetraction), *_PAPER), by="sekda"),
    Verb("retired", "retirement", "Report that the person retires."),
    Verb("found", "finding", "Report that something was found against the person."),
    Verb("position-gone", "position-loss", "Report that the position is gone.", (_reason(PositionLoss),)),
    Verb("freeze", "freeze", "Report that an election freeze has begun.", (("clearance", ClearanceKind, False),)),
    Verb("thaw", "freeze-end", "Report that the election freeze is over."),
    Verb("block", "block", "Report that BKN blocks the case."),
    Verb("unblock", "block-end", "Report that BKN blocks the case no more."),
    Verb("leave-batch", "batch-exit", "Leave the batch."),
)  # fmt: skip
"""Every decision about one mutation, in the order of its road."""

for _verb in VERBS:
    _say = say(_verb, One, lambda session, one: f"/v1/mutations/{session.mutation(one)}")
    command(mutation, _verb.name, example=f"mutation {_verb.name} MU-3F9 --as {_verb.by}")(_say)
