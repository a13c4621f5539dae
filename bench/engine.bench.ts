import { readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { runInNewContext } from "node:vm";
import { gunzipSync } from "node:zlib";
import { isolateRunner } from "../lib/adapters/isolates/isolate-runner.ts";
import { ABSTAIN, packColumns } from "../lib/contracts/columns.ts";
import type { Hardening } from "../lib/contracts/hardening.ts";
import { hashOf } from "../lib/contracts/hash.ts";
import { ProgramId } from "../lib/contracts/names.ts";
import type { ProgramRunner } from "../lib/ports.ts";

/**
 * Ten programs over real mail text, cut into short and long rows: the sandbox, its start and all it costs included,
 * against the same functions in this very process. Reads CPU times from /proc, so it runs on Linux only.
 *
 *     npm run bench engine                ROWS=20000 npm run bench engine
 */
const ROWS = Number(process.env.ROWS ?? 100_000);
const RUNS = 3;
const CLASSES = ["spam", "ham"];

/** The way a language model writes them: lists and patterns partly inside the function. */
const SOURCES = [
  `function label(row) {
    const text = row.text.toLowerCase();
    const words = ["free", "winner", "cash", "prize", "urgent", "click here", "limited time", "act now", "guarantee",
      "credit", "offer", "loan", "casino", "unsubscribe", "cheap", "discount", "earn", "income", "investment",
      "mortgage", "refinance", "lowest", "rates", "meds", "pills", "weight", "diet", "million"];
    let found = 0;
    for (const word of words) if (text.includes(word)) found++;
    return found >= 2 ? "spam" : null;
  }`,
  String.raw`const URL = /https?:\/\/[^\s<>"]+/i, PHONE = /\b\d{3}[-.\s]?\d{3}[-.\s]?\d{4}\b/, MONEY = /[$£€]\s?\d+(?:[.,]\d+)?/;
  function label(row) {
    const found = URL.test(row.text) + PHONE.test(row.text) + MONEY.test(row.text);
    return found >= 2 ? "spam" : found === 0 ? "ham" : null;
  }`,
  `function label(row) {
    let upper = 0, letters = 0, marks = 0;
    for (let i = 0; i < row.text.length; i++) {
      const code = row.text.charCodeAt(i);
      if (code >= 65 && code <= 90) { upper++; letters++; }
      else if (code >= 97 && code <= 122) letters++;
      else if (code === 33) marks++;
    }
    if (letters === 0) return null;
    return upper / letters > 0.4 || marks >= 3 ? "spam" : marks === 0 ? "ham" : null;
  }`,
  String.raw`const WEIGHTS = { great: 2, good: 1, happy: 1, bad: -1, awful: -2, free: -1, money: -1, buy: -1, thanks: 2, meeting: 2 };
  const NOT = new Set(["not", "no", "never", "don"]);
  function label(row) {
    const words = row.text.toLowerCase().split(/\W+/);
    let score = 0;
    for (let i = 0; i < words.length; i++) {
      const weight = WEIGHTS[words[i]];
      if (typeof weight === "number") score += i > 0 && NOT.has(words[i - 1]) ? -weight : weight;
    }
    return score >= 2 ? "ham" : score <= -2 ? "spam" : null;
  }`,
  String.raw`const PHRASES = [/click (here|below)/i, /act now/i, /limited time/i, /100% free/i, /no obligation/i, /risk[- ]free/i,
    /dear (friend|sir|customer)/i, /make \$?\d+/i, /work from home/i, /money back/i, /order now/i, /call (now|today)/i,
    /you have been selected/i, /congratulations/i, /apply now/i];
  function label(row) { return PHRASES.some((phrase) => phrase.test(row.text)) ? "spam" : null; }`,
  `const WORK = new Set("meeting project team lunch tomorrow family dinner attached report office patch kernel bug server perl python list wrote".split(" "));
  const TRADE = new Set("free credit loan cash prize winner offer deal buy cheap rates guarantee profit".split(" "));
  function label(row) {
    let work = 0, trade = 0;
    for (const word of row.text.toLowerCase().match(/[a-z']+/g) ?? []) {
      if (WORK.has(word)) work++;
      else if (TRADE.has(word)) trade++;
    }
    return work > trade + 1 ? "ham" : trade > work + 1 ? "spam" : null;
  }`,
  String.raw`const EVIDENCE = [[/free/i, 1.2], [/\bwin(ner)?\b/i, 1.5], [/\$\d+/, 1.1], [/!{2,}/, 0.9], [/urgent/i, 1.3], [/credit/i, 0.7],
    [/unsubscribe/i, 1], [/pills/i, 3], [/\bre:/i, -1.5], [/wrote:/i, -2], [/>\s/, -0.6], [/thanks/i, -0.8], [/regards/i, -0.5],
    [/linux/i, -1.8], [/patch/i, -1], [/meeting/i, -0.9], [/attached/i, -0.3], [/http/i, 0.2]];
  function label(row) {
    let logit = -0.3;
    for (const [pattern, weight] of EVIDENCE) if (pattern.test(row.text)) logit += weight;
    const p = 1 / (1 + Math.exp(-logit));
    return p > 0.8 ? "spam" : p < 0.25 ? "ham" : null;
  }`,
  String.raw`function label(row) {
    const lines = row.text.trim().split("\n");
    const words = row.text.split(/\s+/).length;
    if (lines.some((line) => line.startsWith(">"))) return "ham";
    if (words < 4) return null;
    if (/^[A-Z\s!]+$/.test(lines[0])) return "spam";
    return (row.text.match(/\?/g) || []).length > 0 && words < 30 ? "ham" : null;
  }`,
  String.raw`function label(row) {
    const chat = new Set(["u", "ur", "lol", "gonna", "wanna", "ok", "hey", "yeah", "btw", "thx", "pls", "haha", "dunno"]);
    let found = 0;
    for (const word of row.text.toLowerCase().replace(/[^a-z\s]/g, " ").split(/\s+/)) if (chat.has(word)) found++;
    return found >= 1 ? "ham" : null;
  }`,
  String.raw`const RATING = /(\d+(?:\.\d+)?)\s*(?:\/|out of)\s*(5|10|100)\b/i;
  function label(row) {
    const rating = RATING.exec(row.text);
    if (rating) return parseFloat(rating[1]) / parseFloat(rating[2]) > 0.6 ? "ham" : "spam";
    return /[*★]{4}/.test(row.text) ? "spam" : null;
  }`,
];

/** The bodies of the example's mails, cut into rows of `length` characters; over again where they do not suffice. */
function rowsOf(length: number, rows: number): string[] {
  const file = join(import.meta.dirname, "../examples/spam-email/data/emails.jsonl.gz");
  const bodies = gunzipSync(readFileSync(file))
    .toString()
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { text: string }).text.replace(/^[\s\S]*?\n\n/, ""));
  const cut = bodies.flatMap((body) => {
    const most = Math.min(Math.floor(body.length / length), Math.ceil(4_000 / length));
    return Array.from({ length: most }, (_, part) => body.slice(part * length, (part + 1) * length));
  });
  return Array.from({ length: rows }, (_, row) => cut[row % cut.length]);
}

