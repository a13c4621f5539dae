import type { IncomingHttpHeaders } from "node:http";

/** What of a request says who sent it. */
export interface Asked {
  method?: string;
  headers: IncomingHttpHeaders;
}

const LOOPBACK = /^(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;
/** S3 clients may put the bucket in front of the host. */
const LOOPBACK_BUCKET = /^([a-z0-9.-]+\.)?(127\.0\.0\.1|localhost|\[::1\])(:\d+)?$/;

/**
 * Why a request to the page is not answered; undefined where it is.
 *
 * A browser sends requests for any website that is open in it. One whose name was made to point here (DNS rebinding) says
 * its own name in Host; one that drops a file says its own Origin; one that reads says in Sec-Fetch-Site that it is another.
 */
export function strangerToPage({ method = "GET", headers }: Asked): string | undefined {
  const { host = "", origin } = headers;
  if (!LOOPBACK.test(host)) return "This page is for this machine only: open it as http://127.0.0.1.";
  const isOwn = origin === `http://${host}`;
  if (origin !== undefined && !isOwn) return "Another website may not use this page.";
  if (method !== "GET" && method !== "HEAD" && !isOwn) return "Only this page itself may drop files.";
  const site = headers["sec-fetch-site"];
  const isVisit = headers["sec-fetch-mode"] === "navigate" && headers["sec-fetch-dest"] === "document";
  return site === undefined || site === "same-origin" || site === "none" || isVisit
    ? undefined
    : "Another website may not read this page.";
}

/** Why a request to the bucket's endpoint is not answered: S3 clients are no browsers, and say nothing of a website. */
export function strangerToBucket({ headers }: Asked): string | undefined {
  const { host = "", origin } = headers;
  const site = headers["sec-fetch-site"];
  if (!LOOPBACK_BUCKET.test(host)) return "This endpoint is for this machine only.";
  return origin !== undefined || (site !== undefined && site !== "none")
    ? "A website may not use this endpoint."
    : undefined;
}
