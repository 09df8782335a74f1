"""What the tests need of the machine beside Python's packages, and how Debian brings it."""

import os
import shutil
import subprocess
from collections.abc import Iterable
from pathlib import Path

from runtime.settings import foreign_environment

DEBIAN_PACKAGE = {
    "chromium": "chromium",
    "pdftotext": "poppler-utils",
    "pdftoppm": "poppler-utils",
    "pdffonts": "poppler-utils",
    "pdfinfo": "poppler-utils",
    "pdfsig": "poppler-utils",
    "qpdf": "qpdf",
    "certutil": "libnss3-tools",
    "softhsm2-util": "softhsm2",
    "openssl": "openssl",
}


def lacking(programs: Iterable[str] = DEBIAN_PACKAGE) -> list[str]:
    """Those of the programs that are not on this machine's path."""
    return [program for program in programs if not shutil.which(program)]


def install_command(programs: Iterable[str]) -> str:
    """The command that brings these programs to a Debian machine, for root."""
    packages = sorted({DEBIAN_PACKAGE.get(program, program) for program in programs})
    return f"apt-get install -y --no-install-recommends {' '.join(packages)}"


def install(programs: Iterable[str]) -> str | None:
    """Install these programs; returns why it cannot be done, in one line, or None when it is done."""
    wanted = list(programs)
    if not wanted:
        return None
    if not Path("/etc/debian_version").exists():
        return f"this machine is no Debian; it lacks {', '.join(wanted)}"
    command = install_command(wanted)
    if os.geteuid() != 0:
        return f"installing needs root:  sudo {command}"
    environment = {**foreign_environment(), "DEBIAN_FRONTEND": "noninteractive"}
    for words in (["apt-get", "update", "-q"], command.split()):
        if subprocess.run(words, check=False, env=environment).returncode != 0:
            return f"`{' '.join(words)}` failed; its reason stands above"
    return None
