"""The sample company's measures, carbon price, investments, technology and a plan of least cost, from `data/plan_measures.toml`."""

import tomllib
import uuid
from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib.resources import files
from typing import Any, Final

from sqlmodel import Session

from service.measures.models import Investment, MeasureStatus
from service.measures.operations import create_measure, finish_run, move_measure, set_price_ladder, start_run
from service.measures.planning import as_answer, candidates, find_plan
from service.measures.queries import get_measures, measures_of
from service.measures.schemas import InvestmentInput, MeasureInput, PlanQuestion, PriceLadderInput, TechnologyInput
from service.measures.technology import add_project
from service.plan.queries import find_units
from service.products.models import Plant
from service.products.queries import all_plants
from service.registers.operations import add_row
from service.sample.cast import Cast, company
from service.settings import Settings

_OWN_WORDS: Final = frozenset({"key", "status", "products", "plant", "unit", "measure", "product"})
_WAY: Final[Mapping[str, tuple[MeasureStatus, ...]]] = {
    "idea": (),
    "assessed": (MeasureStatus.ASSESSED,),
    "approved": (MeasureStatus.ASSESSED, MeasureStatus.APPROVED),
    "running": (MeasureStatus.ASSESSED, MeasureStatus.APPROVED, MeasureStatus.RUNNING),
}


@lru_cache
def plan() -> Mapping[str, Any]:
    """Return the data file."""
    return tomllib.loads((files("service.sample") / "data" / "plan_measures.toml").read_text(encoding="utf-8"))


def load_measures(session: Session, cast: Cast, *, settings: Settings, at: datetime) -> None:
    """Enter measures, let the committee approve some and set the carbon price, and find a plan of least cost."""
    del settings
    plants = _plants(session)
    made = {row["key"]: _measure(session, cast, row, plants, at=at) for row in plan()["measures"]}
    ladder = PriceLadderInput(
        steps={int(year): price for year, price in plan()["price_steps"].items()},
        discount_rate=plan()["discount_rate"],
        source=plan()["price_source"],
    )
    set_price_ladder(session, ladder, by=cast.actor("committee"), at=at, is_sample=True)
    for row in plan()["investments"]:
        links = {"plant_id": plants[row["plant"]].id, "measure_id": made.get(row.get("measure"))}
        fields = InvestmentInput(**_fields(row), **links)
        add_row(session, Investment, fields, by=cast.actor("engineer"), at=at, is_sample=True)
    for row in plan()["technology"]:
        fields_of_project = TechnologyInput(**_fields(row), product_id=cast.products[row["product"]].id)
        add_project(session, fields_of_project, by=cast.actor("engineer"), at=at, is_sample=True)
    session.flush()
    _answer(session, cast, at=at)


def _plants(session: Session) -> Mapping[str, Plant]:
    names = {row["name_en"]: row["key"] for row in company()["plants"]}
    return {names[one.name_en]: one for one in all_plants(session) if one.name_en in names}


def _fields(row: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name not in _OWN_WORDS}


def _measure(session: Session, cast: Cast, row: Mapping[str, Any], plants: Mapping[str, Plant], *, at: datetime) -> uuid.UUID:
    units = {one.name_zh: one.id for one in find_units(session)}
    fields = MeasureInput(
        **_fields(row),
        product_ids=[cast.products[key].id for key in row.get("products", ())],
        plant_id=plants[row["plant"]].id if "plant" in row else None,
        owner_unit_id=units.get(row["unit"]),
        owner_id=cast.people["engineer"].id,
    )
    measure = create_measure(session, fields, by=cast.actor("engineer"), at=at, is_sample=True)
    session.flush()
    for wanted in _WAY[row["status"]]:
        by = cast.actor("committee" if wanted is MeasureStatus.APPROVED else "engineer")
        move_measure(session, measure.id, wanted, version=measure.version, by=by, at=at)
    session.flush()
    return measure.id


def _answer(session: Session, cast: Cast, *, at: datetime) -> None:
    """Ask for a plan and answer at once; a sample has no time to wait for a worker."""
    row = plan()["plan"]
    question = PlanQuestion(**row, rate=plan()["discount_rate"])
    chosen_from = candidates(measures_of(session))
    run = start_run(session, question, chosen_from, by=cast.actor("engineer"), at=at, is_sample=True)
    answer = as_answer(find_plan(session, get_measures(session, list(chosen_from)), question))
    finish_run(session, run.id, answer, at=at)
