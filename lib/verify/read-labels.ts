import { z } from "zod";
import { ABSTAIN } from "../contracts/columns.ts";
import { declinedReason } from "../synthesize/extract-program.ts";

const Labels = z.strictObject({
  labels: z.array(z.strictObject({ row: z.int(), class: z.string().nullable() })),
});

/** A reply's classes by row, ABSTAIN where it gave none; or why it cannot be used, said so that its writer can mend it. */
export function readLabels(
  { text, finishReason }: { text: string; finishReason: string },
  rows: number,
  classes: readonly string[],
): { labels: number[]; reason?: undefined } | { labels?: undefined; reason: string } {
  const declined = declinedReason({ text, finishReason });
  if (declined !== undefined) return { reason: declined };
  const found = jsonOf(text);
  if (found === undefined) {
    return {
      reason: finishReason === "length" ? "it was cut off before its end" : "it is not one JSON object",
    };
  }
  const parsed = Labels.safeParse(found);
  if (!parsed.success) {
    return { reason: 'it does not have the form {"labels":[{"row":1,"class":…}, …]}' };
  }
  const given = parsed.data.labels;
  if (given.length !== rows || given.some(({ row }, index) => row !== index + 1)) {
    return { reason: `it does not name the rows 1 to ${rows}, each once and in their order` };
  }
  const stranger = given.find((one) => one.class !== null && !classes.includes(one.class));
  if (stranger) {
    return {
      reason: `row ${stranger.row} has ${JSON.stringify(stranger.class?.slice(0, 100))}, which is not one of the classes`,
    };
  }
  return { labels: given.map((one) => (one.class === null ? ABSTAIN : classes.indexOf(one.class))) };
}

/** A reply that is JSON, bare or in one fence as Markdown has it. */
function jsonOf(text: string): unknown {
  try {
    return JSON.parse(withoutFence(text.trim()));
  } catch {
    return undefined;
  }
}

/** Not one pattern: blank lines that several of its parts could take would be tried in every division of them. */
function withoutFence(text: string): string {
  const [opening] = /^```(?:json)?[^\S\n]*\n/i.exec(text) ?? [];
  if (opening === undefined || !text.endsWith("```")) return text;
  const inside = text.slice(opening.length, -3);
  return inside.slice(inside.trimEnd().length).includes("\n") ? inside : text;
}
