"""Every background task by the name it is enqueued under."""

from service.jobs.work import Tasks
from service.mail.tasks import send_mail

TASKS: Tasks = {"send_mail": send_mail}
