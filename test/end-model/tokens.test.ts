import { expect, it } from "vitest";
import { tokensOf } from "../../lib/end-model/tokens.ts";

it.each([
  {
    name: "lowers case and keeps signs",
    text: "WIN £1,000!!",
    tokens: ["win", "£", "1", ",", "000", "!", "!"],
  },
  { name: "makes compatible characters equal", text: "ａb１２ ﬁn", tokens: ["ab12", "fin"] },
  { name: "keeps accents in their words", text: "naïve cafe\u0301", tokens: ["naïve", "café"] },
  {
    name: "lets letters of scripts without spaces stand alone",
    text: "東京へ行くok",
    tokens: ["東", "京", "へ", "行", "く", "ok"],
  },
  { name: "sees emojis and no invisible characters", text: "\uFEFF👍\u200B ok\uD800", tokens: ["👍", "ok"] },
  { name: "finds nothing in nothing", text: " \n", tokens: [] },
])("$name", ({ text, tokens }) => {
  expect(tokensOf(text)).toEqual(tokens);
});

it("reads a text of any length no further than twenty thousand characters", () => {
  expect(tokensOf("a ".repeat(1_000_000))).toHaveLength(10_000);
});
