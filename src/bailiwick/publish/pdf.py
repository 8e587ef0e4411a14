"""How does a page become a tagged PDF?  The same HTML, set on A4 by WeasyPrint, with words for every drawing.

What can be unfolded on a screen cannot be on paper: the figures behind each chart and the appendices are printed open,
other folded tables are left to the HTML page and to results.json.
"""

from __future__ import annotations

import html
import logging
import re
from datetime import UTC, datetime
from importlib import import_module
from types import ModuleType

from bailiwick.errors import MethodError
from bailiwick.publish.report import asset, map_rules

VARIANT = "pdf/ua-1"
_FIGURE = re.compile(r'<div role="img" aria-label="([^"]*)">(.*?)(?=<p class="(?:source|files)"|<details|</figure>)',
                     re.DOTALL)
_NARROW = re.compile(r'<div class="narrow">.*?</svg></div>', re.DOTALL)
_FILES = re.compile(r'<p class="files">.*?</p>', re.DOTALL)
_FOLDED = re.compile(r'<details class="folded"><summary>(.*?)</summary>(.*?)</details>', re.DOTALL)
_GAUGE = re.compile(r'<svg class="gauge".*?</svg>', re.DOTALL)
_POLICY = re.compile(r'<meta http-equiv="Content-Security-Policy"[^>]*>')
_APPENDIX = '<section id="data" class="appendix"'


def pdf(page: str, *, day: str) -> bytes:
    """A page of this package as a tagged PDF (PDF/UA-1), dated by a day (ISO) so that its bytes repeat.

    MethodError with the line that installs Pango where it is missing.
    """
    weasyprint = _weasyprint()
    set_on_paper = _dated(paper(page), day)
    return bytes(weasyprint.HTML(string=set_on_paper, url_fetcher=_nothing).write_pdf(pdf_variant=VARIANT))


def paper(page: str) -> str:
    """The HTML of a page as it is set on paper: one drawing a chart, with its words inside it; appendices open."""
    page = _POLICY.sub("", _FILES.sub("", _NARROW.sub("", page)))
    page = _GAUGE.sub("", page)
    page = _FIGURE.sub(lambda found: _worded(html.unescape(found[1]), found[2]), page)
    page = page.replace("</style>", f"{asset('paper.css')}</style>", 1)
    body, cut, appendix = page.partition(_APPENDIX)
    return _FOLDED.sub(_left_out, body) + cut + _FOLDED.sub(lambda found: found[2], appendix)


def _worded(words: str, drawing: str) -> str:
    """A drawing whose alternative text stands in its own title, where WeasyPrint looks for it, and its colours too."""
    rules = f"<style>{map_rules()}</style>" if 'class="' in drawing else ""
    told = re.sub(r"(<svg\b[^>]*>)", lambda tag: f"{tag[1]}<title>{html.escape(words)}</title>{rules}", drawing)
    return f"<div>{told}"


def _left_out(found: re.Match[str]) -> str:
    if found[1].strip() == "The figures behind this chart":
        return found[2]
    return f'<p class="note">{found[1]}: in report.html and results.json.</p>'


def _dated(page: str, day: str) -> str:
    moment = datetime.fromisoformat(day).replace(tzinfo=UTC).strftime("%Y-%m-%dT00:00:00Z")
    told = f'<meta name="dcterms.created" content="{moment}"><meta name="dcterms.modified" content="{moment}">'
    return page.replace("</head>", f"{told}</head>", 1)


def _nothing(url: str, *_: object, **__: object) -> dict[str, object]:
    raise ValueError(f"a page loads nothing, not even {url}")


def _weasyprint() -> ModuleType:
    try:
        weasyprint = import_module("weasyprint")
    except OSError as error:
        raise MethodError("The PDF needs Pango, which is not on this machine: apt-get install -y libpango-1.0-0 "
                          "libpangoft2-1.0-0 libharfbuzz-subset0 fonts-liberation. The HTML page prints to A4 without "
                          "it.") from error
    logging.getLogger("weasyprint").setLevel(logging.CRITICAL)
    return weasyprint
