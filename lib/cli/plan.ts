import { keys } from "../contracts/keys.ts";
import { Hash } from "../contracts/names.ts";
import { parsed, RecordedReply } from "../contracts/objects.ts";
import { firstColumns } from "../fan-out/first-columns.ts";
import { measureSource } from "../fan-out/measure-source.ts";
import { dataFilesOf, type LocalTask, openTask } from "../local/open-task.ts";
import { dollars } from "../prices/prices.ts";
import { type Estimate, estimate, type Range } from "../synthesize/estimate.ts";
import { foreseenConcepts } from "../synthesize/foreseen-concepts.ts";
import { promptColumns, scoresColumn } from "../synthesize/prompt-columns.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { pricesFor } from "./open-ports.ts";

/** `alchemist plan`: what a run will ask and cost, before it does. Asks no model and writes nothing. */
export async function plan(folder: string, options: TaskOptions, io: Io): Promise<void> {
  const local = await openTask(folder, { out: options.out, dataFiles: options.data });
  const { task, store } = local;
  let rows = 0;
  let characters = 0;
  for (const file of await dataFilesOf(local)) {
    const measured = await measureSource(task, file, store);
    rows += measured.rows;
    characters += measured.characters;
  }
  const recordings = await recordingsOf(local);
  const concepts = task.modality === "image" ? await foreseenConcepts(task, recordings) : undefined;
  const foreseen = estimate(
    task,
    { rows, characters },
    {
      prices: await pricesFor(task.synthesis.model, options),
      columns: concepts
        ? [scoresColumn(concepts.concepts)]
        : await promptColumns(task, (of) => firstColumns(of, store)),
      recordings,
      concepts,
    },
  );
  if (options.json)
    io.stdout.write(`${JSON.stringify({ task: task.name, rows, characters, ...foreseen })}\n`);
  else io.stdout.write(`${planLines(task.name, rows, foreseen).join("\n")}\n`);
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

function planLines(name: string, rows: number, plan: Estimate): string[] {
  const line = (title: string, text: string) => `  ${title.padEnd(15)}${text}`;
  const range = ({ low, high }: Range, show: (value: number) => string) =>
    low === high ? show(low) : `${show(low)} to ${show(high)}`;
  const count = (value: number) => value.toLocaleString("en");
  const money = plan.usd
    ? range(plan.usd, dollars)
    : `unknown: ${plan.model} is not listed, state --price in=…,out=…`;
  return [
    `${name} · ${count(rows)} rows`,
    line(
      "recorded",
      `${count(plan.recorded.calls)} replies, ${dollars(plan.recorded.usd)} when they were made; they are replayed`,
    ),
    line("calls", `${range(plan.calls, count)} to ${plan.model}`),
    line("tokens", `${range(plan.inputTokens, count)} in, ${range(plan.outputTokens, count)} out`),
    line("cost", `${money} (cap ${dollars(plan.capUsd)}; prices of ${plan.prices.asOf})`),
    line("seconds", `${range(plan.seconds, count)} of waiting for the model`),
    ...plan.direct.map(({ model, usd, breakEvenRows }) =>
      line(
        "directly",
        `${dollars(usd)} to have ${model} label each row${breakEvenRows === null ? "" : `; programs are cheaper from ${count(breakEvenRows)} rows on`}`,
      ),
    ),
  ];
}
