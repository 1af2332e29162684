"""What FastAPI is told of a handler: its own parameters, and beside them the request and what arrived with it."""

import inspect
from collections.abc import Callable
from typing import Annotated, Any

from fastapi import Depends, Request
from starlette.responses import Response

from service.accounts.arriving import Arrived, receive


def signature_for_fastapi(handler: Callable[..., Any], *, is_prepared: bool) -> inspect.Signature:
    """Return the signature of the endpoint of a handler, without what the endpoint itself gives: context and what was prepared."""
    signature = inspect.signature(handler, eval_str=True)
    given_by_us = 2 if is_prepared else 1
    keyword = inspect.Parameter.KEYWORD_ONLY
    own = [parameter.replace(kind=keyword) for parameter in list(signature.parameters.values())[given_by_us:]]
    request = inspect.Parameter("request", keyword, annotation=Request)
    arrived = inspect.Parameter("arrived", keyword, annotation=Annotated[Arrived, Depends(receive)])
    returned = signature.return_annotation
    is_response = isinstance(returned, type) and issubclass(returned, Response)
    return signature.replace(
        parameters=[request, arrived, *own], return_annotation=inspect.Signature.empty if is_response else returned
    )
