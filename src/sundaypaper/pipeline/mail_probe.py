"""Try the mail server and the mailbox of feeds.yaml, and send a test mail to oneself."""

from __future__ import annotations

from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, formataddr

from sundaypaper.addresses import plain_address
from sundaypaper.delivery.channels import ChannelTools, open_channel
from sundaypaper.delivery.inbox import open_mailbox
from sundaypaper.delivery.settings import DeliverySpec, InboxEntry
from sundaypaper.errors import DeliveryError
from sundaypaper.models import Letter

TEXT = (
    "`sundaypaper doctor` sent this to see whether mails of your paper arrive.\n\n"
    "If it lay among spam, so will the paper: see docs/mail-headers.md for SPF, DKIM and DMARC.\n"
)


def reach(spec: DeliverySpec, tools: ChannelTools) -> None:
    """Connect, encrypt and log in, and send nothing; DeliveryError says what to do."""
    with open_channel(spec, tools) as channel:
        channel.check()


def send_test(spec: DeliverySpec, tools: ChannelTools, to: str, now: datetime, word: str) -> None:
    """Send a test mail to an address of one's own; DeliveryError where it was not taken.

    word tells its Message-ID from any other.
    """
    letter = _letter(spec, plain_address(to), now, word)
    with open_channel(spec, tools) as channel:
        channel.check()
        answer = channel.send(letter)
    if answer.state != "sent":
        raise DeliveryError(f"the test mail was not taken ({answer.told or answer.code})")


def knock(inbox: InboxEntry, tools: ChannelTools) -> None:
    """Open the mailbox and read nothing; DeliveryError says what to do."""
    with open_mailbox(inbox, tools.environ, tools.run):
        pass


def _letter(spec: DeliverySpec, to: str, now: datetime, word: str) -> Letter:
    mail = EmailMessage(policy=SMTP)
    mail["From"] = formataddr((spec.name, spec.address))
    mail["To"] = to
    mail["Subject"] = "Do mails of your paper arrive?"
    mail["Date"] = format_datetime(now)
    mail["Message-ID"] = f"<doctor.{word}@{spec.address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(TEXT)
    return Letter(spec.inbox or spec.address, to, mail.as_bytes())
