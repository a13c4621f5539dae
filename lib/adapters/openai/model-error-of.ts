import { APIConnectionError, APIConnectionTimeoutError, APIError, APIUserAbortError } from "openai";
import { ModelError, type ModelErrorKind } from "./model-error.ts";

interface Asked {
  model: string;
  baseUrl: string;
  apiKey: string;
  timeoutMs: number;
}

/** The SDK's error as ours: what happened, at which model and endpoint, and what to do. Never the key. */
export function modelErrorOf(cause: unknown, { model, baseUrl, apiKey, timeoutMs }: Asked): ModelError {
  const at = `${model} at ${shownUrl(baseUrl)}`;
  const error = (kind: ModelErrorKind, message: string) => new ModelError(kind, message, { cause });

  if (cause instanceof ModelError) return error(cause.kind, `${at}: ${cause.message} Is it a chat endpoint?`);
  if (cause instanceof APIConnectionTimeoutError || cause instanceof APIUserAbortError) {
    return error(
      "timeout",
      `${at} did not answer within ${timeoutMs / 1_000} s. Run again to go on from here.`,
    );
  }
  if (cause instanceof APIConnectionError) {
    return error("unreachable", `${at} cannot be reached. Check OPENAI_BASE_URL and the network.`);
  }
  if (!(cause instanceof APIError)) {
    return error("empty", `${at} answered with something that is no chat completion. Check OPENAI_BASE_URL.`);
  }

  const said = shortened(cause.message.replaceAll(apiKey || "\0", "(key)"));
  const signs = `${cause.code} ${cause.type} ${cause.message}`;
  switch (true) {
    case cause.status === 401 || cause.status === 403:
      return error(
        "unauthorized",
        `${at} refused the key (${cause.status}). Check OPENAI_API_KEY and its rights.`,
      );
    case cause.status === 404 || /model_not_found|invalid_model|model .*(not found|not exist)/i.test(signs):
      return error(
        "unknown-model",
        `There is no ${at}. Check synthesis.model, or OPENAI_BASE_URL: it usually ends in /v1.`,
      );
    case /insufficient_quota|insufficient_credit|billing/i.test(signs) || cause.status === 402:
      return error(
        "out-of-credit",
        `The account behind ${at} has no credit left. Top it up, then run again.`,
      );
    case cause.status === 429:
      return error(
        "rate-limited",
        `${at} limits the rate (429). Wait a minute and run again to go on from here.`,
      );
    case cause.status === 408:
      return error("timeout", `${at} timed out (408). Run again to go on from here.`);
    case cause.status !== undefined && cause.status >= 500:
      return error("unavailable", `${at} fails (${said}). Run again later to go on from here.`);
    case /content_filter|content_policy/i.test(signs):
      return error(
        "refused",
        `${at} refuses the prompt: ${said}. Reword the task's description, or take another model.`,
      );
    default:
      return error("bad-request", `${at} does not accept the request: ${said}.`);
  }
}

/** The endpoint without user, password and query. */
function shownUrl(baseUrl: string): string {
  if (!URL.canParse(baseUrl)) return JSON.stringify(baseUrl);
  const { origin, pathname } = new URL(baseUrl);
  return `${origin}${pathname}`;
}

const shortened = (text: string) => (text.length > 300 ? `${text.slice(0, 300)}…` : text).replace(/\.$/, "");
