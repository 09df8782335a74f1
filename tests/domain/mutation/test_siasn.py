"""What an entry in SIASN says of a move: what follows from the decree and the position map, and nothing that does not."""

from dataclasses import replace
from datetime import date

import pytest

from domain.mutation.codes import PositionKind
from domain.mutation.siasn import Decreed, position_entry
from tests.domain.mutation.dossiers import CLEAN, RULES

DECREED = Decreed("821.2/12/BKPSDM/XI/2026", date(2026, 11, 26), date(2026, 12, 1), "PKM-2", same_name=False)


@pytest.mark.parametrize(
    ("kind", "code"),
    [(PositionKind.JPT, "1"), (PositionKind.FUNCTIONAL, "2"), (PositionKind.GENERAL, "4")],
)
def test_the_entry_has_the_decree_its_days_the_unit_and_siasns_codes(kind: PositionKind, code: str) -> None:
    post = replace(CLEAN.receiving.post, kind=kind)
    dossier = replace(CLEAN, receiving=replace(CLEAN.receiving, post=post))
    assert position_entry(DECREED, dossier, RULES.siasn) == {
        "jenisJabatan": code,
        "unorId": "PKM-2",
        "nomorSk": "821.2/12/BKPSDM/XI/2026",
        "tanggalSk": "2026-11-26",
        "tmtJabatan": "2026-12-01",
        "tmtMutasi": "2026-12-01",
        "tmtPelantikan": None,
        "jenisMutasiId": "MJ",
        "jenisPenugasanId": "D",
    }


@pytest.mark.parametrize(
    ("same_name", "kind", "code"),
    [
        (True, PositionKind.GENERAL, "MU"),
        (True, PositionKind.SUPERVISOR, "MJ"),
        (False, PositionKind.GENERAL, "MJ"),
    ],
)
def test_the_same_position_in_another_unit_is_a_move_of_the_unit(
    same_name: bool, kind: PositionKind, code: str
) -> None:
    left = replace(CLEAN.origin.post, kind=PositionKind.GENERAL)
    dossier = replace(
        CLEAN,
        origin=replace(CLEAN.origin, post=left),
        receiving=replace(CLEAN.receiving, post=replace(CLEAN.receiving.post, kind=kind)),
    )
    assert (
        position_entry(replace(DECREED, same_name=same_name), dossier, RULES.siasn)["jenisMutasiId"] == code
    )
    elsewhere = replace(dossier.receiving, agency=replace(dossier.receiving.agency, agency_id="another"))
    between = replace(dossier, receiving=elsewhere)
    assert position_entry(replace(DECREED, same_name=True), between, RULES.siasn)["jenisMutasiId"] == "MJ"


def test_whoever_was_inaugurated_has_its_day_there() -> None:
    inaugurated = replace(DECREED, inaugurated_on=date(2026, 11, 28))
    assert position_entry(inaugurated, CLEAN, RULES.siasn)["tmtPelantikan"] == "2026-11-28"
