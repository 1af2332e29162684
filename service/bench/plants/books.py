"""What every site's books hold besides its process, and the plants of all supplier types."""

import random
from collections.abc import Callable, Mapping
from typing import Final

from service.bench.plants import graphite_plants, material_plants, other_plants
from service.bench.plants.draws import Plant, around, between

KGCE_PER_KWH: Final = 0.1229
MJ_PER_TCE: Final = 29_307.6

PLANTS: Final[Mapping[str, Callable[[random.Random], Plant]]] = {
    "MAKER": graphite_plants.maker,
    "COKE": material_plants.coke,
    "PITCH": material_plants.pitch,
    "RESIN": material_plants.resin,
    "TOLL": graphite_plants.toll,
    "TOLL_CARB": graphite_plants.toll_carb,
    "CRUCIBLE": material_plants.crucible,
    "GAS": other_plants.gas,
    "PACKAGING": other_plants.packaging,
    "LOGISTICS": other_plants.logistics,
    "EQUIPMENT": other_plants.equipment,
    "RECYCLED": material_plants.recycled,
    "WASTE": other_plants.waste,
}


def draw_plant(supplier_type: str, rng: random.Random) -> Plant:
    """Return a plant of a supplier type with all figures that it could be asked for."""
    return _energy_books(PLANTS[supplier_type](rng), rng)


def _energy_books(plant: Plant, rng: random.Random) -> Plant:
    """Return what every site keeps: other fuels, the heating value of its gas, and the total energy as it reports it."""
    output = _number(plant, "product_output")
    books: Plant = {
        "purchased_steam": 0.0,
        "diesel": output * between(rng, 0.0002, 0.0008, 0.002),
        "petrol": output * between(rng, 0.00001, 0.00005, 0.0002),
        "coal": 0.0,
        "coke_oven_gas": 0.0,
        "other_fuel": 0.0,
        "fresh_water": output * between(rng, 0.5, 2, 6),
        "natural_gas": 0.0,
        "onsite_electricity": 0.0,
        "supply_share": rng.uniform(2, 60),
        "own_pcf": around(rng, 3000, 1.8),
        "own_primary_share": rng.uniform(20, 95),
        "evidence_source": "metered",
        "site_province": "CN-NM",
        "energy_basis": rng.choice(("calorific", "calorific", "equivalent")),
        **plant,
    }
    books["waste_water"] = _number(books, "fresh_water") * rng.uniform(0.3, 0.9)
    if rng.choice((True, False)):
        books["natural_gas_heating_value"] = between(rng, 34, 35.5, 37.5)
    return {**books, "total_energy": _reported_energy(books, rng)}


def _reported_energy(books: Plant, rng: random.Random) -> float:
    """Return the total energy in tce by GB/T 2589-2020, natural gas without a heating value by one of the two usual factors."""
    is_calorific = books["energy_basis"] == "calorific"
    heating_value = _number(books, "gas_heating_value") or _number(books, "natural_gas_heating_value")
    tce_per_unit = {
        "grid_electricity": (KGCE_PER_KWH if is_calorific else rng.uniform(0.3015, 0.3055)) / 1000,
        "onsite_electricity": rng.choice((0.0, KGCE_PER_KWH)) / 1000,
        "natural_gas": heating_value / MJ_PER_TCE if heating_value else rng.choice((1.2143, 1.33)) / 1000,
        "purchased_steam": 0.03412,
        "diesel": 1.4571,
        "petrol": 1.4714,
    }
    return sum(_number(books, key) * factor for key, factor in tce_per_unit.items()) + _number(books, "coke_oven_gas") * 0.000593


def _number(plant: Mapping[str, float | str], key: str) -> float:
    value = plant.get(key, 0.0)
    return value if isinstance(value, float) else 0.0
