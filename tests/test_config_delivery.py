"""Mail in feeds.yaml: what is read, and what is told where something is missing or wrong."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sundaypaper import config
from sundaypaper.delivery.settings import DeliverySpec, InboxEntry, ReadersEntry, ServerEntry
from sundaypaper.errors import ConfigError

HEAD = "sources: [{kind: arxiv}]\n"
SERVER = "server: {host: smtp.lab.example}"


def loaded(folder: Path, text: str) -> config.Config:
    """The configuration of a file with one source and this text."""
    path = folder / "feeds.yaml"
    path.write_text(HEAD + text + "\n", encoding="utf-8")
    return config.load(path)


def mistake(folder: Path, text: str) -> str:
    """The one mistake of such a file, without its name."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text)
    (found,) = caught.value.mistakes
    return str(dataclasses.replace(found, file=""))


def test_a_paper_without_a_word_on_mail_sends_none(tmp_path: Path) -> None:
    """Mail is off until it is asked for."""
    found = loaded(tmp_path, "")
    assert (found.delivery, found.readers, found.inbox, found.subscribe.join) == (
        None,
        None,
        None,
        "",
    )


def test_each_reader_their_own_mail_over_a_server(tmp_path: Path) -> None:
    """Name and address of the sender, the usual port of starttls, the password by its name."""
    text = """delivery:
  kind: smtp
  from: "Sunday Paper <paper@Lab.EXAMPLE>"
  server: {host: smtp.lab.example, user: paper, password: env:MAIL_PASSWORD}
  a_second: 5"""
    assert loaded(tmp_path, text).delivery == DeliverySpec(
        kind="smtp",
        sender="Sunday Paper <paper@lab.example>",
        server=ServerEntry("smtp.lab.example", None, "starttls", "paper", "MAIL_PASSWORD"),
        folder=f"{tmp_path}/mails",
        a_second=5,
        inbox="paper@lab.example",
    )


@pytest.mark.parametrize(
    ("tls", "smtp", "imap"), [("starttls", 587, 143), ("tls", 465, 993), ("none", 25, 143)]
)
def test_a_server_has_its_usual_port_unless_one_is_named(
    tmp_path: Path, tls: str, smtp: int, imap: int
) -> None:
    """Another for mails than for a mailbox; both are those of the registry of ports."""
    both = f"delivery: {{kind: smtp, from: a@lab.example, server: {{host: h.example, tls: {tls}}}}}"
    delivery = loaded(tmp_path, both).delivery
    named = loaded(tmp_path, both.replace("tls:", "port: 2525, tls:")).delivery
    assert delivery is not None
    assert named is not None
    assert delivery.server is not None
    assert named.server is not None
    assert (delivery.server.smtp_port, delivery.server.imap_port) == (smtp, imap)
    assert (named.server.smtp_port, named.server.imap_port) == (2525, 2525)


def test_one_mail_to_a_list_that_keeps_its_own_members(tmp_path: Path) -> None:
    """The list is the one recipient; people join where the list says."""
    text = f"""delivery: {{kind: list, from: paper@lab.example, to: ml-weekly@lab.example, {SERVER}}}
subscribe: {{join: https://lists.lab.example/ml-weekly}}"""
    found = loaded(tmp_path, text)
    assert found.delivery is not None
    assert (found.delivery.kind, found.delivery.to) == ("list", "ml-weekly@lab.example")
    assert found.subscribe.join == "https://lists.lab.example/ml-weekly"


def test_an_address_to_join_by_becomes_a_link_to_write_to(tmp_path: Path) -> None:
    """`join: paper@lab.example` is a mailto link on subscribe/."""
    assert (
        loaded(tmp_path, "subscribe: {join: paper@lab.example}").subscribe.join
        == "mailto:paper@lab.example"
    )


