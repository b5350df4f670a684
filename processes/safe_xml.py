"""Reads XML that somebody else wrote, without letting it do anything.

Size, encoding, DOCTYPE and depth are looked at before or while parsing; nothing is fetched,
no entity is expanded. The result is a tree and the line on which each element begins.
"""

from __future__ import annotations

import codecs
import re
from typing import Any
from xml.parsers import expat

from lxml import etree

from processes.findings import Finding

MAX_BYTES = 2 * 1024 * 1024
MAX_NODES = 60_000

_DECLARATION = re.compile(r"\A\s*<\?xml\b.*?\?>", re.DOTALL)
_DECLARED_ENCODING = re.compile(
    rb"\A\s*<\?xml\b[^>]*?\bencoding\s*=\s*[\"']([A-Za-z0-9._:-]+)[\"']"
)
_BEFORE_ROOT = re.compile(r"\s+|<!--.*?-->|<\?.*?\?>", re.DOTALL)
_BYTE_ORDER_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_ENCODINGS = {
    "utf-8": "utf-8",
    "utf8": "utf-8",
    "us-ascii": "utf-8",
    "ascii": "utf-8",
    "gb18030": "gb18030",
    "gbk": "gb18030",
    "gb2312": "gb18030",
    "cp936": "gb18030",
    "hz-gb-2312": "hz",
    "big5": "big5hkscs",
    "iso-8859-1": "latin-1",
    "latin1": "latin-1",
    "iso-8859-15": "iso-8859-15",
    "windows-1252": "cp1252",
    "shift_jis": "cp932",
    "euc-kr": "cp949",
}
_ONE_BYTE = frozenset({"latin-1", "iso-8859-15", "cp1252"})


class UnreadableDiagram(Exception):
    """The file cannot be read as BPMN at all; `findings` say why."""

    def __init__(self, *findings: Finding) -> None:
        super().__init__("；".join(str(finding) for finding in findings))
        self.findings: tuple[Finding, ...] = findings


def unreadable(rule: str, message: str, way_out: str, line: int = 0) -> UnreadableDiagram:
    """Return the exception that tells why a file is refused as a whole."""
    return UnreadableDiagram(Finding(rule, "error", "", "", line, message, way_out))


def refuse_large(size: int) -> None:
    """Raise UnreadableDiagram when a file of `size` bytes is more than we read."""
    if size > MAX_BYTES:
        raise unreadable(
            "too_large",
            f"文件有 {size / 1024 / 1024:.1f} MB，超过了流程图的上限 2 MB。",
            "请确认选对了文件；流程图很大时，请把一部分改成调用活动，分成几张图。",
        )


def read_xml(data: bytes) -> tuple[etree._Element, dict[etree._Element, int]]:
    """Parse `data`; return the root and the line of each element.

    Raises UnreadableDiagram for everything that is not well-formed, harmless XML.
    """
    refuse_large(len(data))
    text = _blank_declaration(decode(data))
    if not text.strip():
        raise unreadable("empty_file", "文件是空的。", "请重新导出流程图，再试一次。")
    _refuse_doctype(text)
    encoded = text.encode("utf-8", "surrogatepass")
    root = _parse(encoded)
    _refuse_crowd(sum(1 for _ in root.iter()))
    return root, _lines(root, encoded)


def decode(data: bytes) -> str:
    """Turn bytes into text: by mark, by declaration, else UTF-8 or GB18030."""
    for encoding in _candidates(data):
        try:
            text = data.decode(encoding)
        except UnicodeDecodeError:
            continue
        return text.removeprefix("\ufeff")
    raise unreadable(
        "encoding",
        "文件里有读不懂的字符，编码不是 UTF-8、UTF-16 或 GB18030。",
        "请用流程图编辑器重新保存为 UTF-8 编码。",
    )


def _candidates(data: bytes) -> list[str]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if data.startswith(mark):
            return [encoding]
    if data[:2] == b"<\0":
        return ["utf-16-le"]
    if data[:2] == b"\0<":
        return ["utf-16-be"]
    declared = _DECLARED_ENCODING.match(data)
    named = _ENCODINGS.get(declared[1].decode("ascii").lower()) if declared else None
    if named in _ONE_BYTE:  # they take any byte, also when the file is UTF-8 in truth
        return ["utf-8", named]
    return [*([named] if named else []), "utf-8", "gb18030"]


