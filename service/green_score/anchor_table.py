"""How we score, in plain words: what each indicator may earn and what earns it; the same for staff and for suppliers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from service.compliance.words import LEVEL_NAMES, PROOF_NAMES, SHOWN_LEVELS, VIOLATION_NAMES
from service.errors import N_
from service.green_score.indicator_names import DIMENSION_NAMES, INDICATOR_NAMES
from service.green_score.method import DEFAULT_CATEGORY, Indicator, ScoringMethod
from service.green_score.not_applicable import full_points
from service.green_score.reasons import Reason, because
from service.i18n import Locale, translate

NONE_SHOWN = N_("Nothing shown")


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorRow:
    """One indicator.

    Attributes
    ----------
    points
        What it may earn in the category, of 100 for all.
    rule
        What earns how much of it, in words.
    levels
        Name and value (0 to 100) of each level, from worst to best; empty where the indicator has none.
    needs_proof
        Whether it counts only as far as evidence backs it.

    """

    indicator: str
    name: str
    points: float
    rule: str
    levels: Sequence[tuple[str, float]]
    needs_proof: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorDimension:
    """A dimension with its indicators; `points` of 100."""

    letter: str
    name: str
    points: float
    rows: Sequence[AnchorRow]


@dataclass(frozen=True, slots=True, kw_only=True)
class GradeRow:
    """A grade: least points, largest share of a material's demand (0 to 1), and what else it takes."""

    grade: str
    least_score: float
    share_cap: float
    conditions: Sequence[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class AnchorTable:
    """All of it, in the reader's language.

    Attributes
    ----------
    proofs, penalties
        Name, and credit (0 to 1) or points.
    caps
        What keeps a grade down, with the best grade in its words.

    """

    version: str
    category: str
    dimensions: Sequence[AnchorDimension]
    proofs: Sequence[tuple[str, float]]
    penalties: Sequence[tuple[str, float]]
    grades: Sequence[GradeRow]
    caps: Sequence[str]


def anchor_table(method: ScoringMethod, locale: Locale, *, category: str = DEFAULT_CATEGORY) -> AnchorTable:
    """Return the method in plain words for what is bought."""
    points = full_points(method, category)
    return AnchorTable(
        version=method.version,
        category=category,
        dimensions=[
            AnchorDimension(
                letter=letter,
                name=translate(locale, DIMENSION_NAMES[letter]),
                points=method.profiles[category][letter],
                rows=[_row(one, points[one.id], method, locale, category) for one in method.of_dimension(letter)],
            )
            for letter in method.profiles[category]
        ],
        proofs=[(translate(locale, PROOF_NAMES[proof]), credit) for proof, credit in method.evidence_credits.items()],
        penalties=[(translate(locale, VIOLATION_NAMES[kind]), lost) for kind, lost in method.penalties.items()],
        grades=[_grade(number, method, locale) for number in range(len(method.grades))],
        caps=[one.in_words(locale) for one in _caps(method)],
    )


def level_name(indicator: str, level: str) -> str:
    """Return the message id of a level's name."""
    words = SHOWN_LEVELS.get(indicator, LEVEL_NAMES)
    return words.get(level, NONE_SHOWN)


def _row(one: Indicator, points: float, method: ScoringMethod, locale: Locale, category: str) -> AnchorRow:
    levels = method.ladders.get(one.id, {})
    return AnchorRow(
        indicator=one.id,
        name=translate(locale, INDICATOR_NAMES[one.id]),
        points=points,
        rule=("" if locale == "zh-CN" else " ").join(reason.in_words(locale) for reason in _rules(method, category)[one.id]),
        levels=[(translate(locale, level_name(one.id, level)), value) for level, value in levels.items()],
        needs_proof=one.needs_proof,
    )


def _share(value: float) -> str:
    return f"{100 * value:.4g} %"


def _rules(method: ScoringMethod, category: str) -> Mapping[str, tuple[Reason, ...]]:
    return {
        **_footprint_rules(method),
        **_energy_rules(method),
        **_paper_rules(method, category),
        **_observed_rules(method),
    }


def _footprint_rules(method: ScoringMethod) -> Mapping[str, tuple[Reason, ...]]:
    values = method.values
    age = because(
        N_("A period that ended more than %(stale)s months ago counts × %(factor)s, after %(old)s months not at all."),
        stale=float(values.stale_months),
        factor=float(values.stale_factor),
        old=float(values.too_old_months),
    )
    return {
        "A1": (
            because(N_("The benchmark itself earns 60, the best anchor 100, the worst anchor 0. Uncertain figures count higher.")),
            age,
        ),
        "A2": (
            because(
                N_("Unchanged earns %(unchanged)s; %(trend)s less a year earns 100. Who is already best keeps %(leader)s."),
                unchanged=float(values.unchanged_trend),
                trend=_share(values.full_trend_per_year),
                leader=float(values.leader_trend),
            ),
            because(N_("No comparable earlier footprint although one was due earns 0; the first period does not count.")),
            age,
        ),
        "A3": (because(N_("%(full)s and more earns 100, less in proportion."), full=_share(values.full_primary_share)),),
        "A4": (
            because(
                N_("Rating %(best)s earns 100, %(worst)s earns 0, in proportion between."),
                best=float(values.best_dqr),
                worst=float(values.worst_dqr),
            ),
        ),
        "A5": (
            because(
                N_("By level. After its end × %(factor)s for %(months)s months, then 0."),
                factor=float(values.verification_grace_factor),
                months=float(values.verification_grace_months),
            ),
        ),
    }


def _energy_rules(method: ScoringMethod) -> Mapping[str, tuple[Reason, ...]]:
    values = method.values
    return {
        "B1": (
            because(
                N_("The province's required share earns %(required)s, half of all electricity %(half)s, all of it 100."),
                required=float(values.required_share_value),
                half=float(values.half_renewable_value),
            ),
            because(N_("Electricity without cancelled certificates does not count as renewable.")),
        ),
        "B2": (
            because(
                N_("The advanced level earns 100, the access level %(access)s, the limit %(limit)s; above the limit 0."),
                access=float(values.access_value),
                limit=float(values.limit_value),
            ),
        ),
        "B3": (because(N_("By level.")),),
    }


def _paper_rules(method: ScoringMethod, category: str) -> Mapping[str, tuple[Reason, ...]]:
    values = method.values
    certificate = because(
        N_("Valid and covering the site earns 100; × %(factor)s for %(days)s days after its end; a signed contract %(contract)s."),
        factor=float(values.certificate_grace_factor),
        days=float(values.certificate_grace_days),
        contract=float(values.contract_value),
    )
    inventory = because(
        N_("An inventory that nobody has verified earns %(value)s."), value=float(values.unverified_inventory_value)
    )
    recycled = method.recycled_targets.get(category, method.recycled_targets[DEFAULT_CATEGORY])
    return {
        **dict.fromkeys(("C1", "C2", "C4", "C5"), (certificate,)),
        "C3": (certificate, inventory),
        "D1": (because(N_("By level.")),),
        "D2": (because(N_("What was reached over what the own target asked for by now; all of it earns 100.")),),
        "E1": (because(N_("%(full)s and more earns 100, less in proportion."), full=_share(recycled)),),
        "E2": (because(N_("%(full)s and more earns 100, less in proportion."), full=_share(values.full_return_rate)),),
        "E3": (because(N_("By level.")),),
        "F1": (
            because(
                N_("Over the lane's benchmark: %(best)s and less earns 100, 1 earns 60, %(worst)s and more 0."),
                best=float(values.freight_best_ratio),
                worst=float(values.freight_worst_ratio),
            ),
        ),
        "F2": (because(N_("%(full)s and more earns 100, less in proportion."), full=_share(values.full_low_carbon_freight)),),
    }


def _observed_rules(method: ScoringMethod) -> Mapping[str, tuple[Reason, ...]]:
    values = method.values
    records = because(
        N_("100 less the points of violations in the last %(months)s months; they halve every year, remedied ones × %(factor)s."),
        months=float(values.record_months),
        factor=float(values.remedied_factor),
    )
    return {
        "G1": (records,),
        "G2": (records,),
        "H1": (because(N_("Accepted over required figures.")),),
        "H2": (
            because(
                N_("In time earns 100, %(days)s days late 0; of the last four requests the latest weighs most."),
                days=float(values.days_late_for_nothing),
            ),
        ),
        "H3": (because(N_("Figures with evidence, less those that had to be corrected after review.")),),
    }


def _grade(number: int, method: ScoringMethod, locale: Locale) -> GradeRow:
    rule = method.grades[number]
    conditions = []
    if rule.least_dimension:
        message = N_("at least %(least)s in every dimension")
        conditions.append(translate(locale, message, least=f"{rule.least_dimension:g}"))
    conditions += [
        translate(locale, N_("at least %(least)s in %(name)s"), least=f"{least:g}", name=name)
        for name, least in rule.least_values.items()
    ]
    if rule.data_months is not None:
        conditions.append(translate(locale, N_("a footprint of the last %(months)s months"), months=f"{rule.data_months:g}"))
    return GradeRow(grade=rule.grade, least_score=rule.least_score, share_cap=rule.share_cap, conditions=conditions)


def _caps(method: ScoringMethod) -> tuple[Reason, ...]:
    caps = method.caps
    return (
        because(N_("No footprint that counts: at most %(grade)s."), grade=caps.no_footprint),
        because(
            N_("Energy per tonne is above the mandatory limit, or not shown to keep it: at most %(grade)s."), grade=caps.over_limit
        ),
        because(N_("Data is refused, or three reminders went unanswered: at most %(grade)s."), grade=caps.refuses_data),
        because(N_("Yellow environmental credit: at most %(grade)s."), grade=caps.yellow_credit),
        because(
            N_("One of the dimensions %(dimensions)s below %(least)s: at most %(grade)s."),
            dimensions=", ".join(caps.weak_dimensions),
            least=float(caps.weak_below),
            grade=caps.weak_dimension,
        ),
        because(
            N_("A grade rises when its threshold is passed by %(margin)s points, and falls when it is missed by as much or twice."),
            margin=float(method.hysteresis.margin),
        ),
    )
