"""Fields where one chooses: from a list, from a code table, from what was uploaded."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from wtforms.validators import StopValidation

from forms.clean import clean_line
from forms.code_tables import CodeTable, table
from forms.components import Choice
from forms.fields import AnswerField

_UPLOAD_ID = re.compile("[0-9A-Za-z_-]{1,64}")


class ChoiceField(AnswerField):
    """One of several values; some are offered only when an option of the context is true."""

    empty = ""

    @property
    def offered(self) -> tuple[Choice, ...]:
        """What this person may choose now."""
        return tuple(
            choice
            for choice in self.component.choices
            if choice.when is None or bool(self.options.get(choice.when))
        )

    def from_text(self, text: str) -> str:
        return text.strip()[:200]

    def answer(self) -> Any:
        """Return the chosen value; what is not offered counts as no choice anywhere."""
        return self.data if self.data in _labels(self.offered) else None

    def text(self) -> str:
        return _labels(self.offered).get(self.data, "")


class ChecklistField(ChoiceField):
    """Any number of several values, kept in the order of the definition."""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.process_data(list(valuelist[:200]))

    def process_data(self, value: Any) -> None:
        given = value if isinstance(value, list | tuple) else []
        self.data = self._sorted([clean_line(str(item))[:200] for item in given])
        self.typed = list(self.data)

    def _sorted(self, values: list[str]) -> list[str]:
        order = {choice.value: place for place, choice in enumerate(self.component.choices)}
        unique = dict.fromkeys(value for value in values if value)
        return sorted(unique, key=lambda value: order.get(value, len(order)))

    @property
    def is_empty(self) -> bool:
        return not self.data

    def answer(self) -> Any:
        labels = _labels(self.offered)
        return [value for value in self.data if value in labels]

    def text(self) -> str:
        labels = _labels(self.offered)
        return "、".join(labels[value] for value in self.data if value in labels)


class PickerField(AnswerField):
    """A code from a table, chosen on a search page; the code is kept, the name is shown."""

    empty = ""

    @property
    def table(self) -> CodeTable:
        brought = self._form.context.get("tables") if self._form is not None else None
        found: CodeTable | None = (brought or {}).get(self.component.scheme)
        return table(self.component.scheme) if found is None else found

    def from_text(self, text: str) -> str:
        return text.strip()[:40]

    def from_json(self, value: Any) -> str:
        code = value.get("code", "") if isinstance(value, dict) else value
        return self.from_text(str(code))

    def answer(self) -> str | None:
        return self.data or None

    def text(self) -> str:
        if not self.data or self.data not in self.table:
            return ""
        return say_code(self.table, self.data)


def say_code(codes: CodeTable, code: str) -> str:
    """Return a region with all its steps, anything else by its own name."""
    return codes.path_name(code) if codes.scheme == "region" else codes.name(code)


class FileField(AnswerField):
    """Uploads by id. The files themselves were checked and kept before, with the draft.

    The context's `uploads` ({id: {"name": …, "url": …, "thumb": …}}) are what may be referred
    to; any other id is refused, so nobody attaches a stranger's file.
    """

    @property
    def uploads(self) -> dict[str, Any]:
        found = self._form.context.get("uploads") if self._form is not None else None
        return dict(found or {})

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        self.process_data([str(value) for value in valuelist[:200]])

    def process_data(self, value: Any) -> None:
        given = value if isinstance(value, list | tuple) else []
        ids = [str(item) for item in given if _UPLOAD_ID.fullmatch(str(item))]
        self.data = list(dict.fromkeys(ids))
        self.typed = list(self.data)

    def pre_validate(self, form: Any) -> None:
        super().pre_validate(form)
        if any(upload not in self.uploads for upload in self.data):
            raise StopValidation("有文件不在这份草稿里，请重新上传")

    @property
    def is_empty(self) -> bool:
        return not self.data

    def answer(self) -> Any:
        return list(self.data)

    def text(self) -> str:
        names = [str(self.uploads.get(upload, {}).get("name", "")) for upload in self.data]
        said = "、".join(name for name in names if name)
        return f"{len(self.data)} 个文件" + (f"：{said}" if said else "") if self.data else ""


def _labels(choices: Sequence[Choice]) -> dict[str, str]:
    return {choice.value: choice.label for choice in choices}
