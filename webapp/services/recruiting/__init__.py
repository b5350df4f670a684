"""Posts, résumés and applications."""
