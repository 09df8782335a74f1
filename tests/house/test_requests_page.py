"""The page about requests, held against what reads them: example, fields, and every error that it promises."""

import re
import tomllib
from datetime import UTC, datetime
from pathlib import Path

import pytest
from pydantic import ValidationError

from app.api.problems import where
from app.api.surge_forms import RequestSurge
from app.cli import request_file
from app.cli.request_file import faults_of, read_request
from app.cli.session import USAGE, Trouble
from app.wiring import in_force, rule_packs
from domain.allocation import MOST_TEAMS
from domain.requests import SurgeRequest
from runtime.settings import ROOT
from tests.house.test_docs import rows_of, text_of

PAGE = text_of("docs/requests.md")
NOW = datetime(2026, 11, 22, tzinfo=UTC)
RULES = in_force(rule_packs())


def example() -> str:
    found = re.search(r"```toml\n(.*?)```", PAGE, re.DOTALL)
    assert found
    return found[1]


def cells(head: str, column: int = 0) -> list[str]:
    return [row[column].strip("`") for row in rows_of(PAGE, head)]


def asked(file: Path) -> SurgeRequest:
    """What the API would be asked by the file; raises Trouble as the command line does."""
    with faults_of(file):
        try:
            request = RequestSurge.model_validate(read_request(file, "OP-1", NOW)).to_domain()
        except ValidationError as error:
            first = dict(error.errors()[0])
            raise Trouble(where(first | {"loc": ("body", *first["loc"])}), USAGE) from None
        if faults := request.faults(RULES):
            raise Trouble(faults[0], USAGE)
    return request


def test_the_example_of_the_page_is_sound_and_is_the_file_of_the_examples() -> None:
    file = ROOT / "examples" / "permintaan-regu.toml"
    assert tomllib.loads(example()) == tomllib.loads(file.read_text()) | {"operation": "OP-1B2C3D4E5F"}
    request = asked(file)
    assert [(line.team, line.wave, len(line.substitutes)) for line in request.lines] == [
        ("Regu medis 1", 1, 1),
        ("Regu medis 1", 1, 0),
        ("", 2, 0),
    ]
    assert (request.lines[2].report_at - NOW).days == 3
    assert asked(ROOT / "examples" / "permintaan-kupang.toml").lines


def test_every_key_that_is_read_has_its_row() -> None:
    assert cells("head") == list(request_file._TOP)
    assert set(cells("field")) == set(request_file._LINE)
    assert set(cells("substitute")) == set(request_file._SUBSTITUTE)
    assert f"at most {MOST_TEAMS} of a government" in PAGE


@pytest.mark.parametrize(("good", "bad", "said"), [row[:3] for row in rows_of(PAGE, "instead of")])
def test_every_error_of_the_page_is_said_so(tmp_path: Path, good: str, bad: str, said: str) -> None:
    good, bad, said = (cell.strip("`") for cell in (good, bad, said))
    text = example()
    assert good in text
    file = tmp_path / "request.toml"
    file.write_text(text.replace(good, bad, 1))
    with pytest.raises(Trouble) as trouble:
        asked(file)
    told = str(trouble.value)
    assert trouble.value.code == USAGE
    assert told.startswith(f"{file}: {said.removesuffix('…')}")
    assert said.endswith("…") or told == f"{file}: {said}"
