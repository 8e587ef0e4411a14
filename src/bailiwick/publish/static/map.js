"use strict";
(() => {
  const byId = (id) => document.getElementById(id);
  const all = (selector) => [...document.querySelectorAll(selector)];
  const controls = byId("controls"), picker = byId("area"), status = byId("status");
  const options = all(".option-view"), areas = all(".area-view");
  const radios = all("input[name=option]");
  const known = (list, key, value) => list.some((item) => item.dataset[key] === value);

  const state = () => {
    const found = { option: radios.find((radio) => radio.checked)?.value ?? options[0].dataset.option, area: "" };
    for (const part of location.hash.slice(1).split("&")) {
      const [key, value = ""] = part.split("=");
      if (key === "option" && known(options, "option", value)) found.option = value;
      if (key === "area" && known(areas, "area", value)) found.area = value;
    }
    return found;
  };

  const show = () => {
    const { option, area } = state();
    for (const view of options) view.hidden = view.dataset.option !== option;
    for (const view of areas) view.hidden = view.dataset.area !== area;
    for (const radio of radios) radio.checked = radio.value === option;
    picker.value = area;
    const label = options.find((view) => view.dataset.option === option).dataset.label;
    const name = areas.find((view) => view.dataset.area === area)?.dataset.name;
    status.textContent = name ? `Showing ${label} and ${name}.` : `Showing ${label}.`;
  };

  const go = (change) => {
    const next = { ...state(), ...change };
    const parts = [`option=${next.option}`];
    if (next.area) parts.push(`area=${next.area}`);
    history.pushState(null, "", `#${parts.join("&")}`);
    show();
  };

  for (const radio of radios) radio.addEventListener("change", () => go({ option: radio.value }));
  picker.addEventListener("change", () => go({ area: picker.value }));
  controls.addEventListener("submit", (event) => event.preventDefault());
  for (const link of all('a[href^="#area="]')) {
    link.addEventListener("click", (event) => {
      event.preventDefault();
      go({ area: link.getAttribute("href").slice(6) });
      byId("areas").scrollIntoView({ block: "nearest" });
    });
  }
  window.addEventListener("hashchange", show);
  window.addEventListener("popstate", show);
  controls.hidden = false;
  show();
})();
