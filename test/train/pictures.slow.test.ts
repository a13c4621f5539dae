import { rmSync } from "node:fs";
import { afterAll, describe, expect, it } from "vitest";
import { unpackBlocks } from "../../lib/contracts/columns.ts";
import { unpackScores } from "../../lib/contracts/features.ts";
import { keys } from "../../lib/contracts/keys.ts";
import type { TrainEndModel } from "../../lib/contracts/messages.ts";
import { Hash } from "../../lib/contracts/names.ts";
import { pictureVectors } from "../../lib/end-model/picture-rows.ts";
import { READER } from "../../lib/end-model/reader.ts";
import { evaluate } from "../../lib/evaluate/evaluate.ts";
import { runLabeler } from "../../lib/evaluate/run-labeler.ts";
import { explainRow } from "../../lib/explain/explain.ts";
import { openLabeledFile } from "../../lib/explain/labeled-file.ts";
import { replay } from "../../lib/explain/replay.ts";
import { rightsOf, type StageId } from "../../lib/infra/rights.ts";
import type { ObjectStore } from "../../lib/ports.ts";
import { loadRun } from "../../lib/run-objects.ts";
import { trainEndModel } from "../../lib/train/stage.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { task } from "../support/synthesis.ts";
import {
  broken,
  file,
  modelsFolder,
  name,
  pictureStore,
  publishedPictures,
  runPictures,
  shades,
  textAt,
} from "./picture-runs.ts";

afterAll(() => rmSync(modelsFolder, { recursive: true }));

const some = shades.slice(0, 90);

