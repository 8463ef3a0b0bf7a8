"""What a connection to PostgreSQL says about whose rows it may see, and what is taken back of it; read before Django is
ready (`row_security`)."""

from typing import Any

EVERYTHING = "-c app.everything=yes"  # as libpq takes it at connecting
NAMES = ("app.everything", "app.region", "app.facility", "plan_cache_mode")
RESET = "; ".join(f"RESET {name}" for name in NAMES)


def forget(connection: Any) -> None:
    """Take back what a psycopg connection may see, and how it plans, before the pool gives it to somebody else."""
    connection.execute(RESET)
    connection.commit()
