"""Values of what papers show: certificates (C), targets (D), circularity (E), freight (F)."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from service.compliance.models import CertificateKind
from service.errors import N_
from service.green_score.facts import CertificateFacts, Facts, Shown
from service.green_score.method import ScoringMethod, ValueAnchors
from service.green_score.points import Valued
from service.green_score.reasons import Reason, because
from service.green_score.value_functions import TOP, ratio_value, share_value

CERTIFICATES: Final[Mapping[str, CertificateKind]] = {
    "C1": CertificateKind.ISO_14001,
    "C2": CertificateKind.ISO_50001,
    "C3": CertificateKind.ISO_14064_1,
    "C4": CertificateKind.ISO_45001,
    "C5": CertificateKind.ISO_9001,
}
NOTHING_SHOWN: Final = N_("Nothing is shown.")


def value_papers(facts: Facts, method: ScoringMethod) -> Mapping[str, Valued]:
    """Return C1 to F2."""
    shown = facts.shown
    recycled = method.recycled_targets.get(facts.category, method.recycled_targets["default"])
    return {
        **{name: _certificate(facts.certificates.get(kind), kind, facts.on, method) for name, kind in CERTIFICATES.items()},
        "D1": ladder_value("D1", shown.get("D1"), method),
        "D2": _share("D2", shown, method, full_at=1.0),
        "E1": _share("E1", shown, method, full_at=recycled),
        "E2": _share("E2", shown, method, full_at=method.values.full_return_rate),
        "E3": ladder_value("E3", shown.get("E3"), method),
        "F1": _freight(shown.get("F1"), method),
        "F2": _share("F2", shown, method, full_at=method.values.full_low_carbon_freight),
    }


def ladder_value(indicator: str, shown: Shown | None, method: ScoringMethod) -> Valued:
    """Return the value of a level, as the method's ladder says."""
    if shown is None or shown.level is None:
        return Valued(reasons=(because(NOTHING_SHOWN),))
    value = method.ladders[indicator].get(shown.level)
    if value is None:
        return Valued(reasons=(because(N_("“%(level)s” is no level of this indicator."), level=shown.level),))
    return Valued(value=value, credit=method.evidence_credits[shown.proof], reasons=(because(N_("As the papers show.")),))


def _share(indicator: str, shown: Mapping[str, Shown], method: ScoringMethod, *, full_at: float) -> Valued:
    found = shown.get(indicator)
    if found is None or found.number is None:
        return Valued(reasons=(because(NOTHING_SHOWN),))
    reason = because(N_("%(share)s is shown; %(full)s earns all."), share=found.number, full=full_at)
    value = share_value(found.number, full_at=full_at)
    return Valued(value=value, credit=method.evidence_credits[found.proof], reasons=(reason,))


def _freight(shown: Shown | None, method: ScoringMethod) -> Valued:
    if shown is None or shown.number is None:
        return Valued(reasons=(because(NOTHING_SHOWN),))
    best, worst = method.values.freight_best_ratio, method.values.freight_worst_ratio
    reason = because(
        N_("%(ratio)s of the lane's benchmark: %(best)s and below earn all, %(worst)s and above nothing."),
        ratio=shown.number,
        best=best,
        worst=worst,
    )
    value = ratio_value(shown.number, best=best, worst=worst)
    return Valued(value=value, credit=method.evidence_credits[shown.proof], reasons=(reason,))


def _certificate(found: CertificateFacts | None, kind: CertificateKind, on: date, method: ScoringMethod) -> Valued:
    if found is None:
        return Valued(reasons=(because(N_("No certificate is on file.")),))
    credit = method.evidence_credits[found.proof]
    if not found.covers_site:
        return Valued(value=0.0, credit=credit, reasons=(because(N_("The site that delivers is not in its scope.")),))
    full, reasons = _worth(found, kind, method.values)
    factor, reason = _validity(found, on, method.values)
    return Valued(value=full * factor, credit=credit, reasons=(*reasons, reason))


def _worth(found: CertificateFacts, kind: CertificateKind, values: ValueAnchors) -> tuple[float, tuple[Reason, ...]]:
    if found.is_contract_only:
        return values.contract_value, (because(N_("The certification is under contract, not yet reached.")),)
    if kind is CertificateKind.ISO_14064_1 and not found.is_verified:
        return values.unverified_inventory_value, (because(N_("Nobody independent has verified the inventory.")),)
    return TOP, ()


def _validity(found: CertificateFacts, on: date, values: ValueAnchors) -> tuple[float, Reason]:
    day, late = found.valid_until.isoformat(), (on - found.valid_until).days
    if late <= 0:
        return 1.0, because(N_("Valid until %(day)s."), day=day)
    if late <= values.certificate_grace_days and not found.is_contract_only:
        factor = values.certificate_grace_factor
        return factor, because(N_("Expired on %(day)s, %(days)s days ago: × %(factor)s."), day=day, days=late, factor=factor)
    return 0.0, because(N_("Expired on %(day)s, %(days)s days ago: nothing."), day=day, days=late)
