"""The page as a file: it stands alone, keeps its own strict policy, and its numbers agree with each other."""

import base64
import hashlib
import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from app.web.report import render
from domain.report import build
from tests.app.web.scenes import flood, many_people, nothing_yet, one_person, wita

VOID = {"meta", "link", "br", "input", "img"}


class Page(HTMLParser):
    """Reads a page strictly: what is opened is closed in order; keeps elements and the text under each class."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.open: list[tuple[str, dict[str, str]]] = []
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.texts: list[tuple[tuple[str, ...], str]] = []
        self.feed(html)
        self.close()
        assert self.open == []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in {self.get_starttag_text()}"
        element = tag, {name: value or "" for name, value in attrs}
        self.elements.append(element)
        if tag not in VOID:
            self.open.append(element)

    def handle_startendtag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.handle_starttag(tag, attrs)
        if tag not in VOID:
            self.handle_endtag(tag)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop()[0] == tag, f"</{tag}> out of order"

    def handle_data(self, data: str) -> None:
        path = tuple(f"{tag}.{attrs.get('class', '')}#{attrs.get('id', '')}" for tag, attrs in self.open)
        if data.strip():
            self.texts.append((path, data.strip()))

    def under(self, *marks: str) -> list[str]:
        """The texts whose ancestors carry all the marks, in order of the page."""
        return [
            text for path, text in self.texts if all(any(mark in step for step in path) for mark in marks)
        ]


@pytest.fixture(scope="module")
def html() -> str:
    return render(build(flood().source(wita(15, 14, 20))))


@pytest.fixture(scope="module")
def page(html: str) -> Page:
    return Page(html)


@pytest.mark.parametrize(
    "scene", [flood, one_person, many_people, nothing_yet], ids=lambda scene: scene.__name__
)
@pytest.mark.parametrize("day", [4, 15, 28])
def test_every_page_is_whole_and_reaches_for_nothing(scene, day: int) -> None:
    html = render(build(scene().source(wita(day))))
    page = Page(html)
    assert not re.search(r"https?:|//[a-z]|<script|javascript:|@import", html)
    assert {tag for tag, _ in page.elements}.isdisjoint({"script", "iframe", "img", "object", "form", "base"})
    for tag, attributes in page.elements:
        assert "style" not in attributes, tag
        assert not [name for name in attributes if name.startswith("on")], tag
        for name in ("href", "src"):
            assert attributes.get(name, "#").startswith(("#", "data:,")), (tag, attributes)
    ids = [attributes["id"] for _, attributes in page.elements if "id" in attributes]
    assert len(ids) == len(set(ids))
    for target in re.findall(r'(?:href="|url\()#([^")]+)', html):
        assert target in ids


def test_the_policy_lets_in_the_pages_own_style_and_nothing_else(html: str) -> None:
    style = re.search(r"<style>(.*?)</style>", html, re.DOTALL)
    policy = re.search(r'Content-Security-Policy" content="([^"]*)"', html)
    assert style
    assert policy
    rules = dict(rule.strip().split(" ", 1) for rule in policy[1].replace("&#39;", "'").split(";"))
    digest = base64.b64encode(hashlib.sha256(style[1].encode()).digest()).decode()
    assert rules == {
        "default-src": "'none'",
        "style-src": f"'sha256-{digest}'",
        "img-src": "data:",
        "base-uri": "'none'",
        "form-action": "'none'",
    }


def test_the_numbers_that_are_printed_agree_with_each_other(page: Page) -> None:
    needed, filled, on_site, due_soon, late = (int(text) for text in page.under("dl.kf", "dd.", "b."))
    notes = " ".join(page.under("dl.kf", "dd."))
    pairs = page.under("#kebutuhan", "row q", "r n")
    numbers = [int(text.replace("/", "").replace("−", "-")) for text in pairs]
    assert sum(n for n in numbers if n < 0) == filled - needed
    shown = [(int(a), int(b.replace("/", ""))) for a, b in pairwise(pairs) if b.startswith("/")]
    assert sum(a for a, _ in shown) == filled
    assert sum(b for _, b in shown) == needed
    sites = [text.split(" / ") for text in page.under("ul.sites", "i.n")]
    assert [sum(int(site[n]) for site in sites) for n in (0, 1)] == [filled, needed]
    others = sum(int(n) for n in re.findall(r"(\d+) (?:dalam|belum berangkat|menuju|sudah)", notes))
    assert on_site + others == filled
    assert page.under("#jadwal", "h2") == [
        f"{due_soon} orang pulang dalam 7 hari; {late} sudah lewat tanggal"
    ]
    assert f"kurang {needed - filled}" in notes
    assert page.under("#peta", "h2")[0].startswith(f"{filled} orang dari ")
    causes = " ; ".join(page.under("#kebutuhan", "span.why"))
    assert sum(int(n) for n in re.findall(r"(?:^|; )(\d+) ", causes)) == needed - filled


def test_the_page_says_as_of_when_and_to_which_entry(page: Page) -> None:
    footer = " ".join(page.under("footer")).replace("\u00a0", " ")
    source = flood().source(wita(15, 14, 20))
    assert "s.d. entri 5.2" in footer
    assert "Sen 15 Feb 2027, 14.20 WITA" in footer
    assert " ".join(re.findall("....", source.last_hash[:12])) in footer


def test_synthetic_data_are_marked_and_real_data_are_not() -> None:
    view = build(one_person().source(wita(10)))
    assert "Data sintetis" in render(view)
    assert "Data sintetis" not in render(replace(view, synthetic=False))


def test_names_from_the_registry_are_text_and_never_markup() -> None:
    scene = one_person()
    bad = '<script>alert(1)</script> & "Puskesmas"'
    scene.units[0] = replace(scene.units[0], name=bad)
    scene.lines[0] = replace(scene.lines[0], site=f"Posko {bad}", role=f"role {bad}")
    scene.title = bad
    html = render(build(scene.source(wita(10))))
    Page(html)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") >= 4


def test_more_than_forty_teams_fold_the_ones_that_are_not_urgent() -> None:
    page = Page(render(build(many_people().source(wita(12)))))
    all_rows = [text for path, text in page.texts if "span.vh#" in path[-1]]
    folded = [text for text in all_rows if text in page.under("#jadwal", "details", "span.vh")]
    summary = page.under("#jadwal", "summary")
    assert len(all_rows) == 50
    assert summary == ["30 regu yang pulang lebih dari 7 hari lagi atau sudah pulang"]
    assert len(page.under("#jadwal", "details", "span.vh")) == 30
    assert folded


def test_what_the_pictures_show_is_said_in_words_too(page: Page) -> None:
    spoken = page.under("#jadwal", "span.vh")
    late = "seharusnya pulang 12\u00a0Feb, lewat 2 hari, ditangani Pos komando, koordinator, dan Sekda"
    assert any(late in text for text in spoken)
    assert any("8 bertugas 4\u00a0Feb s.d. 17\u00a0Feb; 8 belum berangkat" in text for text in spoken)


def test_the_same_view_gives_the_same_page() -> None:
    assert render(build(flood().source(wita(15)))) == render(build(flood().source(wita(15))))
