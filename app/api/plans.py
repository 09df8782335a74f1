"""A kept plan as a page or a table shows it: line by line, each pick with its cost, each gap with its reason."""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from app.api.door import Door
from app.api.plan_views import Pick, Plan, PlanDonor, PlanLine, PlanTeam
from app.api.views import AsOf
from app.sentences import shortfall
from domain.surge import STAFFING

_TIMES = ("report_at", "due_back", "needed_until")
CLOSEST_DONORS = 5
"""Units at their redline that are named for a short line."""


async def plan_view(
    door: Door,
    kept: dict[str, Any],
    as_of: AsOf,
    surge: dict[str, Any],
    *,
    government_id: str,
    with_names: bool,
) -> Plan:
    """Return the part of a plan that concerns its surge."""
    boards, plan = door.books.boards, kept["plan"]
    lines = await boards.lines(kept["surge_id"])
    own = {line["line_id"] for line in lines}
    everybody = [*(pick | {"kept": True} for pick in plan.get("kept", ())), *plan["picks"]]
    picks = [pick for pick in everybody if pick["line_id"] in own]
    short = {row["line_id"]: row for row in plan["shortfalls"] if row["line_id"] in own}
    blocking = [donor["unit_id"] for row in short.values() for donor in row["blocking_donors"]]
    units = await boards.unit_names([*(pick["unit_id"] for pick in picks), *blocking])
    donors = await boards.donors(kept["surge_id"], ((pick["unit_id"], pick["role"]) for pick in picks))
    lifting = [person for donor in donors.values() for person in donor["lifted_by"]]
    names = await boards.names([*(pick["person_id"] for pick in picks), *lifting]) if with_names else {}
    asked = await boards.asked_by(kept["plan_id"])
    # Nobody is asked any more by a plan that has lapsed.
    waits = surge["proposed_until"] is not None or surge["state"] not in STAFFING
    caps = await door.books.caps.raised(government_id, kept["made_at"])
    sparing = door.house.rules.sparing
    beyond = {person: cap.raised for person, cap in caps.items() if cap.reached(sparing)}
    labels = {role: rule.label for role, rule in door.house.rules.roles.items()}
    certificate = plan["certificate"]
    told = [
        _line(
            line,
            [_pick(pick, units, names, beyond) for pick in picks if pick["line_id"] == line["line_id"]],
            short.get(line["line_id"]),
            units,
            labels,
            asked,
            waits=waits,
            at=kept["made_at"],
        )
        for line in lines
    ]
    return Plan(
        as_of=as_of,
        plan_id=kept["plan_id"],
        surge_id=kept["surge_id"],
        made_at=kept["made_at"],
        problem_sha256=kept["problem_sha256"],
        proven=certificate["proven"],
        primal=certificate["primal"],
        dual=certificate["dual"],
        statistics=plan["statistics"],
        waits_until=surge["proposed_until"],
        asked=sum(line.asked for line in told),
        picked=sum(line.picked for line in told),
        kept=sum(pick.kept for line in told for pick in line.picks),
        donors=_donors(plan, picks, donors, units, names, asked),
        teams=[
            PlanTeam(**_team(team)) for team in plan.get("teams", ()) if team["surge_id"] == kept["surge_id"]
        ],
        lines=told,
    )


def _donors(  # noqa: PLR0917 - the plan, and what it is told with
    plan: dict[str, Any],
    picks: list[dict[str, Any]],
    donors: dict[tuple[str, str], dict[str, Any]],
    units: dict[str, str],
    names: dict[str, str],
    asked: set[str],
) -> list[PlanDonor]:
    """Return what becomes of the units whose people this surge is sent."""
    solved = {(use["unit_id"], use["role"]): use for use in plan["unit_use"]}
    # Who is kept was sent before the rest was solved.
    kept = Counter((pick["unit_id"], pick["role"]) for pick in plan.get("kept", ()))
    held = Counter((pick["unit_id"], pick["role"]) for pick in picks if pick["person_id"] in asked)
    found = []
    for donor, now in donors.items():
        if use := solved.get(donor):
            before, after = use["before"] + kept[donor], use["after"]
        else:
            # Nobody but the kept goes from there, of whom the question that was solved knows nothing.
            before = now["headcount"] - now["away"] + held[donor]
            after = before - kept[donor]
        unit_id, role = donor
        found.append(
            PlanDonor(
                unit_id=unit_id,
                unit=units.get(unit_id, unit_id),
                role=role,
                before=before,
                after=after,
                redline=now["headcount"] - now["lendable"],
                lifted=now["lifted"],
                lifted_by=[names[person] for person in now["lifted_by"] if person in names],
            )
        )
    return sorted(found, key=lambda use: (use.after - use.redline, use.unit, use.role))


