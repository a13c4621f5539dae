import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { choosePassages } from "../../lib/knowledge/choose-passages.ts";
import { MOST_OF_A_PASSAGE, type Passage, passagesOf } from "../../lib/knowledge/passages.ts";
import { rankByMeaning } from "../../lib/knowledge/rank-by-meaning.ts";
import { rankByWords } from "../../lib/knowledge/rank-by-words.ts";

const passage = (text: string, number = 1): Passage => ({ document: "a.md", number, text });

describe("passages", () => {
  it("keep short paragraphs together, and a heading with what follows it", () => {
    expect(passagesOf("One.\r\n\r\nTwo.\n \nThree.\n\n# Refunds\n\nFour.\n")).toEqual([
      "One.\n\nTwo.\n\nThree.",
      "# Refunds\n\nFour.",
    ]);
  });

  it("end with a sentence where a paragraph is too long, else with a word", () => {
    const sentence = `${"word ".repeat(120).trim()}. `;
    expect(passagesOf(sentence.repeat(2)).map((text) => text.slice(-5))).toEqual(["word.", "word."]);
    expect(passagesOf("long ".repeat(300)).map(({ length }) => length)).toEqual([999, 499]);
  });

  it("hold every character of any text but white space, each within the bound and well-formed", () => {
    const bare = (text: string) => text.replace(/\s/g, "");
    const anyText = fc.array(fc.oneof(fc.string({ unit: "grapheme", maxLength: 700 }), fc.constant("\n\n")));
    fc.assert(
      fc.property(anyText, (parts) => {
        const text = parts.join("");
        const passages = passagesOf(text);
        expect(bare(passages.join(""))).toBe(bare(text));
        for (const one of passages) {
          expect(one.length).toBeLessThanOrEqual(MOST_OF_A_PASSAGE);
          expect(one.isWellFormed()).toBe(true);
        }
      }),
    );
  });
});

describe("ranking", () => {
  it("goes by words, their beginnings, and how rare they are, in any script", () => {
    const passages = [
      "The invoice and the invoice.",
      "The weather and the sea.",
      "Invoices are paid in the month.",
      "垃圾邮件是未经请求的广告。",
    ].map((text, index) => passage(text, index + 1));
    expect(rankByWords(passages, ["INVOICE paid", "the weather", "广告", "nothing of it", ""])).toEqual([
      [2, 0],
      [1, 0, 2],
      [3],
      [],
      [],
    ]);
  });

  it("goes by the angle between vectors, and leaves out what is no direction", () => {
    const vectors = [
      [1, 0],
      [10, 10],
      [0, 3],
      [0, 0],
      [1, 2, 3],
    ].map((one) => Float32Array.from(one));
    expect(rankByMeaning(vectors, [Float32Array.from([0, 1])])).toEqual([[2, 1, 0]]);
  });
});

describe("the passages of a prompt", () => {
  const passages = ["aaaa", "bbbb", "cccc", "dddd"].map((text, index) => passage(text, index + 1));
  const within = (most: number, rankings: number[][]) =>
    choosePassages(passages, rankings, { most, sizeOf: ({ text }) => text.length })
      .map(({ text }) => text[0])
      .join("");

  it.each([
    {
      name: "serve every ranking in turn",
      most: 8,
      rankings: [
        [3, 2, 1],
        [3, 0],
      ],
      expected: "ad",
    },
    { name: "stand in the documents' order", most: 12, rankings: [[3, 1, 0]], expected: "abd" },
    { name: "are filled up with what nothing ranks", most: 12, rankings: [[3], []], expected: "abd" },
    { name: "are all where all fit", most: 100, rankings: [[2]], expected: "abcd" },
    { name: "are none where none fits", most: 3, rankings: [[2]], expected: "" },
  ])("$name", ({ most, rankings, expected }) => {
    expect(within(most, rankings)).toBe(expected);
  });
});
