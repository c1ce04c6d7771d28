"""Parsers of dates as feeds write them, in many forms and languages, to aware UTC datetimes. Pure.

order    the day first or the month, where a feed writes 03/04/2026: told by its other dates,
         else by its language
read     one date, None where it is none, or may mean two days
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from datetime import UTC, date, datetime, timedelta, timezone, tzinfo
from functools import cache, lru_cache
from typing import Literal

from sundaypaper import zones

Order = Literal["day", "month", ""]

FIRST_YEAR, LAST_YEAR = 1990, 2100  # what is older is a zero written as a date
LONGEST = 120
# The months in the languages of feeds; three letters of a name are enough where they are its own.
MONTHS = """
january february march april may june july august september october november december
januar februar märz april mai juni juli august september oktober november dezember
jänner feber maerz - - - - - - - - -
janvier février mars avril mai juin juillet août septembre octobre novembre décembre
enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre
- - - - - - - - setiembre - - -
gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre
janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro
januari februari maart april mei juni juli augustus september oktober november december
- - mrt - - - - - - - - -
januari februari mars april maj juni juli augusti september oktober november december
januar februar marts april maj juni juli august september oktober november december
januar februar mars april mai juni juli august september oktober november desember
stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada grudnia
styczeń luty marzec kwiecień maj czerwiec lipiec sierpień wrzesień październik listopad grudzień
leden únor březen duben květen červen červenec srpen září říjen listopad prosinec
ledna února března dubna května června července srpna září října listopadu prosince
ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık
tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu
tammikuuta helmikuuta maaliskuuta huhtikuuta toukokuuta kesäkuuta heinäkuuta elokuuta syyskuuta lokakuuta marraskuuta joulukuuta
január február március április május június július augusztus szeptember október november december
ianuarie februarie martie aprilie mai iunie iulie august septembrie octombrie noiembrie decembrie
januari februari maret april mei juni juli agustus september oktober november desember
januára februára marca apríla mája júna júla augusta septembra októbra novembra decembra
januarja februarja marca aprila maja junija julija avgusta septembra oktobra novembra decembra
jaanuar veebruar märts aprill mai juuni juuli august september oktoober november detsember
janvāris februāris marts aprīlis maijs jūnijs jūlijs augusts septembris oktobris novembris decembris
sausio vasario kovo balandžio gegužės birželio liepos rugpjūčio rugsėjo spalio lapkričio gruodžio
януари февруари март април май юни юли август септември октомври ноември декември
gener febrer març abril maig juny juliol agost setembre octubre novembre desembre
января февраля марта апреля мая июня июля августа сентября октября ноября декабря
январь февраль март апрель май июнь июль август сентябрь октябрь ноябрь декабрь
січня лютого березня квітня травня червня липня серпня вересня жовтня листопада грудня
ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου
ιαν φεβ μάρ απρ μάι ιούν ιούλ αύγ σεπ οκτ νοέ δεκ
يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر
בינואר בפברואר במרץ באפריל במאי ביוני ביולי באוגוסט בספטמבר באוקטובר בנובמבר בדצמבר
ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר
"""
# The days of the week, to tell 03/04 apart; the first of those that a word begins with.
WEEKDAYS = """
mon tue wed thu fri sat sun
montag dienstag mittwoch donnerstag freitag samstag sonntag
lundi mardi mercredi jeudi vendredi samedi dimanche
lunes martes miércoles jueves viernes sábado domingo
lunedì martedì mercoledì giovedì venerdì sabato domenica
segunda terça quarta quinta sexta sábado domingo
maandag dinsdag woensdag donderdag vrijdag zaterdag zondag
"""
HOUR = timedelta(hours=1)
OFFSETS = {
    name: timedelta(hours=hours)
    for names, hours in (
        ("z ut utc gmt wet", 0), ("west bst cet mez met", 1), ("cest mest mesz eet sast", 2),
        ("eest msk trt", 3), ("gst", 4), ("pkt", 5), ("ist", 5.5), ("wib", 7), ("sgt hkt awst", 8),
        ("jst kst", 9), ("acst", 9.5), ("aest", 10), ("aedt", 11), ("nzst", 12), ("nzdt", 13),
        ("brt art adt", -3), ("ast edt", -4), ("est cdt", -5), ("cst mdt", -6), ("mst pdt", -7),
        ("pst akdt", -8), ("akst", -9), ("hst", -10),
    )
    for name in names.split()
}  # fmt: skip
OFFSETS["bst"], OFFSETS["wet"], OFFSETS["west"] = HOUR, timedelta(), HOUR

# What has a summer time under one name.
SEASONS = {"ct": "America/Chicago", "mt": "America/Denver"}

HALVES = "上午|下午|午前|午後|오전|오후"
TIMES = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:(?P<half>{HALVES})\s*)?(?<!\d)(?P<h>\d{{1,2}}):(?P<m>\d{{2}})(?!\d)"
        r"(?::(?P<s>\d{2})(?:[.,:]\d{1,9})?)?\s*(?:(?P<ap>[ap])\.?\s?m\b\.?)?",
        rf"(?:(?P<half>{HALVES})\s*)?(?<!\d)(?P<h>\d{{1,2}})\s?(?:h(?![^\W\d_])|時|时|点|點|시)\s?"
        r"(?:(?P<m>\d{2})(?!\d)\s?(?:min|m|分|분)?)?(?:\s?(?P<s>\d{2})(?!\d)\s?(?:秒|초))?(?P<ap>)",
        r"(?P<half>)(?<!\d)(?P<h>\d{1,2})\s?(?P<m>)(?P<s>)(?P<ap>[ap])\.?\s?m\b\.?",
        r"(?P<half>)(?<!\d)(?P<h>\d{1,2})[.](?P<m>\d{2})(?:[.](?P<s>\d{2}))?(?P<ap>)(?=\s?uhr)",
    )
)
ZONE = re.compile(
    r"\s*(?:uhr|hrs?|h)?[\s(\[]*(?:(?P<name>[a-z]{1,12}(?:/[a-z_]{2,30}){0,2})(?![a-z]))?"
    r"\s*(?P<offset>[+−-]\d{1,2}(?::?\d{2})?)?(?!\d)"
)
UNIX = re.compile(r"(\d{9,10}|\d{13}|\d{16})(?:\.\d{1,9})?")
RUN = re.compile(r"(\d{4})(\d{2})(\d{2})[t ]?(?:(\d{2})(\d{2})(\d{2})?)?(z|[+-]\d{2}:?\d{2})?")
YEAR_FIRST = re.compile(
    r"(?<!\d)(\d{4})\s?(?:[-/.]|年|년)\s?(\d{1,2})\s?(?:[-/.]|月|월)\s?(\d{1,2})(?!\d)"
)
YEAR_LAST = re.compile(r"(?<!\d)(\d{1,2})\s?([-/.])\s?(\d{1,2})\s?\2\s?(\d{4}|\d{2})(?!\d)")
MONTH_ONLY = re.compile(r"(\d{4})(?:-(\d{2}))?")
NUMBERED_DAY = re.compile(r"(\d{4})-?(\d{3})")
WORD = re.compile(r"[^\W\d_]+|\d+")
LINKS = frozenset(("de", "del", "of", "th", "st", "nd", "rd", "er"))
VIETNAMESE = re.compile(r"(?:tháng|thang)\s(\d{1,2})")
IN_ADDRESS = re.compile(
    r"/((?:19|20)\d\d)[/-](0?[1-9]|1[0-2])(?:[/-](0?[1-9]|[12]\d|3[01]))?(?![0-9])"
)


def order(written: Iterable[str], language: str) -> Order:
    """Whether the day comes first: as the dates say that can be read in one way only."""
    said: set[Order] = set()
    for text in written:
        found = YEAR_LAST.search(text[:LONGEST])
        if found is None or found[2] == ".":
            continue
        first, second = int(found[1]), int(found[3])
        if (first > 12) != (second > 12):
            said.add("day" if first > 12 else "month")
        elif by_weekday := _by_weekday(_normal(text), first, second, _year(found[4])):
            said.add(by_weekday)
    if len(said) == 1:
        return said.pop()
    tongue = language.strip().lower().replace("_", "-")
    if said or tongue in ("", "en"):
        return ""
    return "month" if tongue in ("en-us", "en-ph") else "day"


@lru_cache(1_000)
def read(text: str, order: Order = "") -> datetime | None:
    """The moment that a text means; without a zone it is UTC, without a time midnight."""
    text = _normal(text)
    if not text:
        return None
    try:
        moment = _unix(text) or _run(text) or _iso(text) or _in_parts(text, order)
    except (ValueError, OverflowError):
        return None
    if moment is None or not FIRST_YEAR <= moment.year <= LAST_YEAR:
        return None
    return moment.replace(microsecond=0)


def of_address(url: str) -> date | None:
    """The day that an address such as /2019/03/12/title carries; of a month, its last."""
    found = IN_ADDRESS.search(url)
    if found is None:
        return None
    year, month = int(found[1]), int(found[2])
    try:
        if found[3]:
            return date(year, month, int(found[3]))
        return (date(year, month, 28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
    except ValueError:
        return None


def _normal(text: str) -> str:
    text = unicodedata.normalize("NFKC", text[:LONGEST]).lower()
    return " ".join(re.sub(r"[\u200b-\u200f\u202a-\u202e\ufeff]", "", text).split())


def _unix(text: str) -> datetime | None:
    """Seconds since 1970, or thousandths or millionths of them."""
    found = UNIX.fullmatch(text)
    if found is None:
        return None
    return datetime.fromtimestamp(int(found[1]) / {13: 1e3, 16: 1e6}.get(len(found[1]), 1), UTC)


def _run(text: str) -> datetime | None:
    """20260417T100000Z."""
    found = RUN.fullmatch(text)
    if found is None:
        return None
    year, month, day, hour, minute, second = (int(n or 0) for n in found.groups()[:6])
    offset = _offset(found[7]) if found[7] and found[7] != "z" else timedelta()
    return datetime(year, month, day, hour, minute, second, tzinfo=timezone(offset)).astimezone(UTC)


def _iso(text: str) -> datetime | None:
    """ISO 8601 in its strict forms, weeks and numbered days among them, and a month or year alone."""
    if found := MONTH_ONLY.fullmatch(text):
        return datetime(int(found[1]), int(found[2] or 1), 1, tzinfo=UTC)
    if found := NUMBERED_DAY.fullmatch(text):
        return datetime(int(found[1]), 1, 1, tzinfo=UTC) + timedelta(days=int(found[2]) - 1)
    try:
        moment = datetime.fromisoformat(text.upper())
    except ValueError:
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def _in_parts(text: str, order: Order) -> datetime | None:
    """A time and its zone, where there are any, and the date in what is left."""
    time, rest = None, text
    for pattern in TIMES:
        if time := pattern.search(text):
            break
    zone: tzinfo = UTC
    if time:
        if len(re.findall(r"\d+", text[: time.start()] + text[time.end() :])) < 2:
            return None  # of a month alone no hour is said
        zone, end = _zone(text, time.end())
        rest = f"{text[: time.start()]} {text[end:]}"
    day = _day(rest, order)
    if day is None:
        return None
    moment = datetime(day.year, day.month, day.day)  # noqa: DTZ001 its zone comes now
    if time:
        moment += _clock(time)
    return moment.replace(tzinfo=zone).astimezone(UTC)


def _clock(time: re.Match[str]) -> timedelta:
    hour, minute, second = (int(time[part] or 0) for part in ("h", "m", "s"))
    half = time["ap"] or ("p" if time["half"] in ("下午", "午後", "오후") else time["half"] and "a")
    if hour > 24 or minute > 59 or second > 60 or (half and time["ap"] and hour > 23):
        raise ValueError("no time of day")
    if half and hour <= 12:
        hour = hour % 12 + (12 if half == "p" else 0)
    return timedelta(hours=hour, minutes=minute, seconds=min(second, 59))


def _zone(text: str, start: int) -> tuple[tzinfo, int]:
    """The zone that follows a time, and where what says it ends; UTC where nothing does."""
    found = ZONE.match(text, start)
    if found is None:
        return UTC, start
    if found["offset"]:
        return timezone(_offset(found["offset"])), found.end()
    name = found["name"] or ""
    if name in OFFSETS:
        return timezone(OFFSETS[name]), found.end()
    if "/" in name:
        name = "/".join(part.title() for part in name.split("/"))
    known = SEASONS.get(name) or zones.zone(name)
    return (zones.clock(known), found.end()) if known else (UTC, start)


def _offset(text: str) -> timedelta:
    digits = text[1:].replace(":", "")
    hours, minutes = (int(digits[:-2]), int(digits[-2:])) if len(digits) > 2 else (int(digits), 0)
    return timedelta(hours=hours, minutes=minutes) * (1 if text[0] == "+" else -1)


def _day(text: str, order: Order) -> date | None:
    if found := YEAR_FIRST.search(text):
        year, month, day = int(found[1]), int(found[2]), int(found[3])
        return date(year, day, month) if month > 12 else date(year, month, day)
    if found := YEAR_LAST.search(text):
        return _slashed(text, found, order)
    return _in_words(text)


def _slashed(text: str, found: re.Match[str], order: Order) -> date | None:
    """17.04.2026, 17/04/2026 or 04/17/2026; None where it may be either."""
    first, second, year = int(found[1]), int(found[3]), _year(found[4])
    if found[2] == "." or first > 12 or first == second:
        return date(year, second, first)
    if second > 12:
        return date(year, first, second)
    order = order or _by_weekday(text, first, second, year)
    if not order:
        return None
    return date(year, second, first) if order == "day" else date(year, first, second)


def _by_weekday(text: str, first: int, second: int, year: int) -> Order:
    """As the day of the week beside it tells."""
    named = {number for word in WORD.findall(text) if (number := _weekday(word)) is not None}
    if len(named) != 1:
        return ""
    fits: list[Order] = []
    for says, month, day in (("day", second, first), ("month", first, second)):
        try:
            if {date(year, month, day).weekday()} == named:
                fits.append("day" if says == "day" else "month")
        except ValueError:
            continue
    return fits[0] if len(fits) == 1 else ""


def _in_words(text: str) -> date | None:
    """A day, a month by its name, a year, in any order, among other words."""
    text = VIETNAMESE.sub(lambda m: f" {_english(int(m[1]))} ", text)
    words = WORD.findall(text)
    months = [(_beside(words, at), at) for at, word in enumerate(words) if _month(word)]
    numbers = [word for word in words if word.isdecimal()]
    if not months or not 1 <= len(numbers) <= 2:
        return None
    month = _month(words[max(months)[1]])
    years = [n for n in numbers if len(n) == 4]
    if len(numbers) == 1:
        return date(int(years[0]), month, 1) if years else None
    if len(years) == 1:
        day = next(n for n in numbers if n is not years[0])
        return date(int(years[0]), month, int(day))
    return date(_year(numbers[1]), month, int(numbers[0])) if not years else None


def _beside(words: list[str], at: int) -> int:
    """How many numbers stand beside a word; a day of the week may look like a month: mar 17 avr."""
    around = [w for w in words[max(0, at - 2) : at] + words[at + 1 : at + 3] if w not in LINKS]
    return sum(word.isdecimal() for word in around)


def _year(written: str) -> int:
    year = int(written)
    return year if len(written) > 2 else year + (2000 if year < 70 else 1900)


def _english(number: int) -> str:
    return MONTHS.split()[number - 1] if 1 <= number <= 12 else ""


def _fold(word: str) -> str:
    if word.isascii():
        return word
    decomposed = unicodedata.normalize("NFKD", word.replace("ı", "i").replace("ł", "l"))
    return "".join(c for c in decomposed if not unicodedata.combining(c))


def _month(word: str) -> int:
    """The month of which a word is the name, or its beginning; 0 for all other words."""
    return _month_names().get(_fold(word), 0)


def _weekday(word: str) -> int | None:
    word = _fold(word)
    names = _weekday_names()
    if word in names:
        return names[word]
    return names.get(word[:3]) if len(word) > 3 and word.endswith("day") else None


@cache
def _month_names() -> dict[str, int]:
    """Each name and each beginning of one, of three letters at least, that is of one month only."""
    full: dict[str, int] = {}
    short: dict[str, set[int]] = {}
    for row in MONTHS.strip().splitlines():
        for number, name in enumerate(map(_fold, row.split()), 1):
            if name == "-":
                continue
            full.setdefault(name, number)
            for length in range(3, len(name)):
                short.setdefault(name[:length], set()).add(number)
    ours = {name[:3]: number for number, name in enumerate(MONTHS.split()[:12], 1)}
    return {start: next(iter(of)) for start, of in short.items() if len(of) == 1} | ours | full


@cache
def _weekday_names() -> dict[str, int]:
    named: dict[str, set[int]] = {}
    for row in WEEKDAYS.strip().splitlines():
        for number, name in enumerate(map(_fold, row.split())):
            for length in {2, 3, 4, len(name)}:
                named.setdefault(name[:length], set()).add(number)
    return {name: next(iter(of)) for name, of in named.items() if len(of) == 1}
