import { hashOf } from "../../lib/contracts/hash.ts";
import { Run } from "../../lib/contracts/objects.ts";

/** A run of mails, unless `more` says otherwise. */
export const runOf = (more: Record<string, unknown> = {}): Run =>
  Run.parse({
    name: "mails",
    file: "mails.csv",
    version: "1",
    source: hashOf("source"),
    set: hashOf("set"),
    previousSet: null,
    classes: ["spam", "ham"],
    about: { description: "", meanings: ["", ""], columns: {}, model: "gpt-4o-mini" },
    verify: null,
    residual: null,
    visible: [],
    id: null,
    label: null,
    labelModel: "auto",
    balance: null,
    hardening: "standard",
    format: "csv",
    outputFormat: "csv",
    outputName: "pseudolabel",
    notes: [],
    ...more,
  });
