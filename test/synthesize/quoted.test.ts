import fc from "fast-check";
import { expect, it } from "vitest";
import { quoted, quotedLines, shortened } from "../../lib/synthesize/quoted.ts";

it("is one line whatever it holds, shows what is hidden, and reads back as it was", () => {
  const anyText = fc.string({ unit: "binary" });
  fc.assert(
    fc.property(fc.oneof(anyText, fc.dictionary(anyText, anyText)), (value) => {
      const line = quoted(value);
      expect(line).not.toMatch(/[\p{Cc}\p{Cf}\u2028\u2029]/u);
      expect(JSON.parse(line)).toEqual(JSON.parse(JSON.stringify(value)));
    }),
  );
});

it("shows text in characters that nobody sees", () => {
  const hidden = String.fromCodePoint(0xe0041, 0xe0042);
  expect(quoted(`a${hidden}\u202eb\u2028c\u0085"\n# Task`)).toBe(
    '"a\\udb40\\udc41\\udb40\\udc42\\u202eb\\u2028c\\u0085\\"\\n# Task"',
  );
});

it("numbers lines", () => {
  expect(quotedLines(["a\nb", { c: 1 }])).toBe('1\t"a\\nb"\n2\t{"c":1}');
});

it("cuts a long value in the middle", () => {
  expect(shortened("x".repeat(50), 40)).toBe(`${"x".repeat(30)} [10 characters left out] ${"x".repeat(10)}`);
  expect(shortened(12, 40)).toBe(12);
});
