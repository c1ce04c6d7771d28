"""A real Postfix and a real dovecot, started for a test from Debian's packages, as root.

Postfix takes mails for lab.example (with +tags) and for far.example, whose server is Postfix again:
it knows no `gone` and refuses `policy`. What is for lab.example lies in dovecot's mailboxes.
"""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

PASSWORD = "correct-horse"
QUEUES = (
    *("active", "bounce", "corrupt", "defer", "deferred", "flush", "hold", "incoming", "private"),
    *("saved", "trace"),
)
PROGRAMS = ("postfix", "dovecot")
SECONDS = 20.0
MISSING = "a real Postfix and dovecot: tests/test_real_servers.py needs root and Debian's packages postfix, dovecot-imapd and dovecot-lmtpd (tools/mail-servers installs them)"

MAIN = """compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
maillog_file_prefixes = {root}
maillog_file = {root}/mail.log
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mx.lab.example
mydestination =
mynetworks = 127.0.0.0/8
smtp_host_lookup = native
disable_dns_lookups = yes
virtual_mailbox_domains = lab.example
virtual_mailbox_maps = static:all
virtual_transport = lmtp:inet:127.0.0.1:{lmtp}
relay_domains = far.example
transport_maps = inline:{{ {{ far.example = relay:[127.0.0.1]:{far} }} }}
recipient_delimiter = +
smtpd_recipient_restrictions = permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth}
"""
SERVICES = """{near} inet n - n - - smtpd
{far} inet n - n - - smtpd
  -o {{ smtpd_recipient_restrictions = check_recipient_access inline:{{ {{ gone@far.example = 550 5.1.1 no such user }}, {{ policy@far.example = 550 5.7.1 fails DMARC }} }}, permit }}
  -o {{ transport_maps = }}
  -o {{ relay_transport = discard }}
{owned} inet n - n - - smtpd
  -o {{ smtpd_sasl_auth_enable = yes }}
  -o {{ smtpd_sender_login_maps = inline:{{ {{ paper@lab.example = owner }} }} }}
  -o {{ smtpd_sender_restrictions = reject_sender_login_mismatch }}
{quota} inet n - n - - smtpd
  -o {{ smtpd_end_of_data_restrictions = check_recipient_access inline:{{ {{ full@lab.example = 554 5.2.2 over quota }} }} }}
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
smtp unix - - n - - smtp
relay unix - - n - - smtp
showq unix n - n - - showq
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
lmtp unix - - n - - lmtp
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
"""
DOVECOT = """base_dir = {root}/dovecot
log_path = {root}/dovecot.log
protocols = imap lmtp
ssl = no
disable_plaintext_auth = no
auth_username_format = %Ln
recipient_delimiter = +
mail_location = maildir:{root}/mail/%n
first_valid_uid = 1
default_login_user = nobody
default_internal_user = dovecot
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid=nobody gid=nogroup home={root}/mail/%n allow_all_users=yes
}}
service imap-login {{
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap}
  }}
  inet_listener imaps {{
    port = 0
  }}
}}
service lmtp {{
  inet_listener lmtp {{
    address = 127.0.0.1
    port = {lmtp}
  }}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth}
  }}
}}
"""


@dataclass(frozen=True)
class RealServers:
    """Ports: near takes mails, owned wants a login that owns the sender, quota refuses at the dot."""

    root: Path
    near: int
    owned: int
    quota: int
    imap: int

    def mailbox(self, name: str) -> list[bytes]:
        """The mails that lie in somebody's mailbox and were not read yet."""
        return [file.read_bytes() for file in sorted((self.root / "mail" / name).glob("new/*"))]

    def wait(self, there: Callable[[], bool]) -> None:
        """Until something is there; an error with the logs where it never is."""
        end = time.monotonic() + SECONDS
        while not there():
            if time.monotonic() > end:
                logs = (self.root / name for name in ("mail.log", "dovecot.log"))
                raise AssertionError("\n".join(log.read_text()[-4_000:] for log in logs))
            time.sleep(0.02)


def missing() -> str:
    """Why they cannot be started here, or nothing."""
    there = os.geteuid() == 0 and all(map(shutil.which, PROGRAMS))
    return "" if there else MISSING


@contextmanager
def real_servers() -> Iterator[RealServers]:
    """Both of them, on ports of their own below a folder of their own."""
    names = ("near", "far", "owned", "quota", "imap", "lmtp", "auth")
    with ExitStack() as ended:
        root = Path(tempfile.mkdtemp(prefix="mail", dir="/tmp"))
        ended.callback(shutil.rmtree, root, ignore_errors=True)
        root.chmod(0o755)
        ports = dict(zip(names, _free(len(names)), strict=True))
        _written(root, ports)
        servers = RealServers(root, *(ports[name] for name in ("near", "owned", "quota", "imap")))
        dovecot = subprocess.Popen(["dovecot", "-F", "-c", str(root / "dovecot.conf")])
        ended.callback(_ended, dovecot)
        postfix = ["postfix", "-c", str(root / "postfix")]
        subprocess.run([*postfix, "start"], check=True, capture_output=True)
        ended.callback(subprocess.run, [*postfix, "abort"], capture_output=True, check=False)
        servers.wait(lambda: all(map(_listens, ports.values())))
        yield servers


def _written(root: Path, ports: dict[str, int]) -> None:
    for folder in ("postfix", "queue", "data", "mail", "dovecot"):
        (root / folder).mkdir()
    for folder in QUEUES:
        (root / "queue" / folder).mkdir(mode=0o700)
        shutil.chown(root / "queue" / folder, "postfix")
    for folder, mode in (("maildrop", 0o730), ("public", 0o710)):
        (root / "queue" / folder).mkdir()
        shutil.chown(root / "queue" / folder, "postfix", "postdrop")
        (root / "queue" / folder).chmod(mode)
    (root / "queue" / "pid").mkdir(mode=0o755)
    # What was made here needs no check of Postfix's, which takes seconds.
    (root / "queue" / "quick-start").touch()
    shutil.chown(root / "data", "postfix")
    shutil.chown(root / "mail", "nobody")
    told = {**ports, "root": root, "password": PASSWORD}
    (root / "postfix" / "main.cf").write_text(MAIN.format(**told))
    (root / "postfix" / "master.cf").write_text(SERVICES.format(**told))
    (root / "dovecot.conf").write_text(DOVECOT.format(**told))


def _free(many: int) -> list[int]:
    """Ports that nobody listens at."""
    with ExitStack() as held:
        taken = [held.enter_context(socket.socket()) for _ in range(many)]
        for one in taken:
            one.bind(("127.0.0.1", 0))
        return [one.getsockname()[1] for one in taken]


def _listens(port: int) -> bool:
    with suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
        return True
    return False


def _ended(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(10)
