"""The words for rules and for the documents that they ask for, by key; all are message ids."""

from collections.abc import Mapping
from typing import Final

from service.errors import N_

DOCUMENTS: Final[Mapping[str, str]] = {
    "catalogue_opinion": N_("Opinion of the provincial authority on the catalogue of projects of high energy use and emissions"),
    "energy_review": N_("Approval of the energy-saving review"),
    "energy_commitment": N_("Energy-saving commitment, filed"),
    "carbon_evaluation": N_("Carbon evaluation of the project, in the energy-saving report"),
    "environmental_approval": N_("Approval of the environmental impact assessment"),
    "replacement_plan": N_("Plan of what replaces the energy and coal added"),
    "park_certificate": N_("Proof of the site in a compliant industrial park"),
    "efficiency_plan": N_("Plan to reach the energy consumption of the best furnace"),
    "green_power_plan": N_("Contract or letter of intent for green power"),
    "target_plan": N_("Plan to stay within the company's targets"),
}

RULES: Final[Mapping[str, str]] = {
    "catalogue": N_("Catalogue of projects of high energy use and emissions"),
    "energy_review": N_("Energy-saving review, by energy"),
    "energy_review_electricity": N_("Energy-saving review, by electricity"),
    "provincial_review": N_("Review by the provincial authority"),
    "carbon_evaluation": N_("Carbon evaluation"),
    "coal": N_("Added coal"),
    "park": N_("Site in an industrial park"),
    "peer_furnace": N_("Graphitization electricity of peers (proxy)"),
    "own_benchmark": N_("Own verified furnaces: best and 60th percentile"),
    "energy_path": N_("Energy per output on the target path"),
    "carbon_path": N_("CO2 per output on the target path"),
    "green_share": N_("Share of green power"),
    "net_value": N_("Net present value with the internal carbon price"),
}
