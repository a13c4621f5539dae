import { packColumns } from "../contracts/columns.ts";
import type { Concept } from "../contracts/concepts.ts";
import { PIXEL_SIDE, PIXELS } from "../contracts/pixels.ts";
import { enlarged } from "../features/enlarged.ts";
import { pixelsColumn } from "../features/pixels-column.ts";
import { descriptionsOf, scoresColumn, scoresOf } from "../features/scores.ts";
import type { ImageTextModel, PictureModel } from "../ports.ts";
import type { Sight } from "./stress.ts";

/** Of programs that see scores of concepts. */
export async function scoresSight(
  { concepts, logitScale }: { concepts: readonly Concept[]; logitScale: number },
  model: Pick<ImageTextModel, "embedTexts" | "embedPictures">,
): Promise<Sight> {
  const texts = await model.embedTexts(descriptionsOf(concepts));
  return {
    concepts,
    async see(pictures) {
      const embeddings = await eachEmbedded(pictures, model);
      return { embeddings, rows: embeddings.map((one) => scoresOf(one, texts, concepts, logitScale)) };
    },
    columns: (rows) => packColumns([scoresColumn(concepts, rows)], rows.length),
  };
}

/** Of programs that see both: a row is the scores, then the pixels, which count as one more concept. */
export async function bothSight(
  { concepts, logitScale }: { concepts: readonly Concept[]; logitScale: number },
  model: Pick<ImageTextModel, "embedTexts" | "embedPictures">,
  pixels: Pick<PictureModel, "embedPictures" | "card">,
): Promise<Sight> {
  const [scores, levels] = [await scoresSight({ concepts, logitScale }, model), pixelsSight(pixels)];
  const scoresARow = descriptionsOf(concepts).length;
  return {
    concepts: [...concepts, { name: PIXELS, descriptions: new Array(pixels.card.embeddingSize) }],
    async see(pictures) {
      const { embeddings, rows } = await scores.see(pictures);
      const { rows: seen } = await levels.see(pictures.map(divisible));
      return {
        embeddings,
        rows: rows.map((row, at) => Float64Array.from([...Array.from(row), ...Array.from(seen[at])])),
      };
    },
    columns(rows) {
      const all = rows.map((row) => Float64Array.from(row));
      const columns = [scoresColumn(concepts, all), pixelsColumn(all.map((row) => row.subarray(scoresARow)))];
      return packColumns(columns, rows.length);
    },
  };
}

/** A decoded square of a side that is a multiple of the pixels' own, as not every model has it. */
function divisible(picture: Uint8Array): Uint8Array {
  const side = Math.sqrt(picture.length / 3);
  const next = PIXEL_SIDE * Math.ceil(side / PIXEL_SIDE);
  if (next === side) return picture;
  const to = { width: next, height: next };
  return enlarged(picture, { width: side, height: side }, { ...to, crop: { left: 0, top: 0, ...to } });
}

/** Of programs that see pixels. */
export const pixelsSight = (model: Pick<PictureModel, "embedPictures">): Sight => ({
  concepts: [],
  async see(pictures) {
    const embeddings = await eachEmbedded(pictures, model);
    return { embeddings, rows: embeddings };
  },
  columns: (rows) => packColumns([pixelsColumn(rows)], rows.length),
});

/** Each by itself, so that none depends on its neighbours; the model looks at as many at once as there are processors. */
const eachEmbedded = (
  pictures: readonly Uint8Array[],
  model: Pick<PictureModel, "embedPictures">,
): Promise<Float32Array[]> => Promise.all(pictures.map((picture) => model.embedPictures([picture])));
