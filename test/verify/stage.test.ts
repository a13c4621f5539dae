import { describe, expect, it } from "vitest";
import { keys } from "../../lib/contracts/keys.ts";
import { FileName } from "../../lib/contracts/names.ts";
import { Receipt } from "../../lib/contracts/receipt.ts";
import { RefusedError } from "../../lib/errors.ts";
import { drive } from "../../lib/local/drive.ts";
import { advance } from "../../lib/pipeline.ts";
import type { LanguageModel, ObjectStore, Ports } from "../../lib/ports.ts";
import { listPrices } from "../../lib/prices/prices.ts";
import { memoryStore, textsOf } from "../support/memory-store.ts";
import { plainRunner } from "../support/plain-runner.ts";
import { labelsOf, rowsAsked, scriptedModel } from "../support/scripted-model.ts";
import { taskOf, taskText } from "../support/tasks.ts";

const task = taskOf().name;
const file = FileName.parse("mails.jsonl");
const name = FileName.parse("mails");

class NoKeyError extends RefusedError {
  readonly code = "no-recording";
}
const absent: LanguageModel = {
  complete: async () => {
    throw new NoKeyError("Nobody is there to be asked.");
  },
};
/** Knows the truth: what is free or won is spam. */
const truth = (text: string) => (/free|won/.test(text) ? "spam" : "ham");
const knowing = () => scriptedModel((request) => labelsOf(request, truth));

const finds = (word: string, answer: string) =>
  `function label(row) { return row.text.includes("${word}") ? "${answer}" : null; }`;

/** A task of the user's own programs over 60 rows, 6 of which ("won") they do not know. */
const storeOf = (more: Record<string, unknown> = {}, rows = 60) =>
  memoryStore({
    [keys.taskFile(task, "task.json")]: taskText({
      synthesis: { programs: 0 },
      verify: { rows: 40, margin: 0.25 },
      input: { label: "gold" },
      ...more,
    }),
    [keys.data(task, file)]: Array.from({ length: rows }, (_, row) => {
      const text = `${["free", "you", "you", "free", "you", "free", "you", "won", "free", "you"][row % 10]} ${row}`;
      return `${JSON.stringify({ text, gold: truth(text) })}\n`;
    }).join(""),
    [`${keys.ownProgramsOf(task)}free.js`]: finds("free", "spam"),
    [`${keys.ownProgramsOf(task)}you.js`]: finds("you", "ham"),
    [`${keys.ownProgramsOf(task)}also.js`]: finds("free", "spam").replace("free", "fr"),
  });

/** Runs a task to its end. */
async function run(store: ObjectStore, model: LanguageModel = knowing(), twice = false) {
  const ports: Ports = {
    store,
    model,
    runner: plainRunner(),
    report: () => undefined,
    now: () => new Date("2026-01-31T12:00:00Z"),
  };
  const failures = await drive(
    [{ stage: "synthesize", task }],
    async function* (message) {
      for await (const next of advance(message, ports, { prices: listPrices })) {
        yield next;
        if (twice) yield next;
      }
    },
    twice ? 3 : 1,
  );
  expect(failures).toEqual([]);
  return Receipt.parse(JSON.parse((await textsOf(store))[keys.receipt(task, name)]));
}

const labelsIn = async (store: ObjectStore) =>
  (await textsOf(store))[`${keys.partsOf(task, name)}00000.jsonl`]
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line));

const readyKeys = async (store: ObjectStore) => Object.keys(await textsOf(store, `work/${task}/ready/`));

