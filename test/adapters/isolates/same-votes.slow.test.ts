import { afterAll, describe, expect, it } from "vitest";
import { isolateRunner } from "../../../lib/adapters/isolates/isolate-runner.ts";
import { Hardening } from "../../../lib/contracts/hardening.ts";
import { faults, jobOf, mixedTexts, TEXT_PROGRAMS, texts } from "./job-of.ts";

const ROWS = mixedTexts(5_000);
const usual = isolateRunner({ children: 1 });
afterAll(() => usual.close());
const expected = (await usual.run(jobOf(TEXT_PROGRAMS, ROWS))).map(({ votes }) => votes);

describe("votes are the same", () => {
  it.each(
    Hardening.options.flatMap((hardening) => [256, 65_536].map((chunkRows) => ({ hardening, chunkRows }))),
  )(
    "at the level $hardening in chunks of $chunkRows rows, cold and warm",
    async ({ hardening, chunkRows }) => {
      const runner = isolateRunner({ children: 1, limits: { chunkRows } });
      for (let time = 0; time < 2; time++) {
        const outcome = await runner.run({ ...jobOf(TEXT_PROGRAMS, ROWS), hardening });
        expect(outcome.map(({ votes }) => votes)).toEqual(expected);
      }
      await runner.close();
    },
  );

  it("where a program is interrupted in the middle of rows, and had left something there", async () => {
    const program =
      'const word = /\\w+/g; function label(row) { let words = 0; while (word.exec(row.text)) words += 1; return words % 2 ? "spam" : "ham"; }';
    const counts = Array.from({ length: 120 }, (_, row) => 20_000 + row * 37);
    const runner = isolateRunner({ children: 1, limits: { sliceMs: 3, rowMs: 10_000 } });
    const [{ votes, faults: found }] = await runner.run(
      jobOf([program], texts(...counts.map((count) => "a ".repeat(count)))),
    );
    expect([[...votes], found]).toEqual([counts.map((count) => (count % 2 ? 0 : 1)), faults()]);
    await runner.close();
  });

  it("in two children at once, of two levels, where the runner demands one of them", async () => {
    const runner = isolateRunner({ children: 2, leastHardening: "strict" });
    const outcomes = await Promise.all(
      Hardening.options.map((hardening) => runner.run({ ...jobOf(TEXT_PROGRAMS, ROWS), hardening })),
    );
    for (const outcome of outcomes) expect(outcome.map(({ votes }) => votes)).toEqual(expected);
    await runner.close();
  });
});

it.each([
  { name: "ten megabytes", text: "free cash ".repeat(1e6), length: 1e7 },
  { name: "a million combining marks", text: `a${"\u0301".repeat(1e6)}`, length: 1e6 + 1 },
])("takes a row of $name as it is", async ({ text, length }) => {
  const program = `function label(row) { return row.text.length === ${length} ? "spam" : "ham"; }`;
  const [{ votes }] = await usual.run(jobOf([program], texts(text, "short")));
  expect([...votes]).toEqual([0, 1]);
});
