"""Mutations as tables and lines for a person at a terminal."""

from __future__ import annotations

from typing import Any

from app.cli.show import as_of, grid, print_, put
from app.cli.times import clock, on_day, when
from domain.mutation.case_papers import CasePaper
from domain.mutation.kinds import Initiative
from domain.mutation.states import ENDS

Json = Any


def board(data: Json) -> None:
    """Who is to go where, and where each case stands."""
    table = grid("mutation", "name", "from", "to", "state", "until", "decree")
    for row in data["items"]:
        put(
            table,
            row["mutation_id"],
            row["name"],
            row["from_unit_name"],
            row["to_unit_name"],
            row["state"],
            clock(row["due_at"]),
            row["number"],
        )
    print_(table, as_of(data))


def detail(data: Json) -> None:
    """All that a decision about one is made of."""
    one = data["mutation"]
    print_(
        f"{one['mutation_id']}  {one['name']}  {one['state']} since {when(one['since'])}",
        f"  from {one['from_position_name']}, {one['from_unit_name']}",
        f"  to   {one['to_position_name']}, {one['to_unit_name']}",
    )
    if what := _of_what_kind(one):
        print_(f"  {what}")
    _decree(data)
    asked = f"screened {when(data['screened_at'])}" if data["screened_at"] else "as of now"
    rules = grid(
        "rule", "effect", "found / needed", "why", "basis", title=f"rules: {data['outcome']}, {asked}"
    )
    for row in data["rules"]:
        measured = "\n".join(map(_measured, row["measures"]))
        put(rules, row["rule"], row["effect"], measured, "\n".join(row["codes"]), row["source"])
    loads = grid("unit", "role", "need", "before", "after", title="people of the role")
    for row in data["loads"]:
        need = "" if row["need"] is None else f"{row['need']:.1f}"
        put(loads, row["unit_id"], row["role"], need, row["headcount_before"], row["headcount_after"])
    print_(rules, loads)
    _people(data)
    for row in data["clearances"]:
        print_(f"clearance: {row['code']} {row['verdict']}{' (held as incomplete)' if row['held'] else ''}")
    for what in ("missing", "papers_owed", "impediments"):
        if data[what]:
            print_(f"{what.replace('_', ' ')}: {', '.join(data[what])}")
    if data["advice"]:
        print_(data["advice"])
    _aftermath(data)
    if data["held_up"]:
        print_(f"the registry refuses the effect: {data['held_up']}; it is tried again each hour")
    _papers(data)
    print_(as_of(data))


def _papers(data: Json) -> None:
    """What the case has made of its moves, and what the others lack."""
    for row in data["papers"]:
        lacks = ", ".join(row["missing"])
        how = "made" if row["sha256"] else f"not made: {lacks}" if lacks else "not made yet"
        which = f" {row['number']}" if row["paper"] == "ERRATUM" else ""
        print_(f"paper: {row['paper'].lower().replace('_', '-')}{which} {how}")
        if row["paper"] == CasePaper.HANDOVER and "MISSING at items" in row["missing"]:
            print_(
                f"  say what is handed over, and to whom: ./siaga mutation handover-list {data['mutation']['mutation_id']}"
            )


def _of_what_kind(one: Json) -> str:
    """Whose wish it is, what it undoes and with whom it goes, where that is not the ordinary."""
    origin = f"from another government, {one['origin_id']}" if one["origin_id"] else ""
    own = "the person's own request" if one["initiative"] == Initiative.OWN_REQUEST else ""
    undoes = f"undoes {one['reverses']}" if one["reverses"] else ""
    undone = f"undone by {one['undone_by']}" if one["undone_by"] else ""
    along = f"goes with {one['group_case']}" if one["group_case"] else ""
    return "; ".join(filter(None, (origin, own, undoes, undone, along)))


def _measured(one: Json) -> str:
    """`2025: GOOD / GOOD`: of what, what there is, and what there must be."""
    about = f"{one['about']}: " if one["about"] is not None else ""
    unit = f" {one['unit']}" if one["unit"] not in (None, "day") else ""
    found = "unknown" if one["found"] is None else _number(one["found"])
    return f"{about}{found} / {_number(one['needed'])}{unit}"


def _number(told: Json) -> str:
    """An exact share as a number that can be read: 819829/37500 as 21.9."""
    above, _, below = str(told).partition("/")
    exact = above.isdecimal() and below.isdecimal()
    return f"{int(above) / int(below):.1f}" if exact else str(told)


