import { Concepts } from "../contracts/concepts.ts";
import { keys } from "../contracts/keys.ts";
import { Hash } from "../contracts/names.ts";
import { parsed } from "../contracts/objects.ts";
import type { Receipt } from "../contracts/receipt.ts";
import { InvalidInputError } from "../errors.ts";
import { runLabeler } from "../evaluate/run-labeler.ts";
import { sampledPictures } from "../evaluate/sampled-pictures.ts";
import { type StressReport, stress } from "../evaluate/stress.ts";
import type { LocalTask } from "../local/open-task.ts";
import { loadRun, loadSource } from "../run-objects.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { openPorts } from "./open-ports.ts";

/** Stress of a finished run's labels. @throws InvalidInputError where it labels no pictures, or they are looked at otherwise now */
export async function stressRun(
  local: LocalTask,
  receipt: Receipt,
  count: number,
  options: TaskOptions,
  io: Io,
): Promise<StressReport> {
  const { task, store } = local;
  const hash = Hash.parse(receipt.run);
  const run = await loadRun(store, task.name, hash);
  const source = await loadSource(store, task.name, run.source);
  const bytes = await store.find(keys.concepts(task.name));
  if (run.features === undefined || source === undefined || bytes === undefined) {
    throw new InvalidInputError("--stress", "only labels of pictures can be stressed. Leave it out.");
  }
  const { model: card } = run.features;
  const { concepts, hash: now } = parsed(Concepts, bytes, keys.concepts(task.name));
  const open = await openPorts(local, options, io);
  try {
    const model = await open.ports.images?.open(card.name);
    if (model === undefined || model.card.hash !== card.hash || now !== run.features.concepts) {
      throw new InvalidInputError(
        "--stress",
        "the model or the concepts are others than in the run. Run again.",
      );
    }
    const of = { store, task: task.name, run, source };
    const pictures = await sampledPictures(of, count, model);
    const labeler = await runLabeler(store, task.name, hash, open.ports.runner);
    return await stress(pictures, { concepts, logitScale: card.logitScale }, model, labeler);
  } finally {
    await open.close();
  }
}

/** The same for a terminal. */
export function stressLines({ pictures, changes, warnings }: StressReport): string[] {
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
  const top = <T extends { flips: number }>(all: readonly T[], name: (one: T) => string) =>
    all
      .filter(({ flips }) => flips > 0)
      .sort((one, other) => other.flips - one.flips)
      .slice(0, 3)
      .map((one) => `${name(one)} ${percent(one.flips)}`)
      .join(", ") || "none";
  return [
    `  stress         ${pictures} pictures, changed in what should not matter`,
    ...changes.flatMap(({ change, flips, programs, concepts, endModel }) => [
      `  ${percent(flips).padStart(7)} of labels flip: ${change}`,
      `          programs: ${top(programs, ({ id }) => id)}`,
      `          concepts: ${top(concepts, ({ name }) => name)}`,
      ...(endModel === undefined ? [] : [`          end model: ${percent(endModel)}`]),
    ]),
    ...warnings.map((text) => `  warning        ${text}`),
  ];
}
