"""LaTeX in titles and sentences: MathML for pages, plain text for mails, never a raise."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html

from effort import calls, examples
from sundaypaper.formats.mathematics import isolated, marked, plain

ELEMENTS = frozenset(
    "math mrow mi mn mo mtext mspace msup msub msubsup mover munder munderover mfrac msqrt mroot "
    "mtable mtr mtd b i em code u sup sub span div".split()
)
ATTRIBUTES = frozenset(
    "alttext mathvariant stretchy linethickness width lspace rspace class".split()
)
LATEX = st.lists(
    st.sampled_from(
        (
            r"$ $$ { } \ ^ _ x 2 < > & ~ -- ` `` '' [ ] \( \) \[ \] \frac \sqrt \text \left( \right)"
            r" \hat \href \emph \textbf \'e \" \def \newcommand \begin{matrix} \end{matrix} \log"
            r" \unicode{x3c} <script> % # \footnote \color \mathbb \limits \over \not \ "
        ).split(" ")
    ),
    max_size=40,
).map("".join)


def _seconds(text: str) -> float:
    begin = time.process_time()
    marked(text)
    plain(text)
    return time.process_time() - begin


def test_formula_becomes_mathml_with_its_latex_as_text_alternative() -> None:
    """x squared is an msup, small, without namespace or wrapping rows."""
    assert marked("$x^2$ wins") == (
        '<math alttext="x^2"><msup><mi>x</mi><mn>2</mn></msup></math> wins'
    )
    assert plain("$x^2$ wins") == "x² wins"


@pytest.mark.parametrize("text", ["$x_1$", r"\(x_1\)", "$$x_1$$", r"\[x_1\]"])
def test_each_way_to_write_a_formula_is_read(text: str) -> None:
    """Dollars, double dollars and brackets mean the same inside a sentence."""
    assert "<msub><mi>x</mi><mn>1</mn></msub>" in marked(text)
    assert plain(text) == "x₁"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("H$^3$DP", "H<sup>3</sup>DP"),
        (r"40$\times$ faster", "40× faster"),
        ("360$^\\circ$ views", "360° views"),
        (r"$\texttt{NAME}$ x", "<code>NAME</code> x"),
        ("near $1$", "near 1"),
        (r"about $\sim 7.5\times$", "about ∼7.5×"),
        (r"Param$\Delta$", "ParamΔ"),
    ],
)
def test_what_is_no_formula_to_a_reader_is_plain_html(text: str, shown: str) -> None:
    """Lone exponents, numbers and words in a typeface need no MathML and never break a line."""
    assert marked(text) == shown


def test_bold_and_blackboard_letters_are_unicode_letters() -> None:
    """Browsers know no mathvariant but normal."""
    assert "<mi>ℝ</mi>" in marked(r"in $\mathbb{R}^d$")
    assert "<mi>𝐱</mi>" in marked(r"$\mathbf{x}+1$")
    assert plain(r"$\mathbf{x}+1$ in $\mathbb{R}$") == "x+1 in ℝ"


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (r"R\'enyi, Schr\"{o}dinger, Erd\H{o}s, {\"U}ber", "Rényi, Schrödinger, Erdős, Über"),
        (r"Plug\&Play at 50\% and \$3", "Plug&Play at 50% and $3"),
        ("Navier--Stokes -- a view---or not", "Navier–Stokes – a view—or not"),
        ("``So it goes'' and `it'", "“So it goes” and ‘it’"),
        (r"\emph{a \textbf{b}} {\it c} \textsc{D}", "a b c D"),
        ("Version~2", "Version 2"),
        ("Ben{CH}mark", "BenCHmark"),
        (r"It\'s 360{\deg}", "It's 360°"),
        (r"\href{https://a.example/x}{code}", "code (https://a.example/x)"),
        (r"one$\unicode{x2013}$two", "one–two"),
        ("$5%+x$ more", "5%+x more"),
    ],
)
def test_latex_outside_formulas_reads_as_a_reader_expects(text: str, shown: str) -> None:
    """Accents, escapes, quotes, dashes, ties and typefaces; a percent sign cuts nothing."""
    assert plain(text) == shown


def test_typefaces_are_elements() -> None:
    """Emphasis stays emphasis on a page."""
    assert marked(r"\emph{a} \textbf{b} {\tt c}") == "<em>a</em> <b>b</b> <code>c</code>"


@pytest.mark.parametrize(
    "text",
    [
        "from $5 to $10",
        "$5-$10 a run, $0.05 and US$ 3",
        "costs $3 and takes x_1 seconds, or $4",
        "echo $HOME and $PATH",
        "notes of $CAD/$5",
        "git log --oneline | head; i-- and ~10 at 3~5",
        r"C:\temp\new matches \d{3}",
        "{{7*7}} {% include %} {BERT} /users/{id}",
        "<!-- kept -->",
        "don't `` do ' that",
    ],
)
def test_prices_programs_and_paths_are_left_alone(text: str) -> None:
    """What only looks like LaTeX is shown exactly as it was written."""
    assert plain(text) == text
    assert lxml_html.fromstring(f"<div>{marked(text)}</div>").text_content() == text


@pytest.mark.parametrize(
    "text",
    [
        r"$\frac$",
        r"$x^2^2$",
        r"$\sqrt[$",
        r"$\ours$-net",
        r"\ours{x}",
        r"\cite{you2020}",
        r"$\def\a{b}\a$",
        r"$\newcommand{\a}{b}\a$",
        r"$\href{javascript:alert(1)}{x}$",
        r"\href{javascript:alert(1)}{x}",
        r"$\rule{9em}{9em}$",
        r"$\unicode{x3c}$",
        "$" + "x+" * 300 + "y$",
        "$" + "{" * 40 + "x" + "}" * 40 + "$",
        "$" + r"\sqrt" * 60 + "x$",
        "$x",
        r"\(x",
        "\\",
    ],
)
def test_broken_unknown_or_unsafe_latex_is_shown_as_written(text: str) -> None:
    """Nothing raises, nothing is lost, nothing is a link."""
    assert plain(text) == text
    assert lxml_html.fromstring(f"<div>{marked(text)}</div>").text_content() == text


def test_a_price_before_a_formula_does_not_swallow_the_words_between() -> None:
    """The dollar of the price stays, and the formula behind it is read."""
    text = "at $b_1 for the whole big run,$y^2$ is less"
    assert plain(text) == "at $b_1 for the whole big run,y² is less"


def test_a_formula_that_needs_two_lines_stays_latex_in_plain_text() -> None:
    """A matrix is MathML on a page, and in a mail as its author wrote it."""
    text = r"$\begin{matrix}a\\b\end{matrix}$"
    assert "<mtable><mtr><mtd>" in marked(text)
    assert plain(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "$<script>alert(1)</script>$",
        r"$\text{<img src=x onerror=alert(1)>}$",
        r"$\text{&#x3c;script&#x3e;}$",
        r'$\text{" onmouseover="x}$',
        '$x" onload="y$',
        r"\emph{<b onclick=x>}",
        r"$\color{red' onload=x}{x}$",
        r"\href{https://a.example/<script>}{x}",
    ],
)
def test_markup_in_latex_stays_text(text: str) -> None:
    """No element and no attribute comes from the text."""
    for element in lxml_html.fromstring(f"<div>{marked(text)}</div>").iter():
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES


def test_wide_and_negative_spaces_go() -> None:
    """A title cannot push or cover what stands around it."""
    assert marked(r"$\hspace{1000em}x$") == r'<math alttext="\hspace{1000em}x"><mi>x</mi></math>'


def test_formula_stays_on_one_line_with_what_touches_it() -> None:
    """A colon never begins a line; words between two formulas are shown once."""
    assert marked("On $P^2$GNN: x").count('<span class="nb"><math') == 1
    assert marked("On $P^2$GNN: x").endswith("</math>GNN:</span> x")
    shown = lxml_html.fromstring(f"<div>{marked('($a$x$b$) & $c$-$d$.')}</div>")
    assert shown.text_content() == "(axb) & c-d."


hostile = pytest.mark.parametrize(
    "text",
    [
        "{" * 10_000,
        "$" * 7_999,
        "\\" * 7_999,
        r"\emph{" * 1_300,
        r"\emph{" * 1_100 + "x" + "}" * 1_100,
        "`" * 7_999,
        "a--" * 2_600,
        "~" * 7_999,
        r"\c{" * 2_600,
        "$" + r"\left(" * 60 + "$",
        "$" + r"\frac" * 70 + "$",
        "$x$" * 2_600,
        "a$x$" * 100_000,
    ],
)


@hostile
def test_hostile_texts_cost_fifty_calls_a_character_at_most(text: str) -> None:
    """Linear in the length up to the limit; beyond it nothing is read."""
    read = len(text) if len(text) <= 8000 else 0
    assert calls(lambda: (marked(text), plain(text))) <= 100 + 50 * read


@pytest.mark.clock
@hostile
def test_hostile_texts_take_a_quarter_of_a_second_at_most(text: str) -> None:
    """No regular expression goes back and forth in them."""
    assert _seconds(text) < 0.25


def test_a_text_longer_than_any_abstract_is_escaped_as_it_is() -> None:
    """The limit of 8,000 characters is on reading, not on what is shown."""
    text = "<b>" + "a" * 7_993 + "$x^2$"
    assert marked(text) == "&lt;b&gt;" + "a" * 7_993 + "$x^2$"
    assert plain(text) == text
    assert plain("a" * 7_995 + "$x^2$") == "a" * 7_995 + "x²"


@examples(300)
@given(LATEX)
def test_no_latex_raises_or_becomes_foreign_markup(text: str) -> None:
    """Whatever is written, only the elements and attributes of the tables come out."""
    plain(text)
    for element in lxml_html.fromstring(f"<div>{marked(text)}</div>").iter():
        assert element.tag in ELEMENTS
        assert set(element.attrib) <= ATTRIBUTES


def test_plain_sentences_are_only_escaped() -> None:
    """Most titles hold no LaTeX at all."""
    assert marked("Ben & Jerry's <x>") == "Ben &amp; Jerry&#39;s &lt;x&gt;"
    assert not re.search("[<>]", marked("a < b > c").replace("&lt;", "").replace("&gt;", ""))


@pytest.mark.parametrize(
    ("written", "right"),
    [
        (r"coefficient $\alpha$--we transform", "coefficient α–we transform"),
        (r"to $10^6$---a first", "to 10⁶—a first"),
        (r"$\alpha$--$\beta$ pruning", "α–β pruning"),
        ("$k$--NN, but $k$-NN", "k–NN, but k-NN"),
        (r"A$_2$--B, 100$^\circ$--200$^\circ$", "A₂–B, 100°–200°"),
        ("pages 3$--$5", "pages 3–5"),
        ("three tasks~--~binary, graded", "three tasks – binary, graded"),
        ("$x$~--~$y$", "x – y"),
        ("one~---two, three--~four, α~–~β", "one —two, three– four, α – β"),
        ("to $10^6$--- a first ---or so", "to 10⁶— a first —or so"),
        ("a--``b''--c", "a–“b”–c"),
        (r"50\%--60\% and 50%--60%, $5--$10", "50%–60% and 50%–60%, $5–$10"),
    ],
)
def test_a_dash_behind_a_formula_or_between_ties_is_a_dash(written: str, right: str) -> None:
    """Two hyphens or three, on either side of mathematics, a tie, a quotation or a per cent sign."""
    assert plain(written) == right
    assert "--" not in marked(written)
    assert "~" not in marked(written)


@pytest.mark.parametrize(
    "written",
    [
        "run --all for $x$",
        "costs $--all",
        "i-- in C",
        "x--;",
        "|---|---|",
        "a ----- b",
        "~--",
        "e --v",
    ],
)
def test_hyphens_that_are_no_dash_stay(written: str) -> None:
    """Options, decrements, rules of a table, and what stands beside nothing."""
    assert plain(written) == written.replace("$x$", "x")


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Plain words", "Plain words"),
        ("שלום vision", "<bdi>שלום vision</bdi>"),
        ("نماذج اللغة & more", "<bdi>نماذج اللغة &amp; more</bdi>"),
        ("<b>عربي</b>", "<bdi>&lt;b&gt;عربي&lt;/b&gt;</bdi>"),
        ("中文 and Ελληνικά", "中文 and Ελληνικά"),
    ],
)
def test_words_from_right_to_left_turn_nothing_around_them(title: str, shown: str) -> None:
    """They stand in an element of their own; all else stays as it is."""
    assert marked(title) == shown
    assert isolated(title) == shown
