import { z } from "zod";
import { Hash } from "./names.ts";

const words = (most: number) => z.string().trim().min(1).max(most);

/** Something that can be seen, and the descriptions that compete for it: a picture's scores over them add up to one. */
export const Concept = z.strictObject({
  name: words(100),
  descriptions: z.array(words(300)).min(2).max(50),
});
export type Concept = z.infer<typeof Concept>;

/** The visual concepts of an image task, in the order in which programs are told of them. */
export const Concepts = z.strictObject({
  /** Of the concepts alone: what scores depend on. */
  hash: Hash,
  concepts: z.array(Concept).min(1).max(50),
  /** Given in the task file, or asked of the model. */
  origin: z.discriminatedUnion("kind", [
    z.strictObject({ kind: z.literal("task") }),
    z.strictObject({ kind: z.literal("model"), requests: z.array(Hash) }),
  ]),
});
export type Concepts = z.infer<typeof Concepts>;
