import { readFileSync } from "node:fs";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { hashOf } from "../lib/contracts/hash.ts";
import { ProgramId } from "../lib/contracts/names.ts";
import type { RunnableProgram } from "../lib/ports.ts";

export const CLASSES = ["spam", "ham"];

/** Ten programs, the way a language model writes them: lists and patterns partly inside the function. */
export const SOURCES = [
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
export function rowsOf(length: number, rows: number): string[] {
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

/** Sources as the runner takes them. */
export const runnable = (sources: readonly string[]): RunnableProgram[] =>
  sources.map((source, index) => ({
    id: ProgramId.parse(`program-${index}`),
    hash: hashOf(source),
    language: "javascript",
    source,
  }));
