"""Closing in the books: experience comes with the return, evaluations once a side, figures as of the log."""

import io
import json
import uuid
import zipfile
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from typing import Any

import asyncpg
import pytest

from adapters.postgres import log
from adapters.postgres.closing import ClosingBook
from adapters.postgres.database import queries
from app import evidence
from domain import cases
from domain.authority import Capacity, Granted
from domain.closing.evaluation import (
    CRITERIA,
    RECEIVES,
    EvaluatedAlready,
    Evaluation,
    Side,
    evaluated,
    given_in,
)
from domain.closing.lessons import Topic, lesson_noted
from domain.closing.placed import Placed
from domain.closing.review_view import Review
from domain.commands import by_system
from domain.log import Attribution, Fact
from domain.moves import Seat
from domain.secondment import Trigger
from tests.adapters.postgres.kit import DAY, NOW, RULES, Registry, crew, raise_cap, registry

_T = Trigger
ORDERED = (_T.ACCEPT, _T.RELEASE, _T.ORDER_ISSUED)
HOURS = timedelta(hours=1)
PAID = {"reference": "SP2D/1", "dated": "2026-12-02", "amount": "340000"}
COUNTED = ("reported", "reimbursed", "outstanding", "waived", "claimed")


@pytest.fixture
async def books(fresh_database: str) -> AsyncIterator[Registry]:
    async with registry(fresh_database) as books:
        yield books


@pytest.fixture
def closing(books: Registry) -> ClosingBook:
    return ClosingBook(books.database, RULES)


async def seated(books: Registry, people: int = 1) -> tuple[str, list[Seat]]:
    surge_id = await books.surge(people)
    return surge_id, await books.hold(surge_id, crew(books.town, "kota-kecil.PKM-1", people))


async def serve(books: Registry, seat: Seat) -> None:
    """Leave on day 1, work from day 1, fall due after a week, home half a day later."""
    await books.walk(seat, *ORDERED, at=NOW + HOURS)
    await books.walk(seat, _T.MOBILISE, at=NOW + DAY)
    await books.walk(seat, _T.CHECK_IN, at=NOW + DAY + HOURS)
    await books.walk(seat, _T.START_DUTY, at=NOW + DAY + HOURS)
    await books.walk(seat, _T.FALL_DUE, _T.SIGN_DEMOB, at=NOW + 8 * DAY)
    await books.walk(seat, _T.CONFIRM_RETURN, at=NOW + 8 * DAY + 12 * HOURS)


async def say(books: Registry, closing: ClosingBook, seat: Seat, side: Side, by: str, score: int = 4) -> None:
    placed = await closing.placed(seat.placement_id)
    office = Capacity.SUBJECT if side == Side.PERSON else Capacity.COMMAND_POST
    evaluation = Evaluation(seat.placement_id, side, dict.fromkeys(CRITERIA[side], score))
    fact = evaluated(
        evaluation,
        placed.road,
        seat.person_id,
        Attribution(by, office.value, "2026-1#closing"),
        NOW + 9 * DAY,
    )
    case_id, kind = cases.secondment(seat.placement_id), RECEIVES[side]
    told = by_system(
        kind, case_id, placed.government_id, command_id=str(uuid.uuid4()), at=fact.at, details={}
    )
    note = (str(uuid.uuid4()), "apa adanya")
    await closing.evaluate(placed, evaluation, fact, Granted(office), note=note, told=told)


async def experience(books: Registry) -> list[asyncpg.Record]:
    async with books.database.reading() as connection:
        return list(await connection.fetch("SELECT * FROM experiences"))


async def test_experience_is_written_with_the_confirmed_return_once(
    books: Registry, closing: ClosingBook
) -> None:
    surge_id, (seat,) = await seated(books)
    await books.walk(seat, *ORDERED, at=NOW + HOURS)
    await books.walk(seat, _T.MOBILISE, at=NOW + DAY)
    await books.walk(seat, _T.CHECK_IN, _T.START_DUTY, at=NOW + DAY + HOURS)
    await books.walk(seat, _T.FALL_DUE, _T.SIGN_DEMOB, at=NOW + 8 * DAY)
    assert await experience(books) == []
    await books.walk(seat, _T.CONFIRM_RETURN, at=NOW + 8 * DAY + 12 * HOURS)
    (row,) = await experience(books)
    assert (row["role"], row["site"], row["surge_id"]) == ("health_post_nurse", "Pos 1", surge_id)
    # From 09.00 of the 23rd to 21.00 of the 30th in Kupang; off duty at 09.00 of the 30th.
    assert (str(row["first_day"]), str(row["last_day"])) == ("2026-11-23", "2026-11-30")
    assert (row["away"], row["duty"]) == (8, 8)
    person = await closing.person(seat.person_id)
    assert person is not None
    assert [one["incident"] for one in person["experience"]] == ["Banjir"]
    assert {one["skill"] for one in person["skills"]} >= {"nursing_str"}


