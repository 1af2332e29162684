"""Plants that make materials: coke, pitch, resin, crucibles, recycled graphite."""

import random

from service.bench.plants.draws import Plant, around, between, supply


def coke(rng: random.Random) -> Plant:
    """Draw a delayed coker, with a calciner in two cases of three; masses and the calciner's carbon close."""
    output, kind = around(rng, 80_000, 1.8), rng.choice(("petroleum", "needle_oil", "needle_coal"))
    is_calcined = rng.choice((True, True, False))
    calcination = between(rng, 0.70, 0.75, 0.82) if is_calcined else 1.0
    green, coking = output / calcination, between(rng, 0.22, 0.29, 0.36)
    coker_kwh, calciner_kwh = between(rng, 30, 60, 120), between(rng, 30, 60, 120)
    liquids = green * (1 / coking - 1) * rng.uniform(0.95, 1.0)
    kwh = (coker_kwh * green + calciner_kwh * output * is_calcined) * rng.uniform(1.0, 1.4)
    plant: Plant = {
        "product_output": output,
        "coke_type": f"{kind}_{'calcined' if is_calcined else 'green'}",
        "coking_yield": coking * 100,
        "feed_per_t": 1 / coking,
        "co_products": liquids,
        "liquids_out": liquids * 0.55,
        "gas_oil_out": liquids * 0.3,
        "fuel_gas_out": liquids * 0.12,
        "liquids_heating_value": between(rng, 41, 42.8, 44.5),
        "coker_electricity": coker_kwh,
        "coker_gas": between(rng, 15, 40, 80),
        "coker_steam": between(rng, 0.1, 0.6, 1.5),
        "coke_sulphur_content": between(rng, 0.3, 0.6, 3),
        "transport_distance": around(rng, 700, 1.6),
        "delivery_mode": "road",
        "product_price": around(rng, 4500, 1.5),
        "co_product_price": around(rng, 3800, 1.3),
        **supply(kwh, rng),
        "natural_gas": output * between(rng, 1, 4, 10),
        "fresh_water": green * between(rng, 0.3, 1, 2),
    }
    return plant | (_calciner(output, calcination, calciner_kwh, rng) if is_calcined else {})


def _calciner(output: float, calcination: float, kwh: float, rng: random.Random) -> Plant:
    burnt = (0.918 / calcination - 0.985) * between(rng, 0.8, 0.93, 1.0)
    gas = between(rng, 4, 12, 30)
    return {
        "calcination_yield": calcination * 100,
        "calcination_co2": burnt * 44 / 12,
        "calciner_gas": gas,
        "calciner_electricity": kwh,
        "natural_gas": output * gas * rng.uniform(1.0, 1.2),
        "lime_use": between(rng, 3, 12, 30),
        "waste_heat_electricity": between(rng, 200, 450, 800),
        "waste_heat_steam": between(rng, 0.3, 1.2, 3),
    }


def pitch(rng: random.Random) -> Plant:
    """Draw a tar distillation, fired by coke oven gas or natural gas."""
    output, tar = around(rng, 60_000, 1.7), between(rng, 1.6, 1.85, 2.1)
    oils = output * (tar * (1 - rng.uniform(0.005, 0.025)) - 1)
    kwh, fuel, steam = between(rng, 35, 66, 110), between(rng, 1.6, 2.5, 4), between(rng, 0.2, 0.8, 1.6)
    burns_gas = rng.choice((True, True, False, False, False))
    heat = fuel * output * rng.uniform(1.0, 1.15)
    return {
        "product_output": output,
        "pitch_type": rng.choice(("coal_tar", "modified")),
        "tar_input": tar,
        "co_products": oils,
        "wash_oil_out": oils * 0.15,
        "anthracene_oil_out": oils * 0.45,
        "naphthalene_out": oils * 0.25,
        "other_oil_out": oils * 0.1,
        "oils_price": around(rng, 4000, 1.3),
        "coking_value": between(rng, 48, 54, 60),
        "softening_point": between(rng, 85, 110, 140),
        "electricity_per_t": kwh,
        "distillation_fuel": fuel,
        "steam_per_t": steam,
        **supply(kwh * output * rng.uniform(1.1, 1.8), rng),
        "natural_gas": heat / 0.0355 if burns_gas else 0.0,
        "coke_oven_gas": 0.0 if burns_gas else heat / 0.0174,
        "purchased_steam": steam * output * rng.uniform(1.0, 1.3),
        "tar_footprint": around(rng, 800, 1.4),
        "pitch_distance": around(rng, 500, 1.6),
        "product_price": around(rng, 4500, 1.3),
        "co_product_price": around(rng, 4200, 1.3),
    }


