"""The chapters of a report, each from what was declared; a frame chooses their order."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

from lca_models.model import Model
from service.errors import N_
from service.exports.facts import DeclaredFacts
from service.pdf.bilingual import Bilingual, both, same
from service.product_footprints.texts import BOUNDARY, INSIDE_FOSSIL, NOTHING_EXEMPTED
from service.products.quality import BY_KEY
from service.reports import figures
from service.reports.content import Audience, Chapter, Column, Table
from service.settings import Settings

NOT_VERIFIED: Final = N_("Not third-party verified. The issuer alone is responsible for the content.")
VERIFIED: Final = N_("Verified by %(body)s (%(level)s), %(standard)s, completed on %(day)s.")
LEVELS: Final = {"limited": N_("limited assurance"), "reasonable": N_("reasonable assurance")}
PURPOSE: Final = N_(
    "The study quantifies the carbon footprint of one kilogram of packed anode material at the factory gate, so that customers can "
    "use it in the footprints of cells and batteries, and so that the maker sees where to reduce it. It is meant for customers and "
    "their auditors; it makes no comparison with other products."
)
CUT_OFF: Final = N_("No known flow is cut off on purpose; capital goods and staff travel are outside the boundary.")
ALLOCATION: Final = N_("Sold fines, rejects and graphitized packing coke carry no burden and give no credit.")
ELECTRICITY: Final = N_(
    "Electricity counts with the official life-cycle factor of the national grid, %(factor)s kg CO₂e/kWh; contracts for green "
    "power are not in the figure."
)
METHOD: Final = N_(
    "The footprint is the sum over all flows of amount times emission factor, with GWP100; amounts are those of the making of one "
    "kilogram, calculated backwards from the packed product through all yields."
)
COLLECTION: Final = N_(
    "Suppliers and the plant fill in questionnaires from meters, bills and weighbridge records; checks and a second person decide "
    "what is accepted. What nobody has answered takes the model's value, whose source and quality are on file."
)
PUBLISHED: Final = N_("Figures of suppliers appear only inside sums from which no single supplier's input can be worked out.")
ON_REQUEST: Final = N_("A verifier sees every input in the verifier's room; the full breakdown is not part of this edition.")
UNCERTAINTY: Final = N_(
    "The Monte Carlo simulation with %(draws)s draws gives an interval from %(low)s to %(high)s kg CO₂e/kg (P5 to P95)."
)
UNCERTAINTY_WORDS: Final = N_(
    "Uncertainty comes from meters, from the model's values where answers are missing, and from emission factors of the "
    "background; the ratings of the data say how close they are."
)
HOT_SPOT: Final = N_("The largest part of the footprint is: %(name)s, %(kg)s of %(total)s kg CO₂e/kg.")
LIMITS: Final = N_(
    "The result holds for the plant, product and period named, and for climate change alone. Use and end of life are not in it."
)
COMPARISON: Final = N_("Compare it only with figures made by the same rules, boundary and electricity view.")
NO_OFFSETS: Final = N_("The figure contains no offsets and no credits for avoided emissions.")
DECLARED_UNIT: Final = N_("1 kg of packed anode material at the factory gate")
TRACKING: Final = N_("It replaces: %(ids)s.")
FIRST: Final = N_("It replaces no earlier declared footprint.")
RESPONSIBLE: Final = N_("%(company)s declares that this report is made from the data named in it and by the method named in it.")


@dataclass(frozen=True, slots=True, kw_only=True)
class Study:
    """What chapters are made of.

    Attributes
    ----------
    interval
        P5 and P95 in kg CO2e per kg with the number of draws; None in an edition for customers.

    """

    facts: DeclaredFacts
    model: Model
    settings: Settings
    audience: Audience
    interval: tuple[float, float, int] | None


def company(study: Study) -> Chapter:
    """Return who makes the product, and where."""
    settings, plant = study.settings, study.facts.plant
    rows = [
        (both(N_("Company")), Bilingual(zh=settings.company_name_zh, en=settings.company_name_en)),
        (both(N_("Address")), Bilingual(zh=settings.company_address_zh, en=settings.company_address_en)),
        (both(N_("Registration no.")), same(settings.company_registration_no)),
        (both(N_("Identifiers")), same("\n".join(study.facts.document["companyIds"]))),
        (both(N_("Plant")), Bilingual(zh=plant.name_zh, en=plant.name_en)),
        (both(N_("Province")), same(plant.province_code)),
        (both(N_("Contact")), same(settings.company_contact_email)),
    ]
    return Chapter(title=both(N_("Company")), facts=tuple(rows))


def product(study: Study) -> Chapter:
    """Return what the footprint is of."""
    one, document = study.facts.product, study.facts.document
    rows = [
        (both(N_("Product")), Bilingual(zh=one.name_zh, en=one.name_en)),
        (both(N_("Grade")), same(one.grade)),
        (both(N_("Identifiers")), same("\n".join(document["productIds"]))),
        (both(N_("Declared unit")), both(DECLARED_UNIT)),
        (both(N_("Reference period")), same(f"{study.facts.record.period_start} – {study.facts.record.period_end}")),
    ]
    if document.get("productClassifications"):
        rows.insert(3, (both(N_("Classification")), same("\n".join(document["productClassifications"]))))
    return Chapter(title=both(N_("Product and declared unit")), facts=tuple(rows), tables=_quality_values(one.quality))


def _quality_values(quality: Mapping[str, Any] | None) -> tuple[Table, ...]:
    known = quality or {}
    rows = tuple(
        (both(one.name), same(f"{known[key]['value']} {known[key]['unit']}".strip())) for key, one in BY_KEY.items() if key in known
    )
    columns = (Column(label=both(N_("Property"))), Column(label=both(N_("Value")), is_figure=True))
    return (Table(columns=columns, rows=rows),) if rows else ()


def purpose(study: Study) -> Chapter:
    """Return why and for whom the study was made."""
    del study
    return Chapter(title=both(N_("Purpose and audience")), paragraphs=(both(PURPOSE),))


def boundary(study: Study) -> Chapter:
    """Return the system boundary with its drawing."""
    chain = tuple(Bilingual(zh=f"{one.code} {one.name_zh}", en=one.name_en) for one in study.model.stages)
    return Chapter(title=both(N_("System boundary")), paragraphs=(both(BOUNDARY),), chain=chain)


def data_sources(study: Study) -> Chapter:
    """Return where data come from and how good they are."""
    pcf = study.facts.pcf
    dqi = pcf.get("dqi", {})
    ratings = " · ".join(str(dqi.get(name, "–")) for name in ("technologicalDQR", "geographicalDQR", "temporalDQR"))
    sources = "\n".join(f"{one['name']}, {one['version']}" for one in pcf.get("secondaryEmissionFactorSources", ())) or "–"
    rows = (
        (both(N_("Primary data share (PACT)")), same(f"{pcf['primaryDataShare']} %" if "primaryDataShare" in pcf else "–")),
        (both(N_("Data quality: technology, place, time (1 best, 5 worst)")), same(ratings)),
        (both(N_("Secondary data")), same(sources)),
        (both(N_("Model and software")), same(f"{study.facts.record.model_version}\nAnodePrint")),
    )
    return Chapter(title=both(N_("Data, sources and quality")), paragraphs=(both(COLLECTION),), facts=rows)


def cut_off(study: Study) -> Chapter:
    """Return what is left out."""
    pcf = study.facts.pcf
    described = _split(pcf.get("exemptedEmissionsDescription")) or both(NOTHING_EXEMPTED)
    rows = (
        (both(N_("Left out, share of the footprint")), same(f"{pcf['exemptedEmissionsPercent']} %")),
        (both(N_("What is left out")), described),
    )
    return Chapter(title=both(N_("Cut-off")), paragraphs=(both(CUT_OFF),), facts=rows)


def _split(text: str | None) -> Bilingual | None:
    """Return the two languages of a text of the PACT document, which has one place for both."""
    if not text:
        return None
    zh, slash, en = text.partition(" / ")
    return Bilingual(zh=zh, en=en) if slash else same(text)


def allocation(study: Study) -> Chapter:
    """Return how joint processes, waste and recycled material are treated."""
    described = _split(study.facts.pcf.get("allocationRulesDescription"))
    return Chapter(title=both(N_("Allocation and waste")), paragraphs=(*((described,) if described else ()), both(ALLOCATION)))


def electricity(study: Study) -> Chapter:
    """Return with which factor electricity counts."""
    headline = next(view for view in study.facts.record.views if view["is_headline"])
    text = both(ELECTRICITY, factor=headline["kg_co2e_per_kwh"])
    return Chapter(title=both(N_("Electricity")), paragraphs=(text,))


def inventory(study: Study) -> Chapter:
    """Return what goes in, by blocks that may be published; for the verifier by process and flow."""
    tables = [figures.block_table(study.facts)] if study.facts.blocks else []
    words = [both(PUBLISHED)]
    if study.audience is Audience.VERIFIER:
        tables.append(figures.breakdown_table(study.facts))
    else:
        words.append(both(ON_REQUEST))
    return Chapter(title=both(N_("Inventory by kind of input")), paragraphs=tuple(words), tables=tuple(tables))


def assessment(study: Study) -> Chapter:
    """Return the formula and the characterization factors."""
    gwp = study.facts.record.result["gwp"].upper()
    return Chapter(
        title=both(N_("Impact assessment")), paragraphs=(both(METHOD),), tables=(figures.gwp_table(study.facts, study.model, gwp),)
    )


def results(study: Study) -> Chapter:
    """Return the result with its lines, stages and carbon contents."""
    facts = study.facts
    tables = [figures.result_table(facts)]
    tables += [figures.stage_table(facts, study.model)] if facts.stages else []
    battery = figures.life_cycle_table(facts)
    tables += [battery] if battery is not None else []
    tables.append(figures.carbon_table(facts))
    hidden = any(name not in facts.pcf for name, _ in figures.LINES)
    return Chapter(title=both(N_("Results")), paragraphs=(both(INSIDE_FOSSIL),) if hidden else (), tables=tuple(tables))


def uncertainty(study: Study) -> Chapter:
    """Return how sure the result is; the interval for the verifier only, because it tells how sure single inputs are."""
    if study.interval is None:
        return Chapter(title=both(N_("Uncertainty")), paragraphs=(both(UNCERTAINTY_WORDS),))
    low, high, draws = study.interval
    text = both(UNCERTAINTY, low=f"{low:.2f}", high=f"{high:.2f}", draws=draws)
    return Chapter(title=both(N_("Uncertainty")), paragraphs=(both(UNCERTAINTY_WORDS), text))


def interpretation(study: Study) -> Chapter:
    """Return what follows from the result, and what doesn't."""
    largest = max(study.facts.blocks, key=lambda group: group.kg_co2e, default=None)
    words = [both(LIMITS), both(COMPARISON), both(NO_OFFSETS)]
    if largest is not None:
        names = [both(figures.BLOCKS[key]) for key in largest.keys]
        said = {
            locale: {"name": joint.join(getattr(one, locale) for one in names), "kg": largest.kg_co2e}
            for locale, joint in (("zh", "、"), ("en", "; "))
        }
        total = figures.total_of(study.facts)
        words.insert(0, Bilingual(zh=both(HOT_SPOT, **said["zh"], total=total).zh, en=both(HOT_SPOT, **said["en"], total=total).en))
    return Chapter(title=both(N_("Conclusions and limits")), paragraphs=tuple(words))


