"""From the source to the view: every figure counted once, so that no two can disagree."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from domain.report.actions import actions
from domain.report.donors import donors
from domain.report.fold import Decree, Standing, fold
from domain.report.needs import chart, roles
from domain.report.source import Source
from domain.report.story import story
from domain.report.teams import Relief, reliefs, teams
from domain.report.view import Figures, ReportView
from domain.secondment import State


def build(source: Source) -> ReportView:
    """Return the report's view as of `source.at`."""
    standing = fold(source)
    relief = reliefs(standing)
    rows = teams(source, standing)
    return ReportView(
        operation_id=source.operation.operation_id,
        title=source.operation.title,
        government=source.operation.government,
        zone=source.operation.zone,
        synthetic=source.operation.synthetic,
        as_of=source.at,
        last_entry=source.last_entry,
        fingerprint=source.last_hash[:12],
        status=standing.status,
        status_since=_since(standing.decrees),
        status_until=standing.until,
        orders_past_status=_past_status(standing),
        figures=_figures(standing, relief),
        actions=actions(source, standing, rows, relief),
        roles=roles(source, standing),
        map=chart(source, standing),
        decrees=standing.decrees,
        teams=rows,
        donors=donors(source, standing),
        story=story(source),
    )


def _figures(standing: Standing, relief: Sequence[Relief]) -> Figures:
    people, lines = standing.people, standing.lines
    late = [late_by for person in people if (late_by := person.late_by(standing.at))]
    came_late = [late_by for person in people if (late_by := person.came_late_by)]
    return Figures(
        needed=sum(line.quantity for line in lines),
        filled=sum(person.seated for person in people),
        empty=sum(standing.empty(line) for line in lines),
        roles=len({line.role for line in lines}),
        sites=len({line.site for line in lines}),
        waves=len({line.wave for line in lines}),
        waiting=sum(person.waiting for person in people),
        going=sum(person.going for person in people),
        on_site=sum(person.on_site for person in people),
        homeward=sum(person.homeward for person in people),
        returned=sum(person.returned for person in people),
        due_soon=sum(row.due_soon for row in relief),
        relieved=sum(row.relieved for row in relief),
        unrelieved=sum(row.unrelieved for row in relief),
        done=sum(row.done for row in relief),
        late=len(late),
        latest=max(late, default=None),
        came_late=len(came_late),
        came_latest=max(came_late, default=None),
        empty_open=sum(standing.empty(line) for line in lines if standing.open(line)),
        offered=sum(person.state == State.OFFERED for person in people),
    )


def _since(decrees: Sequence[Decree]) -> datetime | None:
    """The first day of the status in force, its prolongations joined."""
    since = None
    for decree in reversed(decrees):
        if decree.status != decrees[-1].status or (since and decree.end < since):
            break
        since = decree.start
    return since


def _past_status(standing: Standing) -> int:
    """How many people are ordered to stay longer than the status in force."""
    until = standing.until
    seats = (person for person in standing.people if person.out or person.waiting)
    return sum(person.due_back > until for person in seats) if until else 0
