// Compiled by `npm run types`, never run: what a strict program may and may not do with the client.

import { Catalog, GatewayNotConfigured, ModelNotFound, escape, type ModelRecord } from "../../clients/js/gatelog.js";

export async function use(): Promise<string | null> {
  const catalog = new Catalog(new URL("https://example.org"), { cache: new Map(), fetch: globalThis.fetch });
  const record: ModelRecord = await catalog.model(escape("a/b"), { gateway: ["deepinfra", "openrouter"] });
  const downloads: number | null | undefined = record.data.huggingface_metrics?.downloads;
  const states: string[] = (await catalog.gateways()).map((state) => `${state.id} ${state.state} ${downloads}`);
  // @ts-expect-error A price is text, not a number.
  const price: number = record.data.pricing.prompt;
  // @ts-expect-error An option that does not exist.
  await catalog.model("a/b", { provider: "x" });
  try {
    return record.data.pricing.web_search ?? states[0] ?? `${price}`;
  } catch (problem) {
    if (problem instanceof GatewayNotConfigured) return problem.variables.join(" or ");
    if (problem instanceof ModelNotFound) return problem.message;
    throw problem;
  }
}
