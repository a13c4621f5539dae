import { areas } from "../../lib/contracts/keys.ts";
import type { Message } from "../../lib/contracts/messages.ts";
import type { ObjectStore } from "../../lib/ports.ts";
import { openBucket } from "./bucket.ts";
import { sendAll, stageOf } from "./functions.ts";
import { openGate, type Point, type Process } from "./gate.ts";
import { gatedStore } from "./gated-store.ts";
import { constantModel, quickRunner } from "./programs.ts";
import { openQueues, type Queued, type Queues, shown } from "./queues.ts";

/** S3 and SQS answer so when they are asked too often. */
class SlowDown extends Error {
  override readonly name = "SlowDown";
}

/** Labels that were said to be ready, and the parts that lay there at that moment. */
export interface Announcement {
  key: string;
  parts: Map<string, Uint8Array>;
}

export type World = ReturnType<typeof openWorld>;

/** Turns of the event loop without a word, after which nobody is at work: nothing here waits for a clock or a disk. */
const STILL = 5;

/** The whole cloud, standing still between two of its steps. Nothing moves unless a schedule says so. */
export function openWorld() {
  const bucket = openBucket();
  const queues = openQueues();
  const processes = new Set<Process>();
  const trace: string[] = [];
  const log = (line: string) => void trace.push(line);
  const { points, gate, leave } = openGate(log);
  const announced: Announcement[] = [];
  let started = 0;

  bucket.onlookers.push(({ key, removed }) => {
    const [, task, name] = /^work\/([^/]+)\/ready\/([^/]+)\//.exec(key) ?? [];
    if (removed || task === undefined) return;
    announced.push({ key, parts: bucket.all(`${areas.outbox}${task}/labels/${name}/part-`) });
  });

  const startProcess = (stage: Queued["stage"]): Process => {
    started += 1;
    const process: Process = {
      name: `${stage}@${started}`,
      stage,
      messages: new Set(),
      store: {} as ObjectStore,
    };
    process.store = gatedStore(bucket, (request, effect) => gate(process, request, effect));
    processes.add(process);
    return process;
  };

  const sendBatch = (process: Process) => (stage: Message["stage"], batch: Message[]) => {
    const put = (messages: Message[]) => {
      for (const message of messages) {
        const sent = queues.send(stage, message, stage === "synthesize" ? message.task : undefined);
        log(`  sent ${shown(sent)}`);
      }
    };
    const landHalf = () => put(batch.slice(0, Math.ceil(batch.length / 2)));
    return gate(process, { text: `send ${batch.length} ${stage}`, isWrite: true, landHalf }, () =>
      put(batch),
    );
  };

  const work = async (process: Process, message: Queued): Promise<void> => {
    const ports = {
      store: world.mutation(process.store, process.stage),
      runner: quickRunner,
      model: constantModel,
      report: () => undefined,
      now: () => new Date("2026-01-31T12:00:00Z"),
    };
    try {
      await sendAll(stageOf(message, ports), world.sentAtOnce, sendBatch(process));
      log(`${process.name}: done with #${message.number}`);
      queues.remove(message);
    } catch (error) {
      log(`${process.name}: failed with #${message.number}: ${error}`);
      queues.giveBack(message);
    }
    process.messages.delete(message);
  };

  const world = {
    /** Stands between a function and the bucket, where a test puts a bug on purpose. */
    mutation: (store: ObjectStore, _stage: Queued["stage"]): ObjectStore => store,
    /** Messages that a function sends in one request: SQS takes ten. */
    sentAtOnce: 10,
    bucket,
    queues,
    processes,
    points,
    trace,
    /** In the order in which S3 told of them. */
    announced,
    log,
    /** Lets every function run until it asks for something. */
    async settled() {
      let said = -1;
      for (let still = 0; still < STILL; still++) {
        await new Promise((resolve) => setImmediate(resolve));
        if (said !== trace.length + points.length) still = 0;
        said = trace.length + points.length;
      }
    },
    /** Gives a message to a process of its stage. */
    deliver(message: Queued, process = startProcess(message.stage)): Process {
      queues.receive(message);
      process.messages.add(message);
      log(`${process.name}: gets ${shown(message)}${message.receives > 1 ? ` (${message.receives}.)` : ""}`);
      work(process, message);
      return process;
    },
    /** The process is gone; its messages come again. Where a request is named, that one still has its effect. */
    kill(process: Process, landing?: Point): void {
      log(`${process.name}: dies ${landing ? `after ${landing.text}` : "before its next request"}`);
      landing?.land();
      for (const point of points.filter((one) => one.process === process)) leave(point);
      processes.delete(process);
      for (const message of process.messages) queues.giveBack(message);
    },
    /** S3 or SQS says that it is asked too often: before it did what was asked, after, or in the midst of several. */
    refuse(point: Point, when: "before" | "after" | "between"): void {
      log(
        `${point.process.name}: is refused ${point.text}${when === "before" ? "" : `, ${when} its effect`}`,
      );
      if (when === "after") point.land();
      else if (when === "between") point.landHalf?.();
      point.fail(new SlowDown("Please reduce your request rate."));
    },
    /** What was there before anybody looked. */
    give(objects: Record<string, Uint8Array>): void {
      for (const [key, body] of Object.entries(objects)) bucket.put(key, body);
    },
    /** What somebody drops: S3 tells of it. */
    drop(key: string, body: Uint8Array | string): void {
      bucket.put(key, body);
      notify(queues, key, "ObjectCreated:Put");
    },
    /** What somebody takes away. Of programs S3 tells. */
    take(key: string): void {
      bucket.remove(key);
      if (key.startsWith(areas.inbox) && key.endsWith(".js")) notify(queues, key, "ObjectRemoved:Delete");
    },
  };
  return world;
}

/** An event of S3 as it comes: its key URL-encoded. */
function notify(queues: Queues, key: string, eventName: string): void {
  const encoded = encodeURIComponent(key).replaceAll("%2F", "/").replaceAll("%20", "+");
  queues.send("intake", { Records: [{ eventName, s3: { object: { key: encoded } } }] });
}
