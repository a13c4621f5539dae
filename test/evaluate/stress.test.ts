import { expect, it } from "vitest";
import { pixelModel } from "../../lib/adapters/onnx/pixel-model.ts";
import { unpackColumns } from "../../lib/contracts/columns.ts";
import { bothSight, pixelsSight, scoresSight } from "../../lib/evaluate/sights.ts";
import { type Labeler, stress } from "../../lib/evaluate/stress.ts";

const SIDE = 4;
const concepts = [
  { name: "hue", descriptions: ["red", "blue"] },
  { name: "side", descriptions: ["left", "right"] },
];

/** Sees how red or blue a picture is, and which half is brighter: four numbers, one a description. */
const model = {
  card: { name: "toy", kind: "toy", hash: "0".repeat(32) as never, embeddingSize: 4, logitScale: 50 },
  embedTexts: async () => Float32Array.from([1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]),
  embedPictures: async ([pixels]: readonly Uint8Array[]) => {
    const sums = [0, 0, 0, 0];
    pixels.forEach((value, at) => {
      const channel = at % 3;
      const x = Math.floor(at / 3) % SIDE;
      if (channel === 0) sums[0] += value;
      if (channel === 2) sums[1] += value;
      sums[x < SIDE / 2 ? 2 : 3] += value;
    });
    const length = Math.hypot(...sums);
    return Float32Array.from(sums, (sum) => sum / length);
  },
};

/** One program by side, one that always says the same; the label is the first one's. */
const labeler: Labeler = {
  programs: ["by-side", "steady"],
  hasEndModel: false,
  async label(columns) {
    const [{ values }] = unpackColumns(columns).columns;
    const rows = (values as string[]).map((text) => JSON.parse(text));
    const bySide = Int8Array.from(rows, ({ side }) => (side.left > 0.5 ? 0 : 1));
    return { votes: [bySide, new Int8Array(rows.length)], labels: bySide };
  },
};

/** The same, with an end model that has the only say, and sees which half is brighter. */
const withEndModel: Labeler = {
  ...labeler,
  hasEndModel: true,
  async label(columns, embeddings) {
    const { votes } = await labeler.label(columns, embeddings);
    return { votes, labels: Int8Array.from(embeddings, ([, , left, right]) => (left > right ? 0 : 1)) };
  },
};

const brightLeft = Uint8Array.from({ length: 3 * SIDE ** 2 }, (_, at) =>
  Math.floor(at / 3) % SIDE < SIDE / 2 ? 250 : 50,
);

it("says which change flips labels, whose votes change, and by which concept", async () => {
  const sight = await scoresSight({ concepts, logitScale: 50 }, model);
  const report = await stress([brightLeft, brightLeft], sight, labeler);
  expect(report.pictures).toBe(2);
  expect(report.changes.find(({ change }) => change === "mirrored")).toEqual({
    change: "mirrored",
    flips: 1,
    programs: [
      { id: "by-side", flips: 1 },
      { id: "steady", flips: 0 },
    ],
    concepts: [
      { name: "hue", flips: 0 },
      { name: "side", flips: 1 },
    ],
  });
  expect(report.changes.find(({ change }) => change === "colour cast")).toMatchObject({ flips: 0 });
  expect(report.warnings).toEqual([
    'With mirrored, 100 % of the labels are others, though the pictures show the same. by-side changes its vote most (100 %); the concept "side" alone changes 100 %.',
  ]);
});

it("has the end model label changed pictures by what it sees of them, and says what that alone changes", async () => {
  const report = await stress(
    [brightLeft],
    await scoresSight({ concepts, logitScale: 50 }, model),
    withEndModel,
  );
  expect(report.changes.find(({ change }) => change === "mirrored")).toMatchObject({
    flips: 1,
    concepts: [
      { name: "hue", flips: 0 },
      { name: "side", flips: 0 },
    ],
    endModel: 1,
  });
  expect(report.warnings).toEqual([
    "With mirrored, 100 % of the labels are others, though the pictures show the same. by-side changes its vote most (100 %); the end model alone changes 100 %.",
  ]);
});

it("says whose votes change where programs see pixels, which have no concepts", async () => {
  const byLeft: Labeler = {
    programs: ["by-left"],
    hasEndModel: false,
    async label(columns) {
      const [{ values }] = unpackColumns(columns).columns;
      const votes = Int8Array.from(values as string[], (text) => (JSON.parse(text)[9][4][0] > 100 ? 0 : 1));
      return { votes: [votes], labels: votes };
    },
  };
  const left = Uint8Array.from({ length: 3 * 64 ** 2 }, (_, at) => (Math.floor(at / 3) % 64 < 32 ? 250 : 50));
  const report = await stress([left, left.map(() => 250)], pixelsSight(pixelModel()), byLeft);
  expect(report.changes.find(({ change }) => change === "mirrored")).toEqual({
    change: "mirrored",
    flips: 0.5,
    programs: [{ id: "by-left", flips: 0.5 }],
    concepts: [],
  });
  expect(report.warnings).toEqual([
    "With mirrored, 50 % of the labels are others, though the pictures show the same. by-left changes its vote most (50 %).",
  ]);
});

it("tells scores from pixels where programs see both: one changes without the other", async () => {
  const byBoth: Labeler = {
    programs: ["by-side", "by-pixel"],
    hasEndModel: false,
    async label(columns) {
      const [scores, pixels] = unpackColumns(columns).columns.map(({ values }) =>
        (values as string[]).map((text) => JSON.parse(text)),
      );
      const bySide = Int8Array.from(scores, ({ side }) => (side.left > 0.5 ? 0 : 1));
      const byPixel = Int8Array.from(pixels, (lines) => (lines[9][4][0] > 100 ? 0 : 1));
      return { votes: [bySide, byPixel], labels: byPixel };
    },
  };
  const sight = await bothSight({ concepts, logitScale: 50 }, model, pixelModel());
  const report = await stress([brightLeft], sight, byBoth);
  expect(report.changes.find(({ change }) => change === "mirrored")).toEqual({
    change: "mirrored",
    flips: 1,
    programs: [
      { id: "by-side", flips: 1 },
      { id: "by-pixel", flips: 1 },
    ],
    concepts: [
      { name: "hue", flips: 0 },
      { name: "side", flips: 0 },
      { name: "pixels", flips: 1 },
    ],
  });
});