def review(study: Study) -> Chapter:
    """Return who has verified it, what it replaces and who answers for it."""
    settings, replaced = study.settings, study.facts.document.get("precedingPfIds", ())
    declared = Bilingual(
        zh=both(RESPONSIBLE, company=settings.company_name_zh).zh, en=both(RESPONSIBLE, company=settings.company_name_en).en
    )
    words = [assurance(study), both(TRACKING, ids=", ".join(replaced)) if replaced else both(FIRST), declared]
    statement = study.facts.statement
    if statement is not None and (statement["statement_zh"] or statement["statement_en"]):
        text = Bilingual(
            zh=statement["statement_zh"] or statement["statement_en"], en=statement["statement_en"] or statement["statement_zh"]
        )
        words.insert(1, text)
    return Chapter(title=both(N_("Verification and declaration")), paragraphs=tuple(words))


def assurance(study: Study) -> Bilingual:
    """Return what a third party has stated, in one sentence; in clear words where none has."""
    statement = study.facts.statement
    if statement is None:
        return both(NOT_VERIFIED)
    level = both(LEVELS[statement["level"]])
    values = {"body": statement["body_name"], "standard": statement["standard"], "day": statement["completed_on"]}
    return Bilingual(zh=both(VERIFIED, **values, level=level.zh).zh, en=both(VERIFIED, **values, level=level.en).en)
