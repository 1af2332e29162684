"""The sample company's units, meters, sources and monthly figures, read from `data/plan_monitoring.toml`.

The figures are written at once, with one event: they are some 1,600 rows that nobody typed.
"""

import io
import tomllib
import uuid
from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sqlalchemy import insert
from sqlmodel import Session, select

from service.audit.operations import record
from service.database import new_id
from service.evidence.store import store_file
from service.evidence.virus_scan import Scanner
from service.monitoring.carriers import ANODE_OUTPUT, carriers
from service.monitoring.files import attach_files
from service.monitoring.models import ActivityEntry, Door, EmissionSource, Meter
from service.monitoring.months import last_day, months_between
from service.monitoring.operations import add_meter, add_source
from service.monitoring.plans import approve_plan, propose_plan
from service.monitoring.schemas import MeterInput, SourceInput
from service.plan.models import OrgUnit
from service.plan.operations import add_unit
from service.plan.schemas import OrgUnitInput
from service.sample.cast import Cast
from service.settings import Settings

FIRST = date(2021, 1, 1)
OUTPUT_UNITS: Mapping[str, str] = {"gd": "岭南一厂", "nm": "蒙西二厂"}
"""Which unit answers for what a site makes."""
PRODUCTS: Mapping[str, str] = {"gd": "ag330", "nm": "ag350"}
"""A product of each site, by which its plant is found."""

Row = Mapping[str, Any]


@lru_cache
def monitoring() -> Row:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "plan_monitoring.toml").read_text(encoding="utf-8"))


