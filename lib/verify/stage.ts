import { loadAggregateResult } from "../aggregate/aggregate-result.ts";
import { keys } from "../contracts/keys.ts";
import type { PublishShards, VerifyRun } from "../contracts/messages.ts";
import type { Run, Source } from "../contracts/objects.ts";
import { Verification } from "../contracts/verdict.ts";
import { loadEndLabeler } from "../end-model/load-end-model.ts";
import { DamagedObjectError } from "../errors.ts";
import { batches } from "../fan-in.ts";
import type { Ports } from "../ports.ts";
import type { Prices } from "../prices/prices.ts";
import { loadProgramSet, loadRun, loadSource, loadVerification } from "../run-objects.ts";
import { isPublished } from "../success.ts";
import { type Ask, asker } from "../synthesize/ask.ts";
import { residualReplies, taskReplies } from "../synthesize/money-box.ts";
import { seeWanted } from "../wanted.ts";
import { patientModel } from "./patient-model.ts";
import { route } from "./route.ts";
import { verdictOf } from "./verify-programs.ts";

export interface VerifyOptions {
  prices: Prices;
  /** Written into recordings: who or what answers, where the model's name does not say it. */
  note?: string;
  /** When to stop asking and to go on with a message of its own; never where it is not given. */
  askForSeconds?: number;
}

type VerifyPorts = Pick<Ports, "store" | "model" | "report" | "now">;

/**
 * verify: a fitted run → what a model says of some of its rows, then `publish` for every batch.
 *
 * A random sample is compared with the programs' labels, and rows that the label model is least certain of get the model's
 * label, each within its own cap. The outcome is fixed once an edition. Where something was missing that can come from
 * outside (a key, a recording, a price), labels that are published already get a new edition when it is there.
 */
export async function* verifyRun(
  message: VerifyRun,
  ports: VerifyPorts,
  options: VerifyOptions,
): AsyncGenerator<PublishShards | VerifyRun> {
  const { store } = ports;
  const { task, run: hash } = message;
  const run = await loadRun(store, task, hash);
  const { wanted, version } = await seeWanted(store, task, run.name);
  if (wanted?.run !== hash) return; // Another run took its place.
  const { edition } = wanted;
  const source = await loadSource(store, task, run.source);
  if (source === undefined) throw new DamagedObjectError(keys.source(task, run.source));

  const known = await loadVerification(store, task, hash, edition);
  const stands = await isPublished(store, task, run.name, wanted);
  if (stands && known?.settled) return; // Told twice.
  if (known === undefined || stands) {
    const found = await verification(message, { run, source }, ports, options);
    if (found === "more to ask") return yield message;
    const text = JSON.stringify(Verification.parse(found));
    if (known && text === JSON.stringify(known)) return; // Nothing has come from outside meanwhile.
    await store.create(keys.verification(task, hash, known ? edition + 1 : edition), text);
    const renewed = JSON.stringify({ run: hash, edition: edition + 1 });
    if (known && !(await store.create(keys.wanted(task, run.name), renewed, version))) return;
  }
  for (const batch of batches(source)) yield { stage: "publish", task, run: hash, ...batch };
}

async function verification(
  { task, run: hash }: VerifyRun,
  { run, source }: { run: Run; source: Source },
  { store, model, report, now }: VerifyPorts,
  { prices, note, askForSeconds }: VerifyOptions,
): Promise<Verification | "more to ask"> {
  const fitted = await loadAggregateResult(store, task, hash);
  const set = await loadProgramSet(store, task, run.set);
  const endLabel = await loadEndLabeler(store, task, hash, run, fitted.balance);
  const open = { task, run, source, fitted, set, endLabel };
  const patient = patientModel(model, now, askForSeconds);
  const within = (usd: number, drawer = taskReplies): Ask => {
    const settings = { task: { name: task, budget: { usd } }, prices, note };
    const ask = asker(settings, { store, model: patient.model, now }, drawer);
    return async (purpose, request) => {
      const answer = await ask(purpose, request);
      const { replayed, recording } = answer;
      report({
        stage: "verify",
        calls: replayed ? 0 : 1,
        replayed: replayed ? 1 : 0,
        usd: replayed ? 0 : (recording.usd ?? 0),
      });
      return answer;
    };
  };
  const { verdict, settled } = await verdictOf(open, within(run.verify?.usd ?? 0), store);
  const routed = run.residual
    ? await route(open, run.residual, within(run.residual.usd, residualReplies), store)
    : { routed: null, labels: [], settled: true };
  if (patient.isTired() && patient.asked() > 0) return "more to ask";
  return {
    settled: settled && routed.settled,
    verdict,
    routed: routed.routed,
    labels: routed.labels,
  };
}
