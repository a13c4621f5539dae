import { spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";

const root = join(import.meta.dirname, "..", "..");
const folder = mkdtempSync(join(tmpdir(), "alchemist-kill-"));

beforeAll(() => {
  mkdirSync(join(folder, "data"));
  mkdirSync(join(folder, "programs"));
  writeFileSync(
    join(folder, "task.yaml"),
    "name: kill\ndescription: a test\nclasses: [odd, even]\ninput: { text: text, id: id }\nsynthesis: { programs: 0 }\n",
  );
  const lines = Array.from({ length: 100_000 }, (_, row) => `row-${row},"text ${row}, and ${row * 7}"\n`);
  writeFileSync(join(folder, "data", "rows.csv"), `id,text\n${lines.join("")}broken,row,here\n`);
  for (const digit of [1, 2, 3]) {
    writeFileSync(
      join(folder, "programs", `digit-${digit}.js`),
      `function label(row) { const found = /${digit}(\\d)/.exec(row.text); return found ? (Number(found[1]) % 2 ? "odd" : "even") : null; }`,
    );
  }
});
afterAll(() => rmSync(folder, { recursive: true }));

/** `alchemist run`, killed for good after `killMs`. Resolves with how it ended and how long it took. */
function run(out: string, killMs?: number): Promise<{ ended: number | string | null; ms: number }> {
  const started = performance.now();
  const child = spawn(process.execPath, ["bin/alchemist.ts", "run", folder, "--out", out], {
    cwd: root,
    stdio: "ignore",
  });
  const timer = killMs === undefined ? undefined : setTimeout(() => child.kill("SIGKILL"), killMs);
  return new Promise((resolve) =>
    child.on("exit", (code, signal) => {
      clearTimeout(timer);
      resolve({ ended: signal ?? code, ms: performance.now() - started });
    }),
  );
}

/** What a user takes away, but for the receipt, which says how long it took. */
function labelsIn(out: string): Record<string, string> {
  const labels = join(out, "labels", "rows");
  return Object.fromEntries(
    readdirSync(labels)
      .filter((name) => name !== "receipt.json")
      .map((name) => [name, readFileSync(join(labels, name), "utf8")]),
  );
}

describe("a run that is killed", () => {
  it("goes on where it was, and leaves byte for byte what an undisturbed run leaves", {
    timeout: 180_000,
  }, async () => {
    const quiet = join(folder, "quiet");
    const { ended, ms } = await run(quiet);
    expect(ended).toBe(0);
    const expected = labelsIn(quiet);
    expect(Object.keys(expected)).toEqual([
      "_SUCCESS",
      "card.md",
      "part-00000.csv",
      "part-00001.csv",
      "part-00002.csv",
      "part-00003.csv",
      "part-00004.csv",
      "rejected.jsonl",
      "report.html",
    ]);

    const killed = join(folder, "killed");
    let kills = 0;
    for (const share of [0.2, 0.35, 0.5, 0.6, 0.7, 0.8, 0.9]) {
      const disturbed = await run(killed, ms * share);
      if (disturbed.ended === "SIGKILL") kills += 1;
      else break;
    }
    expect(kills).toBeGreaterThan(0);
    expect((await run(killed)).ended).toBe(0);
    expect(labelsIn(killed)).toEqual(expected);

    // Killed once at each point, from nothing.
    for (const share of [0.3, 0.55, 0.75, 0.95]) {
      const out = join(folder, `once-${share}`);
      await run(out, ms * share);
      expect((await run(out)).ended).toBe(0);
      expect(labelsIn(out)).toEqual(expected);
    }
  });
});
