from collections.abc import Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import APIRouter, Query
from starlette.responses import Response

from service.accounts.access import STAFF, Context, endpoint
from service.accounts.pages import render_page
from service.console.finding import HITS_PER_KIND, KINDS, Hit
from service.console.navigation import works_in
from service.i18n import translate

router = APIRouter()

TEXT_MAX = 100


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The hits of one kind; `is_cut` when there may be more."""

    label: str
    hits: Sequence[Hit]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchPage:
    """Context of the search page."""

    text: str
    found: Sequence[Found]
    hits_per_kind: int = HITS_PER_KIND


@router.get("/console/search")
@endpoint(STAFF)
def search(context: Context, q: Annotated[str, Query()] = "") -> Response:
    """Look in all areas in which whoever asks works."""
    text = q.replace("\0", "").strip()[:TEXT_MAX]
    return render_page(context, "console/search.html", SearchPage(text=text, found=_find(context, text) if text else ()))


def _find(context: Context, text: str) -> Sequence[Found]:
    looked = ((kind.label, kind.find(context.session, text, context.locale)) for kind in KINDS if works_in(context, kind.area))
    return [
        Found(label=translate(context.locale, label), hits=hits, is_cut=len(hits) == HITS_PER_KIND)
        for label, hits in looked
        if hits
    ]
