"""What happens, event by event, when these calls meet these cars under these rules?

One event loop over flat arrays. Every random number was drawn before; nothing here is random. The rules of order, which
decide who serves whom and which every other engine must share, are:

* events at the same minute: hour change, unit clears, unit arrives, desk done, supervisor done, new call; then lowest id;
* unit choice: shortest expected minutes to the scene, then lowest unit id;
* queues: grade, then oldest call (calls are numbered in order of time).

A unit on its way stands at its start until a fraction of the trip has elapsed, then at its end; the trip home needs no
event. A reassigned unit's version goes up, and an event of an older version is skipped when it is met.
"""

from __future__ import annotations

from typing import NamedTuple

import numpy as np
import numpy.typing as npt
from numba import njit

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Flags = npt.NDArray[np.uint8]

CLEARS, ARRIVES, DESK_DONE, SUPERVISOR_DONE = 1, 2, 3, 4
KIND_BITS, ID_BITS, MASK = 56, 28, (1 << 28) - 1

OFF, IDLE, GOING, BUSY = 0, 1, 2, 3
STATUS, ORIGIN, TARGET, CALL, VERSION, PLACE, DUTY = 0, 1, 2, 3, 4, 5, 6
DEPARTED, DUE, SINCE, WORKED, ON_SINCE, ON_DUTY = 0, 1, 2, 3, 4, 5

TO_SEND, SENT, ARRIVED, QUEUED, NEXT, BEFORE = 0, 1, 2, 3, 4, 5

DESK_START, DESK_END, READY, ASSIGNED, FIRST, LAST, CLEAR, UNIT, FROM, HOME_AREA, DIVERTED = range(11)
STAMPS = 11


class Ground(NamedTuple):
    """What stands still: nodes are points then bases; U units, A areas, H hours, G grades.

    `travel` [destination, origin] minutes at speed 1; `speed` [H]; `slow` [G] multiplies travel; `suite` [A] node or -1;
    `home`, `parade`, `area` [U]; `on` [H, U] 0 or 1; `first` [A + 1] places of each area's units in the idle lists.
    """

    travel: Floats
    speed: Floats
    slow: Floats
    suite: Ints
    home: Ints
    parade: Ints
    area: Ints
    on: Flags
    first: Ints


class Load(NamedTuple):
    """The calls, n of them in order of time: minutes, places and all that was drawn for them.

    `job` [n, 3] by order of attendance; `custody`, `desk`, `oversight`, `turnout` [n] minutes; `slowness` [n] multiplies
    the trip but not the dispatcher's expectation; `need` [n] units, 0 for a call settled at the desk.
    """

    time: Floats
    point: Ints
    area: Ints
    grade: Ints
    need: Ints
    job: Floats
    custody: Floats
    desk: Floats
    oversight: Floats
    turnout: Floats
    slowness: Floats


class Rules(NamedTuple):
    """Who may be sent to whom, and the finite servers between the call and the car.

    `tier` [G + 1, A, A], `tiers` [G + 1, A]: areas whose units serve a call of that area, own pool in row 0 and aid to a
    call of grade g in row 1 + g. `pull` [G, A, A], `pulls` [G, A]: areas outside the pool whose queued calls a unit may
    take. `channel`, `span` [A]: server group of each area. `servers` [C + S]: desks of each channel, then supervisors of
    each span, 0 for no limit. `dials`: turnout expected, gain in minutes a diversion needs (negative: none), share of a
    trip after which a unit counts as at its end, briefing, start and end of the measured minutes.
    """

    tier: Ints
    tiers: Ints
    pull: Ints
    pulls: Ints
    channel: Ints
    span: Ints
    servers: Ints
    dials: Floats


TURNOUT, GAIN, TURN, BRIEFING, WARM, END = range(6)


class State(NamedTuple):
    """Everything that changes during a run; columns are named at the top of the module."""

    when: Floats
    what: Ints
    counter: Ints
    unit: Ints
    clock: Floats
    idle: Ints
    idles: Ints
    going: Ints
    goings: Ints
    call: Ints
    head: Ints
    tail: Ints
    waiting: Ints
    free: Ints
    held: Floats
    stamp: Floats


