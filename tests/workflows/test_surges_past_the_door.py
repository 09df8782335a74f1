"""Whoever reaches the engine and not the door moves nobody and lets no surge go ahead: all is held against the books."""

import asyncio
import uuid
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from temporalio import workflow
from temporalio.client import WorkflowFailureError, WorkflowUpdateFailedError
from temporalio.common import RetryPolicy, WorkflowIDConflictPolicy, WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from domain import cases, surge
from domain.authority import Capacity
from domain.commands import CommandKind
from domain.duties import told
from domain.log import Attribution, Fact
from domain.moves import OF_THE_SURGE, Duty, Override, Refusal, Seat, SecondmentMove, SurgeMove, TaskKind
from domain.secondment import Ask, Life, Moved, State, Trigger, decide
from domain.surge_duties import surge_duties
from lab import small_town
from lab.small_town import Donor
from schemas.commands import CommandRef, RefuseCommand
from schemas.secondment import SecondmentStart, WriteSecondment
from schemas.surge import (
    IssueOrder,
    MakePlan,
    OfferShard,
    OrderRendered,
    ReserveOrder,
    SurgeStart,
    VoidOrder,
    WriteSurge,
)
from tests.patience import until
from tests.workflows.kit import SECOND, LiveTown, case_of, live_town
from workflows.secondment import SecondmentWorkflow
from workflows.surge import SurgeWorkflow

pytestmark = [pytest.mark.long(300), pytest.mark.usefixtures("brisk")]

_K, _C, _T = CommandKind, Capacity, Trigger
FAR = timedelta(days=3_650)


@workflow.defn(sandboxed=False)
class Robber:
    """A workflow of a worker of somebody else's: it asks our worker to do something."""

    @workflow.run
    async def run(self, what: str, ask: Any, queue: str) -> Any:
        return await workflow.execute_activity(
            what,
            ask,
            task_queue=queue,
            start_to_close_timeout=timedelta(seconds=10),
            retry_policy=RetryPolicy(maximum_attempts=1),
        )


