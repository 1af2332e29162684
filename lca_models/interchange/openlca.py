"""openLCA JSON-LD (olca-schema 2): a zip archive with processes, flows, units, global parameters and the method.

Every activity makes a product flow of its own and every unit has a group of its own, so that nothing is converted on the way.
"""

import io
import uuid
import zipfile
from collections.abc import Iterable
from typing import Final

import olca_schema as olca

from lca_models.interchange.database import Activity, ActivityExchange, Database, DatabaseParameter, ElementaryFlow
from lca_models.uncertainty.distributions import Distribution, Lognormal, Normal, Triangular, Uniform

_NAMESPACE: Final = uuid.UUID("6d9c1a0e-5b0f-5c59-9a3c-0d2f5f4d8a11")
_AIR: Final = "Elementary flows/emission to air/unspecified"
_CATEGORY: Final = "AnodePrint"
# Version and time of every entity: the archive of one model version is the same byte for byte, whenever it is written.
_VERSION: Final = "01.00.000"
_TIME: Final = "2000-01-01T00:00:00Z"
_ZIP_TIME: Final = (2000, 1, 1, 0, 0, 0)
_FOLDERS: Final[dict[type, str]] = {
    olca.UnitGroup: "unit_groups",
    olca.FlowProperty: "flow_properties",
    olca.Location: "locations",
    olca.Flow: "flows",
    olca.Parameter: "parameters",
    olca.Process: "processes",
    olca.ImpactCategory: "lcia_categories",
    olca.ImpactMethod: "lcia_methods",
}


def write_json_ld(database: Database) -> bytes:
    """Return the zip archive."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", compression=zipfile.ZIP_DEFLATED) as archive:
        _add(archive, "olca-schema.json", '{"version": 2}')
        for entity in _entities(database):
            entity.version, entity.last_change = _VERSION, _TIME
            _add(archive, f"{_FOLDERS[type(entity)]}/{entity.id}.json", entity.to_json())
    return stream.getvalue()


def process_id(database: Database, code: str) -> str:
    """Return the id of an activity's process."""
    return _id("process", database.name, code)


def _add(archive: zipfile.ZipFile, name: str, text: str) -> None:
    entry = zipfile.ZipInfo(name, _ZIP_TIME)
    entry.compress_type = zipfile.ZIP_DEFLATED
    archive.writestr(entry, text)


def _entities(database: Database) -> Iterable[olca.RootEntity]:
    for unit in dict.fromkeys(node.unit for node in database.inputs.values()):
        yield from _unit(unit)
    for place in dict.fromkeys(activity.location for activity in database.activities):
        yield olca.Location(id=_id("location", place), name=place, code=place)
    for parameter in database.parameters:
        yield _parameter(parameter)
    for flow in database.flows:
        yield _flow(_flow_id(database, flow), flow.name, flow.unit, olca.FlowType.ELEMENTARY_FLOW, _AIR)
    for activity in database.activities:
        yield _flow(_flow_id(database, activity), activity.name, activity.unit, olca.FlowType.PRODUCT_FLOW, _CATEGORY)
        yield _process(activity, database)
    yield from _method(database)


def _unit(name: str) -> Iterable[olca.RootEntity]:
    unit = olca.Unit(id=_id("unit", name), name=name, conversion_factor=1.0, is_ref_unit=True)
    group = olca.UnitGroup(id=_id("unit group", name), name=f"{_CATEGORY} units of {name}", units=[unit])
    group.default_flow_property = _quantity(name)
    yield group
    quantity = olca.FlowProperty(id=_id("flow property", name), name=f"{_CATEGORY} quantity in {name}")
    quantity.flow_property_type = olca.FlowPropertyType.PHYSICAL_QUANTITY
    quantity.unit_group = olca.Ref(id=group.id, name=group.name, ref_type=olca.RefType.UnitGroup)
    yield quantity


def _quantity(unit: str) -> olca.Ref:
    return olca.Ref(id=_id("flow property", unit), name=f"{_CATEGORY} quantity in {unit}", ref_type=olca.RefType.FlowProperty)


def _unit_ref(unit: str) -> olca.Ref:
    return olca.Ref(id=_id("unit", unit), name=unit, ref_type=olca.RefType.Unit)


def _flow(flow_id: str, name: str, unit: str, kind: olca.FlowType, category: str) -> olca.Flow:
    factor = olca.FlowPropertyFactor(flow_property=_quantity(unit), conversion_factor=1.0, is_ref_flow_property=True)
    return olca.Flow(id=flow_id, name=name, category=category, flow_type=kind, flow_properties=[factor])


