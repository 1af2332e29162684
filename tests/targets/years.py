"""Years made by hand, for tests of rules that need neither inventory nor database."""

import uuid
from collections.abc import Mapping, Sequence

from service.targets.figures import InventoryReference, Line, LineKind, YearFigures
from service.targets.output import Output

A, B = uuid.UUID(int=1), uuid.UUID(int=2)
PRODUCT_OF = {A: uuid.UUID(int=11), B: uuid.UUID(int=12)}


def an_output(year: int, tonnes: Mapping[uuid.UUID, float], *, value: float | None = None, index: float | None = None) -> Output:
    return Output(
        year=year,
        current_price_10k_cny=value,
        price_index=index,
        anode_t={PRODUCT_OF[plant]: t for plant, t in tonnes.items()},
        plant_of={product: plant for plant, product in PRODUCT_OF.items()},
        toll_share={},
        source="ledger",
        entry_ids=(),
        is_sample=False,
    )


def a_line(
    plant: uuid.UUID | None, carrier: str, amount: float, *, factor: float, tce: float | None = None, kind: LineKind = LineKind.FUEL
) -> Line:
    """`factor` in t CO2 and `tce` in t of standard coal per unit."""
    return Line(
        plant_id=plant,
        carrier=carrier,
        kind=kind,
        amount=amount,
        unit="kWh" if kind is LineKind.ELECTRICITY else "t",
        t_co2=amount * factor,
        tce=None if tce is None else amount * tce,
    )


def a_year(year: int, lines: Sequence[Line], output: Output | None, *, is_closed: bool = True) -> YearFigures:
    return YearFigures(
        year=year,
        lines=tuple(lines),
        output=output,
        inventory=InventoryReference(year=year, status="closed", snapshot_id=str(year), sha256=f"{year:064d}"),
        is_complete=True,
        is_closed=is_closed,
        toll_known=True,
        by_location_t_co2=sum(one.t_co2 for one in lines),
        at_base_factors_t_co2=sum(one.t_co2 for one in lines),
        is_sample=False,
    )


def worked_example() -> tuple[YearFigures, YearFigures]:
    """Two plants with one product each, two carriers, two years.

    Q 20,000 / 5,000 t to 26,000 / 9,000 t; output 125,000 to 105,000 (10 000 yuan); kWh/t 9,000 / 1,200 to 8,300 / 1,150; gas m3/t
    60 / 40 to 58 / 38; 0.5568 to 0.4200 kg/kWh, 2.162 kg/m3; 0.1229 kgce/kWh and 1.33 kgce/m3.
    """
    first = _worked(2021, 125_000, {A: (20_000, 9_000, 60), B: (5_000, 1_200, 40)}, 0.5568)
    return first, _worked(2025, 105_000, {A: (26_000, 8_300, 58), B: (9_000, 1_150, 38)}, 0.42)


def _worked(year: int, value: float, plants: Mapping[uuid.UUID, tuple[float, float, float]], grid: float) -> YearFigures:
    lines = []
    for plant, (tonnes, kwh, gas) in plants.items():
        electricity = {"factor": grid / 1000, "tce": 0.1229 / 1000, "kind": LineKind.ELECTRICITY}
        lines += [
            a_line(plant, "electricity_purchased", tonnes * kwh, **electricity),
            a_line(plant, "natural_gas", tonnes * gas, factor=2.162 / 1000, tce=1.33 / 1000),
        ]
    return a_year(year, lines, an_output(year, {plant: one[0] for plant, one in plants.items()}, value=value))
