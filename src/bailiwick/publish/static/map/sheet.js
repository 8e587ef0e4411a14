// How is the page touched?  Elements made of text only, and a map repainted where something changed.
import { UNPLACED } from "./codec.js";

export const byId = (id) => document.getElementById(id);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];

// An element from its name, its attributes and its children; strings become text, never markup.
export function el(name, given = {}, ...children) {
  const made = document.createElement(name);
  return filled(made, given, children);
}

export function svg(name, given = {}, ...children) {
  return filled(document.createElementNS("http://www.w3.org/2000/svg", name), given, children);
}

function filled(made, given, children) {
  for (const [key, value] of Object.entries(given)) {
    if (key.startsWith("on")) made.addEventListener(key.slice(2), value);
    else if (value === true) made.setAttribute(key, "");
    else if (value !== false && value !== null && value !== undefined) made.setAttribute(key, value);
  }
  made.append(...children.filter((child) => child !== null && child !== undefined && child !== ""));
  return made;
}

// Make a part of the page like a fresh one, touching only what differs, so that the browser lays out little again.
export function renew(old, fresh) {
  if (!old || old.nodeName !== fresh.nodeName || old.childNodes.length !== fresh.childNodes.length) {
    if (old) old.replaceWith(fresh);
    return;
  }
  if (old.nodeType === Node.TEXT_NODE) {
    if (old.data !== fresh.data) old.data = fresh.data;
    return;
  }
  for (const { name } of [...old.attributes]) if (!fresh.hasAttribute(name)) old.removeAttribute(name);
  for (const { name, value } of fresh.attributes) if (old.getAttribute(name) !== value) old.setAttribute(name, value);
  const made = [...fresh.childNodes];
  [...old.childNodes].forEach((child, k) => renew(child, made[k]));
}

export function copyText(field, text, button) {
  const done = () => {
    const before = button.textContent;
    button.textContent = "Copied";
    setTimeout(() => { button.textContent = before; }, 1500);
  };
  const byHand = () => {
    const box = field ?? document.body.appendChild(el("textarea", { class: "hidden", readonly: true }, text));
    box.select();
    document.execCommand("copy");
    if (!field) box.remove();
    done();
  };
  if (navigator.clipboard?.writeText) navigator.clipboard.writeText(text).then(done, byHand);
  else byHand();
}

export const OWN = -2;
export const letterOf = (n) => String.fromCharCode(65 + (n % 26)).repeat(Math.floor(n / 26) + 1);

// The parts of a map that can be drawn on, by area, so that a change repaints only what it touches.
export function boardOf(root, areas) {
  const parts = new Map(areas.map((code) => [code, {}]));
  for (const group of all("g.area", root)) {
    const part = parts.get(group.dataset.code);
    Object.assign(part, { group, land: group.querySelector(".land"), hatch: group.querySelector(".hatch") });
  }
  for (const label of all("g.label", root)) {
    const part = parts.get(label.dataset.label);
    if (part) Object.assign(part, { label, letter: label.querySelector(".letter") });
  }
  const edges = all(".edges path", root).map((path) => ({ path, a: path.dataset.a, b: path.dataset.b }));
  return { root, parts, edges, chosen: root.querySelector(".chosen"), shown: new Map(), weave: "f" };
}

export function repaint(board, areas, marks, shared) {
  const group = (code) => {
    const i = areas.indexOf(code);
    return i < 0 ? `out:${code}` : marks[i] === OWN ? `own:${code}` : String(marks[i]);
  };
  areas.forEach((code, i) => {
    const mark = marks[i];
    const lone = mark >= 0 && !shared.has(mark);
    const style = mark === UNPLACED ? "nobody" : mark === OWN ? "alone" : `k${mark % 12}`;
    const now = `${style}|${mark}|${lone}`;
    if (board.shown.get(code) === now) return;
    board.shown.set(code, now);
    const part = board.parts.get(code);
    if (!part.group) return;
    part.land.setAttribute("class", `land ${style}`);
    part.hatch.setAttribute("fill", mark >= 0 ? `url(#${board.weave}${mark % 12})` : mark === UNPLACED ? `url(#${board.weave}7)` : "none");
    part.letter.textContent = mark >= 0 ? letterOf(mark) : mark === UNPLACED ? "?" : "";
    part.label.classList.toggle("lettered", mark !== OWN);
  });
  for (const { path, a, b } of board.edges) {
    const first = group(a), second = group(b);
    const style = first === second ? "inner" : /^\d/.test(first) || /^\d/.test(second) ? "edge" : "own";
    if (path.getAttribute("class") !== style) path.setAttribute("class", style);
  }
}
