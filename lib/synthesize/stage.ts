import type { z } from "zod";
import type { Column } from "../contracts/columns.ts";
import type { SampleOf } from "../contracts/data-sample.ts";
import { hashOfJson } from "../contracts/hash.ts";
import { dropAt, keys } from "../contracts/keys.ts";
import type { Message, SynthesizeTask } from "../contracts/messages.ts";
import { type Hash, ProgramId, type TaskName } from "../contracts/names.ts";
import { CurrentSet, jsonBytes, ProgramSet, parsed } from "../contracts/objects.ts";
import { PIXELS, seesScores } from "../contracts/pixels.ts";
import type { StrategyChoice } from "../contracts/strategy-choice.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { InvalidInputError } from "../errors.ts";
import type { ObjectStore, Ports } from "../ports.ts";
import type { Prices } from "../prices/prices.ts";
import { changeRegistry } from "../program-registry.ts";
import { readTask } from "../read-task.ts";
import { isDataFile } from "../tables/table-format.ts";
import { asker, requestHash } from "./ask.ts";
import { nextRegistry } from "./next-registry.ts";
import { ownPrograms } from "./own-programs.ts";
import { payableModel } from "./payable-model.ts";
import { knowledgeStrategies, plannedPrograms } from "./planned-programs.ts";
import { promptColumns, scoresColumns } from "./prompt-columns.ts";
import { knowledgeRequest, programRequest } from "./prompts.ts";
import { reportingAsk } from "./reporting-ask.ts";
import { programHash } from "./screen.ts";
import { showConcepts } from "./show-concepts.ts";
import { keepRows, showMaterial } from "./show-material.ts";
import { showPrograms } from "./show-programs.ts";
import { askedFor, shownMaterial } from "./shown-material.ts";
import { taskConcepts } from "./task-concepts.ts";
import { type AutoOrder, trialPrograms } from "./try-strategies.ts";
import { type Order, writeSet } from "./write-set.ts";

export interface SynthesizeSettings {
  prices: Prices;
  /** Written into recordings: who or what answers, where the model's name does not say it. */
  note?: string;
  /** Of tasks that name none. */
  model?: string;
  /** Image-text models that are here, where others cannot be had: nothing is paid for a task that could not be labeled. */
  imageModels?: readonly string[];
  /** The columns of the task's first data file, where there is one: for record tasks that name none. */
  columnsOf?: (task: TaskFile) => Promise<{ name: string; kind?: Column["kind"] }[] | undefined>;
  /** Rows of the task's first data file, where there is one, drawn at random: for tasks that show some, or compare strategies on them. */
  sampleOf?: SampleOf;
}

/**
 * synthesize: a task → its set of programs, the model's and the user's own; then all data is labeled with it.
 *
 * Pays for nothing it finds recorded, and does nothing at all while what it reads is unchanged.
 */
export async function* synthesize(
  message: SynthesizeTask,
  ports: Pick<Ports, "store" | "model" | "runner" | "pdfText" | "report" | "now">,
  settings: SynthesizeSettings,
): AsyncGenerator<Message> {
  const { store, report } = ports;
  const task = await readTask(message.task, store, { model: settings.model });
  if (task.features) assertImageModel(task.features.model, settings.imageModels);
  const askPorts = { ...ports, model: payableModel(task, ports) };
  const asking = reportingAsk(
    asker({ task, prices: settings.prices, note: settings.note }, askPorts),
    report,
  );
  const found = seesScores(task) ? await taskConcepts(task, asking.ask) : undefined;
  const columns = found
    ? scoresColumns(task, found.concepts.concepts)
    : await promptColumns(task, settings.columnsOf);
  const isAuto = task.synthesis.strategies === "auto";
  const planned = isAuto ? trialPrograms(task.synthesis) : plannedPrograms(task.synthesis);
  const taken = [...planned.map(({ id }) => id), REGISTRY];
  const material = await shownMaterial(
    { task, columns, planned },
    { ...ports, sampleOf: settings.sampleOf },
    asking.ask,
  );
  const own = await ownPrograms(task.name, taken, store);
  const current = await find(CurrentSet, keys.currentSet(task.name), store);
  const before = current && (await find(ProgramSet, keys.programSet(task.name, current.set), store));
  const asked = { task, columns, planned, material };
  const auto = isAuto
    ? autoOrder(asked, await hasData(task.name, store), before?.choice, settings)
    : undefined;
  const order = { ...asked, own, found, auto };
  const inputs = inputsHash(order);

  const unchanged = current?.inputs === inputs ? before : undefined;
  if (unchanged) {
    const { calls, programs } = unchanged;
    report({
      stage: "synthesize",
      calls: 0,
      replayed: calls.length,
      usd: 0,
      programs: programs.length,
    });
  } else {
    await keepRows(task.name, material, store);
    const { set, recordings } = await writeSet(order, ports, asking);
    await store.put(keys.programSet(task.name, set.hash), jsonBytes(set));
    // Whoever dies from here on leaves a mix of two sets to be read: nothing may then pass for unchanged.
    if (current) await store.put(keys.currentSet(task.name), jsonBytes({ ...current, inputs: NO_INPUTS }));
    await showPrograms(task.name, set, recordings, store);
    await showMaterial(order, store);
    const at = ports.now().toISOString();
    await changeRegistry(store, task.name, (registry) => nextRegistry(registry, set, recordings, at));
    // With the set that was written for them: neither is of use without the other.
    if (found) await showConcepts(task.name, found, store);
    const previous = current && current.set !== set.hash ? current.set : (current?.previous ?? null);
    const next: CurrentSet = { inputs, set: set.hash, previous };
    await store.put(keys.currentSet(task.name), jsonBytes(next));
  }
  await store.delete(keys.taskFailed(task.name));
  yield* dropped(task.name, store);
}

