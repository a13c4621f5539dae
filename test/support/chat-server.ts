import { createServer, type IncomingHttpHeaders } from "node:http";
import type { AddressInfo } from "node:net";

interface ChatRequest {
  url: string | undefined;
  headers: IncomingHttpHeaders;
  body: Record<string, unknown>;
}

/** How the server meets a request: an answer, a broken connection, or silence. */
export type ChatAnswer =
  | { status?: number; headers?: Record<string, string>; body: unknown }
  | "hang up"
  | "say nothing"
  | "stall";

/** A chat endpoint on loopback that plays one answer after the other, the last one again and again; or makes them. */
export async function chatServer(...answers: (ChatAnswer | ((asked: ChatRequest["body"]) => ChatAnswer))[]) {
  const requests: ChatRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    requests.push({
      url: request.url,
      headers: request.headers,
      body: JSON.parse(Buffer.concat(chunks).toString()),
    });
    const next = answers[Math.min(requests.length, answers.length) - 1];
    const answer = typeof next === "function" ? next(requests[requests.length - 1].body) : next;
    if (answer === "hang up") request.socket.destroy();
    else if (answer === "stall")
      response.writeHead(200, { "content-type": "application/json" }).write('{"id":');
    else if (answer !== "say nothing") {
      const body = typeof answer.body === "string" ? answer.body : JSON.stringify(answer.body);
      const type = typeof answer.body === "string" ? "text/html" : "application/json";
      response.writeHead(answer.status ?? 200, { "content-type": type, ...answer.headers }).end(body);
    }
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}/v1`,
    requests,
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** A completion as OpenAI sends it. */
export const completion = (
  message: Record<string, unknown>,
  more: Record<string, unknown> = {},
): { body: unknown } => ({
  body: {
    id: "chatcmpl-1",
    object: "chat.completion",
    model: "gpt-4o-mini-2024-07-18",
    choices: [{ index: 0, message: { role: "assistant", ...message }, finish_reason: "stop" }],
    usage: { prompt_tokens: 11, completion_tokens: 7, total_tokens: 18 },
    ...more,
  },
});
