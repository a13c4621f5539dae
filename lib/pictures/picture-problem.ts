/** Why something that was dropped as a picture is none that can be used. */
export type PictureProblem =
  | "bad-name"
  | "duplicate-name"
  | "link"
  | "archive"
  | "empty"
  | "no-picture"
  | "too-large"
  | "packed-bomb"
  | "encrypted"
  | "damaged"
  | "outside-task"
  | "missing";

/** Its stable name, and what a user is told. */
export interface Problem {
  reason: PictureProblem;
  message: string;
}
