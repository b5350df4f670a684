"""What a school may set: one typed registry that the page, the doctor, the docs and cases read.

Every module of this folder lists the settings of one subject in `SETTINGS`, under its `GROUP`; a new
module, or a new line in one, is all that a new setting needs. Values live in `School.settings`
under the key; what a school has not chosen has the default. Text, numbers and yes or no are also
`school.<key>` in a case's expressions, as they were when the case began.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

NEW_CASES = "改动只影响以后发起的事项，办理中的照原来的规则走完。"
AT_ONCE = "改动马上生效。"

Check = Callable[[Any], str]


def anything(_value: Any) -> str:
    return ""


@dataclass(frozen=True)
class Setting:
    """One thing a school may choose. `kind` says how it is typed in:

    `text`, `number`, `flag` (yes or no), `choice` (one of `choices`), `lines` (a list, one a line),
    `table` (has a page of its own). `check` gives a complaint, or nothing; `tell` says a
    value where it would be read as a bare code. `since` is the version
    that brought it. `alters_flow` marks what running cases keep as it was when they began.
    """

    key: str
    kind: str
    label: str
    hint: str
    default: Any
    choices: Mapping[str, str] = field(default_factory=dict)
    low: int = 0
    high: int = 0
    optional: bool = False
    alters_flow: bool = False
    check: Check = anything
    tell: Callable[[Any], str] | None = None
    since: str = "0.1.0"
    group: str = ""

    def value_in(self, settings: Mapping[str, Any]) -> Any:
        """What the school chose, or the default."""
        chosen = settings.get(self.key)
        return self.default if chosen is None else chosen


@dataclass(frozen=True)
class Group:
    """The settings of one subject, shown and saved together."""

    key: str
    title: str
    settings: tuple[Setting, ...]


@cache
def registry() -> dict[str, Setting]:
    """Every setting by its key, in the order of the page."""
    return {setting.key: setting for group in groups() for setting in group.settings}


@cache
def groups() -> tuple[Group, ...]:
    """The settings by subject, in the order the modules ask for."""
    modules = [import_module(f"{__name__}.{found.name}") for found in iter_modules(__path__)]
    subjects = [module for module in modules if hasattr(module, "SETTINGS")]
    subjects.sort(key=lambda module: (module.PLACE, module.__name__))
    return tuple(
        Group(module.__name__.rpartition(".")[2], module.GROUP, tuple(module.SETTINGS))
        for module in subjects
    )


def value_of(settings: Mapping[str, Any], key: str) -> Any:
    """A school's value of a registered setting."""
    return registry()[key].value_in(settings)


def known_to_cases(settings: Mapping[str, Any]) -> dict[str, Any]:
    """What expressions may read as `school.<key>`: plain values, and the defaults that alter a flow."""
    plain = {
        setting.key: setting.default
        for setting in registry().values()
        if setting.alters_flow
        and setting.kind in ("number", "flag", "choice")
        and setting.default != ""
    }
    chosen = {k: v for k, v in settings.items() if isinstance(v, str | int | float)}
    return {**plain, **chosen}
