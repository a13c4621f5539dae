import { ListObjectsV2Command, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { GetSecretValueCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { region } from "./aws-cli.ts";
import { bytesOf } from "./outbox.ts";
import { type ArmedFunction, credentialsOf } from "./running-functions.ts";

/** What a role must not be able to do. */
interface Attempt {
  stage: string;
  what: string;
  attempt: (clients: { s3: S3Client; secrets: SecretsManagerClient }) => Promise<unknown>;
}

/** Attempts at things that are there, so that only the role stands in the way. */
const attempts = (bucket: string, secret: string, task: string): Attempt[] => {
  const read =
    (key: string): Attempt["attempt"] =>
    ({ s3 }) =>
      bytesOf(s3, bucket, key);
  const list =
    (Prefix?: string): Attempt["attempt"] =>
    ({ s3 }) =>
      s3.send(new ListObjectsV2Command({ Bucket: bucket, Prefix }));
  const write =
    (Key: string): Attempt["attempt"] =>
    ({ s3 }) =>
      s3.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "x" }));
  const ask: Attempt["attempt"] = ({ secrets }) =>
    secrets.send(new GetSecretValueCommand({ SecretId: secret }));
  const taskFile = `inbox/${task}/task.yaml`;
  return [
    { stage: "label", what: "reads the inbox", attempt: read(taskFile) },
    { stage: "label", what: "lists the inbox", attempt: list(`inbox/${task}/`) },
    { stage: "label", what: "lists the whole bucket", attempt: list() },
    { stage: "label", what: "reads the model's key", attempt: ask },
    { stage: "label", what: "writes the outbox", attempt: write(`outbox/${task}/labels/x/part-00000.csv`) },
    { stage: "label", what: "writes programs", attempt: write(`outbox/${task}/programs/x.js`) },
    { stage: "intake", what: "reads the inbox", attempt: read(taskFile) },
    { stage: "fan-out", what: "reads the model's key", attempt: ask },
    { stage: "aggregate", what: "reads the model's key", attempt: ask },
    { stage: "aggregate", what: "reads the inbox", attempt: read(taskFile) },
    { stage: "train", what: "reads the model's key", attempt: ask },
    { stage: "train", what: "reads the inbox", attempt: read(taskFile) },
    { stage: "publish", what: "reads the model's key", attempt: ask },
    { stage: "publish", what: "writes the inbox", attempt: write(taskFile) },
    { stage: "watch", what: "writes a run", attempt: write(`work/${task}/runs/x/run.json`) },
    { stage: "synthesize", what: "writes labels", attempt: write(`outbox/${task}/labels/x/part-00000.csv`) },
  ];
};

/** Tries what roles must not do, with their own keys. @returns what was refused @throws Error naming what was not */
export async function tryForbidden(
  functions: readonly ArmedFunction[],
  endpoint: string,
  { bucket, secret, task }: { bucket: string; secret: string; task: string },
): Promise<string[]> {
  const refused: string[] = [];
  for (const { stage, what, attempt } of attempts(bucket, secret, task)) {
    const armed = functions.find((each) => each.stage === stage);
    if (armed === undefined) throw new Error(`There is no function for ${stage}`);
    const settings = { endpoint, region, credentials: credentialsOf(armed.keys) };
    const clients = { s3: new S3Client(settings), secrets: new SecretsManagerClient(settings) };
    const outcome = await attempt(clients).then(
      () => "allowed",
      // The emulator says no in S3's format whoever is asked, which not every client can read.
      (error: Error & { $response?: { statusCode: number } }) =>
        error.$response?.statusCode === 403 ? "AccessDenied" : error.name,
    );
    if (!/^AccessDenied/.test(outcome)) throw new Error(`${stage} ${what}: ${outcome}, not AccessDenied`);
    refused.push(`${stage} ${what}`);
  }
  return refused;
}
