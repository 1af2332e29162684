"""An allocation problem from an Excel workbook; every mistake is named with sheet, row, column, value and fix, all at once."""

import difflib
import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from service.allocation.checking import NEGATIVE, NOT_A_NUMBER, Finding, find_findings
from service.allocation.lines import BidMode, DemandLine, OfferLine, Rules, SupplierLine
from service.allocation.problem import Problem
from service.allocation.workbook_layout import (
    NEEDED_SHEETS,
    NOTE_COLUMNS,
    RESULT_SHEETS,
    RULES,
    SHEETS,
    Column,
    Kind,
    find_column,
    find_sheet,
    plain,
)
from service.errors import N_, FieldError, RefusedError, ServiceError
from service.spreadsheets.archive import PROBLEMS
from service.spreadsheets.cells import column_name

GROUPED: Final = re.compile(r"[+-]?\d{1,3}(,\d{3})+(\.\d+)?")
YES: Final = frozenset({"yes", "y", "true", "1", "是", "有"})
NO: Final = frozenset({"no", "n", "false", "0", "否", "无"})
UNREADABLE: Final[Mapping[str, str]] = {
    "uncached": N_("This formula has no stored result. Save the file in Excel or WPS, or type the value."),
    "error": N_("This formula has failed. Correct it or type the value."),
    "date": N_("This is a date. Write the value, and format the cell as a number."),
}
CELL: Final = N_("Sheet “%(sheet)s”, row %(row)s, column “%(column)s”, value “%(value)s”: %(problem)s")


class AllocationWorkbookError(RefusedError):
    """A workbook that can't be solved as it stands; `points` has every mistake."""

    code = "allocation-workbook"
    status = 422

    def __init__(self, points: Sequence[ServiceError]) -> None:
        super().__init__(N_("The workbook can't be used; %(count)s things to correct. The first: %(first)s"), points)


@dataclass(frozen=True, slots=True, kw_only=True)
class Line:
    """One row that has been read.

    Attributes
    ----------
    values
        By field, of the cells that hold something usable.

    """

    row: int
    values: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Reading:
    """What has been read of a workbook so far, with what is wrong.

    Attributes
    ----------
    titles
        Each sheet's name as it stands in the file.
    columns
        Column of the sheet, from 1, by sheet and field.

    """

    titles: dict[str, str] = field(default_factory=dict)
    columns: dict[str, dict[str, int]] = field(default_factory=dict)
    lines: dict[str, list[Line]] = field(default_factory=dict)
    points: list[ServiceError] = field(default_factory=list)

    def refuse(self, sheet: str, row: int | None, column: str, value: object, problem: ServiceError) -> None:
        """Keep a mistake."""
        letters = self.columns.get(sheet, {}).get("value" if sheet == "rules" and row is not None else column)
        self.points.append(
            FieldError(
                CELL,
                sheet=self.titles.get(sheet, sheet),
                row="-" if row is None else row,
                column=column if letters is None else f"{column_name(letters)} ({column})",
                value=_shown(value),
                problem=problem,
            )
        )


def _shown(value: object) -> str:
    return "" if value is None else f"{value:.10g}" if isinstance(value, float) else str(value)


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    """A cell: the sheet's name as it stands in the file, its row, and the column's name."""

    sheet: str
    row: int
    column: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkbookProblem:
    """A problem with the way back to its cells.

    Attributes
    ----------
    notices
        What a reader should know: offers that nothing is demanded of.

    """

    problem: Problem
    notices: Sequence[ServiceError]
    reading: Reading

    def place(self, *, rule: str, material: str, supplier: str) -> Place | None:
        """Return the cell that sets a rule; None where none does."""
        sheet = next((name for name, columns in _FIELDS.items() if rule in columns), None)
        if rule == "supplier_capacity_t":
            sheet, rule = "suppliers", "capacity_t"
        for line in self.reading.lines.get(sheet or "", ()):
            if _is_line_of(sheet or "", line, rule=rule, material=material, supplier=supplier):
                column = "value" if sheet == "rules" else {"offers": "demand_t"}.get(rule, rule)
                return Place(sheet=self.reading.titles[sheet or ""], row=line.row, column=column)
        return None


_FIELDS: Final[Mapping[str, frozenset[str]]] = {
    "offers": frozenset({"capacity_t", "max_share", "moq_t", "min_take_t", "is_vetoed"}),
    "demands": frozenset({"offers", "min_suppliers", "max_suppliers", "max_defect_share", "min_green_score"}),
    "rules": frozenset(column.key for column in RULES),
}


