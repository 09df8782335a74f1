"""Whether something moves a batch or a swap, and its members with it: all that are meant, or nobody.

What a group does to its members it does by their own machine (`domain/mutation/machine.py`), so that nothing befalls
somebody by way of the group that could not befall them alone. Total and timeless, as that one is.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime

from domain.mutation import groups, machine
from domain.mutation.decrees import SignatureAsked
from domain.mutation.group_life import GroupLife, GroupState, GroupTrigger, JointDecree
from domain.mutation.life import Life
from domain.mutation.machine import Refused
from domain.mutation.said import NOTHING, Ask
from domain.mutation.states import DECIDED, UNDECIDED, State, Trigger

_T, _M = GroupTrigger, Trigger
Lives = Mapping[str, Life]


@dataclass(frozen=True)
class Step:
    """What a group did to one member: by which trigger, and the life after it."""

    trigger: Trigger
    life: Life


@dataclass(frozen=True)
class Moved:
    """The trigger stands: the group's life after it, and, by mutation id, the members that moved with it."""

    life: GroupLife
    steps: dict[str, Step] = field(default_factory=dict)

    @property
    def whose(self) -> tuple[str, ...]:
        """Whose decree is signed, or sent to be signed."""
        waiting = self.life.paper.members if self.life.paper and self.life.asked else ()
        return tuple(self.steps) or waiting


@dataclass(frozen=True)
class Asked:
    """What a group is asked, of which lives, when it was decided and when it is judged."""

    lives: Lives
    ask: Ask
    decided_at: datetime
    now: datetime

    def of(self, one: str, trigger: Trigger) -> machine.Moved | Refused:
        """Ask one member's own machine."""
        return machine.decide(self.lives[one], trigger, self.ask, decided_at=self.decided_at, now=self.now)


def decide(
    life: GroupLife,
    lives: Lives,
    trigger: GroupTrigger,
    ask: Ask = NOTHING,
    *,
    decided_at: datetime,
    now: datetime,
) -> Moved | Refused:
    """Say whether the trigger moves the group. `lives` are its members as they stand, by mutation id.

    `ask.ends` says, with LOOK, whether a swap that one has fallen out of ends for the others.
    """
    if life.ended:
        return Refused("already_ended")
    if life.state == GroupState.DRAFT and trigger == _T.DISSOLVE:
        # What was not formed holds nobody, and is put away.
        return Moved(replace(life, state=GroupState.DISSOLVED, revision=life.revision + 1, since=now))
    if (life.state == GroupState.DRAFT) != (trigger == _T.FORM):
        return Refused("not_now")
    asked = Asked(lives, replace(ask, group_id=life.group.group_id), decided_at, now)
    verdict = _WAYS[trigger](life, asked)
    if isinstance(verdict, Refused):
        return verdict
    after = {**lives, **{one: step.life for one, step in verdict.steps.items()}}
    return replace(verdict, life=_settled(verdict.life, life, after, now, told=bool(verdict.steps)))


# ── what moves it ─────────────────────────────────────────────────────────────────────────────────────────────────


def _form(life: GroupLife, asked: Asked) -> Moved | Refused:
    joining = replace(asked.ask, group=life.group)
    return _all(life, replace(asked, ask=joining), life.members, _M.JOIN_GROUP)


def _prepare(life: GroupLife, asked: Asked) -> Moved | Refused:
    if life.paper:
        return Refused("prepared_already")
    whose = groups.to_prepare(life.group, asked.lives)
    if not whose:
        return Refused("nobody_is_ready")
    verdict = _all(life, asked, whose, _M.PREPARE_DECREE)
    if isinstance(verdict, Refused):
        return verdict
    assert asked.ask.decree_id is not None
    assert asked.ask.effective_at is not None
    paper = JointDecree(asked.ask.decree_id, asked.ask.effective_at, asked.ask.initials, whose)
    return replace(verdict, life=replace(verdict.life, paper=paper, because=None))


