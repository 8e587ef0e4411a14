"""What happens, event by event, when these calls meet these cars under these rules?

One event loop over flat arrays. Every random number was drawn before; nothing here is random. The rules of order, which
decide who serves whom and which every other engine must share, are:

* events at the same minute: hour change, unit clears, unit arrives, desk done, supervisor done, new call; then lowest
id;
* unit choice: shortest expected minutes to the scene, then lowest unit id;
* queues: grade, then oldest call (calls are numbered in order of time); a call bumped by a diversion goes to the head.

A unit on its way stands at its start until a share of the trip has elapsed, then at its end; the trip home needs no
event. A reassigned unit's version goes up, and an event of an older version is skipped when it is met. Events wait in a
calendar: a ring of bins of equal width, each a short list in order of time, so that the next event is a bin's first.
Many small fields share few arrays, with named columns: passing an array to a helper costs time, reading a column does
not. Rows that are read at random lie end to end, for a place worked out by one addition is quicker than by
two; `& MASK` says that a number is not negative, which saves the compiler a test at each use.
"""

from __future__ import annotations

from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]
Shorts = npt.NDArray[np.int32]

# Nothing is allocated inside, so reference counting is switched off: it would cost more than the work itself.
COMPILED: dict[str, Any] = {"cache": True, "nogil": True, "error_model": "numpy", "_nrt": False}
INLINED: dict[str, Any] = {**COMPILED, "forceinline": True}

CLEARS, ARRIVES, DESK_DONE, SUPERVISOR_DONE, RECEIVED = 1, 2, 3, 4, 5
KIND_BITS, ID_BITS, MASK = 56, 28, (1 << 28) - 1

OFF, IDLE, GOING, BUSY = 0, 1, 2, 3
STATUS, ORIGIN, TARGET, CALL, VERSION, PLACE, DUTY, ON_GOING = range(8)
WHO, BEFORE_TURN, AFTER_TURN = range(3)
FROM_THEN, AT_END = range(2)
TURNS, DUE, SINCE, WORKED, ON_SINCE, ON_DUTY = range(6)
GENERAL, WAITING, FREE, IDLES, GOINGS = range(5)
SPARE, BUMPED, PENDING, CURSOR, FRESH = 0, 1, 2, 6, 7
CODE, CELL, LINK = range(3)
BINS = 2048
TO_SEND, SENT, ARRIVED, QUEUED, NEXT, BEFORE, OF = range(7)
CREW, EVENT, ROW, CLOCK, CLOCKS = 8, 4, 16, 8, 6

DESK_START, DESK_END, READY, ASSIGNED, FIRST, LAST, CLEAR, UNIT, FROM, HOME_AREA, DIVERTED = range(11)
STAMPS = 11

TIME, JOB, CUSTODY, DESK, OVERSIGHT, TURNOUT, SLOWNESS = 0, 1, 4, 5, 6, 7, 8
POINT, AREA, GRADE, NEED = range(4)
HOME, PARADE, UNIT_AREA = range(3)
SUITE, FIRST_PLACE, CHANNEL, SPAN = range(4)
TURNOUT_EXPECTED, GAIN, TURN, BRIEFING, WARM, END, BINS_A_MINUTE = range(7)


class Ground(NamedTuple):
    """What stands still; N nodes (points, then bases), U units, A areas, H hours, G grades.

    `travel` [N, N] minutes to the row's node from the column's; `scale` [G + 1, H] multiplies them by grade of call and
    by hour, last row for the trip home; `on` [H, U] 0 or 1; `crew` [U, 3] home, parade, area; `place` [A, 4] node of
    the custody suite or -1, first slot of the area's units in the lists, channel, span of supervisors.
    """

    travel: Floats
    scale: Floats
    on: Flags
    crew: Ints
    place: Ints


class Rules(NamedTuple):
    """Who may be sent to whom, and the finite servers between the call and the car.

    `tier` [2 + 2 G, A, A + 1], each row a count, then areas: row 0 the own pool, row 1 + g whose units may aid a call
    of grade g of this area, row 1 + G + g whose queued calls of grade g a unit of this area may take; the last row
    whose queued calls it looks at before those of the pool. `servers` [Q]:
    desks of each channel, then supervisors of each span, 0 for no limit. `dials` [6]: turnout expected, gain in
    minutes that a diversion needs (negative: none), share of a trip after which a unit counts as at its end,
    briefing, start and end of the measured minutes; a seventh, bins of the calendar a minute, is set by `run`.
    """

    tier: Ints
    servers: Ints
    dials: Floats


