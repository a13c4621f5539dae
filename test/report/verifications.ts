import type { Verification } from "../../lib/contracts/verdict.ts";
import { wilson } from "../../lib/verify/wilson.ts";

/** What a model said of a sample, and of uncertain rows. */
export const verifiedBy = (more: Partial<Verification["verdict"]> = {}): Verification => ({
  settled: true,
  verdict: {
    verdict: "hybrid",
    reason: "On 100 rows drawn at random the programs give the model's label to 84.0 %.",
    by: "model",
    model: "gpt-4o-mini",
    sampled: 100,
    compared: 100,
    margin: 0.1,
    agreement: wilson(84, 100),
    agreementWhereLabeled: wilson(84, 90),
    chance: 0.52,
    routedShare: 0.2,
    coverage: 0.9,
    conflict: 0.2,
    classes: [
      { name: "spam", sample: 40, programs: 34, both: 30 },
      { name: "ham", sample: 60, programs: 56, both: 54 },
    ],
    programs: [
      { id: "program-0", votes: 80, agreeing: 72, byLot: 41 },
      { id: "program-1", votes: 0, agreeing: 0, byLot: 0 },
    ],
    cost: { calls: 10, inputTokens: 5_000, outputTokens: 500, estimated: false, usd: 0.002 },
    warnings: [
      {
        code: "few-compared",
        message: "Only 40 of 100 sampled rows could be compared.",
        remedy: "Ask again.",
      },
    ],
    ...more,
  },
  routed: {
    model: "gpt-4o",
    capUsd: 0.2,
    candidates: 40,
    rows: 30,
    changed: 12,
    expectedGain: 9.5,
    expectedGainPerUsd: 52.3,
    reached: 0.812,
    stopped: "The cap was reached.",
    cost: { calls: 3, inputTokens: 3_000, outputTokens: 300, estimated: false, usd: 0.18 },
  },
  labels: [],
});
