"""What can a published change say when nobody published what happened elsewhere?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bailiwick.errors import MethodError

Sign = Literal["rose", "fell", "not known"]


@dataclass(frozen=True, slots=True)
class BoundedDifference:
    """A treated change less an unknown control change swept over a stated range.

    `low`, `high`: the effect at the two ends of the range. `overturned_at`: the control change at which the effect is
    nil and beyond which its sign turns: the treated change itself. `inside`: whether that lies within the range.
    """

    change: float
    control_low: float
    control_high: float
    low: float
    high: float
    sign: Sign
    overturned_at: float
    inside: bool
    unit: str
    sentence: str


def bounded_difference(
    change: float, control_low: float, control_high: float, *, unit: str = "", change_error: float = 0.0
) -> BoundedDifference:
    """The effect of a pilot bounded by what its comparison can have done, with the value that overturns the sign.

    change - control for every control in [control_low, control_high] (bounds without a model, after Manski 1990, The
    American Economic Review 80(2)); `change_error` widens both ends where the published change is itself rounded or
    disputed. MethodError when the range is upside down.

    >>> bounded_difference(-13.8, -8.0, 1.0, unit="points").sign
    'fell'
    """
    if control_low > control_high:
        raise MethodError(f"the range of the control change is upside down: {control_low:g} to {control_high:g}")
    if change_error < 0:
        raise MethodError("the error of the published change cannot be negative")
    low, high = change - control_high - change_error, change - control_low + change_error
    sign: Sign = "rose" if low > 0 else "fell" if high < 0 else "not known"
    inside = control_low <= change <= control_high
    unit_said = f" {unit}" if unit else ""
    if sign == "not known":
        says = f"The sign is not known: a change elsewhere of {change:g}{unit_said} would mean no effect at all."
    else:
        says = (
            f"It {sign} for any change elsewhere from {control_low:g} to {control_high:g}{unit_said}; only a change "
            f"elsewhere beyond {change:g}{unit_said} would overturn that."
        )
    return BoundedDifference(change, control_low, control_high, low, high, sign, change, inside, unit, says)
