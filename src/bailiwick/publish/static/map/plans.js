// Which plan is on the page, how did it come about, and how is it kept in the address?
import { UNPLACED, canonical, commandsOf, encode } from "./codec.js";
import { OWN } from "./sheet.js";

export function marksOf(plan) {
  const marks = plan.map((n) => (n === UNPLACED ? UNPLACED : OWN));
  commandsOf(plan).filter((group) => group.length > 1).forEach((group, letter) => {
    for (const i of group) marks[i] = letter;
  });
  return marks;
}

export const planOf = (marks) => canonical(marks.map((mark, i) => (mark === OWN ? 1000 + i : mark)));

// The plan being drawn: marks (a letter, on its own, or nobody for each area), what is chosen and locked, the past.
export function drawing(areas) {
  return { marks: areas.map(() => OWN), chosen: null, locked: new Set(), past: [], future: [], touched: false, last: null };
}

// Give areas a command. Moves of one area in a row count as one step, so that arrow keys do not fill the past.
export function place(state, areas, mark) {
  const free = areas.filter((i) => !state.locked.has(i) && state.marks[i] !== mark);
  if (!free.length) return false;
  const next = [...state.marks];
  for (const i of free) next[i] = mark;
  const same = free.length === 1 && state.last === free[0];
  return settle(state, next, same ? "again" : "new", free.length === 1 ? free[0] : null);
}

export function settle(state, marks, step = "new", last = null) {
  if (step === "new") state.past.push(state.marks);
  state.future = [];
  state.marks = marks;
  state.last = last;
  state.touched = true;
  return true;
}

export function undo(state) {
  if (!state.past.length) return false;
  state.future.push(state.marks);
  state.marks = state.past.pop();
  state.last = null;
  return true;
}

export function redo(state) {
  if (!state.future.length) return false;
  state.past.push(state.marks);
  state.marks = state.future.pop();
  state.last = null;
  return true;
}

// Write the plan into the address; a new entry for each new plan, so that Back goes one plan back. A new entry is
// written once the map has been redrawn: browsers take longer over it than the redrawing takes.
export function remember(state, replace = false) {
  const hash = `#p=${encode(planOf(state.marks))}`;
  const kept = { marks: state.marks };
  if (replace || location.hash === hash) return history.replaceState(kept, "", hash);
  setTimeout(() => history.pushState(kept, "", hash), 0);
}
