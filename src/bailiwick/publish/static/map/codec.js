// Which plan does an address hold?  One sign an area, commands numbered by their first area; see plan_table.py.

export const SIGNS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
export const NOBODY = "-";
export const UNPLACED = -1;

export function canonical(numbers) {
  const seen = new Map();
  return numbers.map((n) => {
    if (n === UNPLACED) return UNPLACED;
    if (!seen.has(n)) seen.set(n, seen.size);
    return seen.get(n);
  });
}

export function commandsOf(plan) {
  const found = new Map();
  plan.forEach((n, i) => {
    if (n === UNPLACED) return;
    if (!found.has(n)) found.set(n, []);
    found.get(n).push(i);
  });
  return [...found.values()];
}

export function encode(plan) {
  return canonical(plan).map((n) => (n === UNPLACED ? NOBODY : SIGNS[n])).join("");
}

// The plan of a code, or what is wrong with the code in plain words. The code itself is never repeated.
export function decode(code, count) {
  if (code.length !== count) {
    return { wrong: `That link holds a plan of ${code.length} ${code.length === 1 ? "sign" : "signs"}; this page has ${count} areas, so it needs ${count}. It may be cut short, or belong to another place.` };
  }
  if ([...code].some((sign) => sign !== NOBODY && !SIGNS.includes(sign))) {
    return { wrong: "That link holds signs that no plan has. It may have been changed on its way here." };
  }
  return { plan: canonical([...code].map((sign) => (sign === NOBODY ? UNPLACED : SIGNS.indexOf(sign)))) };
}
