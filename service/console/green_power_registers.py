"""Registers of green power: contracts, what they delivered, certificates, and duties to consume renewable electricity."""

from typing import Any

from fastapi import APIRouter

from service.accounts.access import Context, roles
from service.accounts.models import Role
from service.console import green_power_words as words
from service.console.choices import Options, province_options
from service.console.register_columns import plant_choices, worded
from service.console.registers import Column, Ending, Kind, Register, add_register
from service.errors import N_
from service.green_power import operations
from service.green_power.models import ConsumptionWeight, GreenCertificate, MeteredPower, PowerContract
from service.green_power.queries import get_contract
from service.green_power.rules import standing_of, valid_until
from service.green_power.schemas import CertificateInput, ContractInput, MeteredInput, WeightInput
from service.i18n import translate
from service.plan.policies import PLAN_EDITORS, PLAN_READERS

router = APIRouter()

STANDINGS = {
    "issued": N_("Issued, not yet with us"),
    "held": N_("Held, not cancelled"),
    "cancelled": N_("Cancelled, with proof"),
    "sold": N_("Sold"),
    "expired": N_("Run out, not cancelled in time"),
}


def _standing(context: Context, row: Any) -> str:  # noqa: ANN401 - a row of the register
    on = context.today
    return translate(context.locale, STANDINGS[standing_of(row, on=on)])


def _claim_word(context: Context, row: Any) -> str | None:  # noqa: ANN401 - a row of the register
    return None if row.claim_id is None else translate(context.locale, N_("Claimed"))


def _claim_href(row: Any) -> str | None:  # noqa: ANN401 - a row of the register
    return f"{words.CLAIMS}/{row.claim_id}" if row.claim_id else None


def _site_of(context: Context, row: Any) -> str:  # noqa: ANN401 - a row of the register
    return dict(plant_choices(context)).get(str(get_contract(context.session, row.contract_id).plant_id), "")


def _provinces(context: Context) -> Options:
    return province_options(context.locale)


