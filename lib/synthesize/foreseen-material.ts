import type { Hash } from "../contracts/names.ts";
import type { RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { ModelRequest, Ports } from "../ports.ts";
import { requestHash } from "./ask.ts";
import { plannedPrograms } from "./planned-programs.ts";
import type { PromptColumn } from "./prompts.ts";
import { foreseenPassages, readKnowledge } from "./retrieve.ts";
import { showsPassages, showsRows } from "./shown-material.ts";
import { type DrawRows, shownRows } from "./shown-rows.ts";
import type { Shown } from "./shown-sections.ts";

/** What prompts will show besides the task, as far as that is known before anybody is asked. */
export interface ForeseenMaterial {
  /** Passages as words rank them, where embeddings are still to be asked for: of about the same length. */
  shown: Shown;
  /** Requests for embeddings still to be made. */
  open: ModelRequest[];
  found: RecordedReply[];
}

/** Gathers what prompts will show. Asks nobody and writes nothing. */
export async function foreseenMaterial(
  task: TaskFile,
  columns: readonly PromptColumn[],
  {
    store,
    pdfText,
    draw,
    recordings,
  }: Pick<Ports, "store" | "pdfText"> & { draw?: DrawRows; recordings: ReadonlyMap<Hash, RecordedReply> },
): Promise<ForeseenMaterial> {
  const planned = plannedPrograms(task.synthesis);
  const rows = showsRows(task, planned) ? await shownRows(task, columns, store, draw) : undefined;
  const passages = showsPassages(planned)
    ? foreseenPassages(task, await readKnowledge(task, { store, pdfText }), (request) =>
        recordings.get(requestHash(request)),
      )
    : undefined;
  return {
    shown: { passages: passages?.chosen, rows: rows?.rows },
    open: passages?.open ?? [],
    found: passages?.found ?? [],
  };
}
