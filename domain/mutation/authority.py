"""Who may decide what in a mutation, and the parts that nobody plays two of in one case.

`MAY` and `NOT_BY_ACTING` say of these kinds what those of `domain/authority.py` say of the others. The separation is by
part instead of by office: two heads of two units hold the same office, and one person is not heard for both sides.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from domain.authority import ACTING, Actor, Appointment, Capacity, Denied, Granted, Tenure
from domain.mutation.states import Party, Trigger


class Part(StrEnum):
    """What somebody has done in a case; another person does each of the others."""

    PROPOSER = "PROPOSER"
    SCREENER = "SCREENER"
    RELEASING = "RELEASING"
    RECEIVING = "RECEIVING"
    ASSESSOR = "ASSESSOR"
    COUNSELLOR = "COUNSELLOR"
    APPROVER = "APPROVER"
    SIGNER = "SIGNER"


@dataclass(frozen=True)
class Ruling:
    """One kind of decision: what it asks of the machine, who may, and which part one plays by it.

    Without a part it is clerks' work, though never in the own case. `side`: the head of which unit; of either, without.
    """

    trigger: Trigger
    may: tuple[Capacity, ...]
    part: Part | None = None
    side: Party | None = None


_C, _T, _P = Capacity, Trigger, Part
RULINGS: dict[str, Ruling] = {
    "PROPOSE_MUTATION": Ruling(
        _T.PROPOSE, (_C.UNIT_HEAD, _C.PERSONNEL_AGENCY, _C.SUBJECT), part=_P.PROPOSER, side=Party.RELEASING
    ),
    "RECEIVE_MUTATION": Ruling(_T.RECEIVE, (_C.PERSONNEL_AGENCY, _C.SEKDA)),
    "RETURN_MUTATION": Ruling(_T.RETURN_FILE, (_C.PERSONNEL_AGENCY,), part=_P.SCREENER),
    "RESUBMIT_MUTATION": Ruling(
        _T.RESUBMIT, (_C.UNIT_HEAD, _C.PERSONNEL_AGENCY, _C.SUBJECT), part=_P.PROPOSER, side=Party.RELEASING
    ),
    "OVERRIDE_MUTATION_RULE": Ruling(_T.OVERRIDE_RULE, (_C.APPOINTING_AUTHORITY, _C.SEKDA), part=_P.APPROVER),
    "FIND_INELIGIBLE": Ruling(_T.FIND_INELIGIBLE, (_C.PERSONNEL_AGENCY,), part=_P.SCREENER),
    "PASS_SCREENING": Ruling(_T.PASS_SCREENING, (_C.PERSONNEL_AGENCY,), part=_P.SCREENER),
    "WITHDRAW_MUTATION": Ruling(
        _T.WITHDRAW, (_C.UNIT_HEAD, _C.PERSONNEL_AGENCY, _C.SUBJECT), side=Party.RELEASING
    ),
    "HEAR_PERSON": Ruling(_T.HEAR, (_C.SUBJECT,)),
    "HEAR_RELEASING_HEAD": Ruling(_T.HEAR, (_C.UNIT_HEAD, _C.SEKDA), part=_P.RELEASING, side=Party.RELEASING),
    "HEAR_RECEIVING_HEAD": Ruling(_T.HEAR, (_C.UNIT_HEAD, _C.SEKDA), part=_P.RECEIVING, side=Party.RECEIVING),
    "RECOMMEND_MUTATION": Ruling(_T.RECOMMEND, (_C.PERFORMANCE_REVIEW_TEAM,), part=_P.ASSESSOR),
    "ADVISE_AGAINST_MUTATION": Ruling(_T.ADVISE_AGAINST, (_C.PERFORMANCE_REVIEW_TEAM,), part=_P.ASSESSOR),
    "GRANT_CLEARANCE": Ruling(_T.GRANT_CLEARANCE, (_C.PERSONNEL_AGENCY,)),
    "REFUSE_CLEARANCE": Ruling(_T.REFUSE_CLEARANCE, (_C.PERSONNEL_AGENCY,)),
    "HOLD_CLEARANCE": Ruling(_T.HOLD_CLEARANCE, (_C.PERSONNEL_AGENCY,)),
    "COMPLETE_CLEARANCE_FILE": Ruling(_T.COMPLETE_FILE, (_C.PERSONNEL_AGENCY,)),
    "COUNSEL_FOR_MUTATION": Ruling(_T.COUNSEL_FOR, (_C.SEKDA,), part=_P.COUNSELLOR),
    "COUNSEL_AGAINST_MUTATION": Ruling(_T.COUNSEL_AGAINST, (_C.SEKDA,), part=_P.COUNSELLOR),
    "APPROVE_MUTATION": Ruling(_T.APPROVE, (_C.APPOINTING_AUTHORITY,), part=_P.APPROVER),
    "REJECT_MUTATION": Ruling(_T.REJECT, (_C.APPOINTING_AUTHORITY,), part=_P.APPROVER),
    "SEND_BACK_MUTATION": Ruling(_T.SEND_BACK, (_C.APPOINTING_AUTHORITY,), part=_P.APPROVER),
    "PREPARE_DECREE": Ruling(_T.PREPARE_DECREE, (_C.LEGAL_BUREAU,)),
    "INITIAL_DECREE": Ruling(_T.INITIAL, (_C.LEGAL_BUREAU, _C.PERSONNEL_AGENCY, _C.SEKDA)),
    "RETURN_DECREE": Ruling(_T.RETURN_DECREE, (_C.LEGAL_BUREAU, _C.PERSONNEL_AGENCY, _C.SEKDA)),
    "SIGN_DECREE": Ruling(_T.SIGN_DECREE, (_C.SIGNATORY, _C.APPOINTING_AUTHORITY), part=_P.SIGNER),
    "SERVE_DECREE": Ruling(_T.SERVE, (_C.PERSONNEL_AGENCY,)),
    "BEGIN_HANDOVER": Ruling(_T.BEGIN_HANDOVER, (_C.UNIT_HEAD, _C.SEKDA), side=Party.RELEASING),
    "FILE_INAUGURATION": Ruling(_T.FILE_PAPER, (_C.PERSONNEL_AGENCY,)),
    "FILE_HANDOVER_RECORD": Ruling(_T.FILE_PAPER, (_C.UNIT_HEAD, _C.SEKDA), side=Party.RELEASING),
    "FILE_DUTY_START": Ruling(_T.FILE_PAPER, (_C.UNIT_HEAD, _C.SEKDA), side=Party.RECEIVING),
    "REPORT_DUTY_NOT_STARTED": Ruling(_T.REPORT_NO_SHOW, (_C.UNIT_HEAD, _C.SEKDA), side=Party.RECEIVING),
    "OPEN_DISCIPLINE_CASE": Ruling(
        _T.OPEN_DISCIPLINE, (_C.UNIT_HEAD, _C.PERSONNEL_AGENCY), side=Party.RELEASING
    ),
    "EXCUSE_ABSENCE": Ruling(_T.EXCUSE_ABSENCE, (_C.UNIT_HEAD, _C.PERSONNEL_AGENCY), side=Party.RELEASING),
    "REPORT_MUTATION": Ruling(_T.REPORT, (_C.PERSONNEL_AGENCY,)),
    "RETRACT_ENTRY": Ruling(_T.RETRACT_ENTRY, (_C.PERSONNEL_AGENCY,)),
    "CANCEL_MUTATION": Ruling(_T.CANCEL, (_C.APPOINTING_AUTHORITY,), part=_P.APPROVER),
    "LET_DECREE_STAND": Ruling(_T.LET_STAND, (_C.APPOINTING_AUTHORITY,), part=_P.APPROVER),
    "ISSUE_ERRATUM": Ruling(_T.ISSUE_ERRATUM, (_C.SIGNATORY, _C.APPOINTING_AUTHORITY), part=_P.SIGNER),
    "FILE_OBJECTION": Ruling(_T.FILE_OBJECTION, (_C.SUBJECT,)),
    "WITHDRAW_OBJECTION": Ruling(_T.WITHDRAW_OBJECTION, (_C.SUBJECT,)),
    "REVIEW_OBJECTION": Ruling(_T.REVIEW_OBJECTION, (_C.LEGAL_BUREAU,)),
    "UPHOLD_DECREE": Ruling(_T.UPHOLD_DECREE, (_C.APPOINTING_AUTHORITY,), part=_P.APPROVER),
    "CORRECT_DECREE": Ruling(_T.CORRECT_DECREE, (_C.APPOINTING_AUTHORITY,), part=_P.APPROVER),
    "REVOKE_DECREE": Ruling(_T.REVOKE_DECREE, (_C.APPOINTING_AUTHORITY,), part=_P.APPROVER),
    "SUSPEND_DECREE": Ruling(_T.SUSPEND, (_C.APPOINTING_AUTHORITY,), part=_P.APPROVER),
    "LIFT_SUSPENSION": Ruling(_T.LIFT_SUSPENSION, (_C.APPOINTING_AUTHORITY,), part=_P.APPROVER),
    "NOTE_LAWSUIT": Ruling(_T.NOTE_LAWSUIT, (_C.LEGAL_BUREAU, _C.PERSONNEL_AGENCY)),
    "REPORT_SUBJECT_DEATH": Ruling(
        _T.REPORT_DEATH, (_C.PERSONNEL_AGENCY, _C.UNIT_HEAD), side=Party.RELEASING
    ),
    "RETRACT_SUBJECT_DEATH": Ruling(_T.RETRACT_DEATH, (_C.PERSONNEL_AGENCY, _C.SEKDA)),
    "REPORT_RETIREMENT": Ruling(_T.REPORT_RETIREMENT, (_C.PERSONNEL_AGENCY,)),
    "REPORT_FINDING": Ruling(_T.REPORT_FINDING, (_C.PERSONNEL_AGENCY,)),
    "REPORT_POSITION_LOST": Ruling(_T.LOSE_POSITION, (_C.PERSONNEL_AGENCY,)),
    "REPORT_FREEZE": Ruling(_T.FREEZE, (_C.PERSONNEL_AGENCY,)),
    "REPORT_FREEZE_OVER": Ruling(_T.LIFT_FREEZE, (_C.PERSONNEL_AGENCY,)),
    "REPORT_BLOCK": Ruling(_T.BLOCK, (_C.PERSONNEL_AGENCY,)),
    "REPORT_BLOCK_LIFTED": Ruling(_T.LIFT_BLOCK, (_C.PERSONNEL_AGENCY,)),
    "LEAVE_BATCH": Ruling(_T.LEAVE_BATCH, (_C.PERSONNEL_AGENCY,)),
}
"""Kind of decision -> its ruling; of the offices the ordinary one first."""

MAY: dict[str, tuple[Capacity, ...]] = {kind: ruling.may for kind, ruling in RULINGS.items()}

NOT_BY_ACTING = frozenset(
    kind for kind, ruling in RULINGS.items() if ruling.part in (Part.APPROVER, Part.SIGNER)
)
"""What Plh and Plt may not: appoint, move or dismiss (SE BKN 1/2021). They may propose, and be heard."""


@dataclass(frozen=True)
class Played:
    """Somebody has played a part in the case, by their own hand or by a substitute's."""

    person_id: str
    part: Part


