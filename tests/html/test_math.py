"""Formulas come out as TeX, once each, in their line of text."""

from __future__ import annotations

import pytest
from trees import texts, tree

from cleaner.html.math import tex


@pytest.mark.parametrize(
    ("math", "expected"),
    [
        ("<math><mi>x</mi></math>", "$x$"),
        ("<math display=block><mi>x</mi></math>", "$$x$$"),
        ("<math><mfrac><mi>a</mi><mi>b</mi></mfrac></math>", r"$\frac{a}{b}$"),
        ("<math><msup><mi>x</mi><mn>2</mn></msup><mo>−</mo><msub><mi>y</mi><mi>i</mi></msub></math>", "$x^{2}-y_{i}$"),
        ("<math><msubsup><mi>x</mi><mn>1</mn><mn>2</mn></msubsup></math>", "$x_{1}^{2}$"),
        ("<math><msqrt><mi>x</mi><mo>+</mo><mn>1</mn></msqrt></math>", r"$\sqrt{x+1}$"),
        ("<math><mroot><mi>x</mi><mn>3</mn></mroot></math>", r"$\sqrt[3]{x}$"),
        ("<math><munderover><mo>∑</mo><mi>i</mi><mi>n</mi></munderover><mi>α</mi></math>", r"$\sum _{i}^{n}\alpha$"),
        ("<math><mi>a</mi><mo>≤</mo><mi>b</mi></math>", r"$a\le b$"),
        ("<math><mfrac><mi>a</mi></mfrac></math>", "$a$"),
        ("<math></math>", ""),
        ("<math alttext='a+b'><mi>q</mi></math>", "$a+b$"),
        (r"<math alttext='{\displaystyle  a +b }'><mi>q</mi></math>", "$a +b$"),
        (
            "<math alttext=wrong><semantics><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation>"
            "</semantics></math>",
            "$x^2$",
        ),
        ("<math><semantics><mi>x</mi><annotation encoding='text/plain'>no</annotation></semantics></math>", "$x$"),
    ],
)
def test_mathml(math: str, expected: str) -> None:
    element = next(tree(math).iter("math"))
    assert tex(element) == expected


def test_mathml_nested_without_end_ends() -> None:
    assert tex(next(tree("<math>" + "<mrow>" * 150 + "x").iter("math"))) == ""


ANNOTATED = "<math><semantics><mi>x</mi><annotation encoding='application/x-tex'>x^2</annotation></semantics></math>"
SHAPES = {
    "mathml": ANNOTATED,
    "katex": f"<span class=katex><span class=katex-mathml>{ANNOTATED}</span>"
    "<span class=katex-html aria-hidden=true><span>x</span><span>2</span></span></span>",
    "wiki": f"<span class=mwe-math-element><span style='display: none;'>{ANNOTATED}</span>"
    "<img class=mwe-math-fallback-image-inline src=x.svg alt='x^2'></span>",
    "mathjax source": "<script type='math/tex'>x^2</script>",
    "mathjax 2": "<span class=MathJax_Preview>x2</span><span class=MathJax><nobr aria-hidden=true>x2</nobr>"
    f"<span class=MJX_Assistive_MathML>{ANNOTATED}</span></span><script type='math/tex'>x^2</script>",
    "mathjax 3": "<mjx-container class=MathJax><mjx-math aria-hidden=true><mjx-mi><mjx-c></mjx-c></mjx-mi></mjx-math>"
    f"<mjx-assistive-mml>{ANNOTATED}</mjx-assistive-mml></mjx-container>",
}


@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_a_formula_stands_in_its_sentence_once(shape: str) -> None:
    assert texts(f"<p>The area {shape} of the lamp.</p>") == ["The area $x^2$ of the lamp."]


def test_a_display_in_a_script() -> None:
    assert texts("<p>So <script type='math/tex; mode=display'> y </script> holds.</p>") == ["So $$y$$ holds."]


def test_other_scripts_are_no_formulas() -> None:
    assert texts("<p>So<script type='text/javascript'>y</script><script>z</script> it holds.</p>") == ["So it holds."]
