"""Names one of several tasks that wait at the same step, so that it can be found again.

The same step waits several times where turns of a multi-instance run side by side, where a call in
such a turn leads to it, or where branches were not joined. The numbers of the turns around a task
tell it from the others for as long as it waits; those that are alike even so are counted by age.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from processes.engine import WaitingTask


class NotTold(Exception):
    """What was said of a task fits none or several of those that wait; `story` is Chinese."""

    def __init__(self, story: str) -> None:
        self.story = story
        super().__init__(story)


def find_task(
    tasks: Iterable[WaitingTask], path: str, turns: Sequence[int] | None = None, which: int = 0
) -> WaitingTask | None:
    """The task at a path; None where nobody waits there. `tasks` come oldest first.

    `turns` are the numbers of the turns around it, outermost first (None: not said), `which` counts
    the alike ones from 1 (0: not said). Raises NotTold where that fits none of them, or several.
    """
    there = [task for task in tasks if task.element == path]
    if not there:
        return None
    fitting = [task for task in there if turns is None or task.turns == tuple(turns)]
    if not fitting:
        raise NotTold(f"{path} 停着的不是这一份，现在停着的是：{told(there)}。")
    if which > len(fitting):
        raise NotTold(f"{path} 没有第 {which} 份在等，只有 {len(fitting)} 份。")
    if len(fitting) > 1 and not which:
        raise NotTold(
            f"{path} 同时有 {len(fitting)} 份在等，分不清办哪一份，请写明：{told(there)}。"
        )
    return fitting[max(which - 1, 0)]


def which_of(tasks: Iterable[WaitingTask], task: WaitingTask) -> int:
    """Which one this is among those that neither path nor turns tell apart; 0 where it is alone."""
    alike = [one.token for one in tasks if (one.element, one.turns) == (task.element, task.turns)]
    return alike.index(task.token) + 1 if len(alike) > 1 else 0


def told(tasks: Sequence[WaitingTask]) -> str:
    """How a scenario names each of these."""
    words = []
    for task in tasks:
        which = which_of(tasks, task)
        named = [f"turn = {said(task.turns)}"] if task.turns else []
        named += [f"which = {which}"] if which else []
        words.append("，".join(named) or task.element)
    return "；".join(words)


def said(turns: Sequence[int]) -> str:
    """Numbers of turns as a scenario has them: one alone, or a list from the outermost."""
    return str(turns[0]) if len(turns) == 1 else f"[{', '.join(map(str, turns))}]"
