import { Duration } from "aws-cdk-lib";
import { Alarm, ComparisonOperator, type IMetric, TreatMissingData } from "aws-cdk-lib/aws-cloudwatch";
import { SnsAction } from "aws-cdk-lib/aws-cloudwatch-actions";
import type { ITopic } from "aws-cdk-lib/aws-sns";
import { Construct } from "constructs";
import { metricOf, modelDollars } from "./metrics.ts";
import type { Stage } from "./stage.ts";

interface AlarmsProps {
  stages: readonly Stage[];
  topic: ITopic;
  monthlyBudgetUsd: number;
}

/** A message that is older than this waits for something that does not come. */
const OLDEST_MESSAGE = Duration.hours(1);

/** Everything that somebody should be told of. An alarm whose metric is silent is content: nothing was dropped. */
export class Alarms extends Construct {
  readonly #topic: ITopic;

  constructor(scope: Construct, id: string, { stages, topic, monthlyBudgetUsd }: AlarmsProps) {
    super(scope, id);
    this.#topic = topic;
    const soon = Duration.minutes(5);

    for (const { node, queue, deadLetters, function: fn } of stages) {
      this.#alarm(`${node.id}-dead-letters`, {
        metric: deadLetters.metricApproximateNumberOfMessagesVisible({ period: soon, statistic: "Maximum" }),
        atLeast: 1,
        description: `Messages that ${node.id} could not finish were set aside. Read its log, mend the cause, then redrive its dead-letter queue.`,
      });
      this.#alarm(`${node.id}-oldest-message`, {
        metric: queue.metricApproximateAgeOfOldestMessage({ period: soon, statistic: "Maximum" }),
        atLeast: OLDEST_MESSAGE.toSeconds(),
        description: `A message has waited for ${node.id} for an hour: its function fails, or has too little concurrency for what was dropped.`,
      });
      this.#alarm(`${node.id}-errors`, {
        metric: fn.metricErrors({ period: soon }),
        atLeast: 1,
        description: `A call of ${node.id} died: out of time, out of memory, or it did not start. Its messages are given again.`,
      });
    }
    this.#alarm("runs-standing-still", {
      metric: metricOf("watch", "RunsStandingStill", Duration.minutes(15)),
      atLeast: 1,
      description:
        "No part of a run was labeled or published for a quarter of an hour. The log of watch names the run.",
    });
    this.#alarm("runs-drifted", {
      metric: metricOf("publish", "RunsDrifted", Duration.minutes(15)),
      atLeast: 1,
      description:
        "Programs vote otherwise than on the data that they labeled first. The log of publish and the run's receipt say which; its report shows how.",
    });
    // An alarm looks back a day: at this pace the money for a month is gone in four.
    this.#alarm("model-dollars", {
      metric: modelDollars(Duration.days(1)),
      atLeast: monthlyBudgetUsd / 4,
      description: `The language model has cost a quarter of the monthly budget of $${monthlyBudgetUsd} within a day.`,
    });
  }

  #alarm(id: string, alarm: { metric: IMetric; atLeast: number; description: string }): void {
    new Alarm(this, id, {
      metric: alarm.metric,
      threshold: alarm.atLeast,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      evaluationPeriods: 1,
      treatMissingData: TreatMissingData.NOT_BREACHING,
      alarmDescription: alarm.description,
    }).addAlarmAction(new SnsAction(this.#topic));
  }
}