def test_the_inbox_is_a_maildir_or_an_imap_server(tmp_path: Path) -> None:
    """Folders lie beside feeds.yaml; the inbox may have an address of its own."""
    maildir = loaded(
        tmp_path,
        f"delivery: {{kind: smtp, from: a@lab.example, {SERVER}}}\n"
        "inbox: {kind: maildir, folder: Maildir, address: bounces@lab.example}",
    )
    assert maildir.inbox == InboxEntry("maildir", "bounces@lab.example", f"{tmp_path}/Maildir")
    assert maildir.delivery is not None
    assert maildir.delivery.inbox == "bounces@lab.example"
    imap = loaded(tmp_path, "inbox: {kind: imap, server: {host: imap.lab.example, tls: tls}}").inbox
    assert imap == InboxEntry("imap", server=ServerEntry("imap.lab.example", tls="tls"))


def test_a_known_group_is_a_file_or_a_variable(tmp_path: Path) -> None:
    """CSV beside feeds.yaml, or lines in the environment, which no file holds."""
    assert loaded(tmp_path, "readers: {from: lab.csv}").readers == ReadersEntry(
        f"{tmp_path}/lab.csv"
    )
    assert loaded(tmp_path, "readers: {from: env:GROUP}").readers == ReadersEntry("env:GROUP")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("delivery: {kind: smtp, from: a@b.example}", "needs a server"),
        (f"delivery: {{kind: list, from: a@b.example, {SERVER}}}", "needs to: the address of"),
        (f"delivery: {{kind: smtp, from: a@b.example, to: c@d.example, {SERVER}}}", "has no to"),
        (f"delivery: {{kind: smpt, from: a@b.example, {SERVER}}}", "did you mean “smtp”?"),
        (f"delivery: {{kind: smtp, {SERVER}}}", "from"),
        (f"delivery: {{kind: smtp, from: nobody, {SERVER}}}", "expected a mail address such as"),
        (f"delivery: {{kind: smtp, from: 'A <a@b.example', {SERVER}}}", "expected Name <"),
        (f"delivery: {{kind: smtp, form: a@b.example, from: a@b.example, {SERVER}}}", "from"),
        (
            f"delivery: {{kind: smtp, from: a@b.example, {SERVER}, inbox: a@b.example}}",
            "delivery.inbox: there is no key “inbox” here",
        ),
        ("readers: {from: 'env:'}", "the name of an environment variable"),
        ("inbox: {kind: maildir}", "needs a folder"),
        ("inbox: {kind: imap}", "needs a server"),
        ("subscribe: {join: somewhere}", "expected a mail address"),
        ("subscribe: {join: 'http://a:b@c.example'}", "without a user name or password"),
        (f"delivery: {{kind: smtp, from: a@b.example, {SERVER}, a_second: fast}}", "a number"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    """Each mistake names its line, what is missing or what would be right."""
    found = mistake(tmp_path, text)
    assert told in found
    assert found.startswith(":2:")


def test_a_password_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    """Secrets come from the environment; the sentence does not show what it found."""
    server = "server: {host: h.example, password: hunter2}"
    found = mistake(tmp_path, f"delivery: {{kind: smtp, from: a@b.example, {server}}}")
    assert "env:SUNDAYPAPER_SMTP_PASSWORD" in found
    assert "hunter2" not in found


def test_mail_settings_do_not_change_what_an_issue_says(tmp_path: Path) -> None:
    """The fingerprint of the content stays."""
    plain = loaded(tmp_path, "").fingerprint
    assert loaded(tmp_path, f"delivery: {{kind: smtp, from: a@b.example, {SERVER}}}").fingerprint == plain  # fmt: skip


def test_a_list_and_a_group_of_our_own_exclude_one_another(tmp_path: Path) -> None:
    """The list keeps its members: ours would be passed over without a word."""
    text = f"delivery: {{kind: list, from: a@b.example, to: c@d.example, {SERVER}}}\n"
    assert "a list keeps its own members" in mistake(tmp_path, text + "readers: {from: lab.csv}")
