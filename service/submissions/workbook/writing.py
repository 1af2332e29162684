"""The questionnaire as an .xlsx file, generated from the same registry as the pages."""

import hashlib
import io
import json
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any, Final

from service.errors import N_, FieldError
from service.i18n import LOCALES, translate
from service.submissions.answers import Entry
from service.submissions.models import Depth
from service.submissions.parsing import parse_number
from service.submissions.queries import AcceptedAnswers
from service.submissions.questionnaire import Group, Question, groups_for, questions_for
from service.submissions.units import unit_label
from service.submissions.words import ABSENCE_LABELS, EVIDENCE_LABELS
from service.submissions.workbook.layout import (
    ANSWERS_SHEET,
    COLUMNS,
    FORMAT,
    GUIDE_SHEET,
    LETTERS,
    LISTS_SHEET,
    META_SHEET,
    both,
    choice_text,
    unit_text,
)
from service.web.formatting import format_exact

Sheet = Any  # openpyxl's own types miss much of what a sheet can do
INK, PAPER, BAND, LINE = "1D2328", "F7F8F9", "0B6E69", "D9DEE3"
HEADER_ROW: Final = 3
LINE_HEIGHT: Final = 15
"""Points."""
GUIDE: Final = (
    N_("Fill in the white cells of the sheet “Answers”. Everything else is protected without a password, so that nothing slips."),
    N_("Write figures as they stand on the bill and choose the unit beside them; we convert."),
    N_(
        "If you do not know a value, choose a reason under “If there is no value” and say more in the note. "
        "An honest “I do not know” is better than a made-up figure."
    ),
    N_("You may sort rows, move columns and rename sheets. Please leave the hidden columns and sheets as they are."),
    N_("Save as .xlsx and upload the file on the page of your request. You see what changes before anything is taken over."),
    N_("Formulas are welcome: their result is taken over. Macros and links to other files are not."),
)
VISIBLE: Final = tuple(column for column in COLUMNS if not column.is_hidden)


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What goes into a workbook.

    Attributes
    ----------
    stamps
        By field, the state of the answer that the workbook shows (`drafts.stamp_of`).
    previous
        What was accepted for the period before.

    """

    submission_id: str
    number: str
    supplier_type: str
    depth: Depth
    supplier_name_zh: str
    supplier_name_en: str
    period_start: date
    period_end: date
    deadline: date
    entries: Mapping[str, Entry]
    stamps: Mapping[str, str]
    previous: AcceptedAnswers | None
    is_sample: bool


def registry_hash(supplier_type: str, depth: Depth) -> str:
    """Return what changes when a supplier type is asked other questions, or offered other units or choices."""
    asked = [
        [question.key, question.kind, *question.units, *(choice.key for choice in question.choices)]
        for question in questions_for(supplier_type, depth)
    ]
    return hashlib.sha256(json.dumps(asked, ensure_ascii=False).encode()).hexdigest()[:16]


def write_questionnaire(contents: Contents) -> bytes:
    """Return the workbook: instructions, answers, and two hidden sheets for the drop-down lists and for recognising it."""
    from openpyxl import Workbook  # noqa: PLC0415 - takes 0.8 s to import, which start-up must not wait for

    book = Workbook()
    guide, page = book.active, book.create_sheet(ANSWERS_SHEET)
    _write_guide(guide, contents)
    lists = _Lists(book.create_sheet(LISTS_SHEET))
    _write_answers(page, contents, lists)
    _write_meta(book.create_sheet(META_SHEET), contents)
    book.active = book.index(page)
    book.properties.creator, book.properties.title = "AnodePrint", contents.number
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


# ---- Answers ----


def _write_answers(page: Sheet, contents: Contents, lists: "_Lists") -> None:
    _put(page, "A1", _title(contents), bold=True, size=14)
    page.row_dimensions[HEADER_ROW].height = 2.4 * LINE_HEIGHT
    for column in COLUMNS:
        letter = LETTERS[column.key]
        page.column_dimensions[letter].width = column.width
        page.column_dimensions[letter].hidden = column.is_hidden
        _put(page, f"{letter}{HEADER_ROW}", both(column.header), bold=True, fill=LINE, wrap=True)
    row = HEADER_ROW
    for group in groups_for(contents.supplier_type, contents.depth):
        row += 1
        _write_band(page, row, group)
        for question in group.questions:
            row += 1
            _write_question(page, row, question, contents, lists)
    page.freeze_panes = f"C{HEADER_ROW + 1}"
    _protect(page)
    _set_up_print(page)


def _title(contents: Contents) -> str:
    period = f"{contents.period_start} – {contents.period_end}"
    name = " / ".join(dict.fromkeys((contents.supplier_name_zh, contents.supplier_name_en)))
    sample = f" · {both(N_('Sample'))}" if contents.is_sample else ""
    return f"{contents.number} · {name} · {period}{sample}"


def _write_band(page: Sheet, row: int, group: Group) -> None:
    for column in COLUMNS:
        _put(page, f"{LETTERS[column.key]}{row}", "", fill=BAND)
    _put(page, f"A{row}", both(group.title), bold=True, fill=BAND, color="FFFFFF")


def _write_question(page: Sheet, row: int, question: Question, contents: Contents, lists: "_Lists") -> None:
    entry = contents.entries.get(question.key, Entry())
    for key, text in _texts(question, contents).items():
        _put(page, f"{LETTERS[key]}{row}", text, wrap=True, fill=PAPER, bold_first=key.startswith("label"))
    unit = entry.unit or (question.units[0] if question.units else "")
    written: dict[str, str | float] = {
        "answer": _answer_value(question, entry),
        "unit": unit_text(unit) if unit in question.units else unit,
        "evidence": both(EVIDENCE_LABELS[entry.evidence_kind]) if entry.evidence_kind else "",
        "absent": both(ABSENCE_LABELS[entry.absent]) if entry.absent else "",
        "note": entry.note or "",
    }
    for key, value in written.items():
        _put_answer(page, f"{LETTERS[key]}{row}", value, as_text=question.kind != "number" and key == "answer")
    _offer(page, row, question, lists)
    page.row_dimensions[row].height = _height(page, row)


def _texts(question: Question, contents: Contents) -> Mapping[str, str]:
    required = " *" if question.required else ""
    helps = [" ".join(translate(locale, text) for text in (question.where, *question.reasons)) for locale in LOCALES]
    return {
        "label_zh": f"{translate('zh-CN', question.label)}{required}\n{translate('zh-CN', question.ask)}",
        "label_en": f"{question.label}{required}\n{question.ask}",
        "previous": _previous(question, contents.previous),
        "example": f"{question.example[0]} {unit_label(question.example[1], 'zh-CN')}" if question.example else "",
        "where": "\n".join(helps),
        "field": question.key,
        "stamp": contents.stamps.get(question.key, ""),
    }


def _previous(question: Question, previous: AcceptedAnswers | None) -> str:
    value = previous.values.get(question.key) if previous else None
    if previous is None or value is None:
        return ""
    if isinstance(value, str):
        return choice_text(question, value)
    return f"{format_exact(value, 'en')} {unit_text(previous.units.get(question.key, ''))}".strip()


def _answer_value(question: Question, entry: Entry) -> str | float:
    """Return a number as a number, so that people can calculate with it; what can't be read as it was typed."""
    if question.kind == "choice":
        return choice_text(question, entry.entered)
    if question.kind != "number":
        return entry.entered
    try:
        return parse_number(entry.entered)
    except FieldError:
        return entry.entered


