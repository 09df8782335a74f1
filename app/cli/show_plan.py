"""How a plan is shown: each line with its gap, its picks with their cost."""

from __future__ import annotations

from app.cli.show import SHORT, Json, as_of, grid, people, print_, put
from app.cli.times import when


def plan(data: Json, *, everybody: bool) -> None:
    """What the plan does and why: each line with its gap, its picks with their cost."""
    size, proof = data["statistics"], "proven optimal" if data["proven"] else "NOT PROVEN"
    print_(
        f"plan {data['plan_id']}  {data['picked']} of {data['asked']} places, from {people(size['people'])}; "
        f"{proof} (primal {data['primal']}, dual {data['dual']})"
    )
    if size["asked"] + data["kept"] > data["asked"]:
        print_(
            f"  solved together with {size['asked'] + data['kept'] - data['asked']} open places of other surges"
        )
    if data["kept"]:
        print_(f"  {data['kept']} of them by name, as it was told (--keep); the rest was solved around them")
    if fell_empty := sum(max(0, line["empty"] - line["missing"]) for line in data["lines"]):
        print_(
            f"  {fell_empty} places more are empty by now, which it does not fill; a new plan does: "
            f"./siaga surge plan {data['surge_id']}"
        )
    for team in data["teams"]:
        print_(f"team {team['team']}: {team['sentence']}")
    for line in data["lines"]:
        _plan_line(line, everybody=everybody)
    _donors(data["donors"], everybody=everybody)
    if data["waits_until"]:
        print_(
            f"empty places wait for it until {when(data['waits_until'])}; then the next best people are asked again"
        )
    print_(
        as_of(data), f"confirm it with: ./siaga surge confirm {data['surge_id']} {data['plan_id'][:SHORT]}"
    )


SHOWN_PICKS = SHOWN_DONORS = 5


def _donors(donors: list[Json], *, everybody: bool) -> None:
    """Who lends, how many are there before and after, and how many must stay."""
    shown = donors if everybody else donors[:SHOWN_DONORS]
    if not shown:
        return
    table = grid("lends", "role", "there", "then", "redline")
    for one in shown:
        put(table, one["unit"], one["role"], one["before"], one["after"], _redline(one))
    print_("", table)
    if len(donors) > len(shown):
        print_(f"  … and {len(donors) - len(shown)} more (--all)")


def _redline(donor: Json) -> str:
    if not donor["lifted"]:
        return str(donor["redline"])
    by = f" by {', '.join(donor['lifted_by'])}" if donor["lifted_by"] else ""
    return f"{donor['redline']}, lifted by {donor['lifted']} for this surge{by}"


def _plan_line(line: Json, *, everybody: bool) -> None:
    print_(
        "",
        f"{line['line_id']}  {line['role_label']} at {line['site']}, "
        f"{'team ' + line['team'] + ', ' if line['team'] else ''}wave {line['wave']}, priority "
        f"{line['priority']}: {str(line['standing']) + ' stand, ' if line['standing'] else ''}asked {line['asked']}, picked {line['picked']}, missing {line['missing']}"
        f"{', empty now ' + str(line['empty']) if line['empty'] > line['missing'] else ''}",
    )
    if line["needed_until"]:
        print_(f"  needed until {when(line['needed_until'])}; those picked leave {when(line['due_back'])}")
    if line["sentence"]:
        print_(f"  {line['sentence']}")
    picks = line["picks"] if everybody else line["picks"][:SHOWN_PICKS]
    if not picks:
        return
    table = grid("  person", "unit", "as", "km", "cost", "made of", "without")
    for pick in picks:
        parts = ", ".join(f"{cause} {cost}" for cause, cost in pick["cost"].items() if cost)
        parts += f"; as {pick['accepted_as']}" if pick["accepted_as"] else ""
        parts += f"; yearly cap raised by {pick['raised']} d" if pick["raised"] else ""
        parts += "; kept" if pick["kept"] else ""
        without = f"+{pick['without']['burden']}" if not pick["without"]["fill"] else "a place lost"
        name = f"  {pick['name'] or pick['person_id'][:SHORT]}"
        put(table, name, pick["unit"], pick["role"], pick["km"], pick["total"], parts, without)
    print_(table)
    if len(line["picks"]) > len(picks):
        print_(f"  … and {len(line['picks']) - len(picks)} more (--all)")
