import { expect, it } from "vitest";
import {
  dollars,
  listPrices,
  parsePrice,
  parsePrices,
  priceOf,
  usdOf,
  withPrice,
} from "../../lib/prices/prices.ts";

it.each([
  ["gpt-4o-mini", { input: 0.15, output: 0.6 }],
  ["gpt-4o-mini-2024-07-18", { input: 0.15, output: 0.6 }],
  ["claude-haiku-4-5-20251001", { input: 1, output: 5 }],
  ["my-llama", undefined],
])("finds the price of %s", (model, expected) => {
  expect(priceOf(listPrices, model)).toEqual(expected);
});

it("charges input and output apart", () => {
  expect(usdOf({ inputTokens: 1_000_000, outputTokens: 500_000 }, { input: 2, output: 8 })).toBe(6);
});

it("takes a price from the user, for one model", () => {
  const prices = withPrice(listPrices, "my-llama", parsePrice("in=0, out=.5"));
  expect(priceOf(prices, "my-llama")).toEqual({ input: 0, output: 0.5 });
  expect(priceOf(prices, "gpt-4o")).toEqual(priceOf(listPrices, "gpt-4o"));
});

it.each(["", "0.15", "in=0.15", "in=-1,out=1", "in=a,out=b"])("refuses the price %j", (text) => {
  expect(() => parsePrice(text)).toThrow(
    `--price: found ${JSON.stringify(text)}. Expected dollars per million tokens, such as in=0.15,out=0.60.`,
  );
});

it("reads a price list of the user's, and refuses what is none", () => {
  expect(parsePrices(JSON.stringify(listPrices), "prices.json")).toEqual(listPrices);
  expect(() => parsePrices("{}", "prices.json")).toThrow(/^prices\.json: expected \{"asOf"/);
});

it.each([
  [0, "$0.0000"],
  [0.00045, "$0.000450"],
  [1.5, "$1.5000"],
])("writes %d dollars as %s", (usd, expected) => {
  expect(dollars(usd)).toBe(expected);
});
