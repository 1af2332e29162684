"""Flows of an account as the life-cycle model has them, for places where nothing has been measured: always marked as defaults."""

import uuid
from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from sqlmodel import Session

from lca_models.batch import BatchResult
from lca_models.calculation import calculate_footprint
from lca_models.carbon import counts_in_chain
from lca_models.inventory import Direction, Exchange
from lca_models.mass import balance_masses
from lca_models.model import Model, stage_of
from service.material_flows import queries
from service.material_flows.catalogue import materials, nodes
from service.material_flows.models import FlowBasis, FlowKind, MaterialAccount, MaterialFlow, Treatment
from service.material_flows.schemas import FlowInput
from service.modelling.queries import active_model
from service.products.models import Product
from service.products.queries import get_product, productions_of

_NAMES: Final[Mapping[str, str]] = {
    "needle_coke_green_oil": "needle_coke",
    "tar_hazardous_waste_HW11": "tar",
    "anode_graphite_packed": "anode_graphite",
    "recycled_graphite_concentrate": "recycled_graphite",
}
"""Flows of the model whose material has another key here."""


def suggested_flows(session: Session, account: MaterialAccount, product_id: uuid.UUID) -> Sequence[FlowInput]:
    """Return the model's flows for what was made of a product in an account's period, except those that are entered already.

    Amounts are the solved amounts per kilogram of product times the output recorded inside the period; without output there are
    none.
    """
    product = get_product(session, product_id)
    output_t = sum(
        one.output_t
        for one in productions_of(session, product_id)
        if account.period_start <= one.period_start and one.period_end <= account.period_end
    )
    entered = {_place(flow) for flow in queries.flows_of(session, account.id)}
    found = _flows(active_model(session), product, output_t=output_t, account_id=account.id) if output_t else ()
    return [one for one in found if _place(one) not in entered]


def _place(flow: FlowInput | MaterialFlow) -> tuple[str, str, str]:
    return flow.from_node, flow.to_node, flow.material


def _flows(model: Model, product: Product, *, output_t: float, account_id: uuid.UUID) -> Iterator[FlowInput]:
    footprint = calculate_footprint(model, {**product.recipe, "furnace": product.furnace}, check=False)
    batch = footprint.batch
    scale = {
        process.name: level * output_t for process, level in zip(batch.system.processes, batch.levels[0].tolist(), strict=True)
    }
    makers = {process.reference.flow: process.name for process in batch.system.processes}
    for exchange, amount in _solids(model, batch):
        yield from _flow(exchange, amount * scale[exchange.process], makers, account_id=account_id)
    last = next(process for process in batch.system.processes if process.reference.flow == "anode_graphite_packed")
    yield _made((last.name, "customer"), "anode_graphite", FlowKind.PRODUCT, amount_t=output_t, account_id=account_id)
    for balance in balance_masses(batch, model.composition):
        if balance.gases_kg > 0.0:
            amount_t = balance.gases_kg * scale[balance.process]
            yield _made((balance.process, "air"), "volatiles", FlowKind.LOSS, amount_t=amount_t, account_id=account_id)


def _solids(model: Model, batch: BatchResult) -> Iterator[tuple[Exchange, float]]:
    """Return the exchanges that count in the mass balance, but not gases."""
    for exchange, amount in zip(batch.system.exchanges, batch.physical_amounts[0].tolist(), strict=True):
        if exchange.direction is not Direction.EMISSION_AIR and amount > 0.0 and counts_in_chain(exchange, model.composition):
            yield exchange, amount


def _flow(exchange: Exchange, amount_t: float, makers: Mapping[str, str], *, account_id: uuid.UUID) -> Iterator[FlowInput]:
    material = _NAMES.get(exchange.flow, exchange.flow)
    here = exchange.process
    if material not in materials() or stage_of(here) not in nodes():
        return
    if exchange.direction is Direction.INPUT:
        maker = makers.get(exchange.flow)
        source, kind = (stage_of(maker), FlowKind.PRODUCT) if maker else ("supply", FlowKind.INPUT)
        yield _made((source, stage_of(here)), material, kind, amount_t=amount_t, account_id=account_id)
    elif exchange.direction is Direction.BYPRODUCT:
        yield _made((here, "customer"), material, FlowKind.BY_PRODUCT, amount_t=amount_t, account_id=account_id)
    elif exchange.direction is Direction.WASTE:
        yield _made((here, "treatment"), material, FlowKind.WASTE, amount_t=amount_t, account_id=account_id)


def _made(place: tuple[str, str], material: str, kind: FlowKind, *, amount_t: float, account_id: uuid.UUID) -> FlowInput:
    source, target = place
    is_waste = kind is FlowKind.WASTE
    return FlowInput(
        account_id=account_id,
        from_node=source if source in nodes() else stage_of(source),
        to_node=target,
        material=material,
        kind=kind,
        basis=FlowBasis.DEFAULT,
        amount_t=amount_t,
        treatment=Treatment.HAZARDOUS_TREATMENT if is_waste else None,
        is_hazardous=is_waste,
    )
