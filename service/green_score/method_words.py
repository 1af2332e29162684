"""What the parts of a scoring method's table are called; message ids."""

from collections.abc import Mapping
from typing import Final

from service.compliance.words import PROOF_NAMES, VIOLATION_NAMES
from service.errors import N_
from service.green_score.anchor_table import level_name
from service.green_score.indicator_names import DIMENSION_NAMES, INDICATOR_NAMES
from service.green_score.method_cells import Cell
from service.i18n import Locale, translate
from service.suppliers.flows import FLOWS

TABLE_NAMES: Final[Mapping[str, str]] = {
    "indicators": N_("Points of the indicators inside their dimension"),
    "profiles": N_("Points of the dimensions, by what is bought"),
    "categories": N_("Which profile a material takes"),
    "values": N_("Anchors of the values"),
    "ladders": N_("What each level is worth"),
    "recycled_targets": N_("Recycled content that earns all (our estimate)"),
    "evidence_credits": N_("What evidence is worth"),
    "electricity_credits": N_("What counts as renewable electricity"),
    "penalties": N_("What violations cost"),
    "grades": N_("Grades"),
    "caps": N_("What keeps a grade down"),
    "hysteresis": N_("How firmly a grade stands"),
    "efforts": N_("What it takes to get better (our estimate)"),
}
PROFILE_NAMES: Final[Mapping[str, str]] = {
    "default": N_("All others"),
    "coke_pitch": N_("Coke and pitch"),
    "toll_graphitization": N_("Toll graphitization"),
    "gases": N_("Gases"),
    "crucible_packaging": N_("Crucibles and packaging"),
    "logistics": N_("Logistics"),
}
ELECTRICITY_NAMES: Final[Mapping[str, str]] = {
    "own_generation": N_("Own plant on the site, certificates kept"),
    "direct_line": N_("Direct line from a renewable plant"),
    "traded_with_certificates": N_("Green power trade with its certificates"),
    "unbundled_certificates": N_("Certificates bought apart from the power"),
    "without_cancellation": N_("No proof that certificates were cancelled"),
}
EFFORT_NAMES: Final[Mapping[str, str]] = {
    "report": N_("Tell a figure"),
    "paper": N_("Get a paper"),
    "process": N_("Change how things are done"),
    "investment": N_("Invest"),
}
VALUE_NAMES: Final[Mapping[str, str]] = {
    "unknown_gsd": N_("Spread (GSD) where it can't be computed; larger ones count no more"),
    "unchanged_trend": N_("Value of a footprint that stays the same"),
    "full_trend_per_year": N_("Fall per year that earns all (share)"),
    "leader_trend": N_("Least trend value of who is at the best anchor"),
    "trend_most_years": N_("Earlier footprint at most so old (years)"),
    "trend_least_years": N_("Earlier footprint at least so old (years)"),
    "full_primary_share": N_("Share of own figures that earns all"),
    "best_dqr": N_("Data quality rating that earns all"),
    "worst_dqr": N_("Data quality rating that earns nothing"),
    "stale_months": N_("Footprint counts less after (months)"),
    "stale_factor": N_("… by this factor"),
    "too_old_months": N_("Footprint counts as missing after (months)"),
    "verification_grace_months": N_("Ended verification counts less for (months)"),
    "verification_grace_factor": N_("… by this factor"),
    "required_share_most": N_("Required renewable share, at most; also where unknown"),
    "required_share_value": N_("Value at the required renewable share"),
    "half_renewable_value": N_("Value at half renewable electricity"),
    "access_value": N_("Value at the access level of energy"),
    "limit_value": N_("Value at the limit of energy"),
    "certificate_grace_days": N_("Ended certificate counts less for (days)"),
    "certificate_grace_factor": N_("… by this factor"),
    "contract_value": N_("Value of a signed certification contract"),
    "unverified_inventory_value": N_("Value of an inventory that nobody has verified"),
    "full_return_rate": N_("Packaging return that earns all (share)"),
    "freight_best_ratio": N_("Transport over the lane's benchmark that earns all"),
    "freight_worst_ratio": N_("Transport over the lane's benchmark that earns nothing"),
    "full_low_carbon_freight": N_("Rail, water and electric share that earns all"),
    "record_months": N_("Violations count for (months)"),
    "record_halved_after_years": N_("Violations count half after (years)"),
    "remedied_factor": N_("Remedied violations count by this factor"),
    "search_months": N_("A look into registers counts for (months)"),
    "days_late_for_nothing": N_("Days late that earn nothing"),
    "latest_request_weight": N_("Weight of the latest request (share)"),
    "most_left_out_share": N_("Points that may be left out at most (share)"),
}
CAP_NAMES: Final[Mapping[str, str]] = {
    "no_footprint": N_("No footprint that counts"),
    "over_limit": N_("Energy above a mandatory limit, or not shown to keep it"),
    "refuses_data": N_("Data refused"),
    "yellow_credit": N_("Yellow environmental credit, or nobody has looked"),
    "weak_dimension": N_("Dimension A, B or G below its least value"),
    "weak_below": N_("… which is"),
}
HYSTERESIS_NAMES: Final[Mapping[str, str]] = {
    "margin": N_("Points beyond a threshold"),
    "probability": N_("Or probability in two periods (upwards)"),
}
COLUMN_NAMES: Final[Mapping[str, str]] = {
    "points": N_("Points"),
    "effort": N_("Effort"),
    "step": N_("Most a year's work lifts the value"),
    "least_score": N_("From points"),
    "share_cap": N_("Largest share of a material's demand"),
    "least_dimension": N_("Least of every dimension"),
    "data_months": N_("Footprint at most so old (months)"),
}
_ROWS: Final[Mapping[str, Mapping[str, str]]] = {
    "indicators": INDICATOR_NAMES,
    "profiles": PROFILE_NAMES,
    "recycled_targets": PROFILE_NAMES,
    "categories": {flow.key: flow.label for flow in FLOWS.values()},
    "values": VALUE_NAMES,
    "ladders": INDICATOR_NAMES,
    "evidence_credits": PROOF_NAMES,
    "electricity_credits": ELECTRICITY_NAMES,
    "penalties": VIOLATION_NAMES,
    "caps": CAP_NAMES,
    "hysteresis": HYSTERESIS_NAMES,
    "efforts": EFFORT_NAMES,
}


