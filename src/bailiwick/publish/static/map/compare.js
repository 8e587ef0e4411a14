// How do plans differ?  Two to four of them side by side, who changes command, and where on the map.
import { commandsOf, decode, encode } from "./codec.js";
import { changedAreas, newCommander, standing, valueAmong } from "./table.js";
import { amount, counted, listed, phrase } from "./say.js";
import { all, byId, el } from "./sheet.js";
import { planOf } from "./plans.js";
import { helpSaid, verdict } from "./draw.js";
import { takeable } from "./take.js";

function known(s) {
  const found = s.data.options.filter((o, k, list) => list.findIndex((other) => other.code === o.code) === k)
    .map((o) => ({ label: o.label, code: o.code }));
  const mine = encode(planOf(s.state.marks));
  if (s.state.touched && !found.some((o) => o.code === mine)) found.unshift({ label: "Your plan", code: mine });
  return found;
}

export function compareCodes(s) {
  const options = known(s);
  const proposed = s.data.options.find((o) => o.kind === "proposed")?.code ?? options[options.length - 1].code;
  const first = options[0].code;
  return [first, first === proposed ? s.data.today : proposed];
}

export function comparePlans(s, codes) {
  const options = known(s);
  codes.forEach((code, k) => {
    if (!options.some((o) => o.code === code)) options.push({ label: `Plan ${k + 1} of the link`, code });
  });
  const boxes = [0, 1, 2, 3].map((k) => {
    const id = `plan-${k}`;
    const select = el("select", { id }, k > 1 ? el("option", { value: "" }, "none") : null,
      ...options.map((o) => el("option", { value: o.code, selected: o.code === codes[k] }, o.label)));
    select.addEventListener("change", () => {
      const chosen = all("select", byId("choose")).map((box) => box.value).filter(Boolean);
      history.pushState(null, "", `#c=${chosen.join(",")}`);
      comparePlans(s, chosen);
      byId(id).focus();
    });
    return el("div", {}, el("label", { for: id }, ["First plan", "Second plan", "Third plan", "Fourth plan"][k]), select);
  });
  byId("choose").replaceChildren(...boxes);
  const label = (code) => options.find((o) => o.code === code).label;
  const plans = codes.map((code) => ({ code, label: label(code), plan: decode(code, s.areas.length).plan }));
  byId("compared").replaceChildren(...sideBySide(s, plans));
  takeable(byId("compared"), s.data.case.name);
}

function sideBySide(s, plans) {
  if (new Set(plans.map((p) => p.code)).size === 1) return [el("p", { class: "lead" }, "These are the same plan.")];
  const [first, second] = plans;
  const differ = changedAreas([first.plan, second.plan]);
  const moved = newCommander(s.table, first.plan, second.plan);
  return [
    el("p", { class: "lead" }, `From ${first.label} to ${second.label}, ${counted(differ.length, "area changes", "areas change")} command and ${counted(moved, "resident changes", "residents change")} commander.`),
    el("p", {}, differ.length ? `The areas whose command is not the same: ${listed(differ.map((i) => s.names[i]))}.` : ""),
    differ.length ? el("p", { class: "note" }, "Hatched and starred: where the command is not the same in the first two plans.") : "",
    el("div", { class: "drawn" }, differenceMap(s, differ)),
    figures(s, plans),
    el("p", { class: "note" }, "Looked up at the central assumptions. Differences are against the first plan. Ranges stand beside the case’s own plans under See the plans."),
    el("p", {}, ...plans.flatMap((p) => [el("a", { href: `#p=${p.code}`, class: "way" }, `Open: ${p.label}`), " "])),
  ];
}

function differenceMap(s, differ) {
  const copy = s.board.root.cloneNode(true);
  copy.removeAttribute("id");
  copy.setAttribute("class", "plan difference");
  copy.setAttribute("viewBox", s.data.frame.whole.join(" "));
  copy.setAttribute("font-size", Math.round(s.data.frame.whole[2] * 0.0165));
  copy.setAttribute("role", "img");
  copy.setAttribute("aria-label", differ.length ? `Map of the areas whose command differs: ${listed(differ.map((i) => s.names[i]))}` : "Map: no area differs");
  const codes = new Set(differ.map((i) => s.areas[i]));
  for (const group of all("g.area", copy)) {
    for (const name of ["role", "tabindex", "aria-label", "aria-pressed"]) group.removeAttribute(name);
    const changed = codes.has(group.dataset.code);
    group.querySelector(".land").setAttribute("class", `land ${changed ? "k1" : "alone"}`);
    group.querySelector(".hatch").setAttribute("fill", changed ? "url(#f0)" : "none");
  }
  for (const path of all(".edges path", copy)) path.setAttribute("class", codes.has(path.dataset.a) !== codes.has(path.dataset.b) ? "edge" : "own");
  for (const text of all(".letter", copy)) text.textContent = codes.has(text.parentNode.dataset.label) ? "✱" : "";
  for (const label of all(".label", copy)) label.classList.remove("lettered", "near");
  copy.querySelector(".chosen")?.remove();
  return copy;
}

function figures(s, plans) {
  const among = changedAreas(plans.map(({ plan }) => plan));
  const caption = `The plans side by side, over the ${counted(among.length, "area")} where they differ`;
  const row = (title, cells) => el("tr", {}, el("th", { scope: "row" }, title), ...cells);
  const shown = Object.keys(s.table.measures);
  const order = [...s.data.first, ...shown.filter((name) => !s.data.first.includes(name))];
  const lines = order.map((name) => {
    const { title, unit, decimals } = s.table.measures[name];
    const base = valueAmong(s.table, name, plans[0].plan, among);
    return row(title, plans.map(({ plan }, k) => {
      if (!standing(s.table, plan).whole) return el("td", { class: "num" }, plan.includes(-1) ? "unfinished" : "not scored here");
      const value = valueAmong(s.table, name, plan, among);
      return el("td", { class: "num", "data-value": value }, k ? amount(value, unit, decimals) : phrase(value, unit, decimals),
        k && base !== null && value !== null ? el("span", { class: "range" }, verdict(s, name, value - base)) : "");
    }));
  });
  return el("div", { class: "scroll", role: "region", tabindex: "0", "aria-label": `Table: ${caption}` },
    el("table", {}, el("caption", {}, caption),
      el("thead", {}, el("tr", {}, el("th", { scope: "col" }, "Measure"), ...plans.map((p) => el("th", { scope: "col", class: "num" }, p.label)))),
      el("tbody", {}, row("Commands", plans.map(({ plan }) => el("td", { class: "num" }, String(commandsOf(plan).length)))),
        row("999 response", plans.map(({ plan }) => el("td", { class: "num" }, helpSaid(s, plan).state))), ...lines)));
}
