import type { FileName } from "./names.ts";
import type { TaskFile } from "./task-file.ts";

/** Rows of the data as a model and as programs see them: no gold, no id, no group. */
export interface DataSample {
  file: FileName;
  values: Record<string, unknown>[];
  /** The same, packed for programs. */
  columns: Uint8Array;
}

/** Draws rows of the task's first data file at random; undefined where there is no file. */
export type SampleOf = (
  task: TaskFile,
  wanted: { rows: number; seed: number },
) => Promise<DataSample | undefined>;