function plainVotes(rows: readonly string[]): Int8Array[] {
  return SOURCES.map((source) => {
    const label = new Function(`${source}\n;return label;`)() as (row: { text: string }) => string | null;
    return Int8Array.from(rows, (text) => {
      const answer = label({ text });
      return answer === null ? ABSTAIN : CLASSES.indexOf(answer);
    });
  });
}

/** The same in contexts of `node:vm`, which keep globals apart and nothing else. */
function vmVotes(rows: readonly string[]): Int8Array[] {
  return SOURCES.map((source) => {
    const label = runInNewContext(`${source}\n;label`) as (row: { text: string }) => string | null;
    return Int8Array.from(rows, (text) => {
      const answer = label({ text });
      return answer === null ? ABSTAIN : CLASSES.indexOf(answer);
    });
  });
}

/** CPU milliseconds of this process and of its children that have ended. */
function cpuMs(): number {
  const fields = readFileSync("/proc/self/stat", "utf8")
    .replace(/^.*\) /, "")
    .split(" ");
  return fields.slice(11, 15).reduce((sum, ticks) => sum + Number(ticks) * 10, 0);
}

/** Highest resident memory of the one child, in MiB. */
function peakOfChild(): number {
  const pid = readFileSync(`/proc/self/task/${process.pid}/children`, "utf8").trim();
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8"))?.[1]) / 1_024;
}

