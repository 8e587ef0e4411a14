"""An entry is whole or refused, with every problem said; its text is one text."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bailiwick.errors import CaseError, CaseErrors
from bailiwick.register.entries import KINDS, Entry, Exhibit, body_of, entry_from, entry_of

WHOLE = {"kind": "condition", "title": "A channel for each area", "day": "2018-02-12", "by": "Deputy Mayor",
         "summary": "Only with a radio channel for each area."}
READING = {**WHOLE, "kind": "stop-rule reading", "measure": "calls in target", "reading": 84.5, "limit": 83}


def test_the_six_kinds_are_those_of_the_register():
    assert KINDS == ("evaluation plan", "criterion", "consultation response", "decision", "condition",
                     "stop-rule reading")


def test_a_whole_entry_is_taken_as_it_is_told():
    entry = entry_of({**WHOLE, "title": "  A channel  ", "evidence": [{"name": "a.pdf", "sha256": "0" * 64}]}, "here")
    assert (entry.title, entry.day) == ("A channel", date(2018, 2, 12))
    assert entry.evidence == (Exhibit("a.pdf", "0" * 64),)
    assert entry_of(READING, "here").reading == 84.5


@pytest.mark.parametrize(("change", "key", "word"), [
    ({"kind": "decison"}, "kind", "decision"),
    ({"day": "2018-13-01"}, "day", "2018-01-31"),
    ({"day": 2018}, "day", "2018-01-31"),
    ({"title": ""}, "title", "called"),
    ({"title": "two\x00words"}, "title", "control"),
    ({"summary": "x" * 20_001}, "summary", "20000"),
    ({"by": 7}, "by", "text"),
    ({"kind": "decision"}, "reference", "PCD 217"),
    ({"kind": "stop-rule reading", "measure": "m", "limit": 1.0}, "reading", "read"),
    ({"reading": 1.0}, "reading", "stop-rule"),
    ({**READING, "reading": float("nan")}, "reading", "number"),
    ({**READING, "limit": True}, "limit", "number"),
    ({"shows": "met"}, "gate", "gate"),
    ({"shows": "yes", "gate": "g"}, "shows", "not met"),
    ({"signs_off": ["Q15"]}, "signs_off", "decision"),
    ({"signs_off": ["fifteen"]}, "signs_off", "Q15"),
    ({"evidence": [{"name": "a", "sha256": "xyz"}]}, "evidence", "64"),
    ({"evidence": [{"name": "a", "sha256": "0" * 64, "size": 3}]}, "evidence", "64"),
    ({"evidence": "a.pdf"}, "evidence", "list"),
    ({"sumary": "x"}, "sumary", "a key"),
    ({"recorded": "2018-01-01T00:00:00Z"}, "day", "2018-01-01"),
])
def test_what_is_wrong_is_named_with_what_was_expected(change, key, word):
    with pytest.raises(CaseError) as refused:
        entry_of({**WHOLE, **change}, "here")
    assert refused.value.key == key
    assert word in refused.value.expected or word in refused.value.hint


def test_several_problems_are_told_at_once():
    with pytest.raises(CaseErrors) as refused:
        entry_of({"kind": "decison"}, "here")
    assert {problem.key for problem in refused.value.problems} == {"kind", "title", "day", "by", "summary"}


def test_a_small_count_of_people_needs_a_reason_and_keeps_it():
    told = {**WHOLE, "summary": "Three victims said so."}
    with pytest.raises(CaseError, match="small counts") as refused:
        entry_of(told, "here")
    assert "Three victims" in str(refused.value)
    kept = entry_of({**told, "small_counts": "they asked to be counted"}, "here")
    assert entry_from(body_of(kept), "here") == kept


TEXT = st.text(st.characters(min_codepoint=32, exclude_categories=("Cs",), exclude_characters="\x7f"), max_size=40)


@given(title=TEXT.filter(lambda t: t.strip()), facts=TEXT, reading=st.floats(allow_nan=False, allow_infinity=False))
def test_the_text_of_an_entry_is_read_back_as_the_same_entry(title, facts, reading):
    entry = entry_of({**READING, "title": title, "facts": facts, "reading": reading, "small_counts": "kept"}, "here")
    assert entry_from(body_of(entry), "here") == entry


@pytest.mark.parametrize("text", ["", "[]", "{}", "nothing", '{"kind": "decision"}'])
def test_what_is_no_text_of_an_entry_is_refused(text):
    with pytest.raises(CaseError):
        entry_from(text, "here")


def test_nothing_that_is_empty_stands_in_the_text():
    body = body_of(Entry("condition", "t", date(2018, 1, 1), "me", "s"))
    assert body == '{"by":"me","day":"2018-01-01","kind":"condition","summary":"s","title":"t"}'
