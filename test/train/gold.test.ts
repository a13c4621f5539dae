import { describe, expect, it } from "vitest";
import { aggregateVotes } from "../../lib/aggregate/vote-file.ts";
import { dropAt, keys } from "../../lib/contracts/keys.ts";
import { task } from "../support/synthesis.ts";
import { classes, goldCsv, goldStore, mails, published, runAll, votes } from "./gold-runs.ts";

/** Share of rows whose label is right. */
const accuracy = (lines: readonly string[]) =>
  lines.slice(1).filter((line, row) => line.split(",")[3] === mails[row].label).length / mails.length;

/** Columns of the pseudolabels, without the row's own. */
const added = (lines: readonly string[]) => lines.map((line) => line.split(",").slice(3));

const other = (row: number) => classes[1 - classes.indexOf(mails[row].label)];

describe("a task's gold", () => {
  it("does nothing where the task file allows no use of it", async () => {
    const without = await published(goldStore({ endModel: "linear" }));
    const unused = await published(goldStore({ endModel: "linear" }, { gold: goldCsv(200) }));
    expect(unused.receipt.run).toEqual(without.receipt.run);
    expect(unused.lines).toEqual(without.lines);
    expect(unused.card).toContain("no gold label was used");
  });

  it("calibrates the label model as `alchemist aggregate --gold` does, and the receipt says by how many rows", async () => {
    const { receipt, lines, card } = await published(
      goldStore({ gold: ["calibrate"] }, { gold: goldCsv(200) }),
    );
    expect(receipt.labelModel.goldRows).toBe(200);
    expect(card).toContain("gold labels of 200 rows calibrated it");
    const gold = Int8Array.from(mails, ({ label }, row) => (row < 200 ? classes.indexOf(label) : -1));
    const columns = votes(mails.map(({ text }) => text));
    const { posteriors, patternOfRow } = aggregateVotes(
      { classes, programs: ["guess", "lunch", "win"], columns },
      "auto",
      { gold },
    );
    const expected = Array.from(patternOfRow, (pattern) => posteriors[2 * pattern].toFixed(6));
    expect(lines.slice(1).map((line) => Number(line.split(",")[6]).toFixed(6))).toEqual(expected);
    expect(new Set(expected).size).toBeGreaterThan(3);
  });

  it("chooses the end model where that is clearly more often right, whose source the rows then have", async () => {
    const task = { endModel: "linear", gold: ["calibrate", "choose"] };
    const { receipt, lines } = await published(goldStore(task, { gold: goldCsv(200) }));
    expect(receipt.endModel?.choice?.labeler).toBe("endModel");
    expect(receipt.endModel?.choice?.rows).toBe(200);
    expect(receipt.endModel?.trainedOn).toBe(400);
    expect(new Set(lines.slice(1).map((line) => line.split(",")[5]))).toEqual(new Set(["endModel"]));
    const pooled = await published(goldStore({ ...task, gold: ["calibrate"] }, { gold: goldCsv(200) }));
    expect(accuracy(lines)).toBeGreaterThan(accuracy(pooled.lines) + 0.02);
  });

  it("of fewer than a hundred rows chooses nothing, and says so", async () => {
    const store = goldStore({ endModel: "linear", gold: ["choose"] }, { gold: goldCsv(99) });
    const { receipt } = await published(store);
    expect(receipt.endModel?.choice?.labeler).toBe("both");
    expect(receipt.warnings).toContainEqual({
      code: "gold-too-few",
      message:
        "gold.csv has labels of 99 rows of mails.csv that programs vote on, and it takes 100 to choose between label model and end model: both label together.",
      remedy: "Label more rows, chosen by chance, or take choose out of gold.",
    });
  });

  it("says which labels name no row", async () => {
    const store = goldStore({ gold: ["calibrate"] }, { gold: `${goldCsv(3)}\nx9,spam\nx10,ham` });
    const { receipt } = await published(store);
    expect(receipt.labelModel.goldRows).toBe(3);
    expect(receipt.warnings).toContainEqual({
      code: "gold-without-row",
      message: '2 of 5 labels in gold.csv name no row of mails.csv, the first on line 5: "x9".',
      remedy: 'Take ids as they stand in the column "id"; labels of other data files may stay.',
    });
  });

  it("that names no row at all changes no label", async () => {
    const strangers = goldCsv(100).replaceAll("\nm", "\nx");
    const { receipt, lines } = await published(goldStore({ gold: ["calibrate"] }, { gold: strangers }));
    expect(receipt.labelModel.goldRows).toBe(0);
    expect(added(lines)).toEqual(added((await published(goldStore({}))).lines));
  });

  it("stops a run that is to use it and is not there", async () => {
    const [failure] = await runAll(goldStore({ gold: ["calibrate"] }));
    expect(String(failure.error)).toMatch(
      /neither gold.csv nor gold.jsonl beside it. Add one, or take the field out/,
    );
  });

  it("starts the task anew when it is dropped", () => {
    expect(dropAt(keys.gold(task, "gold.jsonl"))).toEqual({ kind: "task", task });
  });

  it("is read anew when it changed", async () => {
    const store = goldStore({ gold: ["calibrate"] }, { gold: goldCsv(200, other) });
    const before = await published(store);
    await store.put(keys.gold(task, "gold.csv"), goldCsv(200));
    const after = await published(store);
    expect(after.receipt.run).not.toEqual(before.receipt.run);
    expect(added(after.lines)).toEqual(
      added((await published(goldStore({ gold: ["calibrate"] }, { gold: goldCsv(200) }))).lines),
    );
  });
});

it.each([
  { name: "votes alone", more: {}, gold: undefined },
  { name: "an end model", more: { endModel: "linear" }, gold: undefined },
  {
    name: "gold of its own",
    more: { endModel: "linear", gold: ["calibrate", "choose"] },
    gold: goldCsv(150),
  },
])("labels made of $name stay as they are when the label column changes", async ({ more, gold }) => {
  const [right, wrong] = [
    await published(goldStore(more, { gold })),
    await published(goldStore(more, { gold, label: other })),
  ];
  expect(added(wrong.lines)).toEqual(added(right.lines));
  expect(wrong.receipt.labelModel).toEqual(right.receipt.labelModel);
  expect(wrong.receipt.endModel).toEqual(right.receipt.endModel);
  expect(wrong.lines).not.toEqual(right.lines);
});
