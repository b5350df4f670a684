"""The schema's revisions. A new one: `python -m webapp.migrations "what it does"`."""
