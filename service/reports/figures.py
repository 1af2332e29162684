"""Tables of figures: rounded so that sums of what is printed hold, grouped as decision 0010 asks."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from typing import Final

from lca_models.model import Model
from service.errors import N_
from service.exports.facts import DeclaredFacts
from service.footprints.protection import Group, round_to_sum
from service.pdf.bilingual import Bilingual, both, same
from service.reports.content import Column, Table

UNIT: Final = "kg CO₂e/kg"
MAIN_GASES: Final = frozenset({"CO2", "CH4", "N2O"})
DASH: Final = same("–")
LINES: Final = (
    ("fossilGhgEmissions", N_("Fossil emissions and removals, net")),
    ("biogenicNonCO2Emissions", N_("Biogenic emissions")),
    ("landUseChangeGhgEmissions", N_("Direct land-use change")),
)
CARBON: Final = (
    ("fossilCarbonContent", N_("Fossil carbon in the product")),
    ("biogenicCarbonContent", N_("Biogenic carbon in the product")),
    ("recycledCarbonContent", N_("Recycled carbon in the product")),
)
BLOCKS: Final[Mapping[str, str]] = {
    "electricity": N_("Electricity"),
    "direct": N_("Direct emissions and waste treatment"),
    "coke": N_("Coke and packing coke"),
    "auxiliaries": N_("Pitch, crucibles, gases and fuels"),
    "logistics": N_("Transport and packaging"),
}


def result_table(facts: DeclaredFacts) -> Table:
    """Return the lines that ISO 14067 reports apart; what is known only as a part of the fossil line has a dash."""
    known = [(name, label) for name, label in LINES if name in facts.pcf]
    rounded = dict(zip((name for name, _ in known), _to_sum(facts, [name for name, _ in known]), strict=True))
    rows = [(both(label), _figure(rounded.get(name))) for name, label in LINES]
    rows.append((both(N_("Of the fossil line: aircraft")), _at_step(facts, "aircraftGhgEmissions")))
    rows.append((both(N_("Biogenic uptake, not in the total")), _at_step(facts, "biogenicCO2Uptake")))
    rows.append((both(N_("Total without biogenic uptake")), same(total_of(facts))))
    return Table(columns=(Column(label=both(N_("Result"))), _unit()), rows=tuple(rows), ends_with_sum=True)


def total_of(facts: DeclaredFacts) -> Decimal:
    """Return the total at three significant digits, as stages and blocks sum to it."""
    return (Decimal(facts.pcf["pcfExcludingBiogenicUptake"]) / facts.step).to_integral_value() * facts.step


def stage_table(facts: DeclaredFacts, model: Model) -> Table:
    """Return the published groups of stages with their shares."""
    names = {one.code: Bilingual(zh=one.name_zh, en=one.name_en) for one in model.stages}
    return _group_table(N_("Stage"), facts.stages, names, with_keys=True)


def block_table(facts: DeclaredFacts) -> Table:
    """Return the published groups of inputs with their shares."""
    return _group_table(N_("Input"), facts.blocks, {key: both(name) for key, name in BLOCKS.items()}, with_keys=False)


def life_cycle_table(facts: DeclaredFacts) -> Table | None:
    """Return the four stages of battery rules; None where they may not be told apart."""
    split = facts.life_cycle
    if split is None:
        return None
    outside = both(N_("outside the boundary"))
    rows = (
        (both(N_("Raw material acquisition and pre-processing")), same(split.raw_material)),
        (both(N_("Main production")), same(split.main_production)),
        (both(N_("Distribution to customers")), outside),
        (both(N_("End of life and recycling")), outside),
    )
    return Table(columns=(Column(label=both(N_("Life-cycle stage of battery rules"))), _unit()), rows=rows)


def carbon_table(facts: DeclaredFacts) -> Table:
    """Return the carbon that the product holds, kg C per kg."""
    rows = tuple((both(label), same(facts.pcf[name]) if name in facts.pcf else DASH) for name, label in CARBON)
    return Table(columns=(Column(label=both(N_("Carbon content"))), Column(label=same("kg C/kg"), is_figure=True)), rows=rows)


def gwp_table(facts: DeclaredFacts, model: Model, gwp: str) -> Table:
    """Return the characterization factors of the main gases and of every other one that the making sets free."""
    counted = {flow for flows in facts.record.result["by_process_and_flow"].values() for flow in flows}
    flows = [one for one in model.emission_flows.values() if one.gwp100_by_set and (one.gas in MAIN_GASES or one.flow in counted)]
    rows = tuple(
        (
            Bilingual(zh=flow.name_zh, en=flow.name_en),
            same(next(value for key, value in flow.gwp100_by_set.items() if key.value == gwp)),
        )
        for flow in flows
    )
    unit = Column(label=same(f"kg CO₂e/kg, GWP100, IPCC {gwp}"), is_figure=True)
    return Table(columns=(Column(label=both(N_("Gas"))), unit), rows=rows)


def breakdown_table(facts: DeclaredFacts) -> Table:
    """Return every process and flow: for the verifier only."""
    by_process: Mapping[str, Mapping[str, float]] = facts.record.result["by_process_and_flow"]
    rows = tuple(
        (same(process), same(flow), same(f"{kg:.5f}"), same(f"{100 * kg / facts.record.total_kg_co2e_per_kg:.2f} %"))
        for process, flows in by_process.items()
        for flow, kg in sorted(flows.items(), key=lambda item: -abs(item[1]))
        if kg
    )
    columns = (Column(label=both(N_("Process"))), Column(label=both(N_("Flow"))), _unit(), _share())
    return Table(columns=columns, rows=rows)


def _group_table(title: str, groups: Sequence[Group], names: Mapping[str, Bilingual], *, with_keys: bool) -> Table:
    total = sum((one.kg_co2e for one in groups), Decimal())
    rows = [
        (_group_name(one, names, with_keys=with_keys), same(one.kg_co2e), same(f"{100 * one.kg_co2e / total:.1f} %"))
        for one in groups
    ]
    rows.append((both(N_("Total")), same(total), same("100 %")))
    return Table(columns=(Column(label=both(title)), _unit(), _share()), rows=tuple(rows), ends_with_sum=True)


def _group_name(group: Group, names: Mapping[str, Bilingual], *, with_keys: bool) -> Bilingual:
    prefix = f"{'+'.join(group.keys)} " if with_keys else ""
    return Bilingual(
        zh=prefix + "、".join(names[key].zh for key in group.keys),
        en="; ".join(names[key].en for key in group.keys),
    )


def _to_sum(facts: DeclaredFacts, names: Iterable[str]) -> tuple[Decimal, ...]:
    return round_to_sum([float(facts.pcf[name]) for name in names], step=facts.step)


def _at_step(facts: DeclaredFacts, name: str) -> Bilingual:
    if name not in facts.pcf:
        return DASH
    return same(((Decimal(facts.pcf[name]) / facts.step).to_integral_value() * facts.step).quantize(facts.step) + 0)


def _figure(value: Decimal | None) -> Bilingual:
    return DASH if value is None else same(value)


def _unit() -> Column:
    return Column(label=same(UNIT), is_figure=True)


def _share() -> Column:
    return Column(label=both(N_("Share")), is_figure=True)
