import type { Progress } from "../lib/ports.ts";

/** Writes one line of JSON, which CloudWatch takes apart into fields. */
export function log(level: "info" | "error", fields: Record<string, unknown>): void {
  process.stdout.write(`${JSON.stringify({ time: new Date().toISOString(), level, ...fields })}\n`);
}

/** What a log keeps of an error: its code to count by, its words, and where it came from. */
export const errorFields = (error: unknown): Record<string, unknown> =>
  error instanceof Error
    ? {
        error: error.name,
        ...("code" in error && { code: error.code }),
        message: error.message,
        stack: error.stack,
        ...(error.cause !== undefined && { cause: String(error.cause) }),
      }
    : { error: String(error) };

/** What a stage reports of its work, as a line of the log. */
export const logProgress = (progress: Progress): void => log("info", { ...progress });