def _blank_declaration(text: str) -> str:
    """Take the declaration away (the text is decoded already) and keep its line breaks."""
    return _DECLARATION.sub(lambda found: "\n" * found[0].count("\n"), text, count=1)


def _refuse_doctype(text: str) -> None:
    position = 0
    while found := _BEFORE_ROOT.match(text, position):
        position = found.end()
    if text[position : position + 9].upper() == "<!DOCTYPE":
        raise unreadable(
            "doctype",
            "文件开头有 DOCTYPE 声明。它能引入外部文件或无限展开的内容，流程图里不允许出现。",
            "请删掉 <!DOCTYPE …> 这一段；BPMN 流程图用不到它。",
            text.count("\n", 0, position) + 1,
        )


def _refuse_crowd(count: int) -> None:
    if count > MAX_NODES:
        raise unreadable(
            "too_many_parts",
            f"文件里有 {count} 个标签，超过了流程图的上限 {MAX_NODES} 个。",
            "请把图分成几张，用调用活动连起来。",
        )


def _parse(encoded: bytes) -> etree._Element:
    parser = etree.XMLParser(
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        encoding="utf-8",
        remove_comments=True,
        remove_pis=True,
    )
    try:
        return etree.fromstring(encoded, parser)
    except etree.XMLSyntaxError as error:
        raise _not_well_formed(error) from None


def _not_well_formed(error: etree.XMLSyntaxError) -> UnreadableDiagram:
    text, line = str(error.msg or ""), (error.position or (0, 0))[0] or 0
    if "depth" in text:
        return unreadable(
            "nested_too_deep",
            "文件的标签一层套一层，超过了 256 层，已经停止读取。",
            "请减少子流程的层数（最多 20 层），把内层改成调用活动。",
            line,
        )
    return unreadable(
        "not_xml",
        f"文件不是完整的 XML，读到第 {line} 行时出错：{_reason(text)}",
        "请用流程图编辑器重新导出；如果是手工修改过的，请检查这一行的标签和引号。",
        line,
    )


_REASONS = (
    ("tag mismatch", "开始标签和结束标签对不上。"),
    ("Premature end", "文件在中间断开了，结尾缺失。"),
    ("EndTag", "有标签没有结束。"),
    ("Start tag expected", "开头不是 XML 标签。"),
    ("Entity", "用到了没有定义的实体（以 & 开头的写法）。"),
    ("EntityRef", "有单独的 & 字符，应写成 &amp;。"),
    ("not allowed in attributes", "属性值里有 < 字符，应写成 &lt;。"),
    ("Char", "有 XML 不允许的控制字符。"),
    ("Attribute", "标签的属性写法有误。"),
    ("attributes construct", "标签的属性写法有误。"),
    ("Extra content", "根标签之后还有多余的内容。"),
    ("Namespace", "用到了没有声明的命名空间前缀。"),
)


def _reason(text: str) -> str:
    for sign, sentence in _REASONS:
        if sign in text:
            return sentence
    return "这里的写法不符合 XML 规则。"


def _lines(root: etree._Element, encoded: bytes) -> dict[etree._Element, int]:
    """Return where each element begins.

    lxml stops counting at line 65535 and names the line where a start tag ends; expat does
    neither.
    """
    begins: list[int] = []
    parser = expat.ParserCreate("utf-8")
    parser.StartElementHandler = lambda _name, _attributes: begins.append(parser.CurrentLineNumber)
    try:
        parser.Parse(encoded, True)
    except expat.ExpatError:
        begins = []
    elements: list[etree._Element] = list(root.iter("*"))
    if len(begins) != len(elements):
        return {element: _own_line(element) for element in elements}
    return dict(zip(elements, begins, strict=True))


def _own_line(element: etree._Element) -> int:
    line: Any = element.sourceline
    return line or 0
