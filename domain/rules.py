"""The rule pack: dated values, each with its source. A case keeps the version it was decided under."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date, time, timedelta
from typing import Any

from domain.admission import Limits
from domain.authority import Capacity
from domain.closing.terms import ClosingTerms, read_terms
from domain.mandates import MandateRules
from domain.mutation.decree_words import DecreeWords, read_decree_words
from domain.mutation.reading import read_mutation
from domain.mutation.rules import MutationRules
from domain.mutation.second_words import SecondWords, read_second_words
from domain.order_rules import OrderRules, read_order
from domain.relief_rules import ReliefRules, read_relief
from domain.requests import RequestKind
from domain.rule_finder import Finder, RulePackInvalid
from domain.secondment import Clock
from domain.terms import Term
from domain.travel_order import TravelRules, read_travel
from domain.urging import Ladder, Urging


@dataclass(frozen=True)
class RoleRule:
    """What a surge role asks, and how it is called on paper."""

    role: str
    label: str
    skill: str
    level: int
    task: str


@dataclass(frozen=True)
class SurgeRules:
    """What a surge carries of the pack for its whole life, and the pack's id."""

    pack: str
    limits: Limits
    urging: Urging
    report: Term
    relief: ReliefRules = field(default_factory=ReliefRules)


@dataclass(frozen=True)
class PlanningRules:
    """Costs of the planner, in km-equivalents: four bands of a donor's load, recency, what a unit gave, unwillingness."""

    donor_bands: tuple[int, int, int, int]
    recency: int
    unit_given: int
    not_volunteer: int


@dataclass(frozen=True)
class OfficeRules:
    """The calendar by which working days are counted, and when offices close on each of them, in local time."""

    calendar: str
    closes: time


@dataclass(frozen=True)
class Sparing:
    """Whom the planner spares: who is just home, who has served enough in a year; and what is too short to be filled.

    `yearly_waiver` is by how much the yearly cap may be raised for one person.
    """

    cooling_off: timedelta
    yearly_duty: timedelta
    yearly_waiver: timedelta
    shortest_duty: timedelta


@dataclass(frozen=True)
class RestRules:
    """How long a shift may be, and how long the rest after it must."""

    longest_shift: timedelta
    shortest_rest: timedelta


@dataclass(frozen=True)
class RulePack:
    """One version of the rules, in force from `effective_from` until another one follows."""

    id: str
    effective_from: date
    clock: Clock
    service_clock: Clock
    limits: Limits
    urging: Urging
    thin: Ladder
    oral_order_by: tuple[Capacity, ...]
    report: Term
    status_warning: timedelta
    after_action: timedelta
    sparing: Sparing
    rest: RestRules
    relief: ReliefRules
    effective_minutes: float
    lending_reserve: float
    lock_critical: bool
    planning: PlanningRules
    roles: dict[str, RoleRule]
    sizing: dict[str, float]
    assignment_order: OrderRules
    travel_order: TravelRules
    decree: DecreeWords
    second: SecondWords
    mandates: MandateRules
    office: OfficeRules
    closing: ClosingTerms
    mutation: MutationRules

    @property
    def surge(self) -> SurgeRules:
        """Return what a surge carries of this pack."""
        return SurgeRules(self.id, self.limits, self.urging, self.report, relief=self.relief)

    def clock_of(self, kind: RequestKind) -> Clock:
        """Return how long each step may take: without a disaster nobody is hurried."""
        return self.service_clock if kind == RequestKind.SERVICE_DEMAND else self.clock

    def basis(self, key: str) -> str:
        """Return how the log cites a rule of this pack."""
        return f"{self.id}#{key}"


def read(pack: dict[str, Any]) -> RulePack:
    """Return the rule pack of parsed TOML; raises RulePackInvalid naming the key that is wrong."""
    find = Finder(pack)
    return RulePack(
        id=find.text("id"),
        effective_from=find.date("effective_from"),
        clock=_clock(find),
        service_clock=_service_clock(find),
        limits=_limits(find),
        urging=_urging(find),
        thin=_ladder(find, "thin_unit", "DECLINE_BACKFILL"),
        oral_order_by=find.offices("surge.oral_order.given_by", "RATIFY_ORAL_ORDER"),
        report=find.term("surge.deadlines.report"),
        status_warning=find.duration("surge.deadlines.status_warning"),
        after_action=find.duration("operation.after_action"),
        sparing=Sparing(
            cooling_off=find.duration("surge.limits.cooling_off"),
            yearly_duty=find.duration("surge.limits.yearly_duty"),
            yearly_waiver=find.duration("surge.limits.yearly_waiver"),
            shortest_duty=find.duration("surge.limits.shortest_duty"),
        ),
        rest=RestRules(
            find.duration("surge.limits.longest_shift"), find.duration("surge.limits.shortest_rest")
        ),
        relief=read_relief(find),
        effective_minutes=find.number("workload.effective_minutes_per_year"),
        lending_reserve=find.number("workload.lending_reserve"),
        lock_critical=find.choice("workload.critical", ("LOCKED", "BY_REDLINE")) == "LOCKED",
        planning=_planning(find),
        roles={role: _role(find, role) for role in find.table("surge.roles")},
        sizing={key: find.number(f"surge.sizing.{key}") for key in find.table("surge.sizing")},
        assignment_order=read_order(find),
        travel_order=read_travel(find),
        decree=read_decree_words(find),
        second=read_second_words(find),
        mandates=MandateRules(
            longest_substitution=find.duration("authority.longest_substitution"),
            longest_plh=find.duration("authority.longest_plh"),
            longest_plt=find.duration("authority.longest_plt"),
        ),
        office=OfficeRules(calendar=find.text("office.calendar"), closes=find.time("office.closes")),
        closing=read_terms(find),
        mutation=read_mutation(find),
    )


