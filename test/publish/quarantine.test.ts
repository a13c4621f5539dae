import { expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { Receipt } from "../../lib/contracts/receipt.ts";
import { Registry } from "../../lib/contracts/registry.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";
import type { ObjectStore } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { silentModel } from "../support/synthesis.ts";
import { taskOf, taskText } from "../support/tasks.ts";

const task = taskOf().name;
const file = FileName.parse("mails.jsonl");
const name = FileName.parse("mails");
const finds = (word: string, answer: string) =>
  `function label(row) { return row.text.includes("${word}") ? "${answer}" : null; }`;
/** Fails on texts that begin with a figure. */
const FRAIL = `function label(row) {
  if (/^[0-9]/.test(row.text)) throw new Error("a figure");
  return row.text.includes("free") ? "spam" : null;
}`;

/** 40 rows, of which `failing` begin with a figure. */
const rows = (failing: number) =>
  Array.from(
    { length: 40 },
    (_, row) =>
      `${JSON.stringify({ text: `${row < failing ? "7 " : ""}${row % 2 ? "free" : "hello"} ${row}` })}\n`,
  ).join("");

const storeOf = (failing: number) =>
  memoryStore({
    [keys.taskFile(task, "task.json")]: taskText({ synthesis: { programs: 0 }, labelModel: "majority" }),
    [keys.data(task, file)]: rows(failing),
    [`${keys.ownProgramsOf(task)}frail.js`]: FRAIL,
    [`${keys.ownProgramsOf(task)}hello.js`]: finds("hello", "ham"),
    [`${keys.ownProgramsOf(task)}free.js`]: finds("fre", "spam"),
  });

async function runAt(store: ObjectStore, at: string) {
  const ports = {
    store,
    model: silentModel(),
    runner: plainRunner(),
    report: () => undefined,
    now: () => new Date(at),
  };
  const failures = await drive(
    [{ stage: "synthesize", task }],
    (message) => advance(message, ports, { prices: listPrices }),
    1,
  );
  expect(failures).toEqual([]);
  const texts = await textsOf(store);
  const registry = Registry.parse(JSON.parse(texts[keys.registry(task)]));
  return {
    frail: registry.programs.find(({ id }) => id === "frail"),
    receipt: Receipt.parse(JSON.parse(texts[keys.receipt(task, name)])),
    texts,
  };
}

const DAY_1 = "2026-01-01T08:00:00.000Z";
const DAY_2 = "2026-01-02T08:00:00.000Z";
const WHY = "it failed on 11 of 40 rows (error 11, badReturn 0), more than its error budget of a quarter";

it("quarantines a program over its error budget, says so in receipt and registry, and counts none of its votes", async () => {
  const { frail, receipt } = await runAt(storeOf(11), DAY_1);
  expect(frail).toMatchObject({
    state: "quarantined",
    reason: `its votes are left out of mails: ${WHY}`,
    quarantine: { mails: WHY },
  });
  expect(frail?.history.at(-1)).toEqual({ state: "quarantined", at: DAY_1, reason: frail?.reason });
  expect(receipt.programs.find(({ id }) => id === "frail")).toMatchObject({ dropped: true, coverage: 0 });
  expect(receipt.warnings.find(({ code }) => code === "program-dropped")?.message).toBe(
    `None of the votes of the program frail counts: ${WHY}.`,
  );
});

it("leaves a program that fails on a quarter of the rows admitted, with a warning", async () => {
  const { frail, receipt } = await runAt(storeOf(10), DAY_1);
  expect(frail).toMatchObject({ state: "admitted" });
  expect(frail?.history).toHaveLength(3);
  expect(receipt.programs.find(({ id }) => id === "frail")).toMatchObject({ dropped: false });
});

it("changes nothing when the same run comes again another day", async () => {
  const store = storeOf(11);
  const { texts } = await runAt(store, DAY_1);
  expect((await runAt(store, DAY_2)).texts).toEqual(texts);
});

it("admits a program again when no labels are left that its votes are not in", async () => {
  const store = storeOf(11);
  await runAt(store, DAY_1);
  await store.put(keys.data(task, file), rows(2));
  const { frail } = await runAt(store, DAY_2);
  expect(frail?.state).toBe("admitted");
  expect(frail?.quarantine).toBeUndefined();
  expect(frail?.history.map(({ state, at }) => [state, at]).slice(2)).toEqual([
    ["admitted", DAY_1],
    ["quarantined", DAY_1],
    ["admitted", DAY_2],
  ]);
});
