import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, rename, rm, stat } from "node:fs/promises";
import { AlchemistError } from "../errors.ts";

/** A file that could not be fetched, or is another than it must be. */
export class DownloadError extends AlchemistError {
  readonly code = "download";
  readonly url: string;

  constructor(url: string, problem: string, options?: ErrorOptions) {
    super(`${url}: ${problem}`, options);
    this.url = url;
  }
}

export interface Download {
  url: string;
  path: string;
  /** What the file's SHA-256 must be; else what the server says it is. */
  sha256?: string;
  onBytes?: (bytes: number, total: number | undefined) => void;
}

const ATTEMPTS = 5;
/** A server that says nothing for so long is asked again. */
const SILENCE_MS = 60_000;

/**
 * Fetches a file whole. What an earlier attempt left is gone on with, and nothing is called by its name before its checksum
 * is right.
 *
 * @returns its SHA-256, and whether that is the server's word alone
 * @throws DownloadError
 */
export async function download({
  url,
  path,
  sha256,
  onBytes,
}: Download): Promise<{ sha256: string; onServersWord: boolean }> {
  const partial = `${path}.part`;
  const said = sha256 ?? (await checksumOf(url));
  if ((await digestOf(path).catch(() => undefined)) === said)
    return { sha256: said, onServersWord: sha256 === undefined };
  let problem: unknown;
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    try {
      await fetchRest(url, partial, onBytes);
      problem = undefined;
      break;
    } catch (error) {
      if (error instanceof DownloadError) throw error;
      problem = error;
    }
  }
  if (problem !== undefined) {
    throw new DownloadError(
      url,
      `the connection broke ${ATTEMPTS} times (${(problem as Error).message}). Run the same command again; it goes on where it stopped.`,
      { cause: problem },
    );
  }
  const found = await digestOf(partial);
  if (found !== said) {
    await rm(partial);
    throw new DownloadError(
      url,
      `its SHA-256 is ${found}, and must be ${said}. It was thrown away; nothing is kept.`,
    );
  }
  await rename(partial, path);
  return { sha256: found, onServersWord: sha256 === undefined };
}

/** Appends what is still missing. A server that does not give ranges is read from the start. */
async function fetchRest(url: string, partial: string, onBytes: Download["onBytes"]): Promise<void> {
  const have = (await stat(partial).catch(() => undefined))?.size ?? 0;
  const silence = new AbortController();
  let timer = setTimeout(() => silence.abort(), SILENCE_MS);
  try {
    const response = await fetch(url, {
      headers: { "accept-encoding": "identity", ...(have > 0 && { range: `bytes=${have}-` }) },
      signal: silence.signal,
    });
    if (response.status === 416) return; // Nothing is missing.
    if (!response.ok || response.body === null) {
      if (response.status >= 500) throw new Error(`the server answered ${response.status}`);
      throw new DownloadError(
        url,
        `the server answered ${response.status}. Check the address, or name another with --from.`,
      );
    }
    const start = response.status === 206 ? have : 0;
    const length = Number(response.headers.get("content-length") ?? Number.NaN);
    const total = Number.isFinite(length) ? start + length : undefined;
    const file = await open(partial, start > 0 ? "a" : "w");
    let bytes = start;
    try {
      for await (const chunk of response.body) {
        await file.writeFile(chunk);
        bytes += chunk.byteLength;
        onBytes?.(bytes, total);
        timer = timer.refresh();
      }
    } finally {
      await file.close();
    }
    if (total !== undefined && bytes !== total) throw new Error(`${bytes} of ${total} bytes came`);
  } finally {
    clearTimeout(timer);
  }
}

/** What the server says a file's SHA-256 is: Hugging Face names it in a header of the address before it redirects. */
async function checksumOf(url: string): Promise<string> {
  const response = await fetch(url, { method: "HEAD", redirect: "manual" }).catch((cause: unknown) => {
    throw new DownloadError(url, `there is no connection (${(cause as Error).message}).`, { cause });
  });
  const said = response.headers.get("x-linked-etag")?.replaceAll('"', "");
  if (said !== undefined && /^[0-9a-f]{64}$/.test(said)) return said;
  throw new DownloadError(
    url,
    "neither this project nor the server says what the file's SHA-256 must be. Give it with --sha256 FILE=HEX.",
  );
}

async function digestOf(path: string): Promise<string> {
  const digest = createHash("sha256");
  for await (const chunk of createReadStream(path)) digest.update(chunk as Buffer);
  return digest.digest("hex");
}
