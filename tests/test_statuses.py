"""One judge of refusals: what servers say while we send and afterwards, and whom they mean by it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from sundaypaper.delivery.refusals import about_reader, about_us, names_sender, settled
from sundaypaper.delivery.statuses import judged
from sundaypaper.models import Answer

# Replies as servers give them, addresses taken out, and what is right. All words are of the
# servers' own documents or of public reports.
OURS = (
    "553 5.7.1 <address>: Sender address rejected: not owned by user paper",
    "550 5.1.8 Access denied, bad outbound sender. For more information please go to",
    "554 5.2.252 SendAsDenied; paper not allowed to send as news",
    "554 5.2.0 STOREDRV.Submission.Exception:SendAsDeniedException.MapiExceptionSendAsDenied",
    "550 5.7.60 SMTP; Client does not have permissions to send as this sender",
    "550 5.1.0 <address>: Sender address rejected: User unknown in local recipient table",
    "550 5.1.1 <address>: Sender address rejected: undeliverable address",
    "550 <address>: Sender address rejected",
    "553 sender not allowed to relay",
    "550 Sender verify failed",
    "550 5.7.1 Unable to relay",
    "550 relay not permitted",
    "550 We do not relay",
    "554 5.7.1 <address>: Relay access denied",
    "554 <address>: Relay access denied",
    "553 sorry, that domain isn't in my list of allowed rcpthosts (#5.7.1)",
    "553 Mail from must equal authorized user",
    "501 mail from address must be same as authorization user",
    "550 SPF check failed",
    "550 rejected: SPF record does not designate this host",
    "550 5.0.0 DMARC policy of the sender's domain",
    "550 DKIM signature missing",
    "554 Service unavailable; Client host [192.0.2.1] blocked using zen.example",
    "554 Your IP is on a blacklist",
    "550 Message rejected for policy reasons",
    "550 Administrative prohibition",
    "554 This message looks like spam",
    "550 5.4.5 Daily user sending quota exceeded",
    "550 Daily sending limit reached",
    "550 Too many messages from you today",
    "554 sending rate limit exceeded, try later",
    "554 5.7.1 quota of this sender exceeded for this recipient",
    "550 You must authenticate first",
    "550 unauthenticated mail is not taken",
    "550-Requested action not taken: mailbox unavailable 550 Reject due to SPF policy",
    "554 Message rejected: Email address is not verified. The following identities failed",
    "550 HELO name is not yours",
    "554 Email rejected due to security policies",
    "550 Mail content denied",
    "550 Rejected by header based manually Blocked Senders",
    "554 Blocked - see https://check.example/?ip=192.0.2.1",
)
THEIRS = (
    ("550 5.1.1 <address>: Recipient address rejected: User unknown in virtual mailbox table", "hard"),
    ("550 5.1.1 User unknown in relay recipient table", "hard"),
    ("550 5.1.10 RESOLVER.ADR.RecipientNotFound; Recipient not found", "hard"),
    ("550 5.2.1 The account is disabled", "hard"),
    ("550 sorry, no mailbox here by that name. (#5.1.1)", "hard"),
    ("552 5.2.2 The account is over quota", "soft"),
    ("552 5.2.2 Mailbox size limit exceeded", "soft"),
    ("550 5.4.1 Recipient address rejected: Access denied", "soft"),
    ("550 5.5.0 Requested action not taken: mailbox unavailable", "soft"),
    ("550 5.0.0 user unknown, blocked by policy", "soft"),
    ("550 User unknown", "nothing"),
    ("550 No such user here", "nothing"),
    ("554 delivery error: This user doesn't have an account here", "nothing"),
    ("550 Mailbox is full", "nothing"),
    ("552 over quota", "nothing"),
    ("554 Transaction failed", "nothing"),
    ("550 no", "nothing"),
)  # fmt: skip
ONE_LETTERS = (
    "552 5.3.4 Message too big for system",
    "554 5.6.0 bad headers",
    "552 5.2.3 too long",
)


def answer(said: str) -> Answer:
    """What a channel makes of a reply: state by its first digit, status where one stands."""
    code, _, rest = said.partition(" ")
    code = code.partition("-")[0]
    status = rest.split()[0] if rest[1:2] == "." else ""
    return Answer("failed" if code[0] == "5" else "deferred", int(code), status, said)


@pytest.mark.parametrize("said", OURS)
def test_what_refuses_us_puts_the_mail_off_and_counts_against_nobody(said: str) -> None:
    """With a status or in bare words; in words about the sender whatever the status is."""
    refused = answer(said)
    assert about_us(refused)
    assert settled(refused).state == "deferred"
    assert about_reader(refused)[0] == "nothing"


@pytest.mark.parametrize(("said", "verdict"), THEIRS)
def test_what_refuses_a_reader_fails_their_mail_alone(said: str, verdict: str) -> None:
    """Counted where a status says so; bare words fail this mail and count nothing."""
    refused = answer(said)
    assert not about_us(refused)
    assert settled(refused) == refused
    assert about_reader(refused)[0] == verdict


@pytest.mark.parametrize(
    ("said", "named"),
    [
        *((said, True) for said in (*OURS[:3], "550 5.7.26 no")),
        ("554 5.7.1 no", False),
        ("552 5.7.0 content", False),
        ("550 5.1.1 gone", False),
        ("554 5.7.1 quota of this sender exceeded for this recipient", False),
    ],
)
def test_only_what_names_the_sender_is_believed_at_the_first_mail(said: str, named: bool) -> None:
    """Another policy may be about that one mail, and the next reader gets theirs."""
    assert names_sender(answer(said)) is named


@pytest.mark.parametrize("said", ONE_LETTERS)
def test_a_letter_that_is_too_large_or_ill_made_fails_alone(said: str) -> None:
    """Neither sender nor reader is meant."""
    assert not about_us(answer(said))
    assert settled(answer(said)).state == "failed"
    assert about_reader(answer(said))[0] == "nothing"


@pytest.mark.parametrize(
    ("said", "ours"),
    [
        ("451 4.7.1 Greylisted, come back later", False),
        ("450 4.2.2 Mailbox full", False),
        ("450 4.2.1 The user is receiving mail at a rate that prevents more", False),
        ("450 4.7.1 Error: too much mail from 192.0.2.1", True),
        ("421 4.7.28 rate limited", True),
        ("452 4.5.3 sending limit of 100 messages per hour", True),
        ("450 4.1.8 <address>: Sender address rejected: Domain not found", True),
        ("450 4.7.1 <address>: Sender address rejected: Greylisted", False),
        ("451 4.7.1 temporarily rejected, SPF lookup failed", True),
        ("450 4.2.0 <address>: Recipient address rejected: Gray-listed", False),
    ],
)
def test_a_limit_for_now_is_ours_and_greylisting_is_nobodys(said: str, ours: bool) -> None:
    """All 4xx are put off; only a limit that passes by itself may end a run."""
    assert about_us(answer(said)) is ours
    assert not names_sender(answer(said))
    given_up = replace(answer(said), state="failed")
    assert about_reader(given_up)[0] == ("soft" if " 4.2." in said else "nothing")


@pytest.mark.parametrize("said", OURS)
def test_a_bounce_with_the_same_words_says_the_same(said: str) -> None:
    """The server behind the relay says it, and the relay sends it back."""
    refused = answer(said)
    assert judged(refused.status or "5.0.0", f"smtp; {said}")[0] == "nothing"


@pytest.mark.parametrize(("said", "verdict"), [one for one in THEIRS if one[1] != "nothing"])
def test_a_bounce_of_a_reader_is_judged_as_the_refusal_is(said: str, verdict: str) -> None:
    """5.1.1 at once and 5.1.1 an hour later are one and the same."""
    refused = answer(said)
    if refused.status:
        assert judged(refused.status, f"smtp; {said}") == about_reader(refused)
        assert judged(refused.status, "")[0] == verdict