@dataclass(frozen=True)
class Siege:
    """Somebody who said yes and waits for the release, somebody who was only asked, their surge, and one that is asked for."""

    live: LiveTown
    surge_id: str
    waiting: Seat
    asked: Seat
    submitted: str
    release: str
    """A decision of the head about `waiting`, recorded and not delivered."""
    theirs: str
    """One of `asked`'s, of the same kind of case."""
    approval: str
    """One of the Sekda about `submitted`."""
    plan_id: str
    """A plan that does not stand."""
    nobody: str
    """Somebody of the same unit who holds no office, and whom no case is about."""

    @property
    def now(self) -> datetime:
        return self.live.stage.clock.now()

    @property
    def pack(self) -> Any:
        return next(iter(self.live.books.rules.values()))

    async def life(self, seat: Seat) -> Life:
        found = await self.live.books.registry.open_secondments()
        return next(life for one, life, _ in found if one.placement_id == seat.placement_id)

    async def rob(self, workflow_id: str, what: str, ask: Any) -> None:
        """Have our worker do something, asked by a workflow of one's own."""
        queue = f"robbers-{uuid.uuid4().hex[:8]}"
        async with Worker(self.live.client, task_queue=queue, workflows=[Robber]):
            with suppress(WorkflowFailureError):
                await self.live.client.execute_workflow(
                    Robber.run,
                    args=[what, ask, self.live.queue],
                    id=workflow_id,
                    task_queue=queue,
                    id_conflict_policy=WorkflowIDConflictPolicy.TERMINATE_EXISTING,
                )
        await self.live.books.starter(self.live.client, self.live.queue).reconcile()

    async def moved(
        self, trigger: Trigger, by: Attribution, *, seat: Seat | None = None, at: datetime | None = None
    ) -> SecondmentMove:
        """A move of `waiting` as its case would tell it, did anything stand behind it."""
        seat = seat or self.waiting
        at = at or self.now
        verdict = decide(await self.life(seat), trigger, self.pack.clock, Ask(), decided_at=at, now=at)
        assert isinstance(verdict, Moved), (trigger, verdict)
        return told(seat, verdict.life, trigger, self.pack.clock, by=by, at=at)

    def by(
        self, actor: str = "system:clock", authority: str = "SYSTEM", command_id: str | None = None
    ) -> Attribution:
        return Attribution(actor, authority, self.pack.basis("surge"), command_id)

    def by_head(self, command_id: str | None = None) -> Attribution:
        return self.by(self.live.town.heads[self.waiting.unit_id], "UNIT_HEAD", command_id or self.release)

    async def surge_life(self, surge_id: str) -> surge.Life:
        life = (await self.live.books.registry.open_case(cases.surge(surge_id))).life
        assert isinstance(life, surge.Life)
        return life

    async def surge_moved(
        self, state: surge.State, event: str, by: Attribution, *, of: str | None = None, **more: Any
    ) -> SurgeMove:
        surge_id = of or self.submitted
        before = await self.surge_life(surge_id)
        since = self.now if state != before.state else before.since
        life = replace(before, state=state, revision=before.revision + 1, since=since)
        by = replace(by, basis=self.pack.basis("surge.request"))
        fact = Fact(event, cases.surge(surge_id), self.now, by, None, {"state": state.value})
        return SurgeMove(
            surge_id,
            self.live.town.government_id,
            life,
            fact,
            surge_duties(life, self.pack.surge.urging),
            **more,
        )

    async def update(self, case_id: str, run: Any, command_id: str) -> None:
        with suppress(WorkflowUpdateFailedError):
            await asyncio.wait_for(
                self.live.handle(case_id).execute_update(run, CommandRef(command_id=command_id)), 20
            )

    async def start(self, run: Any, given: Any, case_id: str, *, over: bool = True) -> None:
        policy = WorkflowIDConflictPolicy.TERMINATE_EXISTING if over else WorkflowIDConflictPolicy.FAIL
        with suppress(WorkflowAlreadyStartedError):
            await self.live.client.start_workflow(
                run,
                given,
                id=case_id,
                task_queue=self.live.queue,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE,
                id_conflict_policy=policy,
            )

    async def begun_person(
        self, seat: Seat, case_id: str | None = None, *, over: bool = True, **changes: Any
    ) -> None:
        """Begin somebody's case elsewhere than it stands, and let it hear something: a decision of nothing."""
        clock, basis = self.pack.clock, self.pack.basis("surge")
        life = replace(await self.life(self.waiting), **changes)
        given = SecondmentStart(seat=seat, life=life, clock=clock, basis=basis)
        await self.start(SecondmentWorkflow.run, given, case_id or case_of(self.waiting), over=over)

    async def begun_surge(
        self, surge_id: str, life: surge.Life | None, case_id: str | None = None, **changes: Any
    ) -> None:
        command = await self.live.value(
            "SELECT command_id FROM commands WHERE case_id = $1 AND kind = 'REQUEST_SURGE'",
            cases.surge(surge_id),
        )
        said = {
            "surge_id": surge_id,
            "rules": self.pack.surge,
            "command_id": command or str(uuid.uuid4()),
        } | changes
        given = SurgeStart(government_id=self.live.town.government_id, life=life, **said)
        await self.start(SurgeWorkflow.run, given, case_id or cases.surge(surge_id))

    async def seen(self) -> str:
        """All that a forger could want to change; refusals alone are added to the log."""
        return str(await self.live.value(
            """SELECT jsonb_build_object(
                 'people', (SELECT jsonb_agg(to_jsonb(p) ORDER BY placement_id) FROM placements p),
                 'surges', (SELECT jsonb_agg(to_jsonb(s) - 'news' ORDER BY surge_id) FROM surges s),
                 'lines', (SELECT jsonb_agg(to_jsonb(l) - 'shortfall' ORDER BY line_id) FROM request_lines l),
                 'overrides', (SELECT count(*) FROM redline_overrides), 'caps', (SELECT count(*) FROM yearly_cap_waivers),
                 'orders', (SELECT jsonb_agg(to_jsonb(o) ORDER BY order_id) FROM orders o),
                 'numbers', (SELECT jsonb_agg(to_jsonb(r)) FROM registers r),
                 'log', (SELECT count(*) FROM events WHERE type <> 'CommandRefused'),
                 'waiting', (SELECT jsonb_agg(jsonb_build_array(command_id, state) ORDER BY command_id) FROM commands
                              WHERE command_id = ANY ($1)))::text""",
            [self.release, self.theirs, self.approval],
        ))  # fmt: skip


