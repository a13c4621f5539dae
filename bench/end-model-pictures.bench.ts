import { existsSync } from "node:fs";
import { join } from "node:path";
import { type FeatureRow, mixedBits } from "../lib/end-model/features.ts";
import { rowPosteriorOf } from "../lib/end-model/linear-model.ts";
import { trainingSet, trainLinear } from "../lib/end-model/train-linear.ts";
import { foldedQuality, pictureSet, qualityAlone } from "./end-model-picture-sets.ts";
import { printQualities } from "./end-model-quality.ts";

/**
 * What an end model over pictures costs, on 100,000 made-up embeddings of 768 numbers with a fifth of the labels drawn by chance;
 * and what it is worth, on task folders that run from recordings: the emoji, and those of PICTURES, divided by commas; with all
 * programs, and with each of them alone.
 */
const [PICTURES, SIZE, CLASSES] = [100_000, 768, 5];
let drawn = 0;
/** Hashes of a counter: congruential generators repeat themselves over rows of 768. */
const next = () => mixedBits(++drawn, 30) / 2 ** 30;
/** What all pictures share, and what those of a class do; then as much of chance again. */
const shared = Array.from({ length: SIZE }, () => next() - 0.5);
const ofClass = Array.from({ length: CLASSES }, () => shared.map(() => (next() - 0.5) / 4));
const picture = (kind: number): FeatureRow =>
  Float32Array.from(shared, (value, at) => value + ofClass[kind][at] + next() - 0.5);

const { set, add } = trainingSet(CLASSES);
const resting = process.memoryUsage.rss();
let spent = 0;
const timed = <T>(work: () => T): T => {
  const began = process.cpuUsage();
  const result = work();
  const { user, system } = process.cpuUsage(began);
  spent += (user + system) / 1e6;
  return result;
};
let room = true;
for (let row = 0; room && row < PICTURES; row++) {
  const kind = row % CLASSES;
  const made = picture(kind);
  room = timed(() => add(made, next() < 0.2 ? Math.floor(next() * CLASSES) : kind, next() < 0.2));
}
const { model, rows, agreement } = timed(() => trainLinear(set));
const peak = process.resourceUsage().maxRSS / 1_024;
console.log(
  `${PICTURES.toLocaleString("en")} pictures of ${SIZE} numbers, ${rows.toLocaleString("en")} of them learned from: ${spent.toFixed(1)} CPU s, ${peak.toFixed(0)} MiB at most, ${(resting / 2 ** 20).toFixed(0)} of them before; agreement ${(100 * agreement).toFixed(1)} %`,
);
const posterior = rowPosteriorOf(model);
const out = new Float64Array(CLASSES);
const some = Array.from({ length: 2_000 }, (_, row) => picture(row % CLASSES));
spent = 0;
timed(() => {
  for (const one of some) posterior(one, out);
});
console.log(`labels a picture in ${((1e6 * spent) / some.length).toFixed(0)} CPU µs`);

const folders = [
  join(import.meta.dirname, "../examples/emoji"),
  ...(process.env.PICTURES?.split(",") ?? []),
].filter((folder) => existsSync(folder));
const found: Parameters<typeof printQualities>[0][number][] = [];
for (const folder of folders) {
  const pictures = await pictureSet(folder);
  found.push([pictures.name, foldedQuality(pictures)], ["each alone", qualityAlone(pictures)]);
}
printQualities(found);
