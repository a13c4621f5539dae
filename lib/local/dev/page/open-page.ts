import { MOST_OBJECT_BYTES } from "../../../adapters/embedded/durable.ts";
import { objectsIn } from "../../../adapters/embedded/fauxqs.ts";
import { areas } from "../../../contracts/keys.ts";
import { BUCKET, type Cloud } from "../open-cloud.ts";
import type { board } from "./board.ts";
import { type ServedPage, servePage } from "./serve-page.ts";

/** Drops, state, results: what is there already is shown in the order in which it came to be. */
const ORDER = [areas.inbox, areas.work, areas.outbox];

/** The page of a bucket. @throws InvalidInputError where its port is taken */
export async function openPage(
  { aws: { endpoint, s3Store } }: Pick<Cloud, "aws">,
  seen: ReturnType<typeof board>,
  { port, pagePort, onError }: { port: number; pagePort?: number; onError: (error: unknown) => void },
): Promise<ServedPage> {
  const read = (key: string) => s3Store.getObject(BUCKET, key).body;
  const objects = objectsIn(s3Store, BUCKET);
  const there = [...(objects?.keys() ?? [])];
  for (const area of ORDER) {
    for (const key of there.filter((one) => one.startsWith(area))) {
      try {
        seen.object({ key, event: "ObjectCreated:Put" }, read);
      } catch (error) {
        onError(error); // What an earlier version left is not shown, and stops nothing.
      }
    }
  }
  return servePage({
    port: pagePort ?? (port === 0 ? 0 : Number(new URL(endpoint).port) + 1),
    state: seen.state,
    read: (key) => (objects?.has(key) ? read(key) : undefined),
    put: (key, body) => s3Store.putObject(BUCKET, key, body),
    mostBytes: MOST_OBJECT_BYTES,
  });
}
