"""What suppliers deliver: flows of the model, their names, and which type of supplier delivers each."""

from collections.abc import Mapping
from dataclasses import dataclass

from service.errors import N_
from service.suppliers.models import SupplierType


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """One material or service that is bought.

    Attributes
    ----------
    key
        Name of the flow in the model's `unit_processes.csv`; purchases and product inputs use it. `own_plant` is everything that
        the maker's own plant says of itself, `coating_resin` takes the place of coating pitch.
    label
        English message id.
    supplier_types
        Types of suppliers that deliver it.

    """

    key: str
    label: str
    supplier_types: frozenset[SupplierType]


def _flow(key: str, label: str, *supplier_types: SupplierType) -> Flow:
    return Flow(key=key, label=label, supplier_types=frozenset(supplier_types))


FLOWS: Mapping[str, Flow] = {
    flow.key: flow
    for flow in (
        _flow("own_plant", N_("Figures of our own plant"), SupplierType.MAKER),
        _flow("green_petroleum_coke", N_("Green petroleum coke"), SupplierType.COKE),
        _flow("needle_coke_green_oil", N_("Green needle coke (oil)"), SupplierType.COKE),
        _flow("packing_coke_net", N_("Packing coke (calcined)"), SupplierType.COKE),
        _flow("coal_tar_pitch", N_("Coal tar pitch"), SupplierType.PITCH),
        _flow("coating_resin", N_("Coating resin"), SupplierType.RESIN),
        _flow("recycled_graphite_concentrate", N_("Recycled graphite"), SupplierType.RECYCLED),
        _flow("graphitised_powder", N_("Toll graphitization"), SupplierType.TOLL),
        _flow("coated_powder", N_("Toll carbonization"), SupplierType.TOLL_CARB),
        _flow("graphite_crucible", N_("Graphite crucibles"), SupplierType.CRUCIBLE),
        _flow("nitrogen", N_("Nitrogen"), SupplierType.GAS),
        _flow("natural_gas", N_("Natural gas"), SupplierType.GAS),
        _flow("pp_big_bag", N_("Big bags (polypropylene)"), SupplierType.PACKAGING),
        _flow("ldpe_film", N_("Film (polyethylene)"), SupplierType.PACKAGING),
        _flow("wood_pallet", N_("Wooden pallets"), SupplierType.PACKAGING),
        _flow("truck_diesel_heavy", N_("Road transport"), SupplierType.LOGISTICS),
    )
}

TYPE_LABELS: Mapping[SupplierType, str] = {
    SupplierType.MAKER: N_("Anode plant of our own"),
    SupplierType.COKE: N_("Coke"),
    SupplierType.PITCH: N_("Pitch"),
    SupplierType.RESIN: N_("Coating resin"),
    SupplierType.TOLL: N_("Toll graphitization"),
    SupplierType.TOLL_CARB: N_("Toll carbonization"),
    SupplierType.CRUCIBLE: N_("Crucibles and saggers"),
    SupplierType.GAS: N_("Gases and utilities"),
    SupplierType.PACKAGING: N_("Packaging"),
    SupplierType.LOGISTICS: N_("Logistics"),
    SupplierType.EQUIPMENT: N_("Equipment"),
    SupplierType.RECYCLED: N_("Recycled graphite"),
    SupplierType.WASTE: N_("Waste and by-product buyers"),
}


def flows_of_type(supplier_type: SupplierType) -> tuple[Flow, ...]:
    """Return what suppliers of a type deliver, in the order of the route; empty for types that deliver no flow of the model."""
    return tuple(flow for flow in FLOWS.values() if supplier_type in flow.supplier_types)
