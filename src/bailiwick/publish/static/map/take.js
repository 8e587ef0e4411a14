// How does something leave the page?  Tables and plans as CSV, charts and maps as SVG, made here from what the page holds.
import { UNPLACED, commandsOf, encode } from "./codec.js";
import { residentsOf } from "./table.js";
import { OWN, all, byId, el, letterOf } from "./sheet.js";
import { planOf } from "./plans.js";

const QUOTED = /[",\n\r]/;
const FORMULA = /^[=+@\t\r]|^-(?![\d.])/;
const DRAWING = "http://www.w3.org/2000/svg";

// One cell of a CSV file. Words that a spreadsheet would run as a formula are kept as words.
export function csvCell(value) {
  const text = String(value ?? "").replace(/\s+/g, " ").trim().replace(/^\u2212(?=[\d.])/, "-");
  const safe = FORMULA.test(text) ? `'${text}` : text;
  return QUOTED.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}

export const csvOf = (rows) => rows.map((row) => row.map(csvCell).join(",")).join("\r\n") + "\r\n";

function save(name, kind, text) {
  const address = URL.createObjectURL(new Blob([text], { type: `${kind};charset=utf-8` }));
  const link = el("a", { href: address, download: name, class: "hidden", tabindex: "-1" });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10000);
}

const spoken = (cell) => cell.querySelector("select")?.selectedOptions[0]?.textContent
  ?? (cell.querySelector("input") ? (cell.querySelector("input").checked ? "yes" : "no") : cell.innerText ?? cell.textContent);

// The numbers behind a cell, as they were before they were put into words: one, or a value with both ends of its range.
const valuesOf = (cell) => (cell.dataset.value !== undefined ? [cell.dataset.value] : all("data", cell).map((number) => number.value));

// A table as rows of words as the reader sees them; behind each column of figures its numbers; last, how to cite it.
export function rowsOf(table, cite) {
  const [head, ...body] = all("tr", table).map((row) => [...row.cells]);
  const most = head.map((_, column) => {
    const counts = body.map((row) => (row[column] ? valuesOf(row[column]).length : 0));
    return counts.every((count) => count <= 3) ? Math.max(0, ...counts) : 0;
  });
  const names = (word, count) => [word, ...(count ? ["value", "low", "high"].slice(0, count) : []).map((end) => `${word}: ${end}`)];
  const filled = (cell, count) => [spoken(cell), ...[...valuesOf(cell), "", "", ""].slice(0, count)];
  return [[...head.flatMap((cell, column) => names(spoken(cell), most[column])), "cite"],
    ...body.map((row) => [...row.flatMap((cell, column) => filled(cell, most[column] ?? 0)), cite])];
}