def read_workbook(found: Mapping[str, Any]) -> WorkbookProblem:
    """Read a problem from what `service.spreadsheets.cells.read_cells` has found in a file.

    Raises
    ------
    AllocationWorkbookError
        With every mistake.

    """
    if "problem" in found:
        raise AllocationWorkbookError([FieldError(PROBLEMS[found["problem"]])])
    reading = Reading()
    for sheet in found["sheets"]:
        _read_sheet(reading, sheet)
    for key in NEEDED_SHEETS:
        if key not in reading.titles:
            reading.points.append(FieldError(N_("The sheet “%(sheet)s” is missing. Add it."), sheet=key))
    offers = tuple(OfferLine(**line.values) for line in _complete(reading, "offers"))
    demands = tuple(DemandLine(**line.values) for line in _complete(reading, "demands"))
    suppliers = tuple(SupplierLine(**line.values) for line in _complete(reading, "suppliers"))
    rules = _rules(reading)
    for finding in _findings(reading, offers, demands, rules, suppliers):
        _refuse_finding(reading, finding)
    if reading.points:
        raise AllocationWorkbookError(reading.points)
    problem = Problem(offers=offers, demands=demands, rules=rules, suppliers=suppliers)
    return WorkbookProblem(problem=problem, notices=list(_notices(problem)), reading=reading)


def _findings(reading: Reading, *parts: Any) -> Iterator[Finding]:  # noqa: ANN401 - the parts of `find_findings`
    """Yield what is wrong with what could be read, but for what may only follow from what could not."""
    for finding in find_findings(*parts):
        is_about_others = (finding.part, finding.column) == ("suppliers", "supplier") or finding.line is None
        if not (is_about_others and finding.part in {"demands", "suppliers"} and reading.points):
            yield finding


def _read_sheet(reading: Reading, sheet: Mapping[str, Any]) -> None:
    key = find_sheet(sheet["name"])
    if key in RESULT_SHEETS or not sheet["cells"]:
        return
    if key is None:
        problem = N_("There is no sheet of this name: “%(sheet)s”. Use offers, demands, rules and suppliers, and delete it.")
        reading.points.append(FieldError(problem, sheet=sheet["name"]))
        return
    if key in reading.titles:
        reading.points.append(FieldError(N_("The sheet “%(sheet)s” is there twice. Delete one."), sheet=sheet["name"]))
        return
    reading.titles[key] = sheet["name"]
    rows: dict[int, list[Mapping[str, Any]]] = {}
    for cell in sheet["cells"]:
        rows.setdefault(cell["row"], []).append(cell)
    header, *body = sorted(rows)
    columns = _read_header(reading, key, rows[header])
    reading.lines[key] = [_read_line(reading, key, row, columns, rows[row]) for row in body]


def _read_header(reading: Reading, sheet: str, cells: Sequence[Mapping[str, Any]]) -> dict[int, Column]:
    """Return the columns by their place; a misspelt one would silently change nothing."""
    found: dict[int, Column] = {}
    for cell in cells:
        text = str(cell["value"] or "")
        column = find_column(text, SHEETS[sheet])
        if column is None and plain(text) not in NOTE_COLUMNS:
            near = difflib.get_close_matches(plain(text), [one.key for one in SHEETS[sheet]], n=1)
            known = ", ".join(near or [one.key for one in SHEETS[sheet]])
            problem = FieldError(N_("There is no such column. Use: %(known)s."), known=known)
            reading.refuse(sheet, cell["row"], column_name(cell["column"]), text, problem)
        elif column in found.values():
            problem = FieldError(N_("This column is there twice. Delete one."))
            reading.refuse(sheet, cell["row"], column_name(cell["column"]), text, problem)
        elif column is not None:
            found[cell["column"]] = column
    reading.columns[sheet] = {column.key: place for place, column in found.items()}
    for column in SHEETS[sheet]:
        if (column.is_required or sheet == "rules") and column not in found.values():
            reading.refuse(sheet, cells[0]["row"], column.key, None, FieldError(N_("This column is missing. Add it.")))
    return found


def _read_line(reading: Reading, sheet: str, row: int, columns: Mapping[int, Column], cells: Sequence[Mapping[str, Any]]) -> Line:
    values: dict[str, Any] = {}
    for cell in cells:
        column = columns.get(cell["column"])
        if column is None:
            continue
        value = _read_cell(reading, sheet, row, column, cell)
        if value is not None:
            values[column.key] = value
    for column in columns.values():
        is_given = any(columns.get(cell["column"]) is column for cell in cells)
        if column.is_required and not is_given and any(cell["column"] in columns for cell in cells):
            reading.refuse(sheet, row, column.key, None, FieldError(N_("This must be filled in.")))
    return Line(row=row, values=values)


def _read_cell(reading: Reading, sheet: str, row: int, column: Column, cell: Mapping[str, Any]) -> object:
    """Return a cell's value as its column wants it; None with a mistake kept where that can't be."""
    if cell["kind"] in UNREADABLE and (cell["kind"] != "date" or column.kind is not Kind.TEXT):
        reading.refuse(sheet, row, column.key, cell["value"], FieldError(UNREADABLE[cell["kind"]]))
        return None
    try:
        return READERS[column.kind](cell["value"])
    except FieldError as problem:
        reading.refuse(sheet, row, column.key, cell["value"], problem)
        return None


