"""relflow's tables, made by relflow itself; the model is only what the admin pages look through.

The tables are relflow's, with their version in them, and the same in every store: written once more as models they
would be a second definition of them. So `migrate` asks the core to bring them to the version that it writes. A core
that is newer than this package is served by `manage.py relflow_migrate`; `check --database` says when.
"""

from __future__ import annotations

from typing import Any

from django.db import migrations, models

from relflow_django.migrating import migrate_on


def forward(apps: Any, editor: Any) -> None:
    """Make the tables on the database that holds the cases."""
    del apps
    migrate_on(editor.connection)


class Migration(migrations.Migration):
    """The tables, in the version that the installed relflow writes."""

    initial = True
    dependencies = []  # noqa: RUF012 - Django reads it from the class
    operations = [  # noqa: RUF012 - as above
        migrations.CreateModel(
            name="CaseRow",
            fields=[
                ("id", models.TextField(primary_key=True, serialize=False)),
                ("tenant", models.TextField()),
                ("workflow", models.TextField()),
                ("key", models.TextField(null=True)),
                ("account", models.TextField(null=True)),
                ("state", models.TextField()),
                ("closed_at", models.BigIntegerField(null=True)),
                ("next_timer", models.BigIntegerField(null=True)),
            ],
            options={
                "managed": False,
                "db_table": "relflow_cases",
                "ordering": ("-id",),
                "default_permissions": ("view",),
                "permissions": (("view_personal", "Can view personal values in cases"),),
                "verbose_name": "case",
                "verbose_name_plural": "cases",
            },
        ),
        # going back keeps the tables: they are the record of what was decided
        migrations.RunPython(forward, migrations.RunPython.noop),
    ]
