"""The schema comes from the migrations alone, once, from wherever it stands and however many come at once."""

import threading
import uuid
from collections.abc import Iterator

import psycopg
import pytest

from adapters.postgres import migrate
from adapters.postgres.database import HERE
from lab import databases

STEPS = sorted(path.stem for path in (HERE / "migrations").glob("*.sql"))


@pytest.fixture
def empty_database(postgres_dsn: str) -> Iterator[str]:
    with databases.passing(postgres_dsn, f"empty_{uuid.uuid4().hex[:8]}") as empty:
        yield empty


def applied(dsn: str) -> list[str]:
    with psycopg.connect(dsn) as connection:
        rows = connection.execute("SELECT migration_id FROM _yoyo_migration ORDER BY migration_id").fetchall()
    return [row[0] for row in rows]


def test_migrations_apply_from_nothing_and_a_second_time_are_nothing(empty_database: str) -> None:
    assert migrate(empty_database) == len(STEPS)
    assert applied(empty_database) == STEPS
    assert migrate(empty_database) == 0
    assert applied(empty_database) == STEPS


def test_many_who_migrate_at_once_migrate_once(empty_database: str) -> None:
    done: list[int] = []
    threads = [threading.Thread(target=lambda: done.append(migrate(empty_database))) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(done) == [0, 0, len(STEPS)]


def test_an_address_of_another_kind_is_refused_in_one_line() -> None:
    with pytest.raises(ValueError, match="DATABASE_URL: expected postgresql://…, found mysql://…"):
        migrate("mysql://somewhere/else")


def test_every_case_table_belongs_to_a_government(empty_database: str) -> None:
    """Rows that hang on a row with a government need not repeat it; which duties are kept apart is law for all, and
    the reconciler looks at everybody's cases at once."""
    migrate(empty_database)
    with psycopg.connect(empty_database) as connection:
        tables = connection.execute(
            """SELECT t.table_name FROM information_schema.tables t
                WHERE t.table_schema = 'public' AND t.table_type = 'BASE TABLE' AND t.table_name !~ 'yoyo' AND t.table_name NOT IN ('separations', 'mutation_parts', 'placement_steps', 'surge_steps', 'operation_steps', 'reconciler_looks')
                  AND NOT EXISTS (SELECT FROM information_schema.columns c
                                   WHERE c.table_name = t.table_name AND c.column_name = 'government_id')
                  AND NOT EXISTS (SELECT FROM information_schema.table_constraints k
                                   WHERE k.table_name = t.table_name AND k.constraint_type = 'FOREIGN KEY')"""
        ).fetchall()
    assert tables == []
