"""Make Django ready for a command."""

import gc
import os
from typing import Any

from yingjin.basics.errors import Conflict

SEES = "YINGJIN_SEES"  # settings: what a connection to PostgreSQL sees before anybody says more
NOT_THE_OWNER = "42501"  # PostgreSQL: insufficient_privilege


def django() -> None:
    """Set Django up once; commands that touch the database call this before importing models.

    A command acts for the installation itself: on PostgreSQL its connections see every region.
    """
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingjin.settings")
    os.environ.setdefault(SEES, "everything")
    import django as framework

    framework.setup()


def migrate() -> None:
    """Bring the database to the present tables and policies, quietly; where they are so, change nothing.

    Errors: Conflict when it does not answer, or when its account may not change tables; KeyMissing or KeysDoNotFit
    when the keys beside it are not its own.
    """
    from django.core.management import call_command
    from django.db import OperationalError, ProgrammingError

    from yingjin.basics import keys, resealing, row_security

    try:
        if waiting():
            call_command("migrate", verbosity=0, interactive=False)
            gc.collect()  # the models of the past go now: a ^C that meets their going later would be lost
        row_security.protect()
        resealing.keys_fit()
        keys.provider().current()  # made at the first start, before there is anything to seal
    except OperationalError as error:
        raise _does_not_answer(error) from None
    except ProgrammingError as error:
        if getattr(error.__cause__, "sqlstate", "") != NOT_THE_OWNER:
            raise
        raise Conflict(
            "表结构要升级，可这个数据库账号不能改表。先用表的主人的账号运行一次 yingjin migrate，再来。",
            "The tables must be brought up to date, which this account may not do. Run `yingjin migrate` with the "
            "account that owns the tables, then come back.",
        ) from None


def waiting() -> list[Any]:
    """Return the steps that the tables still lack."""
    from django.db import connection
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connection)
    return list(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def _does_not_answer(error: Exception) -> Conflict:
    why = str(error).splitlines()[0]
    return Conflict(
        f"数据库用不了：{why}。看它开着没有、YINGJIN_DATABASE_URL 对不对；yingjin doctor 会逐项查。",
        f"The database does not answer: {why}. See that it runs and YINGJIN_DATABASE_URL is right; try yingjin doctor.",
    )
