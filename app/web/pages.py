"""Making a page of a template: its style inside, no script, nothing fetched."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import jinja2
from markupsafe import Markup

HERE = Path(__file__).parent

_pages = jinja2.Environment(
    loader=jinja2.FileSystemLoader(HERE / "templates"),
    autoescape=True,
    undefined=jinja2.StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


def page(template: str, **what: object) -> str:
    """Return a page that stands alone; `what` is for its template."""
    style = (HERE / "siaga.css").read_text(encoding="utf-8")
    return _pages.get_template(template).render(
        style=Markup(style),  # noqa: S704 - our own file
        style_hash=style_hash(style),
        **what,
    )


def style_hash(style: str) -> str:
    """The one style that the page's own policy lets a browser apply."""
    return "sha256-" + base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
