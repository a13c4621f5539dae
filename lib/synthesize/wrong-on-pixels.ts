import { PIXEL_SIDE } from "../contracts/pixels.ts";
import type { ProgramVotes } from "../ports.ts";

/** What is wrong with a program over pixels, whose probe rows are always whole: none of them is a reason to throw. */
export const wrongOnPixels = ({ faults }: ProgramVotes, rows: number): string | undefined =>
  faults.error === 0
    ? undefined
    : `it throws on ${faults.error} of ${rows} probe pictures, and all of them have ${PIXEL_SIDE} lines of ${PIXEL_SIDE} pixels: mind pictures of one colour, in which there is no thing, and divisions by nothing`;
