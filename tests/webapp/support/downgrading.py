"""Takes a database back to an older schema, as an operator would with Alembic."""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from sqlalchemy import Engine

import webapp.migrations


def downgrade(engine: Engine, revision: str) -> None:
    """Undo the revisions after this one, all in one transaction."""
    config = Config()
    config.set_main_option("script_location", str(Path(webapp.migrations.__path__[0])))
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.downgrade(config, revision)
