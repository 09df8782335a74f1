"""Files that only their owner may read: passwords, addresses that hold them."""

import os
from pathlib import Path


def write_private(file: Path, text: str) -> None:
    """Write `file` whole or not at all, mode 0600 from its first byte on."""
    half = file.with_name(f"{file.name}.half")
    half.unlink(missing_ok=True)
    with os.fdopen(os.open(half, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as writer:
        writer.write(text)
    half.replace(file)