class Load(NamedTuple):
    """The calls, n of them in order of time.

    `drawn` [n, 9]: minute received, job of the first, second and third unit to attend, custody, desk work, oversight,
    turnout, slowness (multiplies the trip but not the dispatcher's expectation). `who` [n, 4]: point, area, grade,
    units needed (0 for a call settled at the desk).
    """

    drawn: Floats
    who: Ints


class State(NamedTuple):
    """Everything that changes during a run; the columns are named at the top of the module.

    `what`, `unit`, `clock`, `call` and `stamp` are rows laid end to end, of widths EVENT, CREW, CLOCK, ROW and STAMPS:
    a row of a call holds, from OF on, who it is as well, so that one cache line tells all.
    """

    when: Floats
    what: Ints
    bins: Shorts
    unit: Ints
    clock: Floats
    idle: Ints
    until: Floats
    tally: Ints
    call: Shorts
    ends: Ints
    stamp: Floats


@njit(**INLINED)
def push(s: State, r: Rules, time: float, code: int) -> None:
    """A new event in the calendar, in its place by time, then code: the packed kind, id and version of who it is."""
    e = s.tally[GENERAL, SPARE]
    if e < 0:
        e = s.tally[GENERAL, FRESH]
        s.tally[GENERAL, FRESH] = e + 1
    else:
        s.tally[GENERAL, SPARE] = s.what[e * EVENT + LINK]
    cell = int(time * r.dials[BINS_A_MINUTE])
    slot = cell & (BINS - 1)
    s.when[e] = time
    s.what[e * EVENT + CODE] = code
    s.what[e * EVENT + CELL] = cell
    before, k = -1, s.bins[slot]
    while k >= 0 and (s.when[k] < time or (s.when[k] == time and s.what[k * EVENT + CODE] < code)):
        before, k = k, s.what[k * EVENT + LINK]
    s.what[e * EVENT + LINK] = k
    if before < 0:
        s.bins[slot] = e
    else:
        s.what[before * EVENT + LINK] = e


@njit(**INLINED)
def first_due(s: State, r: Rules, limit: float) -> int:
    """The earliest event not after `limit`, the lowest code at equal times; -1 if there is none."""
    last, cell = int(limit * r.dials[BINS_A_MINUTE]), s.tally[GENERAL, CURSOR]
    while cell <= last:
        e = s.bins[cell & (BINS - 1)]
        if e >= 0 and s.what[e * EVENT + CELL] == cell:
            s.tally[GENERAL, CURSOR] = cell
            return e if s.when[e] <= limit else -1
        cell += 1
    s.tally[GENERAL, CURSOR] = last
    return -1


@njit(**INLINED)
def take_out(s: State, e: int) -> None:
    """The first event of its bin leaves the calendar; its row may be used again."""
    s.bins[s.what[e * EVENT + CELL] & (BINS - 1)] = s.what[e * EVENT + LINK]
    s.what[e * EVENT + LINK] = s.tally[GENERAL, SPARE]
    s.tally[GENERAL, SPARE] = e


@njit(**INLINED)
def position(s: State, u: int, now: float) -> int:
    """The node at which a unit counts as standing."""
    there, not_yet = s.unit[u * CREW + TARGET], s.unit[u * CREW + ORIGIN]
    node: int = (there if now >= s.clock[u * CLOCK + TURNS] else not_yet) & MASK
    return node


@njit(**INLINED)
def set_out(s: State, r: Rules, u: int, leaves: float, due: float) -> None:
    """The times of a trip: when it ends, and from when the unit counts as at its end."""
    s.clock[u * CLOCK + DUE] = due
    s.clock[u * CLOCK + TURNS] = min(due, leaves + r.dials[TURN] * (due - leaves))


@njit(**INLINED)
def enlist(s: State, g: Ground, u: int) -> None:
    """One unit more on the list of its area's units on their way to a call."""
    a = g.crew[u, UNIT_AREA]
    k = g.place[a, FIRST_PLACE] + s.tally[GOINGS, a]
    s.unit[k * CREW + ON_GOING] = u
    s.unit[u * CREW + PLACE] = k
    s.tally[GOINGS, a] += 1


