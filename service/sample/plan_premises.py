"""The sample company's buildings, retrofits and office indicators, read from `data/plan_premises.toml`."""

import tomllib
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any

from sqlmodel import Session

from service.audit.operations import record
from service.monitoring.months import last_day, months_between
from service.monitoring.queries import find_sources
from service.premises.models import OfficeFigure, Retrofit
from service.premises.operations import add_building
from service.premises.schemas import BuildingInput, RetrofitInput
from service.registers.operations import add_row
from service.sample.cast import Cast
from service.sample.plan_monitoring import monitoring
from service.settings import Settings


@lru_cache
def premises() -> Mapping[str, Any]:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "plan_premises.toml").read_text(encoding="utf-8"))


def load_premises(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Add buildings to the sources of the monitoring, retrofits, and the months of office indicators that are over."""
    del settings
    by = cast.actor("engineer")
    sources = {one.code: one for one in find_sources(session)}
    buildings = {}
    for row in premises()["buildings"]:
        source = sources[row["source"]]
        own = {name: value for name, value in row.items() if name not in {"key", "source"}}
        fields = BuildingInput(plant_id=source.plant_id, source_id=source.id, **own)
        buildings[row["key"]] = add_building(session, fields, by=by, at=at, is_sample=True)
    for row in premises()["retrofits"]:
        own = {name: value for name, value in row.items() if name != "building"}
        add_row(session, Retrofit, RetrofitInput(building_id=buildings[row["building"]].id, **own), by=by, at=at, is_sample=True)
    figures = list(_figures(at))
    session.add_all(figures)
    record(session, "office_figure_added", of=figures[0], by=by, at=at, count=len(figures))


def _figures(at: datetime) -> Iterator[OfficeFigure]:
    shares = monitoring()["shares"]
    last = date.fromisoformat(monitoring()["last_month"])
    for row in premises()["office"]:
        years = sorted(int(year) for year in row["of_year"])
        for month in months_between(date(years[0], 1, 1), last):
            if last_day(month) < at.date():
                value = round(row["of_year"][str(month.year)] * shares[month.month - 1])
                yield OfficeFigure(
                    indicator=row["indicator"], unit=row["unit"], month=month, value=value, created_at=at, is_sample=True
                )
