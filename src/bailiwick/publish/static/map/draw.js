// What happens when somebody draws?  The map, the commands, the figures, the table and the words follow each move.
import { UNPLACED, commandsOf, decode, encode } from "./codec.js";
import { changedAreas, newCommander, overCommands, residentsOf, response, standing, valueAmong, valueOf } from "./table.js";
import { amount, counted, difference, digits, listed, phrase } from "./say.js";
import { improved, wants } from "./improve.js";
import { ranksOf } from "./ranks.js";
import { OWN, all, boardOf, byId, copyText, el, letterOf, renew, repaint } from "./sheet.js";
import { drawing, marksOf, place, planOf, redo, remember, settle, undo } from "./plans.js";

const STATES = { better: "▲ better", same: "● about the same", worse: "▼ worse", "cannot tell": "? cannot tell" };
const WHOLE = 12;

export function studio(data, table) {
  const areas = table.areas;
  const names = areas.map((code) => data.names[code] ?? code);
  const scope = data.scope.map((code) => areas.indexOf(code)).filter((i) => i >= 0);
  const today = decode(data.today, areas.length).plan;
  const within = scope.reduce((sum, i) => sum + residentsOf(table, i), 0) || 1;
  const everyone = areas.reduce((sum, _, i) => sum + residentsOf(table, i), 0);
  return { data, table, areas, names, scope, today, share: everyone / within, state: drawing(areas),
    board: boardOf(byId("board"), areas), rows: [], zoomed: false, wholeMap: false };
}

export function open(s, plan, marks) {
  s.state.marks = marks ?? marksOf(plan);
  s.state.touched = true;
  s.state.last = null;
}

const named = (s, group) => listed(group.map((i) => s.names[i]));
const markWords = (mark) => (mark === OWN ? "on its own" : mark === UNPLACED ? "no command yet" : `command ${letterOf(mark)}`);
const sharers = (s, i) => (s.state.marks[i] < 0 ? [] : s.areas.flatMap((_, j) => (j !== i && s.state.marks[j] === s.state.marks[i] ? [j] : [])));
const unit = (s, name) => [s.table.measures[name].unit, s.table.measures[name].decimals];

// The plan in one sentence or two: how many commands, who changes commander, what it costs, what help does.
export function summary(s, plan = planOf(s.state.marks)) {
  const at = standing(s.table, plan);
  if (at.unplaced.length) return `Unfinished: ${counted(at.unplaced.length, "area has", "areas have")} no command yet.`;
  const groups = commandsOf(plan);
  const parts = [`${counted(groups.length, "command")} for ${counted(s.areas.length, "area")}`];
  if (at.broken.length) parts.push(`${counted(at.broken.length, "command is", "commands are")} not joined up`);
  if (at.large.length) parts.push(`${counted(at.large.length, "command is", "commands are")} too large to score here`);
  const moved = newCommander(s.table, s.today, plan);
  parts.push(moved ? `${counted(moved, "resident gets", "residents get")} another commander than today` : "nobody changes commander");
  const first = s.data.first[0];
  if (at.whole && first) {
    const change = valueOf(s.table, first, plan) - valueOf(s.table, first, s.today);
    parts.push(`${s.table.measures[first].title.toLowerCase()}: ${change ? difference(change, ...unit(s, first)) : "as today"}`);
  }
  return `${parts.join("; ")}.`;
}

export function paint(s) {
  const marks = s.state.marks;
  const plan = planOf(marks);
  const at = standing(s.table, plan);
  const counts = new Map();
  for (const mark of marks) if (mark >= 0) counts.set(mark, (counts.get(mark) ?? 0) + 1);
  repaint(s.board, s.areas, marks, new Set([...counts].filter(([, n]) => n > 1).map(([mark]) => mark)));
  byId("tally").textContent = summary(s, plan);
  areasSaid(s);
  picker(s);
  problems(s, at, plan);
  results(s, at, plan);
  equalTable(s);
  sharing(s, plan);
  byId("undo").disabled = !s.state.past.length;
  byId("redo").disabled = !s.state.future.length;
}

