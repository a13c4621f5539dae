/** Run: `node examples/emoji/prepare.ts`; needs the development dependencies openmoji, sharp and tar-stream. */
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
const PICTURES = 289;

/** Our class of each of the source's subgroups. */
const CLASSES: Record<string, string> = {
  "animal-mammal": "animal",
  "animal-bird": "animal",
  "animal-marine": "animal",
  "animal-bug": "animal",
  "animal-reptile": "animal",
  "animal-amphibian": "animal",
  "food-fruit": "food",
  "food-vegetable": "food",
  "food-prepared": "food",
  "food-asian": "food",
  "food-sweet": "food",
  "transport-ground": "vehicle",
  "transport-air": "vehicle",
  "transport-water": "vehicle",
};

/** Of the source's transport subgroups what is no vehicle, by Unicode code point. */
const NO_VEHICLE =
  /^(1F689|1F68F|1F6E3|1F6E4|1F6E2|26FD|1F6DE|1F6A8|1F6A5|1F6A6|1F6D1|1F6A7|1F6EC|1F6EB|1FA82|1F4BA|2693|1F6DF)/;

const openmoji = join(import.meta.dirname, "../../node_modules/openmoji");
const all = JSON.parse(readFileSync(join(openmoji, "data/openmoji.json"), "utf8")) as Emoji[];
const chosen = all.filter(
  ({ hexcode, subgroups, skintone }) =>
    CLASSES[subgroups] !== undefined && skintone === "" && !NO_VEHICLE.test(hexcode),
);
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
