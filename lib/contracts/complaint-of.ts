import { z } from "zod";

/** What a type that a schema expects is called in words. */
const WORDS: Record<string, string> = {
  array: "a list",
  boolean: "true or false",
  int: "a whole number",
  number: "a number",
  record: "a map of names",
  string: "text",
};

/** A schema's complaint in words: what was found at the path, and what is expected there. */
export function complaintOf(
  issue: z.core.$ZodIssue,
  content: unknown,
  path: readonly PropertyKey[],
  schema?: z.ZodType,
): string {
  if (issue.code === "unrecognized_keys") {
    const known = schema ? fieldsAt(schema, path.slice(0, -1)) : [];
    const may = known.length > 0 ? ` Fields that may stand here: ${known.join(", ")}.` : "";
    return `this field is unknown. Remove it, or check its spelling.${may}`;
  }
  const found = valueAt(content, path);
  const shown = found === undefined ? "nothing" : JSON.stringify(found)?.slice(0, 200);
  return `found ${shown}. Expected ${expectation(issue, schema ? fieldsAt(schema, path) : [])}.`;
}

function expectation(issue: z.core.$ZodIssue, fields: readonly string[]): string {
  if (issue.code === "invalid_value") return issue.values.map(String).join(" or ");
  if (issue.code === "invalid_type" && fields.length > 0) {
    const field = issue.path.at(-1);
    const such = field === undefined ? "" : `, such as ${String(field)}: { ${fields[0]}: … }`;
    return `fields below it${such}; there may be ${fields.join(", ")}`;
  }
  if (issue.code === "invalid_type" && WORDS[issue.expected]) return WORDS[issue.expected];
  return issue.message.replace(/^(Invalid input|Too small|Too big): expected /, "");
}

/** The fields that a schema knows at a path of it. */
function fieldsAt(schema: z.ZodType, path: readonly PropertyKey[]): string[] {
  const known = path.reduce<z.core.JSONSchema.BaseSchema | undefined>(
    (at, key) => {
      const below = at?.properties?.[String(key)];
      return typeof below === "object" ? below : undefined;
    },
    z.toJSONSchema(schema, { io: "input" }),
  );
  return Object.keys(known?.properties ?? {});
}

/** What stands at a path of a JSON value; undefined where the path leads nowhere. */
const valueAt = (content: unknown, path: readonly PropertyKey[]): unknown =>
  path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], content);
