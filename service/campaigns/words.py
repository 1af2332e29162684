"""What stages, actions and states of campaigns are called; message ids."""

from collections.abc import Mapping

from service.campaigns.funnel import Stage
from service.campaigns.models import CampaignStatus, DigestRhythm
from service.campaigns.rules import NextAction
from service.errors import N_
from service.submissions.models import Depth, Door, SubmissionStatus

STAGE_WORDS: Mapping[Stage, str] = {
    Stage.INVITED: N_("Invited"),
    Stage.DELIVERED: N_("Delivered"),
    Stage.OPENED: N_("Opened"),
    Stage.STARTED: N_("Filling in begun"),
    Stage.SUBMITTED: N_("Submitted"),
    Stage.ACCEPTED: N_("Accepted"),
    Stage.BOUNCED: N_("Bounced"),
    Stage.RETURNED: N_("Returned"),
    Stage.DECLINED: N_("Declined"),
}
ACTION_WORDS: Mapping[NextAction, str] = {
    NextAction.START: N_("Start the campaign to ask"),
    NextAction.HAND_ON: N_("Hand the link on, or wait for the mail"),
    NextAction.CORRECT_ADDRESS: N_("Correct the address and send again"),
    NextAction.WAIT: N_("Wait; reminders go out by themselves"),
    NextAction.CALL: N_("Call the contact: nothing has moved for a week"),
    NextAction.EXTEND: N_("Overdue: call, extend the deadline or withdraw"),
    NextAction.REVIEW: N_("Review the answers"),
    NextAction.READ_REASON: N_("Read the reason; ask again, or use default data"),
    NextAction.ASK_AGAIN: N_("Expired: ask again"),
    NextAction.NOTHING: N_("Nothing"),
}
CAMPAIGN_STATUS_WORDS: Mapping[CampaignStatus, str] = {
    CampaignStatus.DRAFT: N_("Draft"),
    CampaignStatus.RUNNING: N_("Running"),
    CampaignStatus.CLOSED: N_("Closed"),
}
DIGEST_WORDS: Mapping[DigestRhythm, str] = {
    DigestRhythm.DAILY: N_("Every working day"),
    DigestRhythm.WEEKLY: N_("Once a week"),
    DigestRhythm.OFF: N_("Never"),
}
DEPTH_WORDS: Mapping[Depth, str] = {
    Depth.FIRST: N_("Short first request (at most 15 questions)"),
    Depth.FULL: N_("Full questionnaire"),
}
DOOR_WORDS: Mapping[Door, str] = {Door.WEB: N_("web page"), Door.EXCEL: N_("Excel"), Door.API: N_("interface")}
STATUS_NAMES: Mapping[SubmissionStatus, str] = {
    SubmissionStatus.PLANNED: N_("Planned"),
    SubmissionStatus.INVITED: N_("Invited"),
    SubmissionStatus.DELIVERED: N_("Delivered"),
    SubmissionStatus.BOUNCED: N_("Bounced"),
    SubmissionStatus.OPENED: N_("Opened"),
    SubmissionStatus.IN_PROGRESS: N_("In progress"),
    SubmissionStatus.SUBMITTED: N_("Submitted"),
    SubmissionStatus.IN_REVIEW: N_("In review"),
    SubmissionStatus.RETURNED: N_("Returned"),
    SubmissionStatus.ACCEPTED: N_("Accepted"),
    SubmissionStatus.IN_USE: N_("In use"),
    SubmissionStatus.SUPERSEDED: N_("Superseded"),
    SubmissionStatus.DECLINED: N_("Declined"),
    SubmissionStatus.WITHDRAWN: N_("Withdrawn"),
    SubmissionStatus.EXPIRED: N_("Expired"),
}
