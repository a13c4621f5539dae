import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { portProblem } from "../../../adapters/embedded/embedded-aws.ts";
import { keys } from "../../../contracts/keys.ts";
import { FileName, TaskName } from "../../../contracts/names.ts";
import { AlchemistError } from "../../../errors.ts";
import { keyOfDrop, taskOfFile } from "./drops.ts";
import { strangerToPage } from "./guard.ts";
import { PAGE, PAGE_POLICY, PAGE_STYLE, REPORT_POLICY } from "./markup.ts";

const SCRIPTS = ["page.js", "send.js"];
const MOST_TASK_BYTES = 1_000_000;
/** Changes that come together are shown together. */
const SHOW_MS = 100;

export interface PageSettings {
  port: number;
  /** What is under way. */
  state: () => unknown;
  /** @returns undefined where there is no such object */
  read: (key: string) => Uint8Array | undefined;
  put: (key: string, body: Buffer) => void;
  /** Bytes of a file at most. */
  mostBytes: number;
}

/** The page in this process: where it is, and how it is told that something changed. */
export interface ServedPage {
  url: string;
  changed(): void;
  close(): Promise<void>;
}

const COMMON = {
  "x-content-type-options": "nosniff",
  "cross-origin-resource-policy": "same-origin",
  "cross-origin-opener-policy": "same-origin",
  "referrer-policy": "no-referrer",
  "cache-control": "no-store",
};

/** Serves the page on loopback, to nobody but itself. @throws InvalidInputError where the port is taken */
export async function servePage({ port, state, read, put, mostBytes }: PageSettings): Promise<ServedPage> {
  const scripts = new Map<string, Buffer>();
  for (const name of SCRIPTS) scripts.set(`/${name}`, await readFile(join(import.meta.dirname, name)));
  const watchers = new Set<ServerResponse>();
  let last = "";
  let timer: NodeJS.Timeout | undefined;
  const show = () => {
    timer = undefined;
    const text = JSON.stringify(state());
    if (text === last) return;
    last = text;
    for (const watcher of watchers) watcher.write(`data: ${text}\n\n`);
  };

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const { method = "GET" } = request;
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://page");
    const [area, ...path] = pathname.slice(1).split("/").map(decoded);
    if (method === "GET" && pathname === "/") {
      send(response, 200, "text/html; charset=utf-8", PAGE, PAGE_POLICY);
    } else if (method === "GET" && scripts.has(pathname)) {
      send(response, 200, "text/javascript; charset=utf-8", scripts.get(pathname) ?? "");
    } else if (method === "GET" && pathname === "/page.css") {
      send(response, 200, "text/css; charset=utf-8", PAGE_STYLE);
    } else if (method === "GET" && pathname === "/events") {
      response.writeHead(200, { ...COMMON, "content-type": "text/event-stream" });
      response.write(`data: ${JSON.stringify(state())}\n\n`);
      watchers.add(response);
      response.on("close", () => watchers.delete(response));
    } else if (method === "GET" && area === "labels") {
      const body = labelsAt(path, read);
      if (body === undefined) return sendJson(response, 404, { message: "There is no such file." });
      const [type, policy] = typeOf(path.at(-1) ?? "");
      send(response, 200, type, body, policy);
    } else if (method === "POST" && pathname === "/task") {
      const name = searchParams.get("name") ?? "task.yaml";
      const text = (await bodyOf(request, MOST_TASK_BYTES)).toString("utf8");
      sendJson(response, 200, { task: taskOfFile(text, name) });
    } else if (method === "PUT" && area === "inbox") {
      const key = keyOfDrop(path.join("/"));
      put(key, await bodyOf(request, mostBytes));
      sendJson(response, 200, { key });
    } else {
      sendJson(response, 404, { message: "There is nothing here." });
    }
  };

  const server = createServer((request, response) => {
    const stranger = strangerToPage(request);
    if (stranger !== undefined) {
      request.resume();
      return sendJson(response, 403, { message: stranger });
    }
    answer(request, response).catch((error: unknown) => {
      const isOurs = error instanceof AlchemistError || error instanceof URIError;
      sendJson(response, isOurs ? 400 : 500, {
        message: error instanceof Error ? error.message : String(error),
      });
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (error) => reject(portProblem(port, error)));
    server.listen(port, "127.0.0.1", resolve);
  });
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    changed() {
      timer ??= setTimeout(show, SHOW_MS).unref();
    },
    async close() {
      clearTimeout(timer);
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Text of a part of a path; an encoded slash would make two of it. */
function decoded(part: string): string {
  const text = decodeURIComponent(part);
  if (text.includes("/")) throw new URIError("A name has no slashes.");
  return text;
}

function labelsAt(path: string[], read: PageSettings["read"]): Uint8Array | undefined {
  const [task, name, file, ...rest] = path;
  const names = [TaskName.safeParse(task), FileName.safeParse(name), FileName.safeParse(file)] as const;
  if (rest.length > 0 || !names.every(({ success }) => success)) return undefined;
  return read(`${keys.labelsOf(TaskName.parse(task), FileName.parse(name))}${file}`);
}

/** Only the report is a page; what else lies there is somebody's text, and stays text. */
function typeOf(file: string): [type: string, policy?: string] {
  if (file === "report.html") return ["text/html; charset=utf-8", REPORT_POLICY];
  if (file.endsWith(".parquet")) return ["application/octet-stream"];
  return [file.endsWith(".json") ? "application/json" : "text/plain; charset=utf-8"];
}

function send(
  response: ServerResponse,
  status: number,
  type: string,
  body: string | Uint8Array,
  policy = "default-src 'none'; frame-ancestors 'none'",
): void {
  response.writeHead(status, { ...COMMON, "content-type": type, "content-security-policy": policy });
  response.end(body);
}

const sendJson = (response: ServerResponse, status: number, value: unknown): void =>
  send(response, status, "application/json", JSON.stringify(value));

class TooLargeError extends AlchemistError {
  readonly code = "too-large";
}

async function bodyOf(request: IncomingMessage, most: number): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of request as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // Read to its end all the same: who is still sending does not hear an answer.
    if (bytes <= most) chunks.push(chunk);
  }
  if (bytes <= most) return Buffer.concat(chunks);
  throw new TooLargeError(
    `A file has at most ${most.toLocaleString("en")} bytes here. Split it, or use alchemist run, which reads larger ones.`,
  );
}
