import { describe, expect, it } from "vitest";
import { keyOfDrop, taskOfFile } from "../../../lib/local/dev/page/drops.ts";

const HASH = "0123456789abcdef0123456789abcdef";

describe("keyOfDrop", () => {
  it.each([
    "mail/task.yaml",
    "mail/data/mails.csv",
    "mail/data/pets/cat one.jpg",
    "mail/data/pets/_SUCCESS",
    "mail/programs/own.py",
    `mail/replies/${HASH}.json`,
  ])("takes %s", (path) => {
    expect(keyOfDrop(path)).toBe(`inbox/${path}`);
  });

  it.each([
    "../task.yaml",
    "mail/../../outbox/mail/labels/x/report.html",
    "mail/data/../task.yaml",
    "mail/data//x.csv",
    "mail/data/.hidden/../x.csv",
    "mail/data/a\u0000.csv",
    "mail/data/a\\b.csv",
    "mail/README.md",
    "mail/replies/x.json",
    `mail/data/${"x".repeat(1_100)}/y.png`,
    "</script>/task.yaml",
  ])("refuses %s", (path) => {
    expect(() => keyOfDrop(path)).toThrow(/cannot be used|nothing is made|expected/);
  });
});

describe("taskOfFile", () => {
  it("reads a task's name, and says what is wrong with a file that has none", () => {
    const text = "name: mail\ndescription: spam or not\nclasses: [spam, ham]\n";
    expect(taskOfFile(text, "task.yaml")).toBe("mail");
    expect(() => taskOfFile("name: 1", "task.yaml")).toThrow("task.yaml");
  });
});
