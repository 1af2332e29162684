"""The maker's own plant and those that graphitize or carbonize for it."""

import random
from collections.abc import Mapping
from typing import Final

from service.bench.plants.draws import Plant, around, between, of_model, supply

KWH_PER_MWH: Final = 1000.0
FURNACES: Final = ("acheson_crucible", "box", "inner_string", "continuous")
MILLING, GRANULATION, COATING, FINISHING, UTILITIES = (
    "P1_milling_shaping",
    "P2_granulation_precarbonisation",
    "P4_coating_carbonisation",
    "P5_finishing_packaging",
    "P6_site_utilities",
)


def maker(rng: random.Random) -> Plant:
    """Draw an integrated plant backwards from its product, each step with its mass and carbon closed."""
    output = around(rng, 15_000, 1.7)
    finishing = 1 / of_model(rng, FINISHING, "coated_powder")
    coated = output / finishing
    coating_pitch = of_model(rng, COATING, "coal_tar_pitch")
    graphitized = coated * (1.001 - coating_pitch * 0.54)
    outsourced = rng.choice((0.0, 0.0, rng.uniform(0.1, 0.5)))
    furnace = rng.choice(FURNACES)
    own = graphitized * (1 - outsourced)
    feed = of_model(rng, f"P3_graphitisation:{furnace}", "precarbonised_granulate")
    granulate = graphitized * feed
    pitch = between(rng, 0.03, 0.08, 0.18)
    shaped = granulate * (rng.uniform(1.0, 1.008) / feed - pitch * 0.54) / 0.885
    coke = shaped * of_model(rng, MILLING, "green_petroleum_coke")
    masses: Plant = {
        "product_output": output,
        "finishing_yield": finishing * 100,
        "coated_out": coated,
        "coating_pitch": coated * coating_pitch,
        "outsourced_share": outsourced * 100,
        "furnace_type": furnace,
        "charge_in": own * feed,
        "product_out": own,
        "granulate_out": granulate,
        "granulation_pitch": granulate * pitch,
        "granulation_resin": 0.0,
        "shaped_powder_out": shaped,
        "coke_in": coke,
        "needle_coke_in": coke * rng.choice((0.0, rng.uniform(0.1, 0.6))),
        "calcined_coke_in": 0.0,
        "fines_out": (coke - shaped) * between(rng, 0.88, 0.97, 1.0),
        "tar_waste": granulate * of_model(rng, GRANULATION, "tar_hazardous_waste_HW11"),
        "recycled_graphite_in": 0.0,
    }
    return masses | _maker_energy(masses, furnace, rng) | _packing_coke(own, own, furnace, rng) | _maker_rest(masses, rng)


def _maker_energy(masses: Mapping[str, float | str], furnace: str, rng: random.Random) -> Plant:
    output, shaped, granulate, coated, own = (
        float(masses[key]) for key in ("product_output", "shaped_powder_out", "granulate_out", "coated_out", "product_out")
    )
    electricity = {
        "milling_electricity": shaped * of_model(rng, MILLING, "electricity_cn_grid"),
        "granulation_electricity": granulate * of_model(rng, GRANULATION, "electricity_cn_grid"),
        "furnace_electricity": own * of_model(rng, f"P3_graphitisation:{furnace}", "electricity_cn_grid"),
        "auxiliary_electricity": own * between(rng, 0.1, 0.3, 0.6),
        "coating_electricity": coated * of_model(rng, COATING, "electricity_cn_grid"),
        "finishing_electricity": output * of_model(rng, FINISHING, "electricity_cn_grid"),
        "utilities_electricity": output * of_model(rng, UTILITIES, "electricity_cn_grid"),
    }
    gas = {
        "granulation_gas": granulate * of_model(rng, GRANULATION, "natural_gas") * 0.7,
        "fume_burner_gas": granulate * of_model(rng, GRANULATION, "natural_gas") * 0.3,
        "coating_gas": coated * of_model(rng, COATING, "natural_gas"),
    }
    drying = shaped * of_model(rng, MILLING, "natural_gas")
    taken = sum(electricity.values()) * rng.uniform(1.003, 1.025) * KWH_PER_MWH
    return {
        **{key: value * KWH_PER_MWH for key, value in (electricity | gas).items()},
        **supply(taken, rng),
        "natural_gas": (sum(gas.values()) + drying) * 1000 * rng.uniform(1.0, 1.1),
        "granulation_nitrogen": granulate * of_model(rng, GRANULATION, "nitrogen") * 1000,
        "coating_nitrogen": coated * of_model(rng, COATING, "nitrogen") * 1000,
    }


