"""From a certificate's snapshot to the document's words, each in both languages."""

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from service.branding import Logo
from service.certificates import document as paper
from service.certificates.document import Bilingual, CertificateDocument
from service.certificates.snapshot import INSIDE_FOSSIL, KWH_STEPS, canonical
from service.errors import N_
from service.footprints.provenance import KINDS
from service.i18n import translate

STANDARDS: Final = ("ISO 14067:2018", "GB/T 24067-2024")
SOFTWARE: Final = "AnodePrint"
VIEW_NAMES: Final = {
    "national": N_("National average"),
    "market": N_("Contracts and residual mix"),
}
VIEW_NOTES: Final = {
    "national": N_("Official life-cycle factor of the national grid; the certificate's figure uses it."),
    "market": N_("Evidenced green power contracts; all other electricity counts with the residual mix."),
}
DECLARED_UNIT: Final = N_("1 kg of packed anode material at the factory gate")
BOUNDARY: Final = N_(
    "Cradle to gate: raw materials, milling, granulation, graphitization, coating, finishing, site utilities, transport. "
    "Use and end of life are outside."
)
CUT_OFF: Final = N_("No known flow is cut off on purpose; capital goods and staff travel are outside the boundary.")
ALLOCATION: Final = N_("Sold fines, rejects and graphitized packing coke carry no burden and give no credit.")
QUALITY: Final = N_(
    "Primary data are metered or billed figures of the maker and its suppliers, accepted by a second person. Shares are of the "
    "total, rounded to %(step)s %% so that no single supplier's figure can be worked out."
)
QUALITY_HIDDEN: Final = N_("The shares by kind of data are not shown, because they would give one supplier's figure away.")
STATEMENTS: Final = (
    N_("Figures of suppliers appear only inside sums from which no single supplier's input can be worked out."),
    N_("The figure contains no offsets and no credits for avoided emissions."),
    N_("Compare it only with figures made by the same rules, boundary and electricity view."),
    INSIDE_FOSSIL,
)
LICENSED: Final = N_("%(count)s factors of the calculation come from the licensed database “%(name)s” (licence: %(licence)s).")
NOT_VERIFIED: Final = N_("Not third-party verified. The issuer alone is responsible for the content.")


def document_of(snapshot: Mapping[str, Any], *, issued_at: datetime) -> CertificateDocument:
    """Return the document that a snapshot describes; nothing but the snapshot and the time of issue goes in."""
    head, electricity = snapshot["certificate"], snapshot["electricity"]
    return CertificateDocument(
        number=head["number"],
        public_id=head["public_id"],
        verify_url=head["verify_url"],
        revision=head["revision"],
        supersedes=head["supersedes"],
        issued_at=issued_at,
        issued_on=date.fromisoformat(head["valid_from"]),
        valid_until=date.fromisoformat(head["valid_until"]),
        issuer=_issuer(snapshot["issuer"]),
        customer=_customer(snapshot["customer"]),
        product=_product(snapshot["product"]),
        result=_result(snapshot),
        stages=tuple(_stage(one) for one in snapshot["stages"]),
        blocks=tuple(_block(one) for one in snapshot["blocks"]),
        electricity_kwh_per_kg=_decimal(electricity["kwh_per_kg"]),
        is_electricity_coarse=_decimal(electricity["kwh_rounded_to"]) not in {None, KWH_STEPS[0]},
        electricity_views=tuple(_view(one) for one in electricity["views"]),
        data_quality=_quality(snapshot["data"]),
        method=_method(snapshot),
        statements=(
            *(_both(one) for one in STATEMENTS),
            *(_both(LICENSED, **background) for background in snapshot["method"]["backgrounds"]),
        ),
        verification=_both(NOT_VERIFIED),
        is_sample=head["is_sample"],
        snapshot=canonical(snapshot),
    )


def _both(message: str, **values: object) -> Bilingual:
    return Bilingual(zh=translate("zh-CN", message, **values), en=translate("en", message, **values))


