"""A batch or a swap moves all whom it means, or nobody; and never anybody whom their own machine would not let move."""

from dataclasses import replace
from datetime import datetime, timedelta
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sentences import SENTENCES
from domain.authority import Actor, Appointment, Capacity, Denied, Granted
from domain.moves import TaskKind
from domain.mutation import group_authority, groups
from domain.mutation import machine as of_one
from domain.mutation.authority import Facts as MemberFacts
from domain.mutation.authority import Part, Played
from domain.mutation.group_life import GroupLife, GroupState, GroupTrigger
from domain.mutation.group_machine import Moved, decide
from domain.mutation.group_moving import counted, duties_of, ring_fault
from domain.mutation.life import Group, Life
from domain.mutation.machine import Refused
from domain.mutation.said import NOTHING, Ask
from domain.mutation.states import GroupKind, Impediment, State, Trigger
from domain.mutation.waiting import Wait
from lab.mutation_samples import BATCH, EFFECT, INITIALS, NOW, ROAD, SWAP, along, moved, said
from lab.mutation_samples import counted as counted_of_one

_T, _S, _G = GroupTrigger, State, GroupState
DAY = timedelta(days=1)


class Together:
    """A group and its members, moved as the books would."""

    def __init__(self, group: Group, *states: State) -> None:
        self.lives = {f"MU-{n}": along(state) for n, state in enumerate(states)}
        self.life = GroupLife(group, _G.DRAFT, 0, NOW, tuple(self.lives))
        self.now: datetime = NOW

    def decide(self, trigger: GroupTrigger, ask: Ask = NOTHING) -> Moved | Refused:
        """Move the group as far as it can be moved, and return the verdict."""
        verdict = decide(self.life, self.lives, trigger, ask, decided_at=self.now, now=self.now)
        if isinstance(verdict, Moved):
            self.life = verdict.life
            self.lives |= {one: counted_of_one(step.life) for one, step in verdict.steps.items()}
        return verdict

    def must(self, trigger: GroupTrigger, ask: Ask = NOTHING) -> Moved:
        verdict = self.decide(trigger, ask)
        assert isinstance(verdict, Moved), (self.life.state, trigger, verdict)
        return verdict

    def one(self, key: str, trigger: Trigger, ask: Ask | None = None) -> None:
        """Let something befall one member, and the group look."""
        self.lives[key] = moved(self.lives[key], trigger, ask or said(trigger), at=self.now)
        self.decide(_T.LOOK)

    def states(self) -> list[State]:
        return [life.state for life in self.lives.values()]

    def prepared(self) -> "Together":
        self.must(_T.PREPARE_DECREE, said(Trigger.PREPARE_DECREE))
        return self

    def signed(self) -> "Together":
        self.initialled().must(_T.SIGN_DECREE, said(Trigger.SIGN_DECREE))
        return self

    def initialled(self) -> "Together":
        self.prepared()
        for office in INITIALS:
            self.must(_T.INITIAL, Ask(capacity=office))
        return self


def formed(group: Group, *states: State) -> Together:
    """A group whose members have come so far since it was formed; those of a swap began before the screening."""
    early = [_S.PROPOSED if group == SWAP else state for state in states]
    found = Together(group, *early)
    found.must(_T.FORM)
    if group == SWAP:
        for key, state in zip(found.lives, states, strict=True):
            found.lives[key] = onward(found.lives[key], state)
        found.must(_T.LOOK)
    return found


def test_whoever_is_put_together_joins_and_one_who_cannot_lets_nobody_join() -> None:
    found = formed(BATCH, _S.SCREENING, _S.APPROVED)
    assert {life.group for life in found.lives.values()} == {BATCH}
    assert (found.life.state, found.life.ready) == (_G.FORMED, True)
    late = Together(BATCH, _S.SCREENING, _S.DECREE_SIGNED)
    assert late.decide(_T.FORM) == Refused("not_now")
    assert late.lives["MU-0"].group is None
    taken = Together(BATCH, _S.SCREENING)
    taken.lives["MU-0"] = replace(taken.lives["MU-0"], group=SWAP)
    assert taken.decide(_T.FORM) == Refused("in_a_group_already")
    assert Together(SWAP, _S.PROPOSED, _S.CONSULTATION).decide(_T.FORM) == Refused("screened_already")
    drafted = Together(BATCH, _S.SCREENING)
    assert drafted.must(_T.DISSOLVE).life.state == _G.DISSOLVED
    assert drafted.states() == [_S.SCREENING]