@njit(**INLINED)
def strike(s: State, g: Ground, u: int) -> None:
    """One unit fewer on that list; the last one takes its place."""
    a = g.crew[u, UNIT_AREA]
    s.tally[GOINGS, a] -= 1
    last = s.unit[(g.place[a, FIRST_PLACE] + s.tally[GOINGS, a]) * CREW + ON_GOING]
    k = s.unit[u * CREW + PLACE]
    s.unit[k * CREW + ON_GOING] = last
    s.unit[last * CREW + PLACE] = k


@njit(**INLINED)
def enlist_idle(s: State, g: Ground, u: int) -> None:
    """One unit more on the list of its area's idle units, with all that choosing among them needs."""
    a = g.crew[u, UNIT_AREA]
    k = g.place[a, FIRST_PLACE] + s.tally[IDLES, a]
    s.unit[u * CREW + PLACE] = k
    s.tally[IDLES, a] += 1
    s.idle[WHO, k] = u
    s.idle[BEFORE_TURN, k] = s.unit[u * CREW + ORIGIN]
    s.idle[AFTER_TURN, k] = s.unit[u * CREW + TARGET]
    s.until[FROM_THEN, k] = s.clock[u * CLOCK + TURNS]
    s.until[AT_END, k] = s.clock[u * CLOCK + DUE]


@njit(**INLINED)
def strike_idle(s: State, g: Ground, u: int) -> None:
    """One unit fewer on the idle list; the last one takes its place."""
    a = g.crew[u, UNIT_AREA]
    s.tally[IDLES, a] -= 1
    end = g.place[a, FIRST_PLACE] + s.tally[IDLES, a]
    k = s.unit[u * CREW + PLACE]
    s.unit[(s.idle[WHO, end]) * CREW + PLACE] = k
    for row in range(3):
        s.idle[row, k] = s.idle[row, end]
    for row in range(2):
        s.until[row, k] = s.until[row, end]


@njit(**COMPILED)
def join_queue(s: State, q: int, grade: int, i: int, at_head: bool) -> None:
    """A call put in its queue by age, or at the head."""
    after = -1 if at_head else s.ends[q, 2 * grade + 1]
    while after > i:
        after = s.call[after * ROW + BEFORE]
    following = s.ends[q, 2 * grade] if after < 0 else s.call[after * ROW + NEXT]
    s.call[i * ROW + BEFORE] = after
    s.call[i * ROW + NEXT] = following
    if after < 0:
        s.ends[q, 2 * grade] = i
    else:
        s.call[after * ROW + NEXT] = i
    if following < 0:
        s.ends[q, 2 * grade + 1] = i
    else:
        s.call[following * ROW + BEFORE] = i
    s.call[i * ROW + QUEUED] = 1


@njit(**COMPILED)
def leave_queue(s: State, q: int, grade: int, i: int) -> None:
    """A call taken out of its queue."""
    before, following = s.call[i * ROW + BEFORE], s.call[i * ROW + NEXT]
    if before < 0:
        s.ends[q, 2 * grade] = following
    else:
        s.call[before * ROW + NEXT] = following
    if following < 0:
        s.ends[q, 2 * grade + 1] = before
    else:
        s.call[following * ROW + BEFORE] = before
    s.call[i * ROW + QUEUED] = 0


@njit(**INLINED)
def nearest(s: State, g: Ground, r: Rules, c: Load, i: int, now: float, scale: float) -> tuple[int, float]:
    """The idle unit, own pool first, with the fewest expected minutes to a call, and these minutes; or -1, infinity."""
    best, chosen = np.inf, -1
    turnout, row = r.dials[TURNOUT_EXPECTED], 0
    point, area = s.call[i * ROW + OF + POINT], s.call[i * ROW + OF + AREA]
    for _ in range(2):
        for k in range(1, 1 + r.tier[row, area, 0]):
            a = r.tier[row, area, k] & MASK
            start = g.place[a, FIRST_PLACE] & MASK
            for j in range(start, start + s.tally[IDLES, a]):
                before, after = s.idle[BEFORE_TURN, j], s.idle[AFTER_TURN, j]
                node = (after if now >= s.until[FROM_THEN, j] else before) & MASK
                minutes = g.travel[point, node] * scale + (turnout if now >= s.until[AT_END, j] else 0.0)
                if minutes <= best and (minutes < best or s.idle[WHO, j] < chosen):
                    best, chosen = minutes, s.idle[WHO, j]
        if chosen >= 0:
            break
        row = 1 + s.call[i * ROW + OF + GRADE]
    return chosen, best


