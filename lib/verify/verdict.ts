import type { Warning } from "../contracts/objects.ts";
import type { Verdict } from "../contracts/verdict.ts";
import { isByLot } from "./by-lot.ts";
import type { Comparison } from "./compare.ts";
import { wilson } from "./wilson.ts";

/** Beyond this share of rows to a model, programs save less than half of what labeling directly costs. */
const MOST_ROUTED = 0.5;

/** What is known besides the comparison. */
export interface Circumstances extends Pick<Verdict, "by" | "model" | "sampled" | "margin"> {
  /** Why not all sampled rows could be labeled. */
  stopped?: string;
}

/** A verdict and what it rests on, in words. The rule is argued in docs/verdict.md. */
export function judged(
  comparison: Comparison,
  circumstances: Circumstances,
): Pick<Verdict, "verdict" | "reason"> {
  const { agreement, chance, routedShare, compared } = comparison;
  const { margin, by, sampled, stopped } = circumstances;
  const truth = by === "gold" ? "the gold label" : "the model's label";
  if (agreement === null || chance === null || routedShare === null) {
    const why =
      sampled === 0
        ? "no row was sampled"
        : by === "gold"
          ? "no sampled row has a gold label"
          : `no answer of the model's named a class for any of the ${sampled} sampled rows; its replies are kept in replies/ of the task's work folder`;
    return { verdict: null, reason: `Not verified: ${stopped ?? `${why}.`}` };
  }
  const found = `On ${compared} rows drawn at random the programs give ${truth} to ${percent(agreement.share)} (95 % interval ${percent(agreement.low)} to ${percent(agreement.high)})`;
  const part = stopped === undefined ? "" : ` Fewer rows were compared than the ${sampled} drawn: ${stopped}`;
  if (agreement.share <= chance + 1e-9 && chance < 1) {
    return {
      verdict: "direct",
      reason: `${found}, no more than labels given by lot would (${percent(chance)}): they know nothing of these rows.${part}`,
    };
  }
  if (routedShare === 0) {
    const doubt =
      agreement.low < 1 - margin
        ? ` The interval reaches below ${percent(1 - margin)}: a larger sample (verify.rows) would make it surer.`
        : "";
    return {
      verdict: "programs",
      reason: `${found}, within the margin of ${percent(margin)}.${doubt}${part}`,
    };
  }
  const sent =
    routedShare === 1
      ? "only a model that labels every row would bring that to the margin"
      : `sending the least certain ${percent(routedShare)} of the rows to a model would bring that to ${percent(1 - margin)}`;
  if (routedShare <= MOST_ROUTED) {
    return {
      verdict: "hybrid",
      reason: `${found}, less than the margin of ${percent(margin)} asks for; ${sent} (residual: { usd: … } in the task file).${part}`,
    };
  }
  return {
    verdict: "direct",
    reason: `${found}, and ${sent}, so programs save less than half of labeling directly. Describe the classes more closely, try other strategies, or have a model label the rows.${part}`,
  };
}

/** What a sample shows of single programs and classes. */
export function sampleWarnings(
  { programs, classes, agreement, chance, compared }: Comparison,
  { by, sampled }: Pick<Verdict, "by" | "sampled">,
): Warning[] {
  if (agreement === null || chance === null) return [];
  const warnings: Warning[] = [];
  const worse = programs.filter(
    ({ votes, agreeing, byLot }) => votes > 0 && wilson(agreeing, votes).high < byLot / votes,
  );
  if (worse.length > 0) {
    warnings.push({
      code: "worse-than-chance",
      message: `On the sample these programs are right less often than the same votes on rows drawn by lot: ${worse.map(({ id, votes, agreeing }) => `${JSON.stringify(id)} (${agreeing} of ${votes} votes)`).join(", ")}.`,
      remedy: "Read them: they may answer for the wrong class. Mend them, or take them out.",
    });
  }
  const byChance = programs.filter((program) => isByLot(program) && !worse.includes(program));
  if (byChance.length > 0) {
    warnings.push({
      code: "no-better-than-chance",
      message: `On the sample these programs are right about as often as the same votes on rows drawn by lot: ${byChance.map(({ id, votes, agreeing }) => `${JSON.stringify(id)} (${agreeing} of ${votes} votes)`).join(", ")}.`,
      remedy:
        "Read them: what they look at may have nothing to do with the classes. Mend them, or take them out.",
    });
  }
  const missed = classes.filter(({ sample, both }) => sample >= LEAST_ROWS && both === 0);
  if (missed.length > 0) {
    warnings.push({
      code: "class-missed",
      message: `No row of the sample that belongs to ${missed.map(({ name, sample }) => `${JSON.stringify(name)} (${sample} rows)`).join(", ")} is labeled so.`,
      remedy: "Describe the class more closely, or add programs that find it.",
    });
  }
  if (agreement.share > chance && agreement.low <= chance) {
    warnings.push({
      code: "not-told-from-chance",
      message: `The sample cannot tell the programs from a guess by class frequency, which would agree on ${percent(chance)}.`,
      remedy: "The classes are uneven or the sample is small: raise verify.rows.",
    });
  }
  if (compared < sampled / 2) {
    warnings.push({
      code: "few-compared",
      message: `Only ${compared} of ${sampled} sampled rows could be compared: the others got no label ${by === "gold" ? "from you" : "from the model"}.`,
      remedy:
        "Rows that are hard to label may be among the missing ones, so the true agreement may be lower.",
    });
  }
  return warnings;
}

/** A class with fewer rows in the sample may be missed by accident. */
const LEAST_ROWS = 5;

const percent = (share: number) => `${(100 * share).toFixed(1)} %`;
