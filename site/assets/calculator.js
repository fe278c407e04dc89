// What a workload costs on each gateway that has the model.

import { chip, dash, file, make, money, offerPath, query, recordPath, reduced, remember, root } from "./common.js";
import { cost } from "./cost.js";
import { dollars, less, text } from "./exact.js";
import { picker } from "./picker.js";

const form = document.getElementById("calculator");
const table = document.getElementById("costs");
const told = document.getElementById("told");
const NUMBERS = ["in", "cached", "out", "requests"];
const LARGEST = 1e12;
let model = "";
let name = "";
let offers = [];

function work() {
  const numbers = NUMBERS.map((name) => [name, Number(form.elements[name].value.replace(/[ ,_]/g, ""))]);
  return numbers.every(([, value]) => Number.isSafeInteger(value) && value >= 0 && value <= LARGEST) ? Object.fromEntries(numbers) : null;
}

async function load() {
  const asked = query();
  model = asked.model ?? "";
  for (const name of NUMBERS) if (/^\d+$/.test(asked[name] ?? "")) form.elements[name].value = asked[name];
  const path = model && recordPath(model);
  const record = path ? await file(path) : null;
  if (model !== (query().model ?? "")) return;
  document.querySelector(".examples").hidden = Boolean(record);
  if (!record) {
    offers = [];
    told.textContent = model ? `Not in the catalog: ${model}` : "Choose a model.";
    table.replaceChildren();
    return;
  }
  name = record.data.name;
  const found = await Promise.all(record.gateways.map((offer) => file(offerPath(offer))));
  offers = record.gateways.map((offer, at) => ({ offer, data: found[at]?.data })).filter((each) => each.data);
  show();
}

function show() {
  const wanted = work();
  if (!wanted) {
    told.textContent = "Whole numbers from 0 to a trillion, please.";
    table.replaceChildren();
    return;
  }
  remember({ model, ...Object.fromEntries(Object.entries(wanted).map(([name, value]) => [name, String(value)])) });
  const costs = offers.map((each) => ({ ...each, ...cost(each.data, wanted) })).sort(byTotal);
  const usual = costs.filter((each) => each.total !== null && !reduced(each.offer));
  const best = (each) => usual.includes(each) && !less(usual[0].total, each.total) && less(each.total, usual.at(-1).total);
  told.replaceChildren("For ", make("a", { href: `${root}model.html?id=${encodeURIComponent(model)}` }, make("bdi", {}, name)));
  table.replaceChildren(
    make("thead", {}, make("tr", {}, ...["Gateway", "All requests", "One request"].map((word, at) => make("th", { scope: "col", class: at === 1 || at === 2 ? "n" : null }, word)))),
    make("tbody", {}, ...costs.map((each) => line(each, best(each)))));
}

function byTotal(one, other) {
  if (one.total === null || other.total === null) return (one.total === null) - (other.total === null);
  return less(one.total, other.total) ? -1 : less(other.total, one.total) ? 1 : 0;
}

function line({ offer, total, each, note }, best) {
  return make("tr", {},
    make("th", { scope: "row" }, chip(offer.gateway), offer.variant ? make("span", { class: "tag" }, offer.variant) : null, make("bdi", { class: "id" }, offer.id), note ? make("span", { class: "note quiet" }, note) : null),
    make("td", { class: "n strong" }, total === null ? dash(note) : each ? `$${dollars(total)}` : "free", best ? make("span", { class: "best" }, "cheapest") : null),
    make("td", { class: "n" }, total === null ? dash(note) : each ? money(text(each)) : "free"));
}

picker((id) => {
  remember({ ...query(), model: id }, true);
  load();
});
form.addEventListener("input", (event) => { if (event.target.id !== "pick" && offers.length) show(); });
addEventListener("popstate", load);
load();
