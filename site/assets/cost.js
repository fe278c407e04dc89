// What one request costs by a record: base prices, the tier whose condition holds, cached tokens apart.

import { exact, plus, times } from "./exact.js";

const NOTHING = { digits: 0n, scale: 0 };

/** The prices that hold for a prompt of so many tokens: the tier with the highest threshold under it. */
export function pricesFor(data, tokensIn) {
  const tiers = data.price_tiers
    .filter((tier) => tier.min_prompt_tokens != null && tier.utc_start == null && tier.service_tier == null)
    .filter((tier) => tokensIn > tier.min_prompt_tokens)
    .sort((one, other) => other.min_prompt_tokens - one.min_prompt_tokens);
  const known = Object.fromEntries(Object.entries(tiers[0] ?? {}).filter(([, value]) => typeof value === "string"));
  return { prices: { ...data.pricing, ...known }, tier: tiers[0] ?? null };
}

/** The cost of a workload, or null with the reason why nobody can tell. */
export function cost(data, work) {
  if (data.price_kind === "free") return { total: NOTHING, note: "free" };
  if (data.price_kind !== "known") return { total: null, note: WHY[data.price_kind] ?? "no price" };
  const { prices, tier } = pricesFor(data, work.in);
  if (prices.prompt == null || prices.completion == null) return { total: null, note: "not charged by the token" };
  const cached = Math.min(work.cached, work.in);
  const reduced = prices.input_cache_read ?? prices.prompt;
  let each = times(exact(prices.prompt), work.in - cached);
  each = plus(each, times(exact(reduced), cached));
  each = plus(each, times(exact(prices.completion), work.out));
  if (prices.request != null) each = plus(each, exact(prices.request));
  const notes = [];
  if (tier) notes.push(`tier over ${tier.min_prompt_tokens.toLocaleString("en")} tokens`);
  if (cached && prices.input_cache_read == null) notes.push("no price for cached tokens: full price");
  if (data.price_tiers.some((one) => one.utc_start != null)) notes.push("other prices at certain hours");
  return { total: times(each, work.requests), each, note: notes.join("; ") };
}

const WHY = {
  included: "part of a flat plan", dynamic: "decided for each request", unknown: "the gateway publishes no price",
};
