import { pdfText } from "../adapters/pdf/pdf-text.ts";
import { keys } from "../contracts/keys.ts";
import { type FileName, Hash } from "../contracts/names.ts";
import { CurrentSet, parsed, RecordedReply } from "../contracts/objects.ts";
import { seesScores } from "../contracts/pixels.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { firstColumns } from "../fan-out/first-columns.ts";
import { measureSource } from "../fan-out/measure-source.ts";
import { sampleRows } from "../fan-out/sample-rows.ts";
import { type Estimate, foresee } from "../foresee.ts";
import { dataFilesOf, type LocalTask, openTask } from "../local/open-task.ts";
import type { ObjectStore } from "../ports.ts";
import { dollars } from "../prices/prices.ts";
import { type Expectation, replyLengths } from "../prices/reply-lengths.ts";
import { loadProgramSet } from "../run-objects.ts";
import { foreseenConcepts } from "../synthesize/foreseen-concepts.ts";
import { foreseenMaterial } from "../synthesize/foreseen-material.ts";
import type { PlannedProgram } from "../synthesize/planned-programs.ts";
import { promptColumns, scoresColumns } from "../synthesize/prompt-columns.ts";
import { programsOf } from "../synthesize/try-strategies.ts";
import { MOST_OF_A_ROW } from "../verify/direct-prompt.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { pricesFor } from "./open-ports.ts";

/** `alchemist plan`: what a run will ask and cost, before it does. Asks no model and writes nothing. */
export async function plan(folder: string, options: TaskOptions, io: Io): Promise<void> {
  const local = await openTask(folder, { out: options.out, dataFiles: options.data });
  const { data, foreseen } = await foreseeTask(local, await dataFilesOf(local), options);
  const { rows, characters } = data;
  const { name } = local.task;
  if (options.json) io.stdout.write(`${JSON.stringify({ task: name, rows, characters, ...foreseen })}\n`);
  else io.stdout.write(`${planLines(name, rows, foreseen).join("\n")}\n`);
}

/** Says in one line what is about to be asked and paid for, before it is; nothing where all of it is recorded. */
export async function announce(
  local: LocalTask,
  files: readonly FileName[],
  options: TaskOptions,
  io: Io,
): Promise<void> {
  const { synthesis, verify, residual, usd, capUsd, model } = (await foreseeTask(local, files, options))
    .foreseen;
  if (synthesis.calls.high + verify.calls === 0) return;
  const sample = verify.calls > 0 ? ` and ${verify.calls} to ${verify.model} for the sample` : "";
  io.stderr.write(
    `expected: ${shown(synthesis.calls, count)} calls to ${model} for programs${sample}, ${usd ? shown(usd, dollars) : "at an unknown price"} in all; cap ${dollars(capUsd)}${residual ? ` and ${dollars(residual.capUsd)} for uncertain rows` : ""}\n`,
  );
}

async function foreseeTask(local: LocalTask, files: readonly FileName[], options: TaskOptions) {
  const { task, store } = local;
  const data = { rows: 0, characters: 0, shownCharacters: 0 };
  for (const file of files) {
    const measured = await measureSource(task, file, store, MOST_OF_A_ROW);
    data.rows += measured.rows;
    data.characters += measured.characters;
    data.shownCharacters += measured.shownCharacters;
  }
  const recordings = await recordingsOf(local);
  const concepts = seesScores(task) ? await foreseenConcepts(task, recordings) : undefined;
  const columns = concepts
    ? scoresColumns(task, concepts.concepts)
    : await promptColumns(task, (of) => firstColumns(of, store));
  const foreseen = foresee(task, data, {
    prices: await pricesFor(task.synthesis.model, options),
    columns,
    recordings,
    lengths: replyLengths,
    concepts,
    material: await foreseenMaterial(task, columns, {
      store,
      pdfText: pdfText(),
      sampleOf: (of, wanted) => sampleRows(of, wanted, store),
      recordings,
    }),
    planned: await chosenPrograms(task, store),
  });
  return { data, foreseen };
}

/** Of `strategies: auto`: the programs that an earlier run chose, as far as it has; undefined where that is yet to come. */
async function chosenPrograms(task: TaskFile, store: ObjectStore): Promise<PlannedProgram[] | undefined> {
  if (task.synthesis.strategies !== "auto") return undefined;
  const key = keys.currentSet(task.name);
  const current = await store.find(key);
  const { choice } = current
    ? await loadProgramSet(store, task.name, parsed(CurrentSet, current, key).set)
    : {};
  return choice && programsOf(task.synthesis, choice);
}

