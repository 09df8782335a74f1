"""What moves an operation, and what does not.

The machine is total and timeless: every state answers every event, with the next life or with the code of a refusal.
A person's decision is judged by when it was made (`Event.at`), so what was decided in time stands although it is heard
late; `now` stamps the new state.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime

from domain import standings
from domain.operation import OVER, Event, Life, Moved, Refused, State, Trigger
from domain.standings import Ending, EndMoved, Level, Standing


def decide(life: Life, event: Event, *, now: datetime) -> Moved | Refused:
    """Say whether the event moves this life, and to where; `now` stamps a new state."""
    if life.state == State.ARCHIVED:
        return Refused("already_ended")
    if event.trigger in _OF_STATUSES and life.state in OVER:
        return Refused("already_ended")
    if event.trigger in _OF_THE_REVIEW and life.state != State.AFTER_ACTION:
        return Refused("not_ended_yet")
    return _RULES[event.trigger](life, event, now)


# ── decisions ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _declare(life: Life, event: Event, now: datetime) -> Moved | Refused:
    """Put a status in force until an end; one without an end does not exist in law (PP 21/2008)."""
    level, status, until = event.level, event.status, event.until
    if level is None or status is None or until is None:
        return Refused("not_for_this_case")
    if standings.newest(life.coming, level):
        return Refused("status_coming")
    before = standings.newest(life.standings, level)
    start = event.start or event.at
    if start > event.at:
        return _decree_ahead(
            life, event, before, Standing(_next_number(life), level, status, event.decree, start, until)
        )
    if not standings.may_follow(before, status):
        again = before is not None and before.status == status
        return Refused("status_in_force" if again else "status_cannot_follow")
    if code := _fault_of_times(before, start, until, event.at):
        return Refused(code)
    if before and before.decree == event.decree:
        return Refused("decree_not_new")
    new = Standing(_next_number(life), level, status, event.decree, start, until)
    others = tuple(one for one in life.standings if one.level != level)
    # A status that follows one in force cuts it short, by its own decree.
    ends = (
        (EndMoved(before.number, Ending.SUPERSEDED, before.end, start),) if before and before.stands else ()
    )
    return Moved(_stand(life, (*others, new), now), new, ends)


def _fault_of_times(before: Standing | None, start: datetime, until: datetime, at: datetime) -> str | None:
    if until <= at:
        return "ends_in_the_past"
    if before and (start <= before.start or (not before.stands and start < before.end)):
        return "starts_too_early"
    # Its end has come and must be noted first: cut short it would be prolonged.
    return "not_now" if before and before.stands and start >= before.end else None


def _decree_ahead(life: Life, event: Event, before: Standing | None, new: Standing) -> Moved | Refused:
    """Note a status that begins later; what stands of its level goes on until then, and gives way to it."""
    if new.end <= new.start:
        return Refused("ends_before_it_starts")
    over = before is not None and before.stands and before.end <= new.start
    if not standings.may_follow(
        replace(before, ended=Ending.RAN_OUT) if before and over else before, new.status
    ):
        again = before is not None and before.status == new.status
        return Refused("status_in_force" if again else "status_cannot_follow")
    if before and before.decree == event.decree:
        return Refused("decree_not_new")
    decreed = (*(one for one in life.decreed if one.level != new.level), new)
    return Moved(replace(life, revision=life.revision + 1, decreed=decreed), new)


def _withdraw(life: Life, event: Event, _now: datetime) -> Moved | Refused:
    """Take a decree back before its status begins; after that it is ended, or handed back."""
    if event.level is None and len(life.coming) > 1:
        return Refused("level_missing")
    coming = standings.newest(life.coming, event.level) if event.level else next(iter(life.coming), None)
    if coming is None or event.at >= coming.start:
        return Refused("no_status_coming")
    if event.decree == coming.decree:
        return Refused("decree_not_new")
    withdrawn = replace(coming, decree=event.decree, ended=Ending.WITHDRAWN)
    decreed = tuple(withdrawn if one is coming else one for one in life.decreed)
    return Moved(replace(life, revision=life.revision + 1, decreed=decreed))


def _extend(life: Life, event: Event, now: datetime) -> Moved | Refused:
    """Prolong a status by a new decree, made before its end: what comes later is a new declaration."""
    standing = _meant(life, event.level, event.at)
    if isinstance(standing, Refused):
        return standing
    if event.at >= standing.end:
        return Refused("extension_too_late")
    if standing.ended not in (None, Ending.RAN_OUT) or event.until is None:
        return Refused("no_status_in_force")
    if event.until <= standing.end:
        return Refused("not_longer")
    if event.decree == standing.decree:
        return Refused("decree_not_new")
    longer = replace(standing, end=event.until, decree=event.decree, warned=False, ended=None)
    coming = standings.newest(life.coming, standing.level)
    if coming and coming.start < longer.end and not standings.may_follow(longer, coming.status):
        return Refused("status_coming")
    moved = EndMoved(standing.number, Ending.EXTENDED, standing.end, event.until)
    return Moved(_stand(life, _with(life, longer), now), ends=(moved,))


def _escalate(life: Life, event: Event, now: datetime) -> Moved | Refused:
    """Hand the lead up: the higher level declares, what stands below goes on to its own end."""
    if not life.in_force:
        return Refused("no_status_in_force")
    level = event.level
    if level is None or not all(standings.higher(level, one.level) for one in life.in_force):
        return Refused("not_higher")
    return _declare(life, event, now)


def _hand_back(life: Life, event: Event, now: datetime) -> Moved | Refused:
    """End the status of a higher level before its end, where a lower level's goes on."""
    if not life.in_force:
        return Refused("no_status_in_force")
    if event.level is None and len({one.level for one in life.in_force}) > 2:
        # Said twice by mistake, it would hand back two levels.
        return Refused("level_missing")
    named = standings.newest(life.in_force, event.level) if event.level else None
    standing = named if event.level else standings.highest(life.in_force)
    if standing is None:
        return Refused("no_status_in_force")
    if not any(standings.higher(standing.level, one.level) for one in life.in_force):
        return Refused("nothing_below")
    if not standing.start < event.at < standing.end:
        return Refused("not_now")
    if event.decree == standing.decree:
        return Refused("decree_not_new")
    shorter = replace(standing, end=event.at, decree=event.decree, ended=Ending.HANDED_BACK)
    moved = EndMoved(standing.number, Ending.HANDED_BACK, standing.end, event.at)
    return Moved(_stand(life, _with(life, shorter), now), ends=(moved,))