def resin(rng: random.Random) -> Plant:
    """Draw a resin plant that buys its steam, or makes it from natural gas."""
    output, feed = around(rng, 20_000, 1.8), between(rng, 1.05, 1.15, 1.35)
    kwh, steam = between(rng, 80, 180, 350), between(rng, 1, 2.1, 4)
    buys, heat = rng.choice((True, True, False)), steam * output * rng.uniform(1.0, 1.2)
    return {
        "product_output": output,
        "resin_type": rng.choice(("phenolic", "epoxy")),
        "solids_content": between(rng, 55, 68, 90),
        "carbon_yield": between(rng, 35, 46, 58),
        "feedstock_input": feed,
        "phenol_input": feed * 0.67,
        "formaldehyde_input": feed * 0.24,
        "solvent_input": feed * 0.08,
        "resin_electricity": kwh,
        "resin_steam": steam,
        **supply(kwh * output * rng.uniform(1.05, 1.5), rng),
        "purchased_steam": heat if buys else 0.0,
        "natural_gas": output * rng.uniform(0.5, 5) if buys else heat / 0.9 / 0.0355,
        "resin_distance": around(rng, 500, 1.6),
        "product_price": around(rng, 11_000, 1.3),
    }


def crucible(rng: random.Random) -> Plant:
    """Draw a maker of graphite crucibles: more block is made than leaves the plant."""
    output, loss = around(rng, 5000, 1.8), between(rng, 0.15, 0.35, 0.6)
    kwh, gas = between(rng, 2500, 4300, 7000), between(rng, 120, 320, 600)
    block = output / (1 - loss)
    return {
        "product_output": output,
        "crucible_material": "graphite",
        "crucible_mass": between(rng, 5, 18, 60),
        "crucible_cycles": float(rng.randint(3, 12)),
        "machining_loss": loss * 100,
        "block_machining_reuse": between(rng, 60, 90, 99),
        "block_electricity": kwh,
        "block_gas": gas,
        **supply(block * kwh * rng.uniform(1.02, 1.15), rng),
        "natural_gas": block * gas * rng.uniform(1.0, 1.1),
        "crucible_distance": around(rng, 500, 1.6),
        "product_price": around(rng, 12_000, 1.4),
        "fresh_water": output * between(rng, 0.5, 2, 6),
    }


def recycled(rng: random.Random) -> Plant:
    """Draw a plant that purifies graphite of scrap with acid and alkali."""
    output, recovery = around(rng, 4000, 1.8), between(rng, 0.8, 0.92, 0.98)
    kwh, acid = between(rng, 500, 1500, 3500), between(rng, 200, 850, 2000)
    return {
        "product_output": output,
        "graphite_origin": "black_mass",
        "recovery_yield": recovery * 100,
        "scrap_input": 1 / recovery / between(rng, 0.3, 0.42, 0.9),
        "post_consumer_share": rng.uniform(10, 95),
        "ash_content": between(rng, 0.03, 0.08, 0.5),
        "acid_use": acid,
        "acid_alone": acid * rng.uniform(0.5, 0.8),
        "process_water": between(rng, 10, 25, 60),
        "purification_electricity": kwh,
        **supply(kwh * output * rng.uniform(1.05, 1.4), rng),
        "natural_gas": output * between(rng, 20, 80, 300),
        "purchased_steam": output * between(rng, 2, 8, 25),
        "fresh_water": output * between(rng, 12, 28, 65),
        "recycled_distance": around(rng, 500, 1.6),
        "product_price": around(rng, 12_000, 1.4),
    }
