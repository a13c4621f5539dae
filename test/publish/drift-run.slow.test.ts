import { describe, expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { parsed } from "../../lib/contracts/objects.ts";
import { Receipt } from "../../lib/contracts/receipt.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";
import type { Progress } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { memoryStore } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { silentModel } from "../support/synthesis.ts";
import { taskOf, taskText } from "../support/tasks.ts";

const task = taskOf().name;
const PROGRAMS = { "free.js": ["free", "spam"], "you.js": ["you", "ham"], "win.js": ["win", "spam"] };

/** Labels files one after another, and says what was told of each. */
async function labeled(files: Record<string, string[]>) {
  const store = memoryStore({
    [keys.taskFile(task, "task.json")]: taskText({ synthesis: { programs: 0 } }),
    ...Object.fromEntries(
      Object.entries(PROGRAMS).map(([name, [word, answer]]) => [
        `${keys.ownProgramsOf(task)}${name}`,
        `function label(row) { return row.text.includes("${word}") ? "${answer}" : null; }`,
      ]),
    ),
  });
  const reports: Progress[] = [];
  const ports = {
    store,
    model: silentModel(),
    runner: plainRunner(),
    report: (one: Progress) => void reports.push(one),
    now: () => new Date(0),
  };
  const receipts: Record<string, Receipt> = {};
  const pages: Record<string, string> = {};
  for (const [name, rows] of Object.entries(files)) {
    const file = FileName.parse(`${name}.jsonl`);
    await store.put(keys.data(task, file), rows.map((text) => `${JSON.stringify({ text })}\n`).join(""));
    const seeds = [{ stage: "synthesize", task } as const, { stage: "fan-out", task, file } as const];
    const failures = await drive(seeds, (message) => advance(message, ports, { prices: listPrices }), 1);
    expect(failures).toEqual([]);
    const key = keys.receipt(task, FileName.parse(name));
    receipts[name] = parsed(Receipt, await store.get(key), key);
    pages[name] = new TextDecoder().decode(await store.get(keys.report(task, FileName.parse(name))));
  }
  return { receipts, pages, drifts: reports.filter(({ stage }) => stage === "drift") };
}

const WORDS = ["free", "you", "win", "free you", "-", "you there", "you and me"];
const june = Array.from({ length: 2_000 }, (_, row) => WORDS[(row * 13) % WORDS.length]);

describe("drift between runs of the same programs", () => {
  it("is not seen between the halves of a shuffled file", async () => {
    const halves = [0, 1].map((half) => june.filter((_, row) => row % 2 === half));
    const { receipts, drifts } = await labeled({ one: halves[0], other: halves[1] });
    expect(drifts).toEqual([]);
    for (const { drift, warnings } of Object.values(receipts)) {
      expect(drift).toBe(undefined);
      expect(warnings.map(({ code }) => code)).not.toContain("drift");
    }
  });

  it("is told of in receipt, report and log when rows of another kind come, and compared with the first run", async () => {
    const july = june.map((text, row) => (row % 2 === 0 ? "win win" : text));
    const { receipts, pages, drifts } = await labeled({ june, july, again: june });
    const { drift, warnings } = receipts.july;
    expect(drift?.file).toBe("june.jsonl");
    expect(drift?.findings.map(({ what }) => what)).toEqual(["win", "you"].sort());
    expect(warnings.map(({ code }) => code)).toContain("drift");
    expect(pages.july).toContain('<h2 id="drift">');
    expect(drifts).toEqual([{ stage: "drift", findings: drift?.findings.map(({ what }) => what) }]);
    expect([receipts.june.drift, receipts.again.drift]).toEqual([undefined, undefined]);
    expect(pages.june).not.toContain('<h2 id="drift">');
  });
});
