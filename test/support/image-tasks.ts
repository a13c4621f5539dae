import type { Concept } from "../../lib/contracts/concepts.ts";
import type { ModelRequest } from "../../lib/ports.ts";
import { fenced, scriptedModel } from "./scripted-model.ts";

export const imageTask = (more: Record<string, unknown> = {}) => ({
  modality: "image",
  classes: ["cat", "dog"],
  features: { model: "tiny" },
  synthesis: { programs: 1 },
  ...more,
});

export const CONCEPTS: Concept[] = [
  { name: "ears", descriptions: ["pointed ears", "floppy ears", "no ears"] },
  { name: "coat", descriptions: ["a short coat", "a long coat"] },
];

export const json = (value: unknown): string => `\`\`\`json\n${JSON.stringify(value)}\n\`\`\``;
export const NAMES_REPLY = json(CONCEPTS.map(({ name }) => name));
export const DESCRIPTIONS_REPLY = json(
  Object.fromEntries(CONCEPTS.map(({ name, descriptions }) => [name, descriptions])),
);

export const EARS =
  'function label(row) {\n  return row.scores.ears["pointed ears"] > 0.5 ? "cat" : row.scores.ears["floppy ears"] > 0.5 ? "dog" : null;\n}';

/** Which step of an image task a request is, whatever was said since. */
export const stepOf = ({ messages }: ModelRequest): "names" | "descriptions" | "program" => {
  const asked = messages[1].content;
  if (asked.includes("Name the visual concepts")) return "names";
  return asked.includes("# The concepts") ? "descriptions" : "program";
};

/** A model that answers each step as it is told to, unless `more` says otherwise. */
export const conceptModel = (more: Partial<Record<"names" | "descriptions" | "program", string[]>> = {}) => {
  const replies = {
    names: [NAMES_REPLY],
    descriptions: [DESCRIPTIONS_REPLY],
    program: [fenced(EARS)],
    ...more,
  };
  const asked = { names: 0, descriptions: 0, program: 0 };
  return scriptedModel((request) => {
    const step = stepOf(request);
    const at = Math.min(asked[step], replies[step].length - 1);
    asked[step] += 1;
    return replies[step][at];
  });
};
