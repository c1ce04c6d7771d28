"""Call whoever feeds.yaml names when somebody subscribed or an issue was printed (docs/hooks.md).

Signed and retried as https://www.standardwebhooks.com has it. No hook stops a run or a mail: what goes
wrong is said, kept, and tried again.
"""

from __future__ import annotations

import hmac
import re
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from hashlib import sha256
from pathlib import Path

from sundaypaper.config import Config
from sundaypaper.config.web_settings import EVENTS, HooksEntry
from sundaypaper.delivery import Readers, without_addresses
from sundaypaper.delivery.hook_calls import HookCall, HookCalls, HookOutcome
from sundaypaper.errors import DeliveryError, FetchError, SundayPaperError
from sundaypaper.models import HookEvent, IssueHead
from sundaypaper.net import Net, retry_after
from sundaypaper.wording.counts import plural

__all__ = ["HookJob", "call_hooks", "hook_troubles", "note_confirmed", "note_printed"]

# What happened within so long is told, as an issue is mailed by itself.
FRESH = timedelta(days=6)
PATIENCE = 10.0
# No call is begun after so long, so that whoever calls us gets on with their own work.
ROUND = timedelta(seconds=15)
SECRET = re.compile(r"whsec_([A-Za-z0-9+/]+={0,2})")
SHORTEST, LONGEST = 24, 64


@dataclass(frozen=True, slots=True)
class HookJob:
    """Settings and tools for calling hooks. now is called anew for each call.

    stopping says whether the program wants to end. said holds what was said before and is not said
    again: whoever calls in rounds hands on the same.
    """

    config: Config
    readers: Readers
    environ: Mapping[str, str]
    net: Net
    now: Callable[[], datetime]
    say: Callable[[str], None]
    stopping: Callable[[], bool] = lambda: False
    said: set[str] = field(default_factory=set)


def note_confirmed(job: HookJob) -> int:
    """Note calls for the sign-ups that were confirmed within six days; how many are new."""
    hooks = job.config.hooks
    if hooks is None or not hooks.subscribed:
        return 0
    return HookCalls(job.readers).note_confirmed(job.now() - FRESH, job.now())


def note_printed(job: HookJob, heads: Iterable[IssueHead], output: Path) -> None:
    """Note a call for each issue that was printed within six days and whose page is there."""
    hooks, now = job.config.hooks, job.now()
    if hooks is None or not hooks.printed:
        return
    calls, base = HookCalls(job.readers), job.config.masthead.base_url
    for head in heads:
        page = output / "site" / "issues" / head.week / "index.html"
        is_news = head.state == "frozen" and not head.reprint and now - head.composed <= FRESH
        if not is_news or not page.is_file():
            continue
        folder = f"{base}issues/{head.week}/"
        data = {
            "week": head.week,
            "headline": head.headline,
            "page": f"{folder}index.html",
            "issue_json": f"{folder}issue.json",
        }
        calls.note("printed", head.week, data, head.composed, now)


def call_hooks(job: HookJob) -> int:
    """Note what was confirmed and make the calls that are due; how many were taken.

    For each round of whoever has rounds: it begins no call after 15 seconds, so it is back within 25
    and a look-up of a name. It raises no SundayPaperError but says it, once.
    """
    hooks = job.config.hooks
    if hooks is None:
        return 0
    try:
        note_confirmed(job)
        return _call_due(job, hooks)
    except SundayPaperError as bad:
        _say_once(job, f"hooks: {bad}")
        return 0


