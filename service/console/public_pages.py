"""What everybody may read without signing in: articles and events, and how far the company has come, in approved figures only."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import PUBLIC, Context, endpoint
from service.accounts.limits import Limit
from service.accounts.pages import render_page
from service.publicity.marks import Block, read_marks
from service.publicity.models import Claim, ClaimProof, FigureKind, Post, PostKind, ReleasedFigure
from service.publicity.queries import get_published, public_claims, public_figures, published_posts

router = APIRouter()

LOOK_LIMIT: Final = Limit(name="public-pages", tries=600, per_s=60)  # a whole office reads behind one address
GUESS_LIMIT: Final = Limit(name="public-pages-guess", tries=20, per_s=300, misses_only=True)
REVALIDATED: Final = {"Cache-Control": "private, no-cache", "Vary": "Cookie, Accept-Language"}
"""Kept by the browser that asked, shown again only after asking whether it still holds: a withdrawn claim is gone at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class LearnPage:
    """What there is to read."""

    articles: Sequence[Post]
    coming: Sequence[Post]
    past: Sequence[Post]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReadingPage:
    """One article or event."""

    post: Post
    title: str
    place: str | None
    blocks: Sequence[Block]


@dataclass(frozen=True, slots=True, kw_only=True)
class ProgressPage:
    """Released figures and proven claims, as of a day."""

    on: date
    settlements: Sequence[ReleasedFigure]
    emissions: Sequence[ReleasedFigure]
    claims: Sequence[tuple[Claim, Sequence[ClaimProof]]]


@router.get("/public/learn")
@endpoint(PUBLIC, limited=(LOOK_LIMIT,))
def show_learn(context: Context) -> Response:
    """List articles and events."""
    today = context.today
    events = published_posts(context.session, PostKind.EVENT)
    page = LearnPage(
        articles=published_posts(context.session, PostKind.ARTICLE),
        coming=[one for one in reversed(events) if one.event_on is not None and one.event_on >= today],
        past=[one for one in events if one.event_on is not None and one.event_on < today],
    )
    return _kept(context, "public/learn.html", page)


@router.get("/public/learn/{slug}")
@endpoint(PUBLIC, limited=(LOOK_LIMIT, GUESS_LIMIT))
def show_reading(context: Context, slug: str) -> Response:
    """Show one article or event."""
    post = get_published(context.session, slug)
    is_chinese = context.locale == "zh-CN"
    page = ReadingPage(
        post=post,
        title=post.title_zh if is_chinese else post.title_en,
        place=post.place_zh if is_chinese else post.place_en,
        blocks=read_marks(post.body_zh if is_chinese else post.body_en),
    )
    return _kept(context, "public/reading.html", page)


@router.get("/public/progress")
@endpoint(PUBLIC, limited=(LOOK_LIMIT,))
def show_progress(context: Context) -> Response:
    """Show how far the company has come, also where it missed what it wanted."""
    today = context.today
    page = ProgressPage(
        on=today,
        settlements=public_figures(context.session, FigureKind.SETTLEMENT),
        emissions=public_figures(context.session, FigureKind.EMISSIONS),
        claims=public_claims(context.session, on=today),
    )
    return _kept(context, "public/progress.html", page)


def _kept(context: Context, template: str, page: object) -> Response:
    response = render_page(context, template, page)
    tag = f'"{hashlib.sha256(response.body).hexdigest()[:32]}"'
    # A browser that comes for the first time gets a cookie with the page, which must not be taken for an old one.
    if "set-cookie" in response.headers:
        response.headers.update(REVALIDATED)
        return response
    if tag in context.request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers={"ETag": tag, **REVALIDATED})
    response.headers.update({"ETag": tag, **REVALIDATED})
    return response
