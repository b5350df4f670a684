"""Fields that are typed: text from a page or JSON from a draft in, checked JSON out.

Each field knows three faces of its value: `typed` (what stands in the input), `data` (the Python
value) and `answer()` (JSON); `text()` says it in Chinese for the history.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import wtforms
from wtforms.validators import StopValidation

from forms.clean import clean_line, clean_lines, half_width, without_spaces
from forms.components import Component
from forms.moments import input_moment, iso_moment, read_date, read_moment, say_date, say_moment
from forms.patterns import PATTERNS

MOST_TYPED = 20_000


class AnswerField(wtforms.Field):
    """One question of a form. Subclasses say how one type is read, kept and said."""

    empty: Any = None
    _form: Any

    def __init__(self, component: Component, **kwargs: Any) -> None:
        self.component = component
        self.cautions: list[str] = []
        self.typed: Any = ""
        super().__init__(label=component.label, **kwargs)

    @property
    def options(self) -> Mapping[str, Any]:
        """What the context allows."""
        return self._form.options if self._form is not None else {}

    @property
    def is_empty(self) -> bool:
        """Tell whether nothing was answered; 0 is an answer."""
        return self.data is None or self.data == self.empty

    @property
    def count(self) -> int:
        """How many values the answer holds."""
        return len(self.data or ())

    def process_data(self, value: Any) -> None:
        """Take JSON of a draft, a saved answer or a register; what cannot be read is left out."""
        try:
            self.data = self.empty if value is None or value == "" else self.from_json(value)
        except (ValueError, TypeError, ArithmeticError):
            self.data = self.empty
        self.typed = self.to_input()

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        """Take what was typed; raises ValueError with the story when it cannot be understood."""
        raw = clean_lines(str(valuelist[0])) if valuelist else ""
        self.typed = raw[:MOST_TYPED]
        self.data = self.empty
        if raw:
            self.data = self.from_text(raw)

    def pre_validate(self, form: Any) -> None:
        if self.process_errors:
            raise StopValidation()

    def from_json(self, value: Any) -> Any:
        return self.from_text(str(value))

    def from_text(self, text: str) -> Any:
        return text

    def to_input(self) -> Any:
        return "" if self.is_empty else str(self.data)

    def answer(self) -> Any:
        """Return the value as JSON keeps it."""
        return self.data

    def text(self) -> str:
        """Say the value in Chinese, as history and paper show it."""
        unit = self.component.properties.get("unit", "")
        said = "" if self.is_empty else str(self.data)
        return f"{said} {unit}" if said and unit else said


class TextField(AnswerField):
    """One line of text; a named pattern tidies it first."""

    empty = ""

    def from_text(self, text: str) -> str:
        line = clean_line(text)
        pattern = PATTERNS.get(str(self.component.rules.get("pattern")))
        return pattern.tidy(line) if pattern else line

    @property
    def can_be_proved(self) -> bool:
        """Whether this is a mobile to prove, and the page knows which ones are (`proved`)."""
        known = self._form.context.get("proved") if self._form is not None else None
        return bool(self.component.properties.get("proved")) and known is not None

    @property
    def is_proved(self) -> bool:
        """Whether the mobile that stands here now is proved."""
        return self.can_be_proved and self.data in self._form.context["proved"]


class LongTextField(AnswerField):
    """Several lines of text."""

    empty = ""

    def from_text(self, text: str) -> str:
        return clean_lines(text)


class NumberField(AnswerField):
    """A number; whole unless the definition allows decimals."""

    @property
    def decimals(self) -> int:
        return int(self.component.rules.get("decimals", 0))

    def from_text(self, text: str) -> Decimal:
        return _read_number(self.component, text, self.decimals, 12)

    def to_input(self) -> str:
        return "" if self.data is None else f"{self.data:f}"

    def answer(self) -> int | float | None:
        if self.data is None:
            return None
        return float(self.data) if self.decimals else int(self.data)

    def text(self) -> str:
        unit = self.component.properties.get("unit", "")
        said = self.to_input()
        return f"{said} {unit}" if said and unit else said


class MoneyField(AnswerField):
    """An amount in yuan, kept as text with two places so that no cent is lost."""

    def from_text(self, text: str) -> Decimal:
        text = half_width(text).strip()
        text = text.removeprefix("¥").removeprefix("￥").removesuffix("元")
        return _read_number(self.component, text, 2, 10)

    def to_input(self) -> str:
        return "" if self.data is None else f"{self.data:f}"

    def answer(self) -> str | None:
        return None if self.data is None else f"{self.data:.2f}"

    def text(self) -> str:
        return "" if self.data is None else say_money(self.data, self.component.properties)


def say_money(amount: Decimal, properties: Mapping[str, Any]) -> str:
    """Return 8,000 元/月; cents only where there are any."""
    said = f"{amount:,.2f}".removesuffix(".00")
    return f"{said} {properties.get('unit') or '元'}"


def _read_number(component: Component, text: str, decimals: int, digits: int) -> Decimal:
    plain = without_spaces(half_width(text))
    if re.fullmatch(r"[+-]?\d{1,3}(,\d{3})+(\.\d*)?", plain):
        plain = plain.replace(",", "")
    match = re.fullmatch(r"([+-]?)([0-9]+)(?:\.([0-9]*))?", plain)
    if match is None:
        raise ValueError(f"{component.label}要填数字，如 3000")
    sign, whole, places = match[1], match[2].lstrip("0") or "0", (match[3] or "").rstrip("0")
    if len(whole) > digits:
        raise ValueError(f"{component.label}太大，请核对")
    if len(places) > decimals:
        wanted = f"最多 {decimals} 位小数" if decimals else "要填整数"
        raise ValueError(f"{component.label}{wanted}，请核对")
    number = Decimal(f"{sign}{whole}.{places}" if places else f"{sign}{whole}")
    return number if number else Decimal(0)


class DateField(AnswerField):
    """A day."""

    data: date | None

    def from_json(self, value: Any) -> date:
        return read_date(str(value)[:10])

    def from_text(self, text: str) -> date:
        try:
            return read_date(half_width(text))
        except ValueError:
            raise ValueError(f"{self.component.label}要填日期，如 2027-07-05") from None

    def answer(self) -> str | None:
        return None if self.data is None else self.data.isoformat()

    def text(self) -> str:
        return "" if self.data is None else say_date(self.data)


class MomentField(AnswerField):
    """A day and a time, typed in Shanghai's, kept with their offset."""

    data: datetime | None

    def from_text(self, text: str) -> datetime:
        try:
            return read_moment(half_width(text).strip())
        except ValueError:
            story = f"{self.component.label}要填日期和时间，如 2027-05-20 18:00"
            raise ValueError(story) from None

    def to_input(self) -> str:
        return "" if self.data is None else input_moment(self.data)

    def answer(self) -> str | None:
        return None if self.data is None else iso_moment(self.data)

    def text(self) -> str:
        return "" if self.data is None else say_moment(self.data)


class TickField(AnswerField):
    """One box to tick; not ticking is an answer, but an empty one.

    A box may agree to a text that changes: its property `version` is the path of the version on
    the page. That version is the answer, and a tick under an older one does not count.
    """

    empty = False

    @property
    def version(self) -> str:
        """The version that is shown beside the box, or nothing."""
        path = self.component.properties.get("version")
        return str(self.options.get(path) or "") if path else ""

    def process_formdata(self, valuelist: Sequence[Any]) -> None:
        typed = str(valuelist[0]) if valuelist else ""
        self.data = self.from_json(typed)
        self.typed = self.to_input()
        if typed and not self.data and self.version:
            self.typed = typed[:40]  # a draft remembers that an older text was ticked
            raise ValueError("文字有了更新，请重新阅读，再勾选")

    def from_json(self, value: Any) -> bool:
        if self.version:
            return bool(value == self.version)
        return value is True or value in {"1", "true", "on", "y"}

    def to_input(self) -> str:
        return (self.version or "1") if self.data else ""

    def answer(self) -> bool | str:
        return self.version or True if self.data else False

    def text(self) -> str:
        said = f"是（版本 {self.version}）" if self.version else "是"
        return said if self.data else ""
