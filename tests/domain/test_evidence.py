"""Evidence: what a file is, is told from its content and from nothing else."""

import io
import zipfile

import openpyxl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain.evidence import Media, name_for, salted_sha256, sniff

ODS = "application/vnd.oasis.opendocument.spreadsheet"


def archive(*parts: tuple[str, str], mimetype: str | None = None) -> bytes:
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as made:
        if mimetype:
            made.writestr(zipfile.ZipInfo("mimetype"), mimetype)
        for name, text in parts:
            made.writestr(name, text)
    return held.getvalue()


def workbook() -> bytes:
    held = io.BytesIO()
    openpyxl.Workbook().save(held)
    return held.getvalue()


@pytest.mark.parametrize(
    ("content", "media"),
    [
        (b"%PDF-1.7\n%\xe2\xe3", Media.PDF),
        (b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", Media.PNG),
        (b"\xff\xd8\xff\xe0\0\x10JFIF", Media.JPEG),
        (workbook(), Media.XLSX),
        (archive(("content.xml", "<x/>"), mimetype=ODS), Media.ODS),
        (b"nama,unit\r\nAni,DINKES\r\n", Media.CSV),
        ("\ufeffnama;unit\nAni;DINKES\n".encode(), Media.CSV),
        (b"nama\tunit\nAni\tDINKES\n", Media.CSV),
        (b"Sudah tiba, semua sehat.\n", Media.TXT),
        ("Tiba pukul\u00a07 – lengkap".encode(), Media.TXT),
        (b"<html><script>alert(1)</script></html>", Media.TXT),
        (b"%!PS-Adobe-3.0", Media.TXT),
    ],
)
def test_what_is_taken_is_told_by_its_content(content: bytes, media: Media) -> None:
    assert sniff(content) == media


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b" \n",
        b"MZ\x90\0\x03",
        b"GIF89a\x01\0",
        b"PK\x03\x04",
        archive(("a.txt", "x")),
        archive(("[Content_Types].xml", "x"), ("word/document.xml", "x")),
        archive(("[Content_Types].xml", "x"), ("xl/workbook.xml", "x"), ("xl/vbaProject.bin", "x")),
        archive(("content.xml", "<x/>"), mimetype="application/vnd.oasis.opendocument.text"),
        archive(("content.xml", "x"), ("Basic/Standard/a.xml", "x"), mimetype=ODS),
        archive(("other.xml", "x"), mimetype=ODS),
        b"text\0with nul",
        b"text \x1b[31m with escapes",
        "Indonesia à la 1252".encode("cp1252"),
        b"prefix %PDF-1.7 \x80",
    ],
)
def test_what_is_not_taken(content: bytes) -> None:
    assert sniff(content) is None


@given(st.binary(max_size=400), st.sampled_from([b"", b"PK\x03\x04", b"%PDF-", archive(("a", "b"))[:-30]]))
def test_no_content_breaks_it(content: bytes, start: bytes) -> None:
    assert sniff(start + content) in (None, *Media)


@pytest.mark.parametrize(
    ("name", "media", "wanted"),
    [
        ("laporan.pdf", Media.PDF, "laporan.pdf"),
        ("laporan.PDF", Media.PDF, "laporan.PDF"),
        ("foto.jpeg", Media.JPEG, "foto.jpeg"),
        ("laporan.exe", Media.PDF, "laporan.pdf"),
        ("page.html", Media.TXT, "page.txt"),
        ("laporan", Media.CSV, "laporan.csv"),
        (".html", Media.TXT, ".html.txt"),
        ("a.pdf.html", Media.PDF, "a.pdf.pdf"),
    ],
)
def test_a_name_ends_as_its_content_is(name: str, media: Media, wanted: str) -> None:
    assert name_for(name, media) == wanted


@given(st.binary(max_size=50), st.text(max_size=10), st.text(max_size=10))
def test_the_hash_needs_the_salt(content: bytes, one: str, other: str) -> None:
    assert (salted_sha256(one, content) == salted_sha256(other, content)) is (one == other)
