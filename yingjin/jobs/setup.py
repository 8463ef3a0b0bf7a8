"""Make Django ready for a command."""

import os


def django() -> None:
    """Set Django up once; commands that touch the database call this before importing models."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yingjin.settings")
    import django as framework

    framework.setup()


def migrate() -> None:
    """Bring the database to the present tables, quietly."""
    from django.core.management import call_command

    call_command("migrate", verbosity=0, interactive=False)
