import { z } from "zod";
import { Hash } from "./names.ts";

/** An image-text model by what its embeddings depend on. */
export const ModelCard = z.strictObject({
  name: z.string(),
  /** What it is by its maker's word, such as `clip-vit-b-32`; `unknown` where nobody says. */
  kind: z.string(),
  /** Of its files: what embeddings depend on. */
  hash: Hash,
  embeddingSize: z.int().min(1),
  /** What cosines are multiplied by before a softmax. */
  logitScale: z.number().positive(),
});
export type ModelCard = z.infer<typeof ModelCard>;

/** What programs see of pictures depends on it; without concepts they see pixels. */
export const RunFeatures = z.strictObject({
  model: ModelCard,
  concepts: Hash.optional(),
  /** Where they see pixels beside the scores of concepts. */
  pixels: ModelCard.optional(),
});
export type RunFeatures = z.infer<typeof RunFeatures>;
