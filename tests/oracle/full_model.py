"""The full response model once more, slow and obvious, from the written rules; every search looks at everything."""

from __future__ import annotations

import heapq

import numpy as np

HOUR, CLEAR, ARRIVE, DESK, SUPER, NEW = range(6)


class Unit:
    def __init__(self, number, home, parade, area):
        self.id, self.home, self.parade, self.area = number, home, parade, area
        self.status, self.on, self.call, self.version = "off", False, None, 0
        self.origin = self.target = home
        self.departed = self.due = 0.0

    def node(self, now, turn):
        if now >= min(self.due, self.departed + turn * (self.due - self.departed)):
            return self.target
        return self.origin


class Call:
    def __init__(self, number, drawn, who):
        self.id = number
        self.time, self.job, self.custody = drawn[0], drawn[1:4], drawn[4]
        self.desk, self.oversight, self.turnout, self.slowness = drawn[5:9]
        self.point, self.area, self.grade, self.need = (int(k) for k in who)
        self.left, self.sent, self.attended, self.bumped_at = self.need, 0, 0, None
        self.stamp = [np.nan] * 10 + [0.0]


class Model:
    def __init__(self, ground, load, rules):
        self.g, self.r = ground, rules
        self.grades = ground.scale.shape[0] - 1
        self.units = [Unit(k, *(int(x) for x in row)) for k, row in enumerate(ground.crew)]
        self.calls = [Call(k, load.drawn[k], load.who[k]) for k in range(len(load.who))]
        self.turnout, self.gain, self.turn, self.briefing = rules.dials[:4]
        self.busy_servers = [0] * len(rules.servers)
        self.server_queue: list[list[Call]] = [[] for _ in rules.servers]
        self.waiting: list[Call] = []
        self.bumps = 0
        self.events = [(c.time, NEW, c.id, 0) for c in self.calls]
        self.events += [(60.0 * h, HOUR, h, 0) for h in range(ground.on.shape[0])]
        heapq.heapify(self.events)

    def areas(self, row, area):
        entry = self.r.tier[row, area]
        return [int(a) for a in entry[1:1 + entry[0]]]

    def schedule(self, time, kind, number, version=0):
        heapq.heappush(self.events, (time, kind, number, version))

    def run(self):
        stop = 60.0 * self.g.on.shape[0]
        while self.events and self.events[0][0] < stop:
            self.now, kind, number, version = heapq.heappop(self.events)
            if kind == HOUR:
                self.hour = number
                self.change_hour()
            elif kind in (CLEAR, ARRIVE):
                unit = self.units[number]
                if version == unit.version:
                    self.clear(unit) if kind == CLEAR else self.arrive(unit)
            else:
                self.move_on(self.calls[number], kind)
        return np.array([c.stamp for c in self.calls])

    def move_on(self, call, kind):
        channel = int(self.g.place[call.area, 2])
        span = int(self.g.place[call.area, 3])
        if kind in (DESK, SUPER):
            self.server_free(channel if kind == DESK else span, kind)
        if kind == NEW and call.desk > 0:
            self.ask_server(channel, call, DESK)
            return
        if kind != SUPER:
            call.stamp[1] = self.now
            if call.oversight > 0:
                self.ask_server(span, call, SUPER)
                return
        call.stamp[2] = self.now
        self.dispatch([call])

    def ask_server(self, q, call, kind):
        if self.r.servers[q] and self.busy_servers[q] >= self.r.servers[q]:
            self.server_queue[q].append(call)
        else:
            self.serve(q, call, kind)

    def serve(self, q, call, kind):
        self.busy_servers[q] += 1
        if kind == DESK:
            call.stamp[0] = self.now
        self.schedule(self.now + (call.desk if kind == DESK else call.oversight), kind, call.id)

    def server_free(self, q, kind):
        self.busy_servers[q] -= 1
        if self.server_queue[q]:
            call = min(self.server_queue[q], key=lambda c: (c.grade, c.id))
            self.server_queue[q].remove(call)
            self.serve(q, call, kind)

    def minutes(self, unit, call):
        t = self.g.travel[call.point, unit.node(self.now, self.turn)] * self.g.scale[call.grade, self.hour]
        return t + (self.turnout if self.now >= unit.due else 0.0)

    def best_idle(self, call):
        for row in (0, 1 + call.grade):
            areas = self.areas(row, call.area)
            free = [u for u in self.units if u.status == "idle" and u.area in areas]
            if free:
                return min(free, key=lambda u: (self.minutes(u, call), u.id))
        return None

    def best_on_its_way(self, call, limit):
        areas, scale = self.areas(0, call.area), self.g.scale[call.grade, self.hour]
        ways = [
            (self.g.travel[call.point, u.node(self.now, self.turn)], u.id) for u in self.units
            if u.status == "going" and u.area in areas and u.call.grade > 0
        ]
        ways = [w for w in ways if w[0] <= limit / scale]
        return self.units[min(ways)[1]] if ways else None

    def dispatch(self, pending):
        for k, call in enumerate(pending):
            while call.left > 0 and call not in self.waiting:
                unit = self.best_idle(call)
                if call.grade == 0 and self.gain >= 0:
                    limit = np.inf if unit is None else self.minutes(unit, call)
                    other = self.best_on_its_way(call, limit - self.gain)
                    if other is not None:
                        pending.append(self.take_off(other))
                        unit = other
                if unit is None:
                    self.bumps += k > 0
                    call.bumped_at = self.bumps if k > 0 else None
                    self.waiting.append(call)
                else:
                    self.send(unit, call)

    def take_off(self, unit):
        call = unit.call
        unit.origin = unit.target = unit.node(self.now, self.turn)
        unit.version += 1
        unit.status = "turned"
        call.sent, call.left = call.sent - 1, call.left + 1
        call.stamp[10] += 1
        if call.sent == 0:
            call.stamp[3] = np.nan
        return call

    def send(self, unit, call):
        start = unit.node(self.now, self.turn)
        leaves = self.now + call.turnout if unit.status == "idle" and self.now >= unit.due else self.now
        trip = self.g.travel[call.point, start] * self.g.scale[call.grade, self.hour] * call.slowness
        unit.status, unit.call, unit.origin, unit.target = "going", call, start, call.point
        unit.departed, unit.due = leaves, leaves + trip
        if call.sent == 0:
            call.stamp[3] = self.now
        call.sent, call.left = call.sent + 1, call.left - 1
        self.schedule(unit.due, ARRIVE, unit.id, unit.version)

    def arrive(self, unit):
        call = unit.call
        ends, here = self.now + call.job[min(call.attended, 2)], unit.target
        if call.attended == 0:
            call.stamp[4], call.stamp[7], call.stamp[8], call.stamp[9] = self.now, unit.id, unit.origin, unit.area
            suite = int(self.g.place[call.area, 0])
            if call.custody > 0 and suite >= 0:
                then = min(int(ends / 60), self.g.scale.shape[1] - 1)
                ends += self.g.travel[suite, here] * self.g.scale[-1, then] + call.custody
                here = suite
        call.attended += 1
        if call.attended == call.need:
            call.stamp[5] = self.now
        unit.status, unit.origin, unit.target, unit.due = "busy", here, here, ends
        self.schedule(ends, CLEAR, unit.id, unit.version)

    def clear(self, unit):
        if unit.call is not None:
            unit.call.stamp[6] = self.now
            unit.call = None
        if not unit.on:
            unit.status = "off"
            return
        call = self.next_for(unit)
        if call is not None:
            self.send(unit, call)
            if call.left == 0:
                self.waiting.remove(call)
            return
        unit.status, unit.origin, unit.target = "idle", unit.target, unit.home
        unit.departed = self.now
        unit.due = self.now + self.g.travel[unit.home, unit.origin] * self.g.scale[-1, self.hour]

    def next_for(self, unit):
        for grade in range(self.grades):
            for row in (1 + 2 * self.grades, 0, 1 + self.grades + grade):
                heads = []
                for area in self.areas(row, unit.area):
                    queue = [c for c in self.waiting if c.area == area and c.grade == grade]
                    if queue:
                        heads.append(min(queue, key=lambda c: (0, -c.bumped_at) if c.bumped_at else (1, c.id)))
                if heads:
                    return min(heads, key=lambda c: c.id)
        return None

    def change_hour(self):
        for unit, on in zip(self.units, self.g.on[self.hour], strict=True):
            if bool(on) == unit.on:
                continue
            unit.on = bool(on)
            if not on and unit.status == "idle":
                unit.status = "off"
            elif on and unit.status == "off":
                start = unit.home if self.hour == 0 else unit.parade
                unit.status, unit.origin, unit.target, unit.due = "busy", start, start, self.now
                self.schedule(self.now + (self.briefing if self.hour else 0.0), CLEAR, unit.id, unit.version)
