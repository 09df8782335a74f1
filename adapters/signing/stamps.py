"""Asks a time-stamp server (RFC 3161) for stamps; whatever goes wrong there is one error, which says where."""

from __future__ import annotations

from datetime import datetime

from asn1crypto import cms, tsp
from pyhanko.sign.timestamps import HTTPTimeStamper
from pyhanko.sign.timestamps.common_utils import TimestampRequestError

from domain.signing import SigningAway

_WITHIN = 10  # seconds


class Stamps(HTTPTimeStamper):
    """The stamps of one server, for one paper."""

    def __init__(self, address: str, paper_id: str) -> None:
        super().__init__(address, timeout=_WITHIN)
        self._paper_id = paper_id
        self._said: datetime | None = None

    @property
    def said(self) -> datetime:
        """The time that the newest stamp says; there must have been one."""
        assert self._said is not None
        return self._said

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Return a stamp on a hash; raises SigningAway."""
        try:
            token = await super().async_timestamp(message_digest, md_algorithm)
            self._said = told_by(token["content"])
        except (TimestampRequestError, TimeoutError) as error:
            why = " ".join(str(error).split())
        except (ValueError, TypeError, KeyError):  # of asn1crypto, which reads lazily
            why = "it refused, or its answer is no stamp"
        else:
            return token
        raise SigningAway(f"{self._paper_id}: no time stamp from {self.url}: {why}")


def told_by(stamp: cms.SignedData) -> datetime:
    """Return the time that a stamp says."""
    info = stamp["encap_content_info"]["content"].parsed
    assert isinstance(info, tsp.TSTInfo)
    at: datetime = info["gen_time"].native
    return at
