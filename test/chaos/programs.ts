import { runInNewContext } from "node:vm";
import { ABSTAIN, unpackColumns } from "../../lib/contracts/columns.ts";
import type { LanguageModel, ProgramRunner } from "../../lib/ports.ts";
import { requestHash } from "../../lib/synthesize/ask.ts";
import { asksForLabels, fenced, labelsOf } from "../support/scripted-model.ts";

/** A program that finds a word at the head of a text. */
export const finds = (word: string, answer: string) =>
  `function label(row) {\n  return row.text.slice(0, 40).includes("${word}") ? "${answer}" : null;\n}`;

/** A model whose reply follows from what it is asked: a program, or labels. */
export const constantModel: LanguageModel = {
  complete: async (request) => ({
    text: asksForLabels(request)
      ? labelsOf(request, (text) => (text.includes("free") ? "spam" : "ham"))
      : fenced(`// ${requestHash(request)}\n${finds("gratis", "spam")}`),
    model: request.model,
    finishReason: "stop",
    usage: { inputTokens: 1_000, outputTokens: 500, estimated: false },
  }),
};

type Label = (row: { text: string }) => string | null;

const compiled = new Map<string, Label>();

/** Runs the good programs of these tests, each compiled once, in no time at all. */
export const quickRunner: ProgramRunner = {
  run: async ({ classes, programs, columns }) => {
    const [texts] = unpackColumns(columns).columns;
    return programs.map(({ source }) => {
      const label = compiled.get(source) ?? (runInNewContext(`${source}\n;label`) as Label);
      compiled.set(source, label);
      const answers = (texts.values as string[]).map((text) => label({ text }));
      const votes = Int8Array.from(answers, (one) => (one === null ? ABSTAIN : classes.indexOf(one)));
      return {
        votes,
        faults: { error: 0, badReturn: 0, timeout: 0, killed: 0, compile: 0 },
        first: {},
        cpuMs: 0,
      };
    });
  },
};
