import { createHash } from "node:crypto";
import type { Hash } from "./names.ts";

/** Content address of bytes or text: the first 128 bits of its SHA-256. */
export const hashOf = (content: Uint8Array | string): Hash =>
  createHash("sha256").update(content).digest("hex").slice(0, 32) as Hash;

/** Content address of a JSON value; object keys count in the order given, so build them in one place. */
export const hashOfJson = (value: unknown): Hash => hashOf(JSON.stringify(value));
