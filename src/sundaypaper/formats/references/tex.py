"""Text as TeX prints it.

Whoever cites a paper runs TeX over what stands here, so a title or a name may hold no command of
TeX's: formulas keep those that only show something, of all else the text is kept and its signs are
escaped.
"""

from __future__ import annotations

import re

from sundaypaper.formats.mathematics.prose import Formula, Piece, read
from sundaypaper.formats.mathematics.show import plain

SPECIAL = re.compile(r"[\\{}$&%#_^~]")
# Braces count in a field of BibTeX's wherever they stand, a backslash before them or not.
ESCAPES = {sign: f"\\{sign}" for sign in "$&%#_"}
ESCAPES |= {"{": r"{\textbraceleft}", "}": r"{\textbraceright}"}
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


def escaped(text: str) -> str:
    """Text as TeX prints it, each sign as it is but for braces in pairs, which group as written."""
    pairs = _pairs(text)
    return SPECIAL.sub(lambda sign: sign[0] if sign.start() in pairs else ESCAPES[sign[0]], text)


def _pairs(text: str) -> set[int]:
    """Where the braces stand that have a partner."""
    pairs: set[int] = set()
    opened: list[int] = []
    for at, sign in enumerate(text):
        if sign == "{":
            opened.append(at)
        elif sign == "}" and opened:
            pairs |= {opened.pop(), at}
    return pairs


def title_as_tex(title: str) -> str:
    """A title as TeX prints it; empty where that is the title with its signs escaped.

    Formulas stay what they are where they can do no more than that; accents become letters.
    """
    written = "".join(map(_piece, read(title)))
    return "" if written == escaped(title) else written


def _piece(piece: Piece) -> str:
    if isinstance(piece, Formula) and _is_harmless(piece.latex):
        return f"${piece.latex.strip()}$"
    return escaped(plain(piece))


def _is_harmless(latex: str) -> bool:
    """Whether a formula has no command but those that show something, and ends where it ends."""
    if latex.count("{") != latex.count("}") or "^^" in latex or BARE.search(latex):
        return False
    return all(command in HARMLESS for command in COMMAND.findall(latex))