def _people(data: Json) -> None:
    """Who overrode, was heard, assessed, and what they said."""
    if data["in_post_since"]:
        print_(f"in the post since {data['in_post_since']}")
    for row in data["overrides"]:
        print_(f"override: {row['rule']} {row['ground']} by {_hand(row)}, {when(row['granted_at'])}")
    for row in data["heard"]:
        other = f"would suit from {on_day(row['counter_date'])}" if row["counter_date"] else ""
        print_(" ".join(filter(None, ("heard:", row["party"], row["outcome"], row["reason"], other))))
    if row := data["assessment"]:
        why = f" {row['because']}" if row["because"] else ""
        print_(f"assessment: {row['verdict']}{why} by {_hand(row)}, {when(row['assessed_at'])}{_paper(row)}")
    if row := data["counsel"]:
        why = f" {row['because']}" if row["because"] else ""
        by = (
            f" by {_hand(row['by'])}, {when(row['by']['counselled_at'])}{_paper(row['by'])}"
            if row["by"]
            else ""
        )
        print_(f"counsel of the PyB: {row['advice']}{why}{by}")
    for row in data["errata"]:
        dated = row["dated"] or when(row["issued_at"])
        made = "fetched by its number" if row["made_here"] else "made elsewhere"
        print_(f"erratum: {row['number']}, {dated} ({made})")
    for row in data["words"]:
        print_(f"{row['decision']} by {_hand(row)}, {when(row['said_at'])}: {row['words']}")


def _hand(row: Json) -> str:
    tenure = "" if row["tenure"] == "DEFINITIVE" else f" ({row['tenure']})"
    return f"{row['name'] or row['person_id']}, {row['capacity']}{tenure}"


def _paper(row: Json) -> str:
    return f" ({row['reference']}, {row['dated']})" if row.get("reference") else ""


def _aftermath(data: Json) -> None:
    """What follows the decree, and what the case is not whole without."""
    for row in data["lawsuits"]:
        print_(f"at the administrative court: {row['number']}, {row['dated']}")
    for row in data["undone_lawsuits"]:
        print_(f"the decree that this undoes is at the administrative court: {row['number']}, {row['dated']}")
    if row := data["absence"]:
        print_(" ".join(filter(None, ("absence:", row["what"], row["because"], _named(row["by"])))))
    if data["siasn"]:
        print_("SIASN: " + "; ".join(f"{name} {told or '–'}" for name, told in data["siasn"].items()))
    if data["entry"]:
        print_(f"entered in SIASN: {_named(data['entry'])}")
    if row := data["retraction"]:
        print_(" ".join(filter(None, ("the former entry in SIASN:", row["what"], _named(row["by"])))))
    if data["owed"]:
        print_(f"not whole without: {', '.join(data['owed'])}")


def _named(row: Json | None) -> str:
    return f"{row['number']}, {row['dated']}" if row else ""


def _second(one: Json, name: str, what: str) -> None:
    number = f" {one['number']}" if one["number"] else ""
    print_(f"  {name}{number} {one['does']} {what}: {one['state']} since {when(one['since'])}")
    if one["corrections"]:
        print_(f"  corrected before by {', '.join(one['corrections'])}")
    if one["objection_until"]:
        print_(f"  to the {name}: {_objection(one)}")


def _objection(said: Json) -> str:
    """There is one objection to a decree as it reads: how long one may object is told of what nobody has objected to."""
    if said["objection"]:
        return f"objection {said['objection']}"
    return f"the person may object; time to object until {on_day(said['objection_until'])}"


def _from(draft: Json) -> str:
    return f" of a decree in effect from {on_day(draft['effective_at'])}" if draft["effective_at"] else ""


def _initials(draft: Json) -> str:
    done, owed = draft["initials"][: draft["initialled"]], draft["initials"][draft["initialled"] :]
    have = f"initialled by {', '.join(done)}" if done else "initialled by nobody yet"
    return f"{have}; next {owed[0]}" if owed else f"{have}; to be signed"


def _decree(data: Json) -> None:
    """The decree, or what it waits for."""
    one = data["mutation"]
    if one["number"]:
        print_(f"  decree {one['number']}, in effect from {on_day(one['effective_at'])}")
    if draft := data["draft"]:
        print_(f"  draft{_from(draft)}: {_initials(draft)}")
    if asked := data["signature_asked"]:
        print_(
            f"  decree {asked['number']}: whoever holds the key is asked to sign since {when(asked['since'])}"
        )
    if second := data["second"]:
        _second(second, "second decree", "it")
        if second["undone_by"]:
            _second(second["undone_by"], "third decree", "the second")
    for row in data["second_decrees"]:
        told = f"{row['number']} {row['does']} {row['amends']}, signed {when(row['signed_at'])}"
        print_(f"  fetched by its number: {told}{'' if row['served'] else ', not served yet'}")
    # What a second decree undoes is not objected to; that decree is.
    elsewhere = one["state"] in ENDS or (second and second["objection_until"])
    if data["objection"] or (data["objection_until"] and not elsewhere):
        print_(f"  {_objection(data)}")
    if data["because"]:
        print_(f"  why it came back or ended: {data['because']}")
