"""PostgreSQL behind the ports: the only room with SQL and with asyncpg."""

from adapters.postgres.database import Database, migrate

__all__ = ["Database", "migrate"]