@njit(**COMPILED)
def divertible(s: State, g: Ground, r: Rules, c: Load, i: int, now: float, limit: float) -> int:
    """The unit of the own pool, on its way to a lower grade, that gets there soonest and within `limit`, or -1."""
    best, chosen = np.inf, -1
    point, area = s.call[i * ROW + OF + POINT], s.call[i * ROW + OF + AREA]
    for k in range(1, 1 + r.tier[0, area, 0]):
        a = r.tier[0, area, k] & MASK
        start = g.place[a, FIRST_PLACE] & MASK
        for j in range(start, start + s.tally[GOINGS, a]):
            u = s.unit[j * CREW + ON_GOING] & MASK
            minutes = g.travel[point, position(s, u, now)]
            if minutes <= limit and (minutes < best or (minutes == best and u < chosen)):
                best, chosen = minutes, u
    return chosen


@njit(**INLINED)
def overlap(start: float, stop: float, low: float, high: float) -> float:
    """The minutes that two spells share."""
    return max(0.0, min(stop, high) - max(start, low))


@njit(**COMPILED)
def send(s: State, g: Ground, c: Load, r: Rules, u: int, i: int, now: float, hour: int) -> None:
    """A unit, idle or just cleared or turned back, sets out for a call."""
    u, i = u & MASK, i & MASK
    start = position(s, u, now)
    grade, point = s.call[i * ROW + OF + GRADE], s.call[i * ROW + OF + POINT]
    leaves = now
    if s.unit[u * CREW + STATUS] == IDLE:
        strike_idle(s, g, u)
        if now >= s.clock[u * CLOCK + DUE]:
            leaves = now + c.drawn[i, TURNOUT]
    due = leaves + g.travel[point, start] * g.scale[grade, hour] * c.drawn[i, SLOWNESS]
    s.unit[u * CREW + STATUS] = GOING
    s.unit[u * CREW + ORIGIN] = start
    s.unit[u * CREW + TARGET] = point
    s.unit[u * CREW + CALL] = i
    s.clock[u * CLOCK + SINCE] = now
    set_out(s, r, u, leaves, due)
    if grade > 0:
        enlist(s, g, u)
    if s.call[i * ROW + SENT] == 0:
        s.stamp[i * STAMPS + ASSIGNED] = now
    s.call[i * ROW + SENT] += 1
    s.call[i * ROW + TO_SEND] -= 1
    push(s, r, due, (ARRIVES << KIND_BITS) | (u << ID_BITS) | s.unit[u * CREW + VERSION])


@njit(**COMPILED)
def turn_back(s: State, g: Ground, r: Rules, u: int, now: float) -> None:
    """A unit taken off its call, which needs one unit again and is put down to be dispatched afresh."""
    i = s.unit[u * CREW + CALL]
    strike(s, g, u)
    here = position(s, u, now)
    s.unit[u * CREW + ORIGIN] = here
    s.unit[u * CREW + TARGET] = here
    s.unit[u * CREW + VERSION] += 1
    s.unit[u * CREW + STATUS] = BUSY
    s.clock[u * CLOCK + WORKED] += overlap(s.clock[u * CLOCK + SINCE], now, r.dials[WARM], r.dials[END])
    s.call[i * ROW + SENT] -= 1
    s.call[i * ROW + TO_SEND] += 1
    s.stamp[i * STAMPS + DIVERTED] += 1
    if s.call[i * ROW + SENT] == 0:
        s.stamp[i * STAMPS + ASSIGNED] = np.nan
    k = s.tally[GENERAL, BUMPED]
    s.tally[GENERAL, PENDING + k] = i
    s.tally[GENERAL, BUMPED] = k + 1