function assertImageModel(model: string, here: readonly string[] = [model]): void {
  if (here.includes(model) || (model === PIXELS && here.length > 0)) return;
  throw new InvalidInputError(
    "features.model",
    here.length === 0
      ? "image tasks are not set up here. Deploy with -c alchemist.images=true, or run on a machine that has the model."
      : `found ${JSON.stringify(model)}. This deployment has ${here.join(", ")}; name it, or deploy with -c alchemist.imageModel=${model}.`,
  );
}

/** No program's id: the registry lies where its record would. */
const REGISTRY = ProgramId.parse("registry");

const NO_INPUTS = hashOfJson(null);

async function hasData(task: TaskName, store: ObjectStore): Promise<boolean> {
  for await (const _ of dropped(task, store)) return true;
  return false;
}

/** Each request that would be made. */
const requestsOf = ({ task, columns, planned, material: { shown } }: Asked): Hash[][] => [
  knowledgeStrategies(planned).map((strategy) =>
    requestHash(knowledgeRequest(task, columns, strategy, shown)),
  ),
  planned.map((program) => requestHash(programRequest(task, columns, program, "", shown))),
];

/** What requests are made from. */
type Asked = Pick<Order, "task" | "columns" | "planned" | "material">;

/** An earlier choice stands, whatever data comes, while what else decides it is the same. */
function autoOrder(
  order: Asked,
  isData: boolean,
  before: StrategyChoice | undefined,
  { sampleOf }: Pick<SynthesizeSettings, "sampleOf">,
): AutoOrder {
  const { synthesis, verify } = order.task;
  const sample = [synthesis.programs, synthesis.seed, verify.rows, verify.model, isData];
  const inputs = hashOfJson([...requestsOf(order), sample]);
  return {
    inputs,
    ...(before?.inputs === inputs && { known: before }),
    sample: async (wanted) => sampleOf?.(order.task, wanted),
  };
}

/** Everything that decides the set: each request that would be made, and the user's own programs. */
function inputsHash({ task, columns, planned, own, found, material, auto }: Order): Hash {
  const classes = task.classes.map(({ name }) => name);
  const asked = askedFor(material);
  return hashOfJson([
    ...requestsOf({ task, columns, planned, material }),
    own.map(({ id, language, source, reason }) => [
      id,
      programHash(source, classes, language),
      reason ?? null,
    ]),
    columns.map(({ name }) => name),
    programHash("", classes),
    ...(task.synthesis.translate ? ["translate"] : []),
    ...(found ? [found.concepts] : []),
    ...(asked.length > 0 ? [asked] : []),
    ...(auto ? [auto.inputs] : []),
  ]);
}

async function find<S extends z.ZodType>(
  schema: S,
  key: string,
  store: ObjectStore,
): Promise<z.infer<S> | undefined> {
  const bytes = await store.find(key);
  return bytes && parsed(schema, bytes, key);
}

/**
 * Starts every data file: those that came before their programs, and those whose programs or task are others now. What is
 * published as it should be costs `fan-out` a look.
 */
async function* dropped(task: TaskName, store: ObjectStore): AsyncGenerator<Message> {
  const prefix = keys.dataOf(task);
  for await (const { key } of store.list(prefix)) {
    const drop = dropAt(key);
    const isWhole = drop.kind === "data" && (isDataFile(drop.file) || key !== keys.data(task, drop.file));
    if (isWhole) yield { stage: "fan-out", task, file: drop.file };
  }
}