async def recorded(live: LiveTown, case_id: str, kind: CommandKind, person: str, capacity: Capacity) -> str:
    """Record a decision that no relay delivers."""
    command_id = str(uuid.uuid4())
    async with live.books.database.writing() as connection:
        await connection.execute(
            """INSERT INTO commands (command_id, government_id, case_id, kind, actor_id, capacity, tenure, decided_at, details,
                                     idempotency_key, request_sha256, leased_until)
               VALUES ($1::uuid, $2, $3, $4, $5, $6, 'DEFINITIVE', $7, '{}', ($1::uuid)::text, '', 'infinity')""",
            command_id, live.town.government_id, case_id, kind.value, person, capacity.value, live.stage.clock.now(),
        )  # fmt: skip
    return command_id


# ── what is tried ─────────────────────────────────────────────────────────────────────────────────────────────────


async def _write(
    siege: Siege, trigger: Trigger, by: Attribution, *, place: str | None = None, **more: Any
) -> None:
    changes = more.pop("changes", {})
    move = replace(await siege.moved(trigger, by, **more), **changes)
    await siege.rob(place or move.fact.case_id, "secondments.write", WriteSecondment(move=move))


async def _longer(siege: Siege) -> None:
    """The head's own decision, with a duty that nobody ordered."""
    move = await siege.moved(_T.RELEASE, siege.by_head())
    life = replace(move.life, due_back=move.life.due_back + FAR)
    await siege.rob(
        case_of(siege.waiting), "secondments.write", WriteSecondment(move=replace(move, life=life))
    )


async def _of_another(siege: Siege) -> None:
    seat = replace(siege.waiting, person_id=siege.asked.person_id)
    await _write(siege, _T.RELEASE, siege.by_head(), changes={"seat": seat})


async def _asking_another(siege: Siege) -> None:
    duty = Duty(TaskKind.SIGN_ORDER, assignee_id=siege.asked.person_id)
    await _write(siege, _T.RELEASE, siege.by_head(), changes={"duties": (duty,)})


async def _told_otherwise(siege: Siege) -> None:
    move = await siege.moved(_T.RELEASE, siege.by_head())
    fact = replace(move.fact, data=move.fact.data | {"unit_id": "kota-kecil.BPBD"})
    await siege.rob(
        case_of(siege.waiting), "secondments.write", WriteSecondment(move=replace(move, fact=fact))
    )


async def _leap(siege: Siege, state: State) -> None:
    move = await siege.moved(_T.RELEASE, siege.by_head())
    life = replace(move.life, state=state)
    await siege.rob(
        case_of(siege.waiting), "secondments.write", WriteSecondment(move=replace(move, life=life))
    )


async def _surge(
    siege: Siege, state: surge.State, event: str, by: Attribution, place: str | None = None, **more: Any
) -> None:
    move = await siege.surge_moved(state, event, by, **more)
    await siege.rob(place or move.fact.case_id, "surges.write", WriteSurge(move=move))


async def _approved_longer(siege: Siege) -> None:
    move = await siege.surge_moved(surge.State.APPROVED, "RequestApproved", _sekda(siege))
    life = replace(move.life, letter_until=siege.now + FAR, plan_id=siege.plan_id)
    await siege.rob(move.fact.case_id, "surges.write", WriteSurge(move=replace(move, life=life)))


def _sekda(siege: Siege, command_id: str | None = None) -> Attribution:
    return siege.by(siege.live.town.officers[_C.SEKDA], "SEKDA", command_id or siege.approval)


def _override(siege: Siege) -> Override:
    return Override(siege.waiting.unit_id, siege.waiting.home_role, 5, "NO_OTHER_SOURCE")


def _offer(siege: Siege, plan_id: str) -> OfferShard:
    return OfferShard(
        surge_id=siege.surge_id, plan_id=plan_id, pack=siege.pack.id, offset=0, limit=50, at=siege.now
    )


