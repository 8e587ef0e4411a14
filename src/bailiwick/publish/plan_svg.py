"""What does a map look like?  Areas filled by command, told apart by letter, pattern and outline; the water on top.

An area on its own is plain; an area in a command with others carries its command's letter, tint and pattern.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from string import ascii_uppercase

from markupsafe import Markup, escape

from bailiwick.publish.plan_shapes import WIDE, Land

STYLES = 12
NARROW = 1.35
_WAYS = (
    "M0 60L60 0M-10 10L10 -10M50 70L70 50", "", "M0 0L60 60M-10 50L10 70M50 -10L70 10", "M0 30H60", "M30 0V60",
    "M0 30H60M30 0V60", "", "M0 60L60 0M0 0L60 60", "M0 30L30 0L60 30", "M8 30H36", "", "M30 8V36M0 52H20",
)
_DOTS: Mapping[int, tuple[tuple[int, int, int], ...]] = {
    1: ((15, 15, 5), (45, 45, 5)), 6: ((30, 30, 11),), 10: ((15, 15, 5), (45, 15, 5), (30, 45, 5)),
}
FEW = 12  # up to so many areas a picture names each of them, whatever its size


@dataclass(frozen=True, slots=True)
class Sheet:
    """One map: which part of the frame, the letter of each grouped area, the names, which areas are its subject.

    `lively` makes each area of the table a button, with nothing said of its command until the script runs.
    """

    id: str
    view: tuple[int, int, int, int]
    letters: Mapping[str, str]
    names: Mapping[str, str]
    subject: Sequence[str]
    marks: Sequence[tuple[int, int]] = ()
    lively: bool = False
    patterns: str = "z"
    text: float = 0.024


def drawing(land: Land, sheet: Sheet) -> Markup:
    """The map as SVG: each area of the subject is a link to its own page, or a button where the map can be drawn on."""
    size = round(sheet.view[2] * sheet.text)
    parts = [_rest(land, sheet)]
    parts += [_area(land, sheet, code) for code in sheet.subject if code in land.paths]
    parts.append(_edges(land, sheet))
    if land.water:
        parts.append(Markup('<path class="water" d="{}"/>').format(land.water))
    parts.append(Markup('<path class="chosen" d=""/>') if sheet.lively else Markup(""))
    parts += [_label(land, sheet, code, size) for code in sheet.subject if code in land.labels]
    parts += [Markup('<g class="hq"><path d="M{x} {y}m0 {up}l{s} {s} -{s} {s} -{s} -{s}z"/></g>').format(
        x=x, y=y, up=-round(size * 0.6), s=round(size * 0.6)) for x, y in sheet.marks]
    return Markup('<svg class="plan{}" id="{}" viewBox="{} {} {} {}" font-size="{}" role="group" aria-label="{}">{}'
                  '</svg>').format(" lively" if sheet.lively else "", sheet.id, *sheet.view, size,
                                   "Map. Each area is a button." if sheet.lively else "Map. Each area is a link.",
                                   Markup("").join(parts))


def patterns(prefix: str, scale: float) -> Markup:
    """The twelve patterns of commands, drawn at a scale so that they look alike whatever part of the frame is shown."""
    made = []
    for i, way in enumerate(_WAYS):
        dots = Markup("").join(Markup('<circle cx="{}" cy="{}" r="{}"/>').format(*dot) for dot in _DOTS.get(i, ()))
        lines = Markup('<path d="{}"/>').format(way) if way else Markup("")
        made.append(Markup('<pattern id="{}{}" class="weave" width="60" height="60" patternUnits="userSpaceOnUse" '
                           'patternTransform="scale({:.3f})">{}{}</pattern>').format(prefix, i, scale, lines, dots))
    return Markup('<svg class="defs" aria-hidden="true" focusable="false"><defs>{}</defs></svg>').format(
        Markup("").join(made))


def lettered(groups: Sequence[Sequence[str]]) -> dict[str, str]:
    """The letter of each area that shares its command, commands in order of their first area."""
    shared = sorted((sorted(group) for group in groups if len(group) > 1), key=lambda group: group[0])
    return {code: letter(i) for i, group in enumerate(shared) for code in group}


def letter(i: int) -> str:
    """The letter of the command of that number; doubled after Z.

    >>> letter(0), letter(27)
    ('A', 'BB')
    """
    return ascii_uppercase[i % 26] * (i // 26 + 1)


def scale_of(view: tuple[int, int, int, int]) -> float:
    """The scale of patterns for a part of the frame."""
    return max(view[2] / WIDE, 0.15)


def _rest(land: Land, sheet: Sheet) -> Markup:
    others = "".join(path for code, path in land.paths.items() if code not in sheet.subject)
    return Markup('<path class="rest" d="{}"/>').format(others) if others else Markup("")


def _area(land: Land, sheet: Sheet, code: str) -> Markup:
    letter_ = sheet.letters.get(code, "")
    style = "alone" if not letter_ else f"k{(ord(letter_[0]) - 65 + 26 * (len(letter_) - 1)) % STYLES}"
    fill = Markup('<path class="land {}" d="{}"/>').format(style, land.paths[code])
    hatch = Markup("")
    if sheet.lively:
        hatch = Markup('<path class="hatch" fill="none" d="{}"/>').format(land.paths[code])
        return Markup('<g class="area" role="button" tabindex="0" data-code="{}" aria-pressed="false" '
                      'aria-label="{}">{}{}</g>').format(code, sheet.names[code], fill, hatch)
    if letter_:
        hatch = Markup('<path class="hatch" fill="url(#{}{})" d="{}"/>').format(
            sheet.patterns, style[1:], land.paths[code])
    told = f"{sheet.names[code]}, command {letter_}" if letter_ else f"{sheet.names[code]}, a command of its own"
    return Markup('<a class="area" href="#area={}" aria-label="{}">{}{}</a>').format(code, told, fill, hatch)


def _edges(land: Land, sheet: Sheet) -> Markup:
    drawn = []
    for a, b, path in land.borders:
        mine = [code for code in (a, b) if code in sheet.subject]
        if not mine:
            continue
        kind = _kind(sheet, a, b)
        tie = Markup(' data-a="{}" data-b="{}"').format(a, b) if sheet.lively else Markup("")
        drawn.append(Markup('<path class="{}"{} d="{}"/>').format(kind, tie, path))
    return Markup('<g class="edges">{}</g>').format(Markup("").join(drawn))


def _kind(sheet: Sheet, a: str, b: str) -> str:
    first, second = sheet.letters.get(a, a), sheet.letters.get(b, b)
    if first == second:
        return "inner"
    return "edge" if a in sheet.letters or b in sheet.letters else "own"


def _label(land: Land, sheet: Sheet, code: str, size: int) -> Markup:
    x, y = land.labels[code]
    left, _, right, _ = land.boxes[code]
    lines = _wrapped(sheet.names[code], (right - left) * (0.92 if sheet.lively else 0.62) / (0.53 * size))
    widest = max((len(line) for line in lines), default=0)
    half = 0.53 * size * widest / 2 * (1 if sheet.lively else NARROW)
    low, high = sheet.view[0] + half, sheet.view[0] + sheet.view[2] - half
    x = round(min(max(x, low), high)) if low < high else x
    roomy = not sheet.lively and len(sheet.subject) <= FEW
    fits = bool(lines) and (half * 2 <= (right - left) * 1.02 or roomy)
    told = Markup("").join(Markup('<tspan x="{}" dy="{}em">{}</tspan>').format(x, "1.02" if i else "0", escape(line))
                           for i, line in enumerate(lines))
    tie = Markup(' data-label="{}"').format(code) if sheet.lively else Markup("")
    return Markup('<g class="label{}"{} aria-hidden="true"><text class="letter" x="{}" y="{}">{}</text>'
                  '<text class="name" x="{}" y="{}">{}</text></g>').format(
        "" if fits else " tight", tie, x, y - round(size * 0.2), sheet.letters.get(code, ""), x,
        y + round(size * 0.85), told)


def _wrapped(name: str, most: float) -> list[str]:
    """A name on one line, or on two where it is long, broken where the halves are most alike.

    >>> _wrapped("Richmond upon Thames", 12), _wrapped("Merton", 12)
    (['Richmond', 'upon Thames'], ['Merton'])
    """
    parts = name.split(" ")
    if len(name) <= most or len(parts) == 1:
        return [name]
    cuts = [(" ".join(parts[:i]), " ".join(parts[i:])) for i in range(1, len(parts))]
    return list(min(cuts, key=lambda cut: max(map(len, cut))))
