"""How a machine's whole table is put on a page."""

from __future__ import annotations

from app.sentences import sentence
from domain.state_table import Table, codes_of, render


def page(title: str, about: str, table: Table, names: dict[str, str] | None = None) -> str:
    """Return a page: the table, and what each code of a refusal tells people."""
    codes = "\n".join(f"| `{code}` | {sentence(code)} |" for code in codes_of(table))
    return f"# {title}\n\n{about}\n\n{render(table, names)}\n\n| refused with | what it tells |\n|---|---|\n{codes}\n"