// A drawing as a file of its own: with the rules and the patterns that it is drawn by, on white, described and cited.
export function svgOf(drawing, told) {
  const copy = drawing.cloneNode(true);
  copy.setAttribute("xmlns", DRAWING);
  for (const name of ["id", "role", "aria-hidden", "focusable", "aria-label"]) copy.removeAttribute(name);
  for (const part of all("[tabindex], [role], [aria-pressed]", copy)) for (const name of ["tabindex", "role", "aria-pressed"]) part.removeAttribute(name);
  const rules = [...document.styleSheets].flatMap((sheet) => [...sheet.cssRules]).filter((rule) => rule.selectorText
    && (rule.selectorText === ":root" || drawing.matches(rule.selectorText) || drawing.querySelector(rule.selectorText)));
  const made = (name, text) => Object.assign(document.createElementNS(DRAWING, name), { textContent: text });
  const defs = document.createElementNS(DRAWING, "defs");
  for (const id of new Set([...new XMLSerializer().serializeToString(copy).matchAll(/url\(#([\w-]+)\)/g)].map((found) => found[1]))) {
    if (!copy.querySelector(`[id="${id}"]`) && byId(id)) defs.append(byId(id).cloneNode(true));
  }
  const paper = document.createElementNS(DRAWING, "rect");
  const [x, y, width, height] = (drawing.getAttribute("viewBox") ?? "0 0 100 100").split(/[ ,]+/);
  for (const [name, value] of Object.entries({ x, y, width, height, fill: "#fff" })) paper.setAttribute(name, value);
  const weaves = defs.children.length ? [".weave path { fill: none; stroke: #0b2033; stroke-opacity: .34; stroke-width: 4; vector-effect: none !important; }", ".weave circle { fill: #0b2033; fill-opacity: .38; }"] : [];
  copy.prepend(made("title", told.title), made("desc", told.cite), made("style",
    ["svg { font-family: Arial, sans-serif; }", ...rules.map((rule) => rule.cssText), ...weaves].join("\n")), defs, paper);
  return new XMLSerializer().serializeToString(copy);
}

const cited = () => all(".bottom p").map((line) => line.textContent.trim()).filter((line) => !line.startsWith("This page sends")).join(" ");
const short = (text) => text.toLowerCase().replace(/[^a-z0-9]+/g, "-").replace(/^-|-$/g, "").slice(0, 60) || "table";

function button(word, about, work) {
  return el("button", { type: "button", class: "take", "aria-label": `${word}: ${about}`, onclick: work }, word);
}

// Give each table and each chart within a part of the page its buttons; those that have them already keep them.
export function takeable(part, name) {
  for (const table of all("table", part)) {
    const frame = table.closest(".scroll") ?? table;
    if (frame.nextElementSibling?.classList.contains("takes")) continue;
    const about = table.caption?.textContent.trim() ?? "table";
    frame.after(el("p", { class: "takes" }, button("Download CSV", about, () => save(`${name}-${short(about)}.csv`, "text/csv", csvOf(rowsOf(table, cited()))))));
  }
  for (const figure of all("figure, .drawn", part)) {
    if (figure.querySelector(":scope > .takes") || !figure.querySelector("svg")) continue;
    const title = () => (figure.querySelector("h3") ?? figure.querySelector("figcaption") ?? figure.closest(".view, article, section").querySelector("h2, h3")).textContent.trim();
    figure.append(el("p", { class: "takes" }, button("Download SVG", title(), () => {
      const drawings = all("svg", figure).filter((drawing) => drawing.checkVisibility());
      drawings.forEach((drawing, k) => save(`${name}-${short(title())}${drawings.length > 1 ? `-${k + 1}` : ""}.svg`, "image/svg+xml", svgOf(drawing, { title: title(), cite: cited() })));
    })));
  }
}

// The plan being drawn, one area a line, for whoever wants to work on with it.
export function planRows(s) {
  const plan = planOf(s.state.marks);
  const code = encode(plan);
  const sizes = new Map(commandsOf(plan).flatMap((group) => group.map((i) => [i, group])));
  return [["code", "area", "command", "with", "residents", "plan", "case", "as of"], ...s.areas.map((area, i) => {
    const mark = s.state.marks[i];
    const others = (sizes.get(i) ?? []).filter((j) => j !== i).map((j) => s.names[j]).join("; ");
    return [area, s.names[i], mark === OWN ? "on its own" : mark === UNPLACED ? "no command yet" : letterOf(mark), others, residentsOf(s.table, i), code, s.data.case.name, s.data.case.asOf];
  })];
}

export function takePlan(s) {
  const name = s.data.case.name;
  byId("take-plan").addEventListener("click", () => save(`${name}-plan.csv`, "text/csv", csvOf(planRows(s))));
  byId("take-map").addEventListener("click", () => save(`${name}-plan.svg`, "image/svg+xml", svgOf(s.board.root, { title: `A drawn plan for ${s.data.case.title}: ${encode(planOf(s.state.marks))}`, cite: cited() })));
  byId("take-figures").addEventListener("click", () => save(`${name}-figures.csv`, "text/csv",
    csvOf(all("table", byId("figures")).flatMap((table, k) => rowsOf(table, cited()).slice(k ? 1 : 0)))));
}
