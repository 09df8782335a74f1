"""Every change of meaning must be found, and its place named; the stock Replayer's score stands beside ours."""

import asyncio
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from temporalio.converter import DataConverter
from temporalio.worker import Replayer
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner

from audit.replay import ReplayReport, replay_strictly
from tests import golden_kit
from tests.audit.toy_mutants import MUTANTS, Mutant, build

STOCK_PASSES = 30
"""At least so many of the mutants pass the stock Replayer: why strict replay is here at all."""


@dataclass(frozen=True)
class Verdict:
    """What strict replay and the stock Replayer (its message, or None) say to a mutant."""

    report: ReplayReport
    stock: str | None


async def judge(mutant: Mutant, number: int, goldens: Path, folder: Path) -> Verdict:
    """Replay the mutant's golden under both."""
    toys = build(mutant, number, folder)
    history = golden_kit.load(goldens / f"{mutant.golden}.json")
    runner = SandboxedWorkflowRunner()
    report = await replay_strictly(
        history, workflows=toys.WORKFLOWS, runner=runner, data_converter=DataConverter.default
    )
    stock = await Replayer(workflows=toys.WORKFLOWS, workflow_runner=runner).replay_workflow(
        history, raise_on_replay_failure=False
    )
    return Verdict(report, str(stock.replay_failure) if stock.replay_failure else None)


@pytest.fixture(scope="module")
def verdicts(goldens: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[dict[str, Verdict]]:
    """Judge every mutant once."""
    folder = tmp_path_factory.mktemp("mutants")
    sys.path.insert(0, str(folder))

    async def judge_all() -> dict[str, Verdict]:
        found = {}
        for number, mutant in enumerate(MUTANTS):
            found[mutant.name] = await asyncio.wait_for(judge(mutant, number, goldens, folder), 60)
        return found

    try:
        yield asyncio.run(judge_all())
    finally:
        sys.path.remove(str(folder))
        for number in range(len(MUTANTS)):
            sys.modules.pop(f"toy_mutant_{number}", None)


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_a_change_of_meaning_is_found_and_its_place_is_named(
    mutant: Mutant, verdicts: dict[str, Verdict]
) -> None:
    report = verdicts[mutant.name].report
    assert not report.ok
    assert any(mutant.words in line for line in report.lines()), "\n".join(report.lines())


def test_strict_replay_finds_all_and_the_stock_replayer_does_not(
    verdicts: dict[str, Verdict], capsys: pytest.CaptureFixture[str]
) -> None:
    ours = sum(not verdict.report.ok for verdict in verdicts.values())
    stock = sum(verdict.stock is not None for verdict in verdicts.values())
    with capsys.disabled():
        print(f"\nchanges of meaning found: strict replay {ours}, stock Replayer {stock}, of {len(MUTANTS)}")
    assert ours == len(MUTANTS) >= 17
    assert stock <= len(MUTANTS) - STOCK_PASSES
