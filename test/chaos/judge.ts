import { areas, keys } from "../../lib/contracts/keys.ts";
import type { RegisteredProgram } from "../../lib/contracts/registry.ts";
import { type Bucket, jsonIn } from "./bucket.ts";
import { nameOf, task } from "./drops.ts";
import type { Story } from "./scenarios.ts";
import { calm } from "./schedule.ts";
import { openWorld, type World } from "./world.ts";

/** Objects by key, as they are compared. */
type Objects = Map<string, Uint8Array>;

/**
 * The outbox as it is compared, byte for byte but for what tells of the way and not of the end: `receipt.json` loses `compute`
 * (votes computed and reused, seconds, GB-seconds), `_SUCCESS` its edition, and both, where the task had other programs
 * before (`withPast`), the run's name, since it counts the set before. Of the registry of programs, which tells the past and when
 * it was, only what became of the set in force is compared.
 */
function comparable(bucket: Bucket, withPast: boolean): Objects {
  const objects = bucket.all(areas.outbox);
  for (const key of objects.keys()) {
    if (key === keys.registry(task)) {
      const { set, programs } = jsonIn(bucket, key);
      const states = programs.map(({ id, state, reason, source }: RegisteredProgram) => [
        id,
        state,
        reason,
        source,
      ]);
      objects.set(key, Buffer.from(JSON.stringify([set, states])));
    }
    if (!/\/(receipt\.json|_SUCCESS)$/.test(key)) continue;
    const { compute: _compute, edition: _edition, run, ...content } = jsonIn(bucket, key);
    objects.set(key, Buffer.from(JSON.stringify(withPast ? content : { run, ...content })));
  }
  return objects;
}

const quiet = new Map<string, Promise<Bucket>>();

/** What a quiet run leaves of an inbox: everything in its order, nothing twice, nobody in the way. */
function quietBucket({ bucket }: World, given: Story["given"]): Promise<Bucket> {
  const inbox = bucket.all(areas.inbox);
  const id = [...inbox.keys()].map((key) => `${key} ${bucket.head(key)?.version}`).join("\n");
  const known = quiet.get(id) ?? quietRun(inbox, given);
  quiet.set(id, known);
  return known;
}

async function quietRun(inbox: Objects, given: Story["given"]): Promise<Bucket> {
  const world = openWorld();
  world.give(given);
  const isData = (key: string) => key.startsWith(keys.dataOf(task));
  for (const [key, body] of inbox) if (!isData(key)) world.bucket.put(key, body);
  world.queues.send("synthesize", { stage: "synthesize", task });
  await calm(world);
  for (const [key, body] of inbox) {
    if (!isData(key)) continue;
    world.drop(key, body);
    await calm(world);
    const name = nameOf(key.slice(keys.dataOf(task).length).replace(/\..*/, ""));
    const labeled = idsIn(world.bucket.all(keys.partsOf(task, name)).values());
    const isRefused = world.bucket.find(keys.labelsFailed(task, name)) !== undefined;
    if (!isRefused && labeled !== idsIn([body])) throw new Error(`A quiet run labels other rows of ${key}`);
  }
  return world.bucket;
}

/** Ids of all rows, in their order: none is lost, none stands twice. */
const idsIn = (files: Iterable<Uint8Array>): string =>
  [...files].flatMap((file) => new TextDecoder().decode(file).match(/^\{"id":\d+/gm) ?? []).join();

/** Parts that are others now, when nothing is left to do, than when they were announced. */
export function announcedTooEarly({ bucket, announced }: World): string[] {
  const latest = new Map(announced.map(({ key, parts }) => [key.replace(/[^/]*$/, ""), parts]));
  return [...latest].flatMap(([key, parts]) => {
    const prefix = key.replace(/^work\/(.*)\/ready\/(.*)\//, "outbox/$1/labels/$2/part-");
    const late = differences(bucket.all(prefix), parts);
    return late.map((difference) => `announced before it was whole: ${difference}`);
  });
}

/** What became of a schedule that should not have: nothing, where all is well. */
export async function complaintsOf(
  world: World,
  story: Pick<Story, "given" | "withPast" | "mostEditions">,
): Promise<string[]> {
  const { bucket, queues } = world;
  const expected = comparable(await quietBucket(world, story.given), story.withPast);
  return [
    ...differences(expected, comparable(bucket, story.withPast)),
    ...queues.deadLetters.map(({ content }) => `a dead letter: ${JSON.stringify(content)}`),
    ...announcements(world, story.mostEditions),
  ];
}

function differences(expected: Objects, found: Objects): string[] {
  return [...new Set([...expected.keys(), ...found.keys()])].sort().flatMap((key) => {
    const [should, is] = [expected.get(key), found.get(key)];
    if (should === undefined) return [`left over: ${key}: ${shortened(is)}`];
    if (is === undefined) return [`lost: ${key}`];
    if (Buffer.compare(should, is) === 0) return [];
    return [`differs: ${key}: expected ${shortened(should)}, found ${shortened(is)}`];
  });
}

const shortened = (bytes: Uint8Array = new Uint8Array()) =>
  `${JSON.stringify(Buffer.from(bytes.subarray(0, 300)).toString())} (${bytes.length} bytes)`;

/** Labels are announced once an edition, the wanted edition is, and no run is in more editions than it may be. */
function announcements({ bucket, announced }: World, mostEditions: number): string[] {
  const said = announced.map(({ key }) => key);
  const runs = said.map((key) => key.replace(/\d+-/, ""));
  const oftener = (all: string[], most: number) =>
    [...new Set(all)].filter((one) => all.filter((other) => other === one).length > most);
  return [
    ...oftener(said, 1).map((key) => `announced twice: ${key}`),
    ...oftener(runs, mostEditions).map((run) => `announced in too many editions: ${run}`),
    ...bucket.keys(`${areas.work}${task}/wanted/`).flatMap((key) => {
      const name = nameOf(key.replace(/.*\/|\.json$/g, ""));
      const { run, edition } = jsonIn(bucket, key);
      // What is refused has no labels to announce.
      const isRefused = bucket.find(keys.labelsFailed(task, name)) !== undefined;
      const isSaid = isRefused || said.includes(keys.ready(task, name, run, edition));
      return isSaid ? [] : [`never announced: edition ${edition} of ${name}`];
    }),
  ];
}
