import type { Hash } from "../contracts/names.ts";
import type { ProgramSet, RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import type { Ports } from "../ports.ts";
import type { Ask } from "./ask.ts";
import { draftSet } from "./draft-set.ts";
import { NoProgramsError } from "./no-programs-error.ts";
import type { OwnProgram } from "./own-programs.ts";
import type { PlannedProgram } from "./planned-programs.ts";
import { probeRows } from "./probes.ts";
import { type Candidate, programSetOf } from "./program-set.ts";
import type { PromptColumn } from "./prompts.ts";
import type { AskProgress } from "./reporting-ask.ts";
import { screened } from "./screen.ts";
import type { Material } from "./shown-material.ts";
import type { FoundConcepts } from "./task-concepts.ts";
import { translatePrograms } from "./translate-programs.ts";
import type { AutoOrder } from "./try-strategies.ts";
import { wrongOnPictures } from "./wrong-on-pictures.ts";

/** What a set is made from. */
export interface Order {
  task: TaskFile;
  columns: PromptColumn[];
  /** What to ask for first. */
  planned: PlannedProgram[];
  own: OwnProgram[];
  /** Of image tasks. */
  found?: FoundConcepts;
  /** What prompts show besides the task. */
  material: Material;
  /** Of `strategies: auto`. */
  auto?: AutoOrder;
}

type WritePorts = Pick<Ports, "runner" | "report">;

/**
 * Has the model's programs written, screens them and the user's own, and makes them a set.
 *
 * @returns the set, and each recording that it was made from
 * @throws NoProgramsError where not one program can join
 */
export async function writeSet(
  order: Order,
  ports: WritePorts,
  { ask, progress }: { ask: Ask; progress: AskProgress },
): Promise<{ set: ProgramSet; recordings: Map<Hash, RecordedReply> }> {
  const { task, columns, own, found, material } = order;
  const classes = task.classes.map(({ name }) => name);
  const screening = {
    classes,
    probes: probeRows(task, columns),
    runner: ports.runner,
    hardening: task.hardening,
    ...(task.modality === "image" && { alsoWrong: wrongOnPictures(task) }),
  };
  const { language } = task.synthesis;

  const readable = own.filter(({ reason }) => reason === undefined);
  const ownReasons = await screened(readable, screening);
  const { drafts, choice } = await draftSet(order, ask, screening);

  const candidates: Candidate[] = [
    ...drafts.map(({ id, source, reason, strategy, answers }) => ({
      id,
      language,
      source,
      reason,
      origin: { kind: "model" as const, strategy, replies: answers.map(({ call }) => call.request) },
    })),
    ...own.map((program) => ({
      id: program.id,
      language: program.language,
      source: program.source,
      reason: program.reason ?? ownReasons[readable.indexOf(program)],
      origin: { kind: "file" as const, file: program.file },
    })),
  ];
  // Programs of one strategy share its knowledge: each call counts once.
  const all = [...(found?.answers ?? []), ...material.answers, ...drafts.flatMap((draft) => draft.answers)];
  const answers = new Map(all.map((answer) => [answer.call.request, answer]));
  if (task.synthesis.translate) {
    const originals = candidates.filter((one) => one.language === "python" && one.reason === undefined);
    const translations = await translatePrograms(originals, task, ask, screening);
    for (const [index, { answer, ...translation }] of translations.entries()) {
      originals[index].translation = translation;
      if (answer) answers.set(answer.call.request, answer);
    }
  }
  const set = programSetOf(
    candidates,
    classes,
    [...answers.values()].map(({ call }) => call),
    choice,
  );
  if (set.programs.length === 0) throw new NoProgramsError(task.name, set.rejected);
  ports.report({ ...progress, programs: set.programs.length });
  return { set, recordings: new Map([...answers].map(([hash, { recording }]) => [hash, recording])) };
}
