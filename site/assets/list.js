// The list of all models, catalog/search.json: fetched once, unfolded, searched.

import { escape, file, lower, root } from "./common.js";

const TOOLS = 1;
const REASONING = 2;
const FREE = 4;
const PAGE = 8;

let asked = null;

/** Every model as a row, by id; the promise is shared. */
export function list() {
  asked ??= file("catalog/search.json").then(unfolded);
  return asked;
}

function unfolded(said) {
  const shapes = said.shapes.map((shape) => shapeOf(shape, said.gateways));
  const rows = [];
  for (const [head, ...rests] of said.ids) {
    for (const rest of rests) {
      const at = rows.length;
      const id = `${head}/${rest}`;
      const name = said.names[at] ?? rest.slice(rest.lastIndexOf("/") + 1);
      const shape = shapes[said.shape[at]];
      rows.push({ at, id, name, head, path: said.paths[at], text: lower(`${id}\n${name}`), shape });
    }
  }
  return rows;
}

function shapeOf([mask, context, prompt, completion, kind, modality, flags, cheapest], order) {
  const gateways = order.filter((_, at) => mask & (1 << at));
  const [inputs, outputs] = (modality ?? "->").split("->").map((part) => part.split("+").filter(Boolean));
  return {
    gateways, context, prompt, completion, kind, inputs, outputs, cheapest,
    tools: Boolean(flags & TOOLS), reasoning: Boolean(flags & REASONING), free: Boolean(flags & FREE),
    page: Boolean(flags & PAGE),
    promptNumber: prompt === null ? null : Number(prompt),
    completionNumber: completion === null ? null : Number(completion),
  };
}

/** Where the page of a model is. */
export function pageOf(row) {
  if (row.shape.page) return `${root}model/${row.path ?? escape(row.id).slice(0, -5)}.html`;
  return `${root}model.html?id=${encodeURIComponent(row.id).replace(/%2F/g, "/").replace(/%3A/g, ":").replace(/%40/g, "@")}`;
}

/** The rows that hold every word, the best first. */
export function found(rows, text) {
  const words = lower(text).split(/\s+/).filter(Boolean);
  if (!words.length) return rows;
  const [first] = words;
  const ranked = [[], [], [], []];
  for (const row of rows) {
    let holds = true;
    for (const word of words) {
      if (!row.text.includes(word)) {
        holds = false;
        break;
      }
    }
    if (holds) ranked[rank(row, first)].push(row);
  }
  for (const each of ranked) each.sort(byOffers);
  return ranked.flat();
}

function rank(row, word) {
  const end = row.text.indexOf("\n");
  const id = row.text.slice(0, end);
  if (id === word) return 0;
  if (!row.shape.page) return 3;
  if (id.endsWith(`/${word}`)) return 0;
  return id.startsWith(word) || id.includes(`/${word}`) ? 1 : 2;
}

export function byOffers(one, other) {
  return other.shape.gateways.length - one.shape.gateways.length || other.shape.page - one.shape.page || one.at - other.at;
}