def _read_text(value: object) -> str:
    return f"{value:.15g}" if isinstance(value, float) else str(value)


def _read_number(value: object) -> float:
    if isinstance(value, bool):
        raise FieldError(NOT_A_NUMBER)
    if isinstance(value, float | int):
        return float(value)
    text = unicodedata.normalize("NFKC", str(value)).strip()
    try:
        number = float(text.replace(",", "")) if GROUPED.fullmatch(text) else float(text.replace("_", "?"))
    except ValueError:
        raise FieldError(NOT_A_NUMBER) from None
    if not math.isfinite(number):
        raise FieldError(NOT_A_NUMBER)
    return number


def _read_whole(value: object) -> int:
    number = _read_number(value)
    if number != int(number):
        raise FieldError(N_("This must be a whole number."))
    if number < 0:
        raise FieldError(NEGATIVE)
    return int(number)


def _read_share(value: object) -> float:
    text = unicodedata.normalize("NFKC", str(value)).strip()
    return _read_number(text[:-1].strip()) / 100.0 if text.endswith("%") else _read_number(value)


def _read_yes_no(value: object) -> bool:
    if isinstance(value, bool):
        return value
    word = plain(_read_text(value))
    if word not in YES | NO:
        raise FieldError(N_("Write yes or no."))
    return word in YES


def _read_mode(value: object) -> BidMode:
    word = plain(str(value))
    if word not in set(BidMode):
        raise FieldError(N_("Write one of: %(known)s."), known=", ".join(BidMode))
    return BidMode(word)


READERS: Final[Mapping[Kind, Callable[[object], object]]] = {
    Kind.TEXT: _read_text,
    Kind.NUMBER: _read_number,
    Kind.WHOLE: _read_whole,
    Kind.SHARE: _read_share,
    Kind.YES_NO: _read_yes_no,
    Kind.MODE: _read_mode,
}


def _complete(reading: Reading, sheet: str) -> Sequence[Line]:
    """Return the lines with everything that is required; the others have been refused already."""
    required = [column.key for column in SHEETS[sheet] if column.is_required]
    lines = [line for line in reading.lines.get(sheet, ()) if line.values and all(key in line.values for key in required)]
    reading.lines[sheet] = lines
    return lines


def _rules(reading: Reading) -> Rules:
    """Return the rules; an empty value leaves a rule at its default."""
    given: dict[str, Any] = {}
    for line in reading.lines.get("rules", ()):
        name, value = str(line.values.get("key", "")), line.values.get("value")
        column = find_column(name, RULES)
        if column is None:
            near = difflib.get_close_matches(plain(name), [one.key for one in RULES], n=1)
            known = ", ".join(near or [one.key for one in RULES])
            reading.refuse("rules", line.row, name, value, FieldError(N_("There is no such rule. Use: %(known)s."), known=known))
        elif column.key in given:
            reading.refuse("rules", line.row, name, value, FieldError(N_("This rule stands twice. Keep one line.")))
        elif value is not None:
            cell = {"value": value, "kind": "typed"}
            read = _read_cell(reading, "rules", line.row, Column(key="value", zh="", kind=column.kind), cell)
            given |= {} if read is None else {column.key: read}
    return Rules(**given)


def _refuse_finding(reading: Reading, finding: Finding) -> None:
    if finding.part == "rules":
        rows = {find_column(str(line.values.get("key", "")), RULES): line.row for line in reading.lines.get("rules", ())}
        row = next((row for column, row in rows.items() if column and column.key == finding.column), None)
        reading.refuse("rules", row, finding.column, finding.value, finding.problem)
        return
    row = None if finding.line is None else reading.lines[finding.part][finding.line].row
    reading.refuse(finding.part, row, finding.column, finding.value, finding.problem)


def _notices(problem: Problem) -> Iterator[ServiceError]:
    demanded = {demand.material for demand in problem.demands}
    for material in dict.fromkeys(offer.material for offer in problem.offers):
        if material not in demanded:
            near = difflib.get_close_matches(material, demanded, n=1, cutoff=0.8)
            yield FieldError(
                N_("Nothing is demanded of “%(material)s”; its offers are not used. Demanded are: %(demanded)s."),
                material=material,
                demanded=", ".join(near or sorted(demanded)),
            )


def _is_line_of(sheet: str, line: Line, *, rule: str, material: str, supplier: str) -> bool:
    if sheet == "rules":
        column = find_column(str(line.values.get("key", "")), RULES)
        return column is not None and column.key == rule
    if sheet == "demands":
        return bool(line.values["material"] == material)
    is_supplier = bool(line.values["supplier"] == supplier) or (rule == "is_vetoed" and not supplier)
    return is_supplier and (sheet == "suppliers" or line.values["material"] == material)
