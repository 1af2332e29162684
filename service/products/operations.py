"""Every write on plants, products, their suppliers and production."""

import uuid
from collections.abc import Mapping, Sequence
from datetime import datetime

from sqlmodel import Session, col, delete, select

from lca_models.model import Model
from service.audit.operations import record
from service.errors import N_, ConflictError, FieldError, InvalidInputError, NotFoundError, StaleVersionError
from service.modelling.queries import active_model
from service.products import queries
from service.products.models import Plant, Product, ProductInput, Production
from service.products.recipe import read_recipe
from service.products.rules import InputShare, check_shares
from service.products.schemas import PlantInput, ProductFields, ProductionInput
from service.suppliers.flows import FLOWS
from service.suppliers.models import Supplier


def create_plant(session: Session, fields: PlantInput, *, by: str, at: datetime, is_sample: bool = False) -> Plant:
    """Add a plant of the maker."""
    plant = Plant(**fields.model_dump(), created_at=at, is_sample=is_sample)
    session.add(plant)
    session.flush()  # products of the same transaction refer to it
    record(session, "plant_created", of=plant, by=by, at=at)
    return plant


def update_plant(session: Session, plant_id: uuid.UUID, fields: PlantInput, *, by: str, at: datetime) -> Plant:
    """Change a plant; certificates already issued keep what they say."""
    plant = queries.get_plant(session, plant_id)
    for name, value in fields.model_dump().items():
        setattr(plant, name, value)
    record(session, "plant_changed", of=plant, by=by, at=at)
    return plant


def create_product(session: Session, fields: ProductFields, *, by: str, at: datetime, is_sample: bool = False) -> Product:
    """Add a product with the model's default recipe."""
    _check_product(session, fields, besides=None)
    product = Product(**fields.model_dump(), created_at=at, is_sample=is_sample)
    session.add(product)
    session.flush()  # its inputs refer to it
    record(session, "product_created", of=product, by=by, at=at, grade=product.grade)
    return product


def update_product(
    session: Session, product_id: uuid.UUID, fields: ProductFields, *, version: int, by: str, at: datetime
) -> Product:
    """Change a product; its recipe must still fit the furnace."""
    product = _lock_product(session, product_id, version=version)
    _check_product(session, fields, besides=product.id)
    _check_recipe_fits(active_model(session), product, furnace=fields.furnace)
    for name, value in fields.model_dump().items():
        setattr(product, name, value)
    product.version += 1
    record(session, "product_changed", of=product, by=by, at=at, version=product.version)
    return product


def set_product_active(session: Session, product_id: uuid.UUID, *, active: bool, by: str, at: datetime) -> Product:
    """Take a product out of lists and batch calculations, or back in; its records stay."""
    product = session.get(Product, product_id, with_for_update=True)
    if product is None:
        raise NotFoundError
    if product.is_active is not active:
        product.is_active = active
        product.version += 1
        record(session, "product_activated" if active else "product_deactivated", of=product, by=by, at=at)
    return product


def set_recipe(
    session: Session, product_id: uuid.UUID, typed: Mapping[str, object], *, version: int, by: str, at: datetime
) -> Product:
    """Set the model parameters that differ from the default; what is not given goes back to the default.

    Parameters
    ----------
    typed
        By parameter name, in the parameter's own unit; texts as typed or numbers.

    """
    product = _lock_product(session, product_id, version=version)
    product.recipe = dict(read_recipe(active_model(session), typed, furnace=product.furnace))
    product.version += 1
    record(session, "product_recipe_changed", of=product, by=by, at=at, parameters=", ".join(sorted(product.recipe)))
    return product


def set_inputs(
    session: Session, product_id: uuid.UUID, inputs: Sequence[InputShare], *, version: int, by: str, at: datetime
) -> Product:
    """Say which suppliers deliver which flow of a product, and their shares.

    Raises
    ------
    InvalidInputError
        By flow: shares that do not add up, a supplier that is listed twice or does not deliver the flow.

    """
    product = _lock_product(session, product_id, version=version)
    errors = {**check_shares(inputs), **_undelivered(session, inputs)}
    if errors:
        raise InvalidInputError(errors)
    session.exec(delete(ProductInput).where(col(ProductInput.product_id) == product.id))
    session.add_all(
        ProductInput(product_id=product.id, flow=item.flow, supplier_id=item.supplier_id, share=item.share) for item in inputs
    )
    product.version += 1
    record(session, "product_suppliers_changed", of=product, by=by, at=at, suppliers=len({item.supplier_id for item in inputs}))
    return product


def record_production(
    session: Session, product_id: uuid.UUID, fields: ProductionInput, *, by: str, at: datetime, is_sample: bool = False
) -> Production:
    """Enter how much of a product was made in a period; no day counts twice."""
    product = queries.get_product(session, product_id)
    earlier = queries.find_production(session, product_id, period_start=fields.period_start, period_end=fields.period_end)
    if earlier is not None:
        raise ConflictError(
            N_(
                "For %(product)s, %(amount)s t from %(start)s to %(end)s are already recorded; the days overlap. "
                "Remove that record first, or choose other days."
            ),
            product=product.grade,
            amount=f"{earlier.output_t:g}",
            start=earlier.period_start,
            end=earlier.period_end,
        )
    production = Production(product_id=product_id, **fields.model_dump(), is_sample=is_sample)
    session.add(production)
    record(session, "production_recorded", of=production, by=by, at=at, output_t=production.output_t)
    return production


def delete_production(session: Session, production_id: uuid.UUID, *, by: str, at: datetime) -> uuid.UUID:
    """Remove what was entered of a period; return the product's id."""
    production = session.get(Production, production_id)
    if production is None:
        raise NotFoundError
    record(session, "production_deleted", of=production, by=by, at=at, output_t=production.output_t)
    session.delete(production)
    return production.product_id


def _lock_product(session: Session, product_id: uuid.UUID, *, version: int) -> Product:
    product = session.get(Product, product_id, with_for_update=True)
    if product is None:
        raise NotFoundError
    if product.version != version:
        raise StaleVersionError
    return product


def _check_product(session: Session, fields: ProductFields, *, besides: uuid.UUID | None) -> None:
    if session.get(Plant, fields.plant_id) is None:
        raise InvalidInputError({"plant_id": FieldError(N_("This plant does not exist; pick one from the list."))})
    statement = select(Product).where(Product.grade == fields.grade, Product.plant_id == fields.plant_id)
    same = session.exec(statement).first()
    if same is not None and same.id != besides:
        raise InvalidInputError(
            {
                "grade": FieldError(
                    N_("The grade “%(grade)s” already exists at this plant; choose another name."), grade=fields.grade
                )
            }
        )


def _check_recipe_fits(model: Model, product: Product, *, furnace: str) -> None:
    try:
        read_recipe(model, product.recipe, furnace=furnace)
    except InvalidInputError as error:
        first = next(iter(error.fields.values()))
        raise InvalidInputError(
            {"furnace": FieldError(N_("The recipe does not fit this furnace: %(problem)s Change the recipe first."), problem=first)}
        ) from error


def _undelivered(session: Session, inputs: Sequence[InputShare]) -> Mapping[str, FieldError]:
    statement = select(Supplier).where(col(Supplier.id).in_({item.supplier_id for item in inputs}))
    known = {supplier.id: supplier for supplier in session.exec(statement)}
    return {
        item.flow: FieldError(N_("One of the suppliers does not deliver this material; pick one from the list."))
        for item in inputs
        if item.supplier_id not in known or known[item.supplier_id].supplier_type not in FLOWS[item.flow].supplier_types
    }