function areasSaid(s) {
  s.areas.forEach((code, i) => {
    const part = s.board.parts.get(code);
    if (!part.group) return;
    const others = sharers(s, i).length;
    const said = `${s.names[i]}, ${markWords(s.state.marks[i])}${others ? ` with ${counted(others, "other")}` : ""}${s.state.locked.has(i) ? ", locked" : ""}`;
    if (part.said !== said) part.group.setAttribute("aria-label", part.said = said);
    const pressed = String(s.state.chosen === i);
    if (part.group.getAttribute("aria-pressed") !== pressed) part.group.setAttribute("aria-pressed", pressed);
  });
  const chosen = s.state.chosen;
  const outline = chosen === null ? "" : s.board.parts.get(s.areas[chosen]).land?.getAttribute("d") ?? "";
  if (s.board.chosen.getAttribute("d") !== outline) s.board.chosen.setAttribute("d", outline);
}

const lettersShown = (s) => Math.max(WHOLE, ...s.state.marks.map((mark) => mark + 1));

function picker(s) {
  const chosen = s.state.chosen;
  const shown = lettersShown(s);
  if (s.lettersShown !== shown) {
    s.lettersShown = shown;
    const marks = [...Array(shown).keys(), OWN, UNPLACED];
    byId("letters").replaceChildren(...marks.map((mark) => el("label", { class: mark >= 0 ? `letter s${mark % 12}` : "letter plain" },
      el("input", { type: "radio", name: "command", value: mark }),
      mark >= 0 ? letterOf(mark) : mark === OWN ? "On its own" : "No command yet")));
    for (const input of all("input", byId("letters"))) input.addEventListener("change", () => move(s, Number(input.value)));
  }
  byId("picked").textContent = chosen === null ? "Choose an area first" : `Command for ${s.names[chosen]}`;
  for (const input of all("input", byId("letters"))) {
    input.disabled = chosen === null || s.state.locked.has(chosen);
    input.checked = chosen !== null && s.state.marks[chosen] === Number(input.value);
  }
  const lock = byId("lock");
  lock.disabled = chosen === null;
  lock.textContent = chosen === null ? "Lock this area" : s.state.locked.has(chosen) ? `Unlock ${s.names[chosen]}` : `Lock ${s.names[chosen]}`;
  lock.setAttribute("aria-pressed", String(chosen !== null && s.state.locked.has(chosen)));
}

function problems(s, at, plan) {
  const notes = [];
  if (at.unplaced.length) {
    notes.push(el("p", { class: "note unfinished" }, `Unfinished: no command yet for ${named(s, at.unplaced.slice(0, 6))}${at.unplaced.length > 6 ? ` and ${at.unplaced.length - 6} more` : ""}. Figures for the whole plan appear when every area has one.`));
  }
  for (const { group, parts } of at.broken) {
    const mark = s.state.marks[group[0]];
    const loose = parts.slice(1).flat();
    notes.push(el("p", { class: "note loose" }, `${markWords(mark).replace(/^c/, "C")} is not joined up over land: ${named(s, loose)} ${loose.length === 1 ? "is" : "are"} cut off from ${named(s, parts[0])}. `,
      el("button", { type: "button", onclick: () => { choose(s, loose[0]); s.board.parts.get(s.areas[loose[0]]).group?.focus(); } }, "Show me")));
  }
  for (const group of at.large) {
    notes.push(el("p", { class: "note large" }, `${markWords(s.state.marks[group[0]]).replace(/^c/, "C")} has ${group.length} areas. This page holds figures for commands of up to ${s.table.cap}. To score it, run `,
      el("code", {}, `bailiwick compare ${s.data.case.name} --plan ${encode(plan)}`)));
  }
  if (plan.length > 1 && !at.unplaced.length && commandsOf(plan).length === 1) notes.push(el("p", { class: "note" }, "Only one command is left."));
  byId("problems").replaceChildren(...notes);
}

export function helpSaid(s, plan) {
  const told = response(s.table, plan, s.today);
  const code = encode(plan);
  const own = told.changed && s.data.options.find((o) => o.code === code && o.help && o.kind !== "cuts")?.help;
  if (own) return { state: STATES[own.state], detail: `The case simulated this plan whole. Against today: ${own.said}.`, overall: own.state, changed: true, own: true };
  const words = { better: "better in", same: s.table.response ? "about the same in" : "as today in", worse: "worse in", "cannot tell": "cannot be told for" };
  const parts = Object.entries(told.states).filter(([, groups]) => groups.length).map(([state, groups]) => `${words[state]} ${counted(groups.length, "command")}`);
  return { state: STATES[told.overall], detail: told.changed ? `It is ${listed(parts)}.` : "As today: no command has changed.", overall: told.overall, changed: told.changed };
}

