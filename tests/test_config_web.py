"""The web app and its hooks in feeds.yaml: what is read, and what is told where something is wrong."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from sundaypaper import config
from sundaypaper.config.web_settings import HooksEntry, LimitsEntry, WebEntry
from sundaypaper.errors import ConfigError

HEAD = "sources: [{kind: arxiv}]\n"
SECRET = "secret: env:HOOK_SECRET"


def loaded(folder: Path, text: str) -> config.Config:
    """The configuration of a file with one source and this text."""
    path = folder / "feeds.yaml"
    path.write_text(HEAD + text + "\n", encoding="utf-8")
    return config.load(path)


def mistakes(folder: Path, text: str) -> list[str]:
    """The mistakes of such a file, without its name."""
    with pytest.raises(ConfigError) as caught:
        loaded(folder, text)
    return [str(dataclasses.replace(found, file="")) for found in caught.value.mistakes]


def test_a_paper_without_a_word_on_it_believes_no_proxy_and_calls_nobody(tmp_path: Path) -> None:
    """The limits are the usual ones."""
    found = loaded(tmp_path, "")
    assert found.web == WebEntry((), LimitsEntry("20/hour; 100/day", "300/hour"))
    assert found.hooks is None
    assert config.default_config().web == found.web


def test_proxies_and_limits_are_kept_in_one_spelling(tmp_path: Path) -> None:
    """IPs and networks of both families; several limits as a list or in one text."""
    text = """web:
  proxies: [127.0.0.1, 10.1.0.0/16, "2001:DB8:0::/48", "::1"]
  limits: {network: [5/minute, 50 / day], domain: 10/second;1000/day}"""
    assert loaded(tmp_path, text).web == WebEntry(
        ("127.0.0.1", "10.1.0.0/16", "2001:db8::/48", "::1"),
        LimitsEntry("5/minute; 50/day", "10/second; 1000/day"),
    )


def test_hooks_are_addresses_and_the_name_of_a_secret(tmp_path: Path) -> None:
    """One of the two is enough."""
    text = f"hooks: {{subscribed: http://127.0.0.1:9000/in, {SECRET}}}"
    hooks = loaded(tmp_path, text).hooks
    assert hooks == HooksEntry("http://127.0.0.1:9000/in", "", "HOOK_SECRET")
    assert (hooks.url("subscribed"), hooks.url("printed")) == ("http://127.0.0.1:9000/in", "")
    both = f"""base_url: https://paper.example
hooks: {{subscribed: https://a.example/, printed: https://b.example/x?y=1, {SECRET}}}"""
    hooks = loaded(tmp_path, both).hooks
    assert hooks is not None
    assert hooks.url("printed") == "https://b.example/x?y=1"


def test_a_service_elsewhere_may_end_subscriptions(tmp_path: Path) -> None:
    """Its address holds the place of the token once, in the path or behind the question mark."""
    mail = "delivery: {kind: file, from: a@lab.example, one_click: '%s'}"
    for address in ("https://lab.example/out/{token}", "https://lab.example/out?t={token}"):
        delivery = loaded(tmp_path, mail % address).delivery
        assert delivery is not None
        assert delivery.one_click == address
    assert config.load(tmp_path / "feeds.yaml").fingerprint == loaded(tmp_path, "").fingerprint


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("web: {proxies: [localhost]}", "expected the IP of a proxy such as 127.0.0.1"),
        ("web: {proxies: ['fe80::1%eth0']}", "expected the IP of a proxy"),
        ("web: {proxies: [10.0.0.1:80]}", "expected the IP of a proxy"),
        ("web: {proxies: [0.0.0.0/0]}", "0.0.0.0/0 is as good as everybody"),
        ("web: {proxies: ['::/0']}", "::/0 is as good as everybody"),
        ("web: {proxies: [128.0.0.0/1]}", "is as good as everybody"),
        ("web: {proxies: [10.1.2.3/16]}", "did you mean 10.1.0.0/16?"),
        ("web: {proxy: [127.0.0.1]}", "did you mean “proxies”?"),
        ("web: {limits: {network: twenty}}", "such as 20/hour"),
        ("web: {limits: {network: 0/hour}}", "a number from 1 on"),
        ("web: {limits: {network: 20/week}}", "second, minute, hour or day"),
        ("web: {limits: {network: 20/hour;}}", "found nothing"),
        ("web: {limits: {network: []}}", "such as 20/hour"),
        ("web: {limits: {network: {a: b}}}", "such as 20/hour"),
        ("web: {limits: {domains: 20/hour}}", "web.limits.domains: there is no key “domains” here"),
        ("hooks: {}", "names nobody to call"),
        (f"hooks: {{{SECRET}}}", "names nobody to call"),
        ("hooks: {subscribed: https://a.example/}", "hooks needs a secret"),
        (f"hooks: {{subscribed: a.example, {SECRET}}}", "begins with https:// or http://"),
        (f"hooks: {{subscribed: ftp://a.example, {SECRET}}}", "begins with https:// or http://"),
        (f"hooks: {{subscribed: https://u:p@a.example, {SECRET}}}", "without a user name"),
        (f"hooks: {{subscribe: https://a.example, {SECRET}}}", "did you mean “subscribed”?"),
        (f"hooks: {{printed: https://a.example/, {SECRET}}}", "give the file base_url"),
    ],
)
def test_what_is_wrong_is_said_with_its_place(tmp_path: Path, text: str, told: str) -> None:
    """Each mistake names its line, and what would be right."""
    found = mistakes(tmp_path, text)
    assert any(told in line for line in found), found
    assert all(line.startswith(":2:") for line in found)


@pytest.mark.parametrize(
    ("address", "told"),
    [
        ("http://lab.example/{token}", "mail programs ask no other"),
        ("https://lab.example/out", "with {token} in it once"),
        ("https://lab.example/{token}/{token}", "with {token} in it once"),
        ("https://lab.example/{token}/{name}", "with {token} in it once"),
        ("https://{token}.lab.example/", "the token stands in the path"),
        ("https://lab.example/#{token}", "the token stands in the path"),
        ("https://lab.example/für/{token}", "characters of ASCII"),
        ("https://lab.example/" + "a" * 400 + "/{token}", "at most 400 characters"),
        ("lab.example/{token}", "begins with https:// or http://"),
    ],
)
def test_an_address_that_no_mail_program_could_use_is_refused(
    tmp_path: Path, address: str, told: str
) -> None:
    """A header of a mail holds it as it is, and a server sees no fragment."""
    mail = "delivery: {kind: file, from: a@lab.example, one_click: '%s'}"
    (found,) = mistakes(tmp_path, mail % address)
    assert told in found


def test_a_list_has_no_leaving_of_its_own_beside_that_of_its_server(tmp_path: Path) -> None:
    """One mail goes to all of them: no token in it is anybody's."""
    mail = (
        "delivery: {kind: list, from: a@lab.example, to: l@lab.example, server: {host: h.example}, "
        "one_click: 'https://lab.example/{token}'}"
    )
    (found,) = mistakes(tmp_path, mail)
    assert "kind list has no one_click" in found


def test_a_secret_in_the_file_is_refused_and_not_repeated(tmp_path: Path) -> None:
    """It stands in the environment; the sentence does not show what it found."""
    found = mistakes(tmp_path, "hooks: {subscribed: https://a.example/, secret: whsec_c2VjcmV0}")
    assert "the name of an environment variable" in found[0]
    assert "c2VjcmV0" not in "".join(found)
