import { z } from "zod";
import { InvalidInputError, RefusedError } from "../errors.ts";
import listed from "./prices.json" with { type: "json" };

/** US dollars per million tokens. */
export const Price = z.strictObject({ input: z.number().min(0), output: z.number().min(0) });
export type Price = z.infer<typeof Price>;

/** What models cost, when that was so, and who says it. */
export const Prices = z.strictObject({
  asOf: z.iso.date(),
  source: z.string(),
  models: z.record(z.string(), Price),
  /** Of embedding models, which write nothing. */
  embeddings: z.record(z.string(), Price.pick({ input: true })).default({}),
});
export type Prices = z.infer<typeof Prices>;

/** A model whose price nobody stated: what a call costs, and so the cap, cannot be known. */
export class PriceUnknownError extends RefusedError {
  readonly code = "price-unknown";
  readonly model: string;

  constructor(model: string, prices: Prices) {
    super(
      `The price of ${model} is not among the list prices of ${prices.asOf}, so nothing was asked. ` +
        "State it in dollars per million tokens: --price in=0.15,out=0.60 (in=0,out=0 for a model of your own), or in a list of yours where it is not synthesis.model: --prices FILE.",
    );
    this.model = model;
  }
}

export const listPrices: Prices = Prices.parse(listed);

/** A model's price; a dated name such as `gpt-4o-2024-08-06` costs what its family costs where it is not listed. */
export const priceOf = ({ models, embeddings }: Prices, model: string): Price | undefined =>
  models[model] ??
  models[model.replace(/-\d{4}-?\d{2}-?\d{2}$/, "")] ??
  (Object.hasOwn(embeddings, model) ? { ...embeddings[model], output: 0 } : undefined);

export const usdOf = (
  { inputTokens, outputTokens }: { inputTokens: number; outputTokens: number },
  { input, output }: Price,
): number => (inputTokens * input + outputTokens * output) / 1_000_000;

/** Reads `in=0.15,out=0.60`. @throws InvalidInputError */
export function parsePrice(text: string): Price {
  const found = /^\s*in=(\d+(?:\.\d+)?|\.\d+)\s*,\s*out=(\d+(?:\.\d+)?|\.\d+)\s*$/.exec(text);
  if (!found) {
    throw new InvalidInputError(
      "--price",
      `found ${JSON.stringify(text)}. Expected dollars per million tokens, such as in=0.15,out=0.60.`,
    );
  }
  return { input: Number(found[1]), output: Number(found[2]) };
}

/** Reads a price list of the user's, in the shape of `prices.json`. @throws InvalidInputError */
export function parsePrices(text: string, file: string): Prices {
  try {
    return Prices.parse(JSON.parse(text));
  } catch (cause) {
    throw new InvalidInputError(
      file,
      'expected {"asOf":"2026-01-31","source":"…","models":{"<model>":{"input":0.15,"output":0.6}}}, dollars per million tokens.',
      { cause },
    );
  }
}

/** The same prices with one that the user stated. */
export const withPrice = (prices: Prices, model: string, price: Price): Prices => ({
  ...prices,
  models: { ...prices.models, [model]: price },
});

/** Dollars for people: cents and what is left of them. */
export const dollars = (usd: number): string => `$${usd.toFixed(usd > 0 && usd < 0.01 ? 6 : 4)}`;
