"""Which addresses open for whoever asks: links are shown by it, so that no page leads to a refusal."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from fastapi import FastAPI
from fastapi.routing import APIRoute, iter_route_contexts
from starlette.routing import compile_path

from service.accounts.access import Context, Policy


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """The addresses of a route that answers a GET, and who may use it."""

    addresses: re.Pattern[str]
    policy: Policy


def doors_of(app: FastAPI) -> Sequence[Door]:
    """Return the routes that answer a GET, in the order in which they are tried."""
    return [
        Door(addresses=compile_path(context.path or "")[0], policy=context.original_route.endpoint.policy)  # type: ignore[attr-defined] # set by `endpoint`
        for context in iter_route_contexts(app.routes)
        if isinstance(context.original_route, APIRoute) and "GET" in (context.original_route.methods or ())
    ]


def may_open(context: Context, href: str) -> bool:
    """Tell whether an address of ours lets in whoever asks; its row may still turn out not to be theirs, or not to be."""
    path = urlsplit(href).path
    doors: Sequence[Door] = context.request.app.state.doors
    policy = next((door.policy for door in doors if door.addresses.match(path)), None)
    return policy is not None and policy.lets_in(context.principal)
