/** Of characters that nobody sees, or that turn or break a line: text that people overlook and models read. */
const UNSEEN = /[\p{Cc}\p{Cf}\u2028\u2029]/gu;

/**
 * A value as one line of JSON that nothing in it can end: what is quoted so stays data in a prompt, and what is hidden in it
 * is there for whoever reads the prompt.
 */
export const quoted = (value: unknown): string =>
  JSON.stringify(value).replace(UNSEEN, (hidden) =>
    Array.from(
      { length: hidden.length },
      (_, at) => `\\u${hidden.charCodeAt(at).toString(16).padStart(4, "0")}`,
    ).join(""),
  );

/** Numbered lines, each a value as JSON. */
export const quotedLines = (values: readonly unknown[]): string =>
  values.map((value, index) => `${index + 1}\t${quoted(value)}`).join("\n");

/** A value as it is, or the beginning and the end of its text. */
export function shortened(value: unknown, most: number): unknown {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "");
  if (text.length <= most) return value;
  const tail = Math.floor(most / 4);
  const left = text.length - most;
  return `${text.slice(0, most - tail)} [${left} characters left out] ${text.slice(-tail)}`.toWellFormed();
}