def _reserve(siege: Siege, command_id: str) -> ReserveOrder:
    return ReserveOrder(
        surge_id=siege.surge_id, command_id=command_id, order_id=str(uuid.uuid4()), at=siege.now
    )


async def _issue(siege: Siege) -> None:
    """Issue whatever order there is, with a file of one's own."""
    order_id = await siege.live.value("SELECT order_id FROM orders LIMIT 1") or str(uuid.uuid4())
    move = await siege.surge_moved(surge.State.SUBMITTED, "OrderSigned", siege.by())
    rendered = OrderRendered(facts_sha256="f", file_sha256="e", code="forged")
    await siege.rob(
        move.fact.case_id, "orders.issue", IssueOrder(order_id=order_id, rendered=rendered, move=move)
    )


async def _refuse(siege: Siege, place: str, case_id: str) -> None:
    by = siege.by_head()
    refusal = Refusal(siege.release, siege.live.town.government_id, case_id, "not_now", siege.now, by)
    await siege.rob(place, "commands.refuse", RefuseCommand(refusal=refusal))


async def _heard_later(siege: Siege, **changes: Any) -> None:
    """A run over the first whose clock never comes, and that is then asked by a decision of nothing."""
    await siege.begun_person(siege.waiting, **changes)
    await siege.update(case_of(siege.waiting), SecondmentWorkflow.decide, str(uuid.uuid4()))


async def _answered(siege: Siege) -> None:
    accepted = await siege.live.value(
        "SELECT command_id FROM commands WHERE case_id = $1 AND kind = 'ACCEPT_OFFER'", case_of(siege.waiting)
    )
    await siege.update(case_of(siege.waiting), SecondmentWorkflow.decide, accepted)


async def _of_no_office(siege: Siege, case_id: str, kind: CommandKind, run: Any) -> None:
    await siege.update(case_id, run, await recorded(siege.live, case_id, kind, siege.nobody, _C.SEKDA))


async def _cited(siege: Siege, capacity: Capacity, *, of: str | None = None) -> None:
    """A move of the case itself, by a worker of one's own, that cites what somebody recorded in an office that they do not hold."""
    nobody = siege.nobody
    case_id = of or case_of(siege.waiting)
    kind = _K.APPROVE_SURGE if of else _K.RELEASE
    by = siege.by(nobody, capacity.value, await recorded(siege.live, case_id, kind, nobody, capacity))
    if of:
        await _surge(siege, surge.State.APPROVED, "RequestApproved", by)
    else:
        await _write(siege, _T.RELEASE, by)


async def _of_another_head(siege: Siege) -> None:
    """The head of another unit holds the office, and not for this person."""
    units = [unit for unit in siege.live.town.heads if unit != siege.waiting.unit_id]
    head = siege.live.town.heads[units[0]]
    by = siege.by(
        head, "UNIT_HEAD", await recorded(siege.live, case_of(siege.waiting), _K.RELEASE, head, _C.UNIT_HEAD)
    )
    await _write(siege, _T.RELEASE, by)


async def _in_another_office(siege: Siege) -> None:
    """An officer, in the office that they hold, about what is none of its business."""
    post = siege.live.town.officers[_C.COMMAND_POST]
    cited = await recorded(siege.live, case_of(siege.waiting), _K.RELEASE, post, _C.COMMAND_POST)
    await _write(siege, _T.RELEASE, siege.by(post, "COMMAND_POST", cited))