async def test_whoever_did_not_serve_gains_no_experience(books: Registry) -> None:
    _, (seat,) = await seated(books)
    await books.walk(seat, *ORDERED, at=NOW + HOURS)
    await books.walk(seat, _T.MOBILISE, at=NOW + DAY)
    await books.walk(seat, _T.REPORT_NO_SHOW, at=NOW + 2 * DAY + HOURS)
    await books.walk(seat, _T.CONFIRM_RETURN, at=NOW + 3 * DAY)
    assert await experience(books) == []


async def test_a_side_evaluates_once_and_the_log_says_so(books: Registry, closing: ClosingBook) -> None:
    _, (seat,) = await seated(books)
    await serve(books, seat)
    post = books.town.officers[Capacity.COMMAND_POST]
    await say(books, closing, seat, Side.HOST, post)
    with pytest.raises(EvaluatedAlready):
        await say(books, closing, seat, Side.HOST, post, score=1)
    await say(books, closing, seat, Side.PERSON, seat.person_id)
    placed = await closing.placed(seat.placement_id)
    assert given_in(line.entry for line in placed.entries) == {Side.HOST, Side.PERSON}
    facts = [line.fact for line in placed.entries if line.fact.type == "Evaluated"]
    assert facts[0].data["scores"]["WORK"] == 4
    assert "apa adanya" not in str(facts)
    rows = await closing.evaluations(seat.placement_id)
    assert [(row["side"], row["note"]) for row in rows] == [("HOST", "apa adanya"), ("PERSON", "apa adanya")]
    assert await books.value("SELECT count(*) FROM notes") == 2  # the refused one left nothing


async def test_the_database_lets_nobody_rate_themself(books: Registry, closing: ClosingBook) -> None:
    _, (seat,) = await seated(books)
    await serve(books, seat)
    with pytest.raises(asyncpg.CheckViolationError, match="nobody_rates_themself"):
        await say(books, closing, seat, Side.HOST, seat.person_id)
    with pytest.raises(asyncpg.CheckViolationError, match="nobody_rates_themself"):
        await say(books, closing, seat, Side.PERSON, books.town.officers[Capacity.COMMAND_POST])
    assert await closing.evaluations(seat.placement_id) == []


async def test_a_note_that_was_erased_takes_nothing_else_with_it(
    books: Registry, closing: ClosingBook
) -> None:
    _, (seat,) = await seated(books)
    await serve(books, seat)
    await say(books, closing, seat, Side.HOST, books.town.officers[Capacity.COMMAND_POST])
    await books.execute("DELETE FROM notes")
    (row,) = await closing.evaluations(seat.placement_id)
    assert (row["note"], row["scores"]["WORK"]) == (None, 4)


async def requested(books: Registry, surge_id: str, *, given_at: datetime | None = None) -> None:
    """As the log holds it of a request on paper, or of an order that was given by word of mouth."""
    by = Attribution(books.town.officers[Capacity.COORDINATOR], "COORDINATOR", "2026-1#surge")
    told = {"state": "SUBMITTED", "people": 3} | ({"given_at": given_at.isoformat()} if given_at else {})
    begins = "OralOrderGiven" if given_at else "RequestSubmitted"
    facts = [
        Fact(begins, cases.surge(surge_id), NOW - HOURS, by, None, told),
        Fact("SurgeActive", cases.surge(surge_id), NOW, by, None, {"state": "ACTIVE"}),
    ]
    async with books.database.writing() as connection:
        await log.append(connection, books.town.government_id, facts)


async def test_the_review_of_an_oral_order_counts_from_when_it_was_given(
    books: Registry, closing: ClosingBook
) -> None:
    surge_id, (seat,) = await seated(books, 1)
    await requested(books, surge_id, given_at=NOW - 2 * HOURS)
    await serve(books, seat)
    found = await reviewed(books, closing, surge_id)
    assert found.requested_at == NOW - 2 * HOURS
    times = {one.code: one.median for one in found.times}
    assert times == {"OFFER": 2 * HOURS, "ACCEPT": 3 * HOURS, "ARRIVE:1": DAY + 3 * HOURS}


