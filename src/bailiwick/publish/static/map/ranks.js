// Where does a plan stand among all maps of the proposal's areas, one measure at a time?  Counted from looked-up numbers.
import { commandsOf } from "./codec.js";
import { overCommands } from "./table.js";
import { everyWay } from "./improve.js";

const FEW = 6;

// The commands of a plan that hold areas of the proposal; null where one of them reaches beyond.
export function localGroups(scope, plan) {
  const within = new Set(scope);
  const groups = commandsOf(plan).filter((group) => group.some((i) => within.has(i)));
  return groups.every((group) => group.every((i) => within.has(i))) ? groups : null;
}

// How many maps there are, and for a measure the best of them and the place of the plan; null where they cannot be
// listed: too many areas, or a plan that changes areas outside the proposal.
export function ranksOf(s, plan, changed) {
  const within = new Set(s.scope);
  if (!s.scope.length || s.scope.length > FEW || changed.some((i) => !within.has(i))) return null;
  const mine = localGroups(s.scope, plan);
  s.localMaps ??= everyWay(s.table, s.today, s.scope).map((way) => localGroups(s.scope, way));
  if (!mine || s.localMaps.length < 2) return null;
  const of = (name) => {
    const better = s.table.measures[name].better;
    const values = s.localMaps.map((groups) => overCommands(s.table, name, groups));
    const value = overCommands(s.table, name, mine);
    if (better === "neither" || value === null || values.includes(null)) return null;
    const sign = better === "lower" ? 1 : -1;
    return { best: sign * Math.min(...values.map((v) => sign * v)),
      place: 1 + values.filter((v) => sign * (value - v) > 1e-9).length };
  };
  return { maps: s.localMaps.length, of };
}