def _flow_id(database: Database, node: Activity | ElementaryFlow) -> str:
    """Elementary flows and their factors are the same in every version of the model; products are not."""
    if isinstance(node, ElementaryFlow):
        return _id("elementary flow", node.code, node.unit, repr(node.kg_co2e_per_unit))
    return _id("product", database.name, node.code)


def _flow_ref(database: Database, node: Activity | ElementaryFlow) -> olca.Ref:
    """Return a reference that names the unit, by which importers convert."""
    kind = olca.FlowType.ELEMENTARY_FLOW if isinstance(node, ElementaryFlow) else olca.FlowType.PRODUCT_FLOW
    return olca.Ref(id=_flow_id(database, node), name=node.name, ref_type=olca.RefType.Flow, flow_type=kind, ref_unit=node.unit)


def _parameter(parameter: DatabaseParameter) -> olca.Parameter:
    return olca.Parameter(
        id=_id("parameter", parameter.name),
        name=parameter.name,
        description=f"{parameter.comment} [{parameter.unit}]",
        parameter_scope=olca.ParameterScope.GLOBAL_SCOPE,
        is_input_parameter=not parameter.formula,
        value=parameter.amount,
        formula=_formula(parameter.formula),
        uncertainty=_uncertainty(parameter.uncertainty),
    )


def _process(activity: Activity, database: Database) -> olca.Process:
    exchanges = [_exchange(number, one, database) for number, one in enumerate(activity.exchanges, 1)]
    return olca.Process(
        id=process_id(database, activity.code),
        name=activity.name,
        category=_CATEGORY,
        description=activity.comment,
        process_type=olca.ProcessType.UNIT_PROCESS,
        location=olca.Ref(id=_id("location", activity.location), name=activity.location, ref_type=olca.RefType.Location),
        default_allocation_method=olca.AllocationType.NO_ALLOCATION,
        exchanges=exchanges,
        last_internal_id=len(exchanges),
    )


def _exchange(number: int, exchange: ActivityExchange, database: Database) -> olca.Exchange:
    node = database.inputs[exchange.input]
    provider = olca.Ref(id=process_id(database, exchange.input), ref_type=olca.RefType.Process)
    return olca.Exchange(
        internal_id=number,
        flow=_flow_ref(database, node),
        flow_property=_quantity(node.unit),
        unit=_unit_ref(node.unit),
        amount=exchange.amount,
        amount_formula=_formula(exchange.formula),
        is_input=exchange.type == "technosphere",
        is_quantitative_reference=exchange.type == "production",
        is_avoided_product=False,
        default_provider=provider if exchange.type == "technosphere" else None,
        uncertainty=_uncertainty(exchange.uncertainty),
        description=exchange.comment or None,
    )


def _method(database: Database) -> Iterable[olca.RootEntity]:
    *family, name = database.method
    category = olca.ImpactCategory(
        id=_id("impact category", *database.method, *(_flow_id(database, flow) for flow in database.flows)),
        name=name,
        ref_unit="kg CO2e",
        description="GWP100; biogenic uptake has the factor zero",
        impact_factors=[_factor(flow, database) for flow in database.flows],
    )
    yield category
    yield olca.ImpactMethod(
        id=_id("impact method", category.id or ""),
        name=" ".join(family),
        description=f"As exported with {database.name}",
        impact_categories=[olca.Ref(id=category.id, name=category.name, ref_type=olca.RefType.ImpactCategory)],
    )


def _factor(flow: ElementaryFlow, database: Database) -> olca.ImpactFactor:
    return olca.ImpactFactor(
        flow=_flow_ref(database, flow),
        flow_property=_quantity(flow.unit),
        unit=_unit_ref(flow.unit),
        value=flow.kg_co2e_per_unit,
    )


def _formula(text: str) -> str | None:
    """Return a formula as openLCA reads it: it separates the arguments of a function by semicolons."""
    return text.replace(",", ";") or None


def _uncertainty(distribution: Distribution | None) -> olca.Uncertainty | None:
    kind = olca.UncertaintyType
    match distribution:
        case Lognormal(median=median):
            return olca.Uncertainty(distribution_type=kind.LOG_NORMAL_DISTRIBUTION, geom_mean=median, geom_sd=distribution.gsd)
        case Normal(mean=mean, sd=sd):
            return olca.Uncertainty(distribution_type=kind.NORMAL_DISTRIBUTION, mean=mean, sd=sd)
        case Triangular(low=low, mode=mode, high=high):
            return olca.Uncertainty(distribution_type=kind.TRIANGLE_DISTRIBUTION, minimum=low, mode=mode, maximum=high)
        case Uniform(low=low, high=high):
            return olca.Uncertainty(distribution_type=kind.UNIFORM_DISTRIBUTION, minimum=low, maximum=high)
    return None


def _id(*parts: str) -> str:
    return str(uuid.uuid5(_NAMESPACE, "\0".join(parts)))