@njit(cache=True, nogil=True)
def push(s: State, time: float, code: int) -> None:
    """A new event in the heap, ordered by time, then by the packed kind, id and version."""
    when, what = s.when, s.what
    k = s.counter[0]
    s.counter[0] = k + 1
    while k > 0:
        up = (k - 1) >> 1
        if when[up] < time or (when[up] == time and what[up] <= code):
            break
        when[k] = when[up]
        what[k] = what[up]
        k = up
    when[k] = time
    what[k] = code


@njit(cache=True, nogil=True)
def drop_first(s: State) -> None:
    """The heap without its earliest event."""
    when, what = s.when, s.what
    size = s.counter[0] - 1
    s.counter[0] = size
    time, code = when[size], what[size]
    k = 0
    child = 1
    while child < size:
        other = child + 1
        if other < size and (
            when[other] < when[child] or (when[other] == when[child] and what[other] < what[child])
        ):
            child = other
        if time < when[child] or (time == when[child] and code <= what[child]):
            break
        when[k] = when[child]
        what[k] = what[child]
        k = child
        child = 2 * k + 1
    when[k] = time
    what[k] = code


@njit(cache=True, nogil=True)
def position(s: State, u: int, now: float, turn: float) -> int:
    """The node at which a unit counts as standing."""
    due = s.clock[u, DUE]
    departed = s.clock[u, DEPARTED]
    if now >= due or now - departed >= turn * (due - departed):
        return s.unit[u, TARGET]
    return s.unit[u, ORIGIN]


@njit(cache=True, nogil=True)
def enlist(members: Ints, counts: Ints, s: State, g: Ground, u: int) -> None:
    """One unit more on the list of its area."""
    a = g.area[u]
    k = g.first[a] + counts[a]
    members[k] = u
    s.unit[u, PLACE] = k
    counts[a] += 1


@njit(cache=True, nogil=True)
def strike(members: Ints, counts: Ints, s: State, g: Ground, u: int) -> None:
    """One unit fewer on the list of its area; the last one takes its place."""
    a = g.area[u]
    counts[a] -= 1
    last = members[g.first[a] + counts[a]]
    k = s.unit[u, PLACE]
    members[k] = last
    s.unit[last, PLACE] = k


@njit(cache=True, nogil=True)
def join_queue(s: State, q: int, grade: int, i: int, at_head: bool) -> None:
    """A call put in its queue by age, or at the head."""
    call = s.call
    after = -1 if at_head else s.tail[q, grade]
    while after > i:
        after = call[after, BEFORE]
    following = s.head[q, grade] if after < 0 else call[after, NEXT]
    call[i, BEFORE] = after
    call[i, NEXT] = following
    if after < 0:
        s.head[q, grade] = i
    else:
        call[after, NEXT] = i
    if following < 0:
        s.tail[q, grade] = i
    else:
        call[following, BEFORE] = i
    call[i, QUEUED] = 1


@njit(cache=True, nogil=True)
def leave_queue(s: State, q: int, grade: int, i: int) -> None:
    """A call taken out of its queue."""
    call = s.call
    before, following = call[i, BEFORE], call[i, NEXT]
    if before < 0:
        s.head[q, grade] = following
    else:
        call[before, NEXT] = following
    if following < 0:
        s.tail[q, grade] = before
    else:
        call[following, BEFORE] = before
    call[i, QUEUED] = 0


@njit(cache=True, nogil=True)
def nearest(s: State, g: Ground, r: Rules, row: int, i_area: int, point: int, now: float, scale: float) -> int:
    """The idle unit with the fewest expected minutes to a point among the areas of one tier, or -1."""
    best, chosen = np.inf, -1
    turn, turnout = r.dials[TURN], r.dials[TURNOUT]
    for k in range(r.tiers[row, i_area]):
        a = r.tier[row, i_area, k]
        start = g.first[a]
        for j in range(start, start + s.idles[a]):
            u = s.idle[j]
            minutes = g.travel[point, position(s, u, now, turn)] * scale
            if now >= s.clock[u, DUE]:
                minutes += turnout
            if minutes < best or (minutes == best and u < chosen):
                best, chosen = minutes, u
    return chosen


