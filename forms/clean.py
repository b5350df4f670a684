"""Cleans what people type, without changing what they mean.

Phones and spreadsheets bring full-width digits, invisible marks and broken accents. Invisible
characters are dropped: they can turn text around on paper or make two equal names differ.
"""

from __future__ import annotations

import unicodedata

_KEPT_FORMAT = {"\u200d"}  # joins parts of one sign; dropping it changes what is seen
_SPACES = {"\t", "\u00a0", "\u2002", "\u2003", "\u2009", "\u202f", "\u205f", "\u3000"}


def clean_line(text: str) -> str:
    """Return one line in NFC: no control or invisible characters, no outer spaces."""
    return " ".join(clean_lines(text).split("\n")).strip()


def clean_lines(text: str) -> str:
    """Return text in NFC with \\n line ends, no control or invisible characters, trimmed."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = text.replace("\u2028", "\n").replace("\u2029", "\n")
    kept = "".join(_kept(sign) for sign in text)
    lines = unicodedata.normalize("NFC", kept).split("\n")
    return "\n".join(line.rstrip() for line in lines).strip()


def half_width(text: str) -> str:
    """Turn full-width letters, digits and signs (１３８－００) into plain ones.

    Only for codes and numbers: in sentences ，and ：are right as they are.
    """
    plain = "".join(
        chr(ord(sign) - 0xFEE0) if "\uff01" <= sign <= "\uff5e" else sign for sign in text
    )
    return plain.translate({ord(dash): "-" for dash in "‐‑‒–—―−"})


def without_spaces(text: str) -> str:
    """Drop every space, as people group digits of phones and codes."""
    return "".join(text.split())


def _kept(sign: str) -> str:
    if sign == "\n":
        return sign
    if sign in _SPACES:
        return " " if sign != "\u3000" else sign
    if sign in _KEPT_FORMAT:
        return sign
    return "" if unicodedata.category(sign) in {"Cc", "Cf", "Cs"} or _is_no_sign(sign) else sign


def _is_no_sign(sign: str) -> bool:
    # Unassigned ones stay: rare characters of names are newer than Python's tables.
    return ord(sign) & 0xFFFE == 0xFFFE or "\ufdd0" <= sign <= "\ufdef"