@njit(**INLINED)
def dispatch(s: State, g: Ground, c: Load, r: Rules, i: int, now: float, hour: int) -> None:
    """Every unit that the rule allows is sent to a call, then to the calls it bumped; what is lacking waits."""
    s.tally[GENERAL, PENDING] = i
    s.tally[GENERAL, BUMPED] = 1
    k = 0
    while k < s.tally[GENERAL, BUMPED]:
        j = s.tally[GENERAL, PENDING + k]
        area, grade = s.call[j * ROW + OF + AREA], s.call[j * ROW + OF + GRADE]
        scale = g.scale[grade, hour]
        while s.call[j * ROW + TO_SEND] > 0 and s.call[j * ROW + QUEUED] == 0:
            u, minutes = nearest(s, g, r, c, j, now, scale)
            if grade == 0 and r.dials[GAIN] >= 0:
                v = divertible(s, g, r, c, j, now, (minutes - r.dials[GAIN]) / scale)
                if v >= 0:
                    turn_back(s, g, r, v, now)
                    u = v
            if u < 0:
                s.tally[WAITING, grade] += 1
                join_queue(s, r.servers.size + area, grade, j, k > 0)
            else:
                send(s, g, c, r, u, j, now, hour)
        k += 1


@njit(**INLINED)
def next_call(s: State, g: Ground, r: Rules, a: int) -> int:
    """The queued call that a clearing unit of an area takes, or -1: lowest grade, areas as the tiers say, oldest."""
    grades = g.scale.shape[0] - 1
    for grade in range(grades):
        if s.tally[WAITING, grade] > 0:
            row = r.tier.shape[0] - 1
            for turn in range(3):
                best = -1
                for k in range(1, 1 + r.tier[row, a, 0]):
                    i = s.ends[r.servers.size + r.tier[row, a, k], 2 * grade]
                    if i >= 0 and (best < 0 or i < best):
                        best = i
                if best >= 0:
                    return best
                row = 0 if turn == 0 else 1 + grades + grade
    return -1


@njit(**INLINED)
def clear(s: State, g: Ground, c: Load, r: Rules, u: int, now: float, hour: int) -> None:
    """A unit is done with its job (or briefing, call -1): it goes off, takes a waiting call, or starts for its base."""
    i = s.unit[u * CREW + CALL]
    if i >= 0:
        s.stamp[i * STAMPS + CLEAR] = now
        s.clock[u * CLOCK + WORKED] += overlap(s.clock[u * CLOCK + SINCE], now, r.dials[WARM], r.dials[END])
        s.unit[u * CREW + CALL] = -1
    if s.unit[u * CREW + DUTY] == 0:
        s.unit[u * CREW + STATUS] = OFF
        s.clock[u * CLOCK + ON_DUTY] += overlap(s.clock[u * CLOCK + ON_SINCE], now, r.dials[WARM], r.dials[END])
        return
    i = next_call(s, g, r, g.crew[u, UNIT_AREA])
    if i >= 0:
        send(s, g, c, r, u, i, now, hour)
        if s.call[i * ROW + TO_SEND] == 0:
            grade = s.call[i * ROW + OF + GRADE]
            s.tally[WAITING, grade] -= 1
            leave_queue(s, r.servers.size + s.call[i * ROW + OF + AREA], grade, i)
        return
    here, home = s.unit[u * CREW + TARGET], g.crew[u, HOME]
    s.unit[u * CREW + STATUS] = IDLE
    s.unit[u * CREW + ORIGIN] = here
    s.unit[u * CREW + TARGET] = home
    set_out(s, r, u, now, now + g.travel[home, here] * g.scale[g.scale.shape[0] - 1, hour])
    enlist_idle(s, g, u)


