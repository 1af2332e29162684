from datetime import date, timedelta

import pytest
from sqlmodel import Session, select

from service.accounts.models import User
from service.campaigns import operations, queries
from service.campaigns.models import Campaign, CampaignMember, CampaignStatus, Reminder
from service.campaigns.rules import CampaignStateError
from service.database import Database
from service.errors import InvalidInputError
from service.mail.models import MailMessage
from service.settings import Settings
from service.submissions import operations as submissions
from service.submissions.models import Depth, Submission, SubmissionStatus
from tests import builders
from tests.campaigns.builders import BY, a_campaign, campaign_input
from tests.conftest import NOW, MovableClock, RunJobs
from tests.submissions.builders import an_accepted


def start(session: Session, campaign: Campaign, settings: Settings) -> bool:
    return operations.start(session, campaign, settings=settings, by=BY, at=NOW)


def mails(session: Session) -> list[MailMessage]:
    return list(session.exec(select(MailMessage).order_by(MailMessage.id)))  # type: ignore[arg-type] # a mapped column


def test_starting_asks_every_supplier_once_however_often_it_is_done(session: Session, settings: Settings) -> None:
    campaign = a_campaign(session, depth=Depth.FULL)

    assert start(session, campaign, settings)
    with pytest.raises(CampaignStateError, match="nobody to ask"):
        start(session, campaign, settings)

    asked = queries.submissions_of(session, campaign.id)
    assert [(one.status, one.depth, one.deadline) for one in asked] == [
        (SubmissionStatus.INVITED, Depth.FULL, date(2026, 12, 31)),
    ] * 2
    assert len(mails(session)) == 2
    assert campaign.status is CampaignStatus.RUNNING


def test_suppliers_are_told_before_they_get_a_link(session: Session, settings: Settings) -> None:
    campaign = a_campaign(session, told=False)

    with pytest.raises(CampaignStateError, match="Tell the suppliers first"):
        start(session, campaign, settings)
    assert operations.send_notice(session, campaign, settings=settings, by=BY, at=NOW) == 2
    start(session, campaign, settings)

    texts = [mail.body for mail in mails(session)]
    assert ["敬告" in text and "Dear partner" in text for text in texts] == [True, True, False, False]
    assert ["/r/" in text for text in texts] == [False, False, True, True]


def test_a_supplier_that_has_answered_for_the_period_is_not_asked_again(session: Session, settings: Settings) -> None:
    answered = an_accepted(session)
    supplier = session.get_one(operations.Supplier, answered.supplier_id)
    short, full = a_campaign(session, suppliers=[supplier]), a_campaign(session, suppliers=[supplier], depth=Depth.FULL)

    start(session, short, settings)
    start(session, full, settings)

    assert [one.id for one in queries.submissions_of(session, short.id)] == [answered.id]
    [asked_more] = queries.submissions_of(session, full.id)
    assert (asked_more.id != answered.id, asked_more.status) == (True, SubmissionStatus.INVITED)


def test_an_open_request_of_the_period_is_taken_into_the_campaign(session: Session, settings: Settings) -> None:
    present = builders.a_submission(session, status=SubmissionStatus.IN_PROGRESS)
    campaign = a_campaign(session, suppliers=[session.get_one(operations.Supplier, present.supplier_id)])

    start(session, campaign, settings)

    assert [one.id for one in queries.submissions_of(session, campaign.id)] == [present.id]
    assert mails(session) == []


def test_many_suppliers_are_asked_by_a_background_job_and_never_twice(
    database: Database, settings: Settings, run_jobs: RunJobs
) -> None:
    with database.writing() as session:
        suppliers = [builders.a_supplier(session) for _ in range(operations.MANY + 1)]
        campaign = a_campaign(session, suppliers=suppliers)
        assert not start(session, campaign, settings)
        assert queries.submissions_of(session, campaign.id) == []

    run_jobs()

    with database.writing() as session:
        assert len(queries.submissions_of(session, campaign.id)) == operations.MANY + 1
        with pytest.raises(CampaignStateError, match="nobody to ask"):
            start(session, queries.get_campaign(session, campaign.id), settings)


def test_a_supplier_that_was_asked_is_not_taken_out_silently(session: Session, settings: Settings) -> None:
    campaign = a_campaign(session)
    first, second = queries.members_of(session, campaign.id)
    operations.remove_member(session, campaign, first.id, by=BY, at=NOW)
    start(session, campaign, settings)

    with pytest.raises(CampaignStateError, match="withdraw its request instead"):
        operations.remove_member(session, campaign, second.id, by=BY, at=NOW)


def test_what_is_asked_stays_once_the_campaign_runs_but_its_owner_may_change(session: Session, settings: Settings) -> None:
    campaign = a_campaign(session)
    start(session, campaign, settings)
    other = builders.a_user(session)

    operations.change_campaign(session, campaign, campaign_input(other, name="Renamed"), version=campaign.version, by=BY, at=NOW)
    changed = campaign_input(other, depth=Depth.FULL)
    with pytest.raises(CampaignStateError, match="has started"):
        operations.change_campaign(session, campaign, changed, version=campaign.version, by=BY, at=NOW)

    assert (campaign.name, campaign.owner_id) == ("Renamed", other.id)


def test_more_time_is_given_to_those_who_have_not_handed_in(session: Session, settings: Settings) -> None:
    campaign = a_campaign(session)
    start(session, campaign, settings)
    handed_in, late = queries.submissions_of(session, campaign.id)
    handed_in.status = SubmissionStatus.SUBMITTED
    session.flush()

    more = {"timezone": settings.timezone, "by": BY, "at": NOW}
    assert operations.extend_deadline(session, campaign, deadline=date(2027, 1, 15), **more) == 1
    with pytest.raises(InvalidInputError):
        operations.extend_deadline(session, campaign, deadline=date(2027, 1, 10), **more)

    assert (handed_in.deadline, late.deadline) == (date(2026, 12, 31), date(2027, 1, 15))