// The figures beside each other: over the areas that change, or over the whole map where the reader asks for it.
function results(s, at, plan) {
  const help = helpSaid(s, plan);
  const changed = changedAreas([plan, s.today]);
  const ranks = s.wholeMap || !changed.length ? null : ranksOf(s, plan, changed);
  const among = ranks ? s.scope : s.wholeMap || !changed.length ? s.areas.map((_, i) => i) : changed;
  const whole = among.length === s.areas.length;
  const proposed = s.data.options.find((o) => o.kind === "proposed");
  const other = (whole || ranks) && proposed ? decode(proposed.code, s.areas.length).plan : null;
  const head = () => el("tr", {}, el("th", { scope: "col" }, "Measure"), ...["Your plan", "Today"].map((word) => el("th", { scope: "col", class: "num" }, word)),
    el("th", { scope: "col" }, "Difference"), other ? el("th", { scope: "col", class: "num" }, "Proposal") : null,
    ranks ? el("th", { scope: "col", class: "num" }, `Best of ${ranks.maps} maps`) : null, ranks ? el("th", { scope: "col" }, "Place of yours") : null);
  const line = (name) => {
    const mine = at.whole ? valueAmong(s.table, name, plan, among) : null, was = valueAmong(s.table, name, s.today, among);
    const rank = ranks && at.whole ? ranks.of(name) : null;
    return el("tr", {}, el("th", { scope: "row" }, s.table.measures[name].title),
      el("td", { class: "num", "data-measure": name, "data-value": at.whole ? mine : null }, at.whole ? phrase(mine, ...unit(s, name)) : waiting(at)),
      el("td", { class: "num", "data-value": was }, amount(was, ...unit(s, name))), el("td", {}, mine === null || was === null ? "" : verdict(s, name, mine - was)),
      other ? el("td", { class: "num" }, amount(valueAmong(s.table, name, other, among), ...unit(s, name))) : null,
      ranks ? el("td", { class: "num" }, rank ? amount(rank.best, ...unit(s, name)) : "") : null,
      ranks ? el("td", {}, rank ? `${rank.place} of ${ranks.maps}` : "no best") : null);
  };
  const table = (rows, caption) => el("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": `Table: ${caption}` },
    el("table", {}, el("caption", {}, caption), el("thead", {}, head()), el("tbody", {}, ...rows)));
  const rest = Object.keys(s.table.measures).filter((name) => !s.data.first.includes(name));
  const opened = Boolean(byId("more-measures")?.open);
  const more = el("details", { id: "more-measures", open: opened }, el("summary", {}, "More measures"));
  const fill = () => { if (more.open && more.children.length < 2) more.append(table(rest.map(line), `More measures. ${where}`)); };
  more.addEventListener("toggle", fill);
  const where = whole ? `All ${s.areas.length} areas together` : ranks ? `The ${counted(among.length, "area")} of the proposal, together` : `The ${counted(among.length, "area")} that change, together`;
  const shown = [
    el("p", { class: `help ${help.overall.replace(" ", "-")}` }, "999 response: ", el("strong", {}, help.state), `. ${help.detail} `,
      help.own ? "" : help.changed && s.table.response ? "Screened: each command by a short simulation beside its neighbours as today." : help.overall === "cannot tell" ? "Cars help across borders, so one command cannot be told apart from its neighbours: only a whole simulation can." : ""),
    table(s.data.first.map(line), where)];
  const [old, box] = [[...byId("figures").children], byId("figures")];
  if (old.length === 3) {
    shown.forEach((part, k) => renew(old[k], part));
    old[2].replaceWith(more);
  } else box.replaceChildren(...shown, more);
  fill();
  byId("list-of-commands").replaceChildren(commandList(s, plan));
}

const waiting = (at) => (at.unplaced.length ? "unfinished" : at.broken.length ? "not joined up" : "too large to score here");

// A difference in words, with a sign that says for better or for worse where the measure has a better end.
export function verdict(s, name, change) {
  const measure = s.table.measures[name];
  const said = difference(change, ...unit(s, name));
  const smallest = s.data.measures[name]?.smallest ?? 0;
  if (said === "no difference" || measure.better === "neither" || Math.abs(change) < smallest) return said;
  const good = (change > 0) === (measure.better === "higher");
  return el("span", { class: good ? "good" : "bad" }, `${good ? "▲ better: " : "▼ worse: "}${said}`);
}