async def reviewed(books: Registry, closing: ClosingBook, surge_id: str) -> Review:
    _, review = await closing.after_action(books.town.government_id, surge_id)
    return review


async def test_the_review_counts_what_the_log_says(books: Registry, closing: ClosingBook) -> None:
    surge_id, seats = await seated(books, 3)
    await requested(books, surge_id)
    await books.walk(seats[2], _T.DECLINE, at=NOW + HOURS)
    for seat in seats[:2]:
        await serve(books, seat)
    found = await reviewed(books, closing, surge_id)
    assert (found.asked, found.filled) == (3, 2)
    assert found.needs[0].causes == (("NEVER_FILLED", 1),)
    assert (found.answers.asked, found.answers.accepted, found.answers.declined) == (3, 2, (("OTHER", 1),))
    times = {one.code: one.median for one in found.times}
    assert times == {"OFFER": HOURS, "ACCEPT": 2 * HOURS, "ARRIVE:1": DAY + 2 * HOURS}
    total = found.costs.total
    assert (total.people, total.away, total.duty, total.late, total.rest) == (2, 16, 16, 0, 2)
    assert total.per_diem == 2 * (8 * 170_000 - 8 * 51_000)
    assert [donor.unit_id for donor in found.costs.donors] == ["kota-kecil.PKM-1"]


async def test_the_same_log_gives_the_same_figures_and_the_same_pack(
    books: Registry, closing: ClosingBook
) -> None:
    surge_id, (seat,) = await seated(books)
    await requested(books, surge_id)
    await serve(books, seat)
    before = await reviewed(books, closing, surge_id)
    placed = await closing.placed(seat.placement_id)
    pack = evidence.pack(placed, (), (), closing.terms(placed.rule_pack))
    # Another case goes on, in the same log.
    other, (stranger,) = await seated(books)
    await books.walk(stranger, _T.DECLINE, at=NOW + HOURS)
    assert await reviewed(books, closing, surge_id) == before
    again = await closing.placed(seat.placement_id)
    assert evidence.pack(again, (), (), closing.terms(again.rule_pack)) == pack
    # Its own case says something more: the pack is another one.
    await say(books, closing, seat, Side.HOST, books.town.officers[Capacity.COMMAND_POST])
    told = await closing.placed(seat.placement_id)
    assert evidence.pack(told, (), (), closing.terms(told.rule_pack)) != pack
    assert (await reviewed(books, closing, other)).asked == 1


async def test_a_raised_yearly_cap_stands_in_the_report_and_in_the_pack_of_whom_it_was_raised_for(
    books: Registry, closing: ClosingBook
) -> None:
    surge_id, (seat, other) = await seated(books, 2)
    await requested(books, surge_id)
    await raise_cap(books, seat.person_id, 10, NOW, surge_id=surge_id)
    for one in (seat, other):
        await serve(books, one)
    await raise_cap(books, seat.person_id, 3, NOW + 9 * DAY)  # after all that its case has to tell

    (waiver,) = (await reviewed(books, closing, surge_id)).waivers
    assert (waiver.at, waiver.office, waiver.days, waiver.reason) == (NOW, "SEKDA", 10, "NO_OTHER_SOURCE")
    assert (waiver.unit_id, waiver.home_role) == (seat.unit_id, seat.home_role)

    def packed(placed: Placed) -> tuple[list[dict[str, Any]], str]:
        pack = evidence.pack(placed, (), (), closing.terms(placed.rule_pack))
        with zipfile.ZipFile(io.BytesIO(pack)) as folder:
            return json.loads(folder.read("yearly-cap.json"))["entries"], folder.read("log.jsonl").decode()

    (told,), log_lines = packed(await closing.placed(seat.placement_id))
    said = (told["case"], told["actor"], told["authority"], told["data"]["days"], told["data"]["choice"])
    sekda = books.town.officers[Capacity.SEKDA]
    assert said == (cases.surge(surge_id), sekda, "SEKDA", 10, "NO_OTHER_SOURCE")
    assert log_lines.count('"YearlyCapWaived"') == 1
    assert packed(await closing.placed(other.placement_id))[0] == []


