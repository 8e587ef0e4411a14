// Which page is asked for?  The address after the hash sign says; what it says is never run and never repeated.
import { commandsOf, decode, encode } from "./codec.js";
import { newCommander, overCommands, residentsOf, tableOf, unpacked, valueOf } from "./table.js";
import { digits, listed, phrase } from "./say.js";
import { all, byId, copyText, el } from "./sheet.js";
import { planOf, remember } from "./plans.js";
import { helpSaid, open, paint, say, studio, wire, zoom } from "./draw.js";
import { compareCodes, comparePlans } from "./compare.js";
import { space } from "./space.js";
import { csvOf, takePlan, takeable } from "./take.js";

const data = JSON.parse(byId("data").textContent);
const pages = all("section.page");
const ready = { studio: null, failed: "" };

function notice(text) {
  const box = byId("notice");
  box.textContent = text;
  box.hidden = !text;
}

function show(id, moved) {
  const page = pages.find((p) => p.id === id);
  for (const p of pages) p.hidden = p !== page;
  for (const link of all(".menu a")) {
    if (link.getAttribute("href") === `#${id}`) link.setAttribute("aria-current", "page");
    else link.removeAttribute("aria-current");
  }
  document.title = `${page.dataset.title} – ${data.case.title}`;
  if (moved) {
    page.querySelector("h2").focus({ preventScroll: true });
    window.scrollTo(0, 0);
  }
}

// What an address asks for: a page, with what belongs to it, or a plain word on why not.
function asked(raw) {
  const cut = raw.indexOf("=");
  const key = cut < 0 ? raw : raw.slice(0, cut), value = cut < 0 ? "" : raw.slice(cut + 1);
  if (cut < 0 && pages.some((p) => p.id === (key || "start"))) return { page: key || "start" };
  if (key === "p" && byId("draw")) return plans("draw", [value]);
  if (key === "c" && byId("compare")) return plans("compare", value.split(","));
  if (key === "p" || key === "c") return { page: "start", wrong: "That link holds a drawn plan, and this page came without the table that plans are looked up in." };
  if (key === "see" && all("input[name=see]").some((box) => box.value === value)) return { page: "see", option: value };
  if (key === "area" && (data.scope.includes(value) || data.areas.includes(value))) return { page: "area", area: value };
  const anchor = /^[A-Za-z][\w-]*$/.test(raw) ? byId(raw) : null;
  const page = anchor?.closest("section.page");
  if (page) return { page: page.id, anchor };
  return { page: "start", wrong: key === "area" ? "That link asks for an area that is not on this page. Pick one below." : "That link does not lead to anything on this page, so here is the start." };
}

function plans(page, codes) {
  if (page === "compare" && (codes.length < 2 || codes.length > 4)) return { page, codes: null, wrong: "A comparison holds two to four plans. Choose them below." };
  for (const code of codes) {
    const { wrong } = decode(code, data.areas.length);
    if (wrong) return { page, codes: null, wrong };
  }
  return { page, codes };
}

function route(moved, kept) {
  const wanted = asked(location.hash.slice(1));
  notice(wanted.wrong ?? "");
  show(wanted.page, moved);
  if (wanted.page === "see") see(wanted.option);
  if (wanted.page === "area") area(wanted.area ?? "");
  if (["draw", "compare", "space", "response", "area"].includes(wanted.page)) withTable(wanted, kept);
  if (wanted.anchor) wanted.anchor.scrollIntoView();
}

function withTable(wanted, kept) {
  const s = ready.studio;
  if (!s) return ready.failed ? notice(ready.failed) : undefined;
  if (wanted.page === "draw") drawPage(s, wanted, kept);
  if (wanted.page === "compare") {
    const codes = wanted.codes?.map((code) => encode(decode(code, s.areas.length).plan)) ?? compareCodes(s);
    if (!wanted.wrong) history.replaceState(history.state, "", `#c=${codes.join(",")}`);
    comparePlans(s, codes);
  }
  if (wanted.page === "space") space(s);
  if (wanted.page === "response") states(s);
  if (wanted.page === "area") inYourPlan(s, wanted.area ?? "");
}

function drawPage(s, wanted, kept) {
  if (wanted.codes) {
    const { plan } = decode(wanted.codes[0], s.areas.length);
    const held = Array.isArray(kept?.marks) && encode(planOf(kept.marks)) === encode(plan) ? kept.marks : null;
    if (encode(planOf(s.state.marks)) !== encode(plan) || !s.state.touched) open(s, plan, held);
  } else if (!s.state.touched) {
    open(s, s.today);
    s.state.touched = false;
  }
  if (!wanted.wrong) remember(s.state, true);
  paint(s);
}