def test_a_batch_is_decreed_for_the_ready_and_again_for_whoever_lags_behind() -> None:
    batch = formed(BATCH, _S.APPROVED, _S.APPROVED, _S.CONSULTATION).signed()
    assert batch.states() == [_S.DECREE_SIGNED, _S.DECREE_SIGNED, _S.CONSULTATION]
    assert (batch.life.state, batch.life.signed, batch.life.paper) == (_G.FORMED, ("decree-1",), None)
    assert batch.decide(_T.PREPARE_DECREE, said(Trigger.PREPARE_DECREE)) == Refused("nobody_is_ready")
    batch.lives["MU-2"] = onward(batch.lives["MU-2"], _S.APPROVED)
    batch.must(_T.LOOK)
    assert batch.life.ready
    batch.signed()
    assert (batch.life.state, len(batch.life.signed)) == (_G.SIGNED, 2)


ASKS = said(Trigger.ASK_SIGNATURE)


def test_a_signature_elsewhere_is_asked_for_whoever_is_ready_and_nobody_moves_before_it_comes() -> None:
    batch = formed(BATCH, _S.APPROVED, _S.APPROVED).initialled()
    asked = batch.must(_T.ASK_SIGNATURE, ASKS)
    assert (asked.whose, asked.steps, batch.states()) == (("MU-0", "MU-1"), {}, [_S.DECREE_PREPARED] * 2)
    for trigger in (_T.ASK_SIGNATURE, _T.SIGN_DECREE):
        assert batch.decide(trigger, replace(ASKS, decree_id="another")) == Refused("signature_asked_already")
    signed = batch.must(_T.SIGN_DECREE, said(Trigger.SIGN_DECREE))
    assert (signed.whose, batch.life.asked) == (("MU-0", "MU-1"), None)
    again = formed(BATCH, _S.APPROVED).initialled()
    assert again.decide(_T.REFUSE_SIGNATURE, Ask(code="REFUSED")) == Refused("no_signature_asked")
    again.must(_T.ASK_SIGNATURE, ASKS)
    again.must(_T.REFUSE_SIGNATURE, Ask(code="REFUSED"))
    assert (again.life.asked, again.life.because) == (None, "REFUSED")


def test_who_fell_out_before_the_group_looked_is_not_asked_for() -> None:
    batch = formed(BATCH, _S.APPROVED, _S.APPROVED).initialled()
    batch.lives["MU-0"] = moved(batch.lives["MU-0"], Trigger.REPORT_DEATH, said(Trigger.REPORT_DEATH))
    asked = batch.must(_T.ASK_SIGNATURE, ASKS)
    assert (asked.whose, batch.life.asked is not None) == (("MU-1",), True)


@pytest.mark.parametrize("group", [BATCH, SWAP])
def test_who_was_struck_out_by_a_block_and_is_back_is_asked_for_with_the_others(group: Group) -> None:
    found = formed(group, _S.APPROVED, _S.APPROVED).initialled()
    found.one("MU-0", Trigger.BLOCK)
    found.one("MU-0", Trigger.LIFT_BLOCK)
    asked = found.must(_T.ASK_SIGNATURE, ASKS)
    assert (asked.whose, found.life.asked is not None) == (("MU-0", "MU-1"), True)


def test_who_comes_back_meanwhile_is_not_signed_for_by_a_paper_that_speaks_of_others() -> None:
    batch = formed(BATCH, _S.APPROVED, _S.APPROVED).initialled()
    batch.one("MU-0", Trigger.BLOCK)
    batch.must(_T.ASK_SIGNATURE, ASKS)
    batch.one("MU-0", Trigger.LIFT_BLOCK)
    assert batch.life.asked
    assert batch.must(_T.SIGN_DECREE, said(Trigger.SIGN_DECREE)).whose == ("MU-1",)
    assert batch.states() == [_S.DECREE_PREPARED, _S.DECREE_SIGNED]


def test_who_falls_out_is_struck_out_and_a_paper_that_is_nobodys_is_none() -> None:
    batch = formed(BATCH, _S.APPROVED, _S.APPROVED).prepared()
    assert batch.decide(_T.PREPARE_DECREE, said(Trigger.PREPARE_DECREE)) == Refused("prepared_already")
    batch.one("MU-0", Trigger.REPORT_DEATH)
    assert batch.life.paper
    assert batch.life.paper.members == ("MU-1",)
    batch.one("MU-1", Trigger.LEAVE_BATCH)
    assert (batch.life.paper, batch.life.state) == (None, _G.DISSOLVED)
    assert batch.states() == [_S.LAPSED, _S.APPROVED]
    assert batch.decide(_T.LOOK) == Refused("already_ended")


