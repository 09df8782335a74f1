"""What is told of many at once: the entries of one kind and one day, in one sentence."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import datetime

from lab.storybook import Entry, StoryBook

Told = Callable[[StoryBook, Sequence[Entry]], str]


def _by_site(entries: Sequence[Entry]) -> str:
    sites = Counter(entry["data"]["site"] for entry in entries)
    return ", ".join(f"{site} {count}" for site, count in sites.most_common())


def people_told(count: int) -> str:
    return "1 person" if count == 1 else f"{count} people"


def units_told(units: int) -> str:
    return "1 unit" if units == 1 else f"{units} units"


def _units(entries: Sequence[Entry]) -> str:
    return units_told(len({entry["data"]["unit_id"] for entry in entries}))


def _untils(book: StoryBook, entries: Sequence[Entry]) -> str:
    days = dict.fromkeys(book.day(day) for day in sorted(entry["data"]["due_back"] for entry in entries))
    return " or ".join(days)


def _deciders(book: StoryBook, entries: Sequence[Entry]) -> str:
    actors = list(dict.fromkeys(book.name(entry["actor"]) for entry in entries))
    return actors[0] if len(actors) == 1 else f"{len(actors)} officers"


def _accepted(_book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} of {_units(people)} accept"


def _reminded(_book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} reminded of their offer"


def _released(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} released by {_deciders(book, people)} of {_units(people)}"


def _set_out(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} on the way from {_units(people)}, until {_untils(book, people)}"


def _arrived(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} checked in by {_deciders(book, people)}: {_by_site(people)}"


def _warned(book: StoryBook, people: Sequence[Entry]) -> str:
    told = len({entry["case_id"] for entry in people})
    return f"{people_told(told)} told that their duty ends on {_untils(book, people)}"


_AT_THE_END = {
    "WITHDRAWN": "never left, and the duty is over",
    "OUT_OF_CONTACT": "due back and still looked for",
}


def _due(_book: StoryBook, people: Sequence[Entry]) -> str:
    what = [_AT_THE_END.get(entry["data"]["state"], "due back, handing over") for entry in people]
    told = {one: [entry for entry, said in zip(people, what, strict=True) if said == one] for one in what}
    return "; ".join(f"{people_told(len(some))} {one}: {_by_site(some)}" for one, some in told.items())


def _recalled(_book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} called home: {_by_site(people)}"


def _signed_off(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} signed off by {_deciders(book, people)}, on the way home"


def _home(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{people_told(len(people))} home in {_units(people)}, confirmed by {_deciders(book, people)}"


# ── what happens besides the ordinary road ────────────────────────────────────────────────────────────────────────


def _people(book: StoryBook, entries: Sequence[Entry]) -> str:
    """Name a single person, and count several."""
    cases = {entry["case_id"]: entry for entry in entries}
    if len(cases) == 1:
        return book.person(entries[0])
    return f"{people_told(len(cases))} of {_units(entries)}"


def _codes(entries: Sequence[Entry]) -> str:
    codes = Counter(str(entry["data"].get("choice", "no reason")) for entry in entries)
    return next(iter(codes)) if len(entries) == 1 else ", ".join(f"{c} {n}" for c, n in codes.most_common())


def _seats(book: StoryBook, entries: Sequence[Entry]) -> str:
    """Say how many of the seats they left are offered to somebody else."""
    taken = sum(entry["case_id"] in book.seats_taken for entry in entries)
    return f"→ {taken} of {len(entries)} seats offered to the next best"


def _simply(text: str) -> Told:
    """Tell by a sentence: {people} they are, {sites} where, {codes} why, {seats} who follows, {who} says so."""

    def told(book: StoryBook, entries: Sequence[Entry]) -> str:
        return text.format(
            people=_people(book, entries),
            sites=_by_site(entries),
            codes=_codes(entries),
            seats=_seats(book, entries),
            who=_deciders(book, entries),
        )

    return told


def _from_paper(book: StoryBook, people: Sequence[Entry]) -> str:
    hours = sorted(entry["data"]["reported_at"] for entry in people if "reported_at" in entry["data"])
    spans = dict.fromkeys(f"{book.day(hour)} {book.clock(datetime.fromisoformat(hour))}" for hour in hours)
    first, last = next(iter(spans), ""), next(reversed(spans), "")
    written = first if first == last else f"{first} to {last}"
    return f"{_people(book, people)} checked in late, from the paper list (written {written}): {_by_site(people)}"


def _longer(book: StoryBook, people: Sequence[Entry]) -> str:
    until = dict.fromkeys(sorted(book.day(entry["data"]["until"]) for entry in people))
    return f"{_people(book, people)} proposed to stay longer, until {' or '.join(until)}: {_by_site(people)}"


def _prolonged(book: StoryBook, people: Sequence[Entry]) -> str:
    return f"{_people(book, people)} stay longer by an amended order, until {_untils(book, people)}"


def _uncovered(book: StoryBook, people: Sequence[Entry]) -> str:
    until = dict.fromkeys(sorted(book.day(entry["data"]["covered_until"]) for entry in people))
    return f"the status covers {_people(book, people)} only until {' or '.join(until)}"


def _mustered(_book: StoryBook, rolls: Sequence[Entry]) -> str:
    present = sum(len(entry["data"]["present"]) for entry in rolls)
    missing = sum(len(entry["data"]["missing"]) for entry in rolls)
    answered = "nobody answers" if not present else f"{people_told(present)} answer"
    return f"roll call: {answered}, {missing} missing"


PAPERS = {"ReportReceived": "report", "EvaluationReceived": "evaluation", "ClaimSettled": "travel claim"}
"""What comes in after the return, and is told together."""


def _papers(_book: StoryBook, papers: Sequence[Entry]) -> str:
    counted = Counter(PAPERS[entry["type"]] for entry in papers)
    told = (f"{counted[name]} {name}{'s' * (counted[name] > 1)}" for name in PAPERS.values() if counted[name])
    return f"papers of who is home: {', '.join(told)}"


GATHERED: dict[str, Told] = {
    "OfferAnswered": _accepted,
    "OfferAnswered/declined": _simply("{people} decline: {codes} {seats}"),
    "OfferAnswered/condition": _simply("{people} accept on a condition: {codes}"),
    "ConditionDecided": _simply("what {people} asked for is granted by {who}"),
    "ConditionDecided/refused": _simply("the condition of {people} is refused by {who} {seats}"),
    "ConditionLapsed": _simply("no word on the condition of {people} {seats}"),
    "OfferReminded": _reminded,
    "OfferLapsed": _simply("{people} stay silent {seats}"),
    "OfferSent": _simply("{people} asked for seats that were short: {sites}"),
    "ReleaseDecided": _released,
    "ReleaseEscalated": _simply("no word from the heads of {people}: the Sekda is asked too"),
    "OrderCancelled": _simply("the order of {people} is cancelled {seats}"),
    "Mobilised": _set_out,
    "CheckedIn": _arrived,
    "CheckedIn/paper": _from_paper,
    "ArrivalReported": _simply("{people} report their own arrival: {sites}"),
    "ArrivalProved": _simply("{people} were there, as a paper proves that {who} types in: {sites}"),
    "CheckInEscalated": _simply("{people} have not arrived: {sites}; the command post must find them"),
    "FoundUnfit": _simply("{people} dropped by the fitness check {seats}"),
    "NoShowReported": _simply("{people} did not come: {sites} {seats}"),
    "MusterTaken": _mustered,
    "ContactLost": _simply("OUT OF CONTACT {people}: {sites}; no sign of life for two days"),
    "ContactEscalated": _simply("{people} still not found: the next office is asked too"),
    "ContactRegained": _simply("{people} found, and on duty again: {sites}"),
    "InjuryReported": _simply("INJURED {people}, {codes}: {sites} {seats}"),
    "AccidentReportOverdue": _simply("accident-cover report of {people} is LATE; somebody must file it"),
    "AccidentReportWaived": _simply("{who} waives the accident-cover report of {people}"),
    "AccidentReportFiled": _simply("accident-cover report of {people} filed by {who}"),
    "DutyResumed": _simply("{people} on duty again after an injury"),
    "AffectedConfirmed": _simply("AFFECTED {people}, confirmed by {who}: sent home to their own {seats}"),
    "RestStarted": _simply("{people} rest: {sites}"),
    "RestEnded": _simply("{people} on duty again after a rest: {sites}"),
    "DayOffMissed": _simply(
        "{people} without a day off for a week: {sites}; the command post must grant one"
    ),
    "ActingHeadNamed": _simply("somebody acts (Plh) in the post of {people}"),
    "ActingHeadLost": _simply("nobody acts any more in the post of {people}"),
    "ActingHeadUrged": _simply("still nobody acts in the post of {people}: the coordinator must see to it"),
    "EndingSoon": _warned,
    "HandoverNoted": _simply("handover notes of {people} by {who}: {sites}"),
    "ReassignmentProposed": _simply("another post proposed to {people}: {sites}"),
    "ReassignmentAnswered": _simply("{people}: the other post answered by {who}"),
    "HearingLapsed": _simply("{people} say nothing to the other post"),
    "Reassigned": _simply("{people} moved to another post {seats}"),
    "MissionChanged": _simply("{people} on the way to another post: {sites}"),
    "ExtensionProposed": _longer,
    "ExtensionAnswered": _simply("{people}: the longer duty answered by {who}"),
    "ExtensionDecided": _prolonged,
    "ExtensionLapsed": _simply("the longer duty of {people} lapsed: no order came in time"),
    "FellDue": _due,
    "Recalled": _recalled,
    "RecalledByUnit": _simply("{people} called back to the home unit by {who}, {codes} {seats}"),
    "ReleasedEarly": _simply("{people} let go before the end by {who}, {codes} {seats}"),
    "CoverLost": _uncovered,
    "CoverRegained": _simply("the status covers {people} again"),
    "UncoveredDutyEnded": _simply("the duty of {people} ends, as no status covers it {seats}"),
    "ReturnOverdue": _simply("OVERDUE {people}: {sites}; somebody must bring them home"),
    "ChecklistSigned": _simply("{who} signs items of the checklist of {people}"),
    "ChecklistWaived": _simply("{who} waives items of the checklist of {people}"),
    "DemobSignedOff": _signed_off,
    "Returned": _home,
    "Papers": _papers,
    "SettlementOverdue": _simply("papers of {people} are LATE; somebody must see to them"),
    "SettlementWaived": _simply("{who} asks {people} for no more papers: {codes}"),
    "Converted": _simply("{who} makes a transfer of the secondment of {people}"),
}
"""The sentence of each kind, and of those kinds within one that `kind_of` tells apart."""


def kind_of(book: StoryBook, entry: Entry) -> str:
    """Return under which kind an entry is told; "" for a roll call that everybody answered, but for the last."""
    kind, data = entry["type"], entry["data"]
    match kind:
        case "OfferAnswered" if data["state"] == "DECLINED":
            return "OfferAnswered/declined"
        case "OfferAnswered" if data["state"] == "CONDITION_PENDING":
            return "OfferAnswered/condition"
        case "ConditionDecided" if data["state"] == "DECLINED":
            return "ConditionDecided/refused"
        case "CheckedIn" if data.get("choice") == "PAPER":
            return "CheckedIn/paper"
        case "MusterTaken" if not data["missing"] and entry["seq"] not in book.last_musters:
            return ""
        case _ if kind in PAPERS:
            return "Papers"
        case "OfferSent" if data["plan_id"] in book.first_plans or entry["case_id"] in book.taking:
            return ""
        case _:
            return str(kind)
