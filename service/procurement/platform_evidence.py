"""Sentences with which the platform's own data support items of the self-assessment; judging stays with people."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from service.errors import N_
from service.procurement.platform_counts import PlatformCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """One sentence.

    Attributes
    ----------
    text
        English message id.
    counts, shares
        Values of its placeholders: whole numbers, and shares from 0 to 1 that are shown in per cent.

    """

    text: str
    counts: Mapping[str, int] = field(default_factory=dict)
    shares: Mapping[str, float] = field(default_factory=dict)


def evidence_by_item(seen: PlatformCounts) -> Mapping[str, tuple[Statement, ...]]:
    """Return what the platform can say for each item that it can say something for."""
    if seen.suppliers == 0:
        nothing = (
            _say(N_("No purchases of %(year)s are recorded; without them there are no suppliers to count."), year=seen.year),
        )
        return dict.fromkeys(("X22", "X23", "X24", "X25", "X26", "X62", "X63"), nothing) | _independent_of_purchases(seen)
    return {
        "X22": (
            _of(
                N_("%(count)s of %(suppliers)s suppliers hold a valid certificate that was looked up in a register."),
                seen,
                seen.certified,
            ),
        ),
        "X23": (
            _of(N_("The answers of %(count)s of %(suppliers)s suppliers were reviewed in %(year)s."), seen, seen.reviewed),
            _of(N_("Public registers were searched for %(count)s of %(suppliers)s suppliers in %(year)s."), seen, seen.searched),
        ),
        "X24": (
            _of(N_("%(count)s of %(suppliers)s suppliers were scored in %(year)s by published rules."), seen, seen.scored),
            _say(
                N_("Corrective actions in %(year)s: %(opened)s opened, %(closed)s closed."),
                year=seen.year,
                opened=seen.actions_opened,
                closed=seen.actions_closed,
            ),
        ),
        "X25": (
            _of(
                N_("%(count)s of %(suppliers)s suppliers answered with the guided questionnaire in %(year)s."), seen, seen.answered
            ),
            _say(N_("The platform keeps no list of training sessions; name your own.")),
        ),
        "X26": (_low_risk(seen),),
        "X62": (_audited(seen), _low_risk(seen)),
        "X63": (
            _of(N_("%(count)s of %(suppliers)s suppliers handed in energy and emission figures in %(year)s."), seen, seen.answered),
        ),
    } | _independent_of_purchases(seen)


def _independent_of_purchases(seen: PlatformCounts) -> dict[str, tuple[Statement, ...]]:
    return {
        "X51": (
            _say(
                N_("This platform asks suppliers, checks evidence, scores and allocates; %(asked)s were asked in %(year)s."),
                asked=seen.asked,
                year=seen.year,
            ),
        ),
        "X61": (
            _say(
                N_("Product footprints in %(year)s: %(released)s released, %(issued)s certificates issued."),
                year=seen.year,
                released=seen.footprints_released,
                issued=seen.certificates_issued,
            ),
        ),
        "X64": (_say(N_("The figures of X62 and X63 can go into the report; the platform does not publish one.")),),
    }


def _say(text: str, **counts: int) -> Statement:
    return Statement(text=text, counts=counts)


def _of(text: str, seen: PlatformCounts, count: int) -> Statement:
    return _say(text, count=count, suppliers=seen.suppliers, year=seen.year)


def _low_risk(seen: PlatformCounts) -> Statement:
    text = N_(
        "%(share)s of suppliers are at low risk (%(count)s of %(suppliers)s): grade B or better, no open violation, not excluded."
    )
    return Statement(
        text=text, counts={"count": seen.low_risk, "suppliers": seen.suppliers}, shares={"share": seen.low_risk_share or 0.0}
    )


def _audited(seen: PlatformCounts) -> Statement:
    if seen.audited_share is None:
        return _say(N_("All suppliers are at low risk; there are none at high or medium risk to audit."))
    text = N_("%(share)s of the suppliers at high or medium risk were reviewed or searched for in %(year)s.")
    return Statement(text=text, counts={"year": seen.year}, shares={"share": seen.audited_share})