describe("an end model over pictures", () => {
  it("labels those on which no program voted, by their stored embeddings; one that cannot be read stays without a label", async () => {
    const store = pictureStore([broken, ...some]);
    const { failures, embedded } = await runPictures(store);
    expect([failures, embedded]).toEqual([[], 90]);
    const { receipt, rows } = await publishedPictures(store);
    expect(rows.slice(0, 4)).toEqual([
      { picture: "red/broken.png", label: null, source: "programs" },
      { picture: "red/0.png", label: "red", source: "programs" },
      { picture: "green/1.png", label: expect.stringMatching(/red|blue/), source: "endModel" },
      { picture: "blue/2.png", label: "blue", source: "programs" },
    ]);
    expect(receipt.endModel).toMatchObject({
      name: "linear",
      trainedOn: 60,
      agreement: 1,
      alone: 30,
      changed: 0,
    });
    expect(receipt.labels).toMatchObject({ covered: 60, unlabeled: 1 });
    expect(await textAt(store, keys.card(task, name))).toContain("linear, trained on embeddings by tiny and");
    const page = await textAt(store, keys.report(task, name));
    expect(page).toContain("embedding by <bdi>tiny</bdi>");
    const articles = page.match(/<article>.*?<\/article>/gs) ?? [];
    expect(articles.find((one) => one.includes("by the end model"))).toMatch(/green.*<img|<img.*green/s);
    expect(Object.values(receipt.labels.classes).reduce((sum, count) => sum + count)).toBe(90);
  });

  it("is published with the embeddings that it takes, and a reader that labels them", async () => {
    const store = pictureStore(some);
    await runPictures(store);
    const model = JSON.parse(await textAt(store, keys.publishedEndModel(task, name)));
    const { receipt, rows } = await publishedPictures(store);
    expect(model.embeddings).toEqual({ model: "tiny", hash: receipt.features?.model.hash, size: 3 });
    const { labeler } = await import(`data:text/javascript,${encodeURIComponent(READER)}`);
    const run = await loadRun(store, task, Hash.parse(receipt.run));
    const [block] = unpackBlocks(await store.get(keys.shard(task, run.source, 0 as never)));
    const vectors = await pictureVectors(store, task, { hash: model.embeddings.hash }, block);
    expect(vectors.map((vector) => labeler(model)(vector).label)).toEqual(rows.map(({ label }) => label));
  });

  it("is told apart in evaluation, replays, and labels pictures that the run never saw as it labeled its own", async () => {
    const store = pictureStore([broken, ...some]);
    await runPictures(store);
    const { receipt, rows } = await publishedPictures(store);
    const open = await openLabeledFile(store, task, file);
    const done = await replay({ store, runner: plainRunner() }, open, [1, 2, 3, 91]);
    expect(done).toEqual({ rows: 4, votes: 8, stopped: 0, parts: 1 });

    const explained = await Promise.all([1, 2, 3].map((row) => explainRow(store, open, row)));
    expect(explained.map(({ by }) => by)).toEqual([null, "programs and end model", "end model"]);

    const { shards } = open.source;
    const { columns } = unpackScores(await store.get(keys.scores(task, shards[0].hash)));
    const [block] = unpackBlocks(await store.get(keys.shard(task, open.run.source, 0 as never)));
    const vectors = await pictureVectors(store, task, open.run.features?.model as never, block);
    const labeler = await runLabeler(store, task, open.hash, plainRunner());
    const { labels } = await labeler.label(
      columns,
      vectors.flatMap((vector) => vector ?? []),
    );
    expect(labeler.hasEndModel).toBe(true);
    expect(Array.from(labels, (label) => open.run.classes[label])).toEqual(
      rows.slice(1).map(({ label }) => label),
    );
    const { final, strangers } = await evaluate(store, task, receipt);
    // The picture that cannot be read counts as wrong, with the end model as without.
    expect(final).toMatchObject({ rows: 61, accuracy: 60 / 61 });
    expect(strangers).toEqual({ rows: 30, examples: ["green"] });
  });

  it("leaves the same bytes when every message comes twice and at once, and when it is trained again", async () => {
    const [quiet, busy] = [pictureStore(some), pictureStore(some)];
    const messages: TrainEndModel[] = [];
    await runPictures(quiet, (message) => {
      if (message.stage === "train") messages.push(message);
    });
    expect((await runPictures(busy, undefined, true)).failures).toEqual([]);
    const [{ run }] = messages;
    const model = await textAt(quiet, keys.endModel(task, run));
    for (const key of [keys.endModel(task, run), `${keys.partsOf(task, name)}00000.jsonl`] as const)
      expect(await textAt(busy, key)).toBe(await textAt(quiet, key));
    for (const key of [keys.trained(task, run), keys.endModel(task, run), keys.success(task, name)])
      await quiet.delete(key);
    await Array.fromAsync(trainEndModel(messages[0], { store: quiet, report: () => undefined }));
    expect(await textAt(quiet, keys.endModel(task, run))).toBe(model);
  });

  it("lets gold choose, and does not learn from the pictures that it chooses by", async () => {
    const isVotedOn = (one: { name: string }) => !one.name.startsWith("green");
    const gold = shades.filter(isVotedOn).slice(0, 110);
    const lines = gold.map((one) => `${one.name},${one.name.split("/")[0]}`);
    const store = pictureStore([broken, ...shades], {
      gold: ["picture,folder", `${broken.name},red`, ...lines].join("\n"),
    });
    expect((await runPictures(store)).failures).toEqual([]);
    const { endModel } = (await publishedPictures(store)).receipt;
    expect(endModel?.trainedOn).toBe(50);
    expect(endModel?.choice).toEqual({
      labeler: "both",
      rows: 110,
      right: { both: 1, endModel: 1, labelModel: 1 },
    });
  });

  it("needs no more than the rights of stages that train, verify and publish", async () => {
    const read = new Map<StageId, Set<string>>();
    let stage: StageId = "synthesize";
    const noted = (key: string) => {
      read.set(stage, (read.get(stage) ?? new Set()).add(key));
      return key;
    };
    const store = pictureStore(some, { verify: { by: "gold", rows: 20 } });
    const watched: ObjectStore = {
      ...store,
      get: (key) => store.get(noted(key)),
      find: (key) => store.find(noted(key)),
      head: (key) => store.head(noted(key)),
    };
    const { failures } = await runPictures(watched, (message) => {
      stage = message.stage;
    });
    expect(failures).toEqual([]);
    for (const id of ["train", "verify", "publish"] as const) {
      const allowed = rightsOf(id, { images: true }).read.map(
        (pattern) => new RegExp(`^${pattern.replaceAll(".", "\\.").replaceAll("*", ".*")}$`),
      );
      const keysRead = [...(read.get(id) ?? [])];
      expect(keysRead.some((key) => key.includes("/features/"))).toBe(true);
      expect(keysRead.filter((key) => !allowed.some((pattern) => pattern.test(key)))).toEqual([]);
    }
  });
});
