// What does the engine's command table say of a plan?  Look-ups, sums, means, largest and smallest; nothing else.
import { UNPLACED, commandsOf } from "./codec.js";

const SCREENED = { better: "better", "about the same": "same", worse: "worse", "cannot tell": "cannot tell" };

const key = (group) => String.fromCharCode(...group);

export async function unpacked(base64) {
  const bytes = Uint8Array.from(atob(base64), (c) => c.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return JSON.parse(await new Response(stream).text());
}

function membersOf(hex) {
  const found = [];
  for (let place = 0; place < hex.length; place += 1) {
    const nibble = parseInt(hex[hex.length - 1 - place], 16);
    for (let bit = 0; bit < 4; bit += 1) if (nibble >> bit & 1) found.push(place * 4 + bit);
  }
  return found;
}

export function tableOf(told) {
  const rows = new Map();
  const near = told.areas.map(() => new Set());
  told.masks.forEach((mask, row) => {
    const group = membersOf(mask);
    rows.set(key(group), row);
    if (group.length === 2) {
      near[group[0]].add(group[1]);
      near[group[1]].add(group[0]);
    }
  });
  return { areas: told.areas, cap: told.cap, rows, near, residents: told.residents, measures: told.measures,
    response: told.screened?.columns.state ?? null };
}

export const rowOf = (table, group) => table.rows.get(key(group));

// The joined-up pieces of a command, largest first.
export function pieces(table, group) {
  const left = new Set(group);
  const found = [];
  while (left.size) {
    const [first] = left;
    left.delete(first);
    const piece = [first];
    for (let i = 0; i < piece.length; i += 1) {
      for (const next of table.near[piece[i]]) if (left.delete(next)) piece.push(next);
    }
    found.push(piece.sort((a, b) => a - b));
  }
  return found.sort((a, b) => b.length - a.length || a[0] - b[0]);
}

// What stands in the way of a figure for the whole plan: areas without a command, loose pieces, commands too large.
export function standing(table, plan) {
  const unplaced = plan.flatMap((n, i) => (n === UNPLACED ? [i] : []));
  const broken = [], large = [];
  for (const group of commandsOf(plan)) {
    if (rowOf(table, group) !== undefined) continue;
    const parts = pieces(table, group);
    if (parts.length > 1) broken.push({ group, parts });
    else large.push(group);
  }
  return { unplaced, broken, large, whole: !unplaced.length && !broken.length && !large.length };
}

export function together(numbers, weights, combine) {
  if (combine === "max") return Math.max(...numbers);
  if (combine === "min") return Math.min(...numbers);
  let total = 0, shares = 0;
  numbers.forEach((number, i) => {
    total += number * (combine === "mean" ? weights[i] : 1);
    shares += weights[i];
  });
  return combine === "mean" ? total / shares : total;
}

// A measure over some commands, or null where a command is not in the table or a value is not known.
export function overCommands(table, name, groups) {
  const measure = table.measures[name];
  const numbers = [], weights = [];
  for (const group of groups) {
    const row = rowOf(table, group);
    const number = row === undefined ? null : measure.values[row];
    if (number === null) return null;
    numbers.push(number);
    weights.push(measure.weight === "population" ? table.residents[row] : group.length);
  }
  return numbers.length ? together(numbers, weights, measure.combine) : null;
}

export const valueOf = (table, name, plan) => (plan.includes(UNPLACED) ? null : overCommands(table, name, commandsOf(plan)));

// The areas whose command is not the same in all of these plans. Each of those commands lies wholly among them.
export function changedAreas(plans) {
  const signed = plans.map((plan) => {
    const sign = new Map(commandsOf(plan).flatMap((group) => group.map((i) => [i, key(group)])));
    return (i) => sign.get(i) ?? "";
  });
  return plans[0].flatMap((_, i) => (signed.some((sign) => sign(i) !== signed[0](i) || sign(i) === "") ? [i] : []));
}

// A measure over those commands of a plan that lie among some areas; null where one of the areas has no command.
export function valueAmong(table, name, plan, among) {
  const within = new Set(among);
  if (among.some((i) => plan[i] === UNPLACED)) return null;
  return overCommands(table, name, commandsOf(plan).filter((group) => within.has(group[0])));
}

export function residentsOf(table, area) {
  return table.residents[rowOf(table, [area])] ?? 0;
}

// The four states of 999 response for a plan: better, same, worse, cannot tell, screened one command at a time. A command
// that is as it is today is as it is today. Without a screening nothing else is claimed.
export function response(table, plan, today) {
  const unchanged = new Set(commandsOf(today).map(key));
  const states = { better: [], same: [], worse: [], "cannot tell": [] };
  for (const group of commandsOf(plan)) {
    const row = rowOf(table, group);
    const told = table.response && row !== undefined ? table.response[row] : null;
    states[unchanged.has(key(group)) ? "same" : SCREENED[told] ?? "cannot tell"].push(group);
  }
  const changed = commandsOf(plan).some((group) => !unchanged.has(key(group))) || plan.includes(UNPLACED);
  const overall = !changed ? "same" : states.worse.length ? "worse" : states["cannot tell"].length ? "cannot tell"
    : states.better.length ? "better" : "same";
  return { overall, states, changed };
}

// Residents who get another commander: a command keeps the commander of the old command that gives it most residents.
export function newCommander(table, before, after) {
  const overlaps = [];
  const was = commandsOf(before), is = commandsOf(after);
  was.forEach((old, o) => is.forEach((now, n) => {
    const shared = old.filter((i) => after[i] === after[now[0]]).reduce((sum, i) => sum + residentsOf(table, i), 0);
    if (shared) overlaps.push([shared, o, n]);
  }));
  overlaps.sort((a, b) => b[0] - a[0] || a[1] - b[1] || a[2] - b[2]);
  const kept = new Set(), taken = new Set();
  let same = 0;
  for (const [shared, o, n] of overlaps) {
    if (kept.has(o) || taken.has(n)) continue;
    kept.add(o);
    taken.add(n);
    same += shared;
  }
  return before.reduce((sum, _, i) => sum + residentsOf(table, i), 0) - same;
}