def _offer(page: Sheet, row: int, question: Question, lists: "_Lists") -> None:
    """Add the drop-down lists of one question."""
    if question.choices:
        lists.offer(page, f"{LETTERS['answer']}{row}", [choice_text(question, choice.key) for choice in question.choices])
    if len(question.units) > 1:
        lists.offer(page, f"{LETTERS['unit']}{row}", [unit_text(unit) for unit in question.units])
    lists.offer(page, f"{LETTERS['evidence']}{row}", [both(text) for text in EVIDENCE_LABELS.values()])
    if not question.essential:
        lists.offer(page, f"{LETTERS['absent']}{row}", [both(text) for text in ABSENCE_LABELS.values()])


def _height(page: Sheet, row: int) -> float:
    """Return the height that shows all lines of a row, because programs do not fit rows whose height nobody set."""
    lines = (_lines(str(page[f"{LETTERS[column.key]}{row}"].value or ""), column.width) for column in VISIBLE)
    return max(lines) * LINE_HEIGHT + 4


def _lines(text: str, width: int) -> int:
    return sum(-(-max(_display_width(line), 1) // width) for line in text.split("\n"))


def _display_width(line: str) -> int:
    return sum(2 if unicodedata.east_asian_width(mark) in "WF" else 1 for mark in line)


# ---- Instructions and hidden sheets ----


def _write_guide(page: Sheet, contents: Contents) -> None:
    page.title = GUIDE_SHEET
    page.column_dimensions["A"].width, page.column_dimensions["B"].width = 60, 70
    _put(page, "A1", _title(contents), bold=True, size=14)
    for row, message in enumerate((N_("Please answer by %(deadline)s."), *GUIDE), start=3):
        values = {"deadline": contents.deadline} if row == 3 else {}  # noqa: PLR2004 - the first line
        zh, en = (translate(locale, message, **values) for locale in LOCALES)
        _put(page, f"A{row}", zh, wrap=True)
        _put(page, f"B{row}", en, wrap=True)
        page.row_dimensions[row].height = LINE_HEIGHT * max(_lines(zh, 58), _lines(en, 68)) + 6
    _protect(page)
    _set_up_print(page)


def _write_meta(page: Sheet, contents: Contents) -> None:
    facts = {
        "format": FORMAT,
        "submission": contents.submission_id,
        "registry": registry_hash(contents.supplier_type, contents.depth),
    }
    for row, pair in enumerate(facts.items(), start=1):
        for letter, text in zip("AB", pair, strict=True):
            _put(page, f"{letter}{row}", text)
    page.sheet_state = "hidden"
    _protect(page)


class _Lists:
    """The hidden sheet with the words of all drop-down lists; equal lists stand there once."""

    def __init__(self, page: Sheet) -> None:
        self._page = page
        self._offers: dict[tuple[int, tuple[str, ...]], Any] = {}
        self._ranges: dict[tuple[str, ...], str] = {}
        page.sheet_state = "hidden"
        _protect(page)

    def offer(self, page: Sheet, cell: str, words: Iterable[str]) -> None:
        """Let a cell be filled from a list."""
        from openpyxl.worksheet.datavalidation import DataValidation  # noqa: PLC0415 - as in write_questionnaire

        listed = tuple(words)
        key = (id(page), listed)
        if key not in self._offers:
            offer = DataValidation(type="list", formula1=self._range(listed), allow_blank=True, errorStyle="warning")
            offer.errorTitle, offer.error = "AnodePrint", both(N_("Please choose from the list."))
            page.add_data_validation(offer)
            self._offers[key] = offer
        self._offers[key].add(cell)

    def _range(self, words: tuple[str, ...]) -> str:
        if words not in self._ranges:
            column = len(self._ranges) + 1
            for row, word in enumerate(words, start=1):
                cell = self._page.cell(row=row, column=column, value=_printable(word))
                cell.data_type = "s"
            letter = self._page.cell(row=1, column=column).column_letter
            self._ranges[words] = f"{LISTS_SHEET}!${letter}$1:${letter}${len(words)}"
        return self._ranges[words]


# ---- Cells ----


def _put(
    page: Sheet,
    address: str,
    text: str,
    *,
    bold: bool = False,
    bold_first: bool = False,
    size: int = 11,
    fill: str | None = None,
    color: str = INK,
    wrap: bool = False,
) -> None:
    from openpyxl.styles import Alignment, Font, PatternFill  # noqa: PLC0415 - as in write_questionnaire

    cell = page[address]
    cell.value = _printable(text) or None
    if text:
        cell.data_type = "s"  # openpyxl would make a formula of a text that starts with "="
    cell.font = Font(bold=bold or bold_first, size=size, color=color)
    cell.alignment = Alignment(wrap_text=wrap, vertical="top")
    if fill:
        cell.fill = PatternFill("solid", fgColor=fill)


def _put_answer(page: Sheet, address: str, value: str | float, *, as_text: bool) -> None:
    from openpyxl.styles import Alignment, Border, Protection, Side  # noqa: PLC0415 - as in write_questionnaire

    cell = page[address]
    if isinstance(value, str):
        _put(page, address, value, wrap=True)
    else:
        cell.value = value
    side = Side(style="thin", color="8A949E")
    cell.border = Border(left=side, right=side, top=side, bottom=side)
    cell.alignment = Alignment(wrap_text=True, vertical="top", horizontal=None if isinstance(value, str) else "right")
    cell.protection = Protection(locked=False)
    if as_text:
        cell.number_format = "@"


def _printable(text: str) -> str:
    return "".join(mark for mark in text if mark == "\n" or unicodedata.category(mark) not in {"Cc", "Cs"})


def _protect(page: Sheet) -> None:
    """Lock all but the cells for answers, without a password; sizes, sorting and filters stay the person's."""
    page.protection.sheet = True
    for freedom in ("formatCells", "formatColumns", "formatRows", "sort", "autoFilter"):
        setattr(page.protection, freedom, False)  # the format says what is forbidden


def _set_up_print(page: Sheet) -> None:
    page.page_setup.orientation, page.page_setup.paperSize = "landscape", page.PAPERSIZE_A4
    page.page_setup.fitToWidth, page.page_setup.fitToHeight = 1, 0
    page.sheet_properties.pageSetUpPr.fitToPage = True
