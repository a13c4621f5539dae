import { z } from "zod";
import content from "./catalogue.json" with { type: "json" };

const File = z.strictObject({
  url: z.url(),
  sha256: z
    .string()
    .regex(/^[0-9a-f]{64}$/)
    .optional(),
});

const Entry = z.strictObject({
  kind: z.string(),
  logitScale: z.number().positive(),
  embeddingSize: z.int(),
  visual: File,
  textual: File,
});
export type CatalogueEntry = z.infer<typeof Entry>;

/** Models that can be fetched, by name. */
export const catalogue: ReadonlyMap<string, CatalogueEntry> = new Map(
  Object.entries(
    z.strictObject({ about: z.string(), models: z.record(z.string(), Entry) }).parse(content).models,
  ),
);
