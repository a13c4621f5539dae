import { keys } from "../contracts/keys.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import type { Warning } from "../contracts/objects.ts";
import type { ProgramSummary } from "../contracts/receipt.ts";
import type { LabelStatistics } from "../contracts/votes.ts";
import { DamagedObjectError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import type { ComparedModel } from "./compare-models.ts";
import type { FittedLabelModel } from "./label-model.ts";
import type { Overview } from "./overview.ts";

/** What a run's votes add up to: the label model, and what the receipt says of them. */
export interface AggregateResult {
  model: FittedLabelModel;
  /** Distinct vote patterns. */
  patterns: number;
  /** [classes], estimated share of each among covered rows. */
  balance: number[];
  /** Share of rows with votes for different classes. */
  conflict: number;
  /** [classes], rows that get each label. */
  labels: number[];
  programs: ProgramSummary[];
  overview: Overview;
  /** The chosen label model beside the others; absent where the run is older than the comparison. */
  compared?: ComparedModel[];
  statistics: LabelStatistics;
  /** Rows with gold that made confidences truer; absent where the task allows no use of gold. */
  goldRows?: number;
  warnings: Warning[];
}

/** Reads a run's label model back. @throws ObjectNotFoundError, DamagedObjectError */
export async function loadAggregateResult(
  store: ObjectStore,
  task: TaskName,
  run: Hash,
): Promise<AggregateResult> {
  const key = keys.labelModel(task, run);
  const bytes = await store.get(key);
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as AggregateResult;
  } catch (cause) {
    throw new DamagedObjectError(key, { cause });
  }
}
