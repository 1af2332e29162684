"""The two sheets that buyers fill in: offers and demands."""

from collections.abc import Iterable, Sequence
from operator import attrgetter
from typing import Final

from service.allocation.models import Demand
from service.allocation.offer_queries import OfferRow
from service.allocation.schemas import DemandInput, OfferInput
from service.suppliers.queries import SupplierRow
from service.suppliers.sheet_cells import (
    CHOICES_SHEET,
    FLOW,
    SUPPLIER,
    ReadCell,
    flow_choices,
    read_date,
    read_flow,
    read_number,
    read_percent,
    read_yes,
    supplier_choices,
    supplier_reader,
)
from service.suppliers.table_import import Present, Table
from service.suppliers.workbook import Column, Value, write_workbook

EMPTY: Final = "可不填 / may stay empty"
OFFER_COLUMNS: Final = (
    SUPPLIER,
    FLOW,
    Column(
        key="price_cny_per_t", header="到厂不含税单价（元/t） / Price with freight, CNY/t", hint="不含税 / without VAT", width=36
    ),
    Column(key="priced_on", header="报价日期 / Price of", hint="2026-10-01", width=18),
    Column(key="valid_until", header="有效期至 / Valid until", hint="2026-12-31", width=18),
    Column(key="capacity_t", header="年供应能力（t） / Capacity, t per year", hint="t", width=28),
    Column(key="moq_t", header="最小订货量（t） / Least order, t per year", hint=EMPTY, width=28),
    Column(key="fixed_cost_cny", header="固定费用（元） / Fixed cost, CNY", hint=EMPTY, width=24),
    Column(key="max_share_percent", header="最大份额（%） / Largest share, %", hint=EMPTY, width=24),
    Column(key="defect_percent", header="不合格率（%） / Defects, %", hint=EMPTY, width=20),
    Column(key="is_qualified", header="已认可 / Qualified", hint="是 / yes, 否 / no", width=18),
)
DEMAND_COLUMNS: Final = (
    FLOW,
    Column(key="year", header="年份 / Year", hint="2027", width=12),
    Column(key="demand_t", header="需求量（t） / Demand, t", hint="t", width=18),
    Column(key="min_suppliers", header="最少供应商数 / Fewest suppliers", hint=EMPTY, width=22),
    Column(key="max_suppliers", header="最多供应商数 / Most suppliers", hint=EMPTY, width=22),
    Column(key="max_defect_percent", header="平均不合格率上限（%） / Most defects on average, %", hint=EMPTY, width=32),
    Column(key="min_green_score", header="平均绿色评分下限 / Least green score on average", hint=EMPTY, width=32),
)


def offer_table(suppliers: Sequence[SupplierRow]) -> Table[OfferInput]:
    """Return the sheet of offers, which knows these suppliers."""
    readers: dict[str, ReadCell] = {
        "supplier_id": supplier_reader(suppliers),
        "flow": read_flow,
        "priced_on": read_date,
        "valid_until": read_date,
        "max_share_percent": read_percent,
        "defect_percent": read_percent,
        "is_qualified": read_yes,
    }
    return Table(
        sheet="报价 Offers",
        columns=OFFER_COLUMNS,
        readers={column.key: readers.get(column.key, read_number) for column in OFFER_COLUMNS},
        required=frozenset({"supplier_id", "flow", "price_cny_per_t", "priced_on", "valid_until", "capacity_t"}),
        identity=attrgetter("supplier_id", "flow", "priced_on"),
        fields=OfferInput,
    )


def demand_table() -> Table[DemandInput]:
    """Return the sheet of demands."""
    readers: dict[str, ReadCell] = {"flow": read_flow, "max_defect_percent": read_percent}
    return Table(
        sheet="需求 Demands",
        columns=DEMAND_COLUMNS,
        readers={column.key: readers.get(column.key, read_number) for column in DEMAND_COLUMNS},
        required=frozenset({"flow", "year", "demand_t"}),
        identity=attrgetter("flow", "year"),
        fields=DemandInput,
    )


def recorded_offers(offers: Iterable[OfferRow]) -> Sequence[Present[OfferInput]]:
    """Return offers as they would be typed."""
    return [Present(id=one.id, version=one.version, fields=offer_fields(one)) for one in offers]


def recorded_demands(demands: Iterable[Demand]) -> Sequence[Present[DemandInput]]:
    """Return demands as they would be typed."""
    return [Present(id=one.id, version=one.version, fields=demand_fields(one)) for one in demands]


def offer_fields(offer: OfferRow) -> OfferInput:
    """Return an offer as it would be typed, shares in percent."""
    same = {name: getattr(offer, name) for name in OfferInput.model_fields if hasattr(offer, name)}
    return OfferInput(**same, max_share_percent=_percent(offer.max_share), defect_percent=_percent(offer.defect_share))


def demand_fields(demand: Demand) -> DemandInput:
    """Return a demand as it would be typed, shares in percent."""
    same = {name: getattr(demand, name) for name in DemandInput.model_fields if hasattr(demand, name)}
    share = demand.max_defect_share
    return DemandInput(**same, max_defect_percent=None if share is None else _percent(share))


def offer_workbook(offers: Iterable[OfferRow], suppliers: Sequence[SupplierRow]) -> bytes:
    """Return the workbook to fill in, with what is recorded."""
    numbers = {row.id: row.registration_no or row.name_zh for row in suppliers}
    rows = [
        _line(OFFER_COLUMNS, offer_fields(one), supplier_id=numbers.get(one.supplier_id, one.supplier_name_zh)) for one in offers
    ]
    return _workbook(offer_table(suppliers).sheet, OFFER_COLUMNS, rows, {SUPPLIER.header: supplier_choices(suppliers)})


def demand_workbook(demands: Iterable[Demand]) -> bytes:
    """Return the workbook to fill in, with what is recorded."""
    rows = [_line(DEMAND_COLUMNS, demand_fields(one)) for one in demands]
    return _workbook(demand_table().sheet, DEMAND_COLUMNS, rows, {})


def _workbook(sheet: str, columns: Sequence[Column], rows: Iterable[Sequence[Value]], choices: dict[str, list[str]]) -> bytes:
    choices = {**choices, FLOW.header: flow_choices()}
    return write_workbook(sheet=sheet, columns=columns, rows=rows, choices=choices, choices_sheet=CHOICES_SHEET)


def _line(columns: Sequence[Column], fields: OfferInput | DemandInput, **shown: Value) -> Sequence[Value]:
    return [shown.get(column.key, _cell(getattr(fields, column.key))) for column in columns]


def _cell(value: object) -> Value:
    if isinstance(value, bool):
        return "是" if value else "否"
    return value if isinstance(value, str | int | float) or value is None else str(value)


def _percent(share: float) -> float:
    """Return percent without the traces of binary fractions: 0.07 is 7, not 7.000000000000001."""
    return float(f"{100 * share:.12g}")
