"""Make Django ready for a command."""

import os

from yingjin.basics.errors import Conflict


def django() -> None:
    """Set Django up once; commands that touch the database call this before importing models."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingjin.settings")
    import django as framework

    framework.setup()


def migrate() -> None:
    """Bring the database to the present tables, quietly. Errors: Conflict when it does not answer."""
    from django.core.management import call_command
    from django.db import OperationalError

    try:
        call_command("migrate", verbosity=0, interactive=False)
    except OperationalError as error:
        why = str(error).splitlines()[0]
        raise Conflict(
            f"数据库用不了：{why}。看它开着没有、YINGJIN_DATABASE_URL 对不对；yingjin doctor 会逐项查。",
            f"The database does not answer: {why}. See that it runs and YINGJIN_DATABASE_URL is right; try yingjin doctor.",
        ) from None
