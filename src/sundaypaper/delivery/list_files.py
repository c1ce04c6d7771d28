"""Reads a list of people as spreadsheets and other newsletters write it: bytes in, rows out.

Columns are found by their names. A first line without an at sign names them; where no line does,
the columns are those of COLUMNS in that order. What a list says of somebody who gets no mail there
is heard; what it says otherwise is left out, by name.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from difflib import get_close_matches
from functools import cached_property, lru_cache
from typing import NamedTuple

from sundaypaper import query
from sundaypaper.addresses import plain_address
from sundaypaper.delivery.readers import Empty, one_line
from sundaypaper.delivery.redaction import without_addresses
from sundaypaper.errors import DeliveryError, QueryError
from sundaypaper.models import Words
from sundaypaper.text import clean, fold, shorten

COLUMNS = ("address", "filter", "edition", "empty")
SEPARATORS = ",;\t|"
MARKS = (  # the longer first: UTF-32 begins like UTF-16
    (b"\xff\xfe\x00\x00", "utf-32"),
    (b"\x00\x00\xfe\xff", "utf-32"),
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
)
NAMES_SHOWN = 120
UNSURE = (
    "the file is not UTF-8, so letters beyond a to z may be others than those that stand here: save "
    "it as CSV in UTF-8"
)
NEVER_CLOSED = "unreadable: is a quote never closed? Nothing that follows it was read"
NO_NAME = (
    "without a first line that names the columns, words after the address may as well be somebody's "
    "name; if they are a filter, put the line address,filter above the list"
)
# As fold() leaves them: small letters, one blank between words, no accents.
MAIL = re.compile(
    r"((primary|main|member|subscriber|user|contact|reader|recipient) )?"
    r"(e ?)?mail( ?(addr(ess)?|id))?( ?1)?( (value|address))?"
)
SECOND_BEST = re.compile(
    r"(work|home|personal|business|private|office|other) (e ?)?mail( address)?|subscriber"
)
# `Your email`, `Email (required)`: of mail, and of nothing else that mail has.
OF_MAIL = re.compile(r"\b(e ?)?mail(adres\w*)?\b|\b(courriel|correo|emailadres\w*)\b")
OF_MORE = re.compile(
    r"\b(type|status|label|name|disabled|enabled|preference|marketing|opt(ed)?|bounced?|count|date"
    r"|time|sent|opened|consent|campaign|client|format|list|group|language|domain|provider|verified"
    r"|confirmed|[2-9])\b"
)
ELSEWHERE = frozenset(
    map(
        fold,
        # German, French, Spanish, Italian, Portuguese, Dutch, Nordic, Polish, Czech, Hungarian,
        # Turkish, Russian, Chinese, Japanese, Korean
        """E-Mail-Adresse|Email-Adresse|Mailadresse|Emailadresse|E-Mailadresse|Mail-Adresse
        |courriel|adresse courriel|adresse de courriel|adresse électronique|adresse e-mail
        |adresse email|adresse mail|adresse de messagerie|correo|correo electrónico
        |dirección de correo|dirección de correo electrónico|dirección de email|indirizzo email
        |indirizzo e-mail|indirizzo mail|indirizzo di posta elettronica|posta elettronica
        |endereço de email|endereço de e-mail|correio eletrônico|correio eletrónico|e-mailadres
        |emailadres|mailadres|e-mail adres|e-post|epost|e-postadress|e-postadresse|epostadress
        |sähköposti|sähköpostiosoite|adres email|adres e-mail|e-mailová adresa|emailová adresa
        |e-mail cím|email cím|e-posta|eposta|e-posta adresi|электронная почта|почта
        |адрес электронной почты|эл. почта|邮箱|电子邮箱|电子邮件|电子邮件地址|邮箱地址|邮件地址
        |電子郵件|電子郵件地址|メール|メールアドレス|이메일|이메일 주소""".split("|"),
    )
)
PLAIN = frozenset({"address", "addresses"})
# What other programs call somebody to whom they do not write, or who never said yes.
GONE = frozenset(
    map(
        fold,
        """unsubscribed|unsub|blocklisted|blacklisted|blocked|bounced|bouncing|bounce|hard bounce
        |hard bounced|cleaned|inactive|disabled|deleted|removed|complained|complaint|spam|spammy
        |marked as spam|junk|suppressed|banned|undeliverable|invalid|unconfirmed|unactivated|pending
        |awaiting confirmation|nonsubscribed|non-subscribed|not subscribed|never subscribed
        |opted out|opt-out|optout|opted-out|cancelled|canceled|archived|no email|no mail|nomail
        |invited|do not contact|left|abgemeldet|ausgetragen|gesperrt|inaktiv|unbestätigt|gelöscht
        |désabonné|désinscrit|inactif|bloqué|non confirmé|dado de baja|cancelado|inactivo|bloqueado
        |no suscrito|disiscritto|cancellato|inattivo|bloccato|uitgeschreven|inactief|geblokkeerd
        |отписан|заблокирован|已退订|退订|配信停止""".split("|"),
    )
)
ANY_GONE = re.compile(rf"\b(?:{'|'.join(map(re.escape, sorted(GONE, key=len, reverse=True)))})\b")
STATES = re.compile(
    r"\b(status|state|subscription|subscriber type|membership|email preference|zustand|statut"
    r"|estado|stato|статус)\b"
)
# A column that only those have who are gone: yes, a date or a reason in it says so.
SAYS_GONE = re.compile(
    r"(is )?(unsub\w*|opt(ed)? ?out|optout|black ?list(ed)?|block ?list(ed)?|blocked|bounced?"
    r"|hard bounced?|cleaned|clean|deleted|disabled|suppressed|complained|complaint|spam|banned"
    r"|inactive|removed|e ?mail (disabled|bounced|blocked|opt(ed)? ?out)|has opted out of email"
    r"|do not (e ?mail|contact)|abgemeldet|gesperrt|gelöscht)"
    r"( (at|on|time|date|reason|campaign title|campaign id|ip))?"
)
# A column in which everybody else has a yes.
SAYS_THERE = re.compile(
    r"(is )?(subscribed|subscribed to e ?mails?|confirmed|verified|active|enabled|opt(ed)? ?in"
    r"|accepts (e ?mail )?marketing|(e ?mail )?marketing consent|receives (e ?mails?|newsletter)"
    r"|newsletter)"
)
# Such a word anywhere in a longer name, where the cell is a plain yes (gone) or a plain no (there).
# What counts, links or is of other ways (`bounce count`, `SMS blacklisted`) says nothing of it.
TELLS_GONE = re.compile(
    r"\b(unsubscribed|opted ?out|opt ?out|(black|block) ?listed|hard bounced|bounced|suppressed"
    r"|complained|banned|do not (e ?mail|contact))\b"
)
TELLS_THERE = re.compile(r"\b(subscribed|confirmed|opted ?in|opt ?in)\b")
BESIDE = re.compile(r"\b(count|number|rate|times?|total|url|link|sms|phone|whatsapp|push|call)\b")
JOINED = re.compile(r"(?<=[a-z])(?=[A-Z])")  # HasOptedOutOfEmail
YES = frozenset({"yes", "y", "true", "t", "1", "x", "ja", "oui", "si", "wahr", "vrai"})
NO = frozenset(
    {"", "no", "n", "false", "f", "0", "none", "null", "never", "nein", "non", "nan", "falsch"}
)
SAYS_NO = NO - {"", "none", "null", "nan"}
# Blanks that nobody sees around a copied address: zero-width ones, and marks of direction.
UNSEEN = "\u00ad\u200b\u200c\u200d\u200e\u200f\u2060\ufeff\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069"
AROUND = " \t\r\n\u00a0\u2007\u202f\u3000" + UNSEEN
# As Excel writes and reads it: what stands between the cells of all that follows.
TOLD = re.compile(r"""\ufeff?"?sep=([^\w\s"'@]|\t)"?[ \t,;]*(?:\r\n|\r|\n)""", re.IGNORECASE)
NAMED = re.compile(r"[^<>]*<([^<>@]+@[^<>@]+)>[\s,;]*")
COMMENTED = re.compile(r"([^\s()]+@[^\s()]+)\s+\([^()@]*\)")


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list. place is file:line, counted from 1; wrong says why it cannot be used.

    marked is what the list says of somebody who gets no mail from it (any more).
    """

    place: str
    address: str = ""
    filter: str = ""
    edition: str = ""
    empty: Empty = "say"
    wrong: str = ""
    marked: str = ""


@dataclass(frozen=True, slots=True)
class People:
    """The rows of a list, and what there is to say of the whole of it."""

    rows: tuple[Row, ...]
    notes: tuple[str, ...] = ()


class Line(NamedTuple):
    """Where a line begins, and its cells; wrong where it has none."""

    place: str
    cells: list[str]
    wrong: str = ""


@dataclass(frozen=True)
class Header:
    """Which column holds what; the others may still say that somebody is gone."""

    names: tuple[str, ...]
    ours: dict[str, int]

    @cached_property
    def others(self) -> dict[int, str]:
        """The names of the columns that are not ours, folded."""
        used = set(self.ours.values())
        names = enumerate(self.names)
        return {n: fold(JOINED.sub(" ", name)) for n, name in names if n not in used}


class Column(NamedTuple):
    """What the cells of a column may say of somebody, by its name."""

    state: bool  # whatever they are
    gone: bool  # anything but a no
    no_is_gone: bool
    yes_is_gone: bool


POSITIONAL = Header(COLUMNS, {name: number for number, name in enumerate(COLUMNS)})


def read_people(raw: bytes, file: str) -> People:
    """The people of a CSV file; file is how messages call it.

    DeliveryError, with the line, where a first line names columns and none of them an address.
    """
    text, sure = _decoded(raw)
    separator, text, skipped = _separator(text)
    lines = [
        line for line in _lines(text, file, separator, skipped) if line.wrong or _says(line.cells)
    ]
    header, before = _header(lines)
    rows = [_row(header, line, separator) for line in lines[before:]]
    if not sure:
        rows = [_only_ascii(row) for row in rows]
    return People(tuple(rows), tuple(_notes(header, lines, before, sure, file)))


def _notes(header: Header, lines: list[Line], before: int, sure: bool, file: str) -> Iterator[str]:
    if not sure:
        yield f"{file}: not UTF-8; only lines in plain letters are taken"
    if header is POSITIONAL:
        return
    if before > 1:
        yield f"{lines[0].place}: not used: a line above the names of the columns"
    if unused := [clean(header.names[n]) for n, name in header.others.items() if _unused(name)]:
        named = shorten(without_addresses(", ".join(unused)), NAMES_SHOWN)
        yield f"{lines[before - 1].place}: columns that are not used: {named}"


# ---------------------------------------------------------------- bytes to lines


def _decoded(raw: bytes) -> tuple[str, bool]:
    """The text, and whether it is surely that: without a mark it is UTF-8, or nobody knows."""
    for mark, encoding in MARKS:
        if raw.startswith(mark):
            return raw.decode(encoding, "replace"), True
    if raw.count(0) > len(raw) // 4:  # UTF-16 of mostly plain letters: every other byte is 0
        return raw.decode("utf-16-be" if raw[:1] == b"\0" else "utf-16-le", "replace"), True
    try:
        return raw.decode(), True
    except UnicodeDecodeError:
        return raw.decode("cp1252", "replace"), False


def _separator(text: str) -> tuple[str, str, int]:
    """What stands between cells, the text without a line `sep=;`, and how many lines that were."""
    if told := TOLD.match(text):
        return told[1], text[told.end() :], 1
    sample = [line for line in text[:100_000].splitlines() if line.strip(AROUND + '",;|#')][:2]
    best = max(SEPARATORS, key=lambda one: _fits(sample, one))
    return best, text, 0


def _fits(sample: list[str], separator: str) -> tuple[int, int]:
    """How well a separator cuts the first lines: into names of columns, or an address first."""
    rows = list(csv.reader(sample, delimiter=separator))
    headed = [len(cells) for cells in rows if _is_header(cells)]
    if headed:
        return 2, max(headed)
    return int(bool(rows and rows[0] and _is_address(rows[0][0]))), len(rows[0]) if rows else 0


def _lines(text: str, file: str, separator: str, skipped: int) -> Iterator[Line]:
    physical = list(io.StringIO(text, newline=""))
    lines = csv.reader(physical, delimiter=separator, strict=True)
    while True:
        begins = lines.line_num
        place = f"{file}:{begins + skipped + 1}"
        try:
            yield Line(place, next(lines))
        except StopIteration:
            return
        except csv.Error:
            yield _mended(place, physical[begins : lines.line_num])


def _mended(place: str, physical: list[str]) -> Line:
    """`"Lee, Ann" <ann@…>` is no CSV, and how mail programs write people."""
    whole = physical[0].strip(AROUND)
    if len(physical) == 1 and NAMED.fullmatch(whole):
        return Line(place, [whole])
    return Line(place, [], NEVER_CLOSED)


def _says(cells: Sequence[str]) -> bool:
    """Whether a line says anything: it is neither blank nor a remark."""
    first = next((cell for cell in cells if cell.strip(AROUND)), "")
    return bool(first) and not (first.lstrip().startswith("#") and not _at(cells))


def _at(cells: Sequence[str]) -> bool:
    return any("@" in cell for cell in cells)


# ---------------------------------------------------------------- lines to columns


def _header(lines: list[Line]) -> tuple[Header, int]:
    """The columns, and how many lines come before the first row."""
    for number, line in enumerate(lines[:2]):
        if _is_header(line.cells):
            return _named(line), number + 1
    if not lines or lines[0].wrong or _at(lines[0].cells):
        return POSITIONAL, 0
    names = shorten(without_addresses(", ".join(map(clean, lines[0].cells))), NAMES_SHOWN)
    raise DeliveryError(
        f"{lines[0].place}: no column is named address or email, so nobody was read; the columns are "
        f"named: {names}"
    )


def _is_header(cells: Sequence[str]) -> bool:
    return not _at(cells) and any(_rank(cell) for cell in cells)


def _rank(name: str) -> int:
    """How surely a column of that name holds mail addresses; 0 for not at all.

    A column named address beside one named e-mail is where somebody lives.
    """
    folded = fold(JOINED.sub(" ", name))
    if MAIL.fullmatch(folded) or folded in ELSEWHERE:
        return 4
    if folded in PLAIN:
        return 3
    if SECOND_BEST.fullmatch(folded):
        return 2
    return int(bool(OF_MAIL.search(folded)) and not OF_MORE.search(folded))


def _named(line: Line) -> Header:
    ranks = [_rank(name) for name in line.cells]
    where = [n for n, rank in enumerate(ranks) if rank == max(ranks)]
    if len(where) > 1 and max(ranks) != 2:
        raise DeliveryError(
            f"{line.place}: columns {where[0] + 1} and {where[1] + 1} may both hold the addresses; "
            "take one out, or name it otherwise"
        )
    ours = {"address": where[0]}
    for number, name in enumerate(map(fold, line.cells)):
        if number == where[0] or (name == "address" and ranks[number]):
            continue
        if name in COLUMNS:
            if name in ours:
                raise DeliveryError(
                    f"{line.place}: column {number + 1} is named twice: {name}; take one out"
                )
            ours[name] = number
        elif near := get_close_matches(name, COLUMNS[1:], 1, 0.8):
            raise DeliveryError(
                f"{line.place}: column {number + 1} is named {name}; did you mean {near[0]}? Name it "
                "so, or otherwise if it is something else"
            )
    return Header(tuple(line.cells), ours)


# ---------------------------------------------------------------- columns to people


def _row(header: Header, line: Line, separator: str) -> Row:
    if line.wrong:
        return Row(line.place, wrong=line.wrong)
    cells = [cell.strip(AROUND) for cell in line.cells]
    while len(cells) > len(header.names) and not cells[-1]:
        cells.pop()
    if header is POSITIONAL and NAMED.fullmatch(whole := separator.join(line.cells).strip(AROUND)):
        cells = [whole]  # `Lee, Ann <ann@…>` of a list of members
    if len(cells) > len(header.names):
        return Row(line.place, wrong=_too_many(header, len(cells)))
    values = {name: cells[n] for name, n in header.ours.items() if n < len(cells)}
    row = Row(
        line.place,
        address_in(values.get("address", "")),
        one_line(values.get("filter", "")),
        values.get("edition", ""),
        marked=_marked(header, cells),
    )
    empty = values.get("empty", "").lower()
    if empty not in ("", "say", "skip"):
        return Row(line.place, wrong="empty is say (a mail of one line) or skip (none)")
    if header is POSITIONAL and "@" not in row.filter and _may_be_a_name(row.filter):
        return replace(row, wrong=NO_NAME)
    return replace(row, empty="skip") if empty == "skip" else row


def _too_many(header: Header, count: int) -> str:
    many = f"the {len(header.names)} of the first line"
    expected = ", ".join(COLUMNS) if header is POSITIONAL else many
    return (
        f"{count} columns where {expected} are expected; a filter with a comma or a quote in it stands "
        'in quotes, and its own quotes twice: "a ""b c"""'
    )


