import { describe, expect, it } from "vitest";
import { aggregateVotes, resultJson, summaryJson } from "../../lib/aggregate/vote-file.ts";
import { voteTableOf } from "../../lib/aggregate/vote-table.ts";

const classes = ["ham", "spam"];
const table = voteTableOf(
  {
    classes,
    votes: [
      [0, 0, 0],
      [0, 1, -1],
      [1, 1, 0],
      [-1, -1, -1],
      [1, 1, 1],
    ],
    labels: [0, 0, 0, 1, -1],
  },
  "votes.json",
);

describe("aggregateVotes", () => {
  it("gives each row the posterior of its votes", () => {
    const { posteriors, patternOfRow } = aggregateVotes(table, "majority");
    const rows = Array.from(patternOfRow, (pattern) => posteriors[pattern * 2]);
    expect(rows).toEqual([1, 0.5, 1 / 3, 0.5, 0]);
  });

  it("measures rows with gold and a vote, a tie by its share", () => {
    const { metrics } = aggregateVotes(table, "majority");
    // Three rows: one right, one tied, one wrong; a fourth has gold and no vote, a fifth a vote and no gold.
    expect(metrics).toEqual({
      rows: 3,
      coverage: 0.75,
      accuracy: 0.5,
      macroF1: (3 / 4.5 + 0) / 2,
      classes: {
        ham: { precision: 1, recall: 0.5, f1: 3 / 4.5, support: 3 },
        spam: { precision: 0, recall: 0, f1: 0, support: 0 },
      },
      confusion: [
        [1.5, 1.5, 0],
        [0, 0, 0],
      ],
      majority: { accuracy: 0.5, macroF1: (3 / 4.5 + 0) / 2 },
    });
  });

  it.each(["auto", "weighted", "dawid-skene"] as const)("does not let labels touch %s", (name) => {
    const { labels: _, ...unlabeled } = table;
    const { metrics: __, ...withLabels } = aggregateVotes(table, name);
    expect(withLabels).toEqual(aggregateVotes(unlabeled, name));
  });
});

describe("resultJson", () => {
  it("holds everything, the rows in their order", () => {
    const result = aggregateVotes(table, "majority");
    const { posteriors: _, patternOfRow: __, ...summary } = result;
    expect(JSON.parse([...resultJson(result)].join(""))).toEqual({
      ...summary,
      probabilities: [
        [1, 0],
        [0.5, 0.5],
        [0.333333333, 0.666666667],
        [0.5, 0.5],
        [0, 1],
      ],
    });
    expect(JSON.parse(summaryJson(result))).toEqual(summary);
  });

  it("comes in chunks that join to one list", () => {
    const columns = [new Int8Array(10_000).fill(1), new Int8Array(10_000)];
    const result = aggregateVotes({ classes, programs: ["a", "b"], columns }, "majority");
    const chunks = [...resultJson(result)];
    expect(chunks).toHaveLength(4);
    const { probabilities } = JSON.parse(chunks.join(""));
    expect(JSON.stringify(probabilities)).toBe(JSON.stringify(Array(10_000).fill([0.5, 0.5])));
  });
});
