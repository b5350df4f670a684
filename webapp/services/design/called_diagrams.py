"""The diagrams that a draft calls: the packaged ones, and what the draft has of its own in their place.

A draft carries what its release froze, so most of what stands in `Draft.called` is a packaged diagram
word for word. It is the draft's own once it differs: then a change reaches this variant alone.
"""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from processes import library
from processes.diagram import read_diagram

from ...database import begin_write
from ...errors import CaseError, NotYours
from ...models import Draft
from ..accounts.actors import Actor
from .blank import blank_diagram
from .checking import called_by, check_called, findings_of
from .drafts import VARIANT, AsRead, count_up, find_draft, hold, never, take_up

LONGEST = 60


class OtherProcess(CaseError):
    """A called diagram is found by its process id, which therefore stays."""

    status = 422
    title = "流程图的编号变了"
    way_out = "请把流程（泳池）的编号改回原来的，再保存。"

    def __init__(self, wanted: str, found: str) -> None:
        super().__init__(f"这张图的编号应当是 {wanted}，收到的却是 {found}，没有保存。")


class BadCalled(CaseError):
    """A new diagram to call cannot have this id or this name."""

    status = 422
    title = "不能新建被调用的流程图"


def called_diagram(draft: Draft, process: str) -> bytes:
    """A diagram that the draft may call, its own or the packaged one. Raises NotYours."""
    known = called_by(draft)
    if process not in known:
        raise NotYours
    return known[process]


def own_diagram(draft: Draft, process: str) -> bytes | None:
    """What stands in the draft itself, whether or not it differs from the packaged one."""
    text = draft.called.get(process)
    return None if text is None else text.encode()


def is_own(draft: Draft, process: str) -> bool:
    """Whether the draft calls something else than the packaged diagram."""
    own = own_diagram(draft, process)
    return own is not None and own != library.called_diagrams().get(process)


def own_called(draft: Draft) -> list[str]:
    """The processes that the draft reaches by calls and has of its own, in a stable order."""
    reached = library.gather_called(read_diagram(draft.diagram), called_by(draft))
    return [process for process in sorted(reached) if is_own(draft, process)]


def findings_inside(draft: Draft) -> list[dict[str, Any]]:
    """What the rules say of the called diagrams that are the draft's own; each names its process.

    The packaged ones are proven before they are packaged.
    """
    return [
        {**finding, "process": process}
        for process in own_called(draft)
        for finding in findings_of(check_called(draft, process))
    ]


def begin_called(
    session: Session, actor: Actor, draft_id: uuid.UUID, process: str, name: str, now: datetime
) -> Draft:
    """Give the draft one more diagram to call, blank, whoever saved meanwhile. The caller commits.

    Raises BadCalled for a process id that is none or is taken, and where there is no name.
    """
    begin_write(session)
    draft = hold(session, actor, draft_id)
    if not VARIANT.fullmatch(process):
        raise BadCalled(f"编号“{process}”不能用。", "用小写英文字母开头，只含字母、数字和下划线。")
    if not name or len(name) > LONGEST:
        raise BadCalled("名称要写，最多 60 个字。", "请写清楚这一段办什么。")
    if process in called_by(draft) or process == read_diagram(draft.diagram).process:
        raise BadCalled(f"已经有流程图的编号是 {process}。", "请换一个编号。")
    draft.called = {**draft.called, process: blank_diagram(draft.family, process, name).decode()}
    return count_up(session, actor, draft, now)


def save_called(
    session: Session,
    actor: Actor,
    draft_id: uuid.UUID,
    process: str,
    xml: bytes,
    *,
    revision: int,
    now: datetime,
    is_as_read: AsRead = never,
) -> Draft:
    """Store one called diagram in the draft, over what was read; as `drafts.save_parts`.

    Raises NotYours for a process that the draft could not call, OtherProcess, UnreadableDiagram.
    """
    called_diagram(find_draft(session, actor, draft_id), process)
    found = read_diagram(xml).process
    if found != process:
        raise OtherProcess(process, found)
    draft = take_up(session, actor, draft_id, revision, is_as_read)
    draft.called = {**draft.called, process: xml.decode()}
    return count_up(session, actor, draft, now)


def drop_called(
    session: Session,
    actor: Actor,
    draft_id: uuid.UUID,
    process: str,
    *,
    revision: int,
    now: datetime,
    is_as_read: AsRead = never,
) -> Draft:
    """Let the draft call the packaged diagram again. Raises NotYours where none is packaged."""
    if process not in library.called_diagrams():
        raise NotYours
    draft = take_up(session, actor, draft_id, revision, is_as_read)
    draft.called = {name: text for name, text in draft.called.items() if name != process}
    return count_up(session, actor, draft, now)
