"""Write the next migration: what the models have and the newest revision lacks. Read it before you commit it.

python tools/migration.py 0002 what_it_adds
"""

from __future__ import annotations

import re
import sys
import tempfile
from typing import Any

from alembic import command
from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from portal import migrations, schema
from portal.db import EXTRAS, Base, Database, UtcDateTime

HEAD = '''"""{title}."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {before!r}
{guards}

def upgrade() -> None:
    """To this revision."""
    {body}
'''


def plain(kind: str, thing: Any, context: Any) -> str | bool:
    """A migration stands by itself: types of the portal in SQLAlchemy's own words."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(thing, UtcDateTime) else False


def main(revision: str, name: str) -> None:
    """Compare, and write the file."""
    assert schema.TABLES
    with tempfile.TemporaryDirectory() as folder:
        database = Database(f"sqlite:///{folder}/x.sqlite")
        before = ScriptDirectory(str(migrations.FOLDER)).get_current_head()
        with database.engine.begin() as connection:
            if before:
                command.upgrade(migrations.config_for(connection), "head")
            context = MigrationContext.configure(
                connection,
                opts={"compare_type": True, "render_item": plain, "render_as_batch": before is not None},
            )
            made = produce_migrations(context, Base.metadata)
            assert made.upgrade_ops
            body = render_python_code(made.upgrade_ops, render_item=plain, render_as_batch=before is not None)
        database.dispose()
    guards = ""
    if before is None:
        guards = f"\nEXTRAS = {EXTRAS!r}\n"
        body += "\n    for statement in EXTRAS[op.get_bind().dialect.name]:\n        op.execute(statement)"
    body = re.sub(r" *# ### .*\n?", "", body).strip()
    path = migrations.FOLDER / "versions" / f"{revision}_{name}.py"
    text = HEAD.format(
        title=name.replace("_", " ").capitalize(), revision=revision, before=before, guards=guards, body=body
    )
    path.write_text(text, "utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:3])
