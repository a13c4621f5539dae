import { randomUUID } from "node:crypto";
import { keys } from "../contracts/keys.ts";
import type { Hash } from "../contracts/names.ts";
import type { RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { AlchemistError, RefusedError } from "../errors.ts";
import type { Ports } from "../ports.ts";
import { dollars } from "../prices/prices.ts";
import { type Drawer, type Ledger, openLedger } from "./ledger.ts";

/** The next call could pass the task's cap. */
class BudgetExceededError extends RefusedError {
  readonly code = "budget-exceeded";
  readonly spentUsd: number;
  readonly capUsd: number;

  constructor(
    model: string,
    field: string,
    { spent, cap, worst }: { spent: number; cap: number; worst: number },
  ) {
    super(
      `Spent ${dollars(spent)} of the cap of ${dollars(cap)} (${field}), and the next call to ${model} could cost ` +
        `${dollars(worst)}. Everything paid for is kept and is not paid again. ` +
        `To go on, raise ${field}${field === taskReplies.cap ? " or ask for less (synthesis.programs, verify.rows)" : ""}.`,
    );
    this.spentUsd = spent;
    this.capUsd = cap;
  }
}

/** Calls that others have under way hold what is left of the cap: when they end there may be enough. */
class BudgetHeldError extends AlchemistError {
  readonly code = "budget-held";

  constructor(model: string, field: string, held: number, until: string) {
    super(
      `Calls under way elsewhere, or that were broken off, may cost ${dollars(held)}, and with the next call to ${model} that ` +
        `could pass the cap (${field}). Run again when they have ended, at the latest after ${until}, or raise ${field}.`,
    );
  }
}

/** All that a task asks for, but for what has a cap of its own. */
export const taskReplies: Drawer = {
  name: "replies",
  reply: keys.reply,
  repliesOf: keys.repliesOf,
  cap: "budget.usd",
};

/** Labels of single rows: their cap is the user's word on what those rows are worth. */
export const residualReplies: Drawer = {
  name: "residual",
  reply: keys.residualReply,
  repliesOf: keys.residualRepliesOf,
  cap: "residual.usd",
};

/**
 * Money that a task may spend over its whole life. A call's worst case is put into the ledger before the call is made, and
 * what it cost in its place afterwards, so that stages that ask at the same moment never count on the same money.
 */
export function moneyBox(
  { name, budget }: Pick<TaskFile, "name" | "budget">,
  ports: Pick<Ports, "store" | "now">,
  drawer: Drawer = taskReplies,
) {
  const cap = budget.usd;
  const ledger = openLedger(name, drawer, ports);
  /** Calls that are in the ledger and were put there here, until they are out of it. */
  const underWay = new Set<Promise<void>>();

  /** Puts a call into the ledger, as soon as it fits. */
  const reserve = async (
    model: string,
    call: Pick<Ledger["underWay"][number], "id" | "request" | "worst">,
    ended: Promise<void>,
  ): Promise<void> => {
    for (;;) {
      const fits = (now: Ledger) => cap > 0 && heldBy(now) + call.worst <= cap;
      let others: Promise<void>[] = [];
      const before = await ledger.change((now) => {
        others = [...underWay].filter((one) => one !== ended);
        if (!fits(now)) return undefined;
        // Before anybody else here looks into the ledger, who would take it for a stranger's.
        underWay.add(ended);
        return { ...now, underWay: [...now.underWay, { ...call, until: ledger.until() }] };
      });
      if (fits(before)) return;
      underWay.delete(ended);
      if (others.length > 0) {
        await Promise.race(others);
      } else if (cap === 0 || before.usd + call.worst > cap) {
        throw new BudgetExceededError(model, drawer.cap, { spent: before.usd, cap, worst: call.worst });
      } else {
        const [last] = before.underWay
          .map(({ until }) => until)
          .toSorted()
          .reverse();
        throw new BudgetHeldError(model, drawer.cap, heldBy(before) - before.usd, last);
      }
    }
  };

  return {
    /**
     * Makes a call that costs at most `worst`; while calls under way here stand against that, waits for what they really
     * cost.
     *
     * @throws BudgetExceededError before the call, where it could pass the cap; BudgetHeldError where it may not any more
     * when the calls of others have ended
     */
    spend: async (
      { model, request, worst }: { model: string; request: Hash; worst: number },
      make: () => Promise<RecordedReply>,
    ): Promise<RecordedReply> => {
      const id = randomUUID();
      const ended = Promise.withResolvers<void>();
      let usd = 0;
      try {
        await reserve(model, { id, request, worst }, ended.promise);
        try {
          const recording = await make();
          usd = recording.usd ?? 0;
          return recording;
        } finally {
          await ledger.change((now) => ({
            usd: now.usd + usd,
            underWay: now.underWay.filter((one) => one.id !== id),
          }));
        }
      } finally {
        underWay.delete(ended.promise);
        ended.resolve();
      }
    },
  };
}

/** What is spent, and at most will be by calls under way. */
const heldBy = ({ usd, underWay }: Ledger): number => underWay.reduce((sum, { worst }) => sum + worst, usd);
