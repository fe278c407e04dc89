// Serve a built tree on a loopback port as one host does:
//
//     node host.mjs <cloudflare|netlify|vercel|cloudfront> <output folder>
//
// The host's own code comes from <output folder>/hosts/<host>/. Prints the port, ends with its standard input.

import { createServer } from "node:http";
import { existsSync, linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import vm from "node:vm";

import { fileOf } from "./files.mjs";

const HOSTS = { cloudflare, netlify, vercel, cloudfront };

/**
 * @param {string} name of the host
 * @param {string} folder the built tree
 * @returns {Promise<{port: number, stop: () => Promise<void>}>}
 */
export function start(name, folder) {
  return HOSTS[name](resolve(folder));
}

/** The real thing: workerd and the vendor's own asset server. */
async function cloudflare(tree) {
  const { Miniflare } = await import("miniflare");
  const folder = existsSync(join(tree, "catalog/plain")) ? withoutPlain(tree) : tree;
  const code = join(folder, "hosts/cloudflare");
  const { compatibility_date, assets } = JSON.parse(readFileSync(join(code, "wrangler.jsonc"), "utf8"));
  const flare = new Miniflare({
    host: "127.0.0.1",
    port: 0,
    compatibilityDate: compatibility_date,
    modulesRoot: code,
    modules: ["worker.js", "answer.js", "resolve.js", "gateways.js"].map((name) => ({
      type: "ESModule",
      path: join(code, name),
    })),
    assets: {
      directory: join(code, assets.directory),
      binding: assets.binding,
      routerConfig: { has_user_worker: true, static_routing: { user_worker: assets.run_worker_first } },
      assetConfig: { not_found_handling: assets.not_found_handling },
    },
  });
  const url = await flare.ready;
  const stop = async () => {
    await flare.dispose();
    if (folder !== tree) rmSync(folder, { recursive: true });
  };
  return { port: Number(url.port), stop };
}

/** A Worker takes 100,000 files; the plain records, which it makes by itself, would be too many. */
function withoutPlain(tree) {
  const folder = mkdtempSync(`${tree}-`); // beside the tree, for hard links
  const entries = readdirSync(tree, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  const paths = entries.map((entry) => relative(tree, join(entry.parentPath ?? entry.path, entry.name)));
  for (const path of paths.filter((each) => !each.startsWith("catalog/plain/"))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    linkSync(join(tree, path), join(folder, path));
  }
  return folder;
}

async function netlify(folder) {
  const { default: gatelog, config } = await moduleOf(folder, "netlify/edge-functions/gatelog.js");
  return listening(async (request) => {
    if (!covered(config.path, request)) return fileOf(folder, request);
    const next = ({ sendConditionalRequest } = {}) => fileOf(folder, request, { conditional: sendConditionalRequest });
    return gatelog(request, { next });
  });
}

async function vercel(folder) {
  const { default: middleware, config } = await moduleOf(folder, "vercel/middleware.js");
  return listening(async (request) => {
    if (!covered(config.matcher.replace(":path*", "*"), request)) return fileOf(folder, request);
    const response = await middleware(request);
    return response.headers.has("x-middleware-next") ? fileOf(folder, request) : response;
  });
}

/** The function sees raw strings; the bucket behind it answers XML, which an error page of the distribution replaces. */
async function cloudfront(folder) {
  const code = join(folder, "hosts/cloudfront");
  const handler = vm.runInNewContext(`${readFileSync(join(code, "function.js"), "utf8")};handler`);
  const policy = JSON.parse(readFileSync(join(code, "response-headers-policy.json"), "utf8"));
  return listening(async (request, uri) => {
    const given = handler({ version: "1.0", request: eventOf(request, uri) });
    if (given.statusCode) return generated(given);
    const file = new Request(new URL(given.uri, request.url), request);
    const response = await fileOf(folder, file, { miss: () => errorPage(folder, request) });
    return withPolicy(response, policy, request);
  });
}

function eventOf(request, uri) {
  const [path, query = ""] = uri.split("?");
  const querystring = {};
  for (const pair of query.split("&").filter(Boolean)) {
    const [name, value = ""] = pair.split(/=(.*)/s);
    querystring[name] ??= { value, multiValue: [] };
    querystring[name].multiValue.push({ value });
  }
  const headers = Object.fromEntries([...request.headers].map(([name, value]) => [name, { value }]));
  return { method: request.method, uri: path, querystring, headers, cookies: {} };
}

function generated({ statusCode, headers, body = null }) {
  const pairs = Object.entries(headers).map(([name, { value }]) => [name, value]);
  return new Response(body, { status: statusCode, headers: pairs });
}

async function errorPage(folder, request) {
  const page = await fileOf(folder, new Request(new URL("/hosts/cloudfront/not-found.json", request.url)));
  return new Response(page.body, { status: 404, headers: page.headers });
}

/** CloudFront adds the CORS headers of a policy to the answers to cross-origin requests only. */
function withPolicy(response, { CorsConfig }, request) {
  const headers = new Headers(response.headers);
  headers.set("X-Content-Type-Options", "nosniff");
  if (request.headers.has("Origin")) {
    headers.set("Access-Control-Allow-Origin", CorsConfig.AccessControlAllowOrigins.Items.join(", "));
    headers.set("Access-Control-Expose-Headers", CorsConfig.AccessControlExposeHeaders.Items.join(", "));
  }
  return new Response(response.body, { status: response.status, headers });
}

function covered(pattern, request) {
  return new URL(request.url).pathname.startsWith(pattern.replace("*", ""));
}

function moduleOf(folder, path) {
  return import(pathToFileURL(join(folder, "hosts", path)));
}

function listening(answer) {
  const server = createServer(async (incoming, outgoing) => {
    try {
      const url = `http://127.0.0.1:${server.address().port}${incoming.url}`;
      const request = new Request(url, { method: incoming.method, headers: incoming.headers });
      await send(await answer(request, incoming.url), outgoing);
    } catch (problem) {
      console.error(problem);
      outgoing.writeHead(500).end();
    }
  });
  return new Promise((done) => {
    server.listen(0, "127.0.0.1", () => done({ port: server.address().port, stop: () => closed(server) }));
  });
}

async function send(response, outgoing) {
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
}

function closed(server) {
  server.closeAllConnections();
  return new Promise((done) => server.close(done));
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  const [name, folder] = process.argv.slice(2);
  const { port, stop } = await start(name, folder);
  console.log(port);
  process.stdin.resume().on("end", async () => {
    await stop();
    process.exit(0);
  });
}
