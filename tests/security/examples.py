"""Bodies that the API's own description calls valid, so that what refuses a request is access and not its body."""

import uuid
from collections.abc import Mapping
from typing import Any

from tests.security.world import World

Schema = Mapping[str, Any]

EXAMPLES: Mapping[str, object] = {
    "uuid": str(uuid.UUID(int=1)),
    "date": "2025-06-30",
    "date-time": "2025-06-30T00:00:00Z",
    "integer": 1,
    "number": 1.0,
    "boolean": True,
    "string": "some text",
    "array": [],
}


def example_bodies(world: World) -> Mapping[str, object]:
    """Return a valid body by route ("POST /api/v1/footprints") for each that takes JSON."""
    description = world.app.openapi()
    return {
        f"{method.upper()} {path}": example(body["schema"], description)
        for path, operations in description["paths"].items()
        for method, operation in operations.items()
        if (body := operation.get("requestBody", {}).get("content", {}).get("application/json"))
    }


def example(schema: Schema, description: Schema) -> object:
    """Return a value that a schema allows: required fields only, the shortest texts."""
    if "$ref" in schema:
        return example(description["components"]["schemas"][schema["$ref"].rpartition("/")[2]], description)
    if schema.get("type") == "object":
        wanted = schema.get("required", ())
        return {name: example(schema["properties"][name], description) for name in wanted}
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return example(schema["anyOf"][0], description)
    return EXAMPLES[schema.get("format", schema.get("type", "string"))]
