// How is a number said?  The same words as words.py: halves away from zero, true minus, pounds as people say them.

const MINUS = "\u2212";
const NOT_KNOWN = "not known";
const SINGULAR = { people: "person", councils: "council", posts: "post", officers: "officer", minutes: "minute",
  months: "month", years: "year", crimes: "crime", wards: "ward", points: "point", areas: "area",
  residents: "resident", households: "household", boroughs: "borough" };
const SIGN = { km2: "km\u00b2" };

// The digits of a number at so many decimals (negative: tens, hundreds), without sign or separators.
function settled(size, decimals) {
  let [whole, part = ""] = size.toString().includes("e") ? size.toFixed(20).split(".") : size.toString().split(".");
  const shown = Math.max(decimals, 0);
  if (decimals < 0) {
    part = whole.padStart(-decimals + 1, "0").slice(decimals) + part;
    whole = whole.padStart(-decimals + 1, "0").slice(0, decimals);
  }
  const kept = decimals > 0 ? part.slice(0, decimals).padEnd(decimals, "0") : "";
  const next = decimals > 0 ? part[decimals] : part[0];
  let all = BigInt(whole + kept) + (next !== undefined && next >= "5" ? 1n : 0n);
  if (decimals < 0) all *= 10n ** BigInt(-decimals);
  const digits = all.toString().padStart(shown + 1, "0");
  return shown ? `${digits.slice(0, -shown)}.${digits.slice(-shown)}` : digits;
}

export function rounded(value, decimals) {
  const size = Number(settled(Math.abs(value), decimals));
  return value < 0 && size !== 0 ? -size : size;
}

export function digits(value, decimals = 0) {
  const text = settled(Math.abs(value), decimals);
  const [whole, part] = text.split(".");
  const sign = value < 0 && Number(text) !== 0 ? MINUS : "";
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ",");
  return sign + grouped + (part ? `.${part}` : "");
}

export function trimmed(value, decimals) {
  const text = digits(value, decimals);
  return text.includes(".") ? text.replace(/0+$/, "").replace(/\.$/, "") : text;
}

export function money(pounds) {
  const sign = rounded(pounds, 0) < 0 ? MINUS : "";
  const size = Math.abs(pounds);
  if (size >= 999500000) return `${sign}\u00a3${digits(size / 1e9, 1)} billion`;
  if (size >= 999500) return `${sign}\u00a3${digits(size / 1e6, 1)} million`;
  return `${sign}\u00a3${digits(size, size >= 10000 ? -3 : 0)}`;
}

const isMoney = (unit) => unit.toUpperCase().startsWith("GBP") || unit.startsWith("\u00a3");
const isShare = (unit) => ["share", "chance", "probability"].includes(unit.split(",")[0].split(" ")[0]);
const isPercent = (unit) => unit === "%" || unit.startsWith("% ");

export function amount(value, unit, decimals) {
  if (value === null || value === undefined) return NOT_KNOWN;
  if (isMoney(unit)) return money(value);
  if (isShare(unit)) return `${trimmed(100 * value, Math.min(Math.max(decimals - 2, 0), 1))}%`;
  if (isPercent(unit)) return `${trimmed(value, decimals)}%`;
  return trimmed(value, decimals);
}

function unitWords(unit, value) {
  if (isMoney(unit)) return unit.replace(/^(GBP|gbp|\u00a3)/, "").split(",")[0].trim();
  if (isShare(unit) || ["", "%", "ratio", "index", "0 to 1"].includes(unit)) {
    return unit.startsWith("share of") ? unit.split(",")[0].replace(/^share/, "").trim() : "";
  }
  if (unit.startsWith("% ")) return unit.slice(2);
  if (value !== null && Math.abs(value) === 1 && SINGULAR[unit]) return SINGULAR[unit];
  return SIGN[unit] ?? unit;
}

export function phrase(value, unit, decimals) {
  if (value === null || value === undefined) return NOT_KNOWN;
  return `${amount(value, unit, decimals)} ${unitWords(unit, rounded(value, decimals))}`.trim();
}

// How much more or less: "no difference" only where the printed size is nothing.
export function difference(value, unit, decimals) {
  if (value === null || value === undefined) return NOT_KNOWN;
  let size = Math.abs(value), words = unit, places = decimals;
  if (isShare(unit)) [size, words, places] = [100 * size, "points", Math.max(decimals - 2, 0)];
  else if (isPercent(unit)) words = "points";
  if (rounded(size, places) === 0) return "no difference";
  const less = isMoney(unit) || words === "points" || !/(s|people)$/.test(words.split(" ")[0]) ? "less" : "fewer";
  return `${phrase(size, words, places)} ${value > 0 ? "more" : less}`;
}

export function listed(items) {
  return items.length < 2 ? items.join("") : `${items.slice(0, -1).join(", ")} and ${items[items.length - 1]}`;
}

export const counted = (count, one, many = `${one}s`) => `${digits(count)} ${count === 1 ? one : many}`;
