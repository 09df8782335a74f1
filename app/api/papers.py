"""Papers at the door: whoever may see one is handed it whole, and nothing on the way keeps a copy."""

from __future__ import annotations

from typing import Any

from fastapi import Response

NO_STORE = {"Cache-Control": "no-store"}
PDF: dict[int | str, dict[str, Any]] = {200: {"content": {"application/pdf": {}}}}
"""What a path that hands out a paper says of it."""


def pdf(file: bytes) -> Response:
    """Hand out a paper."""
    return Response(file, media_type="application/pdf", headers=NO_STORE)
