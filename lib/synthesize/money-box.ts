import { keys } from "../contracts/keys.ts";
import type { Hash, TaskName } from "../contracts/names.ts";
import { parsed, RecordedReply } from "../contracts/objects.ts";
import type { TaskFile } from "../contracts/task-file.ts";
import { RefusedError } from "../errors.ts";
import type { ObjectStore } from "../ports.ts";
import { dollars } from "../prices/prices.ts";

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

/** Where recordings are kept that one cap is for, and what the user calls that cap. */
export interface Drawer {
  reply(task: TaskName, request: Hash): string;
  repliesOf(task: TaskName): string;
  cap: string;
}

/** All that a task asks for, but for what has a cap of its own. */
export const taskReplies: Drawer = { reply: keys.reply, repliesOf: keys.repliesOf, cap: "budget.usd" };

/** Labels of single rows: their cap is the user's word on what those rows are worth. */
export const residualReplies: Drawer = {
  reply: keys.residualReply,
  repliesOf: keys.residualRepliesOf,
  cap: "residual.usd",
};

/** Money that a task may spend over its whole life, less what its recordings say was spent. */
export function moneyBox(
  { name, budget }: Pick<TaskFile, "name" | "budget">,
  store: ObjectStore,
  drawer: Drawer = taskReplies,
) {
  const cap = budget.usd;
  const underWay = new Set<Promise<unknown>>();
  let before: Promise<number> | undefined;
  let spentNow = 0;
  let reserved = 0;

  const spentBefore = async (): Promise<number> => {
    let sum = 0;
    for await (const { key } of store.list(drawer.repliesOf(name))) {
      sum += parsed(RecordedReply, await store.get(key), key).usd ?? 0;
    }
    return sum;
  };

  return {
    /**
     * Makes a call that costs at most `worst`; while only calls under way stand against that, waits for what
     * they really cost.
     *
     * @throws BudgetExceededError before the call, where it could pass the cap
     */
    spend: async (
      model: string,
      worst: number,
      call: () => Promise<RecordedReply>,
    ): Promise<RecordedReply> => {
      before ??= spentBefore();
      const earlier = await before;
      while (cap === 0 || earlier + spentNow + reserved + worst > cap) {
        if (underWay.size === 0)
          throw new BudgetExceededError(model, drawer.cap, { spent: earlier + spentNow, cap, worst });
        await Promise.race(underWay);
      }
      // No await between the check and here: two calls never count on the same money.
      reserved += worst;
      const made = call();
      const settled = made.then(
        ({ usd }) => {
          spentNow += usd ?? 0;
        },
        () => undefined,
      );
      underWay.add(settled);
      await settled;
      reserved -= worst;
      underWay.delete(settled);
      return made;
    },
  };
}
