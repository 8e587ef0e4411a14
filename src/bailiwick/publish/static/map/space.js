// Where do the proposal and your plan stand among all maps of these areas?  Every way to group them, money by closeness.
import { commandsOf, decode, encode } from "./codec.js";
import { overCommands } from "./table.js";
import { amount, counted, listed, phrase } from "./say.js";
import { byId, el, svg } from "./sheet.js";
import { everyWay } from "./improve.js";
import { planOf } from "./plans.js";
import { takeable } from "./take.js";

const MOST = 6;

export function space(s) {
  const [cost, people] = s.data.first;
  const out = byId("cloud");
  if (s.scope.length > MOST || !people) {
    return out.replaceChildren(el("p", {}, `There are too many ways to group ${s.scope.length} areas to list them here. The report and bailiwick group place the proposal among them.`));
  }
  const within = new Set(s.scope);
  const groupsOf = (plan) => commandsOf(plan).filter((group) => group.some((i) => within.has(i)));
  const mine = planOf(s.state.marks);
  const fits = groupsOf(mine).every((group) => group.every((i) => within.has(i))) && s.state.touched;
  const known = new Map(s.data.options.map((o) => [signature(groupsOf(decode(o.code, s.areas.length).plan)), o.label]).reverse());
  const ways = everyWay(s.table, s.today, s.scope).map((plan) => {
    const groups = groupsOf(plan);
    const sign = signature(groups);
    const label = [known.get(sign), fits && sign === signature(groupsOf(mine)) ? "your plan" : ""].filter(Boolean).join(", ");
    return { plan, groups, label, x: overCommands(s.table, cost, groups), y: overCommands(s.table, people, groups) };
  }).filter((way) => way.x !== null && way.y !== null).sort((a, b) => a.x - b.x || a.y - b.y);
  ways.forEach((way, k) => { way.number = k + 1; });
  const best = ways.filter((way) => !ways.some((other) => other.x <= way.x && other.y <= way.y && (other.x < way.x || other.y < way.y)));
  const proposal = ways.find((way) => way.label.split(", ").includes(known.get(signature(groupsOf(decode(s.data.options.find((o) => o.kind === "proposed")?.code ?? s.data.today, s.areas.length).plan)))));
  out.replaceChildren(
    el("p", { class: "lead" }, `There ${ways.length === 1 ? "is" : "are"} ${counted(ways.length, "way")} to group these ${s.scope.length} areas into commands that join up. On these two measures ${counted(best.length, "of them is", "of them are")} beaten by no other${proposal ? `; the proposal is ${best.includes(proposal) ? "one of those" : "not one of those"}` : ""}.`),
    el("p", {}, "Fewer commands cost less, and leave each commander with more people. The numbers are looked up in the table; 999 response is not among them, because it cannot be told from one command."),
    chart(s, ways, best, cost, people), list(s, ways, best, cost, people, within));
  takeable(out, s.data.case.name);
}

const signature = (groups) => groups.map((group) => group.join()).sort().join("|");

function chart(s, ways, best, cost, people) {
  const wide = 720, tall = 420, left = 96, low = tall - 60;
  const bounds = (values) => [Math.min(...values), Math.max(...values)];
  const [x0, x1] = bounds(ways.map((w) => w.x)), [y0, y1] = bounds(ways.map((w) => w.y));
  const at = (w) => [left + 30 + (w.x - x0) / (x1 - x0 || 1) * (wide - left - 130), low - 30 - (w.y - y0) / (y1 - y0 || 1) * (low - 70)];
  const unit = (name) => [s.table.measures[name].unit, s.table.measures[name].decimals];
  const text = (x, y, said, given = {}) => svg("text", { x, y, ...given }, said);
  const dots = [...ways].sort((a, b) => best.includes(a) - best.includes(b)).map((way) => {
    const [x, y] = at(way);
    const shape = best.includes(way) ? svg("circle", { cx: x, cy: y, r: 8, class: "beaten-by-none" }) : svg("rect", { x: x - 5, y: y - 5, width: 10, height: 10, class: "beaten" });
    return svg("g", {}, shape, way.label ? text(x + 13, y + (way.y === y0 ? -9 : 5), way.label, { class: "named" }) : "");
  });
  const said = `Each way to group the areas: ${s.table.measures[cost].title} across, ${s.table.measures[people].title} up. ${listed(ways.filter((w) => w.label).map((w) => `${w.label} at ${phrase(w.x, ...unit(cost))} and ${phrase(w.y, ...unit(people))}`))}. The table below holds all of them.`;
  return el("figure", {}, el("figcaption", {}, el("h3", {}, "Cheaper maps leave each commander with more people"), el("p", { class: "subtitle" }, "Circles: beaten by no other map on these two measures. Squares: beaten by another.")),
    svg("svg", { class: "scatter", viewBox: `0 0 ${wide} ${tall}`, role: "img", "aria-label": said },
      svg("path", { class: "axis", d: `M${left} 20V${low}H${wide - 10}` }), ...dots,
      text(left, low + 22, amount(x0, ...unit(cost))), text(wide - 20, low + 22, amount(x1, ...unit(cost)), { "text-anchor": "end" }),
      text((left + wide) / 2, low + 46, s.table.measures[cost].title, { "text-anchor": "middle" }),
      text(left - 8, low - 26, amount(y0, ...unit(people)), { "text-anchor": "end" }), text(left - 8, 46, amount(y1, ...unit(people)), { "text-anchor": "end" }),
      text(left + 4, 18, s.table.measures[people].title)));
}

function list(s, ways, best, cost, people, within) {
  const caption = `All ${ways.length} ways, the cheapest first`;
  const unit = (name) => [s.table.measures[name].unit, s.table.measures[name].decimals];
  return el("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": `Table: ${caption}` }, el("table", {}, el("caption", {}, caption),
    el("thead", {}, el("tr", {}, ...["Map", "Commands of several areas", s.table.measures[cost].title, s.table.measures[people].title, "Beaten?"].map((word, k) => el("th", { scope: "col", class: k === 2 || k === 3 ? "num" : false }, word)))),
    el("tbody", {}, ...ways.map((way) => {
      const groups = way.groups.filter((group) => group.length > 1 && group.some((i) => within.has(i)));
      return el("tr", {}, el("th", { scope: "row" }, el("a", { href: `#p=${encode(way.plan)}` }, `Map ${way.number}${way.label ? `: ${way.label}` : ""}`)),
        el("td", {}, groups.length ? groups.map((group) => group.map((i) => s.names[i]).join(" + ")).join("; ") : "none"),
        el("td", { class: "num", "data-value": way.x }, phrase(way.x, ...unit(cost))), el("td", { class: "num", "data-value": way.y }, phrase(way.y, ...unit(people))), el("td", {}, best.includes(way) ? "by no other" : "yes"));
    }))));
}
