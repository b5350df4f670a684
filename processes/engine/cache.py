"""Compiled releases, kept by content hash. Live workflows are not kept: loading is faster."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Mapping
from threading import Lock

from processes.diagram import Diagram
from processes.engine.compile import Executable, compile_release

RELEASES_KEPT = 64


class ExecutableCache:
    """A bounded least-recently-used cache that threads may share."""

    def __init__(self, size: int = RELEASES_KEPT) -> None:
        self._size = size
        self._kept: OrderedDict[str, Executable] = OrderedDict()
        self._lock = Lock()

    def load_executable(
        self, content_hash: str, load: Callable[[], tuple[Diagram, Mapping[str, Diagram]]]
    ) -> Executable:
        """The compiled release; `load` reads it when it is not kept. Raises DiagramRefused.

        Two threads that miss at the same time compile twice and keep one: that is cheaper than
        making every other release wait.
        """
        with self._lock:
            found = self._kept.get(content_hash)
            if found is not None:
                self._kept.move_to_end(content_hash)
                return found
        made = compile_release(*load())
        with self._lock:
            made = self._kept.setdefault(content_hash, made)
            self._kept.move_to_end(content_hash)
            while len(self._kept) > self._size:
                self._kept.popitem(last=False)
        return made

    def __len__(self) -> int:
        return len(self._kept)


executable_cache = ExecutableCache()
load_executable = executable_cache.load_executable
