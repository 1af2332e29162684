"""Values of a product's carbon: A1 to A5."""

from collections.abc import Mapping
from datetime import date
from typing import Final

from service.errors import N_
from service.green_score.ages import is_older, months_earlier, years_between
from service.green_score.facts import Anchors, EarlierFootprint, Facts, FootprintFacts
from service.green_score.method import ScoringMethod, ValueAnchors
from service.green_score.points import Valued
from service.green_score.reasons import Reason, because
from service.green_score.value_functions import cautious_ratio, data_quality_value, ratio_value, share_value, trend_value

EXTERNAL_LEVELS: Final = ("limited", "reasonable")
"""Verifications by somebody else: their certificates end, and one whose end is not known is worth nothing."""


def counted_footprint(facts: Facts, method: ScoringMethod) -> FootprintFacts | None:
    """Return the footprint that counts; none where there is none or its period ended too long ago."""
    found = facts.footprint
    if found is None or is_older(found.period_end, months=method.values.too_old_months, on=facts.on):
        return None
    return found


def value_footprint(facts: Facts, method: ScoringMethod) -> Mapping[str, Valued]:
    """Return A1 to A5."""
    found = counted_footprint(facts, method)
    if found is None:
        missing = Valued(reasons=(_no_footprint(facts, method),))
        return dict.fromkeys(("A1", "A2", "A3", "A4", "A5"), missing)
    ratio = _ratio(found, facts.anchors, method.values)
    return {
        "A1": _aged(_against_benchmark(found, ratio, facts.anchors), found, facts.on, method.values),
        "A2": _aged(_trend(found, ratio, facts.anchors, method.values), found, facts.on, method.values),
        "A3": _primary_share(found, method.values),
        "A4": _data_quality(found, method.values),
        "A5": _verification(found, facts.on, method),
    }


def _no_footprint(facts: Facts, method: ScoringMethod) -> Reason:
    if facts.footprint is None:
        return because(N_("No footprint can be calculated from what the supplier has given."))
    return because(
        N_("The footprint's period ended on %(day)s, more than %(months)s months ago: it counts as missing."),
        day=facts.footprint.period_end.isoformat(),
        months=method.values.too_old_months,
    )


def _ratio(found: FootprintFacts, anchors: Anchors | None, values: ValueAnchors) -> float | None:
    if anchors is None:
        return None
    return cautious_ratio(found.kg_co2e_per_kg, benchmark=anchors.kg_co2e_per_kg, gsd=found.gsd, unknown_gsd=values.unknown_gsd)


def _against_benchmark(found: FootprintFacts, ratio: float | None, anchors: Anchors | None) -> Valued:
    if ratio is None or anchors is None:
        return Valued(reasons=(because(N_("There is no benchmark for this material yet.")),))
    reason = because(
        N_("%(ratio)s of the benchmark, uncertainty counted in: %(best)s and below earn all, %(worst)s and above nothing."),
        ratio=ratio,
        best=anchors.best_ratio,
        worst=anchors.worst_ratio,
    )
    unknown = (because(N_("Its uncertainty can't be computed and counts as the worst accepted.")),) if found.gsd is None else ()
    return Valued(value=ratio_value(ratio, best=anchors.best_ratio, worst=anchors.worst_ratio), reasons=(reason, *unknown))


def _trend(found: FootprintFacts, ratio: float | None, anchors: Anchors | None, values: ValueAnchors) -> Valued:
    """Return the value of the trend.

    The first period is left out whether or not somebody shows an earlier footprint: if a bad trend counted, hiding it would pay.
    """
    if not found.earlier_was_due:
        return Valued(left_out=True, reasons=(because(N_("The supplier's first period: there is nothing to compare yet.")),))
    earlier = found.earlier
    if earlier is None or not _is_comparable(earlier, found.period_end, values):
        return Valued(value=None, reasons=(because(N_("No comparable earlier footprint, although one was due.")),))
    is_leader = ratio is not None and anchors is not None and ratio <= anchors.best_ratio
    years = years_between(earlier.period_end, found.period_end)
    value = trend_value(found.kg_co2e_per_kg, earlier.kg_co2e_per_kg, years=years, is_leader=is_leader, anchors=values)
    reason = because(N_("Compared with the footprint of the period to %(day)s."), day=earlier.period_end.isoformat())
    return Valued(value=value, reasons=(reason,))


def _is_comparable(earlier: EarlierFootprint, period_end: date, values: ValueAnchors) -> bool:
    years = years_between(earlier.period_end, period_end)
    oldest = months_earlier(period_end, 12 * values.trend_most_years)
    return earlier.kg_co2e_per_kg > 0 and earlier.period_end >= oldest and years >= values.trend_least_years


def _aged(valued: Valued, found: FootprintFacts, on: date, values: ValueAnchors) -> Valued:
    if valued.value is None or not is_older(found.period_end, months=values.stale_months, on=on):
        return valued
    reason = because(
        N_("The period ended on %(day)s, more than %(months)s months ago: × %(factor)s."),
        day=found.period_end.isoformat(),
        months=values.stale_months,
        factor=values.stale_factor,
    )
    return Valued(value=valued.value * values.stale_factor, reasons=(*valued.reasons, reason))


def _primary_share(found: FootprintFacts, values: ValueAnchors) -> Valued:
    if found.primary_data_share is None:
        return Valued(reasons=(because(N_("The share of primary data can't be computed.")),))
    reason = because(
        N_("Share of primary data %(share)s; %(full)s earns all."), share=found.primary_data_share, full=values.full_primary_share
    )
    return Valued(value=share_value(found.primary_data_share, full_at=values.full_primary_share), reasons=(reason,))


def _data_quality(found: FootprintFacts, values: ValueAnchors) -> Valued:
    if found.dqr is None:
        return Valued(reasons=(because(N_("The data quality rating can't be computed.")),))
    reason = because(
        N_("Data quality rating %(rating)s; %(best)s earns all, %(worst)s nothing."),
        rating=found.dqr,
        best=values.best_dqr,
        worst=values.worst_dqr,
    )
    return Valued(value=data_quality_value(found.dqr, anchors=values), reasons=(reason,))


def _verification(found: FootprintFacts, on: date, method: ScoringMethod) -> Valued:
    value = method.ladders["A5"].get(found.verification)
    if value is None:
        return Valued(reasons=(because(N_("“%(level)s” is no level of this indicator."), level=found.verification),))
    if found.verification not in EXTERNAL_LEVELS:
        return Valued(value=value, reasons=(because(N_("Verified by nobody else than the supplier or us.")),))
    if found.verified_until is None:
        return Valued(reasons=(because(N_("It is not known until when the verification is valid: it counts as missing.")),))
    factor, reason = _validity(found.verified_until, on, method.values)
    return Valued(value=value * factor, reasons=(reason,))


def _validity(until: date, on: date, values: ValueAnchors) -> tuple[float, Reason]:
    day = until.isoformat()
    if until >= on:
        return 1.0, because(N_("Valid until %(day)s."), day=day)
    if not is_older(until, months=values.verification_grace_months, on=on):
        return values.verification_grace_factor, because(
            N_("Expired on %(day)s, %(days)s days ago: × %(factor)s."),
            day=day,
            days=(on - until).days,
            factor=values.verification_grace_factor,
        )
    return 0.0, because(N_("Expired on %(day)s, %(days)s days ago: nothing."), day=day, days=(on - until).days)