@njit(cache=True, nogil=True)
def expected(s: State, g: Ground, r: Rules, u: int, point: int, now: float, scale: float) -> float:
    """The minutes the dispatcher expects an idle unit to need; infinite for unit -1."""
    if u < 0:
        return np.inf
    minutes = g.travel[point, position(s, u, now, r.dials[TURN])] * scale
    if now >= s.clock[u, DUE]:
        minutes += r.dials[TURNOUT]
    return minutes


@njit(cache=True, nogil=True)
def divertible(s: State, g: Ground, r: Rules, i_area: int, point: int, now: float, scale: float, limit: float) -> int:
    """The unit of the own pool, on its way to a lower grade, that gets there soonest and not after `limit`, or -1."""
    best, chosen = np.inf, -1
    for k in range(r.tiers[0, i_area]):
        a = r.tier[0, i_area, k]
        start = g.first[a]
        for j in range(start, start + s.goings[a]):
            u = s.going[j]
            minutes = g.travel[point, position(s, u, now, r.dials[TURN])] * scale
            if minutes <= limit and (minutes < best or (minutes == best and u < chosen)):
                best, chosen = minutes, u
    return chosen


@njit(cache=True, nogil=True)
def overlap(start: float, stop: float, low: float, high: float) -> float:
    """The minutes that two spells share."""
    return max(0.0, min(stop, high) - max(start, low))


@njit(cache=True, nogil=True)
def send(s: State, g: Ground, c: Load, r: Rules, u: int, i: int, now: float, hour: int) -> None:
    """A unit, standing idle or just cleared, sets out for a call."""
    unit, clock = s.unit, s.clock
    start = position(s, u, now, r.dials[TURN])
    grade = c.grade[i]
    leaves = now
    if unit[u, STATUS] == IDLE:
        strike(s.idle, s.idles, s, g, u)
        if now >= clock[u, DUE]:
            leaves = now + c.turnout[i]
    point = c.point[i]
    due = leaves + g.travel[point, start] * (g.slow[grade] / g.speed[hour]) * c.slowness[i]
    unit[u, STATUS] = GOING
    unit[u, ORIGIN] = start
    unit[u, TARGET] = point
    unit[u, CALL] = i
    clock[u, DEPARTED] = leaves
    clock[u, DUE] = due
    clock[u, SINCE] = now
    if grade > 0:
        enlist(s.going, s.goings, s, g, u)
    if s.call[i, SENT] == 0:
        s.stamp[i, ASSIGNED] = now
    s.call[i, SENT] += 1
    s.call[i, TO_SEND] -= 1
    push(s, due, (ARRIVES << KIND_BITS) | (u << ID_BITS) | unit[u, VERSION])


@njit(cache=True, nogil=True)
def bump(s: State, g: Ground, r: Rules, u: int, now: float) -> int:
    """A unit turned back from its call, which needs one unit again; the call."""
    i = s.unit[u, CALL]
    strike(s.going, s.goings, s, g, u)
    s.unit[u, ORIGIN] = position(s, u, now, r.dials[TURN])
    s.unit[u, TARGET] = s.unit[u, ORIGIN]
    s.unit[u, VERSION] += 1
    s.clock[u, WORKED] += overlap(s.clock[u, SINCE], now, r.dials[WARM], r.dials[END])
    s.unit[u, STATUS] = BUSY
    s.call[i, SENT] -= 1
    s.call[i, TO_SEND] += 1
    s.stamp[i, DIVERTED] += 1
    if s.call[i, SENT] == 0:
        s.stamp[i, ASSIGNED] = np.nan
    return i


@njit(cache=True, nogil=True)
def dispatch(s: State, g: Ground, c: Load, r: Rules, i: int, now: float, hour: int) -> None:
    """Every unit that the rule allows now is sent to a call; what is lacking waits in the queue of its area."""
    a, grade, point = c.area[i], c.grade[i], c.point[i]
    scale = g.slow[grade] / g.speed[hour]
    gain = r.dials[GAIN]
    first_bumped, bumped = s.counter[1], s.counter[1]
    while s.call[i, TO_SEND] > 0:
        u = nearest(s, g, r, 0, a, point, now, scale)
        if u < 0:
            u = nearest(s, g, r, 1 + grade, a, point, now, scale)
        if grade == 0 and gain >= 0:
            v = divertible(s, g, r, a, point, now, scale, expected(s, g, r, u, point, now, scale) - gain)
            if v >= 0:
                s.counter[bumped] = bump(s, g, r, v, now)
                bumped += 1
                u = v
        if u < 0:
            break
        send(s, g, c, r, u, i, now, hour)
    if s.call[i, TO_SEND] > 0 and s.call[i, QUEUED] == 0:
        s.waiting[grade] += 1
        join_queue(s, r.servers.size + a, grade, i, False)
    for k in range(first_bumped, bumped):
        settle_bumped(s, g, c, r, s.counter[k], now, hour)


