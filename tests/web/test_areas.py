import re
import uuid
from collections.abc import Iterator

from fastapi import APIRouter, FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import Match
from starlette.testclient import TestClient

from service.web.areas import Area


def say_nothing() -> None:
    """Stand for a page."""


def an_app() -> FastAPI:
    inner, outer = APIRouter(prefix="/inner"), APIRouter()
    for router, path in ((inner, "/{name}"), (outer, "/outer"), (outer, "/outer/{name}/more")):
        router.add_api_route(path, say_nothing, methods=["GET"])
    outer.include_router(inner)
    app = FastAPI()
    app.include_router(Area(outer), prefix="/api")
    return app


def test_an_area_answers_for_its_routes_and_for_those_of_routers_inside() -> None:
    client = TestClient(an_app())

    paths = ("/api/outer", "/api/outer/x/more", "/api/inner/x", "/api/other", "/outer", "/api/outer/x/less")

    assert [client.get(path).status_code for path in paths] == [200, 200, 200, 404, 404, 404]
    assert client.post("/api/outer").status_code == 405


def test_every_route_of_the_service_is_let_through_by_its_area(app: FastAPI) -> None:
    shut_out = [
        (method, path)
        for method, path in routes_of(app)
        if not any(route.matches(a_scope(method, path))[0] is Match.FULL for route in app.routes)
    ]

    assert shut_out == []


def routes_of(app: FastAPI) -> Iterator[tuple[str, str]]:
    found = [context for context in iter_route_contexts(app.routes) if isinstance(context.original_route, APIRoute)]
    assert len(found) > 100
    for context in found:
        for method in context.methods or ():
            yield method, re.sub(r"{[^}]*}", str(uuid.UUID(int=7)), str(context.path))


def a_scope(method: str, path: str) -> dict[str, object]:
    return {"type": "http", "method": method, "path": path, "headers": [], "root_path": ""}
