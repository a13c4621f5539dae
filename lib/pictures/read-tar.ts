import { pipeline, Readable } from "node:stream";
import { extract, type Header } from "tar-stream";
import { MOST_PICTURE_BYTES } from "../contracts/pictures.ts";
import type { ObjectStore } from "../ports.ts";
import { archiveError } from "./archive-error.ts";
import { type FoundPicture, foundPicture } from "./found-picture.ts";
import { isByTheWay, nameProblem } from "./picture-name.ts";
import type { Problem } from "./picture-problem.ts";
import { tooLarge } from "./sniff.ts";

/**
 * The pictures of a tar archive, front to back, each read once.
 *
 * @param archive its version: no other is read
 * @param file how to call it in errors
 * @throws InvalidInputError where it is no whole archive; ObjectChangedError
 */
export async function* readTar(
  store: Pick<ObjectStore, "read">,
  key: string,
  archive: { version?: string },
  file: string,
  onBytes: (bytes: number) => void = () => undefined,
): AsyncGenerator<FoundPicture> {
  const entries = extract();
  let read = 0;
  const counted = async function* () {
    for await (const chunk of store.read(key, undefined, archive.version)) {
      read += chunk.byteLength;
      onBytes(read);
      yield chunk;
    }
  };
  pipeline(Readable.from(counted()), entries, () => undefined); // An error reaches the loop below.
  try {
    for await (const entry of entries) {
      const { type } = entry.header;
      const name = entry.header.name.replace(/^(\.\/)+/, "");
      if (type === "directory" || isByTheWay(name)) {
        entry.resume();
        continue;
      }
      const problem = entryProblem(entry.header, name);
      if (problem) {
        entry.resume();
        yield { name, problem };
        continue;
      }
      const chunks: Buffer[] = [];
      for await (const chunk of entry) chunks.push(chunk as Buffer);
      const bytes = Buffer.concat(chunks);
      const start = startOf(entry.header);
      yield foundPicture(name, bytes, { key, version: archive.version, start, length: bytes.byteLength });
    }
  } catch (cause) {
    throw archiveError(cause, "tar", file);
  }
}

/** Where an entry's bytes begin; the package's types do not name it yet. */
const startOf = (header: Header): number => (header as Header & { byteOffset: number }).byteOffset;

function entryProblem({ type, size = 0 }: Header, name: string): Problem | undefined {
  const bad = nameProblem(name);
  if (bad) return bad;
  if (type !== "file" && type !== "contiguous-file") {
    return { reason: "link", message: `this is a ${type}, which is not followed. Pack the picture itself.` };
  }
  return size > MOST_PICTURE_BYTES ? tooLarge(size) : undefined;
}