def load_monitoring(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Set up units, meters and sources, enter the months that are over, and have the monitoring plan approved."""
    by = cast.actor("engineer")
    units = {row["name_zh"]: add_unit(session, OrgUnitInput(**row), by=by, at=at, is_sample=True) for row in monitoring()["units"]}
    meters = _meters(session, cast, by=by, at=at)
    sources = {row["code"]: _source(session, cast, row, units, meters, by=by, at=at) for row in monitoring()["sources"]}
    sources |= {row["code"]: _output(session, cast, key, row, units, by=by, at=at) for key, row in monitoring()["output"].items()}
    _enter(session, sources, meters, by=by, at=at)
    _attach_bill(session, sources, settings=settings, by=by, at=at)
    plan = propose_plan(session, by=by, at=at, is_sample=True)
    session.flush()  # approved as it stands in the database
    approve_plan(session, plan.id, by=cast.actor("reviewer"), at=at)


# ---- What there is ----


def _meters(session: Session, cast: Cast, *, by: str, at: datetime) -> Mapping[str, Meter]:
    found: dict[str, Meter] = {}
    for row in monitoring()["meters"]:
        own = {name: value for name, value in row.items() if name not in {"key", "plant", "parent"}}
        parent = found[row["parent"]].id if "parent" in row else None
        fields = MeterInput(plant_id=_plant_id(cast, row), parent_id=parent, **own)
        found[row["key"]] = add_meter(session, fields, by=by, at=at, is_sample=True)
    return found


def _source(
    session: Session,
    cast: Cast,
    row: Row,
    units: Mapping[str, OrgUnit],
    meters: Mapping[str, Meter],
    *,
    by: str,
    at: datetime,
) -> EmissionSource:
    own = {name: row[name] for name in ("code", "carrier", "name_zh", "name_en", "method", "frequency", "evidence_kind")}
    is_assigned = "unit" in row
    fields = SourceInput(
        plant_id=_plant_id(cast, row),
        **own,
        responsible_id=cast.people["engineer"].id if is_assigned else None,
        unit_id=units[row["unit"]].id if is_assigned else None,
        meter_id=meters[row["meter"]].id if "meter" in row else None,
        starts=row.get("starts", FIRST),
    )
    return add_source(session, fields, by=by, at=at, is_sample=True)


def _output(
    session: Session, cast: Cast, key: str, row: Row, units: Mapping[str, OrgUnit], *, by: str, at: datetime
) -> EmissionSource:
    product = cast.products[key]
    fields = SourceInput.model_validate(
        {
            "plant_id": product.plant_id,
            "code": row["code"],
            "carrier": ANODE_OUTPUT,
            "name_zh": f"{product.grade} 产量",
            "name_en": f"{product.grade} made",
            "product_id": product.id,
            "responsible_id": cast.people["engineer"].id,
            "unit_id": units[OUTPUT_UNITS[row["plant"]]].id,
            "method": "weighed",
            "frequency": "daily",
            "evidence_kind": "weighbridge",
            "starts": FIRST,
        }
    )
    return add_source(session, fields, by=by, at=at, is_sample=True)


def _plant_id(cast: Cast, row: Row) -> uuid.UUID:
    return cast.products[PRODUCTS[row["plant"]]].plant_id


# ---- What it came to ----


def _enter(session: Session, sources: Mapping[str, EmissionSource], meters: Mapping[str, Meter], *, by: str, at: datetime) -> None:
    months = [one for one in months_between(FIRST, date.fromisoformat(monitoring()["last_month"])) if last_day(one) < at.date()]
    rows: list[dict[str, Any]] = []
    for row in (*monitoring()["sources"], *monitoring()["output"].values()):
        source = sources[row["code"]]
        multiplier = meters[row["meter"]].multiplier if row.get("has_readings") else None
        rows += _entries(row, source, months, multiplier=multiplier, by=by, at=at)
    session.flush()  # the sources that the rows below refer to
    session.execute(insert(ActivityEntry), rows)
    record(session, "activity_entered", of=next(iter(sources.values())), by=by, at=at, count=len(rows), door=Door.WORKBOOK)


def _attach_bill(session: Session, sources: Mapping[str, EmissionSource], *, settings: Settings, by: str, at: datetime) -> None:
    """Attach one month's bill, marked as sample in its first line."""
    row = monitoring()["bill"]
    source, month = sources[row["code"]], row["month"]
    entry = session.exec(select(ActivityEntry).where(ActivityEntry.source_id == source.id, ActivityEntry.month == month)).one()
    lines = (
        "样例电费单 / sample electricity bill,,",
        "户号 / account,用电量 / electricity,单位 / unit",
        f"{source.code},{entry.typed},{entry.typed_unit}",
    )
    content, name = io.BytesIO("\n".join(lines).encode()), f"电费单-{month:%Y%m}-样例.csv"
    stored = store_file(content, name, data_dir=settings.data_dir, scanner=Scanner(address=settings.clamd_address), at=at)
    attach_files(session, entry.id, [stored], by=by, at=at, is_sample=True)


def _entries(
    row: Row, source: EmissionSource, months: Sequence[date], *, multiplier: float | None, by: str, at: datetime
) -> Iterator[dict[str, Any]]:
    """Yield the rows of a source; a meter's counter goes on from month to month."""
    counter = 0.0
    missing = set(row.get("missing", ()))
    for month in months:
        if month < source.starts or month.isoformat() in missing:
            continue
        amount = _amount(row, month, source.carrier)
        readings: dict[str, float | None] = {"reading_start": None, "reading_end": None}
        if multiplier is not None:
            end = round(counter + amount / multiplier, 4)
            readings, counter = {"reading_start": counter, "reading_end": end}, end
        yield {
            "id": new_id(),
            "source_id": source.id,
            "month": month,
            "version": 1,
            "typed": f"{amount:.10g}",
            "typed_unit": carriers()[source.carrier].unit,
            "amount": amount,
            "properties": dict(row.get("properties", {})),
            **readings,
            "evidence_number": None if row.get("method") == "estimated" else f"样例-{source.code}-{month:%Y%m}",
            "door": Door.WORKBOOK,
            "entered_by": by,
            "entered_at": at,
            "is_sample": True,
        }


def _amount(row: Row, month: date, carrier: str) -> float:
    """Return a month's amount: whole units where they are small, so that the months add up to the year exactly."""
    digits = 3 if carriers()[carrier].unit == "t" else 0
    shares: Sequence[float] = monitoring()["shares"]
    year = _of_year(row, month.year)
    before, until = sum(shares[: month.month - 1]), sum(shares[: month.month])
    return round(round(year * until / sum(shares), digits) - round(year * before / sum(shares), digits), digits)


def _of_year(row: Row, year: int) -> float:
    key = str(year)
    if "of_year" in row:
        return float(row["of_year"][key])
    output = sum(one["of_year"][key] for one in monitoring()["output"].values() if one["plant"] == row["plant"])
    others = (one for one in monitoring()["sources"] if one["code"] in row.get("less", ()))
    return float(row["per_t"][key] * output - sum(one["of_year"].get(key, 0) for one in others))
