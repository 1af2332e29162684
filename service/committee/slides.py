"""The committee's page as a presentation: native charts and tables that people can edit, sources in the speaker notes.

Figures in tables and charts are those of the page; charts carry them unrounded.
"""

import io
from collections.abc import Sequence
from typing import Any, Final
from unicodedata import east_asian_width

from service.committee.presented import Cell, Chart, Hero, Presented, Section

Slide = Any  # python-pptx comes without types
Deck = Any

_WIDTH_IN: Final = 13.333
_HEIGHT_IN: Final = 7.5
_MARGIN_IN: Final = 0.6
_TITLE_IN: Final = 0.8
_ROWS_ON_A_SLIDE: Final = 10
"""Own choice: more would need letters that nobody at the end of a table can read."""
_LEAST_LETTERS: Final = 3
_MOST_LETTERS: Final = 60
"""Of a column: a longer text is set in lines."""
_INK: Final = "1D2328"
_MUTED: Final = "4A555F"
_LINE: Final = "D9DEE3"
_PAPER: Final = "F7F8F9"
_TONES: Final = {"good": "1F6B3A", "attention": "8A5A12", "bad": "B42318", "info": "0B6E69", "neutral": _MUTED}
_SERIES: Final = ("0072B2", "E69F00", "009E73", "CC79A7", "56B4E9", "D55E00")
"""Okabe-Ito, as in all charts."""
FONT: Final = "Microsoft YaHei"


def make_slides(shown: Presented) -> bytes:
    """Return the presentation; every slide says in its notes where its figures come from."""
    from pptx import Presentation  # noqa: PLC0415 - takes a second to import, which start-up must not wait for
    from pptx.util import Inches  # noqa: PLC0415 - as above

    deck = Presentation()
    deck.slide_width, deck.slide_height = Inches(_WIDTH_IN), Inches(_HEIGHT_IN)
    deck.core_properties.title, deck.core_properties.author = shown.title, shown.company
    deck.core_properties.created = deck.core_properties.modified = shown.made_at.replace(tzinfo=None)
    _cover(deck, shown)
    for section in shown.sections:
        if section.chart is not None:
            _chart_slide(deck, section, section.chart, shown)
        _table_slides(deck, section, shown)
    target = io.BytesIO()
    deck.save(target)
    return target.getvalue()


def _cover(deck: Deck, shown: Presented) -> None:
    slide = _slide(deck, shown.title, shown)
    _text(slide, f"{shown.company} · {shown.as_of}", top=1.5, size=18, colour=_MUTED)
    if shown.hero is not None:
        _hero(slide, shown.hero)
    for place, mark in enumerate(shown.marks):
        _text(slide, mark, top=5.4 + 0.5 * place, size=16, colour=_TONES["attention"])
    _notes(slide, [source for section in shown.sections for source in section.sources])


def _hero(slide: Slide, hero: Hero) -> None:
    _text(slide, hero.label, top=2.3, size=20, colour=_MUTED)
    _text(slide, f"{hero.cell.text} {hero.unit}", top=2.8, size=54, colour=_INK, bold=True)
    _text(slide, hero.note, top=4.1, size=14, colour=_MUTED)


def _chart_slide(deck: Deck, section: Section, chart: Chart, shown: Presented) -> None:
    from pptx.chart.data import CategoryChartData  # noqa: PLC0415 - as in make_slides
    from pptx.enum.chart import XL_CHART_TYPE, XL_LEGEND_POSITION  # noqa: PLC0415 - as in make_slides
    from pptx.util import Inches, Pt  # noqa: PLC0415 - as in make_slides

    slide = _slide(deck, chart.title, shown)
    _text(slide, section.sentence, top=1.1, size=14, colour=_INK)
    content: Any = CategoryChartData()  # type: ignore[no-untyped-call] # python-pptx comes without types
    content.categories = list(chart.categories)
    for name, values in chart.series.items():
        content.add_series(name, list(values))
    kind = XL_CHART_TYPE.LINE_MARKERS if chart.is_line else XL_CHART_TYPE.COLUMN_CLUSTERED
    place = (Inches(_MARGIN_IN), Inches(2.1), Inches(_WIDTH_IN - 2 * _MARGIN_IN), Inches(4.8))
    drawn = slide.shapes.add_chart(kind, *place, content).chart
    drawn.has_legend = len(chart.series) > 1
    if drawn.has_legend:
        drawn.legend.position, drawn.legend.include_in_layout = XL_LEGEND_POSITION.BOTTOM, False
    drawn.has_title = True
    drawn.chart_title.text_frame.text = chart.unit
    drawn.chart_title.text_frame.paragraphs[0].font.size = Pt(12)
    drawn.font.size, drawn.font.name = Pt(12), FONT
    _colour_series(drawn, is_line=chart.is_line)
    _notes(slide, section.sources)


def _colour_series(drawn: Any, *, is_line: bool) -> None:  # noqa: ANN401 - python-pptx comes without types
    for series, colour in zip(drawn.plots[0].series, _SERIES, strict=False):
        series.smooth = False if is_line else None
        fill = series.format.line.color if is_line else _solid(series)
        fill.rgb = _rgb(colour)


def _solid(series: Any) -> Any:  # noqa: ANN401 - python-pptx comes without types
    series.format.fill.solid()
    return series.format.fill.fore_color


