import { keys } from "../../lib/contracts/keys.ts";
import type { ProgramSet } from "../../lib/contracts/objects.ts";
import type { ModelRequest, ObjectStore, Ports, Progress } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { type SynthesizeSettings, synthesize } from "../../lib/synthesize/stage.ts";
import { memoryStore, textsOf } from "./memory-store.ts";
import { plainRunner } from "./plain-runner.ts";
import { fenced, scriptedModel } from "./scripted-model.ts";
import { taskOf, taskText } from "./tasks.ts";

export const task = taskOf().name;

/** A program that finds a word. */
export const program = (word: string) =>
  `function label(row) {\n  return row.text.includes("${word}") ? "spam" : null;\n}`;

/** A model that writes another program at each call. */
export const inventiveModel = () => scriptedModel((_request, call) => fenced(program(`word${call}`)));

/** A model that is not to be asked. */
export const silentModel = () => scriptedModel(() => new Error("asked"));

/** A store with a task of one general program, unless `more` says otherwise. */
export const storeOf = (more: Record<string, unknown> = {}, objects: Record<string, string> = {}) =>
  memoryStore({
    [keys.taskFile(task, "task.json")]: taskText({ synthesis: { programs: 1 }, ...more }),
    ...objects,
  });

/** Runs the stage once: what it sends on, and what it said meanwhile. */
export async function run(
  store: ObjectStore,
  model = scriptedModel(() => fenced(program("free"))),
  more: Partial<SynthesizeSettings> = {},
  runner = plainRunner(),
) {
  const reports: Progress[] = [];
  const ports: Ports = {
    store,
    model,
    runner,
    report: (progress) => reports.push(progress),
    now: () => new Date("2026-01-31T12:00:00Z"),
  };
  const settings = { prices: listPrices, ...more };
  const messages = await Array.fromAsync(synthesize({ stage: "synthesize", task }, ports, settings));
  return { messages, reports };
}

/** The set in force. */
export async function setOf(store: ObjectStore): Promise<ProgramSet> {
  const texts = await textsOf(store);
  const { set } = JSON.parse(texts[keys.currentSet(task)]);
  return JSON.parse(texts[keys.programSet(task, set)]);
}

/** What the model was asked last in a conversation. */
export const lastWords = ({ messages }: ModelRequest) => messages[messages.length - 1].content;