function commandList(s, plan) {
  const groups = commandsOf(plan).filter((group) => group.length > 1 || s.state.marks[group[0]] >= 0);
  if (!groups.length) return el("p", { class: "note" }, "Every area is on its own.");
  const first = s.data.first[0];
  return el("ul", { class: "commands" }, ...groups.map((group) => {
    const mark = s.state.marks[group[0]];
    const people = group.reduce((sum, i) => sum + residentsOf(s.table, i), 0);
    const cost = first ? overCommands(s.table, first, [group]) : null;
    return el("li", {}, el("b", { class: `chip s${mark % 12}` }, mark >= 0 ? letterOf(mark) : "·"), ` ${named(s, group)}: ${digits(people)} people`,
      cost === null ? "" : `, ${phrase(cost, ...unit(s, first))}`);
  }));
}

function equalTable(s) {
  const body = byId("equal").querySelector("tbody");
  const shown = lettersShown(s);
  if (s.rowsShown !== shown) {
    s.rowsShown = shown;
    s.rows = s.areas.map((code, i) => {
      const select = el("select", { "aria-label": `Command for ${s.names[i]}` }, ...[OWN, ...Array(shown).keys(), UNPLACED].map((mark) =>
        el("option", { value: mark }, mark === OWN ? "On its own" : mark === UNPLACED ? "No command yet" : letterOf(mark))));
      select.addEventListener("change", () => { s.state.chosen = i; move(s, Number(select.value)); });
      const lock = el("input", { type: "checkbox", "aria-label": `Lock ${s.names[i]}` });
      lock.addEventListener("change", () => toggleLock(s, i));
      const shared = el("td", {});
      return { select, lock, shared, row: el("tr", {}, el("th", { scope: "row" }, s.names[i]), el("td", {}, select),
        el("td", { class: "num" }, digits(residentsOf(s.table, i))), shared, el("td", {}, lock)) };
    });
    body.replaceChildren(...s.rows.map(({ row }) => row));
  }
  s.rows.forEach(({ select, lock, shared }, i) => {
    const value = String(s.state.marks[i]);
    if (select.value !== value) select.value = value;
    select.disabled = lock.checked = s.state.locked.has(i);
    const others = sharers(s, i);
    const said = others.length ? named(s, others) : "";
    if (shared.textContent !== said) shared.textContent = said;
  });
}

function sharing(s, plan) {
  const code = encode(plan);
  byId("link").value = location.href.split("#")[0] + `#p=${code}`;
  byId("shell").textContent = `bailiwick compare ${s.data.case.name} --plan ${code}`;
  const groups = commandsOf(plan).filter((group) => group.length > 1);
  byId("words").value = [`A plan for: ${s.data.case.title} (as known on ${s.data.case.asOfSaid}).`,
    groups.length ? `Areas under one command: ${groups.map((group) => named(s, group)).join("; ")}. Every other area keeps its own.` : "Every area keeps its own command.",
    summary(s, plan), `999 response: ${helpSaid(s, plan).state.slice(2)}.`, `Plan code: ${code}`].join("\n");
  const proposed = s.data.options.find((o) => o.kind === "proposed");
  byId("to-compare").setAttribute("href", `#c=${code}${proposed ? `,${proposed.code}` : ""}`);
}

export function say(text) {
  byId("said").textContent = text;
}

export function choose(s, i) {
  const keep = byId("keep").checked && s.state.chosen !== null && s.state.chosen !== i;
  const mark = keep ? s.state.marks[s.state.chosen] : null;
  s.state.chosen = s.state.chosen === i && !keep ? null : i;
  s.state.last = null;
  if (keep && !s.state.locked.has(i)) return move(s, mark);
  paint(s);
  say(s.state.chosen === null ? "No area chosen." : `${s.names[i]} chosen: ${markWords(s.state.marks[i])}.`);
}

export function move(s, mark) {
  const i = s.state.chosen;
  if (i === null) return;
  if (!place(s.state, [i], mark)) {
    say(s.state.locked.has(i) ? `${s.names[i]} is locked.` : `${s.names[i]} is there already.`);
    paint(s);
    return;
  }
  after(s, `${s.names[i]}: ${markWords(mark)}. `);
}