def _maker_rest(masses: Mapping[str, float | str], rng: random.Random) -> Plant:
    output, own = float(masses["product_output"]), float(masses["product_out"])
    piece = between(rng, 8, 18, 40)
    return {
        "coke_moisture": between(rng, 2, 8, 11),
        "coke_volatiles": between(rng, 5, 10, 14),
        "coke_ash": between(rng, 0.1, 0.3, 0.6),
        "coke_sulphur": between(rng, 0.3, 0.6, 2),
        "coke_fixed_carbon": between(rng, 85, 89, 94),
        "granulation_coking_value": between(rng, 48, 54, 62),
        "fines_price": around(rng, 1500, 1.4),
        "graphitization_capacity": own * rng.uniform(1.05, 1.8),
        "returned_graphite_share": between(rng, 0, 2, 5),
        "tap_density": between(rng, 0.85, 1.05, 1.2),
        "specific_capacity": between(rng, 335, 352, 362),
        "first_efficiency": between(rng, 91, 93.5, 95.5),
        "bag_use": between(rng, 2, 5, 12),
        "film_use": between(rng, 0.5, 1, 2.5),
        "pallet_use": between(rng, 2, 15, 35),
        "crucible_piece_mass": piece,
        "crucibles_used": own * between(rng, 0.02, 0.06, 0.2) * 1000 / piece,
        "crucible_uses": float(rng.randint(3, 7)),
        "coke_distance": around(rng, 800, 1.6),
        "so2_emitted": output * between(rng, 0.0005, 0.004, 0.01),
        "nox_emitted": output * between(rng, 0.0003, 0.0012, 0.003),
        "dust_emitted": output * between(rng, 0.0002, 0.0008, 0.002),
        "nmhc_emitted": output * between(rng, 0.0001, 0.0004, 0.001),
        "product_price": around(rng, 25_000, 1.4),
        "packing_coke_price": around(rng, 3000, 1.3),
        "diesel": output * of_model(rng, UTILITIES, "diesel_burned"),
        "fresh_water": output * of_model(rng, UTILITIES, "tap_water") + own * 2,
    }


def _packing_coke(ours: float, all_customers: float, furnace: str, rng: random.Random) -> Plant:
    """Return use and sales for our material, and stocks and purchases of the whole plant, t."""
    process = f"P3_graphitisation:{furnace}"
    if furnace == "continuous":
        return {"packing_coke_net": 0.0, "packing_coke_sold": 0.0}
    net, sold = (of_model(rng, process, flow) for flow in ("packing_coke_net", "graphitised_packing_coke"))
    scale = 1.0 if ours == all_customers else rng.gauss(1.0, 0.06)
    used = (net + sold) * (ours + (all_customers - ours) * scale)
    opening, closing = used * rng.uniform(0.1, 0.5), used * rng.uniform(0.1, 0.5)
    return {
        "packing_coke_net": net * ours,
        "packing_coke_sold": sold * ours,
        "packing_coke_opening": opening,
        "packing_coke_closing": closing,
        "packing_coke_bought": used + closing - opening,
    }


# ---- Toll plants ----


def toll(rng: random.Random) -> Plant:
    """Draw a plant that graphitizes for us and for others."""
    ours = around(rng, 2500, 2.0)
    everybody = ours / rng.uniform(0.1, 0.9)
    furnace = rng.choice(FURNACES)
    process = f"P3_graphitisation:{furnace}"
    kwh = of_model(rng, process, "electricity_cn_grid") * KWH_PER_MWH
    auxiliary = between(rng, 120, 300, 650)
    others = (everybody - ours) * (kwh * rng.gauss(1.0, 0.04) + auxiliary)
    return {
        "product_output": everybody,
        "supply_share": ours / everybody * 100,
        "furnace_type": furnace,
        "charge_in": ours * of_model(rng, process, "precarbonised_granulate"),
        "product_out": ours,
        "furnace_electricity": ours * kwh,
        "auxiliary_electricity": ours * auxiliary,
        **supply((ours * (kwh + auxiliary) + others) * rng.uniform(1.01, 1.06), rng),
        "natural_gas": everybody * rng.choice((0.0, between(rng, 0.5, 5, 20))),
        **_packing_coke(ours, everybody, furnace, rng),
        "power_source": "grid",
        "charge_per_heat": between(rng, 12, 45, 110),
        "furnace_count": float(rng.randint(8, 60)),
        "rectifier_loss": between(rng, 2, 4, 6),
        "crucible_wear": between(rng, 15, 60, 200),
        "grid_share": (share := float(rng.choice((100, 90, 70)))),
        "green_contract_share": 100 - share,
        "captive_share": 0.0,
        "packing_coke_price": around(rng, 3000, 1.3),
        "toll_distance": around(rng, 1200, 1.4),
        "fgd_reagent": between(rng, 5, 15, 40),
        "lining_waste": between(rng, 3, 8, 30),
        "product_price": around(rng, 9000, 1.4),
        "fresh_water": everybody * between(rng, 0.5, 2, 5),
        "diesel": everybody * between(rng, 0.0003, 0.001, 0.003),
    }


def toll_carb(rng: random.Random) -> Plant:
    """Draw a plant that carbonizes for us and for others."""
    ours = around(rng, 1500, 2.0)
    everybody = ours / rng.uniform(0.1, 0.9)
    kiln = rng.choice(("roller_electric", "roller_gas", "pusher_electric", "pusher_gas", "rotary"))
    burns = kiln.endswith("gas") or kiln == "rotary"
    kwh = between(rng, 430, 700, 1200) if burns else between(rng, 800, 1300, 2400)
    gas = between(rng, 60, 120, 210) if burns else between(rng, 2, 12, 30)
    return {
        "product_output": everybody,
        "supply_share": ours / everybody * 100,
        "charge_in": ours * between(rng, 1.01, 1.03, 1.08),
        "product_out": ours,
        "kiln_type": kiln,
        **supply(everybody * kwh * rng.uniform(1.05, 1.3), rng),
        "natural_gas": everybody * gas * rng.uniform(1.0, 1.15),
        "carbonization_electricity": kwh,
        "carbonization_gas": gas,
        "carbonization_nitrogen": between(rng, 250, 600, 1700),
        "carbonization_distance": around(rng, 350, 1.8),
        "product_price": around(rng, 5000, 1.4),
        "fresh_water": everybody * between(rng, 0.3, 1, 3),
        "diesel": everybody * between(rng, 0.0003, 0.001, 0.003),
    }
