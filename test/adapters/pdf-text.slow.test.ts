import { describe, expect, it } from "vitest";
import { pdfText } from "../../lib/adapters/pdf/pdf-text.ts";
import { drawn, pdfOf } from "../support/pdfs.ts";

const read = pdfText();
const GIB = 2 ** 30;

describe("the text of a PDF", () => {
  it("is its pages'", async () => {
    expect(await read(pdfOf(drawn("Refunds take five days.")))).toEqual({
      pages: ["Refunds take five days."],
    });
  });

  it("is empty where a page is a picture", async () => {
    expect(await read(pdfOf("q 10 0 0 10 0 0 cm Q"))).toEqual({ pages: [""] });
  });

  it.each([
    ["no PDF", Buffer.from("Dear all,"), "it is no PDF, or a damaged one"],
    ["half a PDF", pdfOf(drawn("x")).subarray(0, 200), "it is no PDF, or a damaged one"],
    [
      "a locked one",
      pdfOf(
        drawn("x"),
        0,
        `/ID[<00><00>]/Encrypt<</Filter/Standard/V 1/R 2/P -4/O<${"00".repeat(32)}>/U<${"00".repeat(32)}>>>`,
      ),
      "it is locked with a password",
    ],
    [
      "a gigabyte packed into a megabyte",
      pdfOf(Buffer.alloc(GIB, " "), 1),
      "reading it takes more than 512 MiB of memory",
    ],
    [
      "a gigabyte packed twice",
      pdfOf(Buffer.alloc(GIB, " "), 2),
      "reading it takes more than 512 MiB of memory",
    ],
  ])("is not to be had of %s, which ends within bounds", async (_name, pdf, problem) => {
    expect(await read(pdf)).toEqual({ problem });
  });

  it("is not waited for beyond its time", async () => {
    const long = drawn("x").repeat(400_000);
    expect(await pdfText({ cpuMs: 1, memoryMiB: 512 })(pdfOf(long, 1))).toEqual({
      problem: "reading it takes more than 0.001 s of processor time",
    });
  });
});
