import { Concepts } from "../contracts/concepts.ts";
import { keys } from "../contracts/keys.ts";
import type { RunFeatures } from "../contracts/model-card.ts";
import { Hash, type TaskName } from "../contracts/names.ts";
import { parsed } from "../contracts/objects.ts";
import type { Receipt } from "../contracts/receipt.ts";
import { InvalidInputError } from "../errors.ts";
import { runLabeler } from "../evaluate/run-labeler.ts";
import { sampledPictures } from "../evaluate/sampled-pictures.ts";
import { bothSight, pixelsSight, scoresSight } from "../evaluate/sights.ts";
import { type Sight, type StressReport, stress } from "../evaluate/stress.ts";
import type { LocalTask } from "../local/open-task.ts";
import type { PictureModel, Ports } from "../ports.ts";
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
  if (run.features === undefined || source === undefined) {
    throw new InvalidInputError("--stress", "only labels of pictures can be stressed. Leave it out.");
  }
  const open = await openPorts(local, options, io);
  try {
    const { model, sight } = await sightOf(run.features, task.name, open.ports);
    const of = { store, task: task.name, run, source };
    const pictures = await sampledPictures(of, count, model);
    const labeler = await runLabeler(store, task.name, hash, open.ports.runner);
    return await stress(pictures, sight, labeler);
  } finally {
    await open.close();
  }
}

/** What looked at the run's pictures, and what its programs saw of them. */
async function sightOf(
  { model: card, concepts: wanted, pixels: besides }: RunFeatures,
  task: TaskName,
  { store, images, pixels }: Ports,
): Promise<{ model: PictureModel; sight: Sight }> {
  if (wanted === undefined && pixels?.card.hash === card.hash)
    return { model: pixels, sight: pixelsSight(pixels) };
  const bytes = await store.find(keys.concepts(task));
  const found = bytes && parsed(Concepts, bytes, keys.concepts(task));
  const model = wanted && (await images?.open(card.name));
  if (found && model && found.hash === wanted && model.card.hash === card.hash) {
    const of = { concepts: found.concepts, logitScale: card.logitScale };
    if (besides === undefined) return { model, sight: await scoresSight(of, model) };
    if (pixels?.card.hash === besides.hash) return { model, sight: await bothSight(of, model, pixels) };
  }
  throw new InvalidInputError("--stress", "the model or the concepts are others than in the run. Run again.");
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
      ...(concepts.length > 0 ? [`          concepts: ${top(concepts, ({ name }) => name)}`] : []),
      ...(endModel === undefined ? [] : [`          end model: ${percent(endModel)}`]),
    ]),
    ...warnings.map((text) => `  warning        ${text}`),
  ];
}
