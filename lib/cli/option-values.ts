import { InvalidArgumentError, Option } from "commander";

/** Whether a model may be asked. */
export const llmOption = () =>
  new Option(
    "--llm <mode>",
    "recorded: replay recorded replies, never ask; live: ask for what is not recorded (default: live when OPENAI_API_KEY is set)",
  ).choices(["recorded", "live"]);

const numberOf =
  (isGood: (number: number) => boolean, expected: string) =>
  (text: string): number => {
    const number = Number(text);
    if (isGood(number)) return number;
    throw new InvalidArgumentError(`Expected a number ${expected}.`);
  };
const isWhole = (least: number, most: number) => (number: number) =>
  Number.isSafeInteger(number) && number >= least && number <= most;

/** What options take that are numbers. */
export const temperatureOf = numberOf((number) => number > 0 && number <= 100, "above 0, at most 100");
export const rowsOf = numberOf(isWhole(1, Number.MAX_SAFE_INTEGER), "of rows, from 1");
export const picturesOf = numberOf(isWhole(1, 10_000), "from 1 to 10000");
export const portOf = numberOf(isWhole(0, 65_535), "from 0 to 65535");
