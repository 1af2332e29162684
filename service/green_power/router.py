from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.green_power import rules
from service.green_power.claims import propose_certificates
from service.green_power.models import SupplyClaim
from service.green_power.schemas import CertificateClaimInput, ClaimOut
from service.plan.policies import PLAN_EDITORS
from service.suppliers.router import created_response

router = APIRouter(prefix="/green-certificates", tags=["green power"])


@router.post("/allocate", status_code=201, responses={201: {"model": ClaimOut}})
@endpoint(PLAN_EDITORS)
def allocate_certificates(context: Context, claim: CertificateClaimInput) -> Response:
    """Propose to spend cancelled certificates on a site's year; each counts once, and another person approves."""
    made = propose_certificates(
        context.session,
        claim,
        tolerance_months=context.settings.green_certificate_tolerance_months,
        by=context.asking.actor,
        at=context.at,
    )
    return created_response(_output(made, claim), location=f"/console/plan/green-power/claims/{made.id}")


def _output(claim: SupplyClaim, asked: CertificateClaimInput) -> ClaimOut:
    return ClaimOut(
        id=claim.id,
        plant_id=claim.plant_id,
        product_id=claim.product_id,
        year=claim.period_start.year,
        kwh=claim.kwh or 0.0,
        status=claim.status,
        certificate_codes=list(rules.same_codes(asked.certificate_codes)),
    )
