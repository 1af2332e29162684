"""What these addresses take and answer, for programs (OpenAPI 3.1); the data types are those of the PACT specification itself."""

from collections.abc import Mapping
from functools import lru_cache
from typing import Any, Final

from service.conformance.shapes import schema_of
from service.exchange.errors import DISCOVERY_PATH, KEYS_PATH, TOKEN_PATH
from service.exchange.incoming import MEDIA_TYPE

Json = dict[str, Any]

_MODEL: Final = "pact-model-3.0.4.json"
_EVENTS: Final = ("RequestCreatedEvent", "RequestFulfilledEvent", "RequestRejectedEvent", "PublishedEvent")
_LISTS: Final = {
    "productId": "Ids of a product; any of them, upper and lower case are the same.",
    "companyId": "Ids of the company.",
    "geography": "Country, subdivision or region.",
    "classification": "Classifications of the product.",
    "status": "Active or Deprecated; without it, both.",
}
_INSTANTS: Final = {
    "validOn": "Valid at this instant.",
    "validAfter": "Validity begins after this instant.",
    "validBefore": "Validity ends before this instant.",
}
_ERRORS: Final = {"400": "Bad request", "401": "No token, or one that has ended", "403": "Access denied", "500": "Internal error"}


def describe_exchange(base_url: str) -> Mapping[str, Any]:
    """Return the description for a deployment."""
    return {**_description(), "servers": [{"url": base_url}]}


@lru_cache(maxsize=1)
def _description() -> Json:
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "AnodePrint: exchange of product carbon footprints (PACT v3)",
            "version": "3.0.3",
            "description": "How to begin: docs/exchange.md. Get a token with your client ID and secret, then list footprints.",
        },
        "paths": {
            TOKEN_PATH: {"post": _token()},
            DISCOVERY_PATH: {"get": _public("Where tokens are handed out (OpenID provider configuration).")},
            KEYS_PATH: {"get": _public("Public keys of the access tokens (RFC 7517).")},
            "/3/openapi.json": {"get": _public("This description.")},
            "/3/footprints": {"get": _list()},
            "/3/footprints/{id}": {"get": _get()},
            "/3/events": {"post": _events()},
        },
        "components": {"schemas": schema_of(_MODEL)["components"]["schemas"], "securitySchemes": _security()},
    }


def _list() -> Json:
    parameters = [
        *(_parameter(name, text, {"type": "array", "items": {"type": "string"}}) for name, text in _LISTS.items()),
        *(_parameter(name, text, {"type": "string", "format": "date-time"}) for name, text in _INSTANTS.items()),
        _parameter("limit", "At most so many footprints.", {"type": "integer", "minimum": 0, "maximum": 999_999_999}),
    ]
    link = {"link": {"description": "Address of the next page, rel=next (RFC 8288).", "schema": {"type": "string"}}}
    content = {
        "type": "object",
        "required": ["data"],
        "properties": {"data": {"type": "array", "items": _schema("ProductFootprint")}},
    }
    found = {"description": "Footprints that are shared with you, the latest first.", "headers": link, "content": _json(content)}
    return {
        "summary": "ListFootprints",
        "parameters": parameters,
        "responses": {"200": found, **_errors()},
        "security": [{"token": []}],
    }


def _get() -> Json:
    content = {"type": "object", "required": ["data"], "properties": {"data": _schema("ProductFootprint")}}
    wanted = {"name": "id", "in": "path", "required": True, "schema": {"type": "string", "format": "uuid"}}
    responses = {"200": {"description": "The footprint, deprecated or not.", "content": _json(content)}, **_errors()}
    responses["404"] = _error("No such footprint, or none that is shared with you")
    return {"summary": "GetFootprint", "parameters": [wanted], "responses": responses, "security": [{"token": []}]}


def _events() -> Json:
    body = {"required": True, "content": {MEDIA_TYPE: {"schema": {"oneOf": [_schema(name) for name in _EVENTS]}}}}
    responses = {"200": {"description": "Taken; handled afterwards."}, **_errors(), "415": _error("Another media type")}
    return {"summary": "Events", "requestBody": body, "responses": responses, "security": [{"token": []}]}


def _token() -> Json:
    fields = {"grant_type": {"type": "string", "const": "client_credentials"}, "scope": {"type": "string"}}
    form = {"type": "object", "required": ["grant_type"], "properties": fields}
    token = {
        "type": "object",
        "required": ["access_token", "token_type", "expires_in"],
        "properties": {"access_token": {"type": "string"}, "token_type": {"const": "Bearer"}, "expires_in": {"type": "integer"}},
    }
    refused = {"type": "object", "required": ["error"], "properties": {"error": {"type": "string"}}}
    return {
        "summary": "Get an access token (OAuth 2.0, client credentials)",
        "requestBody": {"required": True, "content": {"application/x-www-form-urlencoded": {"schema": form}}},
        "responses": {
            "200": {"description": "A token for one hour.", "content": _json(token)},
            "400": {"description": "RFC 6749, 5.2", "content": _json(refused)},
            "401": {"description": "Unknown client or wrong secret", "content": _json(refused)},
        },
        "security": [{"client": []}],
    }


def _public(summary: str) -> Json:
    return {
        "summary": summary,
        "responses": {"200": {"description": summary, "content": _json({"type": "object"})}},
        "security": [],
    }


def _security() -> Json:
    flow = {"tokenUrl": TOKEN_PATH, "scopes": {"footprint:list": "List footprints.", "footprint:read": "Read one footprint."}}
    return {"token": {"type": "oauth2", "flows": {"clientCredentials": flow}}, "client": {"type": "http", "scheme": "basic"}}


def _errors() -> Json:
    return {status: _error(text) for status, text in _ERRORS.items()}


def _error(text: str) -> Json:
    return {"description": text, "content": _json(_schema("Error"))}


def _parameter(name: str, text: str, schema: Json) -> Json:
    return {"name": name, "in": "query", "description": text, "explode": True, "schema": schema}


def _schema(name: str) -> Json:
    return {"$ref": f"#/components/schemas/{name}"}


def _json(schema: Json) -> Json:
    return {"application/json": {"schema": schema}}
