"""The program's own files, as the house rules read them."""

import ast
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
ROOMS = (
    "domain",
    "planning",
    "schemas",
    "workflows",
    "activities",
    "adapters",
    "audit",
    "app",
    "runtime",
    "lab",
)


@dataclass(frozen=True)
class Module:
    """One Python file: its path from the root, its text, its syntax tree."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def room(self) -> str:
        """The top-level folder it lies in; its own name for a file at the top."""
        return self.path.parts[0]

    def imports(self) -> Iterator[tuple[int, str]]:
        """Every module that it imports anywhere, with the line."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Import):
                yield from ((node.lineno, alias.name) for alias in node.names)
            elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
                yield node.lineno, node.module


@cache
def committed_files() -> tuple[Path, ...]:
    """Paths from the root of what is, or is about to be, committed; everything but the ignored where git is away."""
    command = ["git", "-C", str(ROOT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    try:
        done = subprocess.run(command, check=True, capture_output=True, text=True)
        names = [name for name in done.stdout.split("\0") if name]
    except (OSError, subprocess.CalledProcessError):
        names = [str(path.relative_to(ROOT)) for path in ROOT.rglob("*") if _not_ignored(path)]
    return tuple(sorted(Path(name) for name in names if (ROOT / name).is_file()))


@cache
def modules() -> tuple[Module, ...]:
    """All Python files, tests included."""
    found = []
    for path in committed_files():
        if path.suffix == ".py" or path == Path("siaga"):
            text = (ROOT / path).read_text()
            found.append(Module(path, text, ast.parse(text, filename=str(path))))
    return tuple(found)


def rooms() -> tuple[Module, ...]:
    """The Python files of the rooms and of `worker.py`, without the tests and the launcher."""
    return tuple(module for module in modules() if module.room in (*ROOMS, "worker.py"))


def _not_ignored(path: Path) -> bool:
    ours = path.relative_to(ROOT).parts
    hidden = any(part.startswith(".") and part != ".ci" for part in ours)
    return path.is_file() and not hidden and "__pycache__" not in ours and ours[0] != "out"