@dataclass(frozen=True)
class Facts:
    """What authority over a mutation depends on. `proposer_id` is nobody before it is proposed.

    `proposed_as` is the office in which that was done, or SUBJECT of the person's own request.
    `origin_id` is the government that lets go, where it is another one than the case's; `secretary_releases`: its Sekda
    speaks for the releasing side, whose head cannot.
    """

    government_id: str
    subject_id: str
    releasing_unit: str
    receiving_unit: str
    proposer_id: str | None = None
    played: tuple[Played, ...] = ()
    proposed_as: Capacity | None = None
    origin_id: str | None = None
    secretary_releases: bool = False


_BY_THE_ORIGIN = frozenset({"HEAR_RELEASING_HEAD", "BEGIN_HANDOVER", "FILE_HANDOVER_RECORD"})
"""What is decided in the government that lets go, though the case is another one's; besides what is the person's own."""

THE_PROPOSERS_OWN = frozenset({"RESUBMIT_MUTATION", "WITHDRAW_MUTATION"})
"""Mended or taken back by whoever proposed, or who holds that office now: whoever else is heard has no veto."""
_THE_PROPOSALS = frozenset({Trigger.PROPOSE, Trigger.RESUBMIT, Trigger.WITHDRAW})
NOTED_BY_ANOTHER = frozenset({"GRANT_CLEARANCE", "REFUSE_CLEARANCE"})
"""What another authority says to a proposal: nobody notes it of the own one, though it is clerks' work."""
_TELLING = ("own_case", "own_proposal", "two_parts", "not_by_acting", "not_the_proposer")
"""Why an office that would do is of no use, the weightiest first."""