_S, _R = surge.State, SecondmentWorkflow.decide
ATTEMPTS: dict[str, Callable[[Siege], Awaitable[object]]] = {
    "a release by the clock": lambda s: _write(s, _T.RELEASE, s.by()),
    "a release by the surge": lambda s: _write(s, _T.RELEASE, s.by(OF_THE_SURGE)),
    "a release by nobody known": lambda s: _write(s, _T.RELEASE, s.by("system:somebody")),
    "a release in the head's name, without a decision": lambda s: _write(s, _T.RELEASE, replace(s.by_head(), command_id=None)),
    "a release by an invented decision": lambda s: _write(s, _T.RELEASE, s.by_head(str(uuid.uuid4()))),
    "a release by somebody else's decision": lambda s: _write(s, _T.RELEASE, s.by_head(s.theirs)),
    "a release by the surge's decision": lambda s: _write(s, _T.RELEASE, s.by_head(s.approval)),
    "the decision in another's name": lambda s: _write(s, _T.RELEASE, replace(s.by_head(), actor=s.asked.person_id)),
    "the decision in another office": lambda s: _write(s, _T.RELEASE, replace(s.by_head(), authority="SEKDA")),
    "the decision for somebody": lambda s: _write(s, _T.RELEASE, replace(s.by_head(), on_behalf_of=s.asked.person_id)),
    "the decision by other rules": lambda s: _write(s, _T.RELEASE, replace(s.by_head(), basis="1999-1#surge")),
    "the decision turned round": lambda s: _write(s, _T.REFUSE_RELEASE, s.by_head()),
    "the decision, and the duty longer": _longer,
    "the decision, of another person": _of_another,
    "the decision, and somebody else asked": _asking_another,
    "the decision, told otherwise": _told_otherwise,
    "the decision, and on duty at once": lambda s: _leap(s, State.ON_DUTY),
    "the decision, and home at once": lambda s: _leap(s, State.RETURNED),
    "the decision, by a stranger": lambda s: _write(s, _T.RELEASE, s.by_head(), place="robber"),
    "the decision, by another case": lambda s: _write(s, _T.RELEASE, s.by_head(), place=case_of(s.asked)),
    "an acceptance by the clock": lambda s: _write(s, _T.ACCEPT, s.by(), seat=s.asked),
    "a silence before its time": lambda s: _write(s, _T.REMIND_OFFER, s.by(), seat=s.asked),
    "a silence in ten years": lambda s: _write(s, _T.REMIND_OFFER, s.by(), seat=s.asked, at=s.now + FAR),
    "a duty that is over in ten years": lambda s: _write(s, _T.FALL_DUE, s.by(), at=s.now + FAR),
    "called home by the surge": lambda s: _write(s, _T.STAND_DOWN, s.by(OF_THE_SURGE)),
    "a case that nobody knows": lambda s: _write(
        s, _T.RELEASE, s.by_head(), place=f"secondment:{s.submitted}", changes={"seat": replace(s.waiting, placement_id=str(uuid.uuid4()))}
    ),
    "an approval by the clock": lambda s: _surge(s, _S.APPROVED, "RequestApproved", s.by()),
    "an approval by an invented decision": lambda s: _surge(s, _S.APPROVED, "RequestApproved", _sekda(s, str(uuid.uuid4()))),
    "an approval by a decision of somebody's case": lambda s: _surge(s, _S.APPROVED, "RequestApproved", _sekda(s, s.release)),
    "the approval, and staffed at once": lambda s: _surge(s, _S.SOURCING, "RequestApproved", _sekda(s)),
    "the approval, told as a rejection": lambda s: _surge(s, _S.REJECTED, "RequestRejected", _sekda(s)),
    "the approval, for longer and by a plan": _approved_longer,
    "the approval, in another's name": lambda s: _surge(s, _S.APPROVED, "RequestApproved", replace(_sekda(s), actor=s.asked.person_id)),
    "the approval, by a stranger": lambda s: _surge(s, _S.APPROVED, "RequestApproved", _sekda(s), place="robber"),
    "the approval of another surge": lambda s: _surge(s, _S.SOURCING, "RequestApproved", _sekda(s), of=s.surge_id),
    "the approval, and a unit below its redline": lambda s: _surge(s, _S.APPROVED, "RequestApproved", _sekda(s), override=_override(s)),
    "a rejection by the clock": lambda s: _surge(s, _S.REJECTED, "RequestRejected", s.by()),
    "a surge that is counted into staffing": lambda s: _surge(s, _S.FILLED, "StaffingChanged", s.by()),
    "a surge that is counted to its end": lambda s: _surge(s, _S.CLOSED, "StaffingChanged", s.by(), of=s.surge_id),
    "a plan of what is not approved": lambda s: _surge(s, _S.SUBMITTED, "PlanMade", s.by()),
    "stood down by the clock": lambda s: _surge(s, _S.STOOD_DOWN, "StoodDown", s.by(), of=s.surge_id),
    "cancelled by the clock": lambda s: _surge(s, _S.CANCELLED, "SurgeCancelled", s.by(), of=s.surge_id),
    "escalated before its time": lambda s: _surge(s, _S.SUBMITTED, "SurgeEscalated", s.by()),
    "below the redline by the clock": lambda s: _surge(s, _S.SOURCING, "RedlineOverridden", s.by(), of=s.surge_id, override=_override(s)),
    "a cap that is waived by the clock": lambda s: _surge(s, _S.SOURCING, "YearlyCapWaived", s.by(), of=s.surge_id),
    "a letter that is prolonged by the clock": lambda s: _surge(s, _S.SOURCING, "LetterProlonged", s.by(), of=s.surge_id),
    "offers by a plan that does not stand": lambda s: s.rob(cases.surge(s.surge_id), "surges.offer", _offer(s, s.plan_id)),
    "offers by a stranger": lambda s: s.rob("robber", "surges.offer", _offer(s, s.plan_id)),
    "a plan by a stranger": lambda s: s.rob(
        "robber", "surges.plan", MakePlan(surge_id=s.surge_id, plan_id=str(uuid.uuid4()), at=s.now)
    ),
    "a number for no signature": lambda s: s.rob(cases.surge(s.surge_id), "orders.reserve", _reserve(s, s.release)),
    "a number for an approval": lambda s: s.rob(cases.surge(s.submitted), "orders.reserve", _reserve(s, s.approval)),
    "a number for nothing": lambda s: s.rob(cases.surge(s.surge_id), "orders.reserve", _reserve(s, str(uuid.uuid4()))),
    "an order with a file of one's own": _issue,
    "a number that a stranger gives up": lambda s: s.rob(
        "robber", "orders.void", VoidOrder(order_id=str(uuid.uuid4()), reason="x", at=s.now)
    ),
    "a decision that a stranger refuses": lambda s: _refuse(s, "robber", case_of(s.waiting)),
    "a decision that another case refuses": lambda s: _refuse(s, case_of(s.asked), case_of(s.asked)),
    "a decision of nothing": lambda s: s.update(case_of(s.waiting), _R, str(uuid.uuid4())),
    "a decision without an id": lambda s: s.update(case_of(s.waiting), _R, ""),
    "a decision of another case": lambda s: s.update(case_of(s.waiting), _R, s.theirs),
    "a decision that is answered": _answered,
    "a decision of nobody of the office": lambda s: _of_no_office(s, case_of(s.waiting), _K.CONFIRM_RETURN, _R),
    "a surge's decision of nobody of the office": lambda s: _of_no_office(
        s, cases.surge(s.submitted), _K.REJECT_SURGE, SurgeWorkflow.decide
    ),
    "a release by nobody of the office, cited": lambda s: _cited(s, _C.UNIT_HEAD),
    "a release by the person, cited in another's name": lambda s: _cited(s, _C.SUBJECT),
    "a release by another unit's head, cited": _of_another_head,
    "a release by the command post, cited": _in_another_office,
    "an approval by nobody of the office, cited": lambda s: _cited(s, _C.SEKDA, of=cases.surge(s.submitted)),
    "a second run": lambda s: s.begun_person(s.waiting, over=False, state=State.RELEASED),
    "a run over the first, further on": lambda s: _heard_later(s, state=State.ON_DUTY),
    "a run over the first, at home": lambda s: _heard_later(s, state=State.RETURNED),
    "a run over the first, due in ten years": lambda s: _heard_later(s, due_back=s.now + FAR),
    "a run over the first, due long ago": lambda s: _heard_later(s, due_back=s.now - FAR),
    "a run over the first, of another person": lambda s: s.begun_person(replace(s.waiting, person_id=s.asked.person_id)),
    "a run of a case that nobody knows": lambda s: s.begun_person(
        replace(s.waiting, placement_id=str(uuid.uuid4())), f"secondment:{uuid.uuid4()}", due_back=s.now - FAR
    ),
    "a run under an id of another kind": lambda s: s.begun_person(s.waiting, f"case:{uuid.uuid4()}", due_back=s.now - FAR),
    "a surge over the first, approved": lambda s: s.begun_surge(s.submitted, surge.Life(_S.APPROVED, 1, s.now)),
    "a surge over the first, from its beginning": lambda s: s.begun_surge(s.submitted, None),
    "a surge over the first, offering": lambda s: s.begun_surge(
        s.submitted, surge.Life(_S.SOURCING, 3, s.now, s.plan_id, offering=0)
    ),
    "a surge over the first, stood down": lambda s: s.begun_surge(s.surge_id, surge.Life(_S.STOOD_DOWN, 9, s.now)),
    "a surge over the first, of another": lambda s: s.begun_surge(s.surge_id, None, cases.surge(s.submitted)),
    "a surge that nobody knows": lambda s: s.begun_surge("SU-FFFFFFFFFF", surge.Life(_S.SOURCING, 3, s.now, s.plan_id, offering=0)),
}  # fmt: skip


