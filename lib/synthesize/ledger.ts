import { z } from "zod";
import { keys } from "../contracts/keys.ts";
import { Hash, type TaskName } from "../contracts/names.ts";
import { parsed, RecordedReply } from "../contracts/objects.ts";
import type { ObjectStore, Ports } from "../ports.ts";

/** What a task has spent under one cap, and the calls that are under way, wherever they are made. */
const Ledger = z.strictObject({
  usd: z.number(),
  underWay: z.array(
    z.strictObject({
      id: z.string(),
      request: Hash,
      /** What it costs at most. */
      worst: z.number(),
      /** From then on it counts as lost: ISO date and time. */
      until: z.string(),
    }),
  ),
});
export type Ledger = z.infer<typeof Ledger>;

/** Where recordings are kept that one cap is for, and what the user calls that cap. */
export interface Drawer {
  name: "replies" | "residual";
  reply(task: TaskName, request: Hash): string;
  repliesOf(task: TaskName): string;
  cap: string;
}

/** Longer than any call takes: a function lives fifteen minutes, and the client here gives up after some twenty. */
const LOST_AFTER_MS = 30 * 60_000;

/** A ledger that many processes write: each change is made in the place of the version that it was made from. */
export function openLedger(task: TaskName, drawer: Drawer, { store, now }: Pick<Ports, "store" | "now">) {
  const key = keys.ledger(task, drawer.name);

  const read = async (): Promise<{ ledger: Ledger; version?: string }> => {
    // In this order: what was changed in between makes the write fail.
    const version = (await store.head(key))?.version;
    const found = version === undefined ? undefined : await store.find(key);
    if (found) return { ledger: parsed(Ledger, found, key), version };
    return { ledger: { usd: await recordedUsd(store, drawer.repliesOf(task)), underWay: [] } };
  };

  /** A call that nobody ended counts for what its recording says, where there is one. */
  const withoutLost = async ({ usd, underWay }: Ledger): Promise<Ledger> => {
    const left: Ledger = { usd, underWay: [] };
    for (const call of underWay) {
      if (Date.parse(call.until) > now().getTime()) left.underWay.push(call);
      else left.usd += await usdOf(store, drawer.reply(task, call.request));
    }
    return left;
  };

  /** Changes the ledger, or leaves it where `next` gives nothing. @returns what it was before */
  const change = async (next: (ledger: Ledger) => Ledger | undefined): Promise<Ledger> => {
    for (;;) {
      const { ledger, version } = await read();
      const before = await withoutLost(ledger);
      const after = next(before);
      if (after === undefined || (await store.create(key, JSON.stringify(after), version))) return before;
    }
  };

  // One change of this process after the other: they would only get in each other's way.
  let last: Promise<unknown> = Promise.resolve();
  return {
    change: (next: (ledger: Ledger) => Ledger | undefined): Promise<Ledger> => {
      const changed = last.then(() => change(next));
      last = changed.catch(() => undefined);
      return changed;
    },
    until: () => new Date(now().getTime() + LOST_AFTER_MS).toISOString(),
  };
}

async function recordedUsd(store: ObjectStore, prefix: string): Promise<number> {
  let sum = 0;
  for await (const { key } of store.list(prefix)) sum += await usdOf(store, key);
  return sum;
}

async function usdOf(store: ObjectStore, key: string): Promise<number> {
  const found = await store.find(key);
  return (found && parsed(RecordedReply, found, key).usd) ?? 0;
}
