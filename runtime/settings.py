"""The settings of every process, and the only reader of the environment.

Each setting is one environment variable; `docs` and `Settings` are the same list. A bad value ends the program
with one line that names the variable, what it holds and what was expected.
"""

import ipaddress
import os
import re
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Annotated, Literal, Self
from urllib.parse import SplitResult, urlsplit

from pydantic import AfterValidator, Field, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

ROOT = Path(__file__).resolve().parent.parent


class SettingsError(Exception):
    """A setting has a value that cannot be meant; the message is one line for the user."""


def _host_and_port(text: str) -> str:
    host, _, port = text.rpartition(":")
    if not host or not port.isdecimal() or not 0 < int(port) < 65536:
        msg = "expected HOST:PORT, for example 127.0.0.1:7233"
        raise ValueError(msg)
    return text


def _url(expected: str, whole: Callable[[SplitResult], object]) -> Callable[[str], str]:
    """Return what takes an address that is whole; its words never hold the address, which may hold a password."""

    def taken(text: str) -> str:
        try:
            holds = whole(urlsplit(text))
        except ValueError:  # urlsplit's own words quote the password
            holds = False
        if not holds:
            raise ValueError(expected)
        return text

    return taken


def _plain(url: SplitResult) -> bool:
    """Whether it is an address on the web and nothing more: it is told in errors, and a path is put behind it."""
    more = url.username or url.password or url.query or url.fragment
    return bool(url.scheme in ("http", "https") and url.hostname and not more)


def _secret(text: str) -> str:
    if not (text.isascii() and text.isprintable()) or " " in text:
        msg = "expected letters, digits and signs of ASCII"
        raise ValueError(msg)
    return text


def _private(url: SplitResult) -> bool:
    """Whether nobody on the way can read along."""
    return url.scheme == "https" or url.hostname in ("127.0.0.1", "::1", "localhost")


_postgres_url = _url(
    "expected postgresql://USER:PASSWORD@HOST:PORT/DATABASE",
    lambda url: url.scheme in ("postgres", "postgresql") and url.path.strip("/") and url.port != 0,
)
_web_url = _url("expected http://HOST/PATH or https://HOST/PATH, and no password in it", _plain)
_service_url = _url(
    "expected https://HOST/PATH, and no password in it; http:// only on this machine",
    lambda url: _plain(url) and _private(url),
)


def _name(text: str) -> str:
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,62}", text):
        msg = "expected a name of letters, digits, '.', '_' and '-'"
        raise ValueError(msg)
    return text


def _networks(text: str) -> str:
    try:
        parsed = [ipaddress.ip_network(part.strip()) for part in text.split(",")]
    except ValueError:
        parsed = []
    if not parsed:
        msg = "expected networks, for example 127.0.0.0/8,10.20.0.0/16"
        raise ValueError(msg)
    return text


Name = Annotated[str, AfterValidator(_name)]
Port = Annotated[int, Field(ge=1, le=65535)]


