"""What a measure or a technology sets in the model of a product: typed as lines, checked by the model, laid over a footprint."""

import math
import uuid
from collections.abc import Mapping
from dataclasses import dataclass

from sqlmodel import Session, col, select

from lca_models.batch import Case
from lca_models.errors import ModelError
from lca_models.model import Model
from lca_models.parameters import FURNACE
from lca_models.scenarios import Scenario, check_scenario
from service.errors import N_, FieldError, InvalidInputError
from service.footprints.models import FootprintRecord, FootprintStatus
from service.products.models import Product

MEASURE_GROUP = "measure"


@dataclass(frozen=True, slots=True, kw_only=True)
class ProductBase:
    """What overlays are laid over for a product.

    Attributes
    ----------
    record_id
        The newest footprint of the product; None where it has none, so that furnace, toll share and recipe stand over the
        defaults of the model.

    """

    case: Case
    record_id: uuid.UUID | None


def read_overlay(text: str, *, field: str) -> dict[str, float | str]:
    """Read lines of the form ``name = value``.

    Raises
    ------
    InvalidInputError
        Of `field`, with the line that is not of that form, or the name that comes twice.

    """
    found: dict[str, float | str] = {}
    for line in filter(None, (one.strip() for one in text.splitlines())):
        name, equals, value = (part.strip() for part in line.partition("="))
        if not (name and equals and value):
            raise InvalidInputError(
                {field: FieldError(N_("“%(line)s” is not of the form “name = value”; write one parameter a line."), line=line[:80])}
            )
        if name in found:
            raise InvalidInputError({field: FieldError(N_("%(name)s stands here twice; keep one line."), name=name[:80])})
        found[name] = _value(value)
    return found


def written(parameters: Mapping[str, float | str]) -> str:
    """Return the lines that `read_overlay` reads."""
    return "\n".join(f"{name} = {value}" for name, value in parameters.items())


def overlay_of(key: str, parameters: Mapping[str, float | str], electricity: str | None = None) -> Scenario:
    """Return an overlay as the model's scenarios know it."""
    return Scenario(key=key, group=MEASURE_GROUP, name_en=key, name_zh=key, parameters=parameters, electricity=electricity)


def check_overlay(model: Model, overlay: Scenario, *, field: str) -> None:
    """Refuse what the model does not have or what is out of its bounds, as an error of `field` in the model's words."""
    try:
        check_scenario(model, overlay)
    except ModelError as error:
        raise InvalidInputError({field: FieldError(error.template, **error.values)}) from error


def base_of(session: Session, product: Product) -> ProductBase:
    """Return the newest footprint of a product as a base, a released one before others of its period."""
    statement = (
        select(FootprintRecord)
        .where(FootprintRecord.product_id == product.id, FootprintRecord.status != FootprintStatus.REPLACED)
        .order_by(
            col(FootprintRecord.period_end).desc(),
            (col(FootprintRecord.status) == FootprintStatus.RELEASED).desc(),
            col(FootprintRecord.id),
        )
    )
    record = session.exec(statement.limit(1)).first()
    if record is None:
        return ProductBase(case=Case(parameters=_recipe(product)), record_id=None)
    given = {name: record.parameters[name] for name in record.result["given"]}
    return ProductBase(case=Case(parameters=given, electricity=record.electricity_view), record_id=record.id)


def _recipe(product: Product) -> dict[str, float | str]:
    return {FURNACE: product.furnace, "toll_share": product.toll_share, **product.recipe}


def _value(text: str) -> float | str:
    try:
        number = float(text)
    except ValueError:
        return text
    return number if math.isfinite(number) else text
