"""Which figure goes into which cell of a customer's workbook, and what is suggested from the words beside a cell."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from service.errors import N_, FieldError
from service.sales.fields import FIELDS, Unit, find_field
from service.spreadsheets.cells import LAST_COLUMN, LAST_ROW, REFERENCE, column_name, column_number

_SIGNS: Final = re.compile(r"[\s:：*（）()\[\]【】_\-–—,，。./、]+")
_MOST_SUGGESTED: Final = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class MappedCell:
    """A cell with the figure that it takes."""

    sheet: str
    cell: str
    field: str
    unit: Unit

    def as_json(self) -> dict[str, str]:
        """Return it as it is stored."""
        return {name: str(value) for name, value in asdict(self).items()}

    @classmethod
    def from_json(cls, stored: Mapping[str, Any]) -> "MappedCell":
        """Read what `as_json` has written."""
        return cls(sheet=stored["sheet"], cell=stored["cell"], field=stored["field"], unit=Unit(stored["unit"]))


def checked_cell(sheet: str, cell: str, field: str, unit: str, *, sheets: Sequence[Mapping[str, Any]]) -> MappedCell:
    """Return what a person has mapped.

    Raises
    ------
    FieldError
        The sheet, the cell, the figure or its unit does not exist, or the cell holds a formula.

    """
    address = cell.strip().upper().replace("$", "")
    found = REFERENCE.fullmatch(address)
    if found is None or not 1 <= int(found[2]) <= LAST_ROW or column_number(found[1]) > LAST_COLUMN:
        raise FieldError(N_("“%(cell)s” is no cell; write it as Excel does, such as C12."), cell=cell)
    of_sheet = next((one for one in sheets if one["name"] == sheet), None)
    if of_sheet is None:
        raise FieldError(N_("The workbook has no sheet “%(sheet)s”; pick one from the list."), sheet=sheet)
    if _holds_formula(of_sheet, address):
        raise FieldError(
            N_("%(cell)s holds a formula of the customer, which is never written over; pick another cell."), cell=address
        )
    anchor = _anchor(of_sheet["merges"], column_number(found[1]), int(found[2]))
    if anchor != address:
        raise FieldError(
            N_("%(cell)s lies in joined cells, where only %(anchor)s shows; map that one."), cell=address, anchor=anchor
        )
    known = find_field(field)
    if known is None or unit not in known.units:
        raise FieldError(N_("Pick a figure and one of its units for %(cell)s."), cell=address)
    return MappedCell(sheet=sheet, cell=address, field=field, unit=Unit(unit))


def suggest(sheets: Iterable[Mapping[str, Any]]) -> list[MappedCell]:
    """Return cells to the right of a label that names a figure, each figure at most once per sheet."""
    return list(_suggestions(sheets))[:_MOST_SUGGESTED]


def plain(text: str) -> str:
    """Return a label as labels are compared: in lower case, without spaces and signs."""
    return _SIGNS.sub("", text).casefold()


def _suggestions(sheets: Iterable[Mapping[str, Any]]) -> Iterator[MappedCell]:
    for sheet in sheets:
        if sheet["is_hidden"]:
            continue
        filled = {(one["row"], one["column"]): one for one in sheet["cells"]}
        taken: set[str] = set()
        for (row, column), cell in sorted(filled.items()):
            field = _named(cell["value"])
            beside = _last_column(sheet["merges"], column, row) + 1
            target = filled.get((row, beside))
            if field is None or field in taken or (target is not None and _is_taken(target)):
                continue
            taken.add(field)
            cell_beside = _anchor(sheet["merges"], beside, row)
            yield MappedCell(sheet=sheet["name"], cell=cell_beside, field=field, unit=FIELDS[field].units[0])


def _is_taken(cell: Mapping[str, Any]) -> bool:
    return cell["kind"] in {"formula", "uncached"} or cell["value"] not in {None, ""}


def _last_column(merges: Iterable[Sequence[int]], column: int, row: int) -> int:
    """Return the last column of the joined cells that a cell belongs to."""
    return next((right for left, top, right, bottom in merges if left <= column <= right and top <= row <= bottom), column)


def _anchor(merges: Iterable[Sequence[int]], column: int, row: int) -> str:
    """Return the cell that shows, of the joined cells that a cell belongs to."""
    inside = ((left, top) for left, top, right, bottom in merges if left <= column <= right and top <= row <= bottom)
    left, top = next(inside, (column, row))
    return f"{column_name(left)}{top}"


def _named(value: object) -> str | None:
    """Return the figure that a label names best: the one with the longest matching name."""
    if not isinstance(value, str):
        return None
    label = plain(value)
    matches = [(len(plain(name)), key) for key, field in FIELDS.items() for name in field.names if plain(name) in label]
    return max(matches)[1] if matches else None


def _holds_formula(sheet: Mapping[str, Any], address: str) -> bool:
    return any(
        one["kind"] in {"formula", "uncached"} and f"{column_name(one['column'])}{one['row']}" == address for one in sheet["cells"]
    )
