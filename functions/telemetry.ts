import { Logger } from "@aws-lambda-powertools/logger";
import { Metrics, MetricUnit } from "@aws-lambda-powertools/metrics";
import type { Progress } from "../lib/ports.ts";

/** A function's logger and metrics, both under its stage's name. */
export const telemetryOf = (stage: string) => ({
  logger: new Logger({ serviceName: stage }),
  metrics: new Metrics({ namespace: "Alchemist", serviceName: stage }),
});
export type Telemetry = ReturnType<typeof telemetryOf>;

/** What a stage reports of its work for one message: a line of the log, and what of it counts as metrics. */
export function reporter({ logger, metrics }: Telemetry) {
  // Told of all calls so far after each call, metrics want what was added.
  let spent = { calls: 0, usd: 0 };
  return (progress: Progress): void => {
    const { stage, ...fields } = progress;
    // The logger keeps "message" for itself, and drops a field of that name.
    if (progress.stage === "refused") logger.warn(stage, { code: progress.code, reason: progress.message });
    else if ("ignored" in fields) logger.warn(stage, fields);
    else logger.info(stage, fields);
    for (const [name, value] of countsOf(progress)) metrics.addMetric(name, MetricUnit.Count, value);
    if (progress.stage === "synthesize") {
      metrics.addMetric("ModelCalls", MetricUnit.Count, progress.calls - spent.calls);
      metrics.addMetric("ModelDollars", MetricUnit.Count, progress.usd - spent.usd);
      spent = progress;
    }
  };
}

function countsOf(progress: Progress): [name: string, value: number][] {
  switch (progress.stage) {
    case "fan-out":
      return [
        ["Rows", progress.rows],
        ["Rejected", progress.rejected],
      ];
    case "features":
      return [
        ["Pictures", progress.rows],
        ["PicturesEmbedded", progress.embedded],
        ["PicturesUnreadable", progress.unreadable],
      ];
    case "label":
      return [
        ["Rows", progress.rows],
        ["Covered", progress.covered],
        ["Votes", progress.computed],
        ["VotesReused", progress.reused],
        ["Abstentions", progress.abstained],
        ["ProgramFaults", progress.faults],
      ];
    case "publish":
      return [["Rows", progress.rows]];
    case "ready":
      return [["RunsReady", 1]];
    case "drift":
      return [["RunsDrifted", 1]];
    case "refused":
      return [["Refused", 1]];
    case "watch":
      return [["RunsStandingStill", progress.standsStill ? 1 : 0]];
    case "verify":
      return [
        ["ModelCalls", progress.calls],
        ["ModelDollars", progress.usd],
      ];
    default:
      return [];
  }
}
