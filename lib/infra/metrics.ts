import type { Duration } from "aws-cdk-lib";
import { Metric, Stats } from "aws-cdk-lib/aws-cloudwatch";
import type { StageId } from "./rights.ts";

/** What stages count while they work, as functions/telemetry.ts writes it. */
export type MetricName =
  | "Rows"
  | "Rejected"
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
