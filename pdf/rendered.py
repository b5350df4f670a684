"""A finished document: what drawing gives back and storing needs."""

import hashlib
from dataclasses import dataclass
from io import BytesIO

import pypdf


@dataclass(frozen=True)
class Rendered:
    """The bytes of a PDF; sha256 is that of `content`, in hexadecimal."""

    content: bytes
    pages: int
    sha256: str

    @classmethod
    def of(cls, content: bytes) -> "Rendered":
        """Count the pages and take the hash."""
        pages = len(pypdf.PdfReader(BytesIO(content)).pages)
        return cls(content, pages, hashlib.sha256(content).hexdigest())