function see(option) {
  const boxes = all("input[name=see]");
  if (option) for (const box of boxes) box.checked = box.value === option;
  const chosen = boxes.find((box) => box.checked).value;
  for (const view of all(".view", byId("see"))) view.hidden = view.dataset.option !== chosen;
}

function area(code) {
  byId("area-select").value = code;
  byId("area-ways").hidden = Boolean(code);
  for (const article of all(".one", byId("area"))) article.hidden = article.dataset.area !== code || !code;
}

// For an area outside the proposal, and for a plan that was drawn: what can be looked up, in plain sentences.
function inYourPlan(s, code) {
  const i = s.areas.indexOf(code);
  const [outside, drawn] = [byId("elsewhere"), byId("in-your-plan")];
  outside.hidden = drawn.hidden = true;
  if (i < 0) return;
  if (!data.scope.includes(code)) told(outside, `Nothing in the proposal changes ${s.names[i]}`, [`${s.names[i]} is not part of the proposal.`, ...lines(s, i, s.today, false)]);
  const plan = planOf(s.state.marks);
  const same = (a, b) => commandOf(a, i).join() === commandOf(b, i).join();
  if (s.state.touched && plan[i] >= 0 && !same(plan, s.today)) told(drawn, `${s.names[i]} in the plan you drew`, lines(s, i, plan, true));
}

const commandOf = (plan, i) => commandsOf(plan).find((group) => group.includes(i)) ?? [i];

function lines(s, i, plan, drawn) {
  const group = commandOf(plan, i);
  const others = group.filter((j) => j !== i).map((j) => s.names[j]);
  const said = [others.length ? `It ${drawn ? "would share" : "shares"} its commander with ${listed(others)}.` : `It ${drawn ? "would have" : "has"} a commander of its own.`,
    `That commander ${drawn ? "would answer" : "answers"} to ${digits(group.reduce((sum, j) => sum + residentsOf(s.table, j), 0))} people.`];
  const distance = s.data.first.find((name) => s.table.measures[name].unit === "km");
  const value = distance ? overCommands(s.table, distance, [group]) : null;
  if (value !== null) said.push(`People of that command ${drawn ? "would live" : "live"} ${phrase(value, "km", s.table.measures[distance].decimals)} from its headquarters on average.`);
  if (drawn) said.push("Whether help would come more slowly cannot be told from a drawn plan.");
  return said;
}

function told(article, title, sentences) {
  article.hidden = false;
  article.querySelector("h3").textContent = title;
  article.querySelector("ul").replaceChildren(...sentences.map((sentence) => el("li", {}, sentence)));
}

function states(s) {
  const help = s.state.touched ? helpSaid(s, planOf(s.state.marks)) : null;
  byId("response-states").replaceChildren(help ? el("p", { class: `help ${help.overall.replace(" ", "-")}` }, "For the plan you drew: ", el("strong", {}, help.state), `. ${help.detail}`)
    : el("p", {}, "A plan you draw shows here as better, about the same, worse, or cannot tell."));
}

function plainName(text) {
  return text.toLowerCase().replace(/&/g, "and").replace(/\s+/g, " ").trim();
}

function find(event) {
  event.preventDefault();
  const wanted = plainName(byId("find-area").value);
  const codes = [...new Set([...data.scope, ...data.areas])];
  const exact = codes.filter((code) => plainName(data.names[code]) === wanted);
  const typed = byId("find-area").value.trim();
  const postcode = /^[a-z]{1,2}[0-9][a-z0-9]? ?[0-9][a-z]{2}$/i.test(typed);
  const part = exact.length ? exact : wanted ? codes.filter((code) => plainName(data.names[code]).includes(wanted)) : [];
  const hits = part.length ? part : wardsNamed(wanted, codes);
  const wrong = byId("find-wrong");
  wrong.hidden = hits.length === 1;
  if (hits.length === 1) location.hash = `area=${hits[0]}`;
  else if (postcode) wrong.textContent = "This page cannot look up a postcode: the terms of the postcode list do not let it travel inside a page. Type the name of your area or ward.";
  else wrong.textContent = hits.length ? `Which one: ${listed(hits.map((code) => data.names[code]))}?` : `No area of that name is on this page. Those in the proposal are ${listed(data.scope.map((code) => data.names[code]))}.`;
}