def _line(  # noqa: PLR0917 - the line, and what it is told with
    line: dict[str, Any],
    picks: list[Pick],
    short: dict[str, Any] | None,
    units: dict[str, str],
    labels: dict[str, str],
    asked: set[str],
    *,
    waits: bool,
    at: datetime,
) -> PlanLine:
    missing = short["missing"] if short else 0
    to_ask = sum(pick.person_id not in asked for pick in picks) if waits else 0
    over = line["closed_at"] is not None or line["due_back"] <= at
    open_places = 0 if over else line["quantity"] - line["offered"] - line["filled"] - line["moving"]
    donors = [
        donor | {"unit": units.get(donor["unit_id"])} for donor in (short or {}).get("blocking_donors", ())
    ]
    return PlanLine(
        **{key: line[key] for key in ("line_id", "role", "site", "wave", "team", "priority", *_TIMES)},
        role_label=labels.get(line["role"], line["role"]),
        standing=line["offered"] + line["filled"],
        asked=len(picks) + missing,
        picked=len(picks),
        missing=missing,
        empty=max(0, open_places - to_ask),
        reason=short["reason"] if short else None,
        sentence=_sentence(short, donors) if short else None,
        funnel=short["funnel"] if short else [],
        blocking_donors=donors,
        competing_lines=short["competing_lines"] if short else [],
        picks=sorted(picks, key=lambda pick: (pick.km, pick.person_id)),
    )


def _pick(pick: dict[str, Any], units: dict[str, str], names: dict[str, str], beyond: dict[str, int]) -> Pick:
    return Pick(
        person_id=pick["person_id"],
        name=names.get(pick["person_id"]),
        unit_id=pick["unit_id"],
        unit=units.get(pick["unit_id"], pick["unit_id"]),
        role=pick["role"],
        km=pick["km"],
        accepted_as=pick["accepted_as"],
        cost=pick["cost"],
        total=sum(pick["cost"].values()),
        without=pick["without"],
        raised=beyond.get(pick["person_id"], 0),
        kept=pick.get("kept", False),
    )


def _team(team: dict[str, Any]) -> dict[str, Any]:
    if team["goes"]:
        told = f"all {team['asked']} go"
    elif team["lacking"]:
        told = f"nobody of {team['asked']} goes: {', '.join(team['lacking'])} cannot be filled"
    else:
        told = f"nobody of {team['asked']} goes: it could be completed, but other lines are worth more"
    return {key: team[key] for key in ("team", "line_ids", "asked", "goes", "lacking")} | {"sentence": told}


def _sentence(short: dict[str, Any], donors: list[dict[str, Any]]) -> str:
    """Say why, then how many were left after each step of the funnel, then who could not lend."""
    told = shortfall(short["reason"], short["missing"])
    funnel = " → ".join(f"{step['code']} {step['remaining']}" for step in short["funnel"])
    told += f" ({funnel})" if funnel else ""
    if donors:
        named = ", ".join(
            f"{donor['unit']} {donor['role']} ({donor['suitable']} suitable, may lend {donor['lendable']}"
            f"{'; critical, S04' if donor.get('critical') else ''})"
            for donor in donors[:CLOSEST_DONORS]
        )
        more = f" and {len(donors) - CLOSEST_DONORS} more" if len(donors) > CLOSEST_DONORS else ""
        told += f"; at the redline: {named}{more}"
    return told