def authority(kind: str, actor: Actor, case: Facts) -> Granted | Denied:
    """Say in which capacity the actor may decide this, or why not; an own office before one held for others.

    The separations bind whoever decides, the holder for whom, and the author of the mandate; no office lifts them.
    """
    if not _of_the_case(kind, actor, case):
        return Denied("no_such_case")
    if Capacity.SUBJECT in MAY[kind] and actor.person_id == case.subject_id:
        # What one asks for oneself one may also take back; what an office has proposed, that office.
        own = case.proposer_id in (None, case.subject_id) or MAY[kind] == (Capacity.SUBJECT,)
        return Granted(Capacity.SUBJECT) if own else Denied("own_case")
    faults = set()
    for office in _offices(kind, actor, case):
        fault = _fault(kind, actor, office, case)
        if fault is None:
            return Granted(office.capacity, office.tenure, office.principal_id, office.mandate_id)
        faults.add(fault)
    outsider = actor.government_id != case.government_id and actor.person_id != case.subject_id
    nothing = "no_such_case" if outsider else "no_authority"
    return Denied(next((code for code in _TELLING if code in faults), nothing))


def _of_the_case(kind: str, actor: Actor, case: Facts) -> bool:
    """Whether the case is the actor's government's, or they are the person, or asked for the unit that lets go."""
    if actor.government_id == case.government_id:
        return True
    asked = kind in _BY_THE_ORIGIN or actor.person_id == case.subject_id
    return asked and actor.government_id == case.origin_id


