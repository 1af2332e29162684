"""Every background task by the name it is enqueued under."""

from service.footprints.tasks import recalculate_product
from service.jobs.work import Tasks
from service.mail.tasks import send_mail

TASKS: Tasks = {"recalculate_product": recalculate_product, "send_mail": send_mail}
