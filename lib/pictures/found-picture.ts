import { hashOf } from "../contracts/hash.ts";
import type { PictureReference } from "../contracts/pictures.ts";
import type { Problem } from "./picture-problem.ts";
import { contentProblem } from "./sniff.ts";

/** Something in an archive or a folder: a picture, or what keeps it from being one. */
export type FoundPicture = { name: string } & ({ reference: PictureReference } | { problem: Problem });

/** Where bytes lie. */
export type Place = Omit<PictureReference, "hash">;

/** A picture by its bytes and where they lie, or what is wrong with them. */
export function foundPicture(name: string, bytes: Uint8Array, place: Place): FoundPicture {
  const problem = contentProblem(bytes);
  return problem ? { name, problem } : { name, reference: { hash: hashOf(bytes), ...place } };
}
