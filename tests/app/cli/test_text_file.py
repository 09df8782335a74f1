"""Text as the programs of an office write it, and what is none."""

from pathlib import Path

import pytest

from app.cli.session import Trouble
from app.cli.text_file import text_of

WORDS = "nama;José Lobutis\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_is_read_by_its_mark_else_as_utf_8_else_as_older_windows_wrote_it(
    tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "daftar.csv"
    file.write_bytes(WORDS.encode(encoding))
    assert text_of(file) == WORDS


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"\x7fELF\x02\x00", b"\xef\xbb\xbf\xff"])
def test_what_is_no_text_is_named(tmp_path: Path, content: bytes) -> None:
    file = tmp_path / "daftar.csv"
    file.write_bytes(content)
    with pytest.raises(Trouble) as trouble:
        text_of(file)
    assert str(trouble.value) == f"{file}: expected text, in UTF-8"


def test_a_file_that_is_not_there_and_a_folder_are_named(tmp_path: Path) -> None:
    for path, why in ((tmp_path / "no", "no such file"), (tmp_path, "not readable (Is a directory)")):
        with pytest.raises(Trouble) as trouble:
            text_of(path)
        assert str(trouble.value) == f"{path}: {why}"
