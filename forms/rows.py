"""Repeatable rows: the same small form several times, such as several contact persons.

Inputs are named `members-0-name`; a hidden `members-0-_row` says that the row exists even when
nothing in it was ticked. Rows left blank are not answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from wtforms.utils import unset_value

from forms.fields import AnswerField
from forms.posted import Posted, renumbered, row_numbers

if TYPE_CHECKING:
    from forms.compiler import CompiledForm

MARK = "_row"
MOST_ROWS = 20


class RowsField(AnswerField):
    """Holds one small form a row in `entries`."""

    def __init__(self, row_class: type[CompiledForm], **kwargs: Any) -> None:
        self.row_class = row_class
        self.entries: list[CompiledForm] = []
        super().__init__(**kwargs)

    @property
    def most(self) -> int:
        return int(self.component.rules.get("max", MOST_ROWS))

    def process(
        self, formdata: Any, data: Any = unset_value, extra_filters: Sequence[Any] | None = None
    ) -> None:
        self.process_errors = []
        posted: Posted | None = formdata
        if posted is not None:
            numbers = row_numbers(posted, self.name)[: self.most + 1]
            self.entries = [
                self._row(place, posted=renumbered(posted, self.name, number, place))
                for place, number in enumerate(numbers)
            ]
        else:
            rows = data if isinstance(data, list) else []
            rows = [row for row in rows if isinstance(row, dict)][: self.most + 1]
            least = max(1, int(self.component.rules.get("min", 0)))
            rows += [{}] * (least - len(rows))
            self.entries = [self._row(place, values=row) for place, row in enumerate(rows)]
        self.data = [entry.answers for entry in self.filled]

    def _row(
        self, place: int, posted: Posted | None = None, values: dict[str, Any] | None = None
    ) -> CompiledForm:
        outer: Any = self._form
        prefix = f"{self.name}-{place}-"
        return self.row_class(posted, values, outer.context, prefix=prefix, outer=outer)

    @property
    def filled(self) -> list[CompiledForm]:
        """The rows in which something was answered."""
        return [entry for entry in self.entries if not entry.is_blank]

    @property
    def is_empty(self) -> bool:
        return not self.filled and not self.component.rules.get("min")

    @property
    def count(self) -> int:
        return len(self.filled)

    def validate(self, form: Any, extra_validators: Any = ()) -> bool:
        fine = super().validate(form, extra_validators)
        for entry in self.filled:
            fine = entry.validate() and fine
        return fine

    def answer(self) -> Any:
        return [entry.answers for entry in self.filled]

    def text(self) -> str:
        rows = []
        for place, entry in enumerate(self.filled, 1):
            said = "，".join(f"{part['label']} {part['text']}" for part in entry.labelled)
            rows.append(f"{place}. {said}")
        return "；".join(rows)

    def typed_values(self) -> dict[str, list[str]]:
        """Return what was typed in all rows, with their marks."""
        typed: dict[str, list[str]] = {}
        for place, entry in enumerate(self.entries):
            typed[f"{self.name}-{place}-{MARK}"] = ["1"]
            typed |= entry.typed_values()
        return typed
