"""From a certificate's snapshot and evidence to the document's words, each in both languages."""

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from typing import Any, Final

from service.branding import Logo
from service.certificates import document as paper
from service.certificates.assurance import assurance_of, verification_of
from service.certificates.attachments import attached_files, manifest_of, missing_files
from service.certificates.document import CertificateDocument
from service.certificates.figures import KWH_STEPS
from service.certificates.snapshot import SCHEMA
from service.errors import N_, ConflictError
from service.footprints.provenance import KINDS
from service.pdf.bilingual import Bilingual, both
from service.product_footprints.texts import INSIDE_FOSSIL

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
CUT_OFF: Final = N_("Nothing is left out without an estimate; all estimates together may be 3 % of the total at most.")
EXEMPTED: Final = N_("%(percent)s %% of the total, capital goods among them")
ALLOCATION: Final = N_("Sold fines, rejects and graphitized packing coke carry no burden and give no credit.")
WASTE: Final = N_("The treatment of waste counts for the product; recovered material is cut off.")
QUALITY: Final = N_(
    "Primary data are metered or billed figures of the maker and its suppliers, accepted by a second person. Shares are of the "
    "total, rounded to %(step)s %% so that no single supplier's figure can be worked out."
)
QUALITY_HIDDEN: Final = N_("The shares by kind of data are not shown, because they would give one supplier's figure away.")
STATEMENTS: Final = (
    N_("It holds for this product of this plant in this period, and for climate change only, no other effect on the environment."),
    N_("Figures of suppliers appear only inside sums from which no single supplier's input can be worked out."),
    N_("The figure contains no offsets and no credits for avoided emissions."),
    N_("Compare it only with figures made by the same rules, boundary and electricity view."),
    INSIDE_FOSSIL,
)
LICENSED: Final = N_("%(count)s factors of the calculation come from the licensed database “%(name)s” (licence: %(licence)s).")
INSTRUMENTS: Final = {"contract": N_("Green power contract"), "direct_line": N_("Direct line")}
TECHNOLOGIES: Final = {
    "wind": N_("Wind"),
    "solar_pv": N_("Photovoltaics"),
    "hydro": N_("Hydropower"),
    "nuclear": N_("Nuclear"),
    "biomass": N_("Biomass"),
}
LIFE_CYCLE: Final = {
    "raw_material": (
        N_("Raw material acquisition and pre-processing"),
        N_("what is bought: coke, pitch, auxiliaries, transport, packaging"),
    ),
    "main_production": (N_("Main production"), N_("electricity, direct emissions and waste of the maker and its toll plants")),
    "distribution": (N_("Distribution to the customer"), N_("outside the boundary")),
    "end_of_life": (N_("End of life and recycling"), N_("outside the boundary")),
}
"""The four stages of the Catena-X model for battery component suppliers, with what stands in each."""
RATINGS: Final = {"technologicalDQR": N_("Technology"), "geographicalDQR": N_("Place of the data"), "temporalDQR": N_("Time")}
HOT_SPOTS: Final = 3


class EarlierSchemaError(ConflictError):
    """A certificate of an earlier release of the program keeps its file, but this one can't set it again."""

    code = "certificate-of-earlier-schema"

    def __init__(self, *, schema: str) -> None:
        super().__init__(
            N_(
                "This certificate was issued by an earlier version of the program (%(schema)s). Its file stays as it is; "
                "issue a revision to have a new one."
            ),
            schema=schema,
        )


