import { ABSTAIN } from "../contracts/columns.ts";
import type { ModelCall } from "../contracts/objects.ts";
import { type Routed, sumOfCalls, type Verification } from "../contracts/verdict.ts";
import type { ResidualSettings } from "../contracts/verify-settings.ts";
import type { AlchemistError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import type { Ask } from "../synthesize/ask.ts";
import { labelDirectly } from "./label-directly.ts";
import { leastCertain } from "./least-certain.ts";
import { type Judged, readValues } from "./read-rows.ts";
import { type FittedRun, isSettled } from "./verify-programs.ts";

/** Rows that are read and asked for together. */
const ROWS_AT_ONCE = 500;

interface RoutedRows extends Pick<Verification, "labels"> {
  routed: Routed;
  settled: boolean;
}

/** Has a model label the rows that programs are least certain of, least certain first, until its cap is spent. */
export async function route(
  open: FittedRun,
  { model, usd, below, seed }: ResidualSettings,
  ask: Ask,
  store: ObjectStore,
): Promise<RoutedRows> {
  const candidates = await leastCertain(open, below, store);
  const labeled: (Judged & { given: number })[] = [];
  const calls = new Map<string, ModelCall>();
  let stopped: AlchemistError | undefined;
  for (let at = 0; at < candidates.length && !stopped; at += ROWS_AT_ONCE) {
    const rows = candidates.slice(at, at + ROWS_AT_ONCE);
    const values = await readValues(rows, open, store);
    const answer = await labelDirectly(values, open.run, { model, seed, purpose: "residual" }, ask);
    for (const call of answer.calls) calls.set(call.request, call);
    for (const [index, row] of rows.entries()) {
      const given = answer.labels[index] ?? ABSTAIN;
      if (given !== ABSTAIN) labeled.push({ ...row, given });
    }
    stopped = answer.stopped;
  }
  const cost = sumOfCalls([...calls.values()]);
  // What the label model itself expects to be wrong: a row without a label is wrong for certain.
  const expectedGain = labeled.reduce((sum, { confidence }) => sum + 1 - confidence, 0);
  return {
    routed: {
      model,
      capUsd: usd,
      candidates: candidates.length,
      rows: labeled.length,
      changed: labeled.filter(({ label, given }) => label !== given).length,
      expectedGain,
      expectedGainPerUsd: cost.usd ? expectedGain / cost.usd : null,
      // They come least certain first.
      reached: labeled.at(-1)?.confidence ?? null,
      stopped:
        stopped?.message ??
        `Every row that the label model is less than ${100 * below} % certain of was asked for.`,
      cost,
    },
    labels: labeled.map(({ shard, row, label, given }) => [shard, row, label, given]),
    settled: isSettled(stopped),
  };
}
