import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { qualityOf, textSets } from "../../bench/end-model-quality.ts";

const folder = join(import.meta.dirname, "../../../shared/data");
const sets = textSets(folder);

describe("an end model on texts with gold", () => {
  it("gains two points over the label model in the mean, and loses no more than one and a half on any", (context) => {
    if (sets.length === 0) return context.skip(`no texts with votes in ${folder}`);
    const gains = sets.map((set) => {
      const { published, labelModel } = qualityOf(set);
      return published - labelModel;
    });
    expect(gains.reduce((sum, gain) => sum + gain, 0) / gains.length).toBeGreaterThanOrEqual(2);
    expect(Math.min(...gains)).toBeGreaterThanOrEqual(-1.5);
  });
});
