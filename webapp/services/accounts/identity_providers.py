"""Who may vouch for a graduate besides the register itself, such as 学信网 or WeChat (A04).

An installation connects providers by `QIANYUE_IDENTITY`: places of functions that give one, such as
`ourschool.chsi:provider`, separated by commas. Without any, the local proof is the one way in.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from importlib import import_module
from typing import Protocol

LOCAL = "local"


@dataclass(frozen=True)
class Identity:
    """Somebody as a provider knows them: its own lasting name for the person."""

    provider: str
    subject: str


class IdentityProvider(Protocol):
    """Sends people away to prove who they are, and reads what they come back with."""

    key: str
    label: str

    def address(self, state: str, back: str) -> str:
        """Where to go; the provider sends the person on to `back` with the same `state`."""
        ...

    def subject(self, query: Mapping[str, str], back: str) -> str | None:
        """The provider's name for whoever came back; None where nothing was proved."""
        ...


@lru_cache(maxsize=8)
def providers(places: str) -> dict[str, IdentityProvider]:
    """The connected providers by key. A place that cannot be loaded stops the start."""
    found: dict[str, IdentityProvider] = {}
    for place in filter(None, (one.strip() for one in places.split(","))):
        module, _, function = place.partition(":")
        try:
            provider: IdentityProvider = getattr(import_module(module), function)()
        except (ImportError, AttributeError, ValueError) as error:
            raise SystemExit(f"QIANYUE_IDENTITY 里的 {place} 不能载入：{error}") from error
        if provider.key == LOCAL or provider.key in found:
            raise SystemExit(f"QIANYUE_IDENTITY 里的 {place} 的 key 不能是 {provider.key}")
        found[provider.key] = provider
    return found
