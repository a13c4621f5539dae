import type { LanguageModel, ModelReply, ModelRequest } from "../../lib/ports.ts";

/** A model that answers by script, and remembers what it was asked. An error is thrown. */
export function scriptedModel(
  script: (request: ModelRequest, call: number) => string | Partial<ModelReply> | Error,
): LanguageModel & { asked: ModelRequest[] } {
  const asked: ModelRequest[] = [];
  return {
    asked,
    complete: async (request) => {
      asked.push(request);
      const answer = script(request, asked.length);
      if (answer instanceof Error) throw answer;
      return {
        text: "",
        model: request.model,
        finishReason: "stop",
        usage: { inputTokens: 1_000, outputTokens: 500, estimated: false },
        ...(typeof answer === "string" ? { text: answer } : answer),
      };
    },
  };
}

/** A reply as models write it when they do as they are told. */
export const fenced = (source: string): string => `\`\`\`javascript\n${source}\n\`\`\`\n`;

/** Whether a request is for labels of rows, not for programs. */
export const asksForLabels = ({ messages }: ModelRequest): boolean =>
  messages[1].content.includes("\n# Rows\n");

/** The rows of a request for labels, as JSON shows them. */
export const rowsAsked = ({ messages }: ModelRequest): Record<string, unknown>[] =>
  [...messages[1].content.matchAll(/^\d+\t(.*)$/gm)].map(([, json]) => JSON.parse(json));

/** The reply to a request for labels, by the text of each row. */
export const labelsOf = (request: ModelRequest, classOf: (text: string) => string | null): string =>
  JSON.stringify({
    labels: rowsAsked(request).map((values, index) => ({
      row: index + 1,
      class: classOf(String(values.text)),
    })),
  });
