import fc from "fast-check";
import { expect, it } from "vitest";
import {
  frameHead,
  frameReader,
  packBeat,
  packStop,
  unpackBeat,
  unpackStop,
} from "../../../lib/adapters/isolates/protocol.ts";

const frame = fc.record({ kind: fc.nat(255), payload: fc.uint8Array({ maxLength: 20 }) });

it("puts frames together however the pipe cuts them", () => {
  fc.assert(
    fc.property(fc.array(frame), fc.integer({ min: 1, max: 30 }), (frames, size) => {
      const bytes = Buffer.concat(
        frames.flatMap(({ kind, payload }) => [frameHead(kind, payload.length), payload]),
      );
      const found: typeof frames = [];
      const read = frameReader(20, (kind, payload) => found.push({ kind, payload }));
      for (let at = 0; at < bytes.length; at += size) read(bytes.subarray(at, at + size));
      expect(found).toEqual(frames);
    }),
  );
});

it("refuses a frame that is longer than any it can expect", () => {
  expect(() => frameReader(20, () => {})(frameHead(1, 21))).toThrow(
    "A frame of 21 bytes, at most 20 expected",
  );
});

it("brings back a beat", () => {
  const beat = { piece: 70_000, program: -1, cpuMs: 12.5, memoryMiB: 80.25 };
  expect(unpackBeat(packBeat(beat))).toEqual(beat);
});

it("brings back a stop, and takes nothing that no child of ours says", () => {
  const stop = { program: 3, fault: -126, row: 70_000 };
  const job = { programs: 4, rows: 70_001 };
  expect(unpackStop(packStop(stop), job)).toEqual(stop);
  const made = (...values: number[]) => new Uint8Array(Float64Array.from(values).buffer);
  for (const values of [
    [0, 0.5, 1],
    [4, -126, 1],
    [-1, -126, 1],
    [0, -126, 70_001],
    [0, -126, 1, 1],
  ]) {
    expect(() => unpackStop(made(...values), job)).toThrow(/^A stop of \d+ bytes that says nothing$/);
  }
  expect(() => unpackBeat(made(1, 0, Number.NaN, 3))).toThrow("A beat of 32 bytes that says nothing");
  expect(() => unpackBeat(made(1, 0, 2, 3, 4))).toThrow("A beat of 40 bytes that says nothing");
});
