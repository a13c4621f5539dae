import { describe, expect, it } from "vitest";
import { ABSTAIN } from "../../lib/contracts/columns.ts";
import { type ComparedRow, compared } from "../../lib/verify/compare.ts";
import { judged, sampleWarnings } from "../../lib/verify/verdict.ts";

const names = { programs: ["one"], classes: ["spam", "ham"] };
const circumstances = { by: "model" as const, model: "m", sampled: 100, margin: 0.1 };

/** So many rows with the programs' label, the sample's, and the label model's confidence. */
const rows = (count: number, label: number, sample: number, confidence = 0.9): ComparedRow[] =>
  Array.from({ length: count }, () => ({ votes: Int8Array.of(label), label, sample, confidence }));

const verdictOf = (...all: ComparedRow[][]) => judged(compared(all.flat(), names, 0.1), circumstances);

describe("a verdict", () => {
  it("is for programs that agree within the margin", () => {
    expect(verdictOf(rows(48, 0, 0), rows(46, 1, 1), rows(6, 0, 1))).toEqual({
      verdict: "programs",
      reason:
        "On 100 rows drawn at random the programs give the model's label to 94.0 % (95 % interval 87.5 % to 97.2 %), within the margin of 10.0 %. The interval reaches below 90.0 %: a larger sample (verify.rows) would make it surer.",
    });
  });

  it("is hybrid where the least certain rows hold the disagreement", () => {
    const { verdict, reason } = verdictOf(rows(40, 0, 0), rows(40, 1, 1), rows(20, 0, 1, 0.6));
    expect(verdict).toBe("hybrid");
    expect(reason).toContain(
      "sending the least certain 20.0 % of the rows to a model would bring that to 90.0 %",
    );
  });

  it("is direct where the programs are sure of what they get wrong", () => {
    expect(verdictOf(rows(40, 0, 0, 0.6), rows(35, 1, 1, 0.6), rows(25, 0, 1, 0.99)).verdict).toBe("direct");
  });

  it("is direct where one class is given to every row, however many rows are of it", () => {
    expect(verdictOf(rows(95, 1, 1), rows(5, 1, 0))).toMatchObject({
      verdict: "direct",
      reason: expect.stringContaining("no more than labels given by lot would (95.0 %)"),
    });
  });

  it("counts a row without a label as one that is labeled otherwise, and sends it first", () => {
    const all = [...rows(80, 0, 0), ...rows(5, 1, 1), ...rows(15, -1, 1, 0)];
    expect(compared(all, names, 0.1)).toMatchObject({
      agreement: { share: 0.85, rows: 100 },
      agreementWhereLabeled: { share: 1, rows: 85 },
      routedShare: 0.15,
      classes: [
        { name: "spam", sample: 80, programs: 80, both: 80 },
        { name: "ham", sample: 20, programs: 5, both: 5 },
      ],
    });
  });

  it("is none where nothing was compared, and says why", () => {
    expect(judged(compared([], names, 0.1), { ...circumstances, stopped: "no key." })).toEqual({
      verdict: null,
      reason: "Not verified: no key.",
    });
    expect(judged(compared([], names, 0.1), circumstances).reason).toBe(
      "Not verified: no answer of the model's named a class for any of the 100 sampled rows; its replies are kept in replies/ of the task's work folder.",
    );
  });
});

describe("warnings of a sample", () => {
  const codesOf = (sampled: number, ...all: ComparedRow[][]) =>
    sampleWarnings(compared(all.flat(), names, 0.1), { by: "model", sampled }).map(({ code }) => code);

  it("tell of a program that votes for the wrong class, and of a class that is never found", () => {
    const wrong = Array.from({ length: 40 }, (_, row) => ({
      votes: Int8Array.of(row % 2),
      label: 0,
      sample: 1 - (row % 2),
      confidence: 0.9,
    }));
    expect(codesOf(40, wrong)).toEqual(["worse-than-chance", "class-missed"]);
  });

  it("tell of a program that votes by something else than what decides the class", () => {
    const unmoved = Array.from({ length: 40 }, (_, row) => ({
      votes: Int8Array.of((row >> 1) % 2),
      label: row % 2,
      sample: row % 2,
      confidence: 0.9,
    }));
    expect(codesOf(40, unmoved)).toEqual(["no-better-than-chance"]);
  });

  it("tell nothing of a program that votes for one class only, and is right", () => {
    const sure = Array.from({ length: 60 }, (_, row) => ({
      votes: Int8Array.of(row % 2 === 1 ? 1 : ABSTAIN),
      label: row % 2,
      sample: row % 2,
      confidence: 0.9,
    }));
    expect(codesOf(60, sure)).toEqual([]);
  });

  it("tell of a sample that is too small or too even to say anything", () => {
    expect(codesOf(50, rows(18, 1, 1), rows(1, 0, 0), rows(1, 1, 0))).toEqual([
      "not-told-from-chance",
      "few-compared",
    ]);
  });

  it("are none where all is well", () => {
    expect(codesOf(100, rows(50, 0, 0), rows(50, 1, 1))).toEqual([]);
  });
});
