/** Run: `npm i --no-save --ignore-scripts --prefix ../scratch openmoji@17.0.0`, then `node examples/emoji/prepare.ts ../scratch`. */
import { createWriteStream, readFileSync } from "node:fs";
import { join } from "node:path";
import { finished } from "node:stream/promises";
import sharp from "sharp";
import { pack } from "tar-stream";
import { seededShuffle } from "../seeded-shuffle.ts";

interface Emoji {
  hexcode: string;
  subgroups: string;
  skintone: string;
}

const SEED = 7;
const PIXELS = 96;
const PICTURES = 181;

/** Our class of each of the source's subgroups. */
const CLASSES: Record<string, string> = {
  "animal-mammal": "mammal",
  "plant-flower": "plant",
  "plant-other": "plant",
  "food-vegetable": "plant",
  "food-fruit": "plant",
  "sky-weather": "sky",
};

const scratch = process.argv[2];
if (!scratch) throw new Error("Name the folder that holds node_modules/openmoji");
const openmoji = join(scratch, "node_modules/openmoji");
const all = JSON.parse(readFileSync(join(openmoji, "data/openmoji.json"), "utf8")) as Emoji[];
const chosen = all.filter(({ subgroups, skintone }) => CLASSES[subgroups] !== undefined && skintone === "");
if (chosen.length !== PICTURES) throw new Error(`${chosen.length} pictures instead of ${PICTURES}`);

const archive = pack();
const file = createWriteStream(join(import.meta.dirname, "data/emoji.tar"));
archive.pipe(file);
for (const { hexcode, subgroups } of seededShuffle(chosen, SEED)) {
  const picture = await sharp(join(openmoji, `color/svg/${hexcode}.svg`), { density: 96 })
    .resize(PIXELS, PIXELS)
    .flatten({ background: "white" })
    .png({ palette: true, compressionLevel: 9, effort: 10 })
    .toBuffer();
  const name = `${subgroups}/${CLASSES[subgroups]}/${hexcode}.png`;
  archive.entry({ name, mtime: new Date(0) }, picture);
}
archive.finalize();
await finished(file);
console.log(`${chosen.length} pictures, ${file.bytesWritten} bytes`);
