"""What closing a surge answers, for a person at a terminal."""

from __future__ import annotations

from app.cli.show import NUMBERS, SHORT, Json, as_of, grid, people, print_, put
from app.cli.times import clock, when
from domain.closing.say_costs import difference
from domain.report.words import rupiah

# Columns of figures stand to the right on every page of this room.
NUMBERS.update({"away", "duty", "late", "rest", "per diem", "claims paid", "beside the days"})


def owing(data: Json) -> None:
    """Who is home, and which papers are still owed."""
    table = grid("placement", "name", "unit", "state", "owed", "report by", "claim by")
    for row in data["items"]:
        names = (row["placement_id"][:SHORT], row["name"] or row["person_id"][:SHORT], row["unit"])
        put(
            table,
            *names,
            row["state"],
            ", ".join(row["owed"]),
            clock(row["report_by"]),
            clock(row["claim_by"]),
        )
    print_(table, f"{people(len(data['items']))}, {as_of(data)}")


def evaluations(data: Json) -> None:
    """What both sides of a posting have said."""
    said = {one["side"]: one for one in data["sides"]}
    for side, criteria in data["criteria"].items():
        one = said.get(side)
        if one is None:
            print_(f"{side}: not yet ({', '.join(criteria)})")
            continue
        scores = ", ".join(f"{name} {one['scores'][name]}" for name in criteria)
        print_(f"{side}: {scores}  (as {one['capacity']}, {when(one['evaluated_at'])})")
        if one["note"]:
            print_(f"  {one['note']}")


def days(data: Json) -> None:
    """One person's days and money."""
    if data["first"] is None:
        why = (
            "no day of its own: it is counted on the post before" if data["left_home"] else "never left home"
        )
        print_(f"{data['role']} at {data['site']}: {why}", as_of(data))
        return
    until = f"{data['last']}{', not home yet' if data['open'] else ''}"
    print_(
        f"{data['role']} at {data['site']}, {data['first']} to {until}",
        f"away {data['away']} days, on duty {data['duty']}, late {data['late']}; counts as present {data['present']}",
        f"rest granted {data['rest']}; per diem {rupiah(data['per_diem'])} for {data['paid']} days, "
        f"meals withheld on {data['fed']}",
        *_claim(data),
        as_of(data),
    )


def _claim(data: Json) -> list[str]:
    """What the days of the whole stay come to, and what was paid beside it."""
    due = [] if data["reckoned"] is None else [f"reckoned for the whole stay: {rupiah(data['reckoned'])}"]
    if data["claimed"] is None:
        return due
    beside = f", {difference(data['difference'])} beside the days" if data["difference"] else ""
    return [*due, f"claim settled: {rupiah(data['claimed'])} by its document{beside}"]


def costs(data: Json) -> None:
    """A surge's days and money by donor."""
    donors = grid(
        "unit",
        "people",
        "away",
        "duty",
        "late",
        "rest",
        "per diem",
        "claims",
        "claims paid",
        "beside the days",
    )
    for one in [*data["donors"], data["total"]]:
        figures = [one[name] for name in ("people", "away", "duty", "late", "rest")]
        put(
            donors,
            one["unit"] or one["unit_id"] or "total",
            *figures,
            rupiah(one["per_diem"]),
            f"{one['paid']} paid, {one['waived']} waived, {one['owed']} owed",
            rupiah(one["claimed"]),
            difference(one["difference"]),
        )
    print_(donors, as_of(data))


def lesson(data: Json) -> None:
    """A lesson that was noted."""
    print_(f"noted: {data['topic']}, {when(data['noted_at'])}  {data['lesson_id']}")


def person(data: Json) -> None:
    """Somebody's skills and experience."""
    print_(f"{data['name'] or data['person_id']}  {data['role']}, {data['unit']}")
    for one in data["skills"]:
        until = f" until {one['expires_on']}" if one["expires_on"] else ""
        print_(f"  {one['skill']} {one['level']}{' (by practice)' if one['by_practice'] else ''}{until}")
    if not data["experience"]:
        print_("no surge yet", as_of(data))
        return
    done = grid("incident", "role", "site", "from", "to", "away", "duty")
    for one in data["experience"]:
        when_ = (one["first_day"], one["last_day"], one["away"], one["duty"])
        put(done, one["incident"], one["role"], one["site"], *when_)
    print_(done, as_of(data))
