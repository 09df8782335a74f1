"""What cannot run here is said loudly, with the command that would change it; under CI it is a failure."""

import ast
import subprocess
import sys

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


@pytest.fixture(scope="module", params=["", "true"], ids=["here", "under CI"])
def said(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> tuple[str, str]:
    """What both toys say, run once here and once under CI: (CI, output)."""
    folder = tmp_path_factory.mktemp("toy")
    (folder / "test_toy.py").write_text(TOY)
    (folder / "test_aside.py").write_text(ASIDE)
    options = ["-p", "tests.conftest", "-p", "no:cacheprovider", "-c", "/dev/null", "--rootdir", str(folder)]
    options += ["-o", "markers=needs(program): programs", "--continue-on-collection-errors"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *options, str(folder)],
        env={**foreign_environment(), "CI": request.param, "PYTHONPATH": str(ROOT)},
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    return request.param, done.stdout


def test_what_is_not_run_is_loud_here_and_a_failure_under_ci(said: tuple[str, str]) -> None:
    ci, told = said
    if not ci:
        assert "1 passed, 3 skipped, 1 xfailed" in told
        assert "NOT TESTED HERE" in told
        assert "This machine lacks no-such-program" in told
        assert "apt-get install -y --no-install-recommends no-such-program" in told
        assert "./siaga test --install" in told
    else:
        assert "skipped under CI: Skipped: needs no-such-program" in told
        assert "skipped under CI: Skipped: not today" in told
        assert "skipped under CI: Skipped: all of it" in told
        assert "1 passed, 1 xfailed, 3 errors" in told


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
