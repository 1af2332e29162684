"""Suppliers of gases, packaging, transport and equipment, and those who take waste."""

import random

from service.bench.plants.draws import Plant, around, between, supply

NITROGEN_KG_PER_NM3 = 1.2506
"""At 0 °C and 101.325 kPa."""


def gas(rng: random.Random) -> Plant:
    """Draw a supplier of nitrogen, of natural gas, or of steam."""
    output, kind = around(rng, 30_000, 1.9), rng.choice(("nitrogen", "nitrogen", "natural_gas", "steam"))
    common: Plant = {"product_output": output, "product_price": around(rng, 900, 1.5)}
    if kind == "natural_gas":
        return common | {**supply(output * between(rng, 5, 20, 60), rng), "gas_heating_value": between(rng, 34, 35.5, 37.5)}
    if kind == "steam":
        burnt = output * between(rng, 76, 82, 90)
        return common | {
            **supply(output * between(rng, 5, 12, 30), rng),
            "steam_enthalpy": between(rng, 2.6, 2.75, 2.95),
            "steam_fuel": "steam_gas",
            "natural_gas": burnt,
        }
    kwh = between(rng, 0.15, 0.3, 0.5)
    return common | {
        "nitrogen_route": rng.choice(("cryogenic", "psa")),
        "nitrogen_electricity": kwh,
        **supply(output * 1000 / NITROGEN_KG_PER_NM3 * kwh * rng.uniform(1.02, 1.3), rng),
    }


def packaging(rng: random.Random) -> Plant:
    """Draw a maker of one kind of packaging."""
    typical = {"pp_bag": (1100, 2.4), "pe_film": (700, 0.6), "wood_pallet": (70, 18), "carton": (220, 0.9)}
    material = rng.choice(tuple(typical))
    kwh, mass = typical[material]
    output, piece = around(rng, 6000, 1.8), around(rng, mass, 1.3)
    return {
        "product_output": output,
        "packaging_material": material,
        "packaging_mass": piece,
        "pieces_sold": output * rng.uniform(0.02, 0.4) * 1000 / piece,
        "recycled_share": rng.choice((0.0, rng.uniform(10, 60))),
        "trips": float(rng.choice((1, 1, 1, 5, 10))),
        **supply(output * around(rng, kwh, 1.3), rng),
        "packaging_distance": around(rng, 250, 1.8),
        "product_price": around(rng, 9000, 1.4),
    }


def logistics(rng: random.Random) -> Plant:
    """Draw a haulier by road."""
    energy = rng.choice(("diesel", "diesel", "lng", "electric"))
    typical = {"diesel": 34.0, "lng": 30.0, "electric": 130.0}
    return {
        "route_distance": around(rng, 900, 1.7),
        "transport_mode": "road",
        "vehicle_energy": energy,
        "vehicle_class": "truck_large",
        "vehicle_payload": between(rng, 26, 31, 34),
        "load_share": between(rng, 65, 85, 98),
        "empty_return_share": between(rng, 5, 40, 90),
        "fuel_use": around(rng, typical[energy], 1.12),
        "freight_carried": around(rng, 6000, 2.0),
    }


def equipment(rng: random.Random) -> Plant:
    """Draw a maker of one kind of equipment."""
    typical = {"graphitization_furnace": (11_000, 0.2), "mill": (700, 0.01), "kiln": (1100, 0.05), "reactor": (700, 0.02)}
    kind = rng.choice(tuple(typical))
    kwh, mass = typical[kind]
    capacity, output = around(rng, 4000, 1.7), around(rng, 2500, 1.8)
    return {
        "product_output": output,
        "equipment_kind": kind,
        "nameplate_capacity": capacity,
        "design_consumption": around(rng, kwh, 1.15),
        "equipment_mass": capacity * around(rng, mass, 1.5),
        "equipment_life": float(rng.randint(10, 25)),
        "equipment_steel_share": between(rng, 70, 85, 97),
        **supply(output * around(rng, 500, 1.5), rng),
        "natural_gas": output * between(rng, 2, 15, 60),
        "product_price": around(rng, 30_000, 1.5),
    }


def waste(rng: random.Random) -> Plant:
    """Draw somebody who takes fines, tar or graphitized coke."""
    taken = around(rng, 900, 3.0)
    return {
        "waste_amount": taken,
        "waste_treatment": "recycling",
        "byproduct_use": "recarburiser",
        "byproduct_price": around(rng, 1500, 1.4),
        "use_efficiency": between(rng, 88, 95, 99),
        "waste_distance": around(rng, 150, 1.8),
        **supply(around(rng, 800_000, 2.0), rng),
        "natural_gas": around(rng, 20_000, 2.0),
        "fresh_water": around(rng, 3000, 2.0),
    }
