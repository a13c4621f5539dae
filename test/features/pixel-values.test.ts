import { expect, it } from "vitest";
import { writePixelValues } from "../../lib/features/pixel-values.ts";

it("writes pictures one after another, each by channel, and touches nothing behind them", () => {
  const grey = Uint8Array.from([0, 0, 0, 255, 255, 255, 0, 0, 0, 255, 255, 255]);
  const red = Uint8Array.from([255, 0, 0, 255, 0, 0, 255, 0, 0, 255, 0, 0]);
  const values = new Float32Array(2 * 12 + 2).fill(9);
  writePixelValues(Uint8Array.from([...grey, ...red]), 2, values);
  // (0 − 0.48145466) ∕ 0.26862954 = −1.7923 and (1 − 0.48145466) ∕ 0.26862954 = 1.9303, and so on by channel.
  const [black, white] = [
    [-1.7923, -1.7521, -1.4802],
    [1.9303, 2.0749, 2.1459],
  ];
  expect([...values].map((value) => Math.round(value * 1e4) / 1e4)).toEqual([
    ...[0, 1, 2].flatMap((channel) => [black[channel], white[channel], black[channel], white[channel]]),
    ...[white[0], black[1], black[2]].flatMap((value) => [value, value, value, value]),
    9,
    9,
  ]);
});