def hook_troubles(config: Config, readers: Readers, now: datetime) -> tuple[str, ...]:
    """A line for each hook that needs a look."""
    if config.hooks is None:
        return ()
    lines = []
    for trouble in HookCalls(readers).troubles(_called(config.hooks), _file(config), now):
        parts = []
        if trouble.is_gone:
            parts.append("is switched off until feeds.yaml changes")
        elif trouble.waiting:
            due = datetime.fromisoformat(trouble.due)
            parts.append(f"{plural(trouble.waiting, 'call')} to be made again from {due:%Y-%m-%d %H:%M} UTC on")  # fmt: skip
        if trouble.given_up:
            parts.append(f"{plural(trouble.given_up, 'call')} given up within a week")
        told = trouble.told or "nobody tried it; is `schedule` or `serve` at work, with the secret?"
        lines.append(f"hook {trouble.event}: {', '.join(parts)}: {told}")
    return tuple(lines)


def _call_due(job: HookJob, hooks: HooksEntry) -> int:
    calls, events, file = HookCalls(job.readers), _called(hooks), _file(job.config)
    keys = signing_keys(job.environ, hooks.secret or "")
    end, taken = job.now() + ROUND, 0
    while job.now() < end and not job.stopping():
        call = calls.claim(events, file, job.now())
        if call is None:
            break
        outcome = _outcome(job, hooks.url(call.event), call, keys)
        if outcome.state == "refused" and job.stopping():
            break  # it was our own end; the call is due again when its claim is
        calls.settle(call, outcome, file, job.now())
        taken += outcome.state == "taken"
        if outcome.state != "taken":
            job.say(f"hook {call.event}: try {call.tries} of its call failed: {outcome.told}")
    return taken


def _outcome(job: HookJob, url: str, call: HookCall, keys: tuple[bytes, ...]) -> HookOutcome:
    """Make a call."""
    at = int(job.now().timestamp())
    headers = {
        "content-type": "application/json",
        "webhook-id": call.id,
        "webhook-timestamp": str(at),
        "webhook-signature": signature(keys, call.id, at, call.body),
    }
    try:
        answer = job.net.post(url, call.body, headers=headers, deadline=PATIENCE)
    except FetchError as bad:
        return HookOutcome("refused", without_addresses(str(bad)))
    if 200 <= answer.status < 300:
        return HookOutcome("taken")
    if answer.status == 410:
        return HookOutcome("gone", "it answered 410: it wants no more calls")
    more = ""
    if 300 <= answer.status < 400:
        more = ", and leads elsewhere: name the address to which it leads"
    wait = retry_after(answer.headers, job.now())
    return HookOutcome("refused", f"it answered {answer.status}{more}", wait)


def signature(keys: tuple[bytes, ...], id: str, at: int, body: bytes) -> str:
    """The header webhook-signature: one signature a key, so that a secret can be changed."""
    told = f"{id}.{at}.".encode() + body
    return " ".join(f"v1,{b64encode(hmac.digest(key, told, 'sha256')).decode()}" for key in keys)


def signing_keys(environ: Mapping[str, str], name: str) -> tuple[bytes, ...]:
    """The keys of the secrets in a variable; DeliveryError where it holds none or one is no secret."""
    keys = []
    for secret in environ.get(name, "").split():
        match = SECRET.fullmatch(secret)
        raw = b64decode(match[1]) if match and len(match[1]) % 4 == 0 else b""
        if not SHORTEST <= len(raw) <= LONGEST:
            raise DeliveryError(
                f"{name}: expected secrets of the form whsec_ and {SHORTEST} to {LONGEST} bytes in "
                "base64, with a blank between two; docs/hooks.md says how to make one. No hook is called"
            )
        keys.append(raw)
    if not keys:
        raise DeliveryError(
            f"the variable {name} is not set, which holds the secret that signs calls; docs/hooks.md "
            "says how to make one. No hook is called"
        )
    return tuple(keys)


def _called(hooks: HooksEntry) -> tuple[HookEvent, ...]:
    return tuple(event for event in EVENTS if hooks.url(event))


def _file(config: Config) -> str:
    """What tells this feeds.yaml from another."""
    try:
        return sha256(config.path.read_bytes()).hexdigest()[:16] if config.path else ""
    except OSError:
        return ""


def _say_once(job: HookJob, line: str) -> None:
    if line not in job.said:
        job.said.add(line)
        job.say(line)
