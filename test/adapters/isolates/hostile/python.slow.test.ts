import { existsSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { isolateRunner } from "../../../../lib/adapters/isolates/isolate-runner.ts";
import { jobOf, mixedTexts } from "../job-of.ts";
import { PYTHON_ATTACKS } from "./python-programs.ts";

const GOOD = [
  `function label(row) { return /cash|free/.test(row.text) ? "spam" : null; }`,
  "import re\ndef label_function(text):\n    return 0 if re.search('lunch|now', text) else -1\n",
];
const ROWS = mixedTexts(400);
const runner = isolateRunner({ children: 2 });
afterAll(() => runner.close());

const expected = await runner.run(jobOf(GOOD, ROWS));

describe("a hostile Python program costs its owner one program and nobody anything else", () => {
  it.concurrent.each(PYTHON_ATTACKS)("$name", { timeout: 240_000 }, async ({ source, faults }) => {
    const [before, attacked, after] = await runner.run(jobOf([GOOD[0], source, GOOD[1]], ROWS));
    expect([before.votes, after.votes]).toEqual(expected.map(({ votes }) => votes));
    expect([before.faults, after.faults]).toEqual(expected.map(({ faults: none }) => none));
    const counted = Object.entries(attacked.faults).flatMap(([reason, rows]) => (rows > 0 ? [reason] : []));
    for (const reason of counted) expect(faults).toContain(reason);
    if (faults && faults.length > 0) expect(counted).toHaveLength(1);
  });

  it("leaves no file behind", () => {
    expect(existsSync("/tmp/hostile")).toBe(false);
  });
});
