"""Writes a revision from the difference between the models and a freshly migrated SQLite database.

Types are written as plain SQLAlchemy types, so a revision never depends on later model code.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.migration import MigrationContext

from webapp.database import make_engine
from webapp.models import Base
from webapp.models.base import JsonText, Moment

HERE = Path(__file__).parent
HEAD = '''"""{message}"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "{revision}"
down_revision = {previous!r}
branch_labels = None
depends_on = None


def upgrade() -> None:
{upgrade}


def downgrade() -> None:
{downgrade}
'''


def render_item(kind: str, item: Any, _context: Any) -> str | Literal[False]:
    if kind == "type" and isinstance(item, Moment):
        return "sa.DateTime(timezone=True)"
    if kind == "type" and isinstance(item, JsonText):
        return "sa.Text()"
    return False


def write_revision(message: str) -> Path:
    """The new revision's file, to be read and completed by hand."""
    from webapp.database import upgrade

    existing = sorted(path.stem for path in (HERE / "versions").glob("[0-9]*.py"))
    scratch = HERE / "scratch.db"
    scratch.unlink(missing_ok=True)
    try:
        if existing:
            upgrade(f"sqlite:///{scratch}")
        engine = make_engine(f"sqlite:///{scratch}")
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"target_metadata": Base.metadata}
            )
            script = produce_migrations(context, Base.metadata)
            code = {
                name: render_python_code(ops, render_item=render_item, migration_context=context)
                for name, ops in (
                    ("upgrade", script.upgrade_ops),
                    ("downgrade", script.downgrade_ops),
                )
                if ops is not None
            }
        engine.dispose()
    finally:
        for file in HERE.glob("scratch.db*"):
            file.unlink()
    number = f"{len(existing) + 1:04}"
    path = HERE / "versions" / f"{number}_{message.lower().replace(' ', '_')}.py"
    previous = existing[-1].split("_")[0] if existing else None
    path.write_text(HEAD.format(message=message, revision=number, previous=previous, **code))
    return path


if __name__ == "__main__":
    print(write_revision(sys.argv[1]))
