// The client against a static file server over the small site of tests/site.py, in which DeepInfra cannot be
// reached and Portkey has no key. tests/test_node.py builds it and names it in GATELOG_TREE.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { after, test } from "node:test";

import * as client from "../../clients/js/gatelog.js";
import { fileOf } from "./files.mjs";

const { Catalog } = client;
const TREE = process.env.GATELOG_TREE;
const BOTH = "google/gemma-4-26b-a4b-it";
const TWINS = ["DeepMount00/Llama-3.1-8b-ITA", "DeepMount00/Llama-3.1-8b-Ita"];

let asked = [];
const server = createServer(async (incoming, outgoing) => {
  asked.push(incoming.url);
  const url = `http://127.0.0.1${incoming.url.replace(/^\/below/, "")}`;
  const response = await fileOf(TREE, new Request(url, { headers: incoming.headers }));
  outgoing.writeHead(response.status, Object.fromEntries(response.headers));
  outgoing.end(Buffer.from(await response.arrayBuffer()));
});
await new Promise((done) => server.listen(0, "127.0.0.1", done));
const address = `http://127.0.0.1:${server.address().port}/below`;

after(() => {
  server.closeAllConnections();
  server.close();
});

function about(name, body) {
  test(name, { skip: TREE ? false : "GATELOG_TREE names no tree" }, () => {
    asked = [];
    return body(new Catalog(address));
  });
}

about("a model is found where it is detected, in one request", async (catalog) => {
  const record = await catalog.model(BOTH);
  assert.equal(record.gateway, "openrouter");
  assert.equal(record.data.id, BOTH);
  assert.deepEqual(asked, [`/below/catalog/model/${BOTH}.json`]);
});

about("a gateway can be named, in any case", async (catalog) => {
  assert.equal((await catalog.model(BOTH, { gateway: " Featherless" })).gateway, "featherless");
});

about("the first gateway of a chain that has the model answers", async (catalog) => {
  const gateway = ["deepinfra", "chutes", "featherless", "openrouter"];
  assert.equal((await catalog.model(BOTH, { gateway })).gateway, "featherless");
});

about("without metrics the record says so", async (catalog) => {
  const record = await catalog.model(BOTH, { includeHuggingface: false });
  assert.equal(record.data.huggingface_metrics, null);
  assert.equal(record.include_huggingface, false);
  assert.equal((await catalog.model(BOTH)).include_huggingface, true);
});

about("ids are found in any case and with every character", async (catalog) => {
  const ids = ["deepseek/deepseek-chat-v3-0324:free", "~anthropic/claude-sonnet-latest", "YIL384/qwen3-0.6b-LoRA"];
  for (const id of ids) assert.equal(client.lower((await catalog.model(id)).data.id), client.lower(id));
});

about("of two ids that differ in case only each finds its own record", async (catalog) => {
  for (const id of TWINS) assert.equal((await catalog.model(id)).data.id, id);
  for (const id of TWINS) assert.equal((await catalog.model(id, { gateway: "featherless" })).data.id, id);
});

about("an id without an organisation is found under its gateway", async (catalog) => {
  const id = "nemotron-3-nano-omni-30b-tee";
  assert.equal((await catalog.model(id)).provider, "chutes");
  assert.equal((await catalog.model(id, { gateway: "chutes" })).gateway, "chutes");
  assert.deepEqual(await catalog.detect(id), ["chutes"]);
  await assert.rejects(catalog.model(id, { gateway: "featherless" }), client.ModelNotFound);
});

about("an unknown gateway is answered by openrouter, with a warning", async (catalog) => {
  const { warn } = console;
  const warned = [];
  console.warn = (text) => warned.push(text);
  try {
    assert.equal((await catalog.model(BOTH, { gateway: "../../etc/passwd" })).gateway, "openrouter");
  } finally {
    console.warn = warn;
  }
  assert.deepEqual(warned, ["unknown gateway, openrouter answers"]);
  assert.ok(asked.every((path) => !path.includes("passwd")));
});

about("a model that nobody has is not found, and neither is what cannot be an id", async (catalog) => {
  for (const id of ["acme/nowhere", "acme//x", "", "a\0b/c", `a/${"b".repeat(600)}`]) {
    await assert.rejects(catalog.model(id), client.ModelNotFound, JSON.stringify(id));
  }
  await assert.rejects(catalog.model(BOTH, { gateway: "chutes" }), client.ModelNotFound);
});

about("a gateway without a list is unavailable", async (catalog) => {
  await assert.rejects(catalog.model(BOTH, { gateway: "deepinfra" }), client.GatewayUnavailable);
});

about("a gateway without a key names its variable", async (catalog) => {
  await assert.rejects(catalog.model(BOTH, { gateway: "portkey" }), (problem) => {
    assert.ok(problem instanceof client.GatewayNotConfigured);
    assert.ok(problem instanceof client.GatewayUnavailable);
    assert.equal(problem.name, "GatewayNotConfigured");
    assert.deepEqual(problem.variables, ["PORTKEY_API_KEY"]);
    return /PORTKEY_API_KEY/.test(problem.message);
  });
});

about("in a chain a gateway without a list is no reason to call a model missing", async (catalog) => {
  const gateway = ["deepinfra", "chutes"];
  await assert.rejects(catalog.model("acme/nowhere", { gateway }), client.GatewayUnavailable);
});

