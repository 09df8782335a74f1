"""How the number loops of this room are compiled, once a machine and not once a process.

numba keeps what it compiled beside the source file, or under the user's cache directory where the source may not be
written. Where neither can be written (a read-only image run by a user without a home) it raises; then a private
directory under the system's temporary one serves, and without even that each process compiles for itself.
"""

from __future__ import annotations

import os
import stat
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import numba
from numba.core import config

Function = TypeVar("Function", bound=Callable[..., Any])


def compiled(function: Function) -> Function:
    """Compile at the first call, keep the result on disk, and let other threads run meanwhile (`nogil`)."""
    try:
        return numba.njit(function, cache=True, nogil=True)
    except RuntimeError:  # numba found no place for its cache
        place = _private_directory()
        if place is None:
            return numba.njit(function, nogil=True)
    before = config.CACHE_DIR
    config.CACHE_DIR = str(place)
    try:
        return numba.njit(function, cache=True, nogil=True)
    except RuntimeError:
        return numba.njit(function, nogil=True)
    finally:
        config.CACHE_DIR = before


def _private_directory() -> Path | None:
    """A directory that is ours alone: compiled code is loaded from it, so nobody else may write there."""
    place = Path(tempfile.gettempdir()) / f"siaga-kernels-{os.getuid()}"
    try:
        place.mkdir(mode=0o700, exist_ok=True)
        state = place.lstat()
    except OSError:
        return None
    ours = stat.S_ISDIR(state.st_mode) and state.st_uid == os.getuid() and not state.st_mode & 0o077
    return place if ours else None
