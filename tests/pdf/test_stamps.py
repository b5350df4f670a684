"""Copies carry their mark; the original stays as it was."""

import hashlib

import pytest

from pdf.agreement import render_agreement
from pdf.errors import DocumentRefused
from pdf.rendered import Rendered
from pdf.stamps import DRAFT, join_copies, stamp_copy, watermark_draft

LABEL = "用人单位留存 · 第 2 次打印"


@pytest.mark.requirement("F10", "F11")
def test_a_copy_says_whose_it_is_on_both_pages(drawn, text_of):
    copy = stamp_copy(drawn.content, LABEL)

    assert Rendered.of(copy).pages == 2
    assert text_of(copy).count("用人单位留存·第2次打印") == 2


def test_a_stamp_leaves_the_original_and_its_text_alone(drawn, text_of):
    copy = stamp_copy(drawn.content, LABEL)

    assert hashlib.sha256(drawn.content).hexdigest() == drawn.sha256
    assert copy != drawn.content
    assert text_of(copy).replace("用人单位留存·第2次打印", "") == text_of(drawn.content)


def test_stamping_twice_gives_the_same_bytes(drawn):
    assert stamp_copy(drawn.content, LABEL) == stamp_copy(drawn.content, LABEL)


@pytest.mark.requirement("D05")
def test_a_draft_says_so_across_each_page(values, drawn, text_of):
    values["draft"] = True

    draft = render_agreement(values)

    assert draft.pages == 2
    assert text_of(draft.content).count(DRAFT.replace(" ", "")) == 4
    assert draft.content == watermark_draft(drawn.content)


def test_stamp_and_watermark_live_together(drawn, text_of):
    text = text_of(stamp_copy(watermark_draft(drawn.content), LABEL))

    assert "未审核·草稿" in text
    assert "第2次打印" in text


@pytest.mark.parametrize("label", ["留" * 61, "第\n二次", "😀"])
def test_a_label_that_cannot_be_printed_is_refused(drawn, label):
    with pytest.raises(DocumentRefused):
        stamp_copy(drawn.content, label)


@pytest.mark.requirement("F10", "G25")
def test_three_copies_go_to_the_printer_as_one_file(drawn, text_of):
    holders = ["用人单位", "毕业生", "学校"]
    copies = [stamp_copy(drawn.content, f"{holder}留存 · 第 1 次打印") for holder in holders]

    joined = join_copies(copies)

    assert Rendered.of(joined).pages == 6
    assert text_of(joined) == "".join(text_of(copy) for copy in copies)
    assert len(joined) < 2 * len(copies[0])
    assert joined == join_copies(copies)