def _pair(texts: Mapping[str, Any], name: str) -> Bilingual:
    """Return a text pair of the snapshot; where one language is missing the other stands for both, or a dash."""
    zh, en = texts[f"{name}_zh"], texts[f"{name}_en"]
    return Bilingual(zh=zh or en or "–", en=en or zh or "–")


def _decimal(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _issuer(issuer: Mapping[str, Any]) -> paper.Issuer:
    return paper.Issuer(
        name=_pair(issuer, "name"),
        address=_pair(issuer, "address"),
        registration_no=issuer["registration_no"],
        company_ids=tuple(issuer["companyIds"]),
        logo=None if issuer["logo"] is None else Logo.from_json(issuer["logo"]),
        plant=_pair(issuer, "plant"),
        contact=issuer["contact"],
    )


def _customer(customer: Mapping[str, Any]) -> paper.Customer:
    return paper.Customer(name=_pair(customer, "name"), part_no=customer["part_no"])


def _product(product: Mapping[str, Any]) -> paper.Product:
    return paper.Product(
        grade=product["grade"], name=_pair(product, "name"), declared_unit=_both(DECLARED_UNIT), cas=product["cas"]
    )


def _result(snapshot: Mapping[str, Any]) -> paper.Result:
    """Return the lines of the result, with three significant digits of the total: one fewer than the attached file."""
    lines = snapshot["result"]
    step = Decimal(1).scaleb(Decimal(lines["total"]).adjusted() - 2)

    def shown(name: str) -> Decimal:
        return Decimal(lines[name]).quantize(step)

    return paper.Result(
        total=shown("total"),
        total_with_uptake=shown("including_uptake"),
        fossil=shown("fossil"),
        biogenic=None if lines["biogenic"] is None else shown("biogenic"),
        land_use=None if lines["land_use_change"] is None else shown("land_use_change"),
        low=None,
        high=None,
    )


def _stage(group: Mapping[str, Any]) -> paper.StageGroup:
    return paper.StageGroup(
        codes=tuple(group["keys"]),
        name=_pair(group, "name"),
        kg_co2e=Decimal(group["kg_co2e"]),
        share=Decimal(group["share"]),
    )


def _block(group: Mapping[str, Any]) -> paper.InputBlock:
    return paper.InputBlock(name=_pair(group, "name"), kg_co2e=Decimal(group["kg_co2e"]), share=Decimal(group["share"]))


def _view(view: Mapping[str, Any]) -> paper.ElectricityView:
    return paper.ElectricityView(
        name=_both(VIEW_NAMES[view["key"]]),
        kg_co2e_per_kwh=Decimal(view["kg_co2e_per_kwh"]),
        total=_decimal(view["total"]),
        note=_both(VIEW_NOTES[view["key"]]),
        headline=view["is_headline"],
    )


def _quality(quality: Mapping[str, Any]) -> paper.DataQuality:
    shares = quality["shares"]
    if shares is None:
        return paper.DataQuality(primary=None, secondary=None, default=None, statement=_both(QUALITY_HIDDEN))
    statement = _both(QUALITY, step=f"{Decimal(quality['rounded_to']) * 100:.0f}")
    primary, secondary, default = (Decimal(shares[kind]) for kind in KINDS)
    return paper.DataQuality(primary=primary, secondary=secondary, default=default, statement=statement)


def _method(snapshot: Mapping[str, Any]) -> paper.Method:
    method, period = snapshot["method"], snapshot["period"]
    return paper.Method(
        standards=STANDARDS,
        gwp_set=method["gwp"],
        boundary=_both(BOUNDARY),
        cut_off=_both(CUT_OFF),
        allocation=_both(ALLOCATION),
        period_start=date.fromisoformat(period["start"]),
        period_end=date.fromisoformat(period["end"]),
        model_version=method["model_version"],
        software=SOFTWARE,
    )
