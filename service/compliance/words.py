"""What certificates, violations, exclusions and proofs are called; message ids."""

from collections.abc import Mapping
from typing import Final

from service.compliance.models import CertificateKind, Proof, RecordArea, VetoKind, Violation
from service.errors import N_

CERTIFICATE_NAMES: Final[Mapping[str, str]] = {
    CertificateKind.ISO_14001: N_("Environmental management (ISO 14001)"),
    CertificateKind.ISO_50001: N_("Energy management (ISO 50001, GB/T 23331)"),
    CertificateKind.ISO_14064_1: N_("Greenhouse-gas inventory (ISO 14064-1)"),
    CertificateKind.ISO_45001: N_("Occupational health and safety (ISO 45001)"),
    CertificateKind.ISO_9001: N_("Quality management (ISO 9001, IATF 16949)"),
    CertificateKind.PCF_VERIFICATION: N_("Verified product carbon footprint"),
}
LEVEL_NAMES: Final[Mapping[str, str]] = {
    "self_check": N_("Checked by the supplier itself"),
    "desk_audit": N_("Checked by us on paper"),
    "limited": N_("Verified by a third party, limited assurance"),
    "reasonable": N_("Verified by a third party, reasonable assurance"),
}
AREA_NAMES: Final[Mapping[str, str]] = {
    RecordArea.ENVIRONMENT: N_("Environment"),
    RecordArea.CONDUCT: N_("Safety, labour and integrity"),
}
VIOLATION_NAMES: Final[Mapping[str, str]] = {
    Violation.WARNING: N_("Warning or order to correct"),
    Violation.FINE_SMALL: N_("Fine below 100,000 yuan"),
    Violation.FINE_LARGE: N_("Fine of 100,000 yuan or more, or by the day"),
    Violation.PRODUCTION_STOPPED: N_("Production stopped or sealed"),
    Violation.YELLOW_CREDIT: N_("Yellow environmental credit rating"),
}
VETO_NAMES: Final[Mapping[str, str]] = {
    VetoKind.CREDIT: N_("Red or black credit rating, or list of dishonest companies"),
    VetoKind.ACCIDENT: N_("Serious safety or environmental accident within three years"),
    VetoKind.PERMIT: N_("No valid discharge permit or approval, or banned equipment in use"),
    VetoKind.FALSIFICATION: N_("Falsified monitoring, energy or carbon data"),
    VetoKind.FORCED_LABOUR: N_("Forced or child labour"),
    VetoKind.HAZARDOUS_WASTE: N_("Hazardous waste handed on illegally"),
    VetoKind.BANNED_SUBSTANCE: N_("Banned substance in delivered goods"),
    VetoKind.SANCTIONS: N_("Sanctions or trade ban"),
}
PROOF_NAMES: Final[Mapping[str, str]] = {
    Proof.CLAIM: N_("Said only, no paper"),
    Proof.DOCUMENT: N_("Document of the supplier"),
    Proof.METERED: N_("Invoice, meter or public register"),
    Proof.VERIFIED: N_("Verified by a third party"),
}
SHOWN_LEVELS: Final[Mapping[str, Mapping[str, str]]] = {
    "B3": {
        "none": N_("No meter"),
        "annual": N_("Read once a year"),
        "monthly": N_("Monthly bill"),
        "sub_metered": N_("Own meters by process, read monthly"),
    },
    "D1": {
        "none": N_("No target"),
        "qualitative": N_("Target without a number"),
        "quantified": N_("Target with a number for own fuels and electricity"),
        "product_or_scope_3": N_("Target that also covers products or purchases"),
        "validated": N_("Target validated by a third party"),
    },
    "E3": {
        "none": N_("Nothing shown"),
        "partial": N_("Some of the papers on banned substances and hazardous waste"),
        "full": N_("All of the papers on banned substances and hazardous waste"),
    },
}
"""By indicator that papers show, its levels from worst to best."""
