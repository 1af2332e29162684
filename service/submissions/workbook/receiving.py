"""From the cells of an uploaded workbook to answers, whatever people have done to the sheet in between.

Rows are known by the field's id in a hidden column, else by the words of the question; columns by their headers; sheets by what
stands in them. So nothing depends on places or names.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

from service.errors import N_, FieldError
from service.i18n import LOCALES, translate
from service.spreadsheets.archive import PROBLEMS
from service.spreadsheets.cells import Cell, column_name
from service.submissions.answers import Entry
from service.submissions.canonical import is_same
from service.submissions.drafts import LONGEST_ENTRY, LONGEST_NOTE
from service.submissions.models import Absence, EvidenceKind
from service.submissions.parsing import clean_text, parse_number
from service.submissions.questionnaire import Question
from service.submissions.workbook.layout import (
    FORMAT,
    absence_by_word,
    both,
    choices_by_word,
    columns_by_header,
    evidence_by_word,
    plain,
    units_by_word,
)

EXCEL_DIGITS: Final = 15
"""A spreadsheet keeps a figure to so many digits; what comes after is an artefact of its arithmetic."""
LONGEST_UNIT: Final = 20
IDENTIFYING: Final = frozenset({"field", "label_zh", "label_en"})

Row = Mapping[str, Cell]


@dataclass(frozen=True, slots=True, kw_only=True)
class CellProblem:
    """Something in one cell that can't be taken over.

    Attributes
    ----------
    cell
        Address as Excel shows it: C5.
    field
        None where no question is known to be meant.

    """

    sheet: str
    cell: str
    field: str | None
    value: str
    error: FieldError


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """Where the answer to a question stands: the sheet, and the addresses of its cells by column."""

    sheet: str
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Received:
    """What a workbook says.

    Attributes
    ----------
    stamps
        By field, the state of the answer that the workbook had shown; missing where the hidden column is gone.
    remarks
        What the person should know about how the workbook was read.

    """

    entries: Mapping[str, Entry]
    places: Mapping[str, Place]
    stamps: Mapping[str, str]
    problems: Sequence[CellProblem]
    remarks: Sequence[FieldError]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Table:
    """The rows of a sheet that has a line of headers, by number; sorting may have moved some above that line."""

    sheet: str
    header_row: int
    columns: Mapping[str, int]
    rows: Mapping[int, Row]


def receive(answer: Mapping[str, Any], questions: Sequence[Question], *, submission_id: str, registry: str) -> Received:
    """Understand the answer of `spreadsheets.cells.read_cells`.

    Raises
    ------
    FieldError
        For a file that can't be used as a whole: what is wrong with it and what to do.

    """
    if "problem" in answer:
        raise FieldError(PROBLEMS[answer["problem"]])
    sheets = {sheet["name"]: [Cell(**cell) for cell in sheet["cells"]] for sheet in answer["sheets"]}
    meta = _meta(sheets)
    if meta.get("submission", submission_id) != submission_id:
        raise FieldError(N_("This workbook belongs to another request. Download the one of this page and fill that in."))
    tables = [table for name, cells in sheets.items() if (table := _find_table(name, cells)) is not None]
    if not tables:
        raise FieldError(
            N_("No sheet has the headers of the questionnaire (%(answer)s beside the question). Download the workbook again."),
            answer=both(N_("Answer")),
        )
    reader = _Reader(questions)
    for table in tables:
        reader.read(table)
    return reader.received(_remarks(meta, tables, registry))


def number_text(value: float) -> str:
    """Return a figure of a spreadsheet as a person would type it."""
    return f"{value:.{EXCEL_DIGITS}g}"


# ---- Finding the table ----


def _meta(sheets: Mapping[str, Sequence[Cell]]) -> Mapping[str, str]:
    for cells in sheets.values():
        texts = {(cell.row, cell.column): str(cell.value) for cell in cells if cell.column <= 2}  # noqa: PLR2004 - name and value
        if texts.get((1, 2)) == FORMAT:
            return {texts[row, 1]: texts.get((row, 2), "") for row, column in texts if column == 1}
    return {}


def _find_table(name: str, cells: Sequence[Cell]) -> _Table | None:
    rows: dict[int, dict[int, Cell]] = {}
    for cell in cells:
        rows.setdefault(cell.row, {})[cell.column] = cell
    headers = columns_by_header()
    for number in sorted(rows):
        columns = {headers[word]: column for column, cell in rows[number].items() if (word := plain(str(cell.value))) in headers}
        if "answer" in columns and columns.keys() & IDENTIFYING:
            others = {row: _by_key(found, columns) for row, found in rows.items() if row != number}
            return _Table(sheet=name, header_row=number, columns=columns, rows=others)
    return None


def _by_key(cells: Mapping[int, Cell], columns: Mapping[str, int]) -> Row:
    return {key: cells[column] for key, column in columns.items() if column in cells}


def _remarks(meta: Mapping[str, str], tables: Sequence[_Table], registry: str) -> Iterator[FieldError]:
    if not meta:
        yield FieldError(N_("The hidden sheet is missing, so we can't tell for which request this workbook was made."))
    elif meta.get("registry") != registry:
        yield FieldError(N_("The questions have changed since this workbook was made. Check the answers that are not taken over."))
    if any("field" not in table.columns for table in tables):
        yield FieldError(N_("The hidden column with the questions' ids is missing; the questions were known by their words."))


# ---- Reading rows ----


@dataclass(slots=True, kw_only=True)
class _Gathered:
    """What has been read so far."""

    entries: dict[str, Entry] = field(default_factory=dict)
    places: dict[str, Place] = field(default_factory=dict)
    stamps: dict[str, str] = field(default_factory=dict)
    problems: list[CellProblem] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)


class _Reader:
    """Reads the rows of all tables; problems gather until the end, so that a person mends all at once."""

    def __init__(self, questions: Sequence[Question]) -> None:
        self._questions = {question.key: question for question in questions}
        self._by_label = _by_label(questions)
        self._found = _Gathered()

    def read(self, table: _Table) -> None:
        """Read the rows of one table."""
        for number in sorted(table.rows):
            row = table.rows[number]
            question = self._question(row)
            if question is not None:
                self._read_row(table, number, row, question)
            elif "answer" in row and number > table.header_row and not _is_header(row):  # above it stands the title
                error = FieldError(N_("No question of this request is known by this row. Put the answer beside its question."))
                self._add(table, row["answer"], None, error)

    def received(self, remarks: Iterator[FieldError]) -> Received:
        """Return what all tables said."""
        found = self._found
        told = list(remarks)
        if found.formulas:
            message = N_("%(count)s values are results of formulas; the results were taken over: %(cells)s.")
            told.append(FieldError(message, count=len(found.formulas), cells=", ".join(found.formulas[:10])))
        return Received(entries=found.entries, places=found.places, stamps=found.stamps, problems=found.problems, remarks=told)

    def _question(self, row: Row) -> Question | None:
        known = self._questions.get(_text(row, "field"))
        words = (plain(_text(row, key).split("\n")[0].removesuffix("*")) for key in ("label_zh", "label_en"))
        return known or next((self._by_label[word] for word in words if word in self._by_label), None)

    def _read_row(self, table: _Table, number: int, row: Row, question: Question) -> None:
        place = Place(sheet=table.sheet, cells={key: f"{column_name(column)}{number}" for key, column in table.columns.items()})
        before = len(self._found.problems)
        entry = self._entry(table, row, question)
        if len(self._found.problems) > before:
            self._found.places.setdefault(question.key, place)
            return
        self._keep(table, row, question, entry, place)

    def _keep(self, table: _Table, row: Row, question: Question, entry: Entry, place: Place) -> None:
        key, earlier = question.key, self._found.entries.get(question.key)
        if earlier is not None and not earlier.is_empty:
            if not entry.is_empty and not is_same(question, earlier, entry):
                other = self._found.places[key].cells["answer"]
                error = FieldError(N_("The same question is answered differently in %(other)s. Keep one of the two."), other=other)
                self._add(table, row.get("answer") or next(iter(row.values())), key, error)
            return
        self._found.entries[key], self._found.places[key] = entry, place
        if "stamp" in table.columns:
            self._found.stamps[key] = _text(row, "stamp")

    def _entry(self, table: _Table, row: Row, question: Question) -> Entry:
        entered, unit = self._answer(table, row, question)
        note = self._limited(table, row, "note", question, LONGEST_NOTE)
        evidence = self._listed(table, row, "evidence", question, evidence_by_word())
        absent = self._listed(table, row, "absent", question, absence_by_word())
        entry = Entry(
            entered=entered,
            evidence_kind=EvidenceKind(evidence) if evidence else None,
            absent=Absence(absent) if absent else None,
            note=note or None,
        )
        return replace(entry, unit=unit) if not entry.is_empty or note or evidence else entry

    def _answer(self, table: _Table, row: Row, question: Question) -> tuple[str, str | None]:
        """Return what was entered and its unit."""
        cell = row.get("answer")
        if cell is not None and (problem := _unusable(cell, question)) is not None:
            self._add(table, cell, question.key, problem)
            return "", None
        if cell is not None and cell.kind == "formula":
            self._found.formulas.append(_address(cell))
        text = self._limited(table, row, "answer", question, LONGEST_ENTRY)
        if question.kind == "choice":
            return choices_by_word(question).get(plain(text), text), None
        if question.kind != "number":
            return text, None
        if "%" in question.units and text.endswith(("%", "％")):
            return text[:-1].strip(), "%"
        return text, self._unit(table, row, question, text)

    def _unit(self, table: _Table, row: Row, question: Question, text: str) -> str | None:
        """Return the unit chosen; None where the unit typed behind the figure stands alone."""
        written = _text(row, "unit")
        unit = units_by_word(question).get(plain(written), written)
        if _names_unit(text) and unit in {"", question.units[0]}:  # the list shows the first one before anybody chooses
            return None
        if not written and len(question.units) > 1:
            self._miss_unit(table, row, question, text)
        if len(unit) > LONGEST_UNIT:
            self._add(table, row["unit"], question.key, _not_listed(written))
        return unit or question.units[0]

    def _miss_unit(self, table: _Table, row: Row, question: Question, text: str) -> None:
        """Never guess a unit where several are possible."""
        if text:
            message = N_("The unit is missing. Choose it from the list in the column “%(unit)s”.")
            self._add(table, row["answer"], question.key, FieldError(message, unit=FieldError(N_("Unit"))))

    def _listed(self, table: _Table, row: Row, key: str, question: Question, words: Mapping[str, str]) -> str | None:
        written = _text(row, key)
        if written and plain(written) not in words:
            self._add(table, row[key], question.key, _not_listed(written))
        return words.get(plain(written))

    def _limited(self, table: _Table, row: Row, key: str, question: Question, limit: int) -> str:
        text = clean_text(_text(row, key))
        if len(text) > limit:
            self._add(table, row[key], question.key, FieldError(N_("At most %(max)s characters; shorten this."), max=limit))
        return text

    def _add(self, table: _Table, cell: Cell, key: str | None, error: FieldError) -> None:
        self._found.problems.append(
            CellProblem(sheet=table.sheet, cell=_address(cell), field=key, value=_shown(cell)[:60], error=error)
        )


def _by_label(questions: Sequence[Question]) -> Mapping[str, Question]:
    """Return questions by their words; words of two questions tell nothing."""
    listed = [(plain(translate(locale, question.label)), question) for question in questions for locale in LOCALES]
    owners: dict[str, set[str]] = {}
    for word, question in listed:
        owners.setdefault(word, set()).add(question.key)
    return {word: question for word, question in listed if len(owners[word]) == 1}


def _unusable(cell: Cell, question: Question) -> FieldError | None:
    if cell.kind == "uncached":
        return FieldError(
            N_(
                "This formula has no remembered result. Open the workbook in Excel or WPS, save it and upload it again, "
                "or type the value."
            )
        )
    if cell.kind == "error":
        return FieldError(N_("The cell shows %(value)s. Mend the formula, or type the value."), value=_shown(cell))
    if cell.kind == "date" and question.kind == "number":
        return FieldError(
            N_("The spreadsheet made a date of this: %(value)s. Give the cell the format “General” and type the figure again."),
            value=_shown(cell),
        )
    return None


def _names_unit(text: str) -> bool:
    """Tell whether more than a figure was typed: `1,234.5 万`, `1235万度`."""
    try:
        parse_number(text)
    except FieldError:
        return bool(text)
    return False


def _not_listed(written: str) -> FieldError:
    return FieldError(N_("“%(typed)s” is not one of the choices; pick one from the list."), typed=written[:60])


def _is_header(row: Row) -> bool:
    return plain(_text(row, "answer")) in columns_by_header()


def _address(cell: Cell) -> str:
    return f"{column_name(cell.column)}{cell.row}"


def _text(row: Row, key: str) -> str:
    return _shown(row[key]).strip() if key in row else ""


def _shown(cell: Cell) -> str:
    if isinstance(cell.value, bool):
        return str(cell.value).upper()
    if isinstance(cell.value, float | int):
        return number_text(cell.value)
    return cell.value or ""
