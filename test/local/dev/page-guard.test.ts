import { describe, expect, it } from "vitest";
import { strangerToBucket, strangerToPage } from "../../../lib/local/dev/page/guard.ts";

const HOST = "127.0.0.1:4567";
const OWN = { host: HOST, origin: `http://${HOST}`, "sec-fetch-site": "same-origin" };

describe("strangerToPage", () => {
  it.each([
    { name: "an address that was typed", headers: { host: HOST, "sec-fetch-site": "none" } },
    { name: "the page's own script", headers: { host: HOST, "sec-fetch-site": "same-origin" } },
    { name: "localhost", headers: { host: "localhost:4567" } },
    {
      name: "a link to it",
      headers: {
        host: HOST,
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "document",
      },
    },
  ])("lets $name read", ({ headers }) => {
    expect(strangerToPage({ method: "GET", headers })).toBeUndefined();
  });

  it("lets the page drop", () => {
    expect(strangerToPage({ method: "PUT", headers: OWN })).toBeUndefined();
  });

  it.each([
    { name: "a name that was made to point here", method: "GET", headers: { host: "evil.example:4567" } },
    { name: "a name that begins like ours", method: "GET", headers: { host: "127.0.0.1.evil.example" } },
    { name: "no host at all", method: "GET", headers: {} },
    { name: "another website's fetch", method: "GET", headers: { ...OWN, origin: "https://evil.example" } },
    { name: "another port's fetch", method: "GET", headers: { host: HOST, "sec-fetch-site": "same-site" } },
    {
      name: "an image of another website",
      method: "GET",
      headers: { host: HOST, "sec-fetch-site": "cross-site" },
    },
    {
      name: "a frame of another website",
      method: "GET",
      headers: {
        host: HOST,
        "sec-fetch-site": "cross-site",
        "sec-fetch-mode": "navigate",
        "sec-fetch-dest": "iframe",
      },
    },
    {
      name: "a form of another website",
      method: "POST",
      headers: { ...OWN, origin: "https://evil.example" },
    },
    { name: "a form of a sandboxed frame", method: "POST", headers: { ...OWN, origin: "null" } },
    { name: "a drop that says no origin", method: "PUT", headers: { host: HOST } },
  ])("refuses $name", ({ method, headers }) => {
    expect(strangerToPage({ method, headers })).toMatch(/this machine only|may not|Only this page/);
  });
});

describe("strangerToBucket", () => {
  it.each([HOST, "localhost:4566", "alchemist.localhost:4566"])("lets S3 clients in at %s", (host) => {
    expect(strangerToBucket({ headers: { host } })).toBeUndefined();
  });

  it.each([
    { host: "evil.example:4566" },
    { host: HOST, origin: "https://evil.example" },
    { host: HOST, origin: `http://${HOST}` },
    { host: HOST, "sec-fetch-site": "cross-site" },
  ])("refuses %o", (headers) => {
    expect(strangerToBucket({ headers })).toContain("endpoint");
  });
});
