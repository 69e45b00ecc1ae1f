"""``doc.text``."""

from __future__ import annotations

from handmade import document, plain

from cleaner import Label


def test_paragraphs_are_apart_by_a_blank_line_and_cruft_is_gone() -> None:
    page = "<h1>The Lamp</h1><p>One.</p><div class=is-newsletter><p>Sign up!</p></div><p>Two.</p>"
    assert document(page).text == "One.\n\nTwo."


def test_keep_and_drop_change_what_is_shown() -> None:
    page = "<h1>The Lamp</h1><p>One.</p><p class=is-comments>First!</p>"
    kept = document(page, keep=frozenset({Label.TITLE, Label.COMMENTS}), drop=frozenset({Label.BODY}))
    assert kept.text == "The Lamp\n\nFirst!"


def test_list_items_stand_on_lines_of_their_own() -> None:
    page = "<p>Bring:</p><ul><li>rope<li>a lamp<ol><li>wick<li>oil</ol></ul><ul><li>bread</ul><p>Go."
    assert document(page).text == "Bring:\n\nrope\na lamp\nwick\noil\n\nbread\n\nGo."


def test_a_list_holds_together_over_a_dropped_item() -> None:
    page = "<ul><li>rope<li class=is-related>Read more<li>bread</ul>"
    assert document(page).text == "rope\nbread"


def test_table_rows_are_lines_and_cells_are_apart_by_bars() -> None:
    page = "<table><tr><th>Port<th>Boats<tr><td>Ness<td>14<br>or 15<tr><td>Roe<td>9</table><p>So.</p>"
    assert document(page).text == "Port | Boats\nNess | 14 or 15\nRoe | 9\n\nSo."


def test_code_stays_as_it_is() -> None:
    page = "<p>Run:</p><pre>if x:\n    y()\n\n\nz()</pre><pre>a  b</pre>"
    assert document(page).text == "Run:\n\nif x:\n    y()\n\n\nz()\n\na  b"


def test_lines_of_code_in_boxes_of_their_own_are_one_listing() -> None:
    assert document("<pre><div>if x:</div><div>  y()</div></pre>").text == "if x:\n  y()"


def test_plain_text_and_nothing_at_all() -> None:
    assert plain(("Head", Label.TITLE), ("One.", Label.BODY), ("Two.", Label.BODY)).text == "One.\n\nTwo."
    assert plain().text == ""
    assert document("<p class=is-legal>Rights").text == ""