class Settings(BaseSettings):
    """Where this process finds its parts. Immutable: read once at the start, then handed down."""

    model_config = SettingsConfigDict(
        frozen=True, extra="ignore", env_ignore_empty=True, populate_by_name=True, hide_input_in_errors=True
    )

    data: Path = Field(default=ROOT / ".siaga", alias="SIAGA_DATA")
    """The directory of everything that `up` keeps: database, engine, logs, ports, passwords."""

    database_url: Annotated[str, AfterValidator(_postgres_url)] | None = Field(
        default=None, alias="DATABASE_URL", repr=False
    )
    """A PostgreSQL (18 or newer) to use in place of the embedded one. Holds a password: never shown."""

    temporal_address: Annotated[str, AfterValidator(_host_and_port)] | None = Field(
        default=None, alias="TEMPORAL_ADDRESS"
    )
    """A Temporal server to use in place of the embedded one."""

    temporal_namespace: Name = Field(default="default", alias="TEMPORAL_NAMESPACE")
    task_queue: Name = Field(default="staffing", alias="SIAGA_TASK_QUEUE")

    api_host: str = Field(default="127.0.0.1", alias="SIAGA_API_HOST")
    api_port: Port = Field(default=8600, alias="SIAGA_API_PORT")

    deliveries_days: int = Field(default=90, ge=1, alias="SIAGA_DELIVERIES_DAYS")
    """How many days the record of a delivered event is kept."""

    postgres_account: Name = Field(default="nobody", alias="SIAGA_POSTGRES_ACCOUNT")
    """The operating-system account of the embedded PostgreSQL when we run as root, which it refuses to."""

    subscriber_networks: Annotated[str, AfterValidator(_networks)] | None = Field(
        default=None, alias="SIAGA_SUBSCRIBER_NETWORKS"
    )
    """Networks that are not public and may be told of events all the same; without, none."""

    signing_url: Annotated[str, AfterValidator(_service_url)] | None = Field(
        default=None, alias="SIAGA_SIGNING_URL", repr=False
    )
    """A signing service that holds the keys of the offices; without it and without a token, keys of our own."""

    signing_token: Annotated[str, AfterValidator(_secret)] | None = Field(
        default=None, alias="SIAGA_SIGNING_TOKEN", repr=False
    )
    """What that service knows us by. A secret: never shown."""

    signing_trust: Path | None = Field(default=None, alias="SIAGA_SIGNING_TRUST")
    """A PEM file of the roots to believe, what leads to them, and revocation lists; for keys that are not our own."""

    stamps_url: Annotated[str, AfterValidator(_web_url)] | None = Field(
        default=None, alias="SIAGA_STAMPS_URL", repr=False
    )
    """A time-stamp server (RFC 3161) to use in place of our own; its root is in the file above."""

    token_library: Path | None = Field(default=None, alias="SIAGA_TOKEN_LIBRARY")
    """The PKCS#11 library of a hardware module that holds the keys of the offices."""

    token_name: str | None = Field(default=None, alias="SIAGA_TOKEN_NAME")
    token_pin: str | None = Field(default=None, alias="SIAGA_TOKEN_PIN", repr=False)
    """The PIN of that module's token. A secret: never shown."""

    token_certificates: Path | None = Field(default=None, alias="SIAGA_TOKEN_CERTIFICATES")
    """The directory of the certificates of its keys: `wali-kota-kupang.pem`, as the keys are called on it."""

    log_level: Literal["debug", "info", "warning", "error"] = Field(default="info", alias="SIAGA_LOG_LEVEL")

    @classmethod
    def load(cls, **given: object) -> Self:
        """Read the environment; what is `given` (by field name) comes before it. Raises SettingsError."""
        try:
            settings = cls(**given)  # type: ignore[arg-type]  # pydantic judges the values
        except ValidationError as error:
            raise SettingsError(_one_line(error)) from None
        return settings.model_copy(update={"data": settings.data.expanduser().absolute()})

    @property
    def api_url(self) -> str:
        host = f"[{self.api_host}]" if ":" in self.api_host else self.api_host
        return f"http://{host}:{self.api_port}"

    @property
    def near_networks(self) -> tuple[ipaddress.IPv4Network | ipaddress.IPv6Network, ...]:
        """The networks of `subscriber_networks`."""
        given = self.subscriber_networks
        return tuple(ipaddress.ip_network(part.strip()) for part in given.split(",")) if given else ()

    def need_database_url(self) -> str:
        """The database's address, for a process that cannot be without. Raises SettingsError."""
        if self.database_url is None:
            msg = "DATABASE_URL is not set; run this under `./siaga up`, or name a PostgreSQL"
            raise SettingsError(msg)
        return self.database_url

    def need_signing_trust(self) -> Path:
        """The file that says whom to believe, where keys are not our own. Raises SettingsError."""
        if self.signing_trust is None:
            msg = (
                "SIAGA_SIGNING_TRUST is not set; name the roots of whoever certifies the keys, as a PEM file"
            )
            raise SettingsError(msg)
        return self.signing_trust

    def need_signing_token(self) -> str:
        """What the signing service knows us by. Raises SettingsError."""
        if self.signing_token is None:
            msg = "SIAGA_SIGNING_TOKEN is not set; the signing service answers nobody whom it does not know"
            raise SettingsError(msg)
        return self.signing_token

    def need_token(self) -> tuple[str, str]:
        """The label and the PIN of a hardware module's token. Raises SettingsError: a wrong PIN may lock it."""
        if self.token_name is None or self.token_pin is None:
            missing = "SIAGA_TOKEN_NAME" if self.token_name is None else "SIAGA_TOKEN_PIN"
            raise SettingsError(f"{missing} is not set; the hardware module's token has a label and a PIN")
        return self.token_name, self.token_pin

    def need_token_certificates(self) -> Path:
        """Where the certificates of a hardware module's keys are. Raises SettingsError."""
        if self.token_certificates is None:
            msg = "SIAGA_TOKEN_CERTIFICATES is not set; name the directory of the certificates of the token's keys"
            raise SettingsError(msg)
        return self.token_certificates

    def need_temporal_address(self) -> str:
        """The engine's address, for a process that cannot be without. Raises SettingsError."""
        if self.temporal_address is None:
            msg = "TEMPORAL_ADDRESS is not set; run this under `./siaga up`, or name a Temporal server"
            raise SettingsError(msg)
        return self.temporal_address

    def environment(self) -> dict[str, str]:
        """These settings as environment variables, over what this process was given: for a child process."""
        ours = {
            field.alias: str(value)
            for name, field in type(self).model_fields.items()
            if field.alias and (value := getattr(self, name)) is not None
        }
        return {**os.environ, **ours}


def foreign_environment() -> dict[str, str]:
    """What this process was given, without any setting of ours: for a child that must start from the defaults."""
    ours = {field.alias for field in Settings.model_fields.values()}
    return {name: value for name, value in os.environ.items() if name not in ours}


def under_ci(environment: Mapping[str, str] = os.environ) -> bool:
    """Say whether a forge runs us: then a skipped test is a failure, and what is missing is installed."""
    return environment.get("CI", "").lower() in ("true", "1", "yes")


def _one_line(error: ValidationError) -> str:
    first = error.errors(include_url=False)[0]
    names = {alias for field in Settings.model_fields.values() if (alias := field.alias)}
    name = str(first["loc"][0]) if first["loc"] else "settings"
    shown = name if name in names else Settings.model_fields[name].alias
    secret = any(field.alias == shown and not field.repr for field in Settings.model_fields.values())
    got = "" if secret else f", got {first['input']!r}"
    return f"{shown}: {first['msg'].removeprefix('Value error, ')}{got}"
