// One small organisation, from its file.

import { chip, escape, file, make, price, query, root } from "./common.js";

const name = query().name ?? "";
const title = document.getElementById("name");
const total = document.getElementById("total");

function line(model) {
  const kind = model.prompt === null ? (model.gateways.join() === "featherless" ? "included" : "unknown") : "known";
  return make("tr", {},
    make("th", { scope: "row" }, make("a", { href: `${root}model.html?id=${encodeURIComponent(model.id)}` }, make("bdi", {}, model.name)), make("bdi", { class: "id" }, model.id)),
    make("td", { class: "wide" }, ...model.gateways.map(chip)),
    make("td", { class: "n" }, price(model.prompt, kind)),
    make("td", { class: "n" }, price(model.completion, kind)));
}

async function show() {
  const found = await file(`catalog/provider/${escape(name)}`);
  title.textContent = found?.name ?? name;
  document.title = `${title.textContent}: models and prices – Gatelog`;
  document.getElementById("monogram").textContent = title.textContent.slice(0, 1).toUpperCase();
  total.textContent = found ? `${found.models.length} model${found.models.length === 1 ? "" : "s"}` : "Not in the catalog.";
  document.getElementById("rows").replaceChildren(...(found?.models ?? []).map(line));
}

show().catch(() => { total.textContent = name ? "Not in the catalog." : "No organisation was named."; });
