"""The method choices behind a record: what was decided, what the alternatives give, what is left out, how good the data are."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlmodel import Session

from lca_models.errors import Notice
from lca_models.guard import find_obstacles, memory_shares
from lca_models.linking import UNSPLIT
from lca_models.mass import MassBalance, balance_masses
from lca_models.methods.alternatives import Alternative, alternatives_of
from lca_models.methods.biogenic import CarbonContent, TwoResults, carbon_content, two_results
from lca_models.methods.decisions import RecordedDecision, recorded_decisions
from lca_models.methods.exemption import LIMIT, exempted_share
from service.exemptions.queries import LedgerEntry, ledger
from service.footprints.models import FootprintRecord
from service.footprints.rechecking import rebuild
from service.modelling.queries import model_of


@dataclass(frozen=True, slots=True, kw_only=True)
class Methods:
    """Everything about method that a reviewer asks of one footprint.

    Attributes
    ----------
    unsplit_share
        Of the total: what another set of GWP100 can't change, because its gases are not known.
    exempted_share
        Of the total, by estimate; `exemption_limit` is the most there may be.
    memory_shares
        By factor parameter: share of the gross result that rests on factors from memory.
    obstacles
        What the guard has against a release.

    """

    total_kg_co2e: float
    decisions: tuple[RecordedDecision, ...]
    alternatives: tuple[Alternative, ...]
    two_results: TwoResults
    carbon_content: CarbonContent
    aircraft_kg_co2e: float
    unsplit_share: float
    carbon_closure: float | None
    mass_balances: tuple[MassBalance, ...]
    ledger: tuple[LedgerEntry, ...]
    exempted_share: float
    exemption_limit: float
    data_quality: Mapping[str, Any]
    memory_shares: Mapping[str, float]
    obstacles: tuple[Notice, ...]


def methods_of(session: Session, record: FootprintRecord) -> Methods:
    """Return the methods of a record; everything but its data quality is calculated anew, on its own model version."""
    model = model_of(session, record.result["content_hash"])
    footprint = rebuild(session, record, check=True)
    entries = ledger(session, model)
    exemptions = [entry.exemption for entry in entries]
    content = carbon_content(model, footprint)
    decisions = recorded_decisions(model.allocation_cases, model.definitions, footprint.parameters)
    total = footprint.total_kg_co2e
    return Methods(
        total_kg_co2e=total,
        decisions=decisions,
        alternatives=alternatives_of(model, footprint, decisions),
        two_results=two_results(footprint, content),
        carbon_content=content,
        aircraft_kg_co2e=footprint.split_kg_co2e.aircraft,
        unsplit_share=footprint.by_gas_kg_co2e.get(UNSPLIT, 0.0) / total if total else 0.0,
        carbon_closure=footprint.carbon_balance.closure,
        mass_balances=balance_masses(footprint.batch, model.composition),
        ledger=entries,
        exempted_share=exempted_share(exemptions, total_kg_co2e=total),
        exemption_limit=LIMIT,
        data_quality=record.result["data_quality"],
        memory_shares=memory_shares(model, footprint),
        obstacles=find_obstacles(model, footprint, exemptions=exemptions),
    )
