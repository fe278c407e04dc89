// Compiled by `npm run types`, never run: what a strict program may and may not do with published documents.

import type { Compare, GatewayList, ModelRecord } from "./catalog.js";

export async function cheapest(base: string): Promise<string[]> {
  const compared: Compare = await (await fetch(`${base}/catalog/compare.json`)).json();
  return compared.models.map((model) => model.cheapest["prompt"]?.price ?? "unknown");
}

export function use(record: ModelRecord, list: GatewayList): string | null {
  const context: number | null = record.data.context_length;
  const further: string | null | undefined = record.data.pricing["web_search"];
  const kind: string = list.models[0]?.price_kind ?? `${context} ${further}`;
  // @ts-expect-error A price is text, not a number.
  const price: number = record.data.pricing.prompt;
  // @ts-expect-error Unknown is null, which has to be looked at.
  const text: string = record.data.pricing.completion;
  // @ts-expect-error A field that does not exist.
  record.data.cost;
  return kind === "included" ? null : `${price} ${text}`;
}
