import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { mostNotable, type NotableRow, notableRows } from "../../lib/publish/notable-rows.ts";
import { packTexts } from "../../lib/tables/append-texts.ts";

const pseudolabel = (label: string | null, spam: number, votes: Record<string, string | null>) => ({
  label,
  confidence: label === null ? null : Math.max(spam, 1 - spam),
  probabilities: { spam, ham: Math.round(100 * (1 - spam)) / 100 },
  votes,
  source: "programs",
});

const shardOf = (texts: string[], which: number[]) => ({
  rows: { kind: "csv" as const, texts: packTexts(texts) },
  header: ["id", "text"],
  before: 100,
  visible: [{ source: "text", name: "text" }],
  id: "id",
  programs: ["free", "see"],
  classes: ["spam", "ham"],
  distinct: [
    pseudolabel("spam", 0.9, { free: "spam", see: null }),
    pseudolabel("spam", 0.55, { free: "spam", see: "ham" }),
    pseudolabel(null, 0.5, { free: null, see: null }),
  ],
  which: Uint32Array.from(which),
});

describe("notable rows", () => {
  it("are, of each pattern of votes, the first row: unsure, contested, without a vote", () => {
    const rows = notableRows(shardOf(["1,free", "2,free", '3,"free, see you"', "4,-"], [0, 0, 1, 2]));
    expect(rows).toEqual([
      {
        kind: "contested",
        label: 0,
        rank: -0.5,
        row: 103,
        id: "3",
        cells: [["text", "free, see you"]],
        votes: [0, 1],
      },
      {
        kind: "unlabeled",
        label: ABSTAIN,
        rank: 0,
        row: 104,
        id: "4",
        cells: [["text", "-"]],
        votes: [-1, -1],
      },
      {
        kind: "unsure",
        label: 0,
        rank: 0.1,
        row: 103,
        id: "3",
        cells: [["text", "free, see you"]],
        votes: [0, 1],
      },
      { kind: "unsure", label: 0, rank: 0.8, row: 101, id: "1", cells: [["text", "free"]], votes: [0, -1] },
    ]);
  });

  it("are cut, so that a row of a megabyte is not carried along", () => {
    const [row] = notableRows(shardOf([`1,${"😀".repeat(300_000)}`], [0]));
    expect(row.cells[0][1]).toHaveLength(601);
    expect(row.cells[0][1].isWellFormed()).toBe(true);
  });

  it("are the same however the rows are grouped before", () => {
    const anyRow = fc.record({
      kind: fc.constantFrom<NotableRow["kind"]>("unsure", "contested", "unlabeled"),
      label: fc.integer({ min: 0, max: 1 }),
      pattern: fc.integer({ min: 0, max: 30 }),
    });
    fc.assert(
      fc.property(fc.array(anyRow), fc.nat(), (drawn, cut) => {
        const rows = drawn.map(({ kind, label, pattern }, row) => ({
          kind,
          label,
          rank: kind === "unlabeled" ? 0 : (pattern * 7) % 5,
          row,
          votes: [pattern],
        }));
        const at = rows.length === 0 ? 0 : cut % rows.length;
        const parts = [rows.slice(at), rows.slice(0, at)].map((part) => mostNotable(part, 2));
        expect(mostNotable(parts.flat(), 2)).toEqual(mostNotable(rows, 2));
      }),
    );
  });
});
