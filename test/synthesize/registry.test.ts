import { expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { ProgramId } from "../../lib/contracts/names.ts";
import { Registry } from "../../lib/contracts/registry.ts";
import type { ObjectStore } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { synthesize } from "../../lib/synthesize/stage.ts";
import { textsOf } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { fenced, scriptedModel } from "../support/scripted-model.ts";
import { program, storeOf, task } from "../support/synthesis.ts";
import { taskText } from "../support/tasks.ts";

const DAY_1 = "2026-01-01T08:00:00.000Z";
const DAY_2 = "2026-01-02T08:00:00.000Z";
const mine = `${keys.ownProgramsOf(task)}mine.js`;

/** Runs the stage at a time; each program is another one. */
async function runAt(
  store: ObjectStore,
  at: string,
  model = scriptedModel(({ seed }) => fenced(program(`w${seed}x`))),
) {
  const ports = { store, model, runner: plainRunner(), report: () => undefined, now: () => new Date(at) };
  await Array.fromAsync(synthesize({ stage: "synthesize", task }, ports, { prices: listPrices }));
  return registryIn(store);
}

const registryIn = async (store: ObjectStore) =>
  Registry.parse(JSON.parse((await textsOf(store))[keys.registry(task)]));

const shown = ({ programs, former }: Registry) => ({
  programs: programs.map(({ id, state, reason }) => [id, state, reason]),
  former: former.map(({ id, state, reason }) => [id, state, reason]),
});

it("says of each program what became of it, by which steps, and when", async () => {
  const store = storeOf({ synthesis: { programs: 2 } }, { [mine]: "function label(row) { return 3; }" });
  const refusing = scriptedModel(({ seed }) => (seed === 8 ? "" : fenced(program(`w${seed}x`))));
  const { programs, former } = await runAt(store, DAY_1, refusing);
  expect(
    programs.map(({ id, state, reason, origin, history }) => ({ id, state, reason, origin, history })),
  ).toEqual([
    ...["general-02", "general-03"].map((id) => ({
      id,
      state: "admitted",
      reason: undefined,
      origin: { kind: "model", strategy: "general" },
      history: ["proposed", "screened", "admitted"].map((state) => ({ state, at: DAY_1 })),
    })),
    {
      id: "general-01",
      state: "rejected",
      reason: "it is empty",
      origin: { kind: "model", strategy: "general" },
      history: [
        { state: "proposed", at: DAY_1 },
        { state: "screened", at: DAY_1 },
        { state: "rejected", at: DAY_1, reason: "it is empty" },
      ],
    },
    {
      id: "mine",
      state: "rejected",
      reason: 'label returns 3, and may return only "spam", "ham" or null',
      origin: { kind: "file", file: "mine.js" },
      history: expect.any(Array),
    },
  ]);
  expect(former).toEqual([]);
});

it("stays as it is, dates and all, when nothing changed", async () => {
  const store = storeOf({ synthesis: { programs: 2 } }, { [mine]: program("offer") });
  await runAt(store, DAY_1);
  const before = await textsOf(store);
  await runAt(store, DAY_2);
  expect(await textsOf(store)).toEqual(before);
});

it("has the same bytes on any day where programs come from recordings", async () => {
  const first = storeOf({ synthesis: { programs: 2 } });
  await runAt(first, DAY_1);
  const fresh = storeOf({ synthesis: { programs: 2 } }, await textsOf(first, keys.repliesOf(task)));
  await runAt(fresh, DAY_2);
  expect((await textsOf(fresh))[keys.registry(task)]).toBe((await textsOf(first))[keys.registry(task)]);
});

it("retires programs that are edited, taken away or no longer asked for, and keeps the others' histories", async () => {
  const other = `${keys.ownProgramsOf(task)}other.js`;
  const store = storeOf(
    { synthesis: { programs: 2 } },
    { [mine]: program("offer"), [other]: program("win") },
  );
  const before = await runAt(store, DAY_1);
  await store.put(mine, program("bargain"));
  await store.delete(other);
  await store.put(keys.taskFile(task, "task.json"), taskText({ synthesis: { programs: 1 } }));
  const after = await runAt(store, DAY_2);
  expect(shown(after)).toEqual({
    programs: [
      ["general-01", "admitted", undefined],
      ["mine", "admitted", undefined],
    ],
    former: [
      ["general-02", "retired", "the task asks for other programs"],
      ["mine", "retired", "its file mine.js was edited"],
      ["other", "retired", "its file other.js was taken away"],
    ],
  });
  expect(after.programs[0].history).toEqual(before.programs[0].history);
  expect(after.programs[1].history.map(({ at }) => at)).toEqual([DAY_2, DAY_2, DAY_2]);
  expect(after.former[1].history.at(-1)).toEqual({
    state: "retired",
    at: DAY_2,
    reason: "its file mine.js was edited",
  });
  // What it was is still to be read.
  const set = JSON.parse((await textsOf(store))[keys.programSet(task, after.former[1].set)]);
  expect(set.programs.find(({ id }: { id: string }) => id === "mine").source).toBe(program("offer"));
});

it("keeps what was rejected in earlier sets in sight", async () => {
  const store = storeOf({}, { [mine]: "function label(row) { return 3; }" });
  await runAt(store, DAY_1);
  await store.put(mine, program("bargain"));
  const { former } = await runAt(store, DAY_2);
  expect(former.map(({ id, state, reason }) => [id, state, reason])).toEqual([
    ["mine", "rejected", 'label returns 3, and may return only "spam", "ham" or null'],
  ]);
});

it("leaves the same registry when the stage dies after it and runs again", async () => {
  const store = storeOf({ synthesis: { programs: 1 } });
  await runAt(store, DAY_1);
  await store.put(mine, program("offer"));
  let puts = 0;
  const dying: ObjectStore = {
    ...store,
    put: async (key, body) => {
      // The first says that the set in force is no longer whole.
      if (key === keys.currentSet(task) && ++puts === 2) throw new Error("killed");
      await store.put(key, body);
    },
  };
  await expect(runAt(dying, DAY_2)).rejects.toThrow("killed");
  const registry = (await textsOf(store))[keys.registry(task)];
  await runAt(store, "2026-01-03T08:00:00.000Z");
  expect((await textsOf(store))[keys.registry(task)]).toBe(registry);
});

it("gives a file called registry another id, for its record would lie where the registry does", async () => {
  const store = storeOf({}, { [`${keys.ownProgramsOf(task)}registry.js`]: program("offer") });
  const { programs } = await runAt(store, DAY_1);
  expect(programs.map(({ id }) => id)).toEqual(["general-01", ProgramId.parse("registry-2")]);
});