def test_a_paper_goes_round_in_turn_comes_back_and_goes_round_again() -> None:
    batch = formed(BATCH, _S.APPROVED, _S.APPROVED)
    assert batch.decide(_T.INITIAL, Ask(capacity=INITIALS[0])) == Refused("decree_missing")
    assert batch.decide(_T.SIGN_DECREE, said(Trigger.SIGN_DECREE)) == Refused("decree_missing")
    batch.prepared()
    assert batch.decide(_T.INITIAL, Ask(capacity=INITIALS[1])) == Refused("not_your_turn")
    batch.must(_T.INITIAL, Ask(capacity=INITIALS[0]))
    assert batch.decide(_T.INITIAL, Ask(capacity=INITIALS[0])) == Refused("initialled_already")
    assert batch.decide(_T.SIGN_DECREE, said(Trigger.SIGN_DECREE)) == Refused("initials_missing")
    batch.must(_T.RETURN_DECREE, said(Trigger.RETURN_DECREE))
    assert (batch.life.state, batch.life.because) == (_G.FORMED, said(Trigger.RETURN_DECREE).code)
    assert batch.states() == [_S.APPROVED] * 2
    assert batch.signed().states() == [_S.DECREE_SIGNED] * 2


def test_a_swap_is_signed_by_all_and_takes_effect_at_one_instant() -> None:
    swap = formed(SWAP, _S.APPROVED, _S.ASSESSMENT)
    assert swap.decide(_T.PREPARE_DECREE, said(Trigger.PREPARE_DECREE)) == Refused("nobody_is_ready")
    swap.lives["MU-1"] = onward(swap.lives["MU-1"], _S.APPROVED)
    swap.signed()
    assert swap.life.state == _G.SIGNED
    for key in swap.lives:
        swap.lives[key] = _handed_over(swap.lives[key])
    assert swap.decide(_T.TAKE_EFFECT) == Refused("too_early")
    swap.must(_T.LOOK)
    assert swap.life.effect_at == EFFECT
    swap.now = EFFECT
    swap.must(_T.TAKE_EFFECT)
    assert (swap.states(), swap.life.state) == ([_S.EFFECTIVE] * 2, _G.CLOSED)


def onward(life: Life, state: State) -> Life:
    """Let a case go on by its own road until it stands there."""
    for trigger, ask in ROAD:
        if life.state == state:
            break
        verdict = of_one.decide(life, trigger, ask, decided_at=NOW, now=NOW)
        life = counted_of_one(verdict.life) if isinstance(verdict, of_one.Moved) else life
    assert life.state == state
    return life


def _handed_over(life: Life) -> Life:
    for trigger in (Trigger.SERVE, Trigger.BEGIN_HANDOVER):
        life = moved(life, trigger, said(trigger))
    for paper in life.papers:
        life = moved(life, Trigger.FILE_PAPER, Ask(paper=paper))
    return life


@pytest.mark.parametrize(("ends", "then"), [(False, _S.RETURNED), (True, _S.LAPSED)])
def test_who_falls_out_of_a_swap_takes_the_others_back_or_along(then: State, *, ends: bool) -> None:
    swap = formed(SWAP, _S.APPROVED, _S.APPROVED, _S.APPROVED).prepared()
    swap.lives["MU-1"] = moved(swap.lives["MU-1"], Trigger.CANCEL, said(Trigger.CANCEL))
    swap.must(_T.LOOK, Ask(ends=ends))
    assert swap.states() == [then, _S.CANCELLED_BEFORE_EFFECT, then]
    assert swap.life.state == _G.DISSOLVED


def test_a_signed_swap_that_loses_one_stands_still_until_somebody_says_by_name_that_the_rest_goes_alone() -> (
    None
):
    swap = formed(SWAP, _S.APPROVED, _S.APPROVED).signed()
    assert swap.decide(_T.DISSOLVE) == Refused("signed_already")
    swap.one("MU-0", Trigger.REPORT_DEATH)
    left = swap.lives["MU-1"]
    assert left.impediments == (Impediment.PARTNER_LOST,)
    before = swap.life
    swap.must(_T.LOOK)
    assert (swap.life, swap.lives["MU-1"]) == (before, left), "it is told once"
    swap.one("MU-1", Trigger.LET_STAND)
    assert (swap.lives["MU-1"].group, swap.life.state) == (None, _G.CLOSED)


