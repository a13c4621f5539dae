import { describe, expect, it } from "vitest";
import { voteTableOf } from "../../lib/aggregate/vote-table.ts";

const classes = ["ham", "spam"];

describe("voteTableOf", () => {
  it("reads votes as columns and numbers the programs", () => {
    const content = {
      classes,
      votes: [
        [0, 1],
        [-1, 1],
        [1, -1],
      ],
      labels: [0, 1, -1],
      source: "anything else",
    };
    expect(voteTableOf(content, "votes.json")).toEqual({
      classes,
      programs: ["1", "2"],
      columns: [Int8Array.of(0, -1, 1), Int8Array.of(1, 1, -1)],
      labels: Int8Array.of(0, 1, -1),
    });
  });

  it("reads votes for 200 classes", () => {
    const many = Array.from({ length: 200 }, (_, label) => `c${label}`);
    const { columns, labels } = voteTableOf({ classes: many, votes: [[199, -1]], labels: [128] }, "v.json");
    expect({ columns, labels }).toEqual({
      columns: [Int16Array.of(199), Int16Array.of(-1)],
      labels: Int16Array.of(128),
    });
  });

  it("takes names of programs", () => {
    const content = { classes, programs: ["urgent", "free"], votes: [[0, 1]] };
    expect(voteTableOf(content, "votes.json")).toEqual({
      classes,
      programs: ["urgent", "free"],
      columns: [Int8Array.of(0), Int8Array.of(1)],
    });
  });

  it.each([
    {
      name: "something else",
      content: [[0, 1]],
      message: 'v.json: expected an object {"classes": […], "votes": [[…]]}.',
    },
    {
      name: "no rows",
      content: { classes, votes: [] },
      message: "v.json: votes: found no rows. Expected a list with a list of votes for each row.",
    },
    {
      name: "a row that is no list",
      content: { classes, votes: [[0, 1], 1] },
      message: "v.json: votes[1]: found 1. Expected a list of votes.",
    },
    {
      name: "ragged votes",
      content: { classes, votes: [[0, 1], [0]] },
      message:
        "v.json: votes[1]: found 1 votes where the first row has 2. Each row needs a vote of each program; −1 abstains.",
    },
    ...[2, -2, 0.5, Number.NaN].map((vote) => ({
      name: `the vote ${vote}`,
      content: { classes, votes: [[0, vote]] },
      message: `v.json: votes[0][1]: found ${vote}. Expected the index of a class, 0 to 1, or −1 to abstain.`,
    })),
    {
      name: "a vote that is no number",
      content: { classes, votes: [[null, 0]] },
      message: "v.json: votes[0][0]: found null. Expected the index of a class, 0 to 1, or −1 to abstain.",
    },
    {
      name: "one program",
      content: { classes, votes: [[0], [1]] },
      message: "v.json: found votes of one program. A label model compares programs: give two or more.",
    },
    {
      name: "nothing but abstentions",
      content: { classes, votes: [[-1, -1]] },
      message: "v.json: every vote is an abstention. Nothing can be learned from these programs.",
    },
    {
      name: "classes that are no names",
      content: { classes: 2, votes: [[0, 1]] },
      message: "v.json: classes: found 2. Expected a list of names.",
    },
    {
      name: "a class twice",
      content: { classes: ["ham", "ham"], votes: [[0, 1]] },
      message: 'v.json: classes: found "ham" twice. Each needs a name of its own.',
    },
    {
      name: "one class",
      content: { classes: ["ham"], votes: [[0, 0]] },
      message:
        "v.json: found 1 class. Expected 2 to 200: name them all, also those without a vote; of a CSV with --classes.",
    },
    {
      name: "201 classes",
      content: { classes: Array.from({ length: 201 }, (_, label) => `c${label}`), votes: [[0, 200]] },
      message:
        "v.json: found 201 classes. Expected 2 to 200: name them all, also those without a vote; of a CSV with --classes.",
    },
    {
      name: "10,000 programs",
      content: { classes, votes: [new Array(10_000).fill(0)] },
      message:
        "v.json: found 10000 programs. Expected 1000 at most, because all pairs are compared: leave out those that vote least, or alike.",
    },
    {
      name: "labels of other rows",
      content: { classes, votes: [[0, 1]], labels: [0, 1] },
      message: "v.json: labels: found 2 labels for 1 rows. Expected one a row, −1 where it is unknown.",
    },
    {
      name: "a label outside the classes",
      content: { classes, votes: [[0, 1]], labels: [2] },
      message:
        "v.json: labels[0]: found 2. Expected the index of a class, 0 to 1, or −1 where it is unknown.",
    },
    {
      name: "too few names of programs",
      content: { classes, votes: [[0, 1]], programs: ["a"] },
      message: "v.json: programs: found 1 names for 2 programs. Name each program, or none.",
    },
  ])("refuses $name", ({ content, message }) => {
    expect(() => voteTableOf(content, "v.json")).toThrow(
      expect.objectContaining({ code: "invalid-input", message }),
    );
  });
});
