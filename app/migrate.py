"""`python -m app.migrate`: bring the database of DATABASE_URL up to date, once, before anything uses it."""

from __future__ import annotations

import sys

from app.wiring import migrate
from runtime.settings import Settings, SettingsError


def main() -> int:
    """Migrate; 2 when the settings do not say where."""
    try:
        applied = migrate(Settings.load().need_database_url())
    except SettingsError as error:
        sys.stderr.write(f"siaga: {error}\n")
        return 2
    sys.stdout.write(f"siaga: {applied} migrations applied\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
