"""The few marks that an article may hold."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from service.publicity.marks import Block, BlockKind, Span, read_marks


def test_headings_lists_and_paragraphs_are_told_apart() -> None:
    assert read_marks("## What we do\n- first\n- second\n\nA line\nand another") == [
        Block(kind=BlockKind.HEADING, lines=[[Span(text="What we do")]]),
        Block(kind=BlockKind.LIST, lines=[[Span(text="first")], [Span(text="second")]]),
        Block(kind=BlockKind.PARAGRAPH, lines=[[Span(text="A line")], [Span(text="and another")]]),
    ]


def test_bold_and_links_stand_in_the_line() -> None:
    (block,) = read_marks("see **this** and [that](https://example.org/a)")
    assert block.lines == [
        [
            Span(text="see "),
            Span(text="this", is_bold=True),
            Span(text=" and "),
            Span(text="that", href="https://example.org/a"),
        ]
    ]


@pytest.mark.parametrize(
    "address", ["javascript:alert(1)", "http://example.org", "//example.org", "data:text/html,x", "/\\example.org", 'https://a"b']
)
def test_only_https_and_pages_of_ours_are_linked(address: str) -> None:
    (block,) = read_marks(f"[x]({address})")
    assert [span.href for line in block.lines for span in line if span.href is not None] == []


@given(st.text(alphabet=st.characters(exclude_characters="*[]#-\n\r", exclude_categories=("Cs", "Cc")), min_size=1).map(str.strip))
def test_text_without_marks_comes_back_as_it_was_typed(text: str) -> None:
    shown = "".join(span.text for block in read_marks(text) for line in block.lines for span in line)
    assert shown == text


@given(st.text())
def test_every_link_is_https_or_ours(text: str) -> None:
    links = [span.href for block in read_marks(text) for line in block.lines for span in line if span.href is not None]
    assert all(link.startswith(("https://", "/")) and not link.startswith("//") for link in links)
