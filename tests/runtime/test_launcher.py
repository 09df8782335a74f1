"""The launcher on a machine that has nothing yet: a copy of it, toy packages in a folder, no index."""

import base64
import hashlib
import os
import shutil
import stat
import subprocess
import sys
import time
import zipfile
from pathlib import Path

import pytest

from runtime.settings import ROOT, foreign_environment

pytestmark = pytest.mark.long

# The toy uv does what the real one is asked for, by pip; the broken one fails as uv does without its index.
UV = """#!python
import subprocess, sys
if "--broken" in {flags!r}:
    sys.exit("error: no such index")
lock = sys.argv[sys.argv.index("-r") + 1]
print("the toy uv installs", file=sys.stderr)
sys.exit(subprocess.call([sys.executable, "-m", "pip", "install", "--require-hashes", "-r", lock]))
"""
MAIN = """
import json, os, sys
import {package}
told = dict(arguments=sys.argv[1:], cwd=os.getcwd(), path=sys.path[0], toy={package}.__file__)
print(json.dumps(told | dict(bytecode=not sys.dont_write_bytecode)))
"""


def wheel(folder: Path, package: str, files: dict[str, str], *, version: str = "1.0") -> str:
    """Write a wheel and return its line for a lock."""
    information = f"{package}-{version}.dist-info"
    contents = {
        **files,
        f"{information}/METADATA": f"Metadata-Version: 2.1\nName: {package}\nVersion: {version}\n",
        f"{information}/WHEEL": "Wheel-Version: 1.0\nGenerator: toy\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{name},sha256={digest(text)},{len(text)}\n" for name, text in contents.items())
    file = folder / f"{package}-{version}-py3-none-any.whl"
    with zipfile.ZipFile(file, "w") as archive:
        for name, text in {**contents, f"{information}/RECORD": f"{record}{information}/RECORD,,\n"}.items():
            entry = zipfile.ZipInfo(name)
            entry.external_attr = 0o100755 << 16  # pip keeps a script executable, and does not make it so
            archive.writestr(entry, text)
    return f"{package}=={version} \\\n    --hash=sha256:{hashlib.sha256(file.read_bytes()).hexdigest()}\n"


def digest(text: str) -> str:
    return base64.urlsafe_b64encode(hashlib.sha256(text.encode()).digest()).rstrip(b"=").decode()


class Machine:
    """A project folder of mode 0700 with the real launcher and toy locks."""

    def __init__(self, top: Path, *, uv_flags: str = "") -> None:
        self.project, self.wheels = top / "project", top / "wheels"
        self.project.mkdir(mode=0o700)
        self.wheels.mkdir()
        shutil.copy(ROOT / "siaga", self.project)
        self.lock = wheel(self.wheels, "toyrun", {"toyrun.py": ""})
        tools = wheel(self.wheels, "toytest", {"toytest.py": ""})
        uv = wheel(self.wheels, "uv", {"uv-1.0.data/scripts/uv": UV.format(flags=uv_flags)})
        self.write("requirements.lock", self.lock)
        self.write("requirements-dev.lock", self.lock + tools)
        self.write("requirements-uv.lock", uv)
        self.write("app/__init__.py", "")
        self.write("app/cli/__init__.py", "")
        self.write("app/cli/__main__.py", MAIN.format(package="toyrun"))
        self.write("lab/__init__.py", "")
        self.write("lab/test_run.py", MAIN.format(package="toytest"))

    def write(self, name: str, text: str) -> None:
        path = self.project / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def environment(self, **more: str) -> dict[str, str]:
        plain = {
            name: value
            for name, value in foreign_environment().items()
            if not name.startswith(("PIP_", "UV_"))
        }
        return {
            **plain,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": str(self.wheels),
            "PIP_CONFIG_FILE": os.devnull,
            **more,
        }

    def command(self, *arguments: str) -> list[str]:
        # The Python beneath the tests' own, as a user calls it: not one of a venv.
        python = Path(sys.base_prefix, "bin", "python3")
        return [str(python), str(self.project / "siaga"), *arguments]

    def run(self, *arguments: str, cwd: Path | None = None, **more: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            self.command(*arguments),
            env=self.environment(**more),
            cwd=cwd or self.project.parent,
            capture_output=True,
            text=True,
            check=False,
        )


