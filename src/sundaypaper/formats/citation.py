"""BibTeX entries of picks, in the form that arXiv itself hands out.

Whoever cites a paper runs TeX over what stands here, so a title or a name may hold no command of
TeX's: formulas keep those that only show something, of all else the text is kept and its signs are
escaped.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping

from sundaypaper.formats.hrefs import arxiv_id, web
from sundaypaper.formats.mathematics.prose import Formula, Piece, read
from sundaypaper.formats.mathematics.show import plain
from sundaypaper.formats.venue_names import VENUES
from sundaypaper.models import Pick
from sundaypaper.text import clean, fold
from sundaypaper.wording.claims import claim_words

# Longer than any title.
LONGEST = 2000
SPECIAL = re.compile(r"[\\{}$&%#_^~]")
# Braces end a field of BibTeX's wherever they stand.
ESCAPES = {sign: f"\\{sign}" for sign in "$&%#_"} | {"{": "", "}": ""}
ESCAPES |= {"\\": r"{\textbackslash}", "^": r"{\textasciicircum}", "~": r"{\textasciitilde}"}
COMMAND = re.compile(r"\\([A-Za-z]+|.)")
# What TeX reads as no part of a formula.
BARE = re.compile(r"(?<!\\)[%#&$]|\\\Z")
HARMLESS = frozenset(
    r"""
    alpha beta gamma delta epsilon varepsilon zeta eta theta vartheta iota kappa lambda mu nu xi pi
    varpi rho varrho sigma varsigma tau upsilon phi varphi chi psi omega Gamma Delta Theta Lambda Xi
    Pi Sigma Upsilon Phi Psi Omega frac dfrac tfrac binom sqrt sum prod int oint lim liminf limsup log
    ln lg exp min max sup inf arg argmin argmax det dim ker deg gcd hom Pr sin cos tan cot sinh cosh
    tanh mathbb mathbf mathcal mathfrak mathrm mathscr mathsf mathit mathtt boldsymbol bm text textit
    textbf textrm textsf texttt textup mbox operatorname hat bar tilde vec dot ddot widehat widetilde
    overline underline check acute grave breve mathring le leq leqslant ge geq geqslant ne neq approx
    sim simeq cong equiv propto in notin ni subset subseteq supset supseteq cup cap setminus times
    cdot pm mp div ast star circ bullet oplus otimes odot ominus to gets rightarrow leftarrow
    Rightarrow Leftarrow leftrightarrow Leftrightarrow longrightarrow mapsto uparrow downarrow infty
    partial nabla ell forall exists mid nmid parallel perp ldots cdots dots vdots ddots langle rangle
    lfloor rfloor lceil rceil lVert rVert lvert rvert Vert vert left right big Big bigg Bigg bigl bigr
    Bigl Bigr quad qquad prime dagger ddagger degree wedge vee neg lnot land lor ll gg prec succ
    preceq succeq colon top bot emptyset varnothing hbar Re Im aleph triangle square diamond sharp
    flat natural rm bf it cal sf tt displaystyle textstyle limits nolimits
    , ; : ! | { } % & # _
    """.split()
) | {" "}
# Words that open many titles and name none of them.
LITTLE = frozenset("a an the on in of for to and with from by is are at towards toward via".split())


def bibtex(pick: Pick, venues: Mapping[str, str] = VENUES) -> str:
    """A BibTeX entry that ends in a line break: `@misc` for papers, `@online` for the rest.

    A claimed venue is a note in the authors' name, never a booktitle: nobody checked it. venues are
    the names to print by key.
    """
    fields = {"title": f"{{{_escaped(pick.title)}}}"}
    if pick.authors:
        names = [*pick.authors, *(["others"] if pick.more_authors else [])]
        fields["author"] = " and ".join(map(_name, names))
    if pick.published:
        fields["year"] = str(pick.published.year)
    if number := arxiv_id(pick.id):
        fields |= {"eprint": number, "archivePrefix": "arXiv"}
        if pick.categories:
            fields["primaryClass"] = _escaped(pick.categories[0])
    accepted = [claim for claim in pick.claims if claim.status == "accepted"]
    if accepted:
        claims = "; ".join(claim_words(claim, venues) for claim in accepted)
        fields["note"] = _escaped(f"The authors say: {claims}")
    if url := web(pick.url):
        fields["url"] = url
    kind = "misc" if pick.kind == "paper" else "online"
    body = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@{kind}{{{_key(pick)},\n{body}}}\n"


def _key(pick: Pick) -> str:
    """Last name, year and first word of the title: `lind2026sparse`."""
    last = fold(pick.authors[0]).split()[-1:] if pick.authors else fold(pick.source).split()[:1]
    words = [word for word in fold(pick.title).split() if word not in LITTLE]
    year = str(pick.published.year) if pick.published else ""
    key = "".join([*last, year, *words[:1]])
    ascii_key = unicodedata.normalize("NFKD", key).encode("ascii", "ignore").decode()
    return ascii_key or "entry"


def _name(name: str) -> str:
    """A name; one with "and" in it in braces, since BibTeX takes that for another author."""
    written = _escaped(name)
    return f"{{{written}}}" if " and " in f" {written.lower()} " else written


def _escaped(text: str) -> str:
    """Text as TeX prints it; formulas stay what they are where they can do no more than that."""
    return "".join(map(_piece, read(clean(text)[:LONGEST])))


def _piece(piece: Piece) -> str:
    if isinstance(piece, Formula) and _is_harmless(piece.latex):
        return f"${piece.latex.strip()}$"
    return SPECIAL.sub(lambda sign: ESCAPES[sign[0]], plain(piece))


def _is_harmless(latex: str) -> bool:
    """Whether a formula has no command but those that show something, and ends where it ends."""
    if latex.count("{") != latex.count("}") or "^^" in latex or BARE.search(latex):
        return False
    return all(command in HARMLESS for command in COMMAND.findall(latex))