// The areas that have a ward of this name; failing that, a ward whose name holds it.
function wardsNamed(wanted, codes) {
  if (wanted.length < 3) return [];
  const having = (fits) => codes.filter((code) => (data.wards[code] ?? []).some((ward) => fits(plainName(ward))));
  const exact = having((ward) => ward === wanted);
  return exact.length ? exact : having((ward) => ward.includes(wanted));
}

function tuning() {
  const boxes = all(".tune");
  const first = byId("run-line").textContent;
  const write = () => {
    const set = boxes.flatMap((box) => {
      const [number] = all("input", box);
      return number.value !== "" && Number(number.value) !== Number(box.dataset.value) ? [`--set ${box.dataset.name}=${Number(number.value)}`] : [];
    });
    byId("run-line").textContent = set.length ? `bailiwick appraise ${data.case.name} ${set.join(" ")}` : first;
  };
  for (const box of boxes) {
    box.hidden = false;
    const [number, slider] = all("input", box);
    const wrong = box.querySelector(".wrong");
    const check = () => {
      const value = Number(number.value);
      const out = number.value === "" || value < Number(box.dataset.low) || value > Number(box.dataset.high);
      wrong.hidden = !out;
      wrong.textContent = out ? `Outside the range that was declared, ${box.dataset.low} to ${box.dataset.high}.` : "";
      write();
    };
    number.addEventListener("input", () => { slider.value = number.value; check(); });
    slider.addEventListener("input", () => { number.value = slider.value; check(); });
    byId("reset-run").addEventListener("click", () => { number.value = slider.value = box.dataset.value; check(); });
  }
  for (const id of ["copy-run", "reset-run"]) byId(id).hidden = !boxes.length;
  byId("copy-run").addEventListener("click", (event) => copyText(null, byId("run-line").textContent, event.currentTarget));
}

async function start() {
  byId("find").hidden = byId("pick-area").hidden = byId("see-options").hidden = false;
  byId("find").addEventListener("submit", find);
  byId("area-select").addEventListener("change", (event) => { location.hash = event.target.value ? `area=${event.target.value}` : "area"; });
  byId("skip").addEventListener("click", (event) => { event.preventDefault(); pages.find((p) => !p.hidden).querySelector("h2").focus(); });
  for (const box of all("input[name=see]")) {
    box.addEventListener("change", () => {
      history.pushState(null, "", `#see=${box.value}`);
      see(box.value);
      say(`Showing ${all(".view").find((v) => v.dataset.option === box.value).dataset.label}.`);
    });
  }
  if (matchMedia("(max-width: 40rem)").matches) byId("evidence").open = false;
  tuning();
  window.addEventListener("hashchange", (event) => route(!samePage(event)));
  window.addEventListener("popstate", (event) => { if (event.state) route(false, event.state); });
  route(false, history.state);
  setTimeout(() => { for (const page of pages) if (page.id !== "draw") takeable(page, data.case.name); }, 0);
  if (!byId("packed")) return;
  try {
    const s = studio(data, tableOf(await unpacked(byId("packed").textContent.trim())));
    wire(s);
    takePlan(s);
    zoom(s, false);
    ready.studio = s;
    Object.assign(globalThis, { csvOf });
    globalThis.lookedUp = (code) => lookedUp(s, code);
    document.documentElement.dataset.ready = "yes";
    const wanted = asked(location.hash.slice(1));
    withTable(wanted, history.state);
  } catch (error) {
    ready.failed = "This browser cannot open the table that plans are looked up in. Everything else on the page works; for drawing use a newer browser.";
    if (!byId("draw").hidden || !byId("compare").hidden) notice(ready.failed);
    throw error;
  }
}

// Every figure of a plan as the page would print it, for those who want to check the page against the engine.
function lookedUp(s, code) {
  const { plan, wrong } = decode(code, s.areas.length);
  if (wrong) return { wrong };
  const said = Object.entries(s.table.measures).map(([name, { unit, decimals }]) => [name, phrase(valueOf(s.table, name, plan), unit, decimals)]);
  return { code: encode(plan), said: Object.fromEntries(said), newCommander: newCommander(s.table, s.today, plan) };
}

const samePage = (event) => asked(new URL(event.oldURL).hash.slice(1)).page === asked(new URL(event.newURL).hash.slice(1)).page;

start();
