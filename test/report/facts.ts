import { compareModels } from "../../lib/aggregate/compare-models.ts";
import { histogramOf } from "../../lib/aggregate/histogram.ts";
import { fitLabelModel, posteriorsOf } from "../../lib/aggregate/label-model.ts";
import { labelShardWith } from "../../lib/aggregate/label-shard.ts";
import { overviewOf } from "../../lib/aggregate/overview.ts";
import { summarizeVotes } from "../../lib/aggregate/program-summary.ts";
import { mostProbable } from "../../lib/aggregate/winners.ts";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { hashOf } from "../../lib/contracts/hash.ts";
import { FileName, type ProgramId } from "../../lib/contracts/names.ts";
import { Run, type Source } from "../../lib/contracts/objects.ts";
import type { Verification } from "../../lib/contracts/verdict.ts";
import { goldCounts } from "../../lib/evaluate/gold-counts.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { notableRows } from "../../lib/publish/notable-rows.ts";
import { pseudolabelsOf } from "../../lib/publish/pseudolabels.ts";
import { receiptOf } from "../../lib/publish/receipt.ts";
import type { Facts } from "../../lib/report/report-page.ts";
import { packTexts } from "../../lib/tables/append-texts.ts";
import { taskOf } from "../support/tasks.ts";

interface Given {
  name?: string;
  description?: string;
  /** [programs] of [rows], ABSTAIN or a class. */
  votes: number[][];
  classes?: { name: string; description: string }[];
  ids?: string[];
  sources?: string[];
  /** [rows] of the text column. */
  texts?: string[];
  gold?: string[];
  labelModel?: "auto" | "majority";
  /** Each row stands for so many. */
  times?: number;
  verified?: Verification;
  /** Of each program. */
  faults?: Partial<Facts["result"]["statistics"]["programs"][number]>[];
  endModel?: Facts["receipt"]["endModel"];
  pictures?: Facts["pictures"];
  /** Whether the label models were compared. */
  compared?: boolean;
}

const NO_FAULTS = { error: 0, badReturn: 0, timeout: 0, killed: 0, compile: 0 };