def document_of(snapshot: Mapping[str, Any], evidence: Mapping[str, Any], *, issued_at: datetime) -> CertificateDocument:
    """Return the document that a snapshot and its evidence describe; nothing else but the time of issue goes in.

    Raises
    ------
    EarlierSchemaError
        For the snapshot of an earlier release.

    """
    if snapshot["schema"] != SCHEMA:
        raise EarlierSchemaError(schema=snapshot["schema"])
    head, electricity = snapshot["certificate"], snapshot["electricity"]
    stages = tuple(_stage(one) for one in snapshot["stages"])
    blocks = tuple(_block(one) for one in snapshot["blocks"])
    files = attached_files(snapshot, evidence)
    return CertificateDocument(
        number=head["number"],
        public_id=head["public_id"],
        verify_url=head["verify_url"],
        footprint_id=snapshot["footprint"]["id"],
        footprint_status=snapshot["footprint"]["status"],
        revision=head["revision"],
        supersedes=head["supersedes"],
        issued_at=issued_at,
        issued_on=date.fromisoformat(head["valid_from"]),
        valid_until=date.fromisoformat(head["valid_until"]),
        issuer=_issuer(snapshot["issuer"]),
        customer=_customer(snapshot["customer"]),
        product=_product(snapshot["product"]),
        result=_result(snapshot["result"]),
        stages=stages,
        blocks=blocks,
        life_cycle=_life_cycle(snapshot["life_cycle"]),
        electricity_kwh_per_kg=_decimal(electricity["kwh_per_kg"]),
        is_electricity_coarse=_decimal(electricity["kwh_rounded_to"]) not in {None, KWH_STEPS[0]},
        electricity_views=tuple(_view(one) for one in electricity["views"]),
        instruments=tuple(_instrument(one) for one in electricity["instruments"]),
        data_quality=_quality(snapshot["data"], hot_spots=_hot_spots(stages, blocks)),
        method=_method(snapshot),
        statements=statements_of(snapshot),
        verification=verification_of(snapshot["assurance"]),
        assurance=assurance_of(snapshot["assurance"]),
        attachments=files,
        missing_files=missing_files(snapshot),
        manifest=manifest_of(snapshot, files),
        log=_log(evidence["log"]),
        is_sample=head["is_sample"],
    )


def statements_of(snapshot: Mapping[str, Any]) -> tuple[Bilingual, ...]:
    """Return what the figure does not say, and whose licensed data it rests on."""
    licensed = (both(LICENSED, **background) for background in snapshot["method"]["backgrounds"])
    return (*map(both, STATEMENTS), *licensed)


def _pair(texts: Mapping[str, Any], name: str) -> Bilingual:
    """Return a text pair of the snapshot; where one language is missing the other stands for both, or a dash."""
    zh, en = texts[f"{name}_zh"], texts[f"{name}_en"]
    return Bilingual(zh=zh or en or "–", en=en or zh or "–")


def _pair_or_none(texts: Mapping[str, Any], name: str) -> Bilingual | None:
    return _pair(texts, name) if texts[f"{name}_zh"] or texts[f"{name}_en"] else None


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
        plant_address=_pair_or_none(issuer, "plant_address"),
        plant_bpns=issuer["plant_bpns"],
        contact=issuer["contact"],
    )


def _customer(customer: Mapping[str, Any]) -> paper.Customer:
    return paper.Customer(name=_pair(customer, "name"), part_no=customer["part_no"])


def _product(product: Mapping[str, Any]) -> paper.Product:
    return paper.Product(
        grade=product["grade"],
        name=_pair(product, "name"),
        description=_pair_or_none(product, "description"),
        declared_unit=both(DECLARED_UNIT),
        cas=product["cas"],
        product_ids=tuple(product["productIds"]),
        classifications=tuple(product["classifications"]),
        quality=tuple(
            paper.QualityValue(name=_pair(one, "name"), value=one["value"], unit=one["unit"] or "") for one in product["quality"]
        ),
        recycled=_recycled(product["recycled"]) if "recycled" in product else None,
    )


def _recycled(content: Mapping[str, Any]) -> paper.RecycledContent:
    return paper.RecycledContent(
        **{name: Decimal(content[name]) for name in ("share", "pre_consumer", "post_consumer")},
        claims=tuple(content["claims"]),
        valid_until=date.fromisoformat(content["valid_until"]),
    )


def _result(lines: Mapping[str, Any]) -> paper.Result:
    """Return the lines of the result, with three significant digits of the total: one fewer than the attached file."""
    step = Decimal(1).scaleb(Decimal(lines["total"]).adjusted() - 2)

    def shown(name: str) -> Decimal:
        return Decimal(lines[name]).quantize(step) + 0  # no negative zero

    def shown_if_known(name: str) -> Decimal | None:
        return None if lines[name] is None else shown(name)

    interval = lines["interval"]
    return paper.Result(
        total=shown("total"),
        total_with_uptake=shown("including_uptake"),
        fossil=shown("fossil"),
        biogenic=shown_if_known("biogenic"),
        biogenic_uptake=shown_if_known("biogenic_uptake"),
        land_use=shown_if_known("land_use_change"),
        aircraft=_decimal(lines["aircraft"]),
        removals=shown_if_known("removals"),
        low=None if interval is None else Decimal(interval["low"]),
        high=None if interval is None else Decimal(interval["high"]),
        carbon=_carbon(lines["carbon"]),
    )