describe("verify", () => {
  it("compares the programs with the model on a sample, and never shows it the gold", async () => {
    const model = knowing();
    const { verdict, languageModel } = await run(storeOf(), model);
    expect(verdict).toMatchObject({
      verdict: "programs",
      by: "model",
      model: "gpt-4o-mini",
      sampled: 40,
      compared: 40,
    });
    expect(verdict.agreement?.share).toBe(
      verdict.agreementWhereLabeled ? verdict.agreementWhereLabeled.rows / 40 : 0,
    );
    expect(verdict.agreementWhereLabeled?.share).toBe(1);
    expect(verdict.cost).toMatchObject({ calls: 4, inputTokens: 4_000, outputTokens: 2_000 });
    expect(languageModel.calls).toEqual([]);
    const seen = model.asked.flatMap(rowsAsked);
    expect(seen).toHaveLength(40);
    expect(new Set(seen.flatMap((row) => Object.keys(row)))).toEqual(new Set(["text"]));
  });

  it("says direct where labels depend on what no program sees", async () => {
    const model = scriptedModel((request) =>
      labelsOf(request, (text) => (Number(text.split(" ")[1]) % 3 ? "spam" : "ham")),
    );
    const { verdict } = await run(storeOf(), model);
    expect(verdict.verdict).toBe("direct");
  });

  it("compares with gold where the task says so, and asks nobody", async () => {
    const { verdict } = await run(storeOf({ verify: { rows: 1_000, by: "gold" } }), absent);
    expect(verdict).toMatchObject({ verdict: "programs", by: "gold", model: null, compared: 60 });
    expect(verdict.agreement?.share).toBe(0.9);
  });

  it("labels all the same where nobody can be asked, and says so", async () => {
    const store = storeOf();
    const { verdict, labels } = await run(store, absent);
    expect(verdict).toMatchObject({ verdict: null, reason: "Not verified: Nobody is there to be asked." });
    expect(labels.covered).toBe(54);
    const texts = await textsOf(store);
    await run(store, absent);
    expect(await textsOf(store)).toEqual(texts);
  });

  it("gives labels that could not be verified a verdict when somebody can be asked, once", async () => {
    const store = storeOf();
    await run(store, absent);
    expect((await run(store)).verdict.verdict).toBe("programs");
    expect(await readyKeys(store)).toHaveLength(2);
    const texts = await textsOf(store);
    const model = knowing();
    await run(store, model);
    expect(model.asked).toEqual([]);
    expect(await textsOf(store)).toEqual(texts);
  });

  it("counts rows that the model cannot answer, after two repairs", async () => {
    const model = scriptedModel((request) =>
      rowsAsked(request).some(({ text }) => String(text).startsWith("won"))
        ? "I would rather not."
        : labelsOf(request, truth),
    );
    const { verdict } = await run(storeOf(), model);
    expect(verdict.compared).toBeLessThan(40);
    expect(verdict.compared % 10).toBe(0);
    const refusals = (40 - verdict.compared) / 10;
    expect(verdict.cost.calls).toBe(4 + 2 * refusals);
  });

  it("stops before the call that could pass the cap, and judges by what was paid", async () => {
    const model = knowing();
    // A call's worst case is some 0.0026 dollars, and what it really costs here 0.00045.
    const { verdict } = await run(storeOf({ budget: { usd: 0.0031 } }), model);
    expect(model.asked).toHaveLength(2);
    expect(verdict).toMatchObject({ compared: 20, sampled: 40 });
    expect(verdict.reason).toContain("Fewer rows were compared than the 40 drawn: Spent $0.0009");
  });

  it("leaves the same bytes when every message comes twice and at once", async () => {
    const more = { residual: { usd: 1 } };
    const [quiet, busy] = [storeOf(more), storeOf(more)];
    await run(quiet);
    await run(busy, knowing(), true);
    const without = (texts: Record<string, string>) =>
      Object.fromEntries(Object.entries(texts).filter(([key]) => !key.endsWith("receipt.json")));
    expect(without(await textsOf(busy, "outbox/"))).toEqual(without(await textsOf(quiet, "outbox/")));
  });

  it("asks nobody, and says so, where verify.rows is 0", async () => {
    const { verdict } = await run(storeOf({ verify: { rows: 0 } }), absent);
    expect(verdict.reason).toBe(
      "Not verified: verify.rows is 0, so no row was labeled directly. Set it to 100 to know how far the programs " +
        "can be trusted here; with by: gold beside it, gold labels judge and no model is asked.",
    );
  });
});

describe("the residual", () => {
  const residual = { usd: 0.5 };

  it("gives the model's label to the rows that programs do not know, and keeps the votes", async () => {
    const store = storeOf({ residual, verify: { rows: 0 } });
    const receipt = await run(store);
    const rows = await labelsIn(store);
    const won = rows.filter(({ text }) => text.startsWith("won")).map(({ pseudolabel }) => pseudolabel);
    expect(won).toHaveLength(6);
    for (const one of won) {
      expect(one).toMatchObject({
        label: "spam",
        confidence: null,
        source: "model",
        votes: { free: null, you: null },
      });
    }
    expect(rows.filter(({ pseudolabel }) => pseudolabel.label === null)).toEqual([]);
    expect(receipt.labels).toMatchObject({
      classes: { spam: 30, ham: 30 },
      unlabeled: 0,
      byModel: receipt.residual?.rows,
    });
    expect(receipt.residual).toMatchObject({ model: "gpt-4o-mini", capUsd: 0.5, changed: 6 });
  });

  it("sends the least certain rows first, and stops at its own cap, not at the task's", async () => {
    const model = knowing();
    const store = storeOf(
      { residual: { usd: 0.003, below: 1 }, verify: { rows: 0 }, budget: { usd: 0 } },
      600,
    );
    const { residual: routed } = await run(store, model);
    expect(rowsAsked(model.asked[0]).every(({ text }) => String(text).startsWith("won"))).toBe(true);
    expect(routed).toMatchObject({ rows: 10 * model.asked.length, expectedGain: 10 * model.asked.length });
    expect(routed?.cost.usd).toBeLessThanOrEqual(0.003);
    expect(routed?.stopped).toContain("(residual.usd)");
  });

  it("is not paid twice", async () => {
    const store = storeOf({ residual });
    await run(store);
    const model = knowing();
    await store.put(`${keys.ownProgramsOf(task)}win.js`, finds("won", "ham"));
    await store.delete(`${keys.ownProgramsOf(task)}win.js`);
    await run(store, model);
    expect(model.asked).toEqual([]);
  });
});
