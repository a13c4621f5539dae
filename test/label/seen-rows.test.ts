import { expect, it } from "vitest";
import { ABSTAIN, packColumns } from "../../lib/contracts/columns.ts";
import { packScores } from "../../lib/contracts/features.ts";
import { hashOf } from "../../lib/contracts/hash.ts";
import { keys } from "../../lib/contracts/keys.ts";
import { ShardIndex } from "../../lib/contracts/names.ts";
import { seenRows } from "../../lib/label/seen-rows.ts";
import { memoryStore } from "../support/memory-store.ts";
import { task } from "../support/synthesis.ts";

const hash = hashOf("shard");
const unreadable = [1, 3].map((index) => ({ index, reason: "unreadable", message: "it cannot be decoded" }));
const features = {
  model: { name: "tiny", kind: "tiny", hash, embeddingSize: 3, logitScale: 1 },
  concepts: hash,
};

it("knows where pictures stand among those that could be read, and where their votes belong", async () => {
  const columns = packColumns([{ name: "scores", kind: "json", values: ["0", "2", "4"] }], 3);
  const scores = packScores({ model: { name: "tiny", kind: "tiny" }, rows: 5, unreadable, columns });
  const store = memoryStore({ [keys.scores(task, hash)]: scores });
  const seen = await seenRows(store, task, { source: hash, features }, { shard: ShardIndex.parse(0), hash });
  expect([0, 1, 2, 3, 4].map(seen.placeOf)).toEqual([0, undefined, 1, undefined, 2]);
  expect([0, 1, 2].map(seen.rowOf)).toEqual([0, 2, 4]);
  expect([...seen.inPlace(Int8Array.of(7, 8, 9))]).toEqual([7, ABSTAIN, 8, ABSTAIN, 9]);
});
