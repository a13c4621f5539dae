import type { z } from "zod";

/** A schema's complaint in words: what was found at the path, and what is expected there. */
export function complaintOf(issue: z.core.$ZodIssue, content: unknown, path: readonly PropertyKey[]): string {
  const found = valueAt(content, path);
  const shown = found === undefined ? "nothing" : JSON.stringify(found)?.slice(0, 200);
  if (issue.code === "unrecognized_keys") {
    return "this field is unknown. Remove it, or check its spelling.";
  }
  if (issue.code === "invalid_value")
    return `found ${shown}. Expected ${issue.values.map(String).join(" or ")}.`;
  if (issue.code === "invalid_union") return `found ${shown}. Expected ${issue.message}.`;
  return `found ${shown}. Expected: ${issue.message.replace(/^Invalid input: expected /, "").replace(/^(Too (small|big): expected )/, "")}.`;
}

/** What stands at a path of a JSON value; undefined where the path leads nowhere. */
const valueAt = (content: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], content);
