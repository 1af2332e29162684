"""Storing what one screen of questions sends: answers, words to the contact, a choice between two answers."""

from collections.abc import Sequence

from service.accounts.access import Context
from service.errors import InvalidInputError
from service.submissions import operations, queries
from service.submissions.drafts import settle
from service.submissions.models import Submission
from service.submissions.questionnaire import Group
from service.submissions.threads import comment
from supplier_portal.typed import Choice, choice_from, comments_from, entries_from, stamps_from


def store_typed(context: Context, submission: Submission, group: Group) -> Sequence[str]:
    """Store a form and return the fields where somebody else's newer answer was typed over, unless one was chosen.

    Raises
    ------
    InvalidInputError
        By field.

    """
    typed_over = store_answers(context, submission, group)
    _say(context, submission, group)
    choice = choice_from(context.form, group.questions)
    if choice is None:
        return typed_over
    _choose(context, submission, choice)
    return [field for field in typed_over if field != choice.field]


def store_answers(context: Context, submission: Submission, group: Group) -> Sequence[str]:
    """Store the answers that a form holds and return the fields where somebody else's newer answer was typed over."""
    entries = entries_from(context.form, group.questions)
    seen = stamps_from(context.form, group.questions)
    return operations.save_draft(context.session, submission, entries, by=context.asking.actor, at=context.at, seen=seen)


def _say(context: Context, submission: Submission, group: Group) -> None:
    for field, text in comments_from(context.form, group.questions).items():
        try:
            comment(
                context.session,
                submission,
                field=field,
                text=text,
                from_supplier=True,
                by=context.asking.actor,
                at=context.at,
            )
        except InvalidInputError as error:
            raise InvalidInputError({field: error.fields["comment"]}) from error


def _choose(context: Context, submission: Submission, choice: Choice) -> None:
    earlier = queries.earlier_answers_of(context.session, submission.id)
    wanted = next((one for one in earlier if one.id == choice.earlier_id and one.field == choice.field), None)
    if wanted is not None:
        chosen = {choice.field: queries.entry_of(wanted)}
        operations.save_draft(context.session, submission, chosen, by=context.asking.actor, at=context.at)
    settle(context.session, submission, choice.field)
