"""What can go wrong with a document, told to the person who asked for it."""

from collections.abc import Sequence


class DocumentError(Exception):
    """No document came out; `story` says why in Chinese."""

    def __init__(self, story: str) -> None:
        super().__init__(story)
        self.story = story


class DocumentRefused(DocumentError):
    """The values cannot be printed as they are; `messages` has one line for each."""

    def __init__(self, messages: Sequence[str]) -> None:
        super().__init__("；".join(messages))
        self.messages = tuple(messages)


class RenderFailed(DocumentError):
    """The drawing itself stopped: too slow, too large, or a fault of ours."""
