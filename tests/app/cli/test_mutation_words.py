"""What is said at the command line about a mutation, and what is shown of one, with nothing up."""

from typing import Any

import pytest

from app.api.groups import WAYS as WAYS_OF_GROUPS
from app.api.mutation_said import Hearing
from app.api.mutation_ways import WAYS
from app.cli import groups, mutations, show_mutations
from app.cli.__main__ import main
from app.cli.mandates import HANDED_ON


@pytest.mark.parametrize("item", ["PASSWORD: geheim: ada", "WORK: laporan", "laporan bulanan"])
def test_a_thing_that_is_handed_over_says_its_kind_what_it_is_and_in_which_state(
    item: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mutation", "handover-list", "MU-3F9", "--to", "9c2a", "--item", item]) == 2
    said = capsys.readouterr().err
    assert said == f"siaga: --item {item!r}: expected WORK|DOCUMENT|ASSET|ACCOUNT|FUNDS:WHAT:STATE\n"


@pytest.mark.parametrize(("verbs", "ways"), [(mutations.VERBS, WAYS), (groups.GROUP_VERBS, WAYS_OF_GROUPS)])
def test_a_note_may_be_given_wherever_the_door_takes_one(verbs: Any, ways: Any) -> None:
    takes = {way.path for way in ways if way.form is not None}
    assert {verb.path for verb in verbs if verb.takes_note} == takes


HAND = {"person_id": "p-9", "name": "Contoh Sekda", "capacity": "SEKDA", "tenure": "SUBSTITUTE"}
AT = "2026-11-25T02:00:00+00:00"
NEXT_YEAR = "2027-01-05T02:00:00+00:00"
COUNSELLED = {"reference": "800/9", "dated": "2026-11-24", "counselled_at": AT}
SUIT = {"number": "12/G/2026", "dated": "2026-11-20"}
ENTRY = {"number": "RWJ-1", "dated": "2026-11-20"}


def test_who_decides_reads_on_one_page_what_was_found_who_overrode_and_what_was_said(
    capsys: pytest.CaptureFixture[str],
) -> None:
    names = (
        "mutation_id",
        "name",
        "from_position_name",
        "from_unit_name",
        "to_position_name",
        "to_unit_name",
    )
    row = dict.fromkeys(names, "x") | {
        "initiative": "OWN_REQUEST",
        "reverses": "MU-7",
        "undone_by": "MU-8",
        "group_case": "batch:BA-1",
        "origin_id": "kota-lain",
    }
    row |= {"state": "SERVED", "since": AT, "number": "1", "effective_at": AT}
    rated = {"about": 2025, "found": "GOOD", "needed": "GOOD", "unit": None}
    counted = {"about": "PKM-2", "found": 5, "needed": 7, "unit": "people"}
    lists = ("loads", "clearances", "missing", "papers_owed", "impediments", "papers")
    show_mutations.detail(
        {key: [] for key in lists}
        | {
            "papers": [
                {"paper": "HANDOVER", "sha256": None, "missing": ["MISSING at items"]},
                {"paper": "ERRATUM", "number": "821.2/9/XI/2026", "sha256": "ab", "missing": []},
            ]
        }
        | {
            "mutation": row,
            "as_of": {"at": AT, "log": 1, "log_at": None},
            "outcome": "ELIGIBLE",
            "screened_at": AT,
        }
        | {"draft": {"effective_at": NEXT_YEAR, "initials": ["LEGAL_BUREAU", "SEKDA"], "initialled": 1}}
        | {"signature_asked": None, "held_up": None, "because": "NOT_SUITED", "in_post_since": "2023-01-02"}
        | {"objection": "FILED", "objection_until": AT, "owed": ["RETRACTION"]}
        | {
            "second": {"does": "CANCELS", "state": "SERVED", "since": AT, "number": "821.2/8/XI/2026"}
            | {"objection": "IN_REVIEW", "objection_until": AT, "corrections": ["821.2/7/XI/2026"]}
            | {
                "undone_by": {"does": "REVOKES", "state": "APPROVED", "since": AT, "number": None}
                | {"objection": None, "objection_until": None, "undone_by": None, "corrections": []}
            }
        }
        | {
            "second_decrees": [
                {
                    "number": "821.2/7/XI/2026",
                    "does": "CORRECTS",
                    "amends": "1",
                    "signed_at": AT,
                    "served": True,
                },
                {
                    "number": "821.2/8/XI/2026",
                    "does": "CANCELS",
                    "amends": "1",
                    "signed_at": AT,
                    "served": False,
                },
            ]
        }
        | {"advice": "MU-1, MU-2 wait for each other's posts"}
        | {"counsel": {"advice": "AGAINST", "because": "BELOW_NEED", "by": HAND | COUNSELLED}}
        | {"lawsuits": [SUIT], "undone_lawsuits": [SUIT | {"number": "3/G/2026"}], "entry": ENTRY}
        | {"absence": {"what": "EXCUSED", "because": "NOT_TOLD", "by": None}}
        | {"retraction": {"what": "RETRACTED", "by": ENTRY}, "siasn": {"nomorSk": "1", "tmtPelantikan": None}}
        | {
            "rules": [
                {"rule": "M04", "effect": "PASS", "codes": [], "source": "", "measures": [rated, counted]}
            ]
        }
        | {"overrides": [HAND | {"rule": "M02", "ground": "REORGANISATION", "granted_at": AT}]}
        | {"heard": [{"party": "PERSON", "outcome": "OBJECTS", "reason": "CARER", "counter_date": NEXT_YEAR}]}
        | {"assessment": HAND | {"verdict": "RECOMMENDED", "because": None, "assessed_at": AT}}
        | {
            "errata": [
                {"number": "821.2/9/XI/2026", "dated": "2026-11-20", "issued_at": AT, "made_here": True}
            ]
        }
        | {"words": [HAND | {"decision": "HEAR_PERSON", "said_at": AT, "words": "Ibu saya sakit."}]}
    )
    said = capsys.readouterr().out
    for line in (
        "2025: GOOD / GOOD",
        "corrected before by 821.2/7/XI/2026",
        "PKM-2: 5 / 7 people",
        "in the post since 2023-01-02",
        "erratum: 821.2/9/XI/2026, 2026-11-20 (fetched by its number)",
        "paper: erratum 821.2/9/XI/2026 made",
        "override: M02 REORGANISATION by Contoh Sekda, SEKDA (SUBSTITUTE), ",
        "from another government, kota-lain; the person's own request; undoes MU-7; undone by MU-8; goes with batch:BA-1",
        "draft of a decree in effect from 05 Jan 2027 ",
        ": initialled by LEGAL_BUREAU; next SEKDA",
        "say what is handed over, and to whom: ./siaga mutation handover-list x",
        "heard: PERSON OBJECTS CARER would suit from 05 Jan 2027 ",
        "assessment: RECOMMENDED by Contoh Sekda, SEKDA (SUBSTITUTE), ",
        "counsel of the PyB: AGAINST BELOW_NEED by Contoh Sekda, SEKDA (SUBSTITUTE), ",
        "(800/9, 2026-11-24)",
        "at the administrative court: 12/G/2026, 2026-11-20",
        "the decree that this undoes is at the administrative court: 3/G/2026",
        "absence: EXCUSED NOT_TOLD",
        "MU-1, MU-2 wait for each other's posts",
        "SIASN: nomorSk 1; tmtPelantikan –",
        "entered in SIASN: RWJ-1, 2026-11-20",
        "the former entry in SIASN: RETRACTED RWJ-1",
        "not whole without: RETRACTION",
        "HEAR_PERSON by Contoh Sekda, SEKDA (SUBSTITUTE), ",
        ": Ibu saya sakit.",
        "  objection FILED\n",
        "why it came back or ended: NOT_SUITED",
        "second decree 821.2/8/XI/2026 CANCELS it: SERVED since ",
        "to the second decree: objection IN_REVIEW\n",
        "third decree REVOKES the second: APPROVED since ",
        "fetched by its number: 821.2/7/XI/2026 CORRECTS 1, signed ",
        "fetched by its number: 821.2/8/XI/2026 CANCELS 1, signed ",
        ", not served yet",
        "screened ",
    ):
        assert line in said, (line, said)


@pytest.mark.parametrize("verb", ["clear", "clear-refuse"])
@pytest.mark.parametrize("dated", [(), ("--dated", "24-11-2026"), ("--dated", "2026-11-24T08:00+08:00")])
def test_another_authority_answers_by_a_paper_of_a_day(
    verb: str, dated: tuple[str, ...], capsys: pytest.CaptureFixture[str]
) -> None:
    answered = ["--clearance", "I_MUT", "--reference", "I-MUT/0144"]
    assert main(["mutation", verb, "MU-3F9", *answered, *dated]) == 2
    assert "--dated" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("paper", "option", "told"),
    [
        (
            "extract",
            "--number",
            "--number: expected with erratum|second|second-record|second-extract, and with no other paper",
        ),
        ("second-record", "--record", "--record: second-record is a record itself, and has none"),
        ("record", "--record", "--record: record is a record itself, and has none"),
    ],
)
def test_a_paper_is_asked_for_by_a_number_where_there_may_be_several_and_no_record_has_one(
    paper: str, option: str, told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["mutation", "paper", "MU-3F9", paper, "out.pdf", option, "x"]) == 2
    assert capsys.readouterr().err == f"siaga: {told}\n"


def test_nobody_is_offered_to_say_that_they_say_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    for verb in ("hear", "hear-releasing", "hear-receiving"):
        assert main(["mutation", verb, "MU-3F9", "--reason", "NO_RESPONSE"]) == 2
        said = capsys.readouterr().err
        assert "'CONSENT', 'OBJECTS'" in said, said
    form = Hearing.model_json_schema()["$defs"]
    assert form["Spoken"]["enum"] == ["CONSENT", "OBJECTS"]


def test_only_what_an_office_decides_is_handed_on(capsys: pytest.CaptureFixture[str]) -> None:
    who = ["UNIT_HEAD", "5b0f91c2", "--until", "2027-02-20T00:00+08:00", "--letter", "821/14"]
    assert main(["substitute", "write", *who, "--only", "LOSE_COVER"]) == 2
    said = capsys.readouterr().err
    assert "'LOSE_COVER': expected one of" in said
    assert {"RELEASE", "APPROVE_MUTATION"} <= set(HANDED_ON)
    assert not {"LOSE_COVER", "GAIN_ACTING_HEAD", "ACCEPT_OFFER", "HEAR_PERSON"} & set(HANDED_ON)
