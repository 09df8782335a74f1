"""`up`, `down` and `status`: the embedded stack, from the command line.

What the stack needs of the rooms that this file may not import comes in through `Seam`: the composition root fills it.
"""

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, NoReturn

import typer

from runtime.ports import PortTaken
from runtime.postgres_files import PostgresError
from runtime.service import SERVICES, ServiceCommand
from runtime.settings import Settings, SettingsError
from runtime.stack import Stack, StackError, Wishes
from runtime.stack_state import Addresses, AlreadyUp, State, bring_down, is_up, read_state
from runtime.temporal_server import TemporalError

CANNOT_START = PART_DEAD = 1
REFUSED = 2
NOT_UP = 3
DOWN_WITHIN = 60.0  # seconds
ANSWERS_WITHIN = 3.0  # seconds


@dataclass(frozen=True)
class Seam:
    """What `up` calls in other rooms."""

    migrate: Callable[[str], None]
    """Bring the database of this DSN up to date; called before any service starts."""
    load_demo: Callable[[Addresses, Path], Iterable[str]]
    """Load the example city into the running stack of a data directory, once; returns lines to print (a token for each demo person)."""
    services: Sequence[ServiceCommand] = SERVICES
    """Our own processes, in the order of their start."""


Data = Annotated[
    Path | None,
    typer.Option(help="Directory of the stack's data (else SIAGA_DATA, or .siaga beside the program)."),
]
AsJson = Annotated[bool, typer.Option("--json", help="Print JSON, for programs.")]


def _port(of: str) -> Any:  # what typer.Option says of itself
    return typer.Option(min=1, max=65535, help=f"Port of {of}.", show_default=False)


def commands(seam: Seam) -> typer.Typer:
    """The three commands, to be mounted without a name of their own."""
    app = typer.Typer()
    _add_up(app, seam)
    app.command(epilog="Example:  ./siaga down")(down)
    app.command(epilog="Example:  ./siaga status --json")(status)
    return app


def _add_up(app: typer.Typer, seam: Seam) -> None:
    @app.command(epilog="Example:  ./siaga up --demo")
    def up(
        *,
        data: Data = None,
        port: Annotated[int | None, _port("the HTTP API (else last time's, 8600, or a free one)")] = None,
        postgres_port: Annotated[int | None, _port("the embedded PostgreSQL")] = None,
        temporal_port: Annotated[int | None, _port("the embedded Temporal")] = None,
        ui_port: Annotated[int | None, _port("Temporal's web UI")] = None,
        demo: Annotated[
            bool, typer.Option("--demo", help="Load the example city; print a token a person.")
        ] = False,
        as_json: AsJson = False,
    ) -> None:
        """Start the whole stack on this machine and keep it running until Ctrl-C or `down`."""
        settings = _settings(data)
        wishes = Wishes(api=port, postgres=postgres_port, temporal=temporal_port, temporal_ui=ui_port)

        def ready(addresses: Addresses) -> None:
            lines = list(seam.load_demo(addresses, settings.data)) if demo else []
            _announce(addresses, lines, as_json=as_json)

        stack = Stack(settings, prepare=seam.migrate, say=_say, services=seam.services, wishes=wishes)
        try:
            stack.run(ready)
        except AlreadyUp as error:
            _fail(f"{error}; stop it with: ./siaga down{f' --data {data}' if data else ''}", REFUSED)
        except (StackError, PostgresError, TemporalError, PortTaken, OSError) as error:
            _fail(error, CANNOT_START)


def down(*, data: Data = None) -> None:
    """Stop the stack that `up` keeps on this data directory; its data stays."""
    directory = _settings(data).data
    if not is_up(directory):
        _say(f"nothing is up on {directory}")
    elif bring_down(directory, within=DOWN_WITHIN):
        _say(f"stopped; the data stays in {directory}")
    else:
        _fail(f"the stack on {directory} did not stop within {DOWN_WITHIN:.0f} s", CANNOT_START)


def status(*, data: Data = None, as_json: AsJson = False) -> None:
    """Say which parts run, and where. Exit code: 0 all run, 1 a part is dead, 3 nothing is up."""
    directory = _settings(data).data
    state = read_state(directory) if is_up(directory) else None
    view = _view(directory, state)
    view["health"] = _health(state.addresses.api) if state and state.addresses else None
    if as_json:
        typer.echo(json.dumps(view, indent=1))
    else:
        _print(view)
    if not state:
        raise typer.Exit(NOT_UP)
    if not all(part.alive for part in state.parts):
        raise typer.Exit(PART_DEAD)


def _settings(data: Path | None) -> Settings:
    try:
        return Settings.load(**({"data": data} if data else {}))
    except SettingsError as error:
        _fail(error, REFUSED)


def _announce(addresses: Addresses, lines: list[str], *, as_json: bool) -> None:
    if as_json:
        typer.echo(json.dumps({"addresses": addresses.public(), "demo": lines}))
        return
    for name, address in addresses.public().items():
        if address:
            typer.echo(f"{name.replace('_', ' '):<13} {address}")
    for line in lines:
        typer.echo(line)
    _say("up; Ctrl-C stops everything")


def _view(directory: Path, state: State | None) -> dict[str, Any]:
    if state is None:
        return {"up": False, "data": str(directory), "addresses": None, "parts": []}
    return {
        "up": True,
        "data": str(directory),
        "pid": state.supervisor.pid,
        "addresses": state.addresses.public() if state.addresses else None,
        "parts": [
            {
                "name": part.name,
                "alive": part.alive,
                "pid": part.process.pid if part.process else None,
                "restarts": part.restarts,
            }
            for part in state.parts
        ],
    }


def _health(api: str) -> dict[str, Any] | None:
    """Ask the API how the house stands; None when it does not answer."""
    import httpx  # noqa: PLC0415 - heavy, and only this asks

    try:
        told: dict[str, Any] = httpx.get(f"{api}/healthz", timeout=ANSWERS_WITHIN, trust_env=False).json()
    except (httpx.HTTPError, ValueError):
        return None
    return told


def _print_health(health: dict[str, Any]) -> None:
    typer.echo(f"  health     {health.get('status')}")
    if count := health.get("orphans"):
        typer.echo(f"             {count} workflows run with no open case behind: ./siaga orphan list")
    if count := health.get("waiting"):
        typer.echo(f"             {count} decisions wait")


def _print(view: dict[str, Any]) -> None:
    if not view["up"]:
        typer.echo(f"nothing is up on {view['data']}; start it with: ./siaga up")
        return
    typer.echo(f"up on {view['data']}, pid {view['pid']}" + ("" if view["addresses"] else ", still starting"))
    for part in view["parts"]:
        life = f"pid {part['pid']}" if part["alive"] else "DEAD"
        again = f", started again {part['restarts']} times" if part["restarts"] else ""
        typer.echo(f"  {part['name']:<10} {life}{again}")
    if view["health"]:
        _print_health(view["health"])
    for name, address in (view["addresses"] or {}).items():
        if address:
            typer.echo(f"  {name.replace('_', ' '):<13} {address}")


def _say(line: str) -> None:
    typer.echo(f"siaga: {line}", err=True)


def _fail(error: object, code: int) -> NoReturn:
    _say(str(error))
    raise typer.Exit(code)