function after(s, said) {
  remember(s.state);
  paint(s);
  say(said + summary(s));
}

function toggleLock(s, i) {
  if (!s.state.locked.delete(i)) s.state.locked.add(i);
  paint(s);
  say(`${s.names[i]} is ${s.state.locked.has(i) ? "locked" : "free to move"}.`);
}

// Everything that can be pressed on the page, joined to what it does; called once.
export function wire(s) {
  all("g.area", s.board.root).forEach((group) => {
    const i = s.areas.indexOf(group.dataset.code);
    group.addEventListener("click", () => choose(s, i));
    group.addEventListener("keydown", (event) => pressed(s, i, event));
  });
  byId("undo").addEventListener("click", () => undo(s.state) && after(s, "Undone. "));
  byId("redo").addEventListener("click", () => redo(s.state) && after(s, "Done again. "));
  byId("lock").addEventListener("click", () => s.state.chosen !== null && toggleLock(s, s.state.chosen));
  byId("clear").addEventListener("click", () => {
    settle(s.state, s.state.marks.map((mark, i) => (s.state.locked.has(i) ? mark : UNPLACED)));
    after(s, "Cleared. ");
  });
  const starts = s.data.options.filter((o, k, list) => list.findIndex((other) => other.code === o.code) === k);
  byId("from").append(...starts.map((o) => el("option", { value: o.code }, o.label)));
  byId("begin").addEventListener("click", () => {
    settle(s.state, marksOf(decode(byId("from").value, s.areas.length).plan));
    after(s, `Started from ${byId("from").selectedOptions[0].textContent}. `);
  });
  byId("zoom").addEventListener("click", () => zoom(s, !s.zoomed));
  byId("whole-map").addEventListener("change", (event) => { s.wholeMap = event.target.checked; paint(s); });
  byId("copy").addEventListener("click", (event) => copyText(byId("link"), byId("link").value, event.currentTarget));
  byId("copy-words").addEventListener("click", (event) => copyText(byId("words"), byId("words").value, event.currentTarget));
  byId("pass").addEventListener("click", (event) => { event.preventDefault(); byId("picker").focus(); });
  byId("held").textContent = `This page can look up ${digits(s.table.rows.size)} commands: every one of up to ${s.table.cap} areas that join up. Larger commands, and figures by ward, are left out; the command line scores any plan.`;
  weighing(s);
}

function pressed(s, i, event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  const letter = /^[a-zA-Z]$/.test(event.key) ? event.key.toUpperCase().charCodeAt(0) - 65 : -1;
  if (event.key === "Enter" || event.key === " ") choose(s, i);
  else if (event.key.startsWith("Arrow")) beside(s, i, event.key).focus();
  else if (letter >= 0 && letter < lettersShown(s) && s.state.chosen === i) move(s, letter);
  else return;
  event.preventDefault();
}

// The area nearest in the direction of an arrow key, or the same one where there is none.
function beside(s, i, key) {
  const middle = (j) => {
    const { x, y, width, height } = s.board.parts.get(s.areas[j]).land.getBBox();
    return [x + width / 2, y + height / 2];
  };
  const [x, y] = middle(i);
  let best = i, least = Infinity;
  s.areas.forEach((code, j) => {
    if (j === i || !s.board.parts.get(code).group) return;
    const [dx, dy] = [middle(j)[0] - x, middle(j)[1] - y];
    const [along, across] = { ArrowRight: [dx, dy], ArrowLeft: [-dx, dy], ArrowDown: [dy, dx], ArrowUp: [-dy, dx] }[key];
    const far = along + 2.5 * Math.abs(across);
    if (along > 0 && Math.abs(across) < 2.5 * along && far < least) [best, least] = [j, far];
  });
  return s.board.parts.get(s.areas[best]).group;
}

export function zoom(s, on) {
  s.zoomed = on;
  const view = on ? s.data.frame.scope : s.data.frame.whole;
  s.board.root.setAttribute("viewBox", view.join(" "));
  s.board.root.setAttribute("font-size", Math.round(view[2] * (on ? 0.026 : 0.0165)));
  s.board.root.classList.toggle("near", on);
  for (const pattern of all("pattern.weave")) {
    if (pattern.id.startsWith("f")) pattern.setAttribute("patternTransform", `scale(${Math.max(view[2] / 4000, 0.15).toFixed(3)})`);
  }
  byId("zoom").textContent = on ? "Show the whole map" : "Zoom to the proposal";
  byId("zoom").setAttribute("aria-pressed", String(on));
  for (const { label } of s.board.parts.values()) label?.classList.toggle("near", on);
}

