import { expect, it } from "vitest";
import { progressLines } from "../../lib/cli/progress-lines.ts";
import type { Progress } from "../../lib/ports.ts";

/** What a stream got when all of this was reported, a second apart. */
function shown(isTTY: boolean, ...all: Progress[]): string {
  let text = "";
  let now = 0;
  const lines = progressLines(
    {
      isTTY,
      write: (more) => {
        text += more;
      },
    },
    () => now,
  );
  for (const progress of all) {
    lines.report(progress);
    now += 1_000;
  }
  lines.end();
  return text;
}

const label = (rows: number, covered: number): Progress => ({
  stage: "label",
  rows,
  covered,
  computed: rows,
  reused: 0,
  abstained: rows - covered,
  faults: 0,
});
const synthesize: Progress = { stage: "synthesize", calls: 2, replayed: 1, usd: 0.0123, programs: 3 };

it("paints a line a stage over itself, with rows, rate, coverage and dollars", () => {
  const text = shown(true, synthesize, label(1_000, 900), label(1_000, 1_000));
  const last = text.slice(text.lastIndexOf("\x1b[2A"));
  expect(last).toBe(
    "\x1b[2A\x1b[2Ksynthesize 3 programs · 2 calls · 1 replayed · $0.0123\n\x1b[2Klabel      2,000 rows · 2,000 rows/s · coverage 0.950\n",
  );
});

it("says nothing of short work where nobody watches, and of long work every quarter of a minute", () => {
  expect(shown(false, synthesize, label(1, 1))).toBe("");
  const long = Array.from({ length: 32 }, () => label(1_000, 1_000));
  expect(shown(false, ...long)).toBe(
    "label      16,000 rows · 1,067 rows/s · coverage 1.000\nlabel      31,000 rows · 1,033 rows/s · coverage 1.000\n",
  );
});