@njit(cache=True, nogil=True)
def settle_bumped(s: State, g: Ground, c: Load, r: Rules, i: int, now: float, hour: int) -> None:
    """A call that lost a unit gets another idle one at once, or waits at the head of its queue."""
    a, grade, point = c.area[i], c.grade[i], c.point[i]
    scale = g.slow[grade] / g.speed[hour]
    if s.call[i, QUEUED] == 1:
        return
    while s.call[i, TO_SEND] > 0:
        u = nearest(s, g, r, 0, a, point, now, scale)
        if u < 0:
            u = nearest(s, g, r, 1 + grade, a, point, now, scale)
        if u < 0:
            break
        send(s, g, c, r, u, i, now, hour)
    if s.call[i, TO_SEND] > 0:
        s.waiting[grade] += 1
        join_queue(s, r.servers.size + a, grade, i, True)


@njit(cache=True, nogil=True)
def next_call(s: State, r: Rules, a: int) -> int:
    """The queued call that a unit of an area takes when it clears, or -1: lowest grade, own pool first, then oldest."""
    queues = r.servers.size
    for grade in range(s.waiting.size):
        if s.waiting[grade] == 0:
            continue
        best = -1
        for k in range(r.tiers[0, a]):
            i = s.head[queues + r.tier[0, a, k], grade]
            if i >= 0 and (best < 0 or i < best):
                best = i
        if best >= 0:
            return best
        for k in range(r.pulls[grade, a]):
            i = s.head[queues + r.pull[grade, a, k], grade]
            if i >= 0 and (best < 0 or i < best):
                best = i
        if best >= 0:
            return best
    return -1


@njit(cache=True, nogil=True)
def release(s: State, g: Ground, c: Load, r: Rules, u: int, now: float, hour: int) -> None:
    """A unit standing at its target goes off duty, takes a waiting call, or starts for its base."""
    unit, clock = s.unit, s.clock
    if unit[u, DUTY] == 0:
        unit[u, STATUS] = OFF
        clock[u, ON_DUTY] += overlap(clock[u, ON_SINCE], now, r.dials[WARM], r.dials[END])
        return
    i = next_call(s, r, g.area[u])
    if i >= 0:
        unit[u, STATUS] = BUSY
        send(s, g, c, r, u, i, now, hour)
        if s.call[i, TO_SEND] == 0:
            s.waiting[c.grade[i]] -= 1
            leave_queue(s, r.servers.size + c.area[i], c.grade[i], i)
        return
    here, home = unit[u, TARGET], g.home[u]
    unit[u, STATUS] = IDLE
    unit[u, ORIGIN] = here
    unit[u, TARGET] = home
    clock[u, DEPARTED] = now
    clock[u, DUE] = now + g.travel[home, here] / g.speed[hour]
    enlist(s.idle, s.idles, s, g, u)


@njit(cache=True, nogil=True)
def arrive(s: State, g: Ground, c: Load, r: Rules, u: int, now: float, hour: int) -> None:
    """A unit reaches its scene and begins the job, the custody leg included for the first to arrive."""
    unit = s.unit
    i = unit[u, CALL]
    k = s.call[i, ARRIVED]
    s.call[i, ARRIVED] = k + 1
    if c.grade[i] > 0:
        strike(s.going, s.goings, s, g, u)
    ends = now + c.job[i, min(k, 2)]
    here = c.point[i]
    if k == 0:
        s.stamp[i, FIRST] = now
        s.stamp[i, UNIT] = u
        s.stamp[i, FROM] = unit[u, ORIGIN]
        s.stamp[i, HOME_AREA] = g.area[u]
        suite = g.suite[c.area[i]]
        if c.custody[i] > 0 and suite >= 0:
            then = min(int(ends / 60.0), g.speed.size - 1)
            ends += g.travel[suite, here] / g.speed[then] + c.custody[i]
            here = suite
    if k == c.need[i] - 1:
        s.stamp[i, LAST] = now
    unit[u, STATUS] = BUSY
    unit[u, ORIGIN] = here
    unit[u, TARGET] = here
    s.clock[u, DUE] = ends
    s.clock[u, DEPARTED] = now
    push(s, ends, (CLEARS << KIND_BITS) | (u << ID_BITS) | unit[u, VERSION])


