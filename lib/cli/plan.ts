import { keys } from "../contracts/keys.ts";
import { Hash } from "../contracts/names.ts";
import { CurrentSet, parsed, RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { firstColumns } from "../fan-out/first-columns.ts";
import { measureSource } from "../fan-out/measure-source.ts";
import { type Estimate, foresee } from "../foresee.ts";
import { dataFilesOf, type LocalTask, openTask } from "../local/open-task.ts";
import type { ObjectStore } from "../ports.ts";
import { dollars } from "../prices/prices.ts";
import { type Expectation, replyLengths } from "../prices/reply-lengths.ts";
import { loadProgramSet } from "../run-objects.ts";
import { foreseenConcepts } from "../synthesize/foreseen-concepts.ts";
import type { PlannedProgram } from "../synthesize/planned-programs.ts";
import { promptColumns, scoresColumn } from "../synthesize/prompt-columns.ts";
import { programsOf } from "../synthesize/try-strategies.ts";
import { MOST_OF_A_ROW } from "../verify/direct-prompt.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { pricesFor } from "./open-ports.ts";

/** `alchemist plan`: what a run will ask and cost, before it does. Asks no model and writes nothing. */
export async function plan(folder: string, options: TaskOptions, io: Io): Promise<void> {
  const local = await openTask(folder, { out: options.out, dataFiles: options.data });
  const { task, store } = local;
  const data = { rows: 0, characters: 0, shownCharacters: 0 };
  for (const file of await dataFilesOf(local)) {
    const measured = await measureSource(task, file, store, MOST_OF_A_ROW);
    data.rows += measured.rows;
    data.characters += measured.characters;
    data.shownCharacters += measured.shownCharacters;
  }
  const recordings = await recordingsOf(local);
  const concepts = task.modality === "image" ? await foreseenConcepts(task, recordings) : undefined;
  const foreseen = foresee(task, data, {
    prices: await pricesFor(task.synthesis.model, options),
    columns: concepts
      ? [scoresColumn(concepts.concepts)]
      : await promptColumns(task, (of) => firstColumns(of, store)),
    recordings,
    lengths: replyLengths,
    concepts,
    planned: await chosenPrograms(task, store),
  });
  const { rows, characters } = data;
  if (options.json)
    io.stdout.write(`${JSON.stringify({ task: task.name, rows, characters, ...foreseen })}\n`);
  else io.stdout.write(`${planLines(task.name, rows, foreseen).join("\n")}\n`);
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
    line("programs", money(synthesis.usd, plan.model)),
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

function verifyText({ verify }: Estimate, money: string): string {
  if (verify.rows === 0) return "nothing: verify.rows is 0";
  if (verify.calls > 0)
    return `${money}: ${count(verify.rows)} rows in ${verify.calls} calls to ${verify.model}`;
  return verify.recordedCalls > 0
    ? `nothing to pay: ${verify.recordedCalls} calls are recorded`
    : "nothing to pay: the gold column judges";
}
