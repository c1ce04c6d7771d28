"""A post to a chat: the minute and "Read first" of an issue as paragraphs of plain text.

The words lie in templates/mail/chat.txt. The first paragraph and the last, a link, are always posted;
those between give way where a service takes less.
"""

from __future__ import annotations

import re
from datetime import datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from jinja2 import Environment

from sundaypaper.formats.template import rendered
from sundaypaper.models import Issue, Letter

# What chats read as a call to everybody, or as a link behind other words, in what others wrote.
CALLS = re.compile(r"(?<![\w.])@(?=\w)|<(?=[!@#])|\](?=\()")
APART = "\u200b"


def post(
    issue: Issue, page: str, recipient: str, tag: str, queued: datetime, env: Environment
) -> Letter:
    """The letter whose text is posted. page is the address of the issue."""
    picks = {pick.id: pick for pick in issue.entries}
    gone = {a.id for a in issue.amendments if a.kind == "removed"}
    lead = [
        picks[item.id]
        for section in issue.sections
        if section.id == "lead"
        for item in section.items
        if item.id in picks and item.id not in gone
    ]
    text = rendered(env, "mail/chat.txt", issue=issue, lead=lead, page=page)
    message = EmailMessage(policy=SMTP)
    message["Message-ID"] = f"<{issue.week.lower()}.{tag}@chat.invalid>"
    message["Date"] = format_datetime(queued)
    message["To"] = recipient
    message["Subject"] = f"{issue.title}, {issue.week}"
    message.set_content(harmless(text), cte="8bit")
    return Letter("", recipient, message.as_bytes())


def harmless(text: str) -> str:
    """Text in which nobody is called and no link hides behind words, whatever a title says."""
    return CALLS.sub(lambda found: f"{found[0]}{APART}", text)
