// On every page: unit and colour switches, copy buttons, the slash key, how fresh the lists are.

import { absolute, ago, gateways, gatewayName, make, root, stateOf, tokenPrice, unit, unitWords } from "./common.js";

const page = document.documentElement;

function store(name, value) {
  try {
    localStorage.setItem(name, value);
  } catch {
    // the choice holds for this page
  }
}

export function showUnit() {
  for (const button of document.querySelectorAll("[data-unit]:not(html)")) {
    button.setAttribute("aria-pressed", String(button.dataset.unit === unit()));
  }
  for (const each of document.querySelectorAll(".unit")) each.textContent = unitWords();
  for (const each of document.querySelectorAll("data.price")) each.textContent = tokenPrice(each.value);
}

function switchTheme() {
  const dark = page.dataset.theme ? page.dataset.theme === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
  page.dataset.theme = dark ? "light" : "dark";
  store("gatelog-theme", page.dataset.theme);
}

async function copy(button) {
  const text = document.getElementById(button.dataset.copy).textContent;
  let done = true;
  try {
    await navigator.clipboard.writeText(text);
  } catch {
    done = copyBySelection(document.getElementById(button.dataset.copy));
  }
  const before = button.dataset.word ?? button.textContent;
  button.dataset.word = before;
  button.textContent = done ? "Copied" : "Press Ctrl+C";
  setTimeout(() => { button.textContent = before; }, 1600);
}

/** Without the clipboard (plain http) the selection is copied the old way. */
function copyBySelection(element) {
  getSelection().selectAllChildren(element);
  return document.execCommand("copy");
}

const SNIPPETS = {
  curl: (address) => `curl -s ${address}`,
  python: (address) => `import json, urllib.request; model = json.load(urllib.request.urlopen("${address}"))["data"]`,
  javascript: (address) => `const model = (await (await fetch("${address}")).json()).data;`,
};

export function fillAddresses(part = document) {
  for (const each of part.querySelectorAll("[data-absolute]")) each.textContent = absolute(each.dataset.absolute);
  for (const each of part.querySelectorAll("[data-snippet]")) {
    each.textContent = SNIPPETS[each.dataset.snippet](absolute(each.dataset.path));
  }
}

const STATES = {
  fresh: "fresh", overdue: "not tried lately", stale: "could not be fetched", held: "held back by a guard",
  unconfigured: "its key is not set", unavailable: "no list at all",
};

async function showFreshness() {
  const found = await gateways();
  const line = document.querySelector("[data-freshness]");
  const late = found.filter((each) => stateOf(each) !== "fresh");
  const oldest = found.map((each) => each.fetched_at).filter(Boolean).sort()[0];
  const words = late.length ? `${found.length - late.length} of ${found.length} gateways fresh` : "All gateways fresh";
  line.replaceChildren(make("span", { class: `dot ${late.length ? "late" : "fresh"}`, "aria-hidden": "true" }),
    make("a", { href: `${root}gateways.html` }, words), oldest ? ` · oldest list: ${ago(oldest)}` : "");
  for (const each of found) showState(each);
}

function showState(gateway) {
  const state = stateOf(gateway);
  for (const place of document.querySelectorAll(`[data-state="${gateway.id}"]`)) {
    place.classList.add(state);
    place.replaceChildren(gateway.attempted_at || state !== "stale" ? STATES[state] ?? state : "never fetched here");
    if (gateway.reason) place.title = gateway.reason;
  }
  for (const place of document.querySelectorAll(`[data-age="${gateway.id}"]`)) {
    place.replaceChildren(gateway.fetched_at ? ago(gateway.fetched_at) : "shipped with the program");
  }
}

document.addEventListener("click", (event) => {
  const button = event.target.closest?.("button");
  if (!button) return;
  if (button.dataset.copy) copy(button);
  if (button.hasAttribute("data-theme-switch")) switchTheme();
  if (button.dataset.unit) {
    page.dataset.unit = button.dataset.unit;
    store("gatelog-unit", button.dataset.unit);
    showUnit();
    document.dispatchEvent(new Event("unit"));
  }
});

document.addEventListener("keydown", (event) => {
  const typing = event.target.closest?.("input, select, textarea");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  const box = document.getElementById("q") ?? document.getElementById("pick");
  if (box) box.focus();
  else location.href = `${root}#q`;
});

const here = document.querySelector(".top nav [aria-current]");
if (here) here.parentElement.scrollLeft = here.offsetLeft - here.parentElement.offsetLeft - 60;
if (unit() === "token") showUnit();
fillAddresses();
showFreshness().catch(() => {
  document.querySelector("[data-freshness]").textContent = "How fresh the lists are could not be read.";
});

export { gatewayName };