def _table_slides(deck: Deck, section: Section, shown: Presented) -> None:
    rows = list(section.rows)
    parts = [rows[start : start + _ROWS_ON_A_SLIDE] for start in range(0, len(rows), _ROWS_ON_A_SLIDE)] or [[]]
    for number, part in enumerate(parts, start=1):
        title = section.title if len(parts) == 1 else f"{section.title} ({number}/{len(parts)})"
        slide = _slide(deck, title, shown)
        if section.sentence and section.chart is None:
            _text(slide, section.sentence, top=1.2, size=16, colour=_INK)
        if part:
            _table(slide, section, part)
        else:
            _text(slide, section.empty, top=2.2, size=18, colour=_MUTED)
        _notes(slide, section.sources)


def _table(slide: Slide, section: Section, rows: Sequence[Sequence[Cell]]) -> None:
    from pptx.util import Inches  # noqa: PLC0415 - as in make_slides

    top, height = 1.9, 0.42 * (len(rows) + 1)
    place = (Inches(_MARGIN_IN), Inches(top), Inches(_WIDTH_IN - 2 * _MARGIN_IN), Inches(height))
    table = slide.shapes.add_table(len(rows) + 1, len(section.columns), *place).table
    for column, width in enumerate(_widths(section)):
        table.columns[column].width = Inches(width)
    for column, (label, kind) in enumerate(section.columns):
        _fill(table.cell(0, column), Cell(text=label), is_number=kind == "number", is_head=True)
    for line, row in enumerate(rows, start=1):
        for column, cell in enumerate(row):
            _fill(table.cell(line, column), cell, is_number=section.columns[column][1] == "number", is_head=False)


def _widths(section: Section) -> Sequence[float]:
    """Return the columns' widths in inches, by their longest texts; all of a section's slides have the same."""
    longest = [
        min(max(_letters(text) for text in (label, *(row[column].text for row in section.rows))), _MOST_LETTERS)
        for column, (label, _) in enumerate(section.columns)
    ]
    return [(_WIDTH_IN - 2 * _MARGIN_IN) * one / sum(longest) for one in longest]


def _letters(text: str) -> int:
    """Return how wide a text is, in Latin letters; a Chinese sign is as wide as two."""
    return _LEAST_LETTERS + sum(1 + (east_asian_width(letter) in "WF") for letter in text)


def _fill(target: Any, cell: Cell, *, is_number: bool, is_head: bool) -> None:  # noqa: ANN401 - python-pptx comes without types
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415 - as in make_slides
    from pptx.util import Pt  # noqa: PLC0415 - as in make_slides

    target.text = cell.text
    target.fill.solid()
    target.fill.fore_color.rgb = _rgb(_LINE if is_head else _PAPER)
    paragraph = target.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.RIGHT if is_number else PP_ALIGN.LEFT
    paragraph.font.size, paragraph.font.bold, paragraph.font.name = Pt(12), is_head, FONT
    paragraph.font.color.rgb = _rgb(_TONES.get(cell.tone, _INK))


def _slide(deck: Deck, title: str, shown: Presented) -> Slide:
    slide = deck.slides.add_slide(deck.slide_layouts[5])  # title only
    slide.shapes.title.text = title
    _place_title(slide.shapes.title)
    _text(slide, " · ".join((shown.company, shown.as_of, *shown.marks)), top=_HEIGHT_IN - 0.5, size=10, colour=_MUTED)
    return slide


def _place_title(title: Any) -> None:  # noqa: ANN401 - python-pptx comes without types
    from pptx.enum.text import PP_ALIGN  # noqa: PLC0415 - as in make_slides
    from pptx.util import Inches, Pt  # noqa: PLC0415 - as in make_slides

    title.left, title.top = Inches(_MARGIN_IN), Inches(0.35)
    title.width, title.height = Inches(_WIDTH_IN - 2 * _MARGIN_IN), Inches(_TITLE_IN)
    paragraph = title.text_frame.paragraphs[0]
    paragraph.alignment = PP_ALIGN.LEFT
    paragraph.font.size, paragraph.font.bold, paragraph.font.name = Pt(28), True, FONT


def _text(slide: Slide, text: str, *, top: float, size: int, colour: str, bold: bool = False) -> None:
    from pptx.util import Inches, Pt  # noqa: PLC0415 - as in make_slides

    if not text:
        return
    box = slide.shapes.add_textbox(Inches(_MARGIN_IN), Inches(top), Inches(_WIDTH_IN - 2 * _MARGIN_IN), Inches(0.5))
    box.text_frame.word_wrap = True
    box.text_frame.text = text
    font = box.text_frame.paragraphs[0].font
    font.size, font.bold, font.name = Pt(size), bold, FONT
    font.color.rgb = _rgb(colour)


def _rgb(colour: str) -> Any:  # noqa: ANN401 - python-pptx comes without types
    from pptx.dml.color import RGBColor  # noqa: PLC0415 - as in make_slides

    return RGBColor.from_string(colour)  # type: ignore[no-untyped-call] # as above


def _notes(slide: Slide, sources: Sequence[str]) -> None:
    slide.notes_slide.notes_text_frame.text = "\n".join(dict.fromkeys(sources))
