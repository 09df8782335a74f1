"""What cannot run here is said loudly, with the command that would change it; under CI it is a failure."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest

from lab.machine import DEBIAN_PACKAGE, install, install_command, lacking
from runtime.settings import ROOT, foreign_environment
from tests.house.source import modules

pytestmark = pytest.mark.long

TOY = """
import pytest

@pytest.mark.needs("no-such-program", "pdftotext")
def test_with_a_program():
    assert True

@pytest.mark.skip(reason="not today")
def test_put_aside():
    assert True

@pytest.mark.xfail(reason="known", strict=True)
def test_expected_to_fail():
    assert False

def test_plain():
    assert True
"""
ASIDE = "import pytest\npytest.skip('all of it', allow_module_level=True)\n"


def run_toy(folder: Path, text: str, *, ci: str) -> str:
    (folder / "test_toy.py").write_text(text)
    options = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(folder)]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, "-o", "markers=needs(program): programs", str(folder)],
        env={**foreign_environment(), "CI": ci, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return done.stdout


def test_a_missing_program_skips_loudly_with_the_command_that_installs_it(tmp_path: Path) -> None:
    said = run_toy(tmp_path, TOY, ci="")
    assert "1 passed, 2 skipped, 1 xfailed" in said
    assert "NOT TESTED HERE" in said
    assert "This machine lacks no-such-program" in said
    assert "apt-get install -y --no-install-recommends no-such-program" in said
    assert "./siaga test --install" in said


def test_under_ci_a_skip_is_a_failure_and_an_expected_failure_is_not(tmp_path: Path) -> None:
    said = run_toy(tmp_path, TOY, ci="true")
    assert "skipped under CI: Skipped: needs no-such-program" in said
    assert "skipped under CI: Skipped: not today" in said
    assert "1 passed, 1 xfailed, 2 errors" in said


def test_under_ci_a_module_that_puts_itself_aside_is_a_failure(tmp_path: Path) -> None:
    assert "skipped under CI: Skipped: all of it" in run_toy(tmp_path, ASIDE, ci="true")
    assert "1 skipped" in run_toy(tmp_path, ASIDE, ci="")


def test_several_programs_of_one_package_are_one_package() -> None:
    assert install_command(["pdftotext", "qpdf", "pdftoppm"]).endswith(" poppler-utils qpdf")


def test_what_is_there_is_not_lacking() -> None:
    assert lacking(["sh", "no-such-program"]) == ["no-such-program"]


def test_who_is_not_root_is_told_what_root_would_type(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("os.geteuid", lambda: 1000)
    told = install(["qpdf"])
    assert told
    assert told.endswith("apt-get install -y --no-install-recommends qpdf") or "is no Debian" in told
    assert install([]) is None


def test_every_program_that_a_test_needs_can_be_installed() -> None:
    wanted = {
        word.value
        for module in modules()
        if module.room == "tests" and module.path.name != "test_skips.py"
        for node in ast.walk(module.tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "needs"
        for word in node.args
        if isinstance(word, ast.Constant)
    }
    assert wanted <= set(DEBIAN_PACKAGE)
