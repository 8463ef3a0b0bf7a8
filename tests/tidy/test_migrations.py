"""Models and migrations say the same."""

from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState
from django.utils.translation import override


def test_migrations_are_in_step_with_the_models():
    with override(None):  # Django's own labels are compared as written, not in Chinese
        missing = changes()
    assert not missing, missing


def changes():
    """Return what `makemigrations` would write, by part."""
    loader = MigrationLoader(None)
    assert not loader.detect_conflicts()
    autodetector = MigrationAutodetector(loader.project_state(), ProjectState.from_apps(apps))
    return {
        label: [str(operation.describe()) for migration in migrations for operation in migration.operations]
        for label, migrations in autodetector.changes(graph=loader.graph).items()
    }
