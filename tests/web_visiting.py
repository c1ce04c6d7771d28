"""Who comes to the readers' pages: people without a script, mail programs that unsubscribe, scanners."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator
from typing import Any, Self

import httpx
from lxml import html as lxml_html

FILL = 1.0  # seconds that a form has to be open at least
ONE_CLICK = "List-Unsubscribe=One-Click"
PARTS = (
    '--ap\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--ap--\r\n'
)


class Page:
    """An answer, read as a page; at is when it was there."""

    def __init__(self, client: httpx.Client, answer: httpx.Response) -> None:
        self.client, self.answer, self.status = client, answer, answer.status_code
        self.tree = lxml_html.fromstring(answer.text or "<p>")
        self.at = time.monotonic()

    @property
    def heading(self) -> str:
        """Its first heading."""
        return " ".join(self.tree.xpath("string(//h1)").split())

    @property
    def text(self) -> str:
        """What its main part says."""
        return " ".join(self.tree.xpath("string(//main)").split())

    def follow(self, words: str) -> str:
        """Where the link with these words leads, seen from here."""
        links = self.tree.xpath("//main//a")
        (found,) = {a.get("href") for a in links if words in a.text_content()}
        return str(self.answer.url.join(found))

    def form(self, do: str = "") -> Form:
        """The form that has a button, or the only one that is posted."""
        forms = [form for form in self.tree.forms if form.method.upper() == "POST"]
        (found,) = [f for f in forms if not do or f.xpath(f".//button[@value='{do}']")]
        return Form(self, found)

    def press(self, do: str = "", **changed: str | Iterable[str]) -> Page:
        """Fill in some fields and press a button, or the only one."""
        return self.form(do).post(do, **changed)


class Form:
    """A form as a browser has it: every field with its value, hidden ones too."""

    def __init__(self, page: Page, form: Any) -> None:
        self.page, self.form = page, form
        self.buttons = {b.get("value", ""): b.get("name") for b in form.xpath(".//button[@name]")}

    def values(self, name: str) -> list[str]:
        """What a field holds, or what is ticked of it."""
        return [value for kept, value in _sent(self.form) if kept == name]

    def post(self, do: str = "", **changed: str | Iterable[str]) -> Page:
        """Send it by a button, with some fields filled in, as soon as a person could have.

        Without a button it is the only one that there is.
        """
        data: dict[str, list[str]] = {}
        for name, value in _sent(self.form):
            data.setdefault(name, []).append(value)
        for name, values in changed.items():
            data[name] = [values] if isinstance(values, str) else list(values)
        if do or self.buttons:
            do = do or next(iter(self.buttons))
            data[self.buttons[do]] = [do]
        time.sleep(max(0.0, self.page.at + FILL + 0.05 - time.monotonic()))
        to = self.page.answer.url.join(self.form.action or "")
        # As a browser does: it names the page's origin, and a form without fields is still a form.
        headers = {"Origin": f"{to.scheme}://{to.netloc.decode()}", "Sec-Fetch-Site": "same-origin"}
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        client = self.page.client
        return Page(client, client.post(to, data=data, headers=headers | kind))


def _sent(form: Any) -> Iterator[tuple[str, str]]:
    """What a browser sends of a form, but for the button: hidden fields, and what is ticked."""
    for field in form.xpath(".//input[@name] | .//textarea[@name]"):
        if field.tag == "textarea":
            yield field.get("name"), (field.text or "").removeprefix("\n")
        elif field.get("type") not in ("checkbox", "radio"):
            yield field.get("name"), field.get("value", "")
        elif "checked" in field.attrib:
            yield field.get("name"), field.get("value", "on")


class Visitor:
    """A browser without scripts that keeps nothing, and follows no redirect unseen."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.client = httpx.Client(trust_env=False, timeout=30)
        self._open: Page | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.client.close()

    def get(self, url: str) -> Page:
        """A page by its address, or by its path below the paper's."""
        return Page(self.client, self.client.get(httpx.URL(self.url).join(url)))

    def subscribe(self, address: str, **choices: str | Iterable[str]) -> Page:
        """Fill the form of subscribe/, which stays open for all who come, and press its button."""
        self._open = self._open or self.get("subscribe/")
        return self._open.press("subscribe", address=address, **choices)

    def press(self, url: str) -> Page:
        """Open a page with one button and press it."""
        return self.get(url).press()


# ---------------------------------------------------------------- one click


def as_gmail(url: str) -> httpx.Response:
    """The POST of RFC 8058 urlencoded, without cookie and Origin."""
    headers = {"Content-Type": "application/x-www-form-urlencoded", "User-Agent": "Google"}
    return _one_click(url, ONE_CLICK, headers)


def as_apple(url: str) -> httpx.Response:
    """The POST of RFC 8058 as multipart/form-data, of an origin that is not told."""
    headers = {"Content-Type": "multipart/form-data; boundary=ap", "Origin": "null"}
    return _one_click(url, PARTS, headers)


def _one_click(url: str, body: str, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(url, content=body, headers=headers, trust_env=False, timeout=30)


# ---------------------------------------------------------------- scanners


def scan(links: Iterable[str]) -> list[tuple[str, int]]:
    """Ask for every link in all ways that change nothing, and for what its page names.

    Returned is what was asked, with the status of each answer.
    """
    asked, named = list[tuple[str, int]](), set[str]()
    with httpx.Client(trust_env=False, timeout=30) as client:

        def ask(method: str, url: str, **headers: str) -> httpx.Response:
            answer = client.request(method, url, headers=headers)
            asked.append((f"{method} {url}", answer.status_code))
            return answer

        for link in sorted(links):
            ask("HEAD", link)
            page = ask("GET", link, **{"Purpose": "prefetch", "Sec-Purpose": "prefetch"})
            # The pages of the paper name each other without end; what is one person's is never kept.
            if "no-store" not in page.headers["cache-control"]:
                continue
            for more in ("?do=leave", "?do=erase&sure=yes", f"?{ONE_CLICK}"):
                ask("GET", link + more)
            ask("GET", link, **{"X-HTTP-Method-Override": "POST"})
            named |= _named(page)
        for url in sorted(named):
            ask("GET", url)
    return asked


def _named(answer: httpx.Response) -> set[str]:
    """What a page names of its own host for whoever looks ahead: links, icons, forms, scripts."""
    if "html" not in answer.headers.get("content-type", ""):
        return set()
    tree = lxml_html.fromstring(answer.text)
    names = tree.xpath("//link/@href | //main//a/@href | //main//form/@action | //script/@src")
    there = {answer.url.join(str(name)) for name in (*names, *tree.xpath("//img/@src"))}
    return {
        str(url) for url in there if url.host == answer.url.host and url.port == answer.url.port
    }
