import { App } from "aws-cdk-lib";
import settings from "../cdk.json" with { type: "json" };
import { AlchemistStack } from "../lib/infra/alchemist-stack.ts";
import { type CloudUse, standingUse } from "../lib/prices/cloud-cost.ts";

/** As much of a template's resource as costs something. */
type Resource = { Type: string; Properties?: { FifoQueue?: boolean; Metrics?: { MetricStat?: object }[] } };

/** What the stack as it is synthesized costs in a month without drops. */
export function standingUseOfStack(): CloudUse {
  const app = new App({ context: settings.context, analyticsReporting: false });
  new AlchemistStack(app, "Alchemist");
  return standingUseOf(app.synth().stacks[0].template.Resources);
}

/** The same of a template's resources. */
export function standingUseOf(stack: Record<string, Resource>): CloudUse {
  const resources = Object.values(stack);
  const count = (type: string) => resources.filter(({ Type }) => Type === type).length;
  // Dead-letter queues are not polled: one FIFO queue of the two of each stage that has any.
  const fifoQueues = resources.filter(({ Properties }) => Properties?.FifoQueue).length / 2;
  return standingUse({
    queues: count("AWS::Lambda::EventSourceMapping") - fifoQueues,
    fifoQueues,
    // An alarm on a sum of metrics is billed as one on each.
    alarms: resources
      .filter(({ Type }) => Type === "AWS::CloudWatch::Alarm")
      .reduce(
        (sum, { Properties }) => sum + (Properties?.Metrics?.filter((one) => one.MetricStat).length ?? 1),
        0,
      ),
    dashboards: count("AWS::CloudWatch::Dashboard"),
    secrets: count("AWS::SecretsManager::Secret"),
  });
}