/** Replies that are paid for or shipped, by request. */
async function recordingsOf({ task, store }: LocalTask): Promise<Map<Hash, RecordedReply>> {
  const recordings = new Map<Hash, RecordedReply>();
  for (const prefix of [keys.shippedRepliesOf(task.name), keys.repliesOf(task.name)]) {
    for await (const { key } of store.list(prefix)) {
      const hash = Hash.safeParse(key.slice(prefix.length).replace(/\.json$/, ""));
      if (hash.success) recordings.set(hash.data, parsed(RecordedReply, await store.get(key), key));
    }
  }
  return recordings;
}

const count = (value: number) => Math.round(value).toLocaleString("en");
const line = (title: string, text: string) => `  ${title.padEnd(15)}${text}`;

/** What is expected, and the range where there is one. */
const shown = ({ low, mean, high }: Expectation, show: (value: number) => string) =>
  show(low) === show(high) ? show(mean) : `${show(mean)} (${show(low)} to ${show(high)})`;

function planLines(name: string, rows: number, plan: Estimate): string[] {
  const { synthesis, verify, residual } = plan;
  const money = (usd: Expectation | null, model: string) =>
    usd ? shown(usd, dollars) : `unknown: ${model} is not listed, state --price in=…,out=…`;
  const recordedUsd = synthesis.recorded.usd;
  return [
    `${name} · ${count(rows)} rows`,
    line(
      "recorded",
      `${count(synthesis.recorded.calls)} replies, ${recordedUsd === null ? "at an unknown price" : dollars(recordedUsd)} when they were made; they are replayed`,
    ),
    line("calls", `${shown(synthesis.calls, count)} to ${plan.model} for programs`),
    line("tokens", `${shown(synthesis.inputTokens, count)} in, ${shown(synthesis.outputTokens, count)} out`),
    line("programs", money(synthesis.usd, unpriced(plan))),
    ...otherModels(plan).map(([title, { model, calls, usd }]) =>
      line(
        title,
        `${money(usd, model)}${usd ? " of that" : ""}, for calls to ${model}: ${shown(calls, count)}`,
      ),
    ),
    line("verify", verifyText(plan, money(verify.usd, verify.model))),
    ...(residual
      ? [line("residual", `${money(residual.usd, residual.model)} for uncertain rows to ${residual.model}`)]
      : []),
    line(
      "cost",
      `${plan.usd ? shown(plan.usd, dollars) : "unknown"} (cap ${dollars(plan.capUsd)}${residual ? ` and ${dollars(residual.capUsd)}` : ""}; prices of ${plan.prices.asOf}, lengths of replies of ${plan.lengths.asOf})`,
    ),
    line("seconds", `${shown(synthesis.seconds, count)} of waiting for programs`),
    ...plan.direct.map(({ model, usd, breakEvenRows }) =>
      line(
        "directly",
        `${dollars(usd)} to have ${model} label each row${breakEvenRows === null ? "" : `; programs are cheaper from ${count(breakEvenRows)} rows on`}`,
      ),
    ),
  ];
}

/** The model that keeps the whole from being known, or that of the programs. */
const unpriced = ({ model, synthesis: { parts } }: Estimate): string =>
  Object.values(parts).find(({ calls, usd }) => usd === null && calls.high > 0)?.model ?? model;

/** What is asked of other models than that of the programs. */
const otherModels = ({ model, synthesis: { parts } }: Estimate) =>
  (
    [
      ["knowledge", parts.knowledge],
      ["embeddings", parts.embeddings],
    ] as const
  ).filter(([, part]) => part.calls.high > 0 && part.model !== model);

function verifyText({ verify }: Estimate, money: string): string {
  if (verify.rows === 0) return "nothing: verify.rows is 0";
  if (verify.calls > 0)
    return `${money}: ${count(verify.rows)} rows in ${verify.calls} calls to ${verify.model}`;
  return verify.recordedCalls > 0
    ? `nothing to pay: ${verify.recordedCalls} calls are recorded`
    : "nothing to pay: the gold column judges";
}
