"""Addresses on the web: ids that stay, two that are one page, and whose they are."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from sundaypaper import urls

OFFLINE = """
import socket
def refuse(*asked, **_):
    print("asked for", asked)
    raise OSError("there is no network")
socket.getaddrinfo = socket.socket.connect = refuse
from sundaypaper.urls import site
print(site("https://ai.u-tokyo.ac.jp/news"))
"""


@pytest.mark.parametrize(
    ("url", "id", "name"),
    [
        (
            "https://blog.example/p?b=1&utm_source=x&a=2&gclid=1#c",
            "post:35b1764c845c18dd",  # https://blog.example/p?a=2&b=1
            "post:35b1764c845c18dd",
        ),
        (
            "http://www.blog.example/index.html?ref=home&source=rss",
            "post:ea711dfcd3921c35",  # as it stands: any of it may be the page itself
            "post:f198716b522a151a",  # the same with https
        ),
        (
            "https://www.blog.example/tea/",
            "post:ac07963fdb7b4eb6",
            "post:230be7a10f9f38a9",  # https://www.blog.example/tea
        ),
    ],
)
def test_the_ids_of_posts_stay_what_they_are(url: str, id: str, name: str) -> None:
    """The store keeps them: the hash of the canonical address, and of it as unified."""
    address = urls.canonical(url)
    assert (urls.post_id(address), urls.post_id(urls.unified(address))) == (id, name)


@pytest.mark.parametrize(
    ("url", "page"),
    [
        ("https://kettle.example/tea", "kettle.example/tea"),
        ("http://WWW.Kettle.example/tea/?utm_source=x&_hsenc=1#top", "kettle.example/tea"),
        ("https://kettle.example/tea/index.html", "kettle.example/tea"),
        ("https://kettle.example/index.html", "kettle.example"),
        ("https://kettle.example/teaindex.html", "kettle.example/teaindex.html"),
        ("https://kettle.example/tea?source=rss&Ref=home", "kettle.example/tea"),
        ("https://kettle.example/tea?b=2&a=1&mc_cid=9", "kettle.example/tea?a=1&b=2"),
        ("https://kettle.example/?p=12", "kettle.example?p=12"),
        ("https://kettle.example/tea?reference=3", "kettle.example/tea?reference=3"),
        ("https://[kettle/tea", "[kettle/tea"),
        ("no address", "no address"),
        ("", ""),
    ],
)
def test_addresses_of_one_page_are_one(url: str, page: str) -> None:
    """However a feed writes them; what may be another page stays another."""
    assert urls.page(url) == page


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.kettle.example/news", "kettle.example"),
        ("https://lab.kettle.com:8080/news", "kettle.com"),
        ("https://ai.u-tokyo.ac.jp/", "u-tokyo.ac.jp"),
        ("https://ml.sydney.edu.au/", "sydney.edu.au"),
        ("https://www.b.com.cn/", "b.com.cn"),
        ("https://news.kettle.co.uk/", "kettle.co.uk"),
        ("https://ann.github.io/x", "ann.github.io"),
        ("https://ann.substack.com/p/x", "ann.substack.com"),
        ("https://ann.wordpress.com/", "ann.wordpress.com"),
        ("https://www.medium.com/@ann/x", "medium.com"),
        ("https://github.io/", "github.io"),
        ("https://127.0.0.1:8000/x", "127.0.0.1"),
        ("https://localhost/x", "localhost"),
        ("https://[kettle/tea", "https://[kettle/tea"),
        ("", ""),
    ],
)
def test_a_site_is_what_one_publisher_has(url: str, site: str) -> None:
    """Universities below ac.jp and blogs of one host are apart, the parts of one house are not."""
    assert urls.site(url) == site


def test_whose_a_host_is_asks_no_network_and_leaves_no_file(tmp_path: Path) -> None:
    """The list comes with its package: nobody is asked for a newer one, nothing is cached."""
    done = subprocess.run(
        [sys.executable, "-c", OFFLINE],
        env={**os.environ, "TLDEXTRACT_CACHE": str(tmp_path), "HOME": str(tmp_path)},
        capture_output=True,
        text=True,
        timeout=60,
    )
    assert (done.stdout, done.stderr) == ("u-tokyo.ac.jp\n", "")
    assert list(tmp_path.iterdir()) == []
