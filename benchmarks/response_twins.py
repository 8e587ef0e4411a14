"""The plain model written for other engines: SimPy twice, Ciw, and a plain heap loop; for benchmark and oracle tests.

Each function takes (travel [N, N], home [U], time, point, grade, job) and returns records [n, 3]: minute sent,
minutes of travel, unit. The rules are those of `bailiwick.response.kernel_single`; calls are drawn beforehand.
"""

from __future__ import annotations

import heapq
from collections import deque

import numpy as np


def r40(*, rate: float, calls: int, seed: int = 7) -> tuple:
    """The common model of 40 units, 12 bases and 300 points; `rate` calls a minute."""
    units, bases, points, immediate, mean = 40, 12, 300, 0.30, 45.0
    sigma = np.sqrt(np.log(2.0))
    r = np.random.default_rng(1)
    where = np.vstack([r.uniform(0, 25, (points, 2)), r.uniform(2, 23, (bases, 2))])
    travel = np.abs(where[:, None, :] - where[None, :, :]).sum(-1) / 0.5
    weight = r.gamma(0.7, 1.0, points)
    home = points + np.arange(units) % bases
    r = np.random.default_rng(seed)
    time = np.cumsum(r.exponential(1 / rate, calls))
    point = r.choice(points, calls, p=weight / weight.sum())
    grade = (r.random(calls) >= immediate).astype(int)
    job = r.lognormal(np.log(mean) - sigma**2 / 2, sigma, calls)
    return travel, home, time, point, grade, job


def london(*, calls: int, rate: float = 4.0) -> tuple:
    """The common model at the size of London: 400 units, 90 bases, 1,500 points."""
    units, bases, points = 400, 90, 1500
    sigma = np.sqrt(np.log(2.0))
    r = np.random.default_rng(3)
    where = np.vstack([r.uniform(0, 50, (points, 2)), r.uniform(2, 48, (bases, 2))])
    travel = np.abs(where[:, None, :] - where[None, :, :]).sum(-1) / 0.5
    weight = r.gamma(0.7, 1.0, points)
    home = points + np.arange(units) % bases
    time = np.cumsum(r.exponential(1 / rate, calls))
    point = r.choice(points, calls, p=weight / weight.sum())
    grade = (r.random(calls) >= 0.30).astype(int)
    job = r.lognormal(np.log(45.0) - sigma**2 / 2, sigma, calls)
    return travel, home, time, point, grade, job


def plain(travel, home, time, point, grade, job) -> np.ndarray:
    """A plain loop over one heap, as obvious as it can be."""
    travel, home, n = travel.tolist(), home.tolist(), len(time)
    time, point, grade, job = time.tolist(), point.tolist(), grade.tolist(), job.tolist()
    out = np.full((n, 3), np.nan)
    idle = {u: (home[u], 0.0) for u in range(len(home))}
    waiting: list[tuple[int, int]] = []
    events = [(t, 1, i) for i, t in enumerate(time)]
    heapq.heapify(events)
    last = {}

    def go(u, i, here, now):
        minutes = travel[point[i]][here]
        out[i] = now, minutes, u
        last[u] = point[i]
        heapq.heappush(events, (now + minutes + job[i], 0, u))

    while events:
        now, kind, who = heapq.heappop(events)
        if kind == 0:
            if waiting:
                go(who, heapq.heappop(waiting)[1], last[who], now)
            else:
                idle[who] = (last[who], now + travel[home[who]][last[who]])
        elif idle:
            stands = {u: home[u] if now >= back else scene for u, (scene, back) in idle.items()}
            u = min(stands, key=lambda v: (travel[point[who]][stands[v]], v))
            del idle[u]
            go(u, who, stands[u], now)
        else:
            heapq.heappush(waiting, (grade[who], who))
    return out


def simpy_callbacks(travel, home, time, point, grade, job) -> np.ndarray:
    """SimPy stripped to its event queue: one time-out a dispatch, a call-back on it, an idle list kept by hand."""
    import simpy

    rows, home, n = travel.tolist(), home.tolist(), len(time)
    time, point, grade, job = time.tolist(), point.tolist(), grade.tolist(), job.tolist()
    gaps = np.diff(np.concatenate([[0.0], time])).tolist()
    sent, trip, units = [0.0] * n, [0.0] * n, [0] * n
    scene, back = list(home), [0.0] * len(home)
    idle = list(range(len(home)))
    queues = (deque(), deque())
    env = simpy.Environment()
    timeout = env.timeout

    def go(u, i, here, now):
        minutes = rows[point[i]][here]
        sent[i], trip[i], units[i] = now, minutes, u
        scene[u] = point[i]
        event = timeout(now + minutes + job[i] - now, u)
        event.callbacks.append(clears)

    def clears(event):
        u, now = event.value, env.now
        for queue in queues:
            if queue:
                go(u, queue.popleft(), scene[u], now)
                return
        back[u] = now + rows[home[u]][scene[u]]
        idle.append(u)

    def calls():
        for i in range(n):
            yield timeout(gaps[i])
            now = time[i]
            if not idle:
                queues[grade[i]].append(i)
                continue
            row, best, chosen, here = rows[point[i]], 1e18, -1, -1
            for u in idle:
                node = home[u] if now >= back[u] else scene[u]
                minutes = row[node]
                if minutes < best or (minutes == best and u < chosen):
                    best, chosen, here = minutes, u, node
            idle.remove(chosen)
            go(chosen, i, here, now)

    env.process(calls())
    env.run()
    return np.column_stack([sent, trip, units])


