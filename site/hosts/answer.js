// The whole answer to a request, for hosts that speak Request and Response: Cloudflare, Netlify, Vercel.

import { FALLBACK, candidates, failure, resolve } from "./resolve.js";

const CORS = {
  "Access-Control-Allow-Origin": "*",
  "Access-Control-Expose-Headers": "ETag, Last-Modified, Warning",
  "X-Content-Type-Options": "nosniff",
};
const METHODS = "GET, HEAD, OPTIONS";
const PREFLIGHT = {
  Allow: METHODS,
  "Access-Control-Allow-Headers": "*",
  "Access-Control-Allow-Methods": METHODS,
  "Access-Control-Max-Age": "86400",
};
const JSON_TYPE = "application/json; charset=utf-8";
const RECORD = /^catalog\/(plain\/)?(gateway\/[^/]+\/)?model\//;
const RECORD_CACHE = "public, max-age=300, s-maxage=3600, stale-while-revalidate=86400, stale-if-error=604800";
const OTHER_CACHE = "public, max-age=60";
const PLAIN_TAG = '-plain"';

/**
 * Answer a request below /catalog/.
 * @param {Request} request
 * @param {string[]} gateways the gateways of the tree
 * @param {(path: string, init?: RequestInit) => Promise<Response>} asset fetches a published file; 404 is a miss
 * @returns {Promise<Response>}
 */
export async function answer(request, gateways, asset) {
  if (request.method === "OPTIONS") return new Response(null, { status: 204, headers: { ...CORS, ...PREFLIGHT } });
  if (request.method !== "GET" && request.method !== "HEAD") {
    const refusal = failure(405, "method_not_allowed", `use one of ${METHODS}`);
    return refused(request, refusal, { Allow: METHODS });
  }
  const url = new URL(request.url);
  const asked = resolve(url.pathname, url.searchParams, gateways);
  const warning = asked.warning ? { Warning: asked.warning } : {};
  if (asked.warning) console.warn(asked.warning);
  if (asked.status === 400) return refused(request, failure(400, "bad_request", asked.message));
  const found = await first(asked, request, asset);
  if (found && !found.served) return refused(request, failure(502, "host_failed", "the host did not serve its file"));
  if (found) return (asked.plain ? withoutMetrics : asPublished)(request, found, warning);
  if (asked.id === null) return refused(request, failure(404, "not_found", "no such file"));
  return refused(request, missing(asked.id, asked.gateway, await statesOf(asked, asset)), warning);
}

/** All candidates are asked for at once: one round trip more would cost more than one request more. */
async function first(asked, request, asset) {
  const files = candidates(asked);
  const init = asked.plain ? {} : { method: request.method, headers: conditions(request) };
  const replies = await Promise.all(files.map((file) => asset(`/${file}`, init)));
  const at = replies.findIndex((reply) => reply.status !== 404);
  await Promise.all(replies.map((reply, other) => other !== at && reply.body?.cancel()));
  if (at < 0) return null;
  const reply = replies[at];
  return { file: files[at], reply, served: reply.status < 400 };
}

function conditions(request) {
  const names = ["If-None-Match", "If-Modified-Since"];
  const sent = names.filter((name) => request.headers.has(name));
  return Object.fromEntries(sent.map((name) => [name, request.headers.get(name)]));
}

function asPublished(request, { file, reply }, warning) {
  const headers = headersOf(file, reply, warning);
  const body = request.method === "HEAD" || reply.status === 304 ? null : reply.body;
  return new Response(body, { status: reply.status, headers });
}

async function withoutMetrics(request, { file, reply }, warning) {
  const headers = headersOf(file, reply, warning);
  const tag = (reply.headers.get("ETag") ?? "").replace(/"$/, PLAIN_TAG);
  if (tag) headers.set("ETag", tag);
  if (tag && matches(request.headers.get("If-None-Match"), tag)) return new Response(null, { status: 304, headers });
  const body = plainBody(await reply.text());
  return new Response(request.method === "HEAD" ? null : body, { status: reply.status, headers });
}

/** Weak comparison, as RFC 9110 asks of If-None-Match. */
function matches(header, tag) {
  const tags = (header ?? "").split(",").map((each) => each.trim().replace(/^W\//, ""));
  return tags.includes("*") || tags.includes(tag.replace(/^W\//, ""));
}

function headersOf(file, reply, warning) {
  const headers = new Headers(reply.headers);
  // The body was decoded on its way here; the host encodes and measures it again.
  for (const name of ["Content-Encoding", "Content-Length", "Transfer-Encoding"]) headers.delete(name);
  const type = file.endsWith(".json") ? { "Content-Type": JSON_TYPE } : {};
  const kept = { "Cache-Control": RECORD.test(file) ? RECORD_CACHE : OTHER_CACHE, Vary: "Accept-Encoding" };
  for (const [name, value] of Object.entries({ ...CORS, ...type, ...kept, ...warning })) headers.set(name, value);
  return headers;
}

function refused(request, { status, body }, more = {}) {
  const headers = { ...CORS, "Content-Type": JSON_TYPE, ...more };
  return new Response(request.method === "HEAD" ? null : body, { status, headers });
}

/** The states tell 404 from 503; they are read on a miss only. */
async function statesOf(asked, asset) {
  if (!asked.gateway) return [];
  const reply = await asset("/catalog/gateways.json");
  return reply.ok ? (await reply.json()).gateways : [];
}

/**
 * The same record without Hugging Face metrics, byte for byte as `build.py --plain` writes it.
 *
 * The text is edited, not parsed: a number like 99.0 would not survive.
 * @param {string} text of a published record
 * @returns {string}
 */
export function plainBody(text) {
  return text
    .replace(/^( {4}"huggingface_metrics": )(?:\{\}|\{\n[^]*?\n {4}\})/m, "$1null")
    .replace(/^( {2}"include_huggingface": )true/m, "$1false");
}

/**
 * The status and body that answer when no file does; the same words as catalog/detect.py.
 * @param {string} id
 * @param {string | null} gateway the one that was asked for
 * @param {{ id: string, state: string, models: number, env: string[] }[]} states as in catalog/gateways.json
 */
export function missing(id, gateway, states) {
  const asked = gateway || FALLBACK;
  const [provider, ...model] = id.split("/");
  const names = { gateway: asked, model: model.join("/"), provider };
  const state = states.filter((each) => each.id === gateway)[0];
  if (state && state.state === "unavailable") {
    return failure(503, "gateway_unavailable", `no list of ${asked} is known`, names);
  }
  if (state && state.state === "unconfigured" && !state.models) {
    return failure(503, "gateway_not_configured", `${asked} needs ${state.env.join(" or ")} to be set`, names);
  }
  const where = gateway ? ` from gateway '${gateway}'` : "";
  return failure(404, "model_not_found", `Model ${printable(id)} not found${where}`, names);
}

function printable(text) {
  const odd = /[\p{C}\p{Z}]/gu;
  const shown = Array.from(text).slice(0, 200).join("");
  return shown.replace(odd, (char) => (char === " " ? char : "?"));
}