@njit(cache=True, nogil=True)
def clear(s: State, g: Ground, c: Load, r: Rules, u: int, now: float, hour: int) -> None:
    """A unit has done its job, or its briefing (call -1)."""
    i = s.unit[u, CALL]
    if i >= 0:
        s.stamp[i, CLEAR] = now
        s.clock[u, WORKED] += overlap(s.clock[u, SINCE], now, r.dials[WARM], r.dials[END])
    s.unit[u, CALL] = -1
    release(s, g, c, r, u, now, hour)


@njit(cache=True, nogil=True)
def change_hour(s: State, g: Ground, c: Load, r: Rules, now: float, hour: int) -> None:
    """Crews go off and come on, lowest unit first; a crew at work finishes its job before it goes."""
    unit, clock = s.unit, s.clock
    for u in range(g.home.size):
        on = g.on[hour, u]
        if on == unit[u, DUTY]:
            continue
        unit[u, DUTY] = on
        if on == 0:
            if unit[u, STATUS] == IDLE:
                strike(s.idle, s.idles, s, g, u)
                unit[u, STATUS] = OFF
                clock[u, ON_DUTY] += overlap(clock[u, ON_SINCE], now, r.dials[WARM], r.dials[END])
            continue
        if unit[u, STATUS] != OFF:
            continue
        clock[u, ON_SINCE] = now
        unit[u, CALL] = -1
        start = g.home[u] if hour == 0 else g.parade[u]
        unit[u, ORIGIN] = start
        unit[u, TARGET] = start
        clock[u, DEPARTED] = now
        clock[u, DUE] = now
        if hour > 0 and r.dials[BRIEFING] > 0:
            unit[u, STATUS] = BUSY
            code = (CLEARS << KIND_BITS) | (u << ID_BITS) | unit[u, VERSION]
            push(s, now + r.dials[BRIEFING], code)
        else:
            release(s, g, c, r, u, now, hour)


@njit(cache=True, nogil=True)
def begin(s: State, r: Rules, q: int, i: int, now: float, minutes: float, kind: int) -> None:
    """A desk or a supervisor starts work on a call."""
    s.held[q] += overlap(now, now + minutes, r.dials[WARM], r.dials[END])
    if kind == DESK_DONE:
        s.stamp[i, DESK_START] = now
    push(s, now + minutes, (kind << KIND_BITS) | (i << ID_BITS))


@njit(cache=True, nogil=True)
def ask(s: State, c: Load, r: Rules, q: int, i: int, now: float, minutes: float, kind: int) -> None:
    """A call comes to a desk or a supervisor, and waits when all are taken."""
    if r.servers[q] > 0:
        if s.free[q] == 0:
            join_queue(s, q, c.grade[i], i, False)
            return
        s.free[q] -= 1
    begin(s, r, q, i, now, minutes, kind)


@njit(cache=True, nogil=True)
def hand_over(s: State, c: Load, r: Rules, q: int, now: float, kind: int) -> None:
    """A desk or a supervisor that has finished takes the next call of its queue: grade, then age."""
    if r.servers[q] == 0:
        return
    for grade in range(s.waiting.size):
        i = s.head[q, grade]
        if i >= 0:
            leave_queue(s, q, grade, i)
            minutes = c.desk[i] if kind == DESK_DONE else c.oversight[i]
            begin(s, r, q, i, now, minutes, kind)
            return
    s.free[q] += 1


@njit(cache=True, nogil=True)
def make_ready(s: State, g: Ground, c: Load, r: Rules, i: int, now: float, hour: int) -> None:
    """A call can now be dispatched; one that needs no unit is settled."""
    s.stamp[i, READY] = now
    if c.need[i] > 0:
        dispatch(s, g, c, r, i, now, hour)