async def test_nothing_that_is_sent_past_the_door_moves_anybody_and_all_goes_on_as_if_nothing_had_been(
    temporal_env: WorkflowEnvironment, fresh_database: str
) -> None:
    clinics = (Donor("PKM-1", 8, 6), Donor("PKM-2", 2, 2))
    async with live_town(temporal_env.client, fresh_database, *clinics) as live:
        siege = await besieged(live)
        moved = []
        for what, attempt in ATTEMPTS.items():
            before = await siege.seen()
            await attempt(siege)
            # A decision of nothing is answered once all that came before it has had its turn.
            for case_id, run in (
                (case_of(siege.waiting), _R),
                (cases.surge(siege.submitted), SurgeWorkflow.decide),
            ):
                await siege.update(case_id, run, str(uuid.uuid4()))
            if await siege.seen() != before:
                moved.append(what)
        assert moved == []
        assert len(ATTEMPTS) >= 40
        # What was decided all the while is now delivered.
        async with live.books.database.writing() as connection:
            await connection.execute("UPDATE commands SET leased_until = NULL WHERE state = 'RECORDED'")
        await live.until_state(siege.waiting, "RELEASED")
        await until_surge(live, siege.submitted, "APPROVED")


async def until_surge(live: LiveTown, surge_id: str, state: str) -> None:
    """Wait until a surge stands there in the books."""

    async def stands() -> bool:
        return bool(await live.value("SELECT state = $2 FROM surges WHERE surge_id = $1", surge_id, state))

    await until(stands, state)