def _clock(find: Finder) -> Clock:
    def deadline(name: str) -> timedelta:
        return find.duration(f"surge.deadlines.{name}")

    return Clock(
        offer=deadline("offer"),
        offer_reminder=deadline("offer_reminder"),
        condition=deadline("condition"),
        release=deadline("release"),
        mobilise_before=deadline("mobilise_before"),
        check_in=deadline("check_in"),
        travel=deadline("travel"),
        contact=deadline("contact"),
        ending_notices=(deadline("ending_notice_1"), deadline("ending_notice_2")),
        handover=deadline("handover"),
        homeward=deadline("homeward"),
        return_escalation=deadline("return_escalation"),
        uncovered_grace=deadline("uncovered_grace"),
        accident_report=deadline("accident_report"),
        hearing=deadline("hearing"),
        acting_head=deadline("acting_head"),
        longest_shift=find.duration("surge.limits.longest_shift"),
        shortest_rest=find.duration("surge.limits.shortest_rest"),
        without_day_off=find.duration("surge.limits.without_day_off"),
        longest_extended=find.duration("surge.limits.longest_extended"),
        longest_waived=find.duration("surge.limits.longest_waived"),
        reporting=find.term("closing.reporting"),
        reimbursement=find.term("closing.reimbursement"),
        settlement_urging=find.duration("closing.urging"),
    )


def _service_clock(find: Finder) -> Clock:
    def term(name: str) -> timedelta:
        return find.duration(f"surge.service_demand.{name}")

    own = replace(
        _clock(find),
        offer=term("offer"),
        offer_reminder=term("offer_reminder"),
        condition=term("condition"),
        release=term("release"),
    )
    if own.offer_reminder >= own.offer or term("notice") < own.offer + own.release:
        raise RulePackInvalid(
            "rule pack: surge.service_demand: offer_reminder must be shorter than offer, and offer and release "
            "together no longer than notice"
        )
    return own


def _limits(find: Finder) -> Limits:
    return Limits(
        longest_duty=find.duration("surge.limits.longest_duty"),
        service_notice=find.duration("surge.service_demand.notice"),
        service_duty=find.duration("surge.service_demand.longest_duty"),
        service_term=find.duration("surge.service_demand.longest_term"),
        paper=find.duration("surge.oral_order.paper"),
    )


def _ladder(find: Finder, task: str, kind: str, *, chased: bool = False) -> Ladder:
    at = f"surge.escalation.{task}"
    term, reminder = find.duration(f"surge.deadlines.{task}"), find.duration(f"{at}_reminder")
    if reminder >= term:
        raise RulePackInvalid(
            f"rule pack: {at}_reminder must be shorter than surge.deadlines.{task} ({term})"
        )
    return Ladder(term, reminder, find.offices(f"{at}_offices", kind, first=chased))


def _urging(find: Finder) -> Urging:
    return Urging(
        approval=_ladder(find, "approval", "APPROVE_SURGE"),
        resubmission=_ladder(find, "resubmission", "RESUBMIT_SURGE"),
        confirmation=_ladder(find, "confirmation", "CONFIRM_PLAN", chased=True),
        order=_ladder(find, "order", "SIGN_ORDER", chased=True),
        repeat=find.duration("surge.escalation.repeat"),
        ratification=(
            find.duration("surge.oral_order.reminder_1"),
            find.duration("surge.oral_order.reminder_2"),
        ),
        prolonging=find.duration("surge.escalation.prolonging"),
        letter=find.duration("surge.service_demand.letter_warning"),
        relief=find.duration("surge.relief.reminder"),
        unmet=_ladder(find, "unmet", "CUT_LINE", chased=True),
        idle=_ladder(find, "idle", "STAND_DOWN", chased=True),
        replanning=find.duration("surge.deadlines.replanning"),
    )


def _planning(find: Finder) -> PlanningRules:
    def cost(name: str) -> int:
        return int(find.number(f"planning.{name}"))

    bands = (cost("donor_band_1"), cost("donor_band_2"), cost("donor_band_3"), cost("donor_band_4"))
    return PlanningRules(bands, cost("recency"), cost("unit_given"), cost("not_volunteer"))


def _role(find: Finder, role: str) -> RoleRule:
    at = f"surge.roles.{role}"
    return RoleRule(
        role,
        find.text(f"{at}.label"),
        find.text(f"{at}.skill"),
        int(find.number(f"{at}.level")),
        find.text(f"{at}.task"),
    )