@njit(**INLINED)
def arrive(s: State, g: Ground, c: Load, r: Rules, u: int, now: float) -> None:
    """A unit reaches its scene and begins the job, the custody leg included for the first to arrive."""
    i = s.unit[u * CREW + CALL]
    k = s.call[i * ROW + ARRIVED]
    s.call[i * ROW + ARRIVED] = k + 1
    if s.call[i * ROW + OF + GRADE] > 0:
        strike(s, g, u)
    ends = now + c.drawn[i, JOB + min(k, 2)]
    here = s.unit[u * CREW + TARGET]
    if k == 0:
        s.stamp[i * STAMPS + FIRST] = now
        s.stamp[i * STAMPS + UNIT] = u
        s.stamp[i * STAMPS + FROM] = s.unit[u * CREW + ORIGIN]
        s.stamp[i * STAMPS + HOME_AREA] = g.crew[u, UNIT_AREA]
        suite = g.place[s.call[i * ROW + OF + AREA], SUITE]
        if c.drawn[i, CUSTODY] > 0 and suite >= 0:
            then = min(int(ends / 60.0), g.scale.shape[1] - 1)
            ends += g.travel[suite, here] * g.scale[g.scale.shape[0] - 1, then] + c.drawn[i, CUSTODY]
            here = suite
    if k == s.call[i * ROW + OF + NEED] - 1:
        s.stamp[i * STAMPS + LAST] = now
    s.unit[u * CREW + STATUS] = BUSY
    s.unit[u * CREW + ORIGIN] = here
    s.unit[u * CREW + TARGET] = here
    s.clock[u * CLOCK + DUE] = ends
    push(s, r, ends, (CLEARS << KIND_BITS) | (u << ID_BITS) | s.unit[u * CREW + VERSION])


@njit(**COMPILED)
def change_hour(s: State, g: Ground, r: Rules, now: float, hour: int) -> None:
    """Crews go off, unless at work, and come on; those who come on are ready after their briefing."""
    for u in range(g.crew.shape[0]):
        on = g.on[hour, u]
        if on == s.unit[u * CREW + DUTY]:
            continue
        s.unit[u * CREW + DUTY] = on
        if on == 0 and s.unit[u * CREW + STATUS] == IDLE:
            strike_idle(s, g, u)
            s.unit[u * CREW + STATUS] = OFF
            s.clock[u * CLOCK + ON_DUTY] += overlap(s.clock[u * CLOCK + ON_SINCE], now, r.dials[WARM], r.dials[END])
        elif on == 1 and s.unit[u * CREW + STATUS] == OFF:
            start = g.crew[u, HOME] if hour == 0 else g.crew[u, PARADE]
            s.unit[u * CREW + STATUS] = BUSY
            s.unit[u * CREW + ORIGIN] = start
            s.unit[u * CREW + TARGET] = start
            s.clock[u * CLOCK + DUE] = now
            s.clock[u * CLOCK + ON_SINCE] = now
            ready = now + r.dials[BRIEFING] if hour > 0 else now
            push(s, r, ready, (CLEARS << KIND_BITS) | (u << ID_BITS) | s.unit[u * CREW + VERSION])


@njit(**INLINED)
def receive(s: State, i: int) -> None:
    """A call comes in, none of its times known yet."""
    for column in range(DIVERTED):
        s.stamp[i * STAMPS + column] = np.nan
    s.stamp[i * STAMPS + DIVERTED] = 0.0


@njit(**COMPILED)
def begin(s: State, r: Rules, i: int, now: float, minutes: float, kind: int) -> None:
    """A desk or a supervisor starts work on a call."""
    if kind == DESK_DONE:
        s.stamp[i * STAMPS + DESK_START] = now
    push(s, r, now + minutes, (kind << KIND_BITS) | (i << ID_BITS))


