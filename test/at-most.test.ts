import { setImmediate } from "node:timers/promises";
import { expect, it } from "vitest";
import { atMost } from "../lib/at-most.ts";

it("runs as many at once as it is told, in order, and goes on after one that fails", async () => {
  const begun: number[] = [];
  let [running, most] = [0, 0];
  const limited = atMost(2);
  const outcomes = await Promise.allSettled(
    [0, 1, 2, 3, 4].map((index) =>
      limited(async () => {
        begun.push(index);
        running += 1;
        most = Math.max(most, running);
        await setImmediate();
        running -= 1;
        if (index === 1) throw new Error("no");
        return index;
      }),
    ),
  );
  expect([begun, most]).toEqual([[0, 1, 2, 3, 4], 2]);
  expect(outcomes.map((one) => (one.status === "fulfilled" ? one.value : "failed"))).toEqual([
    0,
    "failed",
    2,
    3,
    4,
  ]);
});