def test_a_group_that_is_dissolved_lets_everybody_go_who_has_no_decree() -> None:
    batch = formed(BATCH, _S.APPROVED, _S.APPROVED, _S.ASSESSMENT)
    batch.signed()
    batch.must(_T.DISSOLVE)
    assert [life.group for life in batch.lives.values()] == [BATCH, BATCH, None]
    assert (batch.life.state, batch.life.because) == (_G.SIGNED, "DISSOLVED")
    swap = formed(SWAP, _S.APPROVED, _S.SCREENING)
    swap.must(_T.DISSOLVE)
    assert swap.states() == [_S.RETURNED] * 2
    assert swap.life.state == _G.DISSOLVED


# ── who is asked ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_paper_is_asked_of_the_group_and_of_no_member_alone() -> None:
    batch = formed(BATCH, _S.APPROVED, _S.ASSESSMENT)
    assert [duty.kind for duty in duties_of(batch.life)] == [TaskKind.PREPARE_DECREE]
    assert batch.lives["MU-0"].decreed_together
    batch.prepared()
    asked = []
    for office in INITIALS:
        asked += [(duty.kind, duty.capacity) for duty in duties_of(batch.life)]
        batch.must(_T.INITIAL, Ask(capacity=office))
    asked += [(duty.kind, duty.capacity) for duty in duties_of(batch.life)]
    assert asked == [
        *((TaskKind.INITIAL_DECREE, office) for office in INITIALS),
        (TaskKind.SIGN_DECREE, Capacity.SIGNATORY),
    ]
    batch.must(_T.SIGN_DECREE, said(Trigger.SIGN_DECREE))
    assert duties_of(batch.life) == ()


def test_a_late_step_is_urged_level_by_level() -> None:
    batch = formed(BATCH, _S.APPROVED)
    assert batch.decide(_T.URGE) == Refused("too_early")
    wait = Wait((NOW + 5 * DAY, NOW + 8 * DAY), (NOW + 3 * DAY, NOW + 6 * DAY), DAY)
    batch.life = replace(batch.life, wait=wait)
    seen = []
    for _ in range(3):
        assert batch.life.wait
        batch.now = batch.life.wait.rings
        batch.must(_T.URGE)
        seen += [duty.capacity for duty in duties_of(batch.life) if duty.kind == TaskKind.CHASE_MUTATION]
    assert Capacity.SEKDA in seen
    assert counted(batch.life, {}, None, None) == batch.life  # type: ignore[arg-type]


# ── who may ───────────────────────────────────────────────────────────────────────────────────────────────────────


def member(subject: str, *, proposer: str = "head", played: tuple[Played, ...] = ()) -> MemberFacts:
    return MemberFacts("kota", subject, "kota.A", "kota.B", proposer, played)


@pytest.mark.parametrize(
    ("kind", "capacity", "who", "verdict"),
    [
        ("SIGN_DECREE", Capacity.SIGNATORY, "signer", Granted(Capacity.SIGNATORY)),
        ("SIGN_DECREE", Capacity.SIGNATORY, "p-2", Denied("own_case")),
        ("SIGN_DECREE", Capacity.SIGNATORY, "head", Denied("own_proposal")),
        ("SIGN_DECREE", Capacity.SIGNATORY, "mayor", Denied("two_parts")),
        ("SIGN_DECREE", Capacity.SEKDA, "sekda", Denied("no_authority")),
        ("FORM_GROUP", Capacity.PERSONNEL_AGENCY, "clerk", Granted(Capacity.PERSONNEL_AGENCY)),
        ("FORM_GROUP", Capacity.PERSONNEL_AGENCY, "p-1", Denied("own_case")),
        ("FORM_GROUP", Capacity.LEGAL_BUREAU, "lawyer", Denied("no_authority")),
        ("DISSOLVE_GROUP", Capacity.PERSONNEL_AGENCY, "head", Granted(Capacity.PERSONNEL_AGENCY)),
    ],
)
def test_who_decides_for_a_group_may_decide_for_each_of_it(
    kind: str, capacity: Capacity, who: str, verdict: Granted | Denied
) -> None:
    case = group_authority.Facts(
        "kota", (member("p-1", played=(Played("mayor", Part.APPROVER),)), member("p-2"))
    )
    assert group_authority.authority(kind, Actor(who, "kota", (Appointment(capacity),)), case) == verdict
    stranger = Actor(who, "lain", (Appointment(capacity),))
    assert group_authority.authority(kind, stranger, case) == Denied("no_such_case")


