"""Try the mail server and the mailbox of feeds.yaml, and send a test mail to oneself."""

from __future__ import annotations

from collections.abc import Callable
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from sundaypaper.addresses import plain_address
from sundaypaper.delivery.channels import open_channel
from sundaypaper.delivery.inbox import open_mailbox
from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.delivery.settings import DeliverySpec, InboxEntry
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Letter
from sundaypaper.pipeline.mailing import MailJob

TEXT = (
    "`sundaypaper doctor` sent this to see whether mails of your paper arrive.\n\n"
    "If it lay among spam, so will the paper: see docs/mail-headers.md for SPF, DKIM and DMARC.\n"
)


def reach(job: MailJob, spec: DeliverySpec) -> None:
    """Connect, encrypt and log in, and send nothing; DeliveryError says what to do."""
    with open_channel(spec, job.channel_tools) as channel:
        channel.check()


def send_test(job: MailJob, spec: DeliverySpec, to: str, random: Callable[[int], bytes]) -> None:
    """Send a test mail to an address of one's own; DeliveryError where it was not taken."""
    letter = _letter(job, spec, plain_address(to), random(8).hex())
    with open_channel(spec, job.channel_tools) as channel:
        channel.check()
        answer = channel.send(letter)
    if answer.state != "sent":
        told = without_addresses(answer.told, letter.recipient)
        raise DeliveryError(f"the test mail was not taken ({told or answer.code})")


def knock(job: MailJob, inbox: InboxEntry) -> None:
    """Open the mailbox and read nothing; DeliveryError says what to do."""
    with open_mailbox(inbox, job.environ, job.channel_tools.run):
        pass


def _letter(job: MailJob, spec: DeliverySpec, to: str, word: str) -> Letter:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((spec.name, spec.address))
    mail["To"] = to
    mail["Subject"] = "Do mails of your paper arrive?"
    mail["Date"] = format_datetime(job.now())
    mail["Message-ID"] = f"<doctor.{word}@{spec.address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(TEXT)
    return Letter(spec.inbox or spec.address, to, mail.as_bytes())