def _carbon(content: Mapping[str, Any]) -> paper.CarbonContent:
    return paper.CarbonContent(
        fossil=Decimal(content["fossil"]),
        biogenic=_decimal(content["biogenic"]),
        recycled=_decimal(content["recycled"]),
        packaging=_decimal(content["packaging_biogenic"]),
    )


def _stage(group: Mapping[str, Any]) -> paper.StageGroup:
    return paper.StageGroup(
        codes=tuple(group["keys"]),
        name=_pair(group, "name"),
        kg_co2e=Decimal(group["kg_co2e"]),
        share=Decimal(group["share"]),
    )


def _life_cycle(split: Mapping[str, str] | None) -> tuple[paper.LifeCyclePart, ...]:
    if split is None:
        return ()
    return tuple(
        paper.LifeCyclePart(name=both(name), kg_co2e=_decimal(split.get(key)), note=both(note))
        for key, (name, note) in LIFE_CYCLE.items()
    )


def _block(group: Mapping[str, Any]) -> paper.InputBlock:
    return paper.InputBlock(name=_pair(group, "name"), kg_co2e=Decimal(group["kg_co2e"]), share=Decimal(group["share"]))


def _view(view: Mapping[str, Any]) -> paper.ElectricityView:
    return paper.ElectricityView(
        name=both(VIEW_NAMES[view["key"]]),
        kg_co2e_per_kwh=Decimal(view["kg_co2e_per_kwh"]),
        total=_decimal(view["total"]),
        source=_pair_or_none(view, "source"),
        note=both(VIEW_NOTES[view["key"]]),
        headline=view["is_headline"],
    )


def _instrument(instrument: Mapping[str, Any]) -> paper.Instrument:
    return paper.Instrument(
        kind=both(INSTRUMENTS[instrument["kind"]]),
        technology=both(TECHNOLOGIES[instrument["technology"]]),
        share=Decimal(instrument["share"]),
        evidence=instrument["evidence"],
    )


def _hot_spots(stages: Sequence[paper.StageGroup], blocks: Sequence[paper.InputBlock]) -> tuple[tuple[Bilingual, Decimal], ...]:
    """Return the largest parts among those printed."""
    named = [(Bilingual(zh=f"{one.code} {one.name.zh}", en=f"{one.code} {one.name.en}"), one.share) for one in stages]
    named += [(one.name, one.share) for one in blocks]
    return tuple(sorted(named, key=lambda part: -part[1])[:HOT_SPOTS])


def _quality(data: Mapping[str, Any], *, hot_spots: tuple[tuple[Bilingual, Decimal], ...]) -> paper.DataQuality:
    shares = data["shares"]
    primary, secondary, default = (None if shares is None else Decimal(shares[kind]) for kind in KINDS)
    statement = both(QUALITY_HIDDEN) if shares is None else both(QUALITY, step=f"{Decimal(data['rounded_to']) * 100:.0f}")
    return paper.DataQuality(
        primary=primary,
        secondary=secondary,
        default=default,
        statement=statement,
        primary_data_share=_decimal(data["primary_data_share"]),
        ratings=tuple((both(name), Decimal(data["dqi"][key])) for key, name in RATINGS.items()) if data["dqi"] else (),
        secondary_sources=tuple(f"{one['name']} {one['version']}" for one in data["secondary_sources"]),
        hot_spots=hot_spots,
    )


def _method(snapshot: Mapping[str, Any]) -> paper.Method:
    method, period = snapshot["method"], snapshot["period"]
    return paper.Method(
        standards=tuple(method["standards"]),
        gwp_set=method["gwp"],
        boundary=both(BOUNDARY),
        cut_off=both(CUT_OFF),
        exempted=both(EXEMPTED, percent=method["exempted_percent"]),
        allocation=both(ALLOCATION),
        waste=both(WASTE),
        period_start=date.fromisoformat(period["start"]),
        period_end=date.fromisoformat(period["end"]),
        model_version=f"{method['model_version']} · SHA-256 {method['model_sha256']}",
        software=SOFTWARE,
        cites=f"{method['cites']['label']} ({method['cites']['standard']} {method['cites']['edition']})"
        if "cites" in method
        else "",
    )


def _log(proof: Mapping[str, Any]) -> paper.LogEntry:
    origin = proof["note"].partition("\n")[0]
    return paper.LogEntry(origin=origin, index=proof["index"], size=proof["size"], root=proof["root"])
