import type { Duration } from "aws-cdk-lib";
import { MathExpression, Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { StageId } from "./rights.ts";

/** What stages count while they work, as functions/telemetry.ts writes it. */
export type MetricName =
  | "Rows"
  | "Rejected"
  | "Pictures"
  | "PicturesEmbedded"
  | "PicturesUnreadable"
  | "Votes"
  | "VotesReused"
  | "Covered"
  | "Abstentions"
  | "ProgramFaults"
  | "ModelCalls"
  | "ModelDollars"
  | "RunsReady"
  | "RunsDrifted"
  | "RunsStandingStill"
  | "Refused"
  | "Failures";

/** The sum of a metric of one stage. */
export const metricOf = (stage: StageId, metricName: MetricName, period: Duration, label?: string): Metric =>
  new Metric({
    namespace: "Alchemist",
    metricName,
    dimensionsMap: { service: stage },
    statistic: Stats.SUM,
    period,
    label,
  });

/** What the stages that ask a model have spent on it together. */
export const modelDollars = (period: Duration, label?: string): MathExpression =>
  new MathExpression({
    expression: "FILL(programs, 0) + FILL(rows, 0)",
    label,
    usingMetrics: {
      programs: metricOf("synthesize", "ModelDollars", period),
      rows: metricOf("verify", "ModelDollars", period),
    },
    period,
  });
