import type { FileName } from "../contracts/names.ts";
import { InvalidInputError } from "../errors.ts";
import { explainRow } from "../explain/explain.ts";
import { findRow } from "../explain/find-row.ts";
import { type LabeledFile, openLabeledFile } from "../explain/labeled-file.ts";
import { replay, sampleRows } from "../explain/replay.ts";
import { dataFilesOf, openTask } from "../local/open-task.ts";
import type { Io, TaskOptions } from "./alchemist.ts";
import { explanationLines, replayLine } from "./explanation-lines.ts";
import { openPorts } from "./open-ports.ts";

/** What `alchemist explain` takes beside the folder and the row. */
export interface ExplainOptions extends Pick<TaskOptions, "out" | "data" | "json"> {
  replay?: boolean;
  sample?: number;
}

/** `alchemist explain`: why a row has its label, and whether it would get it again. */
export async function explainCommand(
  folder: string,
  row: string | undefined,
  options: ExplainOptions,
  io: Io,
): Promise<void> {
  if ((row === undefined) === (options.sample === undefined)) {
    throw new InvalidInputError(
      "explain",
      "give one row, by its id or its number (#12), or --sample N with --replay.",
    );
  }
  if (options.sample !== undefined && !options.replay) {
    throw new InvalidInputError("--sample", "rows are drawn to be replayed: add --replay.");
  }
  const local = await openTask(folder, { out: options.out, dataFiles: options.data });
  const { task, store } = local;
  const file = await openLabeledFile(store, task.name, onlyFile(await dataFilesOf(local)));
  if (row === undefined) {
    const done = await replayed(sampleRows(file, options.sample ?? 0));
    io.stdout.write(
      options.json
        ? `${JSON.stringify({ file: file.run.file, replay: done })}\n`
        : `${file.run.file}\n${replayLine(done)}\n`,
    );
    return;
  }
  const number = await findRow(store, file, row);
  const explanation = await explainRow(store, file, number);
  const done = options.replay ? await replayed([number]) : undefined;
  io.stdout.write(
    options.json
      ? `${JSON.stringify({ ...explanation, replay: done })}\n`
      : `${explanationLines(task.name, explanation, done).join("\n")}\n`,
  );

  async function replayed(rows: number[]) {
    const open = await openPorts(local, { llm: "recorded" }, io);
    try {
      return await replay(open.ports, file as LabeledFile, rows);
    } finally {
      await open.close();
    }
  }
}

function onlyFile(files: readonly FileName[]): FileName {
  if (files.length === 1) return files[0];
  throw new InvalidInputError(
    "--data",
    `the task has several data files: ${files.join(", ")}. Name the row's file.`,
  );
}
