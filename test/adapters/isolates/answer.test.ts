import { expect, it } from "vitest";
import { FAULT, packAnswer, unpackAnswer } from "../../../lib/adapters/isolates/answer.ts";
import { faults } from "./job-of.ts";

const expected = { programs: 1, rows: 4, classes: 2 };
const answerOf = (...votes: number[]) => packAnswer([{ votes: Int8Array.from(votes), cpuMs: 1.5 }]);

it.each([
  { name: "votes as they are", votes: [0, 1, -1, 1], counted: {}, first: {}, left: [0, 1, -1, 1] },
  {
    name: "faults as abstentions, counted",
    votes: [FAULT.error, FAULT.error, FAULT.badReturn, 1],
    counted: { error: 2, badReturn: 1 },
    first: { error: 0, badReturn: 2 },
    left: [-1, -1, -1, 1],
  },
  {
    name: "no vote of a program of which a row timed out",
    votes: [0, FAULT.timeout, 1, 1],
    counted: { timeout: 1 },
    first: { timeout: 1 },
    left: [-1, -1, -1, -1],
  },
])("brings $name", ({ votes, counted, first, left }) => {
  expect(unpackAnswer(answerOf(...votes), expected)).toEqual([
    { votes: Int8Array.from(left), faults: faults(counted), first, cpuMs: 1.5 },
  ]);
});

it.each([
  ["votes for a class that is none", answerOf(0, 1, 2, 0)],
  ["a fault that is none", answerOf(0, 1, -2, 0)],
  ["a row too many", answerOf(0, 1, 0, 0, 0)],
  ["no programs", packAnswer([])],
  ["half a program", new Uint8Array(9)],
  ["no complaints", answerOf(0, 1, 0, 0).subarray(0, 12)],
  ["a complaint of another kind", Buffer.concat([answerOf(0, 1, 0, 0).subarray(0, 12), Buffer.from("[5]")])],
  [
    "a complaint without end",
    Buffer.concat([answerOf(0, 1, 0, 0).subarray(0, 12), Buffer.from(JSON.stringify(["x".repeat(301)]))]),
  ],
])("takes no answer with %s", (_name, answer) => {
  expect(unpackAnswer(answer, expected)).toBeUndefined();
});

it("brings what an interpreter said, on one line and of bounded length", () => {
  const said = packAnswer([
    { votes: Int8Array.of(FAULT.error), cpuMs: 0, complaint: `a\n\u202Eb\0${"c".repeat(400)}` },
    { votes: Int8Array.of(0), cpuMs: 0 },
  ]);
  const answers = unpackAnswer(said, { programs: 2, rows: 1, classes: 1 });
  expect(answers?.map(({ complaint }) => complaint)).toEqual([`a b ${"c".repeat(295)}`, undefined]);
});