@njit(**INLINED)
def hand_over(s: State, c: Load, r: Rules, q: int, now: float, kind: int) -> None:
    """A desk or a supervisor that has finished takes the next call of its queue: grade, then age."""
    if r.servers[q] == 0:
        return
    for grade in range(s.ends.shape[1] // 2):
        i = s.ends[q, 2 * grade]
        if i >= 0:
            leave_queue(s, q, grade, i)
            begin(s, r, i, now, c.drawn[i, DESK if kind == DESK_DONE else OVERSIGHT], kind)
            return
    s.tally[FREE, q] += 1


@njit(**INLINED)
def advance(s: State, g: Ground, c: Load, r: Rules, i: int, kind: int, now: float, hour: int) -> None:
    """A call goes on to the desk, to the supervisor, or to dispatch, whichever it needs next."""
    if kind in (DESK_DONE, SUPERVISOR_DONE):
        hand_over(s, c, r, g.place[s.call[i * ROW + OF + AREA], CHANNEL if kind == DESK_DONE else SPAN], now, kind)
    next_kind, q, minutes = 0, 0, 0.0
    if kind == RECEIVED and c.drawn[i, DESK] > 0:
        next_kind, q, minutes = DESK_DONE, g.place[s.call[i * ROW + OF + AREA], CHANNEL], c.drawn[i, DESK]
    else:
        if kind != SUPERVISOR_DONE:
            s.stamp[i * STAMPS + DESK_END] = now
            if c.drawn[i, OVERSIGHT] > 0:
                next_kind, minutes = SUPERVISOR_DONE, c.drawn[i, OVERSIGHT]
                q = g.place[s.call[i * ROW + OF + AREA], SPAN]
    if next_kind == 0:
        s.stamp[i * STAMPS + READY] = now
        dispatch(s, g, c, r, i, now, hour)
    elif r.servers[q] > 0 and s.tally[FREE, q] == 0:
        join_queue(s, q, s.call[i * ROW + OF + GRADE], i, False)
    else:
        s.tally[FREE, q] -= min(1, r.servers[q])
        begin(s, r, i, now, minutes, next_kind)


@njit(**COMPILED)
def unfold(s: State, g: Ground, c: Load, r: Rules) -> None:
    """The state carried from the first minute to the last hour of the roster."""
    n, hours, upcoming, hour = c.drawn.shape[0], g.on.shape[0], 0, -1
    while True:
        boundary = 60.0 * (hour + 1)
        new = c.drawn[upcoming, TIME] if upcoming < n else np.inf
        now = min(boundary, new)
        e = first_due(s, r, now)
        if boundary <= new and (e < 0 or s.when[e] == boundary):
            if hour + 1 == hours:
                break
            hour += 1
            change_hour(s, g, r, boundary, hour)
            continue
        kind, who, version = RECEIVED, upcoming, 0
        if e >= 0:
            now, code = s.when[e], s.what[e * EVENT + CODE]
            take_out(s, e)
            kind, who, version = code >> KIND_BITS, (code >> ID_BITS) & MASK, code & MASK
        else:
            receive(s, upcoming)
            upcoming += 1
        if kind >= DESK_DONE:
            advance(s, g, c, r, who, kind, now, hour)
        elif version == s.unit[who * CREW + VERSION]:
            if kind == ARRIVES:
                arrive(s, g, c, r, who, now)
            else:
                clear(s, g, c, r, who, now, hour)
    stop = 60.0 * hours
    for u in range(g.crew.shape[0]):
        if s.unit[u * CREW + STATUS] != OFF:
            s.clock[u * CLOCK + ON_DUTY] += overlap(s.clock[u * CLOCK + ON_SINCE], stop, r.dials[WARM], r.dials[END])
            if s.unit[u * CREW + CALL] >= 0:
                s.clock[u * CLOCK + WORKED] += overlap(s.clock[u * CLOCK + SINCE], stop, r.dials[WARM], r.dials[END])


def run(g: Ground, c: Load, r: Rules) -> tuple[Floats, Floats]:
    """Stamps of each call [n, 11] and clocks of each unit [U, 6], the run started with everybody off duty."""
    n, units, areas, queues = c.who.shape[0], g.crew.shape[0], g.place.shape[0], r.servers.size
    grades = g.scale.shape[0] - 1
    events = 4 * int(c.who[:, NEED].sum()) + 2 * n
    rules = r._replace(dials=np.append(r.dials, max(1, events // 2) / (60.0 * g.on.shape[0])))
    room = events + 8 * units + 64
    call = np.zeros((n, ROW), np.int32)
    call[:, TO_SEND] = c.who[:, NEED]
    call[:, OF:OF + c.who.shape[1]] = c.who
    unit = np.zeros((units, CREW), np.int64)
    unit[:, CALL] = -1
    count = np.zeros((5, max(8, grades, queues, areas)), np.int64)
    count[FREE, :queues] = r.servers
    count[GENERAL, SPARE] = -1
    ends = np.full((queues + areas, 2 * grades), -1, np.int64)
    idle, until = np.zeros((3, units), np.int64), np.zeros((2, units))
    bins = np.full(BINS, -1, np.int32)
    state = State(np.empty(room), np.empty(room * EVENT, np.int64), bins, unit.ravel(), np.zeros(units * CLOCK), idle,
                  until, count, call.ravel(), ends, np.empty(n * STAMPS))
    unfold(state, g, c, rules)
    return state.stamp.reshape(n, STAMPS), state.clock.reshape(units, CLOCK)[:, :CLOCKS]