def _initial(life: GroupLife, asked: Asked) -> Moved | Refused:
    paper = life.paper
    if paper is None or not (whose := _on(paper, asked.lives)):
        return Refused("decree_missing")
    verdict = _all(life, asked, whose, _M.INITIAL)
    if isinstance(verdict, Refused):
        return verdict
    return replace(verdict, life=replace(verdict.life, paper=replace(paper, initialled=paper.initialled + 1)))


def _return(life: GroupLife, asked: Asked) -> Moved | Refused:
    if life.paper is None:
        return Refused("decree_missing")
    verdict = _all(life, asked, _on(life.paper, asked.lives), _M.RETURN_DECREE)
    if isinstance(verdict, Refused):
        return verdict
    return replace(verdict, life=replace(verdict.life, paper=None, because=asked.ask.code))


def _sign(life: GroupLife, asked: Asked) -> Moved | Refused:
    """Sign for all who are ready, with the paper that the service was asked to sign, where one was."""
    if life.asked and asked.ask.decree_id != life.asked.decree_id:
        return Refused("signature_asked_already")
    verdict = _signed(life, asked)
    if isinstance(verdict, Refused):
        return verdict
    assert life.paper is not None
    signed = (*life.signed, asked.ask.decree_id or life.paper.decree_id)
    return replace(verdict, life=replace(verdict.life, signed=signed))


def _ask_signature(life: GroupLife, asked: Asked) -> Moved | Refused:
    """Ask a service to sign for all who are ready now; nobody of them moves before it has."""
    if life.asked:
        return Refused("signature_asked_already")
    if not (asked.ask.number and asked.ask.decree_id):
        return Refused("decree_missing")
    verdict = _signed(life, replace(asked, ask=replace(asked.ask, sha256="to be signed")))
    if isinstance(verdict, Refused):
        return verdict
    assert life.paper is not None
    wanted = SignatureAsked(asked.ask.decree_id, asked.ask.number, asked.now)
    # Whoever was struck out and is ready again stands on the paper that goes away, and nobody else.
    paper = replace(life.paper, members=tuple(verdict.steps), asked=wanted)
    return Moved(replace(life, paper=paper, because=None))


def _refuse_signature(life: GroupLife, asked: Asked) -> Moved | Refused:
    if life.paper is None or life.asked is None:
        return Refused("no_signature_asked")
    return Moved(replace(life, paper=replace(life.paper, asked=None), because=asked.ask.code))


def _signed(life: GroupLife, asked: Asked) -> Moved | Refused:
    """Move everybody who is ready by the signature."""
    if life.paper is None:
        return Refused("decree_missing")
    if life.paper.next_initial:
        return Refused("initials_missing")
    whose = groups.to_sign(life.group, life.paper.decree_id, asked.lives)
    if life.asked:  # the paper that is signed elsewhere speaks of nobody else
        whose = tuple(one for one in whose if one in life.paper.members)
    return _all(life, asked, whose, _M.SIGN_DECREE) if whose else Refused("nobody_is_ready")


def _dissolve(life: GroupLife, asked: Asked) -> Moved | Refused:
    """Let everybody go who has no decree yet; a swap that is signed stands."""
    trigger = _M.LOSE_PARTNER if life.is_swap else _M.LEAVE_BATCH
    ours = groups.members(life.group, asked.lives)
    free = tuple(one for one, of in ours.items() if of.stands in UNDECIDED | DECIDED)
    if not free or (life.is_swap and len(free) < len(ours)):
        return Refused("signed_already")
    verdict = _all(life, asked, free, trigger)
    if isinstance(verdict, Refused):
        return verdict
    return replace(verdict, life=replace(verdict.life, because="DISSOLVED"))


def _look(life: GroupLife, asked: Asked) -> Moved | Refused:
    """See what has become of the members; who has lost a partner is told, each as far as it can be told."""
    steps = {}
    for one in groups.to_tell_of_loss(life.group, asked.lives):
        verdict = asked.of(one, _M.LOSE_PARTNER)
        if isinstance(verdict, machine.Moved):
            steps[one] = Step(_M.LOSE_PARTNER, verdict.life)
    return Moved(life, steps)


