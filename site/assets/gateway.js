// The state of one gateway, read when the page is opened.

import { ago, gateways, make } from "./common.js";

const part = document.querySelector("[data-gateway]");
const place = document.getElementById("state");

function fact(name, ...value) {
  return make("div", {}, make("dt", {}, name), make("dd", {}, ...value));
}

const WORDS = {
  fresh: "Fresh: the last attempt to fetch its list succeeded.",
  stale: "Stale: the last attempt failed, so the last good list is served.",
  held: "Held: it answered, but a guard distrusts the answer, so the last good list is served.",
  unconfigured: "Not configured: its key is not set, so nothing was fetched.",
  unavailable: "Unavailable: there is no list at all.",
};

function told(found) {
  if (found.state === "stale" && !found.attempted_at) return "Not fetched yet: the list that comes with the program is served.";
  return WORDS[found.state] ?? found.state;
}

function show(found) {
  const notes = [make("p", { class: `notice ${found.state === "fresh" ? "good" : ""}` }, make("strong", {}, told(found)), found.reason ? ` ${found.reason}` : "")];
  const rows = [
    fact("Listed", found.fetched_at ? `${ago(found.fetched_at)}` : "shipped with the program"),
    fact("Last tried", found.attempted_at ? ago(found.attempted_at) : "never"),
    fact("Origin", found.origin === "starter" ? "the starter catalog" : found.origin === "fetch" ? "its API" : "–"),
    fact("Unreadable rows", String(found.quarantined_total)),
  ];
  if (typeof found.availability === "number") rows.push(fact("Availability", `${found.availability} %`));
  if (typeof found.latency === "number") rows.push(fact("Time to answer", `${found.latency} s`));
  notes.push(make("dl", { class: "facts" }, ...rows));
  if (found.quarantined.length) notes.push(details("Rows that could not be read", found.quarantined.map((row) => `${row.id ?? "without an id"}: ${row.reason}`)));
  if (found.drift.length) notes.push(details("New in its answer", found.drift.map((each) => `${each.field} in ${each.count} rows`)));
  place.replaceChildren(...notes);
}

function details(title, lines) {
  return make("details", { class: "more" }, make("summary", {}, `${title} (${lines.length})`), make("ul", {}, ...lines.map((line) => make("li", {}, make("bdi", {}, line)))));
}

gateways().then((all) => {
  const found = all.find((each) => each.id === part.dataset.gateway);
  if (found) show(found);
}).catch(() => { place.textContent = "The state could not be read."; });
