"""The description of the API for programs: what FastAPI knows, corrected by what every answer of ours has in common."""

import copy
from collections.abc import Iterator, Mapping
from typing import Any, Final

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts

from service.accounts.access import SIGNED_IN, Context, Policy, endpoint, session_cookie
from service.accounts.idempotency import KEY_LIMIT
from service.accounts.models import Role
from service.errors import ServiceError
from service.settings import Settings
from service.web.middleware import SAFE_METHODS
from service.web.problems import PROBLEM_TYPE

router = APIRouter(tags=["description"])

SECURITY: Final = "session"
KEY: Final = "key"
DESCRIPTION: Final = (
    "Sign in at /sign-in; the session's cookie opens what the person's role may see. A supplier's program sends a key "
    "instead, made at /portal/keys, as `Authorization: Bearer`; never both. Every error is a problem document (RFC 9457), "
    "in Chinese or, with `Accept-Language: en`, in English. A writing request sent again with the same `Idempotency-Key` and "
    "content gets its first answer again and creates nothing twice."
)
FIELD_PROBLEM: Final[Mapping[str, Any]] = {
    "type": "object",
    "required": ["field", "code", "detail"],
    "properties": {
        "field": {"type": "string", "description": "Path of the field in the request, parts joined by dots."},
        "code": {"type": "string"},
        "detail": {"type": "string", "description": "Names the value, the rule and what to do."},
    },
}
PROBLEM_EXAMPLE: Final[Mapping[str, Any]] = {
    "type": f"{PROBLEM_TYPE}invalid-input",
    "title": "Some values can't be used",
    "status": 422,
    "detail": "Please correct the marked fields.",
    "request_id": "6bc00b5475a2e882",
    "errors": [
        {"field": "charge_in", "code": "invalid-value", "detail": "“x” is not a number; type digits, for example 1250.5."},
    ],
}
IDEMPOTENCY_KEY: Final[Mapping[str, Any]] = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Your own id of this request, such as a UUID; send it again with the same content after a lost answer.",
    "schema": {"type": "string", "maxLength": KEY_LIMIT},
}


@router.get("/openapi.json")
@endpoint(SIGNED_IN)
def show_description(context: Context) -> dict[str, Any]:
    """Describe the API (OpenAPI 3.1)."""
    return describe_api(context.request.app)


def describe_api(app: FastAPI) -> dict[str, Any]:
    """Return the OpenAPI description, with access, idempotency and problem documents as this service has them."""
    described = copy.deepcopy(app.openapi())
    described["info"]["description"] = DESCRIPTION
    components = described.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas.pop("HTTPValidationError", None)  # FastAPI's own error answers, which nobody gets here
    schemas.pop("ValidationError", None)
    schemas["Problem"] = _problem_schema()
    components["responses"] = {"Problem": _problem_response()}
    components["securitySchemes"] = {SECURITY: _session_scheme(app.state.settings), KEY: {"type": "http", "scheme": "bearer"}}
    policies = _policies(app)
    for path, method, operation in _operations(described):
        _correct(operation, policies[path, method], method)
    return described


def _operations(described: Mapping[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, item in described["paths"].items():
        for method, operation in item.items():
            yield path, method.upper(), operation


def _policies(app: FastAPI) -> Mapping[tuple[str, str], Policy]:
    found: dict[tuple[str, str], Policy] = {}
    for context in iter_route_contexts(app.routes):
        if isinstance(context.original_route, APIRoute):
            policy: Policy = context.original_route.endpoint.policy  # type: ignore[attr-defined] # set by `endpoint`
            found.update({(context.path_format or "", method): policy for method in context.methods or ()})
    return found


def _correct(operation: dict[str, Any], policy: Policy, method: str) -> None:
    operation["responses"].pop("422", None)
    operation["responses"]["default"] = {"$ref": "#/components/responses/Problem"}
    operation["security"] = _security(policy)
    operation["x-access"] = policy.name
    if method not in SAFE_METHODS:
        operation.setdefault("parameters", []).append(dict(IDEMPOTENCY_KEY))


def _security(policy: Policy) -> list[dict[str, list[str]]]:
    if policy.roles is None:
        return []
    return [{SECURITY: []}, {KEY: []}] if Role.SUPPLIER in policy.roles else [{SECURITY: []}]


def _problem_schema() -> dict[str, Any]:
    statuses = dict(sorted({(error.code, error.status) for error in _subclasses(ServiceError)}))
    listed = ", ".join(f"{code} ({status})" for code, status in statuses.items())
    return {
        "type": "object",
        "description": "RFC 9457; nothing was stored.",
        "required": ["type", "title", "status", "detail"],
        "properties": {
            "type": {"type": "string", "description": f"{PROBLEM_TYPE}<code>; codes and their statuses: {listed}."},
            "title": {"type": "string"},
            "status": {"type": "integer"},
            "detail": {"type": "string", "description": "For people: names the value, the rule and what to do."},
            "request_id": {"type": "string", "description": "Name it when you ask us about the error."},
            "errors": {"type": "array", "items": dict(FIELD_PROBLEM), "description": "With invalid-input: each field that failed."},
        },
    }


def _subclasses(kind: type[ServiceError]) -> Iterator[type[ServiceError]]:
    for subclass in kind.__subclasses__():
        yield subclass
        yield from _subclasses(subclass)


def _problem_response() -> dict[str, Any]:
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {"schema": schema, "example": PROBLEM_EXAMPLE}
    return {"description": "What went wrong.", "content": {"application/problem+json": content}}


def _session_scheme(settings: Settings) -> dict[str, Any]:
    return {"type": "apiKey", "in": "cookie", "name": session_cookie(settings)}
