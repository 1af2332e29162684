"""Pages on articles and events: written, approved by another person, published on the public pages, withdrawn."""

import uuid
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from fastapi import APIRouter
from starlette.responses import Response

from service.accounts.access import Context, endpoint
from service.accounts.pages import refusals_shown_by, render_page, see_other
from service.accounts.queries import names_of_actors
from service.console.publishing_steps import Step, steps_for, take_step
from service.console.table_imports import as_typed
from service.database import new_id
from service.errors import N_
from service.plan.policies import EDITOR_ROLES, PLAN_APPROVERS, PLAN_EDITORS, PLAN_READERS
from service.publicity import posts
from service.publicity.marks import Block, read_marks
from service.publicity.models import Post, PostKind
from service.publicity.queries import find_posts, get_post
from service.publicity.rules import EDITABLE
from service.publicity.schemas import PostInput
from service.web.forms import FormState, parse_form

router = APIRouter()

LIST: Final = "/console/plan/publicity"
POSTS: Final = f"{LIST}/posts"


class PostChange(PostInput):
    """The form of an existing article or event: with the version it was read at."""

    version: int


@dataclass(frozen=True, slots=True, kw_only=True)
class PostsPage:
    """All articles and events, and who wrote last of each."""

    posts: Sequence[Post]
    authors: Mapping[str, str]
    may_write: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PostPage:
    """One article or event, or the form of a new one if `post` is None.

    Attributes
    ----------
    preview
        As the public page will show it, in Chinese and in English.
    steps
        What whoever looks may do with it now.

    """

    post: Post | None
    form: FormState
    preview: Sequence[tuple[str, str, Sequence[Block]]]
    authors: str
    steps: Sequence[Step]
    may_write: bool
    idempotency_key: str


def _show_form(context: Context, form: FormState, post: Post | None) -> Response:
    names = names_of_actors(context.session, post.authors if post else ())
    page = PostPage(
        post=post,
        form=form,
        preview=_preview(post) if post else (),
        authors=", ".join(names.values()),
        steps=steps_for(context, post.status, f"{POSTS}/{post.id}") if post else (),
        may_write=context.asking.has(*EDITOR_ROLES) and (post is None or post.status in EDITABLE),
        idempotency_key=str(new_id()),
    )
    return render_page(context, "console/plan_post.html", page, status=form.status)


def _show_new(context: Context, form: FormState) -> Response:
    return _show_form(context, form, None)


def _show(context: Context, form: FormState, post_id: uuid.UUID) -> Response:
    return _show_form(context, form, get_post(context.session, post_id))


@router.get(LIST)
@endpoint(PLAN_READERS)
def show_posts(context: Context) -> Response:
    """List articles and events."""
    found = find_posts(context.session)
    names = names_of_actors(context.session, {actor for one in found for actor in one.authors})
    page = PostsPage(posts=found, authors=names, may_write=context.asking.has(*EDITOR_ROLES))
    return render_page(context, "console/plan_publicity.html", page)


@router.get(f"{POSTS}/new")
@endpoint(PLAN_EDITORS)
def new_post(context: Context) -> Response:
    """Show an empty form."""
    return _show_new(context, FormState(values={"kind": PostKind.ARTICLE}))


@router.post(POSTS)
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show_new)
def write_post(context: Context) -> Response:
    """Add a draft."""
    fields = parse_form(PostInput, context.form)
    post = posts.write_post(context.session, fields, by=context.asking.actor, at=context.at)
    return see_other(context, f"{POSTS}/{post.id}", N_("Saved as a draft. Another person approves it."))


@router.get(f"{POSTS}/{{post_id}}")
@endpoint(PLAN_READERS)
def show_post(context: Context, post_id: uuid.UUID) -> Response:
    """Show one article or event."""
    post = get_post(context.session, post_id)
    return _show_form(context, FormState(values=_typed(post)), post)


@router.post(f"{POSTS}/{{post_id}}")
@endpoint(PLAN_EDITORS)
@refusals_shown_by(_show)
def change_post(context: Context, post_id: uuid.UUID) -> Response:
    """Change what is not published; it is a draft again."""
    change = parse_form(PostChange, context.form)
    fields = PostInput(**change.model_dump(exclude={"version"}))
    posts.change_post(context.session, post_id, fields, version=change.version, by=context.asking.actor, at=context.at)
    return see_other(context, f"{POSTS}/{post_id}", N_("Saved as a draft. Another person approves it."))


@router.post(f"{POSTS}/{{post_id}}/approve")
@endpoint(PLAN_APPROVERS)
def approve(context: Context, post_id: uuid.UUID) -> Response:
    """Approve what others wrote."""
    return take_step(context, posts.approve_post, post_id, N_("Approved."))


@router.post(f"{POSTS}/{{post_id}}/publish")
@endpoint(PLAN_EDITORS)
def publish(context: Context, post_id: uuid.UUID) -> Response:
    """Let everybody read what was approved."""
    return take_step(context, posts.publish_post, post_id, N_("Published."))


@router.post(f"{POSTS}/{{post_id}}/withdraw")
@endpoint(PLAN_EDITORS)
def withdraw(context: Context, post_id: uuid.UUID) -> Response:
    """Take it from the public pages."""
    return take_step(context, posts.withdraw_post, post_id, N_("Withdrawn from the public pages."))


def _preview(post: Post) -> Sequence[tuple[str, str, Sequence[Block]]]:
    return (("zh-CN", post.title_zh, read_marks(post.body_zh)), ("en", post.title_en, read_marks(post.body_en)))


def _typed(post: Post) -> Mapping[str, str]:
    fields = PostInput.model_construct(**post.model_dump(include=set(PostInput.model_fields)))
    return {**as_typed(fields), "version": str(post.version)}