@pytest.fixture(scope="module")
def machine(tmp_path_factory: pytest.TempPathFactory) -> Machine:
    """A machine where the launcher has run once."""
    made = Machine(tmp_path_factory.mktemp("machine"))
    first = made.run("status", "--json")
    assert first.returncode == 0, first.stderr
    assert "siaga: installing 1 packages of requirements.lock" in first.stderr
    assert "the toy uv installs" in first.stderr
    assert first.stdout.count("\n") == 1, "what the installation says must not stand on stdout"
    return made


def test_a_second_call_installs_nothing_and_is_quick(machine: Machine) -> None:
    seconds = []
    for _ in range(5):
        began = time.monotonic()
        done = machine.run("status")
        seconds.append(time.monotonic() - began)
        assert done.stderr == ""
    # The launcher and the toy program together; the best of five, since other work shares the machine.
    assert min(seconds) < 0.3


def test_the_program_gets_the_arguments_the_users_folder_and_our_rooms_alone(
    machine: Machine, tmp_path: Path
) -> None:
    (tmp_path / "app").mkdir()
    (tmp_path / "app" / "__init__.py").write_text("raise SystemExit('a stranger in the house')")
    done = machine.run("roster", "import", "a b", cwd=tmp_path, PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert '"arguments": ["roster", "import", "a b"]' in done.stdout
    assert f'"cwd": "{tmp_path}"' in done.stdout
    assert f'"path": "{machine.project}"' in done.stdout


def test_the_program_keeps_its_bytecode_whatever_the_users_shell_says(machine: Machine) -> None:
    assert '"bytecode": true' in machine.run("status", PYTHONDONTWRITEBYTECODE="1").stdout


def test_the_project_folder_stays_private(machine: Machine) -> None:
    assert stat.S_IMODE(machine.project.stat().st_mode) == 0o700


def test_tests_bring_their_tools_and_satisfy_the_program_too(machine: Machine) -> None:
    tested = machine.run("test", "-k", "one")
    assert tested.returncode == 0, tested.stderr
    assert "installing 2 packages of requirements-dev.lock" in tested.stderr
    assert '"arguments": ["-k", "one"]' in tested.stdout
    assert machine.run("status").stderr == ""


def test_a_changed_lock_is_installed_once(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    assert machine.run("status").returncode == 0
    machine.write("requirements.lock", machine.lock + wheel(machine.wheels, "later", {"later.py": ""}))
    assert "installing 2 packages" in machine.run("status").stderr
    assert machine.run("status").stderr == ""
    # A moved project is another one: the scripts in its venv hold the old path.
    moved = tmp_path / "moved"
    machine.project.rename(moved)
    machine.project = moved
    again = machine.run("status")
    assert again.returncode == 0, again.stderr
    assert f'"toy": "{moved}' in again.stdout


def test_pip_does_it_when_uv_cannot(tmp_path: Path) -> None:
    machine = Machine(tmp_path, uv_flags="--broken")
    done = machine.run("status")
    assert done.returncode == 0, done.stderr
    assert (
        "siaga: uv could not do it (it does not read pip's configuration); falling back to pip" in done.stderr
    )
    assert '"toy": ' in done.stdout


def test_a_package_that_is_not_the_locked_one_is_refused_and_tried_again_next_time(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    wheel(machine.wheels, "toyrun", {"toyrun.py": "print('changed on the way')"})
    done = machine.run("status")
    assert done.returncode == 1
    assert (
        done.stderr.splitlines()[-1]
        == "siaga: the dependencies could not be installed; the reason stands above"
    )
    assert "changed on the way" not in done.stdout
    wheel(machine.wheels, "toyrun", {"toyrun.py": ""})
    assert machine.run("status").returncode == 0


def test_two_first_calls_at_once_install_once(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    started = [
        subprocess.Popen(
            machine.command("status"),
            env=machine.environment(),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        for _ in range(2)
    ]
    told = [process.communicate(timeout=120)[1] for process in started]
    assert [process.returncode for process in started] == [0, 0], told
    assert "".join(told).count("siaga: installing") == 1


def test_a_half_made_venv_is_made_anew(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    (machine.project / ".venv" / "bin").mkdir(parents=True)
    (machine.project / ".venv" / "bin" / "python").write_text("not a program")
    assert machine.run("status").returncode == 0


def test_a_python_without_venv_is_told_how_to_get_it(tmp_path: Path) -> None:
    machine = Machine(tmp_path)
    machine.write("hide/ensurepip.py", "raise ImportError('Debian ships it apart')")
    done = machine.run("status", PYTHONPATH=str(machine.project / "hide"))
    assert done.returncode == 1
    assert done.stderr.splitlines()[-1] == (
        "siaga: Python's venv module is missing; install it:  sudo apt-get install -y python3-venv"
    )