@njit(cache=True, nogil=True)
def leave_desk(s: State, g: Ground, c: Load, r: Rules, i: int, now: float, hour: int) -> None:
    """A call's desk work is done; it goes to the supervisor if it needs one."""
    s.stamp[i, DESK_END] = now
    if c.oversight[i] > 0:
        ask(s, c, r, r.span[c.area[i]], i, now, c.oversight[i], SUPERVISOR_DONE)
    else:
        make_ready(s, g, c, r, i, now, hour)


@njit(cache=True, nogil=True)
def handle_first(s: State, g: Ground, c: Load, r: Rules, hour: int) -> None:
    """The earliest event of the heap, taken out and acted on."""
    now, code = s.when[0], s.what[0]
    drop_first(s)
    kind, who, version = code >> KIND_BITS, (code >> ID_BITS) & MASK, code & MASK
    if kind == ARRIVES:
        if version == s.unit[who, VERSION]:
            arrive(s, g, c, r, who, now, hour)
    elif kind == CLEARS:
        if version == s.unit[who, VERSION]:
            clear(s, g, c, r, who, now, hour)
    elif kind == DESK_DONE:
        hand_over(s, c, r, r.channel[c.area[who]], now, DESK_DONE)
        leave_desk(s, g, c, r, who, now, hour)
    else:
        hand_over(s, c, r, r.span[c.area[who]], now, SUPERVISOR_DONE)
        make_ready(s, g, c, r, who, now, hour)


@njit(cache=True, nogil=True)
def fresh_state(g: Ground, c: Load, r: Rules) -> State:
    """The state before the first minute: everybody off duty, every queue empty, every stamp unknown."""
    n, units, areas, queues = c.time.size, g.home.size, g.suite.size, r.servers.size
    grades = g.slow.size
    room = 4 * int(c.need.sum()) + 2 * n + 8 * units + 64
    stamp = np.full((n, STAMPS), np.nan)
    call = np.zeros((n, 6), np.int64)
    for i in range(n):
        stamp[i, DIVERTED] = 0.0
        call[i, TO_SEND] = c.need[i]
    unit = np.zeros((units, 7), np.int64)
    unit[:, CALL] = -1
    counter = np.zeros(8, np.int64)
    counter[1] = 2
    return State(
        np.empty(room), np.empty(room, np.int64), counter, unit, np.zeros((units, 6)),
        np.zeros(units, np.int64), np.zeros(areas, np.int64), np.zeros(units, np.int64), np.zeros(areas, np.int64),
        call, np.full((queues + areas, grades), -1), np.full((queues + areas, grades), -1),
        np.zeros(grades, np.int64), r.servers.copy(), np.zeros(queues), stamp,
    )


@njit(cache=True, nogil=True)
def run(g: Ground, c: Load, r: Rules) -> tuple[Floats, Floats, Floats]:
    """Stamps of each call [n, 11], clocks of each unit [U, 6] and minutes held at each desk and supervisor group."""
    s = fresh_state(g, c, r)
    n, hours, upcoming, hour = c.time.size, g.on.shape[0], 0, -1
    while True:
        boundary = 60.0 * (hour + 1)
        first = s.when[0] if s.counter[0] > 0 else np.inf
        new = c.time[upcoming] if upcoming < n else np.inf
        if boundary <= first and boundary <= new:
            if hour + 1 == hours:
                break
            hour += 1
            change_hour(s, g, c, r, boundary, hour)
        elif first <= new:
            handle_first(s, g, c, r, hour)
        else:
            i, upcoming = upcoming, upcoming + 1
            if c.desk[i] > 0:
                ask(s, c, r, r.channel[c.area[i]], i, new, c.desk[i], DESK_DONE)
            else:
                leave_desk(s, g, c, r, i, new, hour)
    stop = 60.0 * hours
    for u in range(g.home.size):
        if s.unit[u, STATUS] != OFF:
            s.clock[u, ON_DUTY] += overlap(s.clock[u, ON_SINCE], stop, r.dials[WARM], r.dials[END])
            if s.unit[u, CALL] >= 0:
                s.clock[u, WORKED] += overlap(s.clock[u, SINCE], stop, r.dials[WARM], r.dials[END])
    return s.stamp, s.clock, s.held
