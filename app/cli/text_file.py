"""Text of a file that the user hands in, whichever program of an office has written it."""

from __future__ import annotations

from pathlib import Path

from app.cli.session import USAGE, Trouble

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))


def text_of(path: Path) -> str:
    """Return the text: UTF-8 or UTF-16 by its mark, else UTF-8, else the code page of older Windows; raises Trouble."""
    try:
        content = path.read_bytes()
    except FileNotFoundError:
        raise Trouble(f"{path}: no such file", USAGE) from None
    except OSError as error:
        raise Trouble(f"{path}: not readable ({error.strerror})", USAGE) from None
    marked = [encoding for mark, encoding in _MARKS if content.startswith(mark)]
    for encoding in marked or ("utf-8", "cp1252"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise Trouble(f"{path}: expected text, in UTF-8", USAGE)
