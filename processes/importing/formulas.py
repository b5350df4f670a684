"""Turns conditions of other tools into our small language: JUEL, FEEL, XPath, JavaScript, Groovy.

    translate("${days > 3 && approved}")     # "days > 3 and approved"
    translate("= status = \\"ok\\"")            # "status == 'ok'"

Only what surely means the same is translated; everything else is refused with a reason.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from processes.expressions import ExpressionError, compile_expression

MOST = 500


class NotTranslated(ValueError):
    """A condition whose meaning we cannot carry over; `reason` is Chinese."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


_TOKEN = re.compile(
    r"""\s*(?:
      (?P<string>"[^"\\]*"|'[^'\\]*')
    | (?P<number>\d+(?:\.\d+)?)(?:[LlFfDd]\b)?
    | (?P<call>(?:execution|task|delegateExecution)\.getVariable(?:Local)?\(\s*['"](?P<variable>[A-Za-z_]\w*)['"]\s*\)
      | (?:bpmn:)?getDataObject\(\s*['"](?P<object>[A-Za-z_]\w*)['"]\s*\)
      | getVariable\(\s*['"](?P<plain>[A-Za-z_]\w*)['"]\s*\))
    | (?P<equals>\.equals\()
    | (?P<word>[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*?(?=\.equals\()|[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)
    | (?P<sign>===|!==|==|!=|<>|<=|>=|&&|\|\||[<>=!()+\-,\[\]])
    )""",
    re.VERBOSE | re.ASCII,
)
_WRAPPED = re.compile(r"[#$]\{(?P<inside>[^{}]*)\}\Z", re.DOTALL)
_SIGNS = {"===": "==", "!==": "!=", "<>": "!=", "=": "==", "&&": "and", "||": "or", "!": "not"}
_WORDS = {
    "eq": "==", "ne": "!=", "lt": "<", "le": "<=", "gt": ">", "ge": ">=", "and": "and", "or": "or",
    "not": "not", "in": "in", "true": "True", "false": "False", "null": "None", "nil": "None",
    "undefined": "None", "True": "True", "False": "False", "None": "None", "AND": "and", "OR": "or",
    "NOT": "not",
}  # fmt: skip
_CARRIERS = ("variables.", "vars.", "environment.variables.", "this.environment.variables.")


def translate(text: str, names: Mapping[str, str] | None = None) -> str:
    """Return the expression in our language; the same text where it is ours already.

    `names` maps plain variables to the paths that hold their values here. Raises NotTranslated.
    """
    plain = text.strip()
    if len(plain) > MOST:
        raise NotTranslated(f"条件超过 {MOST} 个字符")
    result = " ".join(_tokens(_unwrapped(plain), names or {}))
    result = re.sub(r"\( ", "(", re.sub(r" ([),])", r"\1", result))
    result = result.replace("[ ", "[").replace(" ]", "]")
    try:
        compile_expression(result)
    except ExpressionError as error:
        raise NotTranslated(error.message) from None
    return plain if _same(plain, result) else result


def _same(old: str, new: str) -> bool:
    """Whether both mean the same text to our language already."""
    try:
        compile_expression(old)
    except ExpressionError:
        return False
    return re.sub(r"\s+|\"|'", "", old) == re.sub(r"\s+|\"|'", "", new)


def _unwrapped(text: str) -> str:
    if text[:2] in {"${", "#{"}:
        found = _WRAPPED.match(text)
        if found is None:
            raise NotTranslated("一个条件里有几个 ${ }，或括号不完整")
        return found["inside"].strip()
    if "${" in text or "#{" in text:
        raise NotTranslated("文字和 ${ } 混在一起")
    text = text.removesuffix(";").strip()
    if text.startswith("return "):
        text = text.removeprefix("return ").strip()
    return text[1:].strip() if text.startswith("=") and not text.startswith("==") else text


def _tokens(text: str, names: Mapping[str, str]) -> list[str]:
    if not text:
        raise NotTranslated("条件是空的")
    found: list[str] = []
    position = 0
    while position < len(text.rstrip()):
        match = _TOKEN.match(text, position)
        if match is None:
            raise NotTranslated(f"不认识这里的写法：{text[position:].strip()[:20]}")
        position = match.end()
        _take(match, found, names)
    return found


def _take(match: re.Match[str], found: list[str], names: Mapping[str, str]) -> None:
    if match["string"]:
        inside = match["string"][1:-1]
        quote = '"' if "'" in inside else "'"
        found.append(f"{quote}{inside}{quote}")
    elif match["number"]:
        found.append(match["number"])
    elif match["call"]:
        variable = match["variable"] or match["object"] or match["plain"]
        found.append(names.get(variable, variable))
    elif match["equals"]:
        found.extend(("==", "("))
    elif match["word"]:
        _word(match, found, names)
    else:
        _sign(match["sign"], found)


def _word(match: re.Match[str], found: list[str], names: Mapping[str, str]) -> None:
    word = match["word"]
    if word == "empty":
        raise NotTranslated("empty 请改写成与 None 或空文字比较")
    if word in _WORDS:
        found.append(_WORDS[word])
        return
    if match.string[match.end() :].lstrip().startswith("("):
        raise NotTranslated(f"不能调用函数 {word}(…)")
    for carrier in _CARRIERS:
        word = word.removeprefix(carrier)
    first, _, rest = word.partition(".")
    found.append(names.get(word) or ".".join(filter(None, (names.get(first, first), rest))))


def _sign(sign: str, found: list[str]) -> None:
    found.append(_SIGNS.get(sign, sign))
