"""docker-compose.yml: well formed, and each of our services works as it is written there.

No container engine runs here. So our commands, environments and health checks are taken from the
file and run on the embedded parts, with the two host names replaced; the images of others are not run.
"""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft202012Validator

from runtime.ports import Ports
from runtime.settings import ROOT
from runtime.temporal_server import TemporalServer
from tests.patience import PATIENCE
from tests.signals import hears_sigterm

pytestmark = pytest.mark.long(90)

OURS = ("worker", "relay", "courier", "api")

SCHEMA = json.loads(
    Path(__file__).with_name("data").joinpath("compose-spec.json").read_text(encoding="utf-8")
)


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    return yaml.safe_load((ROOT / "docker-compose.yml").read_text(encoding="utf-8"))


def test_the_file_keeps_to_the_compose_specification(compose: dict[str, Any]) -> None:
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(compose)] == []


@pytest.mark.parametrize(
    ("service", "change"),
    [
        ("api", {"comand": ["python"]}),
        ("worker", {"depends_on": {"migrate": {"condition": "service_finished"}}}),
        ("relay", {"healthcheck": {"tests": ["CMD", "true"]}}),
        ("temporal", {"ports": "7233"}),
    ],
)
def test_the_specification_notices_a_slip(
    service: str, change: dict[str, Any], compose: dict[str, Any]
) -> None:
    broken = {**compose, "services": {**compose["services"]}}
    broken["services"][service] = {**compose["services"][service], **change}
    assert list(Draft202012Validator(SCHEMA).iter_errors(broken)) != []


def test_what_is_named_in_the_file_is_in_the_file(compose: dict[str, Any]) -> None:
    services = compose["services"]
    for service in services.values():
        assert set(service.get("depends_on", {})) <= set(services)
        for volume in service.get("volumes", ()):
            assert volume.partition(":")[0] in compose["volumes"]
        for needed, how in service.get("depends_on", {}).items():
            if how["condition"] == "service_healthy":
                assert "healthcheck" in services[needed], f"{needed} cannot be healthy without a check"


def test_every_image_has_a_version_and_every_port_is_this_hosts_alone(compose: dict[str, Any]) -> None:
    for name, service in compose["services"].items():
        assert re.fullmatch(r"[a-z/-]+:[0-9.]+", service["image"]), name
        assert all(str(port).startswith("127.0.0.1:") for port in service.get("ports", ())), name


def test_our_services_can_write_nothing_but_a_temporary_directory(compose: dict[str, Any]) -> None:
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.search(r"^USER (?!root)", dockerfile, re.MULTILINE)
    assert "--require-hashes -r requirements.lock" in dockerfile
    for name in ("migrate", *OURS):
        service = compose["services"][name]
        assert (service["read_only"], service["tmpfs"], service["cap_drop"]) == (True, ["/tmp"], ["ALL"])


def test_no_secret_stands_in_the_file() -> None:
    text = (ROOT / "docker-compose.yml").read_text(encoding="utf-8")
    for line in text.splitlines():
        if re.search(r"PASSWORD|PWD", line) and ":" in line and not line.lstrip().startswith("#"):
            assert "${POSTGRES_PASSWORD:?" in line, line


def test_migrations_run_as_written(
    compose: dict[str, Any], postgres_dsn: str, temporal_server: TemporalServer
) -> None:
    environment = _environment(compose["services"]["migrate"], postgres_dsn, temporal_server.address)
    done = _run(compose["services"]["migrate"]["command"], environment)
    assert done.returncode == 0, done.stderr


@pytest.mark.parametrize("name", OURS)
def test_a_service_is_healthy_as_written_and_ends_when_told(
    name: str,
    compose: dict[str, Any],
    database: str,
    temporal_server: TemporalServer,
    tmp_path_factory: pytest.TempPathFactory,
) -> None:
    service = compose["services"][name]
    environment = _environment(service, database, temporal_server.address)
    port = Ports(tmp_path_factory.mktemp("ports") / "ports.json").claim("api")
    if "SIAGA_API_PORT" in environment:
        environment |= {"SIAGA_API_HOST": "127.0.0.1", "SIAGA_API_PORT": str(port)}
    # A queue of its own: the health of this worker must not be another one's.
    environment["SIAGA_TASK_QUEUE"] = f"compose-{name}"
    check = service["healthcheck"]["test"]
    assert check[0] == "CMD"
    if name not in (
        "relay",
        "courier",
    ):  # nothing waits to be delivered, so one that is not there leaves no trace yet
        assert _run(check[1:], environment).returncode == 1, "healthy before it was started"
    with _started(service["command"], environment) as process:
        _until_healthy(check[1:], environment, process)
        _until_it_listens(process)
        process.send_signal(signal.SIGTERM)
        assert process.wait(PATIENCE) == 0


def _until_it_listens(process: subprocess.Popen[str]) -> None:
    """Wait until the process has a handler for SIGTERM: some are healthy before, for nothing waits for them yet."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if hears_sigterm(process.pid):
            return
        time.sleep(0.1)
    raise AssertionError("the process never handled SIGTERM")


def _environment(service: dict[str, Any], dsn: str, engine: str) -> dict[str, str]:
    ours = {key: str(value) for key, value in service["environment"].items()}
    assert "@postgres:5432/" in ours["DATABASE_URL"]
    ours |= {"DATABASE_URL": dsn, "TEMPORAL_ADDRESS": engine}
    return {**os.environ, **ours, "PYTHONPATH": str(ROOT)}


def _python(command: list[str]) -> list[str]:
    return [sys.executable, *command[1:]] if command[0] == "python" else command


def _run(command: list[str], environment: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        _python(command),
        env=environment,
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=PATIENCE,
    )


@contextmanager
def _started(command: list[str], environment: dict[str, str]) -> Iterator[subprocess.Popen[bytes]]:
    with subprocess.Popen(_python(command), env=environment, cwd=ROOT) as process:
        try:
            yield process
        finally:
            process.kill()


def _until_healthy(check: list[str], environment: dict[str, str], process: subprocess.Popen[bytes]) -> None:
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends:
        assert process.poll() is None, "the service ended by itself"
        done = _run(check, environment)
        if done.returncode == 0:
            return
        time.sleep(0.5)
    pytest.fail(f"not healthy within {PATIENCE:.0f} s: {done.stderr}")
