"""Agreements from issue to file: documents, versions, prints, signatures, rescission, verification."""
