"""What a declared footprint says in words: each text in Chinese and English, because a PACT document has one place for both."""

from collections.abc import Iterable, Sequence
from decimal import Decimal
from typing import Final

from lca_models.methods.decisions import RecordedDecision
from lca_models.methods.exemption import Exemption
from service.errors import N_
from service.footprints.models import FootprintRecord
from service.i18n import translate
from service.product_footprints.lines import PrintedLines
from service.product_footprints.published_quality import PublishedQuality
from service.products.models import Product

BOUNDARY: Final = N_(
    "Cradle to gate: extraction and production of coke, pitch and auxiliaries, inbound transport, milling and shaping, "
    "granulation, graphitization (own and tolled), coating and carbonization, finishing, packaging, site utilities and "
    "treatment of waste. Use, end of life and outbound transport are outside."
)
INSIDE_FOSSIL: Final = N_(
    "Published factors of purchased materials are one sum over all gases and origins; their biogenic and land-use parts are "
    "inside the fossil line."
)
UPTAKE: Final = N_("The biogenic uptake is that of wooden packaging; the product itself holds no biogenic carbon.")
ROUNDED: Final = N_(
    "The share of primary data is rounded to %(share)s percent and the ratings to %(rating)s, so that no supplier's data come out "
    "of them. Footprint %(number)s, model %(model)s, electricity at the national average life-cycle factor."
)
SAMPLE: Final = N_("Sample data of a fictional company; not for use.")
SAMPLE_MARK: Final = N_("sample")
DESCRIPTION: Final = N_("Synthetic graphite anode powder, 1 kg, grade %(grade)s")
ALLOCATION: Final = N_(
    "Waste carries no burden out; its treatment is ours. By cases, in the order of PACT v3: %(cases)s. Where a supplier states its "
    "own footprint, the supplier's allocation holds."
)
NOTHING_EXEMPTED: Final = N_("Nothing is left out.")


def both(message: str, **values: object) -> str:
    """Return a message in Chinese and English."""
    return f"{translate('zh-CN', message, **values)} / {translate('en', message, **values)}"


def named(name_zh: str, name_en: str) -> str:
    """Return a name in Chinese and English, once where both are the same."""
    return name_zh if name_zh == name_en else f"{name_zh} / {name_en}"


def trade_name(product: Product) -> str:
    """Return the name under which the product is sold; a fictional one says so."""
    return f"{product.grade} ({translate('zh-CN', SAMPLE_MARK)} / {SAMPLE_MARK})" if product.is_sample else product.grade


def description(product: Product) -> str:
    """Return what the product is, in its own words where it has some."""
    zh = product.description_zh or f"{product.name_zh}；{translate('zh-CN', DESCRIPTION, grade=product.grade)}"
    en = product.description_en or f"{product.name_en}; {translate('en', DESCRIPTION, grade=product.grade)}"
    return named(zh, en)


def comment(record: FootprintRecord, lines: PrintedLines, quality: PublishedQuality, *, notes: Sequence[str]) -> str:
    """Return what helps to read the figures."""
    said = [both(SAMPLE)] if record.is_sample else []
    said += [both(INSIDE_FOSSIL)] if lines.land_use is None or lines.biogenic is None else []
    said += [both(UPTAKE)] if lines.uptake else []
    said.append(
        both(
            ROUNDED,
            share=f"{quality.share_step * 100:f}".rstrip("0").rstrip("."),
            rating=str(quality.rating_step),
            number=record.number,
            model=record.model_version,
        )
    )
    return "\n".join([*said, *notes])


def allocation(decisions: Iterable[RecordedDecision]) -> str:
    """Return how joint processes are treated.

    A case that hangs on a factor is told as the model treats it: which factors the maker or a supplier replaced is nobody's
    business outside (docs/decisions/0010).
    """
    found = tuple(decisions)
    zh = "；".join(f"{one.case.name_zh}：{_chosen(one) or one.case.default_zh}" for one in found)
    en = "; ".join(f"{one.case.name_en}: {_chosen(one) or one.case.default_en}" for one in found)
    return f"{translate('zh-CN', ALLOCATION, cases=zh)} / {translate('en', ALLOCATION, cases=en)}"


def exempted(exemptions: Sequence[Exemption]) -> str:
    """Return what is left out, by name."""
    if not exemptions:
        return both(NOTHING_EXEMPTED)
    return named("、".join(one.name_zh for one in exemptions), ", ".join(one.name_en for one in exemptions))


def percent(share: float) -> Decimal:
    """Return a share of 0 to 1 in percent with one decimal, rounded up: what is left out is never stated too small."""
    return Decimal(repr(share * 100)).quantize(Decimal("0.1"), rounding="ROUND_CEILING")


def _chosen(decision: RecordedDecision) -> str:
    is_switch = decision.case.parameter and not decision.case.parameter.endswith("_kg_co2e_per_kg")
    return decision.chosen.replace("_", "-") if is_switch and not decision.is_default else ""
