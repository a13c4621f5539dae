import { join, resolve } from "node:path";
import { trainingSet, trainLinear } from "../lib/end-model/train-linear.ts";
import { meanOf, printQualities, type Quality, qualityOf, textSets } from "./end-model-quality.ts";

/**
 * What an end model costs, on 100,000 made-up short texts with a tenth of the labels wrong; and what it is worth, on a folder
 * of texts with gold and votes: DATA, or the one beside the repository.
 */
const ROWS = 100_000;
const WORDS = 30_000;
let state = 7;
const next = () => {
  state = (Math.imul(state, 1_103_515_245) + 12_345) >>> 0;
  return state / 2 ** 32;
};
/** Few words are frequent, most are rare. */
const anyWord = () => `w${Math.floor(WORDS ** next())}`;

const { set, add } = trainingSet(2);
const began = process.cpuUsage();
for (let row = 0; row < ROWS; row++) {
  const topic = Math.floor(next() * 2);
  const words = Array.from({ length: 8 + Math.floor(next() * 15) }, () =>
    next() < 0.1 ? `t${topic}x${Math.floor(next() * 50)}` : anyWord(),
  );
  add({ text: words.join(" ") }, next() < 0.1 ? 1 - topic : topic, row % 5 === 0);
}
const { model, agreement } = trainLinear(set);
const { user, system } = process.cpuUsage(began);
console.log(
  `${ROWS.toLocaleString("en")} short texts, ${set.table.entries.toLocaleString("en")} features of rows, ${model.vocabulary.ids.length.toLocaleString("en")} in all: ${((user + system) / 1e6).toFixed(1)} CPU s (bound 30), ${(process.resourceUsage().maxRSS / 1_024).toFixed(0)} MiB at most (bound 500), agreement ${(100 * agreement).toFixed(1)} %`,
);

const folder = resolve(process.env.DATA ?? join(import.meta.dirname, "../../shared/data"));
const sets = textSets(folder);
if (sets.length === 0) console.log(`skipped: no texts with votes in ${folder}; name a folder with DATA=…`);
else {
  const found = sets.map((one): [string, Quality] => [one.name, qualityOf(one)]);
  printQualities([...found, ["mean", meanOf(found.map(([, quality]) => quality))]]);
}