def _end(life: Life, event: Event, now: datetime) -> Moved | Refused:
    """End the operation, and with it what stands; not while somebody is out in its name, or asked for."""
    if event.people_held:
        return Refused("secondments_open")
    if event.surges_open:
        return Refused("surges_open")
    ends = tuple(
        EndMoved(one.number, Ending.CLOSED, one.end, event.at)
        for one in life.in_force
        if one.start < event.at < one.end
    )
    cut = {moved.number: moved.after for moved in ends}
    closed = tuple(
        replace(one, end=cut.get(one.number, one.end), ended=Ending.CLOSED) if one.stands else one
        for one in life.standings
    )
    decreed = tuple(replace(one, ended=Ending.CLOSED) if one.stands else one for one in life.decreed)
    return Moved(Life(State.ENDED, life.revision + 1, now, closed, decreed=decreed), ends=ends)


def _file_report(life: Life, event: Event, _now: datetime) -> Moved | Refused:
    if life.report is not None:
        return Refused("report_filed")
    return Moved(replace(life, revision=life.revision + 1, report=event.report))


def _archive(life: Life, event: Event, now: datetime) -> Moved | Refused:
    if life.report is None:
        return Refused("report_missing")
    if event.surges_open:
        return Refused("surges_open")
    return Moved(replace(life, state=State.ARCHIVED, revision=life.revision + 1, since=now))


# ── the clock ─────────────────────────────────────────────────────────────────────────────────────────────────────