function weighing(s) {
  byId("weights").append(...s.data.first.map((name, k) => {
    const id = `weight-${k}`;
    return el("div", { class: "weight" }, el("label", { for: id }, s.table.measures[name].title),
      el("select", { id, "data-measure": name }, ...["Not at all", "A little", "Much", "Very much"].map((word, value) =>
        el("option", { value: [0, 1, 3, 9][value], selected: value === (k < 3 ? 1 : 0) }, word))));
  }));
  byId("improve").addEventListener("submit", (event) => { event.preventDefault(); improve(s); });
}

function improve(s) {
  const weights = Object.fromEntries(all("select", byId("weights")).map((box) => [box.dataset.measure, Number(box.value)]));
  const anywhere = all("input[name=reach]").find((box) => box.checked).value === "whole";
  const allowed = (anywhere ? s.areas.map((_, i) => i) : s.scope).filter((i) => !s.state.locked.has(i));
  const plan = planOf(s.state.marks);
  const out = byId("improvement");
  const wanted = wants(s.table, weights, s.data.measures, s.share);
  if (!standing(s.table, plan).whole) return out.replaceChildren(el("p", {}, "Finish the plan first: every area needs a command that is joined up and not too large."));
  if (!wanted.length) return out.replaceChildren(el("p", {}, "Say first that at least one thing matters to you."));
  const found = improved(s.table, plan, allowed, wanted);
  if (!found?.plan) {
    return out.replaceChildren(el("p", {}, found?.proved ? "No other way to group these areas is better by your weights: all were tried." : "No plan within two moves is better by your weights. One farther away may be."));
  }
  out.replaceChildren(...proposal(s, plan, found.plan, wanted));
}

function proposal(s, plan, next, wanted) {
  const moved = newCommander(s.table, plan, next);
  const changed = Object.keys(s.table.measures).flatMap((name) => {
    const measure = s.table.measures[name];
    const [was, is] = [valueOf(s.table, name, plan), valueOf(s.table, name, next)];
    if (measure.better === "neither" || was === null || is === null) return [];
    const said = difference(is - was, ...unit(s, name));
    return said === "no difference" ? [] : [{ name, said, good: (is > was) === (measure.better === "higher") }];
  });
  const lines = (good) => changed.filter((c) => c.good === good).map((c) => el("li", {}, `${s.table.measures[c.name].title}: ${c.said}`, wanted.some((w) => w.name === c.name) ? "" : " (not weighed)"));
  const use = el("button", { type: "button", class: "go" }, "Use this plan");
  use.addEventListener("click", () => {
    settle(s.state, marksOf(next));
    after(s, "Plan taken over. ");
    byId("improvement").replaceChildren(el("p", {}, "Taken over. Undo brings the former plan back."));
    byId("h-draw").focus();
  });
  const trades = lines(false);
  return [el("p", { class: "found" }, `${moves(s, plan, next)} ${counted(moved, "resident changes", "residents change")} commander.`),
    el("h4", {}, "What it gains"), el("ul", {}, ...lines(true)),
    el("h4", {}, "What it trades away"), trades.length ? el("ul", {}, ...trades) : el("p", {}, "Nothing that this page can look up."), el("p", {}, `999 response, not weighed: ${helpSaid(s, next).state}.`), use];
}

// What is done to one plan to make another, in words.
function moves(s, plan, next) {
  const key = (groups) => new Set(groups.map((group) => group.join()));
  const before = key(commandsOf(plan));
  const fresh = commandsOf(next).filter((group) => !before.has(group.join()));
  const together = fresh.filter((group) => group.length > 1), alone = fresh.filter((group) => group.length === 1);
  const parts = [];
  if (together.length) parts.push(`Put ${together.map((group) => named(s, group)).join("; and ")} under one command${together.length > 1 ? " each" : ""}.`);
  if (alone.length) parts.push(`Give ${named(s, alone.flat())} ${alone.length === 1 ? "a command of its own" : "commands of their own"}.`);
  return parts.join(" ");
}
