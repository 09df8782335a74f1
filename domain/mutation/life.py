"""A mutation at one moment, as its workflow carries it: ids, codes and instants only."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

from domain.mutation.beside import Absence, Advice, Counsel, Owed, Reference, Retraction
from domain.mutation.decrees import Decree, Objection, SecondDecree, SignatureAsked
from domain.mutation.states import (
    DECIDED,
    ENDS,
    IN_EFFECT,
    OBJECTION_OPEN,
    SIGNED,
    GroupKind,
    Impediment,
    Outcome,
    Paper,
    Party,
    State,
    Verdict,
)
from domain.mutation.waiting import Wait


@dataclass(frozen=True)
class Heard:
    """How one party was heard: the outcome, a coded reason, and another date where one was named.

    `wishes` says that there are some; the words lie apart.
    """

    party: Party
    outcome: Outcome
    reason: str | None = None
    wishes: bool = False
    counter_date: datetime | None = None


@dataclass(frozen=True)
class Clearance:
    """Another authority's agreement. `held`: its clock stands still, for it holds the file as incomplete.

    `since` is from when on whoever is asked has time; without one, since the case stands where it does. `granted_at` is since
    when it is there, as the case was told.
    """

    code: str
    verdict: Verdict = Verdict.PENDING
    held: bool = False
    wait: Wait | None = None
    since: datetime | None = None
    granted_at: datetime | None = None


@dataclass(frozen=True)
class Group:
    """The batch or the swap that a case belongs to."""

    kind: GroupKind
    group_id: str


@dataclass(frozen=True)
class Life:
    """A mutation at one moment. `revision` counts its moves, `because` is the code of why it went back or ended.

    `position_id` is where to, `reverses` the case whose decree this one undoes; `decided_by` is who approved, by name;
    `papers` are those that must be on file before the effect, `filed` those that are; `freeze` is the clearance that an
    election freeze asks for; `held_up` is the code for which the books refused the effect; `blocked_in` is where BKN's block found it. `objection_until` is until when the person
    may object, counted from the day on which the extract was served, also that of what corrects the decree; `second` is the decree
    that undoes or corrects this one.
    `panel`: the assessment needs the minutes of a selection panel. `entry` is the move's own in SIASN, `lawsuits` those at
    the administrative court (PTUN) that are known.
    """

    state: State
    revision: int
    since: datetime
    position_id: str
    papers: tuple[Paper, ...] = (Paper.HANDOVER_RECORD, Paper.DUTY_START_STATEMENT)
    reverses: str | None = None
    group: Group | None = None
    wait: Wait | None = None
    because: str | None = None
    heard: tuple[Heard, ...] = ()
    clearances: tuple[Clearance, ...] = ()
    freeze: str | None = None
    decided_by: str | None = None
    decree: Decree | None = None
    objection_until: datetime | None = None
    filed: tuple[Paper, ...] = ()
    impediments: tuple[Impediment, ...] = ()
    effective_since: datetime | None = None
    held_up: str | None = None
    objection: Objection | None = None
    blocked_in: State | None = None
    reversed_by: str | None = None
    second: SecondDecree | None = None
    panel: bool = False
    counsel: Counsel | None = None
    entry: Reference | None = None
    absence: Absence | None = None
    retraction: Retraction | None = None
    lawsuits: tuple[Reference, ...] = ()
    owed: tuple[Owed, ...] = ()

    @property
    def ended(self) -> bool:
        """Whether nothing more can happen to it."""
        return self.state in ENDS

    @property
    def stands(self) -> State:
        """Where it stands, or stood when BKN's block found it."""
        return self.blocked_in or self.state

    @property
    def reserves(self) -> bool:
        """Whether the position is kept for this person: from the decision on, until it is taken or let go."""
        return self.stands in DECIDED | SIGNED and not self.undone

    @property
    def in_effect(self) -> bool:
        """Whether the person holds the new position by this decree."""
        return self.stands in IN_EFFECT

    @property
    def decreed_together(self) -> bool:
        """Whether the next step is its group's: one paper goes round for all, and nobody is asked for this one alone."""
        return self.group is not None and self.state in DECIDED

    @property
    def lapses(self) -> bool:
        """Whether its step ends by itself; what must be undone is not forgotten with a file that nobody mends."""
        if self.state == State.COUNSEL:
            return self.counsel is not None and self.counsel.lapses
        return self.state == State.CONSULTATION or (self.state == State.RETURNED and not self.reverses)

    @property
    def counsel_awaited(self) -> bool:
        """Whether the authorized officer (PyB) is to speak before it is decided, and has not yet."""
        return self.counsel is not None and self.counsel.advice == Advice.AWAITED

    @property
    def awaited(self) -> tuple[Party, ...]:
        """Who has not been heard yet."""
        said = {one.party for one in self.heard}
        return tuple(party for party in Party if party not in said)

    @property
    def to_clear(self) -> tuple[Clearance, ...]:
        """The agreements that are still needed, in the order of the route."""
        return tuple(one for one in self.clearances if one.verdict == Verdict.PENDING)

    @property
    def asking(self) -> tuple[Clearance, ...]:
        """Whoever is asked to agree now: one after another, as the route says, for the next needs what the last one said."""
        return self.to_clear[:1] if self.state == State.CLEARANCE else ()

    @property
    def to_file(self) -> tuple[Paper, ...]:
        """The papers that are still owed before the effect."""
        return tuple(paper for paper in self.papers if paper not in self.filed)

    @property
    def asked(self) -> SignatureAsked | None:
        """The signature that is waited for: of the decree, or of the second one."""
        if self.beside:
            return self.beside.asked
        return self.decree.asked if self.decree and self.stands == State.DECREE_PREPARED else None

    @property
    def beside(self) -> Life | None:
        """Return the second decree, while something can become of it, as a life of its own; the case itself stands where it stood."""
        second = self.second
        if second is None or second.over or self.ended:
            return None
        return replace(
            self,
            state=second.state,
            since=second.since,
            wait=second.wait,
            decided_by=second.decided_by,
            decree=second.decree,
            group=None,
            objection=second.objection,
            objection_until=second.objection_until,
            impediments=(),
            blocked_in=None,
            second=second.second,
        )

    @property
    def newest(self) -> Life:
        """Return the newest decree that is on its way, or can be contested still, as a life of its own; else the case itself."""
        return self.beside.newest if self.beside else self

    @property
    def amended(self) -> Decree | None:
        """The decree that the newest one undoes or corrects; None where there is no other than the first."""
        return (self.beside.amended or self.decree) if self.beside else None

    @property
    def being_undone(self) -> bool:
        """Whether by a second decree nothing is to be left of the first one: the road stands still, unless that is undone itself."""
        return (
            self.beside is not None
            and self.second is not None
            and self.second.undoes
            and not self.beside.undone
        )

    @property
    def undone(self) -> bool:
        """Whether that decree is signed; the person is served its extract, and may object."""
        return self.being_undone and self.second is not None and self.second.signed

    @property
    def may_object_until(self) -> datetime | None:
        """Return until when the person may object to the decree as it reads now; None where they cannot, or have."""
        return self.objection_until if self.objection is None or self.objection.anew else None

    @property
    def objecting(self) -> bool:
        """Whether an objection waits for its answer."""
        return self.objection is not None and self.objection.state in OBJECTION_OPEN

    @property
    def reversal_owed(self) -> bool:
        """Whether another case must undo this one."""
        return self.objection is not None and self.objection.reversal_owed

    @property
    def suspended(self) -> bool:
        """Whether the decree was ordered to have no effect while the objection is open."""
        return self.objection is not None and self.objection.suspended

    @property
    def takes_effect_at(self) -> datetime | None:
        """Return from when on it may take effect, as its papers stand; None while something keeps it from it."""
        if self.state != State.HANDOVER or self.decree is None or self.to_file:
            return None
        return None if self.impediments or self.suspended or self.held_by_second else self.decree.effective_at

    @property
    def held_by_second(self) -> bool:
        """Whether the decree has no effect meanwhile: it is to be undone, or how it reads is not signed yet."""
        return self.being_undone or (
            self.beside is not None and self.second is not None and not self.second.signed
        )
