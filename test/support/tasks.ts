import { parseTaskFile, type TaskFile } from "../../lib/contracts/task-file.ts";

/** A small text task; `more` adds fields or replaces them. */
export const taskText = (more: Record<string, unknown> = {}): string =>
  JSON.stringify({
    name: "mail",
    description: "Decide whether a message is spam.",
    classes: { spam: "unsolicited mail", ham: "wanted mail" },
    ...more,
  });

export const taskOf = (more: Record<string, unknown> = {}): TaskFile =>
  parseTaskFile(taskText(more), "task.json");