def row_name(cell: Cell, locale: Locale) -> str:
    """Return what a cell's row is called."""
    name = _ROWS.get(cell.table, {}).get(cell.row)
    told = cell.row if name is None else translate(locale, name)
    return f"{cell.row} {told}" if cell.table in {"indicators", "ladders"} else told


def column_name(cell: Cell, locale: Locale) -> str:
    """Return what a cell's column is called; empty where the table has one."""
    first, _, inner = cell.column.partition("/")
    if cell.table == "ladders":
        return translate(locale, level_name(cell.row, cell.column))
    if cell.table == "profiles":
        return translate(locale, DIMENSION_NAMES[cell.column])
    if inner:
        return translate(locale, N_("Least value of %(name)s"), name=inner)
    return translate(locale, COLUMN_NAMES.get(first, first)) if first else ""


def choice_word(cell: Cell, value: str, locale: Locale) -> str:
    """Return what a choice is called; a grade is its letter."""
    names = {"categories": PROFILE_NAMES, "indicators": EFFORT_NAMES}.get(cell.table, {})
    return translate(locale, names.get(value, value))


def cell_name(cell: Cell, locale: Locale) -> str:
    """Return a cell's full name: table, row, column."""
    parts = (translate(locale, TABLE_NAMES[cell.table]), row_name(cell, locale), column_name(cell, locale))
    return " · ".join(part for part in parts if part)