/** Runs a job some times in one child, from the start of the process to its end. */
async function sandboxed(
  job: Parameters<ProgramRunner["run"]>[0],
  times: number,
  leastHardening: Hardening = "standard",
) {
  const start = cpuMs();
  const runner = isolateRunner({ children: 1, leastHardening });
  let outcomes = await runner.run(job);
  for (let time = 1; time < times; time++) outcomes = await runner.run(job);
  const peakMiB = peakOfChild();
  await runner.close();
  return { ms: cpuMs() - start, peakMiB, votes: outcomes.map(({ votes }) => votes) };
}

const median = (values: readonly number[]): number => values.toSorted((a, b) => a - b)[values.length >> 1];

const programs = SOURCES.map((source, index) => ({
  id: ProgramId.parse(`program-${index}`),
  hash: hashOf(source),
  language: "javascript" as const,
  source,
}));
for (const { name, length, rows } of [
  { name: "short rows", length: 80, rows: ROWS },
  { name: "long rows", length: 1_200, rows: Math.ceil(ROWS / 10) },
]) {
  const texts = rowsOf(length, rows);
  const job = {
    classes: CLASSES,
    programs,
    columns: packColumns([{ name: "text", kind: "text", values: texts }], rows),
  };
  const plain: number[] = [];
  const cold: number[] = [];
  const warm: number[] = [];
  const strict: number[] = [];
  const paranoid: number[] = [];
  const vm: number[] = [];
  const peaks: number[] = [];
  for (let run = 0; run < RUNS; run++) {
    const start = cpuMs();
    const expected = plainVotes(texts);
    plain.push(cpuMs() - start);
    const once = await sandboxed(job, 1);
    const thrice = await sandboxed(job, 3);
    if (!isDeepStrictEqual(once.votes, expected))
      throw new Error("The sandbox votes otherwise than the functions");
    strict.push((await sandboxed(job, 1, "strict")).ms);
    paranoid.push((await sandboxed(job, 1, "paranoid")).ms);
    const vmStart = cpuMs();
    vmVotes(texts);
    vm.push(cpuMs() - vmStart);
    cold.push(once.ms);
    warm.push((thrice.ms - once.ms) / 2);
    peaks.push(once.peakMiB, thrice.peakMiB);
  }
  const votes = (rows * programs.length) / 1_000;
  const line = (what: string, ms: number) =>
    `  ${what.padEnd(34)} ${Math.round(votes / (ms / 1_000))
      .toLocaleString("en")
      .padStart(6)} k votes / CPU-s   ${(median(plain) / ms).toFixed(2)} × plain`;
  console.log(`${rows.toLocaleString("en")} ${name} × ${programs.length} programs, median of ${RUNS}`);
  console.log(line("plain functions", median(plain)));
  console.log(line("sandbox, start of the child included", median(cold)));
  console.log(line("sandbox, child warm", median(warm)));
  console.log(line("sandbox at strict, start included", median(strict)));
  console.log(line("sandbox at paranoid, start included", median(paranoid)));
  console.log(line("node:vm contexts (no sandbox)", median(vm)));
  console.log(`  peak memory of the child ${Math.round(Math.max(...peaks))} MiB`);
}
