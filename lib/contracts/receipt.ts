import { z } from "zod";
import { Choice } from "./gold.ts";
import { Hash } from "./names.ts";
import { ModelCall, Warning } from "./objects.ts";
import { StrategyChoice } from "./strategy-choice.ts";
import { Routed, Verdict } from "./verdict.ts";
import { Faults } from "./votes.ts";

/** One program over all rows of a run; shares are of the rows, or of its votes where it says so. */
export const ProgramSummary = z.strictObject({
  /** Share of rows on which it voted. */
  coverage: z.number(),
  /** Share of rows on which it voted and another program did too. */
  overlap: z.number(),
  /** Share of rows on which it voted and another program voted otherwise. */
  conflict: z.number(),
  /** Expected share of its votes that are right, by the label model's posterior; null without votes. */
  accuracy: z.number().nullable(),
  /** What its votes count for in the label model. */
  weight: z.number(),
});
export type ProgramSummary = z.infer<typeof ProgramSummary>;

const DirectLabeling = z.strictObject({
  model: z.string(),
  inputTokens: z.number(),
  outputTokens: z.number(),
  usd: z.number(),
  /** From how many rows on the programs are cheaper; null where that cannot be said. */
  breakEvenRows: z.number().nullable(),
});

/** How a program set voted in the first run that it finished. */
export const Baseline = z.strictObject({
  run: Hash,
  file: z.string(),
  rows: z.int(),
  covered: z.int(),
  conflicting: z.int(),
  /** [programs] of [classes], rows. */
  votes: z.array(z.array(z.int())),
});
export type Baseline = z.infer<typeof Baseline>;

/** What of a run's votes is no longer as it was in that first run. */
const Drift = z.strictObject({
  /** The run that is compared with, its data file and rows. */
  run: z.string(),
  file: z.string(),
  rows: z.int(),
  findings: z.array(
    z.strictObject({
      /** A program's id, or a share of the rows. */
      what: z.string(),
      /** Jensen-Shannon divergence, in nats. */
      divergence: z.number(),
      /** Rows by outcome: of a program its votes by class and its abstentions, of a share those in it and the others. */
      before: z.array(z.int()),
      now: z.array(z.int()),
    }),
  ),
});
export type Drift = z.infer<typeof Drift>;

/** receipt.json: what a run's labels are and what they cost. */
export const Receipt = z.strictObject({
  task: z.string(),
  run: z.string(),
  data: z.strictObject({
    file: z.string(),
    bytes: z.int(),
    rows: z.int(),
    /** Rows that could not be used, by reason; all are listed in rejected.jsonl. */
    rejected: z.record(z.string(), z.strictObject({ rows: z.int(), lines: z.array(z.int()) })),
    duplicateIds: z.strictObject({ rows: z.int(), lines: z.array(z.int()) }),
    missingIds: z.strictObject({ rows: z.int(), lines: z.array(z.int()) }),
  }),
  labels: z.strictObject({
    format: z.string(),
    parts: z.int(),
    /** Rows on which at least one program voted, and their share. */
    covered: z.int(),
    coverage: z.number(),
    classes: z.record(z.string(), z.int()),
    /** Rows that have a model's label instead of the programs'. */
    byModel: z.int(),
    unlabeled: z.int(),
  }),
  /** Of image tasks: what pictures were looked at with, and which concepts they were compared with; none where programs see pixels. */
  features: z
    .strictObject({
      model: z.strictObject({ name: z.string(), kind: z.string(), hash: Hash, logitScale: z.number() }),
      concepts: Hash.optional(),
      /** How many pixels programs saw beside the scores of concepts, where they did. */
      pixels: z.string().optional(),
    })
    .optional(),
  labelModel: z.strictObject({
    name: z.string(),
    patterns: z.int(),
    /** Rows with gold that made its confidences truer. */
    goldRows: z.int().optional(),
  }),
  /** Absent where none was trained. */
  endModel: z
    .strictObject({
      name: z.string(),
      /** Rows that it learned from. */
      trainedOn: z.int(),
      /** Of them, rows first held out, and the share of those that it labeled as the label model does. */
      heldOut: z.int(),
      agreement: z.number(),
      /** Rows without a vote, which it labeled alone. */
      alone: z.int(),
      /** Rows with votes whose label it changed. */
      changed: z.int(),
      /** Where gold was to choose whose labels rows with votes get. */
      choice: Choice.optional(),
    })
    .optional(),
  programs: z.array(
    ProgramSummary.extend({
      id: z.string(),
      hash: z.string(),
      /** Rows on which it voted, and on which it abstained, faults included. */
      votes: z.int(),
      abstentions: z.int(),
      faults: Faults,
      /** For each reason that it failed for, the row where it first did, counted from 1 among rows that could be used. */
      firstFault: z.partialRecord(z.keyof(Faults), z.int()),
      /** It timed out or had to be killed on some row, so none of its votes counts. */
      dropped: z.boolean(),
      cpuSeconds: z.number(),
    }),
  ),
  /** What the programs cost when they were written; replayed recordings included. */
  languageModel: z.strictObject({
    calls: z.array(ModelCall),
    inputTokens: z.int(),
    outputTokens: z.int(),
    estimated: z.boolean(),
    /** Null where a model's price is not known. */
    usd: z.number().nullable(),
    prices: z.strictObject({ asOf: z.string(), source: z.string() }),
  }),
  compute: z.strictObject({
    votesComputed: z.int(),
    votesReused: z.int(),
    /** Wall-clock seconds of the label stage, summed over shards. */
    labelSeconds: z.number(),
    /** The same in a function of one vCPU. */
    gbSeconds: z.number(),
    /** CPU seconds that training the end model took. */
    trainSeconds: z.number().optional(),
  }),
  /** What the same rows would cost, labeled by a model one by one. */
  directLabeling: z.array(DirectLabeling),
  /** Of `strategies: auto`: what was tried, how it did, and why. */
  strategies: StrategyChoice.optional(),
  /** Whether the programs can be trusted with these rows. */
  verdict: Verdict,
  /** Rows that a model labeled; null where the task asks for none. */
  residual: Routed.nullable(),
  /** Where the programs vote otherwise than in the first run that they finished. */
  drift: Drift.optional(),
  warnings: z.array(Warning),
});
export type Receipt = z.infer<typeof Receipt>;

/** _SUCCESS: which run the labels beside it are of; written last, when every part is whole. */
export const Success = z.strictObject({
  run: Hash,
  /** Of this run's publications, which one. */
  edition: z.int(),
  rows: z.int(),
  parts: z.int(),
});
export type Success = z.infer<typeof Success>;