def address_in(cell: str) -> str:
    """The address of a cell, without a name, `mailto:` or what cannot be seen around it."""
    text = cell.strip(AROUND)
    found = NAMED.fullmatch(text) or COMMENTED.fullmatch(text)
    text = (found[1] if found else text).strip(AROUND + "'")
    if text[:7].lower() == "mailto:":
        text = text[7:].partition("?")[0]
    return text.rstrip(".,;").strip(AROUND)


def _may_be_a_name(filter: str) -> bool:
    """Whether a filter asks for nothing but words."""
    try:
        tree = query.parse(filter).tree
    except QueryError:
        return False
    return all(isinstance(leaf, Words) for leaf in query.leaves(tree))


def _marked(header: Header, cells: list[str]) -> str:
    """What the other columns say of somebody who gets no mail from that list; empty for nothing."""
    for number, name in header.others.items():
        cell = fold(cells[number]) if number < len(cells) else ""
        if said := _said(_column(name), cell):
            shown = shorten(without_addresses(clean(header.names[number])), 30)
            return said.format(shown)
    return ""


def _said(column: Column, cell: str) -> str:
    """That a cell says of somebody that they are gone, with {} for its column; empty for nothing."""
    if cell in GONE:
        return f"{{}} is “{cell}”"
    if column.state and (found := ANY_GONE.search(cell)):
        return f"{{}} is “{found[0]}”"
    if column.gone and cell not in NO:
        return "there is something in {}"
    if (column.no_is_gone and cell in SAYS_NO) or (column.yes_is_gone and cell in YES):
        return f"{{}} is “{cell}”"
    return ""


@lru_cache(maxsize=1_000)
def _column(name: str) -> Column:
    told = not BESIDE.search(name)
    return Column(
        state=bool(STATES.search(name)),
        gone=bool(SAYS_GONE.fullmatch(name)),
        no_is_gone=bool(SAYS_THERE.fullmatch(name) or (told and TELLS_THERE.search(name))),
        yes_is_gone=bool(told and TELLS_GONE.search(name)),
    )


def _unused(name: str) -> bool:
    """Whether a column that is not ours says nothing that matters."""
    return bool(name) and not any(_column(name))


def _only_ascii(row: Row) -> Row:
    plain = (row.address + row.filter + row.edition).isascii()
    return row if plain else Row(row.place, wrong=UNSURE)


def _is_address(cell: str) -> bool:
    try:
        return bool(plain_address(address_in(cell)))
    except DeliveryError:
        return False
