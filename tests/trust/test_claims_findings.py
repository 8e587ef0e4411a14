"""Each claim leads to the figures that test it, and each figure to the command that opens it."""

from __future__ import annotations

import re

from bailiwick.publish.bound import Book
from bailiwick.publish.section_evidence import claims

NEAR, POSTS = "locality.miles/proposed/T1", "finance.posts/today/scheme"


def book(*findings: list[str]) -> Book:
    found = [{"id": id, "measure": id.split("/")[0], "option": id.split("/")[1], "subject": id.split("/")[2],
              "unit": "miles", "value": 4.0, "low": 3.0, "high": 5.0, "level": 0.9, "sources": [], "note": "",
              "changes": []} for id in (NEAR, POSTS)]
    said = [{"id": f"c{n}", "who": "A", "when": "2018-01-01", "quote": "far", "verdict": "supported", "text": "So.",
             "url": "", "findings": list(ids)} for n, ids in enumerate(findings)]
    measures = {name: {"title": title, "unit": "miles", "decimals": 1, "better": "lower"}
                for name, title in (("locality.miles", "Miles to headquarters"), ("finance.posts", "Posts"))}
    return Book({"findings": found, "claims": said, "measures": measures, "tables": {},
                 "case": {"name": "town", "areas": [{"code": "T1", "name": "Northgate"}], "scope": ["T1"]},
                 "options": [{"name": "today", "title": "As today"}, {"name": "proposed", "title": "One command"}],
                 "counts": {"claims": len(said), "claims_supported": 1, "claims_not_supported": 0,
                            "claims_cannot_be_tested": 0}})


def test_every_link_of_a_claim_ends_at_a_row_with_the_command_that_opens_the_figure():
    told, figures = claims(book([NEAR, POSTS], [NEAR], [])).blocks
    rows = {re.search(r'id="([^"]+)"', str(row[0]))[1]: row for row in figures.body}
    targets = [re.findall(r'href="#([^"]+)"', str(row[-1])) for row in told.body]
    assert [len(mine) for mine in targets] == [2, 1, 0]
    assert {target for mine in targets for target in mine} == set(rows), "no row without a claim, no link without a row"
    commands = [re.sub("<.*?>", "", str(row[-1])) for row in rows.values()]
    assert commands == [f"bailiwick why town {NEAR}", f"bailiwick why town {POSTS}"]
    assert 'aria-label="Northgate: Miles to headquarters"' in str(told.body[0][-1])


def test_claims_without_figures_have_no_second_table():
    assert len(claims(book([], ["gone/x/y"])).blocks) == 1
