"""Mathematics as TeX: what MathML, KaTeX and MathJax leave in a saved page."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element

_TEX = "application/x-tex"
_DISPLAY_STYLE = r"{\displaystyle "
_FORMS = {
    "mfrac": r"\frac{{{0}}}{{{1}}}",
    "msup": "{0}^{{{1}}}",
    "msub": "{0}_{{{1}}}",
    "msubsup": "{0}_{{{1}}}^{{{2}}}",
    "munder": "{0}_{{{1}}}",
    "mover": "{0}^{{{1}}}",
    "munderover": "{0}_{{{1}}}^{{{2}}}",
    "mroot": r"\sqrt[{1}]{{{0}}}",
}
_SYMBOLS = str.maketrans(
    {
        "−": "-",
        "×": r"\times ",
        "⋅": r"\cdot ",
        "±": r"\pm ",
        "≤": r"\le ",
        "≥": r"\ge ",
        "≠": r"\ne ",
        "≈": r"\approx ",
        "∑": r"\sum ",
        "∏": r"\prod ",
        "∫": r"\int ",
        "∞": r"\infty ",
        "√": r"\sqrt ",
        "∂": r"\partial ",
        "∈": r"\in ",
        "→": r"\to ",
        "α": r"\alpha ",
        "β": r"\beta ",
        "γ": r"\gamma ",
        "δ": r"\delta ",
        "Δ": r"\Delta ",
        "ε": r"\epsilon ",
        "θ": r"\theta ",
        "λ": r"\lambda ",
        "μ": r"\mu ",
        "π": r"\pi ",
        "σ": r"\sigma ",
        "Σ": r"\Sigma ",
        "τ": r"\tau ",
        "φ": r"\phi ",
        "ω": r"\omega ",
        "Ω": r"\Omega ",
    }
)
_DEEPEST = 60


def tex(math: _Element) -> str:
    """Return a ``<math>`` element as TeX between ``$`` (``$$`` where it is a display), or an empty string.

    The TeX that the page carries as an annotation or ``alttext`` comes first; else the presentation markup is read.
    """
    source = _annotated(math) or math.get("alttext") or _read(math, 0)
    source = " ".join(source.split())
    if source.startswith(_DISPLAY_STYLE) and source.endswith("}"):
        source = source[len(_DISPLAY_STYLE) : -1].strip()
    mark = "$$" if math.get("display") == "block" else "$"
    return f"{mark}{source}{mark}" if source else ""


def is_tex(element: _Element | None) -> bool:
    """Whether an element is a script that holds the TeX of a formula, as MathJax leaves it in the page."""
    return element is not None and element.tag == "script" and (element.get("type") or "").startswith("math/tex")


def _annotated(math: _Element) -> str:
    for note in math.iter("annotation"):
        if note.get("encoding") == _TEX and note.text:
            return note.text
    return ""


def _read(element: _Element, depth: int) -> str:
    if depth > _DEEPEST or element.tag in ("annotation", "annotation-xml"):
        return ""
    parts = [_read(child, depth + 1) for child in element]
    form = _FORMS.get(str(element.tag))
    if form and len(parts) == form.count("{0}") + form.count("{1}") + form.count("{2}"):
        return form.format(*parts)
    inner = (element.text or "").strip().translate(_SYMBOLS) + "".join(parts)
    return rf"\sqrt{{{inner}}}" if element.tag == "msqrt" else inner