@pytest.mark.parametrize(
    ("kind", "ends", "fault"),
    [
        (GroupKind.BATCH, {"1": ("a", "b")}, "two mutations at least"),
        (GroupKind.BATCH, {"1": ("a", "b"), "2": ("a", "c")}, None),
        (GroupKind.SWAP, {"1": ("a", "b"), "2": ("b", "a")}, None),
        (GroupKind.SWAP, {"1": ("a", "b"), "2": ("b", "c"), "3": ("c", "a")}, None),
        (GroupKind.SWAP, {"1": ("a", "b"), "2": ("b", "c")}, "expected a ring"),
        (GroupKind.SWAP, {"1": ("a", "b"), "2": ("a", "b")}, "expected a ring"),
    ],
)
def test_a_swap_is_a_ring(kind: GroupKind, ends: dict[str, tuple[str, str]], fault: str | None) -> None:
    found = ring_fault(kind, ends)
    assert found is None if fault is None else fault in str(found)


# ── anything, in any order ────────────────────────────────────────────────────────────────────────────────────────

BEFALLS = (
    *(Trigger.WITHDRAW, Trigger.CANCEL, Trigger.REPORT_DEATH, Trigger.LEAVE_BATCH, Trigger.LET_STAND),
    *(Trigger.REPORT_FINDING, Trigger.SEND_BACK, Trigger.RESUBMIT, Trigger.BLOCK, Trigger.LIFT_BLOCK),
)


@given(seed=st.integers(0, 2**32 - 1), group=st.sampled_from([BATCH, SWAP]))
def test_whatever_comes_in_whatever_order_all_move_or_nobody_and_no_swap_is_half_in_effect(
    seed: int, group: Group
) -> None:
    dice = Random(seed)
    found = formed(group, *[_S.PROPOSED if group == SWAP else _S.APPROVED] * dice.randint(2, 4))
    for _ in range(40):
        before, lives = found.life, dict(found.lives)
        if dice.random() < 0.6:
            trigger = dice.choice(list(_T))
            ask = (
                said(Trigger.PREPARE_DECREE) if trigger == _T.PREPARE_DECREE else said(Trigger.RETURN_DECREE)
            )
            paper = found.life.paper
            if trigger == _T.INITIAL and paper:
                ask = Ask(capacity=paper.next_initial)
            verdict = found.decide(trigger, ask)
            if isinstance(verdict, Refused):
                assert verdict.code in SENTENCES
                assert (found.life, found.lives) == (before, lives)
        else:
            key = dice.choice(list(found.lives))
            _step(found, key, dice)
        _checked(found, before)
        if dice.random() < 0.2:
            found.now += dice.choice([DAY / 24, DAY, 12 * DAY])


def _step(found: Together, key: str, dice: Random) -> None:
    """One member goes on by the own road, or something befalls it."""
    life = found.lives[key]
    own = (
        Trigger.RECEIVE,
        Trigger.PASS_SCREENING,
        Trigger.RECOMMEND,
        Trigger.APPROVE,
        Trigger.SERVE,
        Trigger.BEGIN_HANDOVER,
    )
    if life.state == _S.HANDOVER and life.to_file:
        ask, trigger = Ask(paper=life.to_file[0]), Trigger.FILE_PAPER
    elif life.state == _S.CONSULTATION:
        ask, trigger = replace(said(Trigger.HEAR), party=life.awaited[0]), Trigger.HEAR
    elif life.state == _S.CLEARANCE:
        ask, trigger = Ask(clearance=life.to_clear[0].code), Trigger.GRANT_CLEARANCE
    else:
        trigger = dice.choice(own if dice.random() < 0.8 else BEFALLS)
        ask = replace(said(trigger), objection_until=found.now + 20 * DAY)
    verdict = of_one.decide(life, trigger, ask, decided_at=found.now, now=found.now)
    if isinstance(verdict, of_one.Moved):
        found.lives[key] = counted_of_one(verdict.life)
        if groups.is_news(life, verdict.life):
            found.decide(_T.LOOK)


def _checked(found: Together, before: GroupLife) -> None:
    life, ours = found.life, groups.members(found.life.group, found.lives)
    assert life.revision in (before.revision, before.revision + 1, before.revision + 2)
    if life.paper:
        assert all(
            (of := ours[one]).state == _S.DECREE_PREPARED
            and of.decree is not None
            and of.decree.initialled == life.paper.initialled
            for one in life.paper.members
            if one in ours and ours[one].state == _S.DECREE_PREPARED
        )
    if life.is_swap:
        in_effect = [of for of in found.lives.values() if of.group == life.group and of.in_effect]
        assert len({of.effective_since for of in in_effect}) <= 1
    if life.ended:
        assert not [of for of in ours.values() if of.state in (_S.APPROVED, _S.DECREE_PREPARED)]