async def settling(books: Registry) -> tuple[str, list[Seat]]:
    """A surge of which one is paid and waits for the host's evaluation, one was let off everything, one owes all."""
    surge_id, seats = await seated(books, 3)
    await requested(books, surge_id)
    for seat in seats:
        await serve(books, seat)
    await books.walk(seats[0], _T.RECEIVE_REPORT, at=NOW + 9 * DAY)
    await books.walk(seats[0], _T.SETTLE_CLAIM, at=NOW + 10 * DAY, said=PAID)
    await books.walk(seats[1], _T.WAIVE_SETTLEMENT, at=NOW + 10 * DAY, said={"choice": "PERSON_UNABLE"})
    return surge_id, seats


async def test_board_and_review_count_the_papers_alike(books: Registry, closing: ClosingBook) -> None:
    surge_id, _ = await settling(books)
    review = await reviewed(books, closing, surge_id)
    async with books.database.reading() as connection:
        (board,) = await queries.surges_of(
            connection, government_id=books.town.government_id, operation_id=None, id_prefix=""
        )
    told = {name: getattr(review.papers, name) for name in COUNTED}
    counted = {"reported": 1, "reimbursed": 1, "outstanding": 2, "waived": 1, "claimed": 340_000}
    assert told == {name: board[name] for name in COUNTED} == counted
    assert review.papers.home == board["returned"] == 3
    assert review.costs.total.claimed == 340_000


async def test_the_pack_tells_the_papers_as_they_were_filed_and_waived(
    books: Registry, closing: ClosingBook
) -> None:
    _, seats = await settling(books)
    told = []
    for seat in seats:
        placed = await closing.placed(seat.placement_id)
        pack = evidence.pack(placed, (), (), closing.terms(placed.rule_pack))
        with zipfile.ZipFile(io.BytesIO(pack)) as folder:
            told.append(json.loads(folder.read("papers.json")))
    paid, let_off, owing = told
    assert (paid["received"], paid["owed"], paid["claimed"]) == (["CLAIM", "REPORT"], ["EVALUATION"], 340_000)
    assert [one["type"] for one in paid["entries"]] == ["ReportReceived", "ClaimSettled"]
    assert paid["entries"][1]["data"].items() >= PAID.items()
    (waiver,) = let_off["entries"]
    assert (waiver["type"], waiver["data"]["choice"]) == ("SettlementWaived", "PERSON_UNABLE")
    assert (let_off["waived"], let_off["claimed"]) == (["CLAIM", "EVALUATION", "REPORT"], None)
    assert (owing["owed"], owing["entries"]) == (["CLAIM", "EVALUATION", "REPORT"], [])


async def test_means_stay_hidden_until_three_have_said(books: Registry, closing: ClosingBook) -> None:
    surge_id, seats = await seated(books, 3)
    await requested(books, surge_id)
    post = books.town.officers[Capacity.COMMAND_POST]
    for number, seat in enumerate(seats):
        await serve(books, seat)
        await say(books, closing, seat, Side.HOST, post, score=3 + (number > 1))
        host, person = (await reviewed(books, closing, surge_id)).ratings
        assert (host.means is None) == (number < 2)
    assert host.means is not None
    assert dict(host.means)[CRITERIA[Side.HOST][0]] == 333
    assert (host.given, host.owed, person.given, person.means) == (3, 3, 0, None)


async def test_a_lesson_is_told_and_its_text_can_be_erased(books: Registry, closing: ClosingBook) -> None:
    surge_id, _ = await seated(books)
    await requested(books, surge_id)
    by = Attribution(books.town.officers[Capacity.COORDINATOR], "COORDINATOR", "2026-1#closing")
    fact = lesson_noted(surge_id, str(uuid.uuid4()), Topic.STAFFING, by, NOW + DAY)
    await closing.add_lesson(
        surge_id, books.town.government_id, fact, (str(uuid.uuid4()), "Perbarui daftar STR")
    )
    (lesson,) = (await reviewed(books, closing, surge_id)).lessons
    assert (lesson.text, lesson.office, lesson.topic) == ("Perbarui daftar STR", "COORDINATOR", "STAFFING")
    async with books.database.reading() as connection:
        rows = await queries.log_of_case(
            connection, government_id=books.town.government_id, case_id=cases.surge(surge_id)
        )
    assert "STR" not in str([row["data"] for row in rows])
    await books.execute("DELETE FROM notes")
    (lesson,) = (await reviewed(books, closing, surge_id)).lessons
    assert lesson.text == ""


async def test_another_governments_surge_is_none(books: Registry, closing: ClosingBook) -> None:
    surge_id, _ = await seated(books)
    with pytest.raises(LookupError):
        await closing.after_action("kota-lain", surge_id)
