import { expect, it } from "vitest";
import { hashOf } from "../lib/contracts/hash.ts";
import { keys } from "../lib/contracts/keys.ts";
import { loadRun } from "../lib/run-objects.ts";
import { memoryStore } from "./support/memory-store.ts";
import { runOf } from "./support/runs.ts";
import { task } from "./support/synthesis.ts";

it("reads an object once, and keeps those of some runs only", async () => {
  const runs = Array.from({ length: 100 }, (_, index) => hashOf(String(index)));
  const objects = runs.map((run) => [keys.run(task, run), JSON.stringify(runOf())]);
  const kept = memoryStore(Object.fromEntries(objects));
  let reads = 0;
  const store = {
    ...kept,
    get: (key: string) => {
      reads += 1;
      return kept.get(key);
    },
  };
  for (const run of [runs[0], runs[0], ...runs.slice(0, 4), ...runs.slice(0, 4)]) {
    expect(await loadRun(store, task, run)).toEqual(runOf());
  }
  expect(reads).toBe(4);
  for (const run of runs) await loadRun(store, task, run);
  expect(reads).toBe(100);
  await loadRun(store, task, runs[99]);
  expect(reads).toBe(100);
  await loadRun(store, task, runs[0]);
  expect(reads).toBe(101);
});
