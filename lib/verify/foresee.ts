import type { RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { combined, type Expectation, type ReplyLengths } from "../prices/reply-lengths.ts";
import { directRequest, isDirectRequest, MOST_CHARACTERS, MOST_ROWS } from "./direct-prompt.ts";
import { directTask } from "./direct-task.ts";

/** What labeling so many rows directly takes. */
export interface ForeseenLabels {
  calls: number;
  inputTokens: number;
  outputTokens: Expectation;
}

/** Rows of a task as they will be shown to the model. */
export interface ShownRows {
  rows: number;
  /** Of all rows together, each cut as it will be. */
  shownCharacters: number;
}

/** Foresees the calls that label so many of the rows, all alike. */
export function foreseenLabels(
  count: number,
  task: TaskFile,
  { rows, shownCharacters }: ShownRows,
  { tokensALabel }: ReplyLengths,
): ForeseenLabels {
  const asked = Math.min(count, rows);
  if (asked === 0) return { calls: 0, inputTokens: 0, outputTokens: combined(() => 0) };
  const characters = shownCharacters / rows + ROW_FRAME;
  const rowsACall = Math.max(1, Math.min(MOST_ROWS, Math.floor(MOST_CHARACTERS / characters)));
  const calls = Math.ceil(asked / rowsACall);
  const direct = directTask(task);
  const { classes } = direct;
  const frame = directRequest(direct, [], { model: task.verify.model, seed: 0 });
  const overhead = frame.messages.reduce((sum, { content }) => sum + content.length, 0);
  const names = classes.reduce((sum, name) => sum + name.length, 0) / classes.length;
  return {
    calls,
    inputTokens: Math.ceil((calls * overhead + asked * characters) / 4),
    outputTokens: combined((which) => asked * (tokensALabel[which] + names / 4), Math.ceil),
  };
}

/** Number, tab, braces, a name and escapes around a row's content. */
const ROW_FRAME = 25;

/** Calls with which a model labeled rows of this task already. */
export const labelCallsIn = (recordings: Iterable<RecordedReply>, model: string): number => {
  let calls = 0;
  for (const { request } of recordings) if (request.model === model && isDirectRequest(request)) calls += 1;
  return calls;
};
