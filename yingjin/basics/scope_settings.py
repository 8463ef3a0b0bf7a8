"""What a connection to PostgreSQL says about whose rows it may see; read before Django is ready (`row_security`)."""

from typing import Any

EVERYTHING = "-c app.everything=yes"  # as libpq takes it at connecting
NAMES = ("app.everything", "app.region", "app.facility")
RESET = "; ".join(f"RESET {name}" for name in NAMES)


def forget(connection: Any) -> None:
    """Take back what a psycopg connection may see before the pool gives it to somebody else."""
    connection.execute(RESET)
    connection.commit()