def test_a_supplier_that_is_switched_off_can_not_be_chosen(session: Session) -> None:
    supplier = builders.a_supplier(session)
    supplier.is_active = False
    session.flush()

    with pytest.raises(InvalidInputError) as caught:
        a_campaign(session, suppliers=[supplier])
    assert "switched off" in str(caught.value.fields["supplier_ids"])


# ---- Reminders and digests. The deadline is Thursday 31 December 2026, so T-14 is Thursday the 17th, nine in Shanghai. ----

T_14 = NOW.replace(month=12, day=17, hour=1)


@pytest.fixture
def running(database: Database, settings: Settings) -> Campaign:
    with database.writing() as session:
        campaign = a_campaign(session, suppliers=[builders.a_supplier(session)])
        start(session, campaign, settings)
        return campaign


def hourly(database: Database, clock: MovableClock, run_jobs: RunJobs) -> list[MailMessage]:
    """Ask for the hourly task at the clock's time, run it and return the mails written then."""
    with database.writing() as session:
        operations.enqueue(session, "send_reminders", {}, key=f"send_reminders:{clock():%Y-%m-%dT%H}", run_at=clock())
    run_jobs()
    with database.reading() as session:
        found = [message for message in mails(session) if message.created_at == clock()]
        session.expunge_all()
        return found


def the_request(session: Session) -> Submission:
    return session.exec(select(Submission)).one()


@pytest.mark.usefixtures("running")
def test_a_supplier_is_reminded_once_in_both_languages_with_its_link_and_a_way_out(
    database: Database, settings: Settings, clock: MovableClock, run_jobs: RunJobs
) -> None:
    clock.now = T_14

    reminders = [mail for mail in hourly(database, clock, run_jobs) if mail.about.startswith("submission")]
    clock.move(timedelta(hours=1))
    again = [mail for mail in hourly(database, clock, run_jobs) if mail.about.startswith("submission")]

    [mail] = reminders
    assert again == []
    assert "you still have 14 days" in mail.body
    assert "还有 14 天" in mail.body
    assert f"{settings.base_url}/r/" in mail.body
    assert f"{settings.base_url}/reminders/" in mail.body
    with database.reading() as session:
        assert session.exec(select(Reminder.step)).all() == ["T-14"]


@pytest.mark.usefixtures("running")
def test_once_the_supplier_has_chosen_a_language_reminders_come_in_it(
    database: Database, clock: MovableClock, run_jobs: RunJobs
) -> None:
    with database.writing() as session:
        session.exec(select(submissions.Invitation)).one().locale = "zh-CN"
    clock.now = T_14

    [mail] = [mail for mail in hourly(database, clock, run_jobs) if mail.about.startswith("submission")]

    assert "还有 14 天" in mail.body
    assert "you still have" not in mail.body


@pytest.mark.parametrize("status", [SubmissionStatus.SUBMITTED, SubmissionStatus.RETURNED, SubmissionStatus.BOUNCED])
@pytest.mark.usefixtures("running")
def test_who_has_handed_in_or_can_not_be_reached_is_not_reminded(
    database: Database, clock: MovableClock, run_jobs: RunJobs, status: SubmissionStatus
) -> None:
    with database.writing() as session:
        the_request(session).status = status
    clock.now = T_14

    assert [mail for mail in hourly(database, clock, run_jobs) if mail.about.startswith("submission")] == []


@pytest.mark.usefixtures("running")
def test_who_has_opted_out_is_not_reminded_until_it_opts_in_again(
    database: Database, clock: MovableClock, run_jobs: RunJobs
) -> None:
    with database.writing() as session:
        operations.opt_out(session, the_request(session), at=NOW)
        operations.opt_out(session, the_request(session), at=NOW)
    clock.now = T_14
    silent = [mail for mail in hourly(database, clock, run_jobs) if mail.about.startswith("submission")]
    with database.writing() as session:
        operations.opt_in(session, the_request(session), at=NOW)
    clock.move(timedelta(hours=1))

    assert silent == []
    assert len([mail for mail in hourly(database, clock, run_jobs) if mail.about.startswith("submission")]) == 1


def test_the_owner_gets_one_digest_a_week_with_counts_and_next_actions(
    database: Database, running: Campaign, clock: MovableClock, run_jobs: RunJobs
) -> None:
    with database.writing() as session:
        owner = session.get_one(User, running.owner_id)
        owner.locale = "en"
        address = owner.email
    clock.now = NOW.replace(day=23, hour=1)  # started on Sunday the 22nd; Monday begins the next week

    [digest] = [mail for mail in hourly(database, clock, run_jobs) if mail.recipient == address]
    clock.move(timedelta(days=1))
    tuesday = [mail for mail in hourly(database, clock, run_jobs) if mail.recipient == address]

    assert tuesday == []
    assert "Invited: 1" in digest.body
    assert "Mengtan Toll: Hand the link on, or wait for the mail" in digest.body
    assert f"/console/campaigns/{running.id}" in digest.body
    assert digest.subject == "2025 数据: 0 of 1 accepted"


def test_a_campaign_has_each_supplier_once(session: Session) -> None:
    supplier = builders.a_supplier(session)
    campaign = a_campaign(session, suppliers=[supplier])

    assert operations.add_members(session, campaign, [supplier.id], by=BY, at=NOW) == 0
    assert len(session.exec(select(CampaignMember)).all()) == 1
