"""Who is told of events: addresses that may be told, and signatures.

The signature is that of Standard Webhooks (https://www.standardwebhooks.com, version 1): HMAC-SHA256 over
`id.timestamp.body`. The address guard is against server-side request forgery: an administrator of Siaga names an
address, and must not reach by it what only this machine reaches.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import ipaddress
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network
from urllib.parse import urlsplit

from domain.authority import Actor, Capacity, Tenure
from domain.events import EVENTS, short_type

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

LONGEST_URL = 2_000
SECRET_BYTES = 32
NEAR_SETTING = "SIAGA_SUBSCRIBER_NETWORKS"


class SubscriberState(StrEnum):
    """PAUSED is told nothing and loses nothing; REMOVED is told nothing any more."""

    ACTIVE = "ACTIVE"
    PAUSED = "PAUSED"
    REMOVED = "REMOVED"


@dataclass(frozen=True)
class Subscriber:
    """Who is told: events of `types` (None: all) after the entry `since`. `old_secret` signs too until `old_until`."""

    subscriber_id: str
    government_id: str
    url: str
    types: tuple[str, ...] | None
    secret: bytes
    since: int
    old_secret: bytes | None = None
    old_until: datetime | None = None

    def secrets(self, now: datetime) -> tuple[bytes, ...]:
        """Return what signs now, the newest first."""
        if self.old_secret and self.old_until and now < self.old_until:
            return self.secret, self.old_secret
        return (self.secret,)


def administrates(actor: Actor) -> tuple[str, str | None] | None:
    """Return (authority, on whose behalf) in which the actor administrates, an own office first; None if in none."""
    held = [o for o in actor.appointments if o.capacity == Capacity.OPERATOR and o.scope is None]
    for office in sorted(held, key=lambda office: office.tenure != Tenure.DEFINITIVE):
        own = office.tenure == Tenure.DEFINITIVE
        return (Capacity.OPERATOR if own else f"{Capacity.OPERATOR}/{office.tenure}"), office.principal_id
    return None


# ── where to ──────────────────────────────────────────────────────────────────────────────────────────────────────


def url_fault(url: str, near: tuple[Network, ...]) -> str | None:
    """Say what is wrong with an address that an administrator names, or None; names are judged when they are met."""
    try:
        parts = urlsplit(url)
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return "not a URL"
    if len(url) > LONGEST_URL or not url.isascii() or not url.isprintable() or " " in url:
        return f"expected at most {LONGEST_URL} printable ASCII characters without spaces"
    if parts.scheme not in ("https", "http") or not host:
        return "expected https://HOST/…"
    if parts.username is not None or parts.password is not None or "#" in url or port == 0:
        return "expected no user, no password, no fragment and no port 0"
    address = _literal(host)
    local = host == "localhost" or (address is not None and address.is_loopback)
    if parts.scheme == "http" and not local:
        return "expected https; http is for loopback alone"
    if address is None and local:
        address = IPv4Address("127.0.0.1")
    fault = address_fault(address, near) if address else None
    return f"{host}: {fault}" if fault else None


def address_fault(address: Address, near: tuple[Network, ...]) -> str | None:
    """Say why nothing is sent to an address: it is not a public one, and no setting lets us near it."""
    meant = (address, *_within(address))
    if all(_public(one) for one in meant):
        return None
    inmost = meant[-1]
    if any(inmost in network for network in near):
        return None
    return f"not a public address, and {NEAR_SETTING} does not name its network"


def _public(address: Address) -> bool:
    reserved = address.is_multicast or address.is_reserved or address.is_unspecified
    site = isinstance(address, IPv6Address) and address.is_site_local
    return address.is_global and not reserved and not site


_NAT64 = IPv6Network("64:ff9b::/96")
_COMPATIBLE = IPv6Network("::/96")


def _within(address: Address) -> tuple[Address, ...]:
    """The IPv4 address that an IPv6 one carries: mapped, compatible, NAT64, 6to4 or Teredo."""
    if isinstance(address, IPv4Address):
        return ()
    if address in _NAT64 or (address in _COMPATIBLE and int(address) > 1):
        return (IPv4Address(int(address) & 0xFFFF_FFFF),)
    carried = address.ipv4_mapped or address.sixtofour or (address.teredo and address.teredo[1])
    return (carried,) if carried else ()


def _literal(host: str) -> Address | None:
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def types_fault(types: tuple[str, ...]) -> str | None:
    """Say which of the types asked for does not exist, or None."""
    unknown = [name for name in types if short_type(name) not in EVENTS]
    return f"{unknown[0]!r}, expected types of docs/events.md, for example CheckedIn" if unknown else None


# ── signed by whom ────────────────────────────────────────────────────────────────────────────────────────────────


def shown(secret: bytes) -> str:
    """Return a secret as the subscriber is given it."""
    return "whsec_" + base64.b64encode(secret).decode()


def headers(secrets: tuple[bytes, ...], event_id: str, body: bytes, now: datetime) -> dict[str, str]:
    """Return what proves that we sent this body now: one signature for each secret that is valid."""
    timestamp = str(int(now.timestamp()))
    content = f"{event_id}.{timestamp}.".encode() + body
    made = [base64.b64encode(hmac.new(secret, content, hashlib.sha256).digest()) for secret in secrets]
    return {
        "webhook-id": event_id,
        "webhook-timestamp": timestamp,
        "webhook-signature": " ".join(f"v1,{signature.decode()}" for signature in made),
    }