def _take_effect(life: GroupLife, asked: Asked) -> Moved | Refused:
    at = groups.effect_at(life.group, asked.lives)
    if at is None:
        return Refused("not_handed_over")
    if asked.now < at:
        return Refused("too_early")
    whose = tuple(one for one, of in groups.members(life.group, asked.lives).items() if not of.in_effect)
    return _all(life, asked, whose, _M.TAKE_EFFECT)


def _hold_up(life: GroupLife, asked: Asked) -> Moved | Refused:
    """Keep why the books refuse the effect; it is told once for each reason."""
    if life.effect_at is None or asked.now < life.effect_at:
        return Refused("too_early")
    return Moved(replace(life, held_up=asked.ask.code))


def _urge(life: GroupLife, asked: Asked) -> Moved | Refused:
    if life.wait is None or asked.now < life.wait.rings:
        return Refused("too_early")
    return Moved(replace(life, wait=life.wait.urged(asked.now)))


_WAYS: dict[GroupTrigger, Callable[[GroupLife, Asked], Moved | Refused]] = {
    _T.FORM: _form,
    _T.PREPARE_DECREE: _prepare,
    _T.INITIAL: _initial,
    _T.RETURN_DECREE: _return,
    _T.ASK_SIGNATURE: _ask_signature,
    _T.REFUSE_SIGNATURE: _refuse_signature,
    _T.SIGN_DECREE: _sign,
    _T.DISSOLVE: _dissolve,
    _T.LOOK: _look,
    _T.TAKE_EFFECT: _take_effect,
    _T.HOLD_UP: _hold_up,
    _T.URGE: _urge,
}


def _all(life: GroupLife, asked: Asked, whose: tuple[str, ...], trigger: Trigger) -> Moved | Refused:
    """Move every one of them, or nobody: the first who cannot be moved says why."""
    steps = {}
    for one in whose:
        verdict = asked.of(one, trigger)
        if isinstance(verdict, Refused):
            return verdict
        steps[one] = Step(trigger, verdict.life)
    return Moved(life, steps)


# ── where it stands then ──────────────────────────────────────────────────────────────────────────────────────────


def _on(paper: JointDecree, lives: Lives) -> tuple[str, ...]:
    """Return whose paper it still is: whoever fell out is struck out of the annex."""
    return tuple(
        one
        for one in paper.members
        if (of := lives[one]).state == State.DECREE_PREPARED
        and of.decree is not None
        and of.decree.decree_id == paper.decree_id
    )


def _paper(paper: JointDecree, lives: Lives) -> JointDecree | None:
    """Return the paper of whoever is still on it; one that is away to be signed for others too, is not waited for."""
    on = _on(paper, lives)
    if on == paper.members:
        return paper
    return replace(paper, members=on, asked=None) if on else None


def _settled(life: GroupLife, before: GroupLife, lives: Lives, now: datetime, *, told: bool) -> GroupLife:
    """Return the group as its members leave it: whose paper it is, where it stands, whether anybody is ready."""
    life = replace(life, paper=_paper(life.paper, lives) if life.paper else None)
    life = replace(
        life,
        state=_state(life, lives),
        ready=life.paper is None and bool(groups.to_prepare(life.group, lives)),
        effect_at=groups.effect_at(life.group, lives),
    )
    life = replace(life, held_up=life.held_up if life.effect_at else None)
    if life == before and not told:
        return before
    moved = replace(life, revision=before.revision + 1)
    if (moved.state, moved.asks) == (before.state, before.asks):
        return moved
    return replace(moved, since=now, wait=None)


def _state(life: GroupLife, lives: Lives) -> GroupState:
    ours = groups.members(life.group, lives).values()
    if not ours or all(of.in_effect for of in ours):
        return GroupState.CLOSED if life.signed else GroupState.DISSOLVED
    if life.paper:
        return GroupState.PREPARED
    undecreed = any(of.stands in UNDECIDED | DECIDED for of in ours)
    return GroupState.FORMED if undecreed else GroupState.SIGNED