CONTRACT_REGISTER = Register(
    key="power_contract",
    path=words.CONTRACTS,
    title=N_("Contracts for green power"),
    lead=N_("Lines, power plants on the site, green power trade and certificates: where electricity of known origin comes from."),
    empty=N_("Enter the first contract with its number, seller and term."),
    add_label=N_("Add a contract"),
    table=PowerContract,
    fields=ContractInput,
    columns=(
        Column(key="number", label=N_("Contract number"), filtered=True),
        Column(key="plant_id", label=N_("Site"), kind=Kind.CHOICE, choices=plant_choices, filtered=True),
        Column(key="kind", label=N_("How it comes"), kind=Kind.CHOICE, choices=worded(words.KINDS), filtered=True),
        Column(key="seller", label=N_("Seller")),
        Column(key="technology", label=N_("Source of the electricity"), kind=Kind.CHOICE, choices=worded(words.TECHNOLOGIES)),
        Column(key="starts_on", label=N_("First day"), kind=Kind.DATE),
        Column(key="ends_on", label=N_("Last day"), kind=Kind.DATE),
        Column(key="price_cny_per_mwh", label=N_("Price"), kind=Kind.NUMBER, unit="yuan/MWh"),
        Column(
            key="source_id",
            label=N_("Meter's monthly figures"),
            kind=Kind.CHOICE,
            choices=words.source_choices,
            in_list=False,
            hint=N_("If the site's monthly figures have this meter already, choose it: its kWh are then not typed again."),
        ),
        Column(
            key="attributes_sold",
            label=N_("Certificates are sold to others"),
            kind=Kind.YES_NO,
            in_list=False,
            hint=N_("Then the electricity counts as residual mix here."),
        ),
        Column(key="evidence", label=N_("Evidence"), in_list=False, hint=N_("Contract, settlement, or the meter of the line")),
    ),
    identity=("number",),
    sort=("-starts_on", "number"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.add_contract,
    change=operations.change_contract,
    above=words.ABOVE,
    tabs=words.green_power_tabs,
)

METERED_REGISTER = Register(
    key="metered_power",
    path=words.METERED,
    title=N_("Delivered green power"),
    lead=N_(
        "What a contract delivered in a month, by meter or settlement. One whose meter is among the monthly figures needs none."
    ),
    empty=N_("Enter the first month of a contract."),
    add_label=N_("Add a month"),
    table=MeteredPower,
    fields=MeteredInput,
    columns=(
        Column(key="contract_id", label=N_("Contract number"), kind=Kind.CHOICE, choices=words.contract_choices, filtered=True),
        Column(key="site", label=N_("Site"), computed=_site_of),
        Column(key="month", label=N_("Month"), kind=Kind.DATE, hint=N_("Any day of the month")),
        Column(key="kwh", label=N_("Electricity"), kind=Kind.NUMBER, unit="kWh"),
        Column(key="evidence", label=N_("Evidence")),
    ),
    identity=("contract_id", "month"),
    sort=("-month",),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.enter_metered,
    change=operations.correct_metered,
    check=operations.check_metered,
    ending=Ending(),
    above=words.ABOVE,
    tabs=words.green_power_tabs,
)

CERTIFICATE_REGISTER = Register(
    key="green_certificate",
    path=words.CERTIFICATES,
    title=N_("Green certificates"),
    lead=N_("One certificate is 1 MWh. Each code is entered once, cancelled with proof, and claimed once."),
    empty=N_("Enter the first certificates, or import them from Excel: the codes as text."),
    add_label=N_("Add certificates"),
    table=GreenCertificate,
    fields=CertificateInput,
    columns=(
        Column(
            key="first_code",
            label=N_("First code"),
            hint=N_("32 digits: 17 of the project, 15 of the energy; in Excel as text"),
            href=_claim_href,
        ),
        Column(
            key="last_code",
            label=N_("Last code"),
            in_list=False,
            hint=N_("Of consecutive codes; leave it empty for one certificate"),
        ),
        Column(key="mwh", label=N_("Amount"), kind=Kind.NUMBER, unit="MWh"),
        Column(key="plant_id", label=N_("Site"), kind=Kind.CHOICE, choices=plant_choices, filtered=True),
        Column(key="scheme", label=N_("Kind of certificate"), kind=Kind.CHOICE, choices=worded(words.SCHEMES), in_list=False),
        Column(
            key="technology",
            label=N_("Source of the electricity"),
            kind=Kind.CHOICE,
            choices=worded(words.TECHNOLOGIES),
            filtered=True,
        ),
        Column(key="project", label=N_("Project"), filtered=True),
        Column(key="generation_month", label=N_("Month of generation"), kind=Kind.DATE, hint=N_("Any day of the month")),
        Column(
            key="valid_until",
            label=N_("Valid until"),
            kind=Kind.DATE,
            computed=lambda _context, row: valid_until(row.generation_month),
        ),
        Column(key="standing", label=N_("Standing"), computed=_standing),
        Column(key="claim", label=N_("Claim"), computed=_claim_word, href=_claim_href),
        Column(key="is_tradable", label=N_("May be traded"), kind=Kind.YES_NO, in_list=False),
        Column(
            key="contract_id",
            label=N_("Came with contract"),
            kind=Kind.CHOICE,
            choices=words.contract_choices,
            in_list=False,
            hint=N_("The power and its certificates count once."),
        ),
        Column(key="owner", label=N_("Owner"), in_list=False),
        Column(key="cancelled_on", label=N_("Cancelled on"), kind=Kind.DATE, in_list=False),
        Column(key="cancellation_proof", label=N_("Proof of cancellation"), in_list=False, hint=N_("Number of the proof")),
    ),
    identity=("first_code",),
    sort=("-generation_month", "project_code", "first_number"),
    readers=PLAN_READERS,
    writers=PLAN_EDITORS,
    add=operations.register_certificates,
    change=operations.change_certificates,
    check=operations.check_import,
    ending=Ending(label=N_("Record that they were sold"), run=operations.sell_certificates),
    above=words.ABOVE,
    tabs=words.green_power_tabs,
)

WEIGHT_REGISTER = Register(
    key="consumption_weight",
    path=words.WEIGHTS,
    title=N_("Duties to consume renewable electricity"),
    lead=N_(
        "Weights of provinces by year, as announced. The platform brings those of 2023; enter later ones with the number of the "
        "announcement. They are duties, never factors of emissions, and graphite anode is no listed sector."
    ),
    empty=N_("No announcement is entered; of 2023 the weights that came with the platform count."),
    add_label=N_("Add a weight"),
    table=ConsumptionWeight,
    fields=WeightInput,
    columns=(
        Column(key="province_code", label=N_("Province"), kind=Kind.CHOICE, choices=_provinces, filtered=True),
        Column(key="year", label=N_("Year"), kind=Kind.YEAR, filtered=True),
        Column(key="total_percent", label=N_("All renewable power"), kind=Kind.NUMBER, unit="%"),
        Column(key="nonhydro_percent", label=N_("Without hydropower"), kind=Kind.NUMBER, unit="%"),
        Column(key="document", label=N_("Number of the announcement")),
    ),
    identity=("province_code", "year"),
    sort=("-year", "province_code"),
    readers=roles(Role.ADMIN, *(PLAN_READERS.roles or ())),
    writers=roles(Role.ADMIN),
    ending=Ending(),
    above=words.ABOVE,
    tabs=words.green_power_tabs,
)

for _register in (CONTRACT_REGISTER, METERED_REGISTER, CERTIFICATE_REGISTER, WEIGHT_REGISTER):
    add_register(router, _register)
