"""Chinese diagrams come in several encodings, with and without saying so."""

from __future__ import annotations

import codecs

import pytest

from processes.diagram import UnreadableDiagram, read_diagram

BODY = (
    '<definitions xmlns="http://www.omg.org/spec/BPMN/20100524/MODEL">'
    '<process id="P" isExecutable="true"><userTask id="审核" name="院系审核：张䶮"/></process>'
    "</definitions>"
)


def declared(encoding: str) -> str:
    """The document with an XML declaration."""
    return f'<?xml version="1.0" encoding="{encoding}"?>\n{BODY}'


FILES = {
    "utf-8": declared("UTF-8").encode(),
    "utf-8 with mark": codecs.BOM_UTF8 + declared("UTF-8").encode(),
    "utf-8 undeclared": BODY.encode(),
    "utf-16 with mark": declared("UTF-16").encode("utf-16"),
    "utf-16 big-endian": codecs.BOM_UTF16_BE + declared("UTF-16").encode("utf-16-be"),
    "utf-16 without mark": declared("UTF-16").encode("utf-16-le"),
    "utf-16 undeclared": BODY.encode("utf-16"),
    "gb18030": declared("GB18030").encode("gb18030"),
    "gb18030 as gbk": declared("GBK").encode("gb18030"),
    "gb18030 as gb2312": declared("gb2312").encode("gb18030"),
    "gb18030 undeclared": BODY.encode("gb18030"),
    "gb18030 said to be utf-8": declared("UTF-8").encode("gb18030"),
    "utf-8 said to be latin-1": declared("ISO-8859-1").encode(),
    "utf-8 marked, said to be gbk": codecs.BOM_UTF8 + declared("GBK").encode(),
    "blank line first": b"\n\n" + declared("UTF-8").encode(),
}


@pytest.mark.parametrize("kind", FILES)
def test_a_chinese_name_is_read(kind):
    diagram = read_diagram(FILES[kind])

    assert diagram.elements["审核"].name == "院系审核：张䶮"


def test_bytes_of_no_encoding_are_told_in_words():
    with pytest.raises(UnreadableDiagram) as refused:
        read_diagram(declared("UTF-8").encode()[:-20] + b"\xff\xff\xfe")

    assert "编码" in refused.value.findings[0].message


def test_half_a_utf16_file_is_told_in_words():
    with pytest.raises(UnreadableDiagram) as refused:
        read_diagram(BODY.encode("utf-16")[:-1])

    assert "编码" in refused.value.findings[0].message
