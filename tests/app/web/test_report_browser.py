"""The page in a real browser: nothing wider than the screen, nothing refused, nothing inaccessible, light and dark."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, Page, sync_playwright

from app.web.report import render
from domain.report import build
from tests.app.web.scenes import flood, many_people, nothing_yet, one_person, wita

pytestmark = [pytest.mark.long, pytest.mark.needs("chromium")]

LAUNCH = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
PAGES = {
    "flood": (flood, wita(15, 14, 20)),
    "home": (flood, wita(28)),
    "planned": (flood, wita(3, 12)),
    "zero": (nothing_yet, wita(3, 5)),
    "one": (one_person, wita(10)),
    "many": (many_people, wita(12)),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=LAUNCH)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("pages")
    written = {}
    for name, (scene, at) in PAGES.items():
        written[name] = folder / f"{name}.html"
        written[name].write_text(render(build(scene().source(at))), encoding="utf-8")
    return written


def opened(browser: Browser, file: Path, width: int, scheme: str = "light") -> tuple[Page, list[str]]:
    page = browser.new_page(viewport={"width": width, "height": 900}, color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    page.on(
        "request", lambda request: said.append(request.url) if not request.url.startswith("file:") else None
    )
    page.goto(file.as_uri())
    return page, said


@pytest.mark.parametrize("width", [360, 768, 1280])
@pytest.mark.parametrize("name", PAGES)
def test_nothing_is_wider_than_the_screen(
    browser: Browser, files: dict[str, Path], name: str, width: int
) -> None:
    page, said = opened(browser, files[name], width)
    page.evaluate("document.querySelectorAll('details').forEach(d => d.open = true)")
    assert page.evaluate("document.documentElement.scrollWidth") <= width
    outside = page.evaluate(
        """width => [...document.querySelectorAll('text, h1, h2, p, span, b, li')]
            .filter(e => !e.closest('.defs, .vh, .clip') && e.getClientRects().length)
            .filter(e => { const r = e.getBoundingClientRect(); return r.right > width + 0.5 || r.left < -0.5 })
            .map(e => e.textContent)""",
        width,
    )
    assert outside == []
    # What its own policy refused, or what it reached for, would stand here.
    assert said == []
    page.close()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_kept_out(browser: Browser, files: dict[str, Path], name: str, scheme: str) -> None:
    for width in (360, 1280):
        page, _ = opened(browser, files[name], width, scheme)
        found = Axe().run(page)
        assert found.violations_count == 0, found.generate_report()
        page.close()


def test_dark_is_dark_and_light_is_light(browser: Browser, files: dict[str, Path], tmp_path: Path) -> None:
    grounds = {}
    for scheme in ("light", "dark"):
        page, _ = opened(browser, files["flood"], 1280, scheme)
        page.screenshot(path=tmp_path / f"{scheme}.png", full_page=True)
        grounds[scheme] = page.evaluate("getComputedStyle(document.body).backgroundColor")
        assert (tmp_path / f"{scheme}.png").stat().st_size > 50_000
        page.close()
    assert grounds == {"light": "rgb(250, 249, 246)", "dark": "rgb(18, 23, 27)"}


def test_the_bars_are_as_long_as_their_numbers(browser: Browser, files: dict[str, Path]) -> None:
    page, _ = opened(browser, files["flood"], 1280)
    rows = page.evaluate(
        """[...document.querySelectorAll('#kebutuhan .row')].map(row => ({
            filled: Number(row.querySelector('.r b').textContent),
            width: row.querySelector('.fa').getBoundingClientRect().width}))"""
    )
    scale = rows[0]["width"] / rows[0]["filled"]
    assert len(rows) == 8
    for row in rows:
        assert row["width"] == pytest.approx(row["filled"] * scale, rel=0.01)
    page.close()


def test_now_and_the_end_of_the_status_run_through_every_row(
    browser: Browser, files: dict[str, Path]
) -> None:
    page, _ = opened(browser, files["flood"], 1280)
    tops = page.evaluate(
        """[...document.querySelectorAll('#jadwal .g .row')].map(row => {
            const box = row.getBoundingClientRect(), svg = row.querySelector('svg').getBoundingClientRect();
            return [box.height - svg.height, row.querySelectorAll('use').length] })"""
    )
    assert len(tops) > 15
    assert [gap for gap, grid in tops if grid and abs(gap) > 1] == []
    page.close()


def test_on_paper_all_is_open_and_the_menu_is_gone(
    browser: Browser, files: dict[str, Path], tmp_path: Path
) -> None:
    page, _ = opened(browser, files["many"], 1280, "dark")
    page.emulate_media(media="print")
    assert page.locator(".top").is_hidden()
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") == "rgb(255, 255, 255)"
    pdf = page.pdf(path=tmp_path / "report.pdf", prefer_css_page_size=True)
    assert pdf.startswith(b"%PDF")
    page.close()
