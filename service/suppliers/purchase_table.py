"""The sheet of purchases that people fill in, and what an uploaded one would do."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final

from service.errors import N_, FieldError, InvalidInputError
from service.suppliers.queries import PurchaseRow, SupplierRow
from service.suppliers.schemas import PurchaseInput
from service.suppliers.sheet_cells import (
    CHOICES_SHEET,
    FLOW,
    SUPPLIER,
    ReadCell,
    flow_choices,
    read_date,
    read_flow,
    read_number,
    supplier_choices,
    supplier_reader,
)
from service.suppliers.table_import import Present, Table
from service.suppliers.workbook import Column, write_workbook

COLUMNS: Final = (
    SUPPLIER,
    FLOW,
    Column(key="period_start", header="开始日期 / Period start", hint="2025-01-01", width=24),
    Column(key="period_end", header="结束日期 / Period end", hint="2025-12-31", width=24),
    Column(key="amount_t", header="数量（t）/ Amount, t", hint="未采购填 0 / 0 if nothing was bought", width=22),
    Column(key="price_cny_per_t", header="不含税单价（元/t）/ Price without VAT, CNY/t", hint="可不填 / may stay empty", width=34),
)


def purchase_table(suppliers: Sequence[SupplierRow]) -> Table[PurchaseInput]:
    """Return the sheet of purchases, which knows these suppliers."""
    readers: dict[str, ReadCell] = {
        "supplier_id": supplier_reader(suppliers),
        "flow": read_flow,
        "period_start": read_date,
        "period_end": read_date,
    }
    return Table(
        sheet="采购 Purchases",
        columns=COLUMNS,
        readers={column.key: readers.get(column.key, read_number) for column in COLUMNS},
        required=frozenset({"supplier_id", "flow", "period_start", "period_end", "amount_t"}),
        identity=attrgetter("supplier_id", "flow", "period_start", "period_end"),
        fields=PurchaseInput,
        clashes=_overlap,
    )


def recorded_purchases(purchases: Iterable[PurchaseRow]) -> Sequence[Present[PurchaseInput]]:
    """Return purchases as they would be typed."""
    return [Present(id=one.id, version=one.version, fields=purchase_fields(one)) for one in purchases]


def purchase_fields(purchase: PurchaseRow) -> PurchaseInput:
    """Return a purchase as it would be typed."""
    return PurchaseInput(**{name: getattr(purchase, name) for name in PurchaseInput.model_fields})


def check_days(fields: PurchaseInput, recorded: Iterable[Present[PurchaseInput]]) -> None:
    """Raise `InvalidInputError` if some of the days are recorded already, but for another period."""
    for own in (one.fields for one in recorded):
        if _overlap(own, fields) and (own.period_start, own.period_end) != (fields.period_start, fields.period_end):
            problem = FieldError(
                N_(
                    "%(amount)s t from %(start)s to %(end)s are already recorded, and some of the days are the same; "
                    "use that period, or delete that record first."
                ),
                amount=f"{own.amount_t:g}",
                start=own.period_start,
                end=own.period_end,
            )
            raise InvalidInputError({"period_start": problem})


def purchase_workbook(purchases: Iterable[PurchaseRow], suppliers: Sequence[SupplierRow]) -> bytes:
    """Return the workbook to fill in, with what is recorded and the names that may be written."""
    numbers = {row.id: row.registration_no or row.name_zh for row in suppliers}
    return write_workbook(
        sheet=purchase_table(suppliers).sheet,
        columns=COLUMNS,
        rows=[
            (
                numbers.get(row.supplier_id, row.supplier_name_zh),
                *(row.flow, str(row.period_start), str(row.period_end), row.amount_t, row.price_cny_per_t),
            )
            for row in purchases
        ],
        choices={SUPPLIER.header: supplier_choices(suppliers), FLOW.header: flow_choices()},
        choices_sheet=CHOICES_SHEET,
    )


def _overlap(one: PurchaseInput, other: PurchaseInput) -> bool:
    same = (one.supplier_id, one.flow) == (other.supplier_id, other.flow)
    return same and one.period_start <= other.period_end and other.period_start <= one.period_end