def simpy_lean(travel, home, time, point, grade, job) -> np.ndarray:
    """SimPy tuned by hand: one process a dispatch, but the idle list and the queues are plain Python."""
    import simpy

    rows, home, n = travel.tolist(), home.tolist(), len(time)
    time, point, grade, job = time.tolist(), point.tolist(), grade.tolist(), job.tolist()
    out = [(0.0, 0.0, 0)] * n
    scene, back = list(home), [0.0] * len(home)
    idle = list(range(len(home)))
    queues = (deque(), deque())
    env = simpy.Environment()

    def attend(u, i, here):
        while True:
            minutes = rows[point[i]][here]
            out[i] = (env.now, minutes, u)
            here = scene[u] = point[i]
            yield env.timeout(minutes + job[i])
            if queues[0]:
                i = queues[0].popleft()
            elif queues[1]:
                i = queues[1].popleft()
            else:
                break
        back[u] = env.now + rows[home[u]][here]
        idle.append(u)

    def calls():
        for i in range(n):
            yield env.timeout(time[i] - env.now)
            now = env.now
            if not idle:
                queues[grade[i]].append(i)
                continue
            row, best, chosen, here = rows[point[i]], 1e18, -1, -1
            for u in idle:
                node = home[u] if now >= back[u] else scene[u]
                minutes = row[node]
                if minutes < best or (minutes == best and u < chosen):
                    best, chosen, here = minutes, u, node
            idle.remove(chosen)
            env.process(attend(chosen, i, here))

    env.process(calls())
    env.run()
    return np.array(out)


def simpy_idiomatic(travel, home, time, point, grade, job) -> np.ndarray:
    """SimPy as its documentation would have it: units that are processes and take calls from a priority store."""
    import simpy

    n, units = len(time), len(home)
    out = np.full((n, 3), np.nan)
    env = simpy.Environment()
    idle = simpy.FilterStore(env)
    waiting = simpy.PriorityStore(env)
    scene, back = home.tolist(), [0.0] * units
    idle.items = list(range(units))

    def attend(u, i, here):
        while True:
            minutes = travel[point[i], here]
            out[i] = env.now, minutes, u
            scene[u] = point[i]
            yield env.timeout(minutes + job[i])
            if not waiting.items:
                break
            here = scene[u]
            _, i = yield waiting.get()
        back[u] = env.now + travel[home[u], scene[u]]
        yield idle.put(u)

    def calls():
        for i in range(n):
            yield env.timeout(time[i] - env.now)
            if not idle.items:
                yield waiting.put((grade[i], i))
                continue
            now = env.now
            stands = [(travel[point[i], home[u] if now >= back[u] else scene[u]], u) for u in idle.items]
            chosen = min(stands)[1]
            u = yield idle.get(lambda v, chosen=chosen: v == chosen)
            env.process(attend(u, i, home[u] if now >= back[u] else scene[u]))

    env.process(calls())
    env.run()
    return out


def ciw_twin(travel, home, time, point, grade, job) -> np.ndarray:
    """Ciw: one node, a server priority function for the nearest idle unit, two priority classes."""
    import ciw

    n, units = len(time), len(home)
    rows, home, job_of, point_of = travel.tolist(), home.tolist(), job.tolist(), point.tolist()
    out = np.full((n, 3), np.nan)
    scene, back = list(home), [0.0] * units

    def call_of(ind) -> int:
        return ind.id_number - 1

    def minutes_of(server, ind) -> float:
        u, now = server.id_number - 1, ind.simulation.current_time
        return rows[point_of[call_of(ind)]][home[u] if now >= back[u] else scene[u]]

    class OnTheJob(ciw.dists.Distribution):
        def sample(self, t=None, ind=None):
            i, u = call_of(ind), ind.server.id_number - 1
            here = home[u] if t >= back[u] else scene[u]
            minutes = rows[point_of[i]][here]
            out[i] = t, minutes, u
            scene[u] = point_of[i]
            back[u] = t + minutes + job_of[i] + rows[home[u]][point_of[i]]
            return minutes + job_of[i]

    arrivals = {
        c: [ciw.dists.Sequential([*np.diff(np.concatenate([[0.0], time[grade == k]])), np.inf])]
        for k, c in enumerate(("I", "S"))
    }
    network = ciw.create_network(
        arrival_distributions=arrivals,
        service_distributions={c: [OnTheJob()] for c in ("I", "S")},
        number_of_servers=[units], priority_classes={"I": 0, "S": 1},
        server_priority_functions=[minutes_of],
    )
    simulation = ciw.Simulation(network)
    simulation.simulate_until_max_customers(n, method="Finish")
    return out
