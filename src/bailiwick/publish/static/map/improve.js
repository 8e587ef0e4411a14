// Is there a better plan near this one?  Only by looked-up numbers, under weights that the reader sets.
import { UNPLACED, canonical, encode } from "./codec.js";
import { newCommander, rowOf, standing, valueOf } from "./table.js";

// How good a plan is under the weights: each measure's gain over the start, in steps of the smallest change that
// matters to it, times its weight. Amounts that add up are compared for each resident, so that places of any size
// weigh alike: `share` is how many times the case's own residents the table holds.
export function score(table, plan, wanted, base) {
  let total = 0;
  for (const { name, weight, step, sign } of wanted) {
    const value = valueOf(table, name, plan);
    if (value === null) return null;
    total += weight * sign * (value - base[name]) / step;
  }
  return total;
}

export function wants(table, weights, meta, share) {
  return Object.entries(weights).filter(([name, weight]) => weight > 0 && table.measures[name])
    .map(([name, weight]) => ({ name, weight, sign: table.measures[name].better === "lower" ? -1 : 1,
      step: (meta[name]?.smallest || 1) * (table.measures[name].combine === "sum" ? share : 1) }));
}

// Every valid plan one step away: one area joins a neighbour's command or stands alone, or two commands become one.
export function steps(table, plan, allowed) {
  const may = new Set(allowed);
  const found = new Map();
  const add = (next) => {
    const settled = canonical(next);
    const code = encode(settled);
    if (!found.has(code) && standing(table, settled).whole) found.set(code, settled);
  };
  const free = Math.max(...plan) + 1;
  for (const i of may) {
    const targets = new Set([...table.near[i]].filter((j) => may.has(j)).map((j) => plan[j]));
    if (plan.some((n, j) => j !== i && n === plan[i])) targets.add(free);
    targets.delete(plan[i]);
    for (const target of targets) {
      if (target !== free && !closed(plan, target, may)) continue;
      const moved = [...plan];
      moved[i] = target;
      add(moved);
      if (target !== free && closed(plan, plan[i], may)) add(plan.map((n) => (n === plan[i] ? target : n)));
    }
  }
  found.delete(encode(plan));
  return [...found.values()];
}

const closed = (plan, command, may) => plan.every((n, j) => n !== command || may.has(j));

// All valid ways to group these areas, the others as they are; only for a few areas.
export function everyWay(table, plan, allowed) {
  let ways = [[]];
  for (const i of allowed) {
    ways = ways.flatMap((groups) => [
      ...groups.map((group, k) => groups.map((g, m) => (m === k ? [...group, i] : g))), [...groups, [i]]]);
  }
  const free = plan.length + 1;
  return ways.filter((groups) => groups.every((group) => rowOf(table, [...group].sort((a, b) => a - b)) !== undefined))
    .map((groups) => {
      const next = [...plan];
      groups.forEach((group, k) => group.forEach((i) => { next[i] = free + k; }));
      return canonical(next);
    });
}

// The nearest better plan: the best one step away; failing that two steps; failing that, for few areas, any.
export function improved(table, plan, allowed, wanted) {
  if (plan.includes(UNPLACED) || !standing(table, plan).whole || !wanted.length) return null;
  const base = Object.fromEntries(wanted.map(({ name }) => [name, valueOf(table, name, plan)]));
  if (Object.values(base).includes(null)) return null;
  const best = (plans, far) => {
    let found = null;
    for (const next of plans) {
      const gain = score(table, next, wanted, base);
      if (gain === null || gain <= 1e-9) continue;
      if (!found || gain > found.gain + 1e-9
        || (gain > found.gain - 1e-9 && newCommander(table, plan, next) < newCommander(table, plan, found.plan))) {
        found = { plan: next, gain, far };
      }
    }
    return found;
  };
  const near = steps(table, plan, allowed);
  const found = best(near, 1);
  if (found) return found;
  const small = allowed.length <= 8;
  if (small) return best(everyWay(table, plan, allowed), 2) ?? { plan: null, proved: true };
  const seen = new Map();
  for (const first of near) for (const next of steps(table, first, allowed)) seen.set(encode(next), next);
  seen.delete(encode(plan));
  return best([...seen.values()], 2) ?? { plan: null, proved: false };
}
