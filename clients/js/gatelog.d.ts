/** Types of the client; the fields are described in `schema/` of the published tree. */

/** A price in US dollars per unit as a decimal string; null is unknown, never 0. */
export type Price = string | null;

export interface HuggingFaceMetrics {
  downloads: number | null;
  likes: number | null;
  pipeline_tag: string | null;
  library_name: string | null;
  gated: boolean | null;
  as_of: string;
}

/** One model on one gateway; a newer catalog may have more fields. */
export interface Model {
  id: string;
  name: string;
  description: string | null;
  context_length: number | null;
  pricing: { prompt: Price; completion: Price; request: Price; image: Price; [meter: string]: Price };
  price_kind: "known" | "free" | "included" | "dynamic" | "unknown";
  max_output_tokens: number | null;
  supported_parameters: string[];
  hugging_face_id: string | null;
  model_key: string | null;
  variant: string | null;
  created: string | null;
  status: "active" | "unverified" | "deprecated" | "removed";
  source_gateway: string;
  huggingface_metrics: HuggingFaceMetrics | null;
  [field: string]: unknown;
}

/** What one gateway asks for a model. */
export interface Offer {
  gateway: string;
  id: string;
  match: string;
  variant: string | null;
  prompt: Price;
  completion: Price;
  price_kind: string;
  context_length: number | null;
  href: string;
}

/** The answer as published. */
export interface ModelRecord {
  data: Model;
  provider: string;
  model: string;
  gateway: string;
  include_huggingface: boolean;
  timestamp: string;
  schema_version: string;
  gateways: Offer[];
}

/** Facts, state and coverage of one gateway. */
export interface GatewayState {
  id: string;
  name: string;
  site: string;
  docs: string;
  api_base_url: string;
  env: string[];
  state: "fresh" | "stale" | "held" | "unconfigured" | "unavailable";
  reason: string | null;
  fetched_at: string | null;
  attempted_at: string | null;
  models: number;
  priced: number;
  [field: string]: unknown;
}

/** The detection index. */
export interface Index {
  schema_version: string;
  /** In the order of detection. */
  gateways: string[];
  /** Lower-cased id → the gateways that have it. */
  models: Record<string, string[]>;
  /** Id → its path, only where that does not follow from the escape. */
  paths: Record<string, string>;
}

/** An answer that can be revalidated. */
export interface CacheEntry {
  etag: string | null;
  text: string;
}

/** Where answers are kept, such as a `Map`; both functions may be asynchronous. */
export interface Cache {
  get(url: string): CacheEntry | undefined | Promise<CacheEntry | undefined>;
  set(url: string, entry: CacheEntry): unknown;
}

export interface CatalogOptions {
  fetch?: typeof globalThis.fetch;
  cache?: Cache | null;
  /** Hold every answer to the digests of the manifest, which may neither go back nor expire. */
  verify?: boolean;
}

export interface ModelOptions {
  /** One gateway, a fallback chain, or null: the gateway is detected. */
  gateway?: string | string[] | null;
  /** False: `data.huggingface_metrics` is null. */
  includeHuggingface?: boolean;
}

/** A published catalog, asked in the path form, which every static host has. */
export class Catalog {
  constructor(baseUrl: string | URL, options?: CatalogOptions);
  /** A model: on one gateway, on the first of a chain that has it, or where it is detected. */
  model(id: string, options?: ModelOptions): Promise<ModelRecord>;
  /** The gateways that have a model now, in the order of detection; none for a model that nobody has. */
  detect(id: string): Promise<string[]>;
  /** Facts, state and coverage of each gateway. */
  gateways(): Promise<GatewayState[]>;
  /** The detection index: which gateways have which model. */
  index(): Promise<Index>;
}

/** A question that was not answered. */
export class CatalogError extends Error {}
/** No gateway that was asked has the model: the endpoint's 404. */
export class ModelNotFound extends CatalogError {}
/** The catalog has no list of the gateway now: the endpoint's 503. */
export class GatewayUnavailable extends CatalogError {}
/** Whoever builds the catalog has to set one of `variables` first: the endpoint's other 503. */
export class GatewayNotConfigured extends GatewayUnavailable {
  variables: string[];
}
/** No catalog answers at the address. */
export class CatalogUnreachable extends CatalogError {}
/** What is served is not what the manifest names, or the manifest is older than one seen, or expired. */
export class CatalogUntrusted extends CatalogError {}
/** The catalog follows a newer contract: a newer client is needed. */
export class UnsupportedSchema extends CatalogError {}

/** Lower-case the ASCII letters only. */
export function lower(text: string): string;
/** The path of an id; throws for what cannot be an id. */
export function escape(id: string): string;
/** The path of an id whose lower-case path belongs to another id of the same gateway. */
export function twin(id: string): string;