/** What a run with these votes leaves for its report. */
export function factsOf(given: Given): Facts {
  const { votes, times = 1, name = "mail", description = "Decide whether a message is spam." } = given;
  const rows = votes[0].length;
  const classes = given.classes ?? [
    { name: "spam", description: "unsolicited" },
    { name: "ham", description: "wanted" },
  ];
  const ids = given.ids ?? votes.map((_, program) => `program-${program}`);
  const texts = given.texts ?? votes[0].map((_, row) => `row number ${row + 1}`);
  const columns = votes.map((column) => Int8Array.from(column));
  const histogram = histogramOf(columns, classes.length);
  histogram.counts.forEach((count, pattern) => {
    histogram.counts[pattern] = count * times;
  });
  const model = fitLabelModel(given.labelModel ?? "auto", histogram);
  const posteriors = posteriorsOf(model, histogram);
  const summary = summarizeVotes(histogram, model, posteriors);
  const names = { programs: ids, classes: classes.map((one) => one.name) };
  const labeled = pseudolabelsOf(
    labelShardWith(
      columns,
      ids.map(() => false),
      model,
      summary.balance,
    ),
    names,
  );
  const labels = Int8Array.from(labeled.which, (pattern) => {
    const { label } = labeled.distinct[pattern];
    return label === null ? ABSTAIN : names.classes.indexOf(label);
  });
  const programs = ids.map((id, program) => ({
    id: id as ProgramId,
    hash: hashOf(id),
    language: "javascript" as const,
    source: given.sources?.[program] ?? `function label(row) { return null; } // ${id}`,
    origin: { kind: "file" as const, file: FileName.parse("own.js") },
  }));
  const set = { hash: hashOf("set"), programs, rejected: [], calls: CALLS };
  const result = {
    model,
    patterns: histogram.counts.length,
    balance: summary.balance,
    conflict: 0,
    labels: names.classes.map((_, label) => times * labels.filter((one) => one === label).length),
    programs: summary.programs,
    overview: overviewOf(histogram, posteriors, summary.conflicting, (probabilities) =>
      mostProbable(probabilities, summary.balance),
    ),
    statistics: {
      rows: rows * times,
      covered: summary.covered,
      computed: rows * times * ids.length,
      reused: 0,
      seconds: 1,
      programs: ids.map((_, program) => ({
        faults: NO_FAULTS,
        first: {},
        cpuMs: 1,
        ...given.faults?.[program],
      })),
    },
    ...(given.compared !== false && { compared: compareModels(histogram, model) }),
    warnings: [],
  };
  const file = { ...taskOf(), name: name as Facts["task"]["name"], description, classes };
  const source: Source = {
    file: FileName.parse("mails.csv"),
    version: "1",
    bytes: 100,
    rows: rows * times,
    characters: 20 * rows * times,
    header: ["id", "text"],
    visible: [{ source: "text", name: "text" }],
    shards: [{ hash: hashOf("shard"), rows: rows * times }],
    rejected: {},
    duplicateIds: { rows: 0, lines: [] },
    missingIds: { rows: 0, lines: [] },
  };
  const run = Run.parse({
    name: "mails",
    file: "mails.csv",
    version: "1",
    source: hashOf("source"),
    set: set.hash,
    previousSet: null,
    classes: names.classes,
    about: {
      description,
      meanings: classes.map((one) => one.description),
      columns: {},
      model: "gpt-4o-mini",
    },
    verify: null,
    residual: null,
    balance: null,
    hardening: "standard",
    visible: source.visible,
    id: "id",
    label: null,
    labelModel: given.labelModel ?? "auto",
    format: "csv",
    outputFormat: "csv",
    outputName: "pseudolabel",
    notes: [],
  });
  const shard = {
    ...labeled,
    ...names,
    rows: {
      kind: "jsonl" as const,
      texts: packTexts(texts.map((text, row) => JSON.stringify({ id: row, text }))),
    },
    header: source.header,
    before: 0,
    visible: source.visible,
    id: "id",
  };
  const confidences = Float64Array.from(
    labeled.which,
    (pattern) => labeled.distinct[pattern].confidence ?? 0,
  );
  return {
    task: file,
    receipt: {
      ...receiptOf(
        { task: file, hash: hashOf("run"), run, source, verified: given.verified ?? NOT_VERIFIED },
        set,
        result,
        listPrices,
      ),
      ...(given.endModel && { endModel: given.endModel }),
    },
    set,
    result,
    pictures: given.pictures,
    notes: {
      rows: notableRows(shard),
      ...(given.gold && {
        gold: goldCounts({ gold: given.gold, labels, confidences, columns }, names.classes),
      }),
    },
  };
}

const CALLS: Facts["set"]["calls"] = [
  {
    purpose: "program",
    model: "gpt-4o-mini",
    request: hashOf("request"),
    inputTokens: 1_000,
    outputTokens: 500,
    estimated: true,
    usd: 0.001,
    recorded: "2026-11-25T12:00:00Z",
    note: "by hand",
  },
];

/** Votes that look random, the same each time: [programs] of [rows]. */
export function someVotes(programs: number, rows: number, classes: number): number[][] {
  let state = 7;
  const next = (below: number) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const truth = Array.from({ length: rows }, () => next(classes));
  return Array.from({ length: programs }, () =>
    truth.map((label) => (next(10) < 3 ? ABSTAIN : next(10) < 8 ? label : next(classes))),
  );
}

const NOT_VERIFIED: Verification = {
  settled: true,
  verdict: {
    verdict: null,
    reason: "Not verified: the task asks for no rows.",
    by: "model",
    model: null,
    sampled: 0,
    compared: 0,
    margin: 0.05,
    agreement: null,
    agreementWhereLabeled: null,
    chance: null,
    routedShare: null,
    coverage: 1,
    conflict: 0,
    classes: [],
    programs: [],
    cost: { calls: 0, inputTokens: 0, outputTokens: 0, estimated: false, usd: 0 },
    warnings: [],
  },
  routed: null,
  labels: [],
};
