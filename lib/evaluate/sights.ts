import { packColumns } from "../contracts/columns.ts";
import type { Concept } from "../contracts/concepts.ts";
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
