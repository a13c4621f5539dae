import { expect, it } from "vitest";
import { packColumns } from "../../lib/contracts/columns.ts";
import { packScores } from "../../lib/contracts/features.ts";
import { hashOf } from "../../lib/contracts/hash.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { BatchIndex } from "../../lib/contracts/names.ts";
import { unpackVotes } from "../../lib/contracts/votes.ts";
import { labelShards } from "../../lib/label/stage.ts";
import type { ProgramRunner } from "../../lib/ports.ts";
import { memoryStore } from "../support/memory-store.ts";
import { runOf } from "../support/runs.ts";
import { task } from "../support/synthesis.ts";

it("counts the row on which a program first failed among all pictures, those that cannot be read too", async () => {
  const hash = hashOf("hash");
  const run = runOf({
    features: {
      model: { name: "tiny", kind: "tiny", hash, embeddingSize: 3, logitScale: 1 },
      concepts: hash,
    },
  });
  const origin = { kind: "file", file: "own.js" };
  const programs = [{ id: "own", hash, language: "javascript", source: "", origin }];
  const store = memoryStore({
    [keys.run(task, hash)]: JSON.stringify(run),
    [keys.wanted(task, run.name)]: JSON.stringify({ run: hash, edition: 1 }),
    [keys.programSet(task, run.set)]: JSON.stringify({ hash: run.set, programs, rejected: [], calls: [] }),
    [keys.scores(task, hash)]: packScores({
      model: { name: "tiny", kind: "tiny" },
      rows: 3,
      unreadable: [{ index: 0, reason: "unreadable", message: "it cannot be decoded" }],
      columns: packColumns([{ name: "scores", kind: "json", values: ["1", "2"] }], 2),
    }),
  });
  const faults = { error: 1, badReturn: 0, timeout: 0, killed: 0, compile: 0 };
  const runner: ProgramRunner = {
    run: async () => [{ votes: Int8Array.of(0, -1), faults, first: { error: 1 }, cpuMs: 0 }],
  };
  const message = { stage: "label" as const, task, run: hash, batch: BatchIndex.parse(0), hashes: [hash] };
  await Array.fromAsync(labelShards(message, { store, runner, report: () => undefined }));
  expect(unpackVotes(await store.get(keys.votes(task, hash, run.set)))).toEqual({
    rows: 3,
    programs: [{ hash, faults, first: { error: 2 } }],
    columns: [Int8Array.of(-1, 0, -1)],
  });
});
