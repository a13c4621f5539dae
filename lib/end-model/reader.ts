/**
 * end-model.mjs, published beside end-model.json: labels rows as the run did, in Node, Deno and browsers, without anything
 * else. A test holds it to `rowPosteriorOf`.
 */
export const READER = String.raw`// Labels rows with the model in end-model.json:
//   import model from "./end-model.json" with { type: "json" };
//   import { labeler } from "./end-model.mjs";
//   const label = labeler(model);
//   label("some text"), label({ column: value, … }) or, of pictures, label(embedding)  →  { label, confidence, probabilities }
const SPACELESS = "[\\p{sc=Han}\\p{sc=Hira}\\p{sc=Kana}\\p{sc=Thai}\\p{sc=Laoo}\\p{sc=Khmr}\\p{sc=Mymr}]";
const TOKEN = new RegExp(SPACELESS + "|[[\\p{L}\\p{M}\\p{N}]--" + SPACELESS + "]+|[^\\s\\p{L}\\p{M}\\p{N}\\p{C}]", "gv");
const bytes = (base64) => Uint8Array.from(atob(base64), (one) => one.charCodeAt(0)).buffer;
const hash = (text, h = 2166136261) => { for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 16777619); return h; };
const mix = (h, bits) => { h = Math.imul(h ^ (h >>> 16), 0x85ebca6b); h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35); return (h ^ (h >>> 16)) >>> (32 - bits); };

export function labeler({ classes, bits, embeddings, numbers, features, rarity, weights }) {
  const terms = 2 ** bits;
  const placeOf = new Map(Array.from(new Uint32Array(bytes(features)), (id, place) => [id, place]));
  const numberOf = new Map(numbers.map(({ name }, place) => [name, place]));
  const rare = new Float32Array(bytes(rarity)), w = new Float32Array(bytes(weights));
  return (given) => {
    const vector = ArrayBuffer.isView(given) || Array.isArray(given) ? given : undefined;
    if (vector?.length !== embeddings?.size) throw new TypeError(embeddings ? "Give an embedding of " + embeddings.model + ": " + embeddings.size + " numbers" : "Give a text, or an object of columns");
    const row = typeof given === "string" ? { text: given } : vector ? {} : given;
    const counts = new Map(), entries = new Map();
    let left = 4096;
    const count = (h) => counts.set(mix(h, bits), (counts.get(mix(h, bits)) ?? 0) + 1);
    const property = (text) => entries.set(terms + mix(hash(text), bits - 2), 1);
    const number = (name, value) => {
      const place = numberOf.get(name);
      if (place === undefined || !Number.isFinite(value)) return;
      const { mean, deviation } = numbers[place];
      const bounded = Math.max(-1e15, Math.min(1e15, value));
      entries.set(terms * 1.25 + place, Math.max(-5, Math.min(5, (bounded - mean) / deviation)));
    };
    const add = (name, value, depth) => {
      if (left-- <= 0) return;
      if (typeof value === "string") {
        if (name !== "text" && value.length <= 100) property(name + "=" + value);
        let pair;
        for (const token of value.slice(0, 20000).normalize("NFKC").toLowerCase().match(TOKEN) ?? []) {
          if (pair !== undefined) count(hash(token, pair));
          const word = hash(token, hash(name + "\n"));
          count(word);
          pair = hash(" ", word);
        }
      } else if (typeof value === "boolean") property(name + "=" + value);
      else if (typeof value === "number") { property(name + "#"); number(name, value); }
      else if (typeof value === "object" && value !== null && depth < 6)
        for (const [inner, one] of Object.entries(value)) add(name + "." + inner, one, depth + 1);
    };
    for (const [name, value] of Object.entries(row)) add(name, value, 0);
    const length = Math.sqrt((vector ?? []).reduce((sum, one) => sum + one * one, 0));
    if (length > 0 && length < Infinity) vector.forEach((one, i) => number("" + i, one / length));
    let square = 0;
    for (const [id, n] of counts) {
      if (!placeOf.has(id)) continue;
      const value = (1 + Math.log(n)) * rare[placeOf.get(id)];
      entries.set(id, value);
      square += value * value;
    }
    const scores = classes.map((_, label) => w[placeOf.size * classes.length + label]);
    for (const [id, value] of entries) {
      const place = placeOf.get(id);
      if (place === undefined) continue;
      const x = id < terms ? value / Math.sqrt(square) : value;
      classes.forEach((_, label) => { scores[label] += x * w[place * classes.length + label]; });
    }
    const most = Math.max(...scores);
    const shares = scores.map((score) => Math.exp(score - most));
    const sum = shares.reduce((all, share) => all + share, 0);
    const probabilities = Object.fromEntries(classes.map((name, label) => [name, shares[label] / sum]));
    const best = scores.indexOf(most);
    return { label: classes[best], confidence: shares[best] / sum, probabilities };
  };
}
`;
