import { z } from "zod";
import type { Concept } from "../contracts/concepts.ts";
import { conceptsProblem, namesProblem } from "./check-concepts.ts";
import { declinedReason } from "./extract-program.ts";

/** What a reply says, or why it cannot be used, worded for its author to mend it. */
export type Read<T> = { found: T; reason?: undefined } | { found?: undefined; reason: string };

interface Reply {
  text: string;
  finishReason: string;
}

const Names = z.array(z.string().trim());
const Descriptions = z.record(z.string(), z.array(z.string().trim()));

/** The concepts' names in a reply of the first step. */
export function readNames(reply: Reply): Read<string[]> {
  const { found, reason } = readJson(reply, Names, "a JSON list of strings");
  if (found === undefined) return { reason };
  const problem = namesProblem(found);
  return problem === undefined ? { found } : { reason: problem };
}

/** The concepts in a reply of the second step, those that were asked for and in their order. */
export function readDescriptions(reply: Reply, names: readonly string[]): Read<Concept[]> {
  const { found, reason } = readJson(reply, Descriptions, "a JSON object of lists of strings");
  if (found === undefined) return { reason };
  const given = new Map(Object.entries(found).map(([name, list]) => [name.trim(), list]));
  const missing = names.find((name) => !given.has(name));
  if (missing !== undefined) return { reason: `it has no descriptions of ${JSON.stringify(missing)}` };
  const foreign = [...given.keys()].find((name) => !names.includes(name));
  if (foreign !== undefined) {
    return { reason: `it has the concept ${JSON.stringify(foreign.slice(0, 80))}, which was not asked for` };
  }
  const concepts = names.map((name) => ({ name, descriptions: given.get(name) ?? [] }));
  const problem = conceptsProblem(concepts);
  return problem === undefined ? { found: concepts } : { reason: problem };
}

function readJson<S extends z.ZodType>(reply: Reply, schema: S, expected: string): Read<z.infer<S>> {
  const declined = declinedReason(reply);
  if (declined !== undefined) return { reason: declined };
  let value: unknown;
  try {
    value = JSON.parse(firstBlock(reply.text) ?? reply.text);
  } catch {
    return {
      reason:
        reply.finishReason === "length"
          ? "it was cut off before its end; write fewer descriptions"
          : `it is not ${expected} that parses`,
    };
  }
  const read = schema.safeParse(value);
  return read.success ? { found: read.data } : { reason: `it is not ${expected}` };
}

/** What stands in the first fence; undefined where there is none, or it does not end. */
function firstBlock(text: string): string | undefined {
  const opening = /```(?:json)?[^\S\n]*\n/i.exec(text);
  const start = opening ? opening.index + opening[0].length : -1;
  const end = text.indexOf("```", start);
  return opening && end !== -1 ? text.slice(start, end) : undefined;
}