async def besieged(live: LiveTown) -> Siege:
    surge_id, (waiting, asked) = await live.offered(2)
    operation = await live.value("SELECT operation_id FROM surges WHERE surge_id = $1", surge_id)
    await small_town.accept(live.stage, waiting)
    # The surge has counted its people; from here on nothing moves by itself for an hour.
    await until_surge(live, surge_id, "PARTLY_FILLED")
    line = small_town.nurses(live.stage, 1, after=3_600 * SECOND, duty=timedelta(days=5))
    submitted = await small_town.ask(live.stage, live.town, operation, line)
    plan_id = str(uuid.uuid4())
    free, nobody = [
        one for one in live.town.staff[waiting.unit_id] if one not in (waiting.person_id, asked.person_id)
    ][:2]
    picks = [{"line_id": f"{surge_id}/01", "person_id": free, "unit_id": waiting.unit_id, "role": "nurse", "km": 1, "cost": {}, "without": {}}]  # fmt: skip
    async with live.books.database.writing() as connection:
        await connection.execute(
            "INSERT INTO plans VALUES ($1, $2, $3, '', $4)",
            plan_id, surge_id, live.stage.clock.now(), {"picks": picks, "shortfalls": []},
        )  # fmt: skip
    head, sekda = live.town.heads[waiting.unit_id], live.town.officers[_C.SEKDA]
    return Siege(
        live,
        surge_id,
        waiting,
        asked,
        submitted,
        await recorded(live, case_of(waiting), _K.RELEASE, head, _C.UNIT_HEAD),
        await recorded(live, case_of(asked), _K.ACCEPT_OFFER, asked.person_id, _C.SUBJECT),
        await recorded(live, cases.surge(submitted), _K.APPROVE_SURGE, sekda, _C.SEKDA),
        plan_id,
        nobody,
    )
