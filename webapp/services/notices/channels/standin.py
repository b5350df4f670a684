"""Where messages go that no provider takes: a line in `outbox.log` of the instance, or the log."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable
from pathlib import Path

from ....config import Config
from . import Channel, Message

log = logging.getLogger(__name__)


def stand_in(config: Config) -> Callable[[str], Channel]:
    """What makes the stand-in for a channel's name."""
    if config.channel == "console":
        return ToConsole
    return lambda name: ToFile(name, config.instance / "outbox.log")


class ToFile:
    """Channel, address and text, parted by tabs. Codes stand in it, so only the owner reads it."""

    is_connected = False

    def __init__(self, name: str, path: Path) -> None:
        self.name, self.path = name, path

    def send(self, message: Message) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
        with os.fdopen(descriptor, "a", encoding="utf-8") as file:
            file.write(line(self.name, message) + "\n")


class ToConsole:
    """The same line in the log of the worker."""

    is_connected = False

    def __init__(self, name: str) -> None:
        self.name = name

    def send(self, message: Message) -> None:
        log.info("%s", line(self.name, message))


def line(name: str, message: Message) -> str:
    words = (name, message.address, message.text, message.link)
    return "\t".join(" ".join(word.split()) for word in words).rstrip()
