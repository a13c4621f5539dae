import { expect } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { Receipt } from "../../lib/contracts/receipt.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";
import type { ObjectStore, Ports } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { topicTexts } from "../end-model/texts.ts";
import { memoryStore } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { silentModel, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

export const name = FileName.parse("mails");
export const file = FileName.parse("mails.csv");
export const classes = ["spam", "ham"];
/** Texts, and the class that each is of. */
export const mails = topicTexts(600).map(({ text, topic }) => ({ text, label: classes[topic] }));

const finds = (word: string, answer: string) =>
  `function label(row) { return row.text.includes("${word}") ? "${answer}" : null; }`;
/** Knows nothing of the classes, and votes on every row. */
const guesses = 'function label(row) { return row.text.length % 2 ? "spam" : "ham"; }';

/** What these programs vote, by the names of their files. */
export const votes = (texts: readonly string[]): Int8Array[] => [
  Int8Array.from(texts, (text) => (text.length % 2 ? 0 : 1)),
  Int8Array.from(texts, (text) => (text.includes("lunch") ? 1 : -1)),
  Int8Array.from(texts, (text) => (text.includes("win") ? 0 : -1)),
];

/** A gold file's lines of the first rows, or of others. */
export const goldCsv = (rows: number, label = (row: number) => mails[row].label) =>
  ["id,label", ...Array.from({ length: rows }, (_, row) => `m${row},${label(row)}`)].join("\n");

/** A store with a task, its data and perhaps its gold. */
export function goldStore(
  more: Record<string, unknown>,
  {
    gold,
    label = (row: number) => mails[row].label,
  }: { gold?: string; label?: (row: number) => string } = {},
): ObjectStore {
  return memoryStore({
    [keys.taskFile(task, "task.json")]: taskText({
      synthesis: { programs: 0 },
      input: { id: "id", label: "label" },
      ...more,
    }),
    [`${keys.ownProgramsOf(task)}win.js`]: finds("win", "spam"),
    [`${keys.ownProgramsOf(task)}lunch.js`]: finds("lunch", "ham"),
    [`${keys.ownProgramsOf(task)}guess.js`]: guesses,
    [keys.data(task, file)]: [
      "id,text,label",
      ...mails.map(({ text }, row) => `m${row},${text},${label(row)}`),
    ].join("\n"),
    ...(gold !== undefined && { [keys.gold(task, "gold.csv")]: gold }),
  });
}

/** Runs everything that was dropped to its end. @returns what failed */
export async function runAll(store: ObjectStore) {
  const ports: Ports = {
    store,
    model: silentModel(),
    runner: plainRunner(),
    report: () => undefined,
    now: () => new Date(0),
  };
  return drive(
    [{ stage: "synthesize", task }],
    (message) => advance(message, ports, { prices: listPrices }),
    1,
  );
}

const textAt = async (store: ObjectStore, key: string) => Buffer.from(await store.get(key)).toString("utf8");

/** What a run leaves for its user. */
export async function published(store: ObjectStore) {
  expect(await runAll(store)).toEqual([]);
  const receipt = Receipt.parse(JSON.parse(await textAt(store, keys.receipt(task, name))));
  const lines = (await textAt(store, `${keys.partsOf(task, name)}00000.csv`)).trim().split("\n");
  return { receipt, lines, card: await textAt(store, keys.card(task, name)) };
}
