import { appendFileSync, mkdirSync } from "node:fs";
import { join, resolve } from "node:path";
import { captureLog } from "../local/dev/capture-log.ts";
import { imagesIn } from "../local/dev/images-in.ts";
import { newsOf, newsOfDeadLetter, newsOfLog } from "../local/dev/news.ts";
import { BUCKET, openCloud } from "../local/dev/open-cloud.ts";
import { board } from "../local/dev/page/board.ts";
import { openPage } from "../local/dev/page/open-page.ts";
import type { ServedPage } from "../local/dev/page/serve-page.ts";
import type { Io } from "./alchemist.ts";
import { liveKey } from "./live-key.ts";

export interface DevOptions {
  folder: string;
  port: number;
  /** Of the page; without it the one after the endpoint's. */
  pagePort?: number;
  /** Where directories of image-text models lie, for tasks that label pictures. */
  models?: string;
  llm?: "recorded" | "live";
}

/** `alchemist dev`: a bucket with an S3 endpoint on this machine; tasks and data go in, labels come out. */
export async function dev(options: DevOptions, io: Io): Promise<void> {
  const live = liveKey(options, io) !== undefined;
  const folder = resolve(options.folder);
  mkdirSync(folder, { recursive: true });
  const log = join(folder, "log.jsonl");
  // Bound before the functions' logs are taken out of the same stream.
  const write = io.stdout.write.bind(io.stdout);
  let last: string | undefined;
  const print = (line: string | undefined) => {
    // A message that comes twice says the same twice.
    if (line !== undefined && line !== last) write(`${line}\n`);
    last = line ?? last;
  };
  const take = (record: Record<string, unknown>, line: string) => {
    appendFileSync(log, `${line}\n`);
    print(newsOfLog(record));
    seen.log(record);
    page?.changed();
  };
  const seen = board();
  let page: ServedPage | undefined;
  const giveBack = [process.stdout, process.stderr].map((stream) => captureLog(stream, take));
  try {
    const cloud = await openCloud({
      folder,
      port: options.port,
      environment: io.environment,
      live,
      images: options.models === undefined ? undefined : await imagesIn(resolve(options.models)),
      onObject: (change, { s3Store }) => {
        const read = (object: string) => s3Store.getObject(change.bucket, object).body;
        print(newsOf(change, read));
        seen.object(change, read);
        page?.changed();
      },
      onDeadLetter: (letter) => print(`${newsOfDeadLetter(letter)}\n          Its errors are in ${log}.`),
      onError: (error) => print(`queues: ${error instanceof Error ? error.message : String(error)}`),
    });
    const told = (error: unknown) => print(`page: ${error instanceof Error ? error.message : String(error)}`);
    page = await openPage(cloud, seen, { ...options, onError: told }).catch(async (error: unknown) => {
      await cloud.close();
      throw error;
    });
    print(welcome({ endpoint: cloud.aws.endpoint, page: page.url, folder: options.folder, live }));
    await toldToStop();
    print("Finishing what is running. Press Ctrl-C again to leave it for the next start.");
    await page.close();
    await Promise.race([cloud.close(), toldToStop().then(() => process.exit(1))]);
  } finally {
    for (const back of giveBack) back();
  }
}

/** Ctrl-C, or whoever ends this process politely. */
const toldToStop = (): Promise<void> =>
  new Promise((stop) => {
    const signals = ["SIGINT", "SIGTERM"] as const;
    const heard = () => {
      for (const signal of signals) process.off(signal, heard);
      stop();
    };
    for (const signal of signals) process.on(signal, heard);
  });

const welcome = ({
  endpoint,
  page,
  folder,
  live,
}: Record<"endpoint" | "page" | "folder", string> & { live: boolean }) => `\
S3, SQS and the functions of the cloud, in this process. Ctrl-C ends it; what is in the bucket stays in ${folder}.

  page      ${page}
  endpoint  ${endpoint}
  bucket    ${BUCKET}
  model     ${live ? "asked for what is not recorded" : "not asked: recorded replies are replayed"}

Open the page and drop a task folder on it, or drop it from another terminal, with any S3 client:

  export AWS_ENDPOINT_URL=${endpoint} AWS_DEFAULT_REGION=us-east-1 AWS_ACCESS_KEY_ID=alchemist AWS_SECRET_ACCESS_KEY=alchemist
  aws s3 cp --recursive --exclude '.alchemist/*' examples/spam-email s3://${BUCKET}/inbox/spam-email/

Labels come out below outbox/<task>/labels/<data name>/:

  aws s3 cp --recursive s3://${BUCKET}/outbox/spam-email/labels/ labels/
`;