about("gateways, index and detection are read", async (catalog) => {
  const names = ["openrouter", "portkey", "featherless", "deepinfra", "chutes"];
  assert.deepEqual(
    (await catalog.gateways()).map((state) => state.id),
    names,
  );
  assert.deepEqual((await catalog.index()).gateways, names);
  assert.deepEqual(await catalog.detect("Google/Gemma-4-26B-a4b-it"), ["openrouter", "featherless"]);
  assert.deepEqual(await catalog.detect("acme/nowhere"), []);
});

about("a cache is revalidated", async () => {
  const cache = new Map();
  const statuses = [];
  const fetch = async (...given) => {
    const response = await globalThis.fetch(...given);
    statuses.push(response.status);
    return response;
  };
  const catalog = new Catalog(address, { cache, fetch });
  assert.deepEqual(await catalog.model(BOTH), await catalog.model(BOTH));
  assert.deepEqual(statuses, [200, 304]);
});

// Answers with other text where `changes` has a function for a path.
function changing(changes) {
  return async (url, init) => {
    const response = await globalThis.fetch(url, init);
    const change = changes[`${url}`.slice(address.length + 1)];
    return change ? change(await response.text()) : response;
  };
}
const told = (text) => new Response(text, { headers: { "Content-Type": "application/json" } });
const gone = () => new Response("", { status: 404 });
const MANIFEST = "catalog/manifest.json";
const FILE = `catalog/model/${BOTH}.json`;

about("a verified answer is held to the manifest, and so is that there is none", async () => {
  const catalog = new Catalog(address, { verify: true, cache: new Map() });
  for (const id of [BOTH, BOTH, ...TWINS]) assert.equal((await catalog.model(id)).data.id, id);
  assert.equal(asked.filter((path) => path.endsWith(MANIFEST)).length, 1);
  await assert.rejects(catalog.model("acme/nowhere"), client.ModelNotFound);
  for (const change of [(text) => told(text.replace("Gemma", "Gamma")), gone]) {
    const fetch = changing({ [FILE]: change });
    await assert.rejects(new Catalog(address, { fetch, verify: true }).model(BOTH), client.CatalogUntrusted);
  }
  assert.ok(await new Catalog(address, { verify: true }).gateways());
  const states = { "catalog/gateways.json": (text) => told(text.replace("OpenRouter", "Evil")) };
  const fetch = changing(states);
  await assert.rejects(new Catalog(address, { fetch, verify: true }).gateways(), client.CatalogUntrusted);
});

about("a manifest that expired or went back, or has other parts, is refused", async () => {
  const changes = {};
  const catalog = new Catalog(address, { verify: true, fetch: changing(changes) });
  await catalog.model(BOTH);
  const with_ = (fields) => (text) => told(JSON.stringify({ ...JSON.parse(text), ...fields }));
  changes[FILE] = gone; // any difference makes the client ask for the manifest again
  for (const [fields, words] of [
    [{ serial: 1 }, /went back/],
    [{ expires: "2020-01-01T00:00:00Z" }, /expired/],
    [{ expires: "soon" }, /expired/],
    [{ serial: "many" }, /is no manifest/],
    [{ shards: {} }, /is missing/],
  ]) {
    changes[MANIFEST] = with_(fields);
    await assert.rejects(catalog.model(BOTH), (problem) => {
      assert.ok(problem instanceof client.CatalogUntrusted, problem.name);
      return words.test(problem.message);
    });
  }
  changes[MANIFEST] = gone;
  await assert.rejects(catalog.model(BOTH), client.CatalogUnreachable);
});

about("an address without a catalog is unreachable", async () => {
  await assert.rejects(new Catalog(`${address}/nowhere`).model(BOTH), client.CatalogUnreachable);
  await assert.rejects(new Catalog("http://127.0.0.1:1").model(BOTH), client.CatalogUnreachable);
  const broken = new Catalog(address, { fetch: async () => new Response("", { status: 500 }) });
  await assert.rejects(broken.model(BOTH), client.CatalogUnreachable);
});

about("a greater major version is refused, a greater minor one is not", async () => {
  const as =
    (version) =>
    async (...given) => {
      const text = await (await globalThis.fetch(...given)).text();
      return new Response(text.replace('"schema_version": "1.0"', `"schema_version": "${version}"`));
    };
  await assert.rejects(new Catalog(address, { fetch: as("2.0") }).model(BOTH), client.UnsupportedSchema);
  assert.equal((await new Catalog(address, { fetch: as("1.7") }).model(BOTH)).schema_version, "1.7");
});

about("the examples of the page run", async () => {
  const page = readFileSync(new URL("../../clients/js/README.md", import.meta.url), "utf8");
  const module = new URL("../../clients/js/gatelog.js", import.meta.url);
  const code = page
    .match(/```js\n([^]*?)```/)[1]
    .replace('"./gatelog.js"', JSON.stringify(module))
    .replace("https://user.github.io/gatelog", address)
    .replaceAll("openai/gpt-4o", BOTH);
  await import(`data:text/javascript,${encodeURIComponent(code)}`);
  assert.ok(asked.length > 6);
});
