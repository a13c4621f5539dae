import type { Share } from "../contracts/verdict.ts";
import { dollars } from "../prices/prices.ts";

/** Numbers as a page shows them. */
export const count = (rows: number): string => rows.toLocaleString("en");
export const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export const interval = ({ share, low, high }: Share): string =>
  `${percent(share)} (${percent(low)} to ${percent(high)})`;
export const money = (usd: number | null): string => (usd === null ? "unknown" : dollars(usd));

/** Text that has to fit beside a chart. */
export const shortened = (text: string, most = 16): string =>
  text.length > most ? `${text.slice(0, most - 1).toWellFormed()}…` : text;