def _begin(life: Life, event: Event, now: datetime) -> Moved | Refused:
    """A status that was decreed ahead takes effect, and cuts short what it follows."""
    coming = standings.newest(life.coming, event.level) if event.level else None
    if coming is None or max(now, event.at) < coming.start:
        return Refused("not_now")
    before = standings.newest(life.standings, coming.level)
    cut = before is not None and before.stands and before.end > coming.start
    ends = (EndMoved(before.number, Ending.SUPERSEDED, before.end, coming.start),) if before and cut else ()
    others = tuple(one for one in life.standings if one.level != coming.level)
    left = replace(life, decreed=tuple(one for one in life.decreed if one is not coming))
    return Moved(_stand(left, (*others, coming), now), ends=ends)


def _warn(life: Life, event: Event, _now: datetime) -> Moved | Refused:
    standing = standings.newest(life.in_force, event.level) if event.level else None
    if standing is None or standing.warned:
        return Refused("not_now")
    told = _with(life, replace(standing, warned=True))
    return Moved(replace(life, revision=life.revision + 1, standings=told))


def _run_out(life: Life, event: Event, now: datetime) -> Moved | Refused:
    """The end came and no extension: this status is no more; where none is left, everyone must see it."""
    standing = standings.newest(life.in_force, event.level) if event.level else None
    if standing is None or max(now, event.at) < standing.end:
        return Refused("not_now")
    return Moved(_stand(life, _with(life, replace(standing, ended=Ending.RAN_OUT)), now))


def _open_review(life: Life, _event: Event, now: datetime) -> Moved | Refused:
    if life.state != State.ENDED:
        return Refused("not_now")
    return Moved(replace(life, state=State.AFTER_ACTION, revision=life.revision + 1, since=now))


def _report_overdue(life: Life, _event: Event, _now: datetime) -> Moved | Refused:
    if life.state != State.AFTER_ACTION or life.report is not None or life.overdue:
        return Refused("not_now")
    return Moved(replace(life, revision=life.revision + 1, overdue=True))


_RULES: dict[Trigger, Callable[[Life, Event, datetime], Moved | Refused]] = {
    Trigger.DECLARE: _declare,
    Trigger.EXTEND: _extend,
    Trigger.ESCALATE: _escalate,
    Trigger.HAND_BACK: _hand_back,
    Trigger.WITHDRAW: _withdraw,
    Trigger.END: _end,
    Trigger.FILE_REPORT: _file_report,
    Trigger.ARCHIVE: _archive,
    Trigger.BEGIN: _begin,
    Trigger.WARN: _warn,
    Trigger.RUN_OUT: _run_out,
    Trigger.OPEN_REVIEW: _open_review,
    Trigger.REPORT_OVERDUE: _report_overdue,
}
_OF_STATUSES = frozenset(
    {Trigger.DECLARE, Trigger.EXTEND, Trigger.ESCALATE, Trigger.HAND_BACK, Trigger.WITHDRAW, Trigger.END}
)
_OF_THE_REVIEW = frozenset({Trigger.FILE_REPORT, Trigger.ARCHIVE})


def _meant(life: Life, level: Level | None, at: datetime) -> Standing | Refused:
    """The standing that somebody means: of the level that is named, or the only one that is not over then."""
    if level is not None:
        return standings.newest(life.standings, level) or Refused("no_status_in_force")
    candidates = life.in_force or life.standings
    lasting = [one for one in candidates if at < one.end]
    if len(lasting) > 1:
        return Refused("level_missing")
    return next(iter((*lasting, *candidates)), None) or Refused("no_status_in_force")


def _next_number(life: Life) -> int:
    return max((one.number for one in (*life.standings, *life.decreed)), default=0) + 1


def _with(life: Life, changed: Standing) -> tuple[Standing, ...]:
    return tuple(changed if one.number == changed.number else one for one in life.standings)


def _stand(life: Life, after: tuple[Standing, ...], now: datetime) -> Life:
    """The life that these standings make: the strongest in force gives the state."""
    left = standings.in_force(after)
    state = State(left[0].status.value) if left else State.LAPSED
    since = life.since if state == life.state else now
    return replace(life, state=state, revision=life.revision + 1, since=since, standings=after)
