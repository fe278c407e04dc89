// The state of one gateway, read when the page is opened.

import { ago, file, gateways, make, stateOf } from "./common.js";

const part = document.querySelector("[data-gateway]");
const place = document.getElementById("state");

function fact(name, ...value) {
  return make("div", {}, make("dt", {}, name), make("dd", {}, ...value));
}

const WORDS = {
  fresh: "Fresh: the last attempt to fetch its list succeeded.",
  overdue: "Overdue: the last attempt to fetch its list succeeded, but nobody tried for three days or more.",
  stale: "Stale: the last attempt failed, so the last good list is served.",
  held: "Held: it answered, but a guard distrusts the answer, so the last good list is served.",
  unconfigured: "Not configured: its key is not set, so nothing was fetched.",
  unavailable: "Unavailable: there is no list at all.",
};

const unfetched = (found) => found.state === "stale" && !found.attempted_at;

function told(found) {
  if (unfetched(found)) return "Not fetched yet: the list that comes with the program is served.";
  return WORDS[stateOf(found)] ?? found.state;
}

function show(found, days) {
  const notes = [make("p", { class: `notice ${stateOf(found) === "fresh" ? "good" : ""}` }, make("strong", {}, told(found)), found.reason && !unfetched(found) ? ` Why: ${found.reason}` : "")];
  const rows = [
    fact("List from", found.fetched_at ? ago(found.fetched_at) : "shipped with the program"),
    fact("Last tried", found.attempted_at ? ago(found.attempted_at) : "never"),
    fact("Origin", found.origin === "starter" ? "the starter catalog" : found.origin === "fetch" ? "its API" : "–"),
    fact("Unreadable rows", String(found.quarantined_total)),
  ];
  if (typeof found.availability === "number") rows.push(fact("Availability, 30 days", `${found.availability} %`));
  if (typeof found.latency === "number") rows.push(fact("Time to answer", `${found.latency} s`));
  notes.push(make("dl", { class: "facts" }, ...rows), strip(days));
  if (found.quarantined.length) notes.push(details("Rows that could not be read", found.quarantined.map((row) => `${row.id ?? "without an id"}: ${row.reason}`)));
  const noticed = found.findings.filter((each) => each.check !== "drift");
  if (noticed.length) notes.push(details("What the guards noticed", noticed.map((each) => `${each.check}: ${each.message}`)));
  if (found.drift.length) notes.push(details("New in its answer", found.drift.map((each) => `${each.field} in ${each.count} rows`)));
  place.replaceChildren(...notes);
}

function details(title, lines) {
  return make("details", { class: "more" }, make("summary", {}, `${title} (${lines.length})`), make("ul", {}, ...lines.map((line) => make("li", {}, make("bdi", {}, line)))));
}

const DAYS = 90;
const DAY = 8.64e7;

/** The days up to the last attempt of any gateway, one bar each. */
function strip(history) {
  const own = new Map((history[part.dataset.gateway] ?? []).map((each) => [each.day, each]));
  if (!own.size) return make("p", { class: "quiet strip-note" }, "How often it answered is not known: no attempt has been logged here.");
  const last = Date.parse(Object.values(history).map((each) => each.at(-1)?.day ?? "").sort().at(-1));
  const first = Math.max(Date.parse([...own.keys()][0]), last - (DAYS - 1) * DAY);
  const days = [];
  for (let at = first; at <= last; at += DAY) days.push(new Date(at).toISOString().slice(0, 10));
  const shown = days.map((day) => own.get(day)).filter(Boolean);
  const sum = (name) => shown.reduce((all, each) => all + each[name], 0);
  const words = `${sum("answered")} of ${sum("attempts")} attempts answered, ${days[0]}${days.length > 1 ? ` to ${days.at(-1)}` : ""}`;
  return make("figure", { class: "availability" },
    make("div", { class: "strip", role: "img", "aria-label": words }, ...days.map((day) => bar(day, own.get(day)))),
    make("figcaption", { class: "quiet" }, words));
}

function bar(day, each) {
  if (!each) return make("i", { title: `${day}: not tried` });
  const time = each.latency === null ? "" : `, ${each.latency} s`;
  const state = each.answered === each.attempts ? "all" : each.answered ? "some" : "none";
  return make("i", { class: state, title: `${day}: ${each.answered} of ${each.attempts} answered${time}` });
}

Promise.all([gateways(), file("catalog/history/gateways.json")]).then(([all, history]) => {
  const found = all.find((each) => each.id === part.dataset.gateway);
  if (found) show(found, history?.gateways ?? {});
}).catch(() => { place.textContent = "The state could not be read."; });
