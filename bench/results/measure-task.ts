import { keys } from "../../lib/contracts/keys.ts";
import { LabelModelName } from "../../lib/contracts/label-models.ts";
import { parsed, RecordedReply } from "../../lib/contracts/objects.ts";
import type { TaskFile } from "../../lib/contracts/task-file.ts";
import { AlchemistError } from "../../lib/errors.ts";
import { replay, sampleRows } from "../../lib/explain/replay.ts";
import { openTask } from "../../lib/local/open-task.ts";
import { plannedPrograms } from "../../lib/synthesize/planned-programs.ts";
import { directSample } from "./direct-sample.ts";
import type { TaskFigures } from "./figures.ts";
import { accuracyByCount, qualityOf, setFigures } from "./quality.ts";
import { keepStrategy, type RecordedRun, scratchTask, type Voters, withRecordedRun } from "./recorded-run.ts";

const REPLAYED_ROWS = 1_000;

/** What was recorded of a task: its programs' votes, and the whole run where nothing is missing. */
interface Recorded {
  voters: Voters;
  /** Strategies without programs here, and why. */
  missing: Record<string, string>;
  whole: Pick<TaskFigures, "cost" | "sample" | "verdict" | "replay"> | null;
}

/** All figures of a task folder whose replies are recorded; a text says why there are none. */
export async function measureTask(folder: string): Promise<TaskFigures | string> {
  using scratch = scratchTask(folder);
  const { task, store } = await openTask(scratch.path);
  if (task.input.label === undefined) return "its rows have no gold to judge labels by";
  const recorded = await recordedVoters(scratch.path, task, wholeRun);
  if (typeof recorded === "string") return recorded;
  const { voters, missing, whole } = recorded;
  const strategies = [...new Set(voters.programs.map(({ strategy }) => strategy))];
  const by = strategies.map((strategy) => [strategy, setFigures(only(voters, strategy))] as const);
  const replies = new Set<string>();
  for await (const { key } of store.list(keys.shippedRepliesOf(task.name))) {
    const { note, recorded: at, reply } = parsed(RecordedReply, await store.get(key), key);
    replies.add(`${note ?? `not said; the endpoint called itself ${reply.model}`} (${at.slice(0, 10)})`);
  }
  return {
    name: task.name,
    rows: voters.gold.length,
    classes: task.classes.length,
    replies: [...replies].sort(),
    ...(whole ?? { cost: null, sample: null, verdict: null, replay: null }),
    all: setFigures(voters),
    strategies: { ...Object.fromEntries(by), ...missing },
    models: Object.fromEntries(
      LabelModelName.options.map((name) => [name, qualityOf(voters, name)]),
    ) as TaskFigures["models"],
    counts: accuracyByCount(
      voters,
      voters.programs.map(({ id }) => id),
    ),
  };
}

/**
 * The votes of every program whose replies are all recorded: of the task as it stands, or else strategy by strategy.
 *
 * @returns why there are none, where there are none
 */
export async function recordedVoters(
  folder: string,
  task: TaskFile,
  ofWhole: (run: RecordedRun) => Promise<Recorded["whole"]>,
): Promise<Recorded | string> {
  const whole = await unlessMissing(() =>
    withRecordedRun(folder, "all", async (run) => ({ voters: run.voters, whole: await ofWhole(run) })),
  );
  if (whole !== undefined) return { ...whole, missing: {} };
  const planned = Map.groupBy(plannedPrograms(task.synthesis), ({ strategy }) => strategy);
  const found: Voters[] = [];
  const missing: Record<string, string> = {};
  for (const [strategy, programs] of planned) {
    keepStrategy(folder, strategy, programs.length);
    const voters = await unlessMissing(() => withRecordedRun(folder, strategy, async (run) => run.voters));
    if (voters) found.push(voters);
    else missing[strategy] = "replies missing";
  }
  if (found.length === 0) return `no strategy's replies are all recorded (${[...planned.keys()].join(", ")})`;
  return { voters: joined(found), missing, whole: null };
}

async function unlessMissing<T>(run: () => Promise<T>): Promise<T | undefined> {
  try {
    return await run();
  } catch (error) {
    if (error instanceof AlchemistError && error.code === "no-recording") return undefined;
    throw error;
  }
}

/** Sets over the same rows as one; a program that is an exact copy of an earlier one is no second voter. */
function joined(parts: readonly Voters[]): Voters {
  const hashes = new Set<string>();
  const kept = parts.flatMap(({ programs, columns }) =>
    programs.flatMap((program, index) => {
      if (hashes.has(program.hash)) return [];
      hashes.add(program.hash);
      return [{ program, column: columns[index] }];
    }),
  );
  return {
    ...parts[0],
    programs: kept.map(({ program }) => program),
    columns: kept.map(({ column }) => column),
  };
}

function only(voters: Voters, strategy: string): Voters {
  const kept = [...voters.programs.keys()].filter((index) => voters.programs[index].strategy === strategy);
  return {
    ...voters,
    programs: kept.map((index) => voters.programs[index]),
    columns: kept.map((index) => voters.columns[index]),
  };
}

async function wholeRun(run: RecordedRun): Promise<NonNullable<Recorded["whole"]>> {
  const { local, open, file, receipt } = run;
  const { store } = local;
  const { languageModel, directLabeling, verdict } = receipt;
  const { rows, votes, stopped } = await replay(
    { store, runner: open.ports.runner },
    file,
    sampleRows(file, REPLAYED_ROWS),
  );
  return {
    cost: {
      usd: languageModel.usd,
      calls: languageModel.calls.length,
      direct: directLabeling.map(({ model, usd, breakEvenRows }) => ({ model, usd, breakEvenRows })),
    },
    sample: await directSample(run),
    verdict: verdict.verdict,
    replay: { rows, votes, stopped },
  };
}
