import { describe, expect, it } from "vitest";
import type { ObjectStore } from "../../lib/ports.ts";
import { playSeed } from "./play-seed.ts";
import { scenarios } from "./scenarios.ts";
import type { World } from "./world.ts";

/** One in ten or twenty shows a bug that needs one function to stand still at the worst moment. */
const MOST_SCHEDULES = 150;

/** Bugs, each put in between a function and the world, and what the suite must say of it. */
const MUTANTS: {
  name: string;
  scenario: RegExp;
  /** Where to begin: one that hardly ever shows is not looked for from the start each time. */
  firstSeed?: number;
  spoil(world: World): void;
  complaint: RegExp;
}[] = [
  {
    name: "a store that lets two create one object",
    scenario: /^task and data dropped together$/,
    spoil: (world) => {
      world.mutation = (store) => ({
        ...store,
        create: async (key: string, body: string, instead?: string) => {
          if (instead === undefined && (await store.head(key))) return false;
          await store.put(key, body);
          return true;
        },
      });
    },
    complaint: /^announced twice/,
  },
  {
    name: "a fan-in that counts marks of an earlier edition",
    scenario: /brought back/,
    spoil: (world) => {
      const same = (key: string) => key.replace(/\/(published|published-groups)\/\d+\//, "/$1/1/");
      world.mutation = (store) => ({
        ...store,
        put: (key, body) => store.put(same(key), body),
        list: (prefix) => store.list(same(prefix)),
      });
    },
    complaint: /^announced before it was whole/,
  },
  {
    name: "publish without a second look at which run is wanted",
    scenario: /^a program edited while the run is under way$/,
    firstSeed: 60,
    spoil: (world) => {
      world.mutation = (store, stage) => (stage === "publish" ? looksOnce(store, /\/wanted\//) : store);
    },
    complaint: /^(differs|left over|lost): .*part-/,
  },
  {
    name: "fan-out without a second look at what is to be labeled",
    scenario: /^the data overwritten while it is labeled$/,
    spoil: (world) => {
      world.mutation = (store, stage) =>
        stage === "fan-out" ? overwrites(looksOnce(store, /^inbox\/|programs\.json/)) : store;
    },
    complaint: /^(differs|lost|left over|announced in too many)/,
  },
  {
    name: "a queue that loses what a dead function was given",
    scenario: /^task and data dropped together$/,
    spoil: ({ queues }) => {
      queues.giveBack = queues.remove;
    },
    complaint: /^(lost|A run stands still)/,
  },
  {
    name: "label that marks its batch before it has stored the votes",
    scenario: /^task and data dropped together$/,
    spoil: (world) => {
      world.mutation = (store, stage) => (stage === "label" ? putsVotesLate(store) : store);
    },
    complaint: /./,
  },
];

/** A function that believes for ever what it saw first. */
function looksOnce(store: ObjectStore, keys: RegExp): ObjectStore {
  const once = <T>(look: (key: string) => Promise<T>) => {
    const seen = new Map<string, Promise<T>>();
    return (key: string) => {
      if (!keys.test(key)) return look(key);
      const found = seen.get(key) ?? look(key);
      seen.set(key, found);
      return found;
    };
  };
  return { ...store, find: once(store.find), head: once(store.head) };
}

/** Puts where it should create. */
const overwrites = (store: ObjectStore): ObjectStore => ({
  ...store,
  create: (key, body) => store.put(key, body).then(() => true),
});

/** Puts of votes wait until the mark is put. */
function putsVotesLate(store: ObjectStore): ObjectStore {
  const late: (() => Promise<void>)[] = [];
  return {
    ...store,
    put: async (key, body) => {
      if (key.includes("/votes/")) return void late.push(() => store.put(key, body));
      await store.put(key, body);
      if (key.includes("/labeled/")) for (const put of late.splice(0)) await put();
    },
  };
}

describe("the suite says so of", () => {
  it.each(MUTANTS)("$name", async ({ scenario: name, firstSeed = 1, spoil, complaint }) => {
    const scenario = scenarios.find((one) => name.test(one.name));
    if (!scenario) throw new Error(`No scenario is called ${name}`);
    const said = new Set<string>();
    for (let seed = firstSeed; seed < firstSeed + MOST_SCHEDULES; seed++) {
      const { complaints } = await playSeed(scenario, seed, spoil);
      for (const one of complaints) said.add(one);
      if (complaints.some((one) => complaint.test(one))) return;
    }
    expect.fail(`Nobody noticed. What was said: ${[...said].join("\n")}`);
  });
});
