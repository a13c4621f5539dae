/** Run: `npm i --no-save --ignore-scripts --prefix ../scratch vega-datasets@3.2.1`, then `node examples/penguins/prepare.ts ../scratch`. */
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { seededShuffle } from "../seeded-shuffle.ts";

type Penguin = Record<string, string | number | null>;

const SEED = 7;
const PENGUINS = 344;

/** Our column names and the source's. */
const COLUMNS = {
  island: "Island",
  bill_length_mm: "Beak Length (mm)",
  bill_depth_mm: "Beak Depth (mm)",
  flipper_length_mm: "Flipper Length (mm)",
  body_mass_g: "Body Mass (g)",
  sex: "Sex",
  species: "Species",
};

/** A CSV cell; the source's two marks of a missing value become the empty one. No value needs quotes. */
function cell(value: string | number | null | undefined): string {
  if (value === undefined) throw new Error("A penguin lacks a column");
  return value === null || value === "." ? "" : String(value);
}

const scratch = process.argv[2];
if (!scratch) throw new Error("Name the folder that holds node_modules/vega-datasets");
const source = join(scratch, "node_modules/vega-datasets/data/penguins.json");

const penguins = JSON.parse(readFileSync(source, "utf8")) as Penguin[];
if (penguins.length !== PENGUINS) throw new Error(`${penguins.length} penguins instead of ${PENGUINS}`);

const lines = seededShuffle(penguins, SEED).map((penguin, index) => {
  const id = `penguin-${String(index + 1).padStart(3, "0")}`;
  return [id, ...Object.values(COLUMNS).map((column) => cell(penguin[column]))].join(",");
});

const csv = `${["id", ...Object.keys(COLUMNS)].join(",")}\n${lines.join("\n")}\n`;
writeFileSync(join(import.meta.dirname, "data/penguins.csv"), csv);
console.log(`${lines.length} penguins, ${csv.length} bytes`);
