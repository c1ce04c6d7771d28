"""Mails the inbox through a plus-address, and says whether leave mails will arrive."""

from __future__ import annotations

from email.utils import format_datetime

from sundaypaper.delivery.channels import open_channel
from sundaypaper.delivery.inbox import open_mailbox
from sundaypaper.delivery.inbox.mails import Leave, read_mail
from sundaypaper.delivery.settings import DeliverySpec, InboxEntry
from sundaypaper.delivery.statuses import unmistakable
from sundaypaper.errors import DeliveryError
from sundaypaper.formats.email.letter import leave_address
from sundaypaper.models import Letter
from sundaypaper.pipeline.mailing import MailJob, mail_settings

# Seconds between two looks, the last one again and again, and in all.
LOOKS, LONGEST = (1.0, 2.0, 4.0, 8.0, 15.0), 120.0
NOT_THERE = (
    "Whoever presses leave would stay subscribed. The server of inbox.address has to take its "
    "plus-addresses (Postfix: recipient_delimiter = +; Microsoft 365 and Google do by themselves), "
    "and deliver them into the mailbox that inbox names, not into a folder of spam"
)


def check_inbox(job: MailJob) -> str:
    """Mail the leave address of nobody and wait for it in the inbox; a sentence that it came.

    The mail is marked as read and nothing else is. DeliveryError says what to do where it cannot be
    sent, comes back, or is not there after two minutes.
    """
    inbox, spec = mail_settings(job)
    if spec.channel.writes_files:
        raise DeliveryError(
            f"delivery of kind {spec.kind} sends nothing, so that leave mails cannot be tried: do it "
            "where the mails go out"
        )
    token, monotonic = job.readers.token(), job.channel_tools.monotonic
    began = monotonic()
    _send(job, spec, token)
    job.say("a mail to a leave address was sent; waiting for it in the inbox")
    for look in range(1_000):
        job.channel_tools.sleep(LOOKS[min(look, len(LOOKS) - 1)])
        passed = monotonic() - began
        if _came(job, inbox, spec.inbox, token):
            return f"it came after {passed:.0f} seconds: leave mails and bounces will arrive"
        if passed >= LONGEST:
            break
    raise DeliveryError(f"it did not come within {LONGEST:.0f} seconds. {NOT_THERE}")


def _send(job: MailJob, spec: DeliverySpec, token: str) -> None:
    with open_channel(spec, job.channel_tools) as channel:
        channel.check()
        answer = channel.send(letter(job, spec, token))
    if answer.state != "sent":
        raise DeliveryError(
            f"the mail to a leave address was not taken ({answer.told or answer.code}). {NOT_THERE}"
        )


def letter(job: MailJob, spec: DeliverySpec, token: str) -> Letter:
    """A mail to the leave address that has this token, from the inbox itself."""
    to = leave_address(spec.inbox, token)
    lines = (
        f"From: {spec.address}",
        f"To: {to}",
        "Subject: Do leave mails arrive?",
        f"Date: {format_datetime(job.now())}",
        f"Message-ID: <check.{token}@{spec.address.rpartition('@')[2]}>",
        "Auto-Submitted: auto-generated",
        "MIME-Version: 1.0",
        "Content-Type: text/plain; charset=us-ascii",
        "",
        "sundaypaper inbox --check sent this to itself, to see whether leave mails arrive.",
        "",
    )
    return Letter(spec.inbox, to, "\r\n".join(lines).encode("ascii"))


def _came(job: MailJob, inbox: InboxEntry, address: str, token: str) -> bool:
    """Whether the mail is in the inbox; DeliveryError where it came back."""
    with open_mailbox(inbox, job.environ, job.channel_tools.run) as mailbox:
        for key, raw in mailbox:
            if raw is None or token.encode() not in raw.lower():
                continue
            mailbox.done(key)
            if read_mail(raw, address) == Leave(token):
                return True
            code = unmistakable(raw)[1]
            raise DeliveryError(f"it came back {f'with {code}' if code else ''}. {NOT_THERE}")
    return False
