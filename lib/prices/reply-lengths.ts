import { z } from "zod";
import measured from "./reply-lengths.json" with { type: "json" };

/** What is expected, and between what it may lie. */
export const Expectation = z.strictObject({ low: z.number(), mean: z.number(), high: z.number() });
export type Expectation = z.infer<typeof Expectation>;

/** How long replies are, in tokens, by what they are asked for; measured, with the date and on what. */
const ReplyLengths = z.strictObject({
  asOf: z.iso.date(),
  source: z.string(),
  program: z.strictObject({ text: Expectation, record: Expectation, pixels: Expectation }),
  knowledge: Expectation,
  repairsAProgram: Expectation,
  tokensALabel: Expectation,
});
export type ReplyLengths = z.infer<typeof ReplyLengths>;

export const replyLengths: ReplyLengths = ReplyLengths.parse(measured);

/** Each of three numbers by its own. */
export const combined = (
  of: (which: keyof Expectation) => number,
  round: (value: number) => number = (value) => value,
): Expectation => ({ low: round(of("low")), mean: round(of("mean")), high: round(of("high")) });

/** Fewer replies say too little. */
const LEAST_OWN = 3;

/** What replies already recorded for the same purpose say of the next ones; `otherwise` where they are too few. */
export function expectedLength(own: readonly number[], otherwise: Expectation): Expectation {
  if (own.length < LEAST_OWN) return otherwise;
  const mean = own.reduce((sum, tokens) => sum + tokens, 0) / own.length;
  return { low: Math.min(...own), mean, high: Math.max(...own) };
}