def _offices(kind: str, actor: Actor, case: Facts) -> Iterator[Appointment]:
    """The offices of the actor that may decide this: in the order of the table, own ones first."""
    own_first = sorted(actor.appointments, key=lambda office: office.tenure != Tenure.DEFINITIVE)
    for capacity in MAY[kind]:
        for office in own_first:
            within = office.scope is None or kind in office.scope
            if office.capacity == capacity and within and _here(kind, office, actor, case):
                yield office


def _here(kind: str, office: Appointment, actor: Actor, case: Facts) -> bool:
    side = RULINGS[kind].side
    if case.origin_id and RULINGS[kind].trigger in _THE_PROPOSALS:
        side = Party.RECEIVING  # nobody proposes to another government what it is to let go
    if office.capacity != Capacity.UNIT_HEAD:
        if case.origin_id and kind in _BY_THE_ORIGIN:
            return actor.government_id == case.origin_id and case.secretary_releases
        return actor.government_id == case.government_id
    units = {Party.RELEASING: case.releasing_unit, Party.RECEIVING: case.receiving_unit}
    return office.unit_id in ({units[side]} if side else set(units.values()))


def _fault(kind: str, actor: Actor, office: Appointment, case: Facts) -> str | None:
    part = RULINGS[kind].part
    hands = {actor.person_id, office.principal_id} - {None}
    involved = {*hands, office.written_by} - {None}
    if case.subject_id in involved:
        return "own_case"
    if kind in THE_PROPOSERS_OWN and case.proposer_id not in hands and case.proposed_as != office.capacity:
        return "not_the_proposer"
    weighs = part not in (None, Part.PROPOSER) or kind in NOTED_BY_ANOTHER
    if weighs and case.proposer_id in involved:
        return "own_proposal"
    if part is not None and any(
        one.person_id in hands and not _goes_with(one.part, part, case) for one in case.played
    ):
        return "two_parts"
    if kind in NOT_BY_ACTING and office.tenure in ACTING:
        return "not_by_acting"
    return None


def _goes_with(one: Part, other: Part, case: Facts) -> bool:
    """Whether one person may play both: the same part twice; within one unit its head speaks for both sides.

    And whoever speaks for a side, as the Sekda does for one without a head, is heard: they counsel all the same.
    """
    heads = {Part.RELEASING, Part.RECEIVING}
    if Part.COUNSELLOR in (one, other) and {one, other} & heads:
        return True
    return one == other or ({one, other} == heads and case.releasing_unit == case.receiving_unit)
