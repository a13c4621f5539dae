import type { Hash } from "../contracts/names.ts";
import type { ShownRows } from "../contracts/shown-rows.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { Ports } from "../ports.ts";
import type { Answer, Ask } from "./ask.ts";
import type { PlannedProgram } from "./planned-programs.ts";
import type { PromptColumn } from "./prompts.ts";
import { type Retrieved, readKnowledge, retrieve } from "./retrieve.ts";
import { type DrawRows, shownRows } from "./shown-rows.ts";
import type { Shown } from "./shown-sections.ts";

/** What prompts show besides the task, where it comes from, and what was asked to find it. */
export interface Material {
  shown: Shown;
  retrieved?: Retrieved;
  rows?: ShownRows;
  answers: Answer[];
}

/** Gathers what the planned programs' prompts are to show: nothing where the task asks for nothing. */
export async function shownMaterial(
  { task, columns, planned }: { task: TaskFile; columns: readonly PromptColumn[]; planned: PlannedProgram[] },
  { store, pdfText, report, draw }: Pick<Ports, "store" | "pdfText" | "report"> & { draw?: DrawRows },
  ask: Ask,
): Promise<Material> {
  const rows = showsRows(task, planned) ? await shownRows(task, columns, store, draw) : undefined;
  let retrieved: Retrieved | undefined;
  if (showsPassages(planned)) {
    const read = await readKnowledge(task, { store, pdfText });
    const { documents, passages, leftOut } = read;
    report({ stage: "documents", read: documents.length, passages: passages.length, leftOut });
    retrieved = await retrieve(task, read, ask);
  }
  return {
    shown: { passages: retrieved?.chosen, rows: rows?.rows },
    answers: retrieved?.answers ?? [],
    ...(retrieved && { retrieved }),
    ...(rows && { rows }),
  };
}

/** Whether a prompt shows rows of the data. */
export const showsRows = ({ synthesis }: TaskFile, planned: readonly PlannedProgram[]): boolean =>
  synthesis.examples > 0 && planned.length > 0;

/** Whether a prompt shows passages of documents. */
export const showsPassages = (planned: readonly PlannedProgram[]): boolean =>
  planned.some(({ strategy }) => strategy === "retrieval");

/** What of it decides a set that requests do not tell: its receipt lists what was asked. */
export const askedFor = ({ answers }: Material): Hash[] => answers.map(({ call }) => call.request);
