"""The folder of a drill's papers appears whole or not at all, and never in place of something else."""

from pathlib import Path

import pytest

from adapters.postgres.invariants import InvariantResult
from lab.outputs import MARK, Folder, FolderTaken, invariants_table


def test_what_is_published_takes_the_place_of_an_earlier_drill_as_a_whole(tmp_path: Path) -> None:
    out = tmp_path / "out"
    for content in ("first", "second"):
        with Folder(out) as folder:
            folder.write(f"orders/{content}.pdf", b"%PDF")
            folder.write(MARK, content)
            folder.publish()
    assert sorted(str(file.relative_to(out)) for file in out.rglob("*")) == [
        MARK,
        "orders",
        "orders/second.pdf",
    ]
    assert folder.contents() == [MARK, "orders/ (1 files)"]
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_a_drill_that_breaks_off_leaves_the_earlier_papers_and_nothing_half_written(tmp_path: Path) -> None:
    out = tmp_path / "out"
    with Folder(out) as folder:
        folder.write(MARK, "kept")
        folder.publish()

    def break_off() -> None:
        with Folder(out) as folder:
            folder.write(MARK, "half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        break_off()
    assert (out / MARK).read_text() == "kept"
    assert [one.name for one in tmp_path.iterdir()] == ["out"]


def test_a_folder_that_holds_other_things_is_refused_and_untouched(tmp_path: Path) -> None:
    (tmp_path / "tesis.txt").write_text("years of work")
    with pytest.raises(FolderTaken, match="holds other things"), Folder(tmp_path):
        pass
    assert [one.name for one in tmp_path.iterdir()] == ["tesis.txt"]


def test_a_file_or_a_link_in_the_way_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    (tmp_path / "link").symlink_to(tmp_path)
    for name in ("file", "link", "file/below"):
        with pytest.raises(FolderTaken), Folder(tmp_path / name):
            pass


def test_an_empty_folder_may_be_used(tmp_path: Path) -> None:
    (tmp_path / "out").mkdir()
    with Folder(tmp_path / "out") as folder:
        folder.write(MARK, "")
        folder.publish()
    assert (tmp_path / "out" / MARK).exists()


def test_the_table_tells_rows_violations_and_what_is_not_checked_yet() -> None:
    found = (InvariantResult("I1", "one", 1200, 2, ("a / b",)), InvariantResult("I5", "five"))
    table = invariants_table(found)
    assert table[1].split() == ["I1", "1,200", "2", "one"]
    assert table[2].strip() == "violated by a / b"
    assert table[3].split() == ["I5", "not", "checked", "yet", "five"]
    assert [result.holds for result in found] == [False, True]
    assert not InvariantResult("I2", "two", 0).holds
