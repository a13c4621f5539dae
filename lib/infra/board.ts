import { Duration } from "aws-cdk-lib";
import {
  Dashboard,
  GraphWidget,
  type IMetric,
  type IWidget,
  MathExpression,
  SingleValueWidget,
} from "aws-cdk-lib/aws-cloudwatch";
import { Construct } from "constructs";
import { type MetricName, metricOf, modelDollars } from "./metrics.ts";
import type { StageId } from "./rights.ts";
import type { Stage } from "./stage.ts";

interface BoardProps {
  stages: readonly Stage[];
  monthlyBudgetUsd: number;
}

const HALF = 12;
const PERIOD = Duration.minutes(5);

const sum = (stage: StageId, name: MetricName, label?: string): IMetric =>
  metricOf(stage, name, PERIOD, label);

const ratio = (expression: string, label: string, usingMetrics: Record<string, IMetric>): IMetric =>
  new MathExpression({ expression, label, usingMetrics, period: PERIOD });

const graph = (title: string, left: IMetric[], more: { width?: number; percent?: boolean } = {}): IWidget =>
  new GraphWidget({
    title,
    left,
    width: more.width ?? HALF,
    height: 6,
    leftYAxis: { min: 0, ...(more.percent && { max: 100, label: "%" }), showUnits: false },
  });

/** One page that answers: does it work, on what, and what does it cost? */
export class Board extends Construct {
  readonly name: string;

  constructor(scope: Construct, id: string, { stages, monthlyBudgetUsd }: BoardProps) {
    super(scope, id);
    const month = Duration.days(30);
    const board = new Dashboard(this, "Dashboard", { defaultInterval: Duration.hours(24) });
    this.name = board.dashboardName;

    board.addWidgets(
      new SingleValueWidget({
        title: "The last 30 days",
        width: 24,
        height: 4,
        start: "-P30D",
        end: "P0D",
        period: month,
        metrics: [
          metricOf("fan-out", "Rows", month, "rows read"),
          metricOf("publish", "Rows", month, "rows published"),
          metricOf("publish", "RunsReady", month, "runs ready"),
          metricOf("synthesize", "ModelCalls", month, "model calls for programs"),
          metricOf("verify", "ModelCalls", month, "model calls for rows"),
          modelDollars(month, `model dollars, of $${monthlyBudgetUsd}`),
        ],
      }),
    );
    board.addWidgets(
      graph("Rows", [
        sum("fan-out", "Rows", "read"),
        sum("label", "Rows", "labeled"),
        sum("publish", "Rows", "published"),
        sum("fan-out", "Rejected", "rejected"),
      ]),
      graph("Votes", [
        sum("label", "Votes", "computed"),
        sum("label", "VotesReused", "found from before"),
        sum("label", "ProgramFaults", "faults of programs"),
      ]),
    );
    const covered = { covered: sum("label", "Covered"), rows: sum("label", "Rows") };
    const abstained = {
      abstained: sum("label", "Abstentions"),
      votes: sum("label", "Votes"),
      reused: sum("label", "VotesReused"),
    };
    board.addWidgets(
      graph(
        "Coverage and abstention",
        [
          ratio("100 * covered / rows", "rows with a vote", covered),
          ratio("100 * abstained / (votes + reused)", "votes that abstain", abstained),
        ],
        { percent: true },
      ),
      graph("Model dollars", [
        sum("synthesize", "ModelDollars", "for programs"),
        sum("verify", "ModelDollars", "for rows"),
      ]),
    );
    board.addWidgets(
      graph(
        "Errors: calls that died",
        stages.map(({ node, function: fn }) => fn.metricErrors({ period: PERIOD, label: node.id })),
      ),
      graph("Messages that failed, drops that were refused", [
        ...stages.map(({ node }) => sum(node.id as StageId, "Failures", `${node.id} failed`)),
        ...(["intake", "synthesize", "fan-out"] as const).map((stage) =>
          sum(stage, "Refused", `${stage} refused`),
        ),
      ]),
    );
    board.addWidgets(
      graph(
        "Age of the oldest message, seconds",
        stages.map(({ node, queue }) =>
          queue.metricApproximateAgeOfOldestMessage({ period: PERIOD, label: node.id }),
        ),
      ),
      graph("Dead letters, runs that stand still or drift", [
        ...stages.map(({ node, deadLetters }) =>
          deadLetters.metricApproximateNumberOfMessagesVisible({ period: PERIOD, label: node.id }),
        ),
        sum("watch", "RunsStandingStill", "runs that stand still"),
        sum("publish", "RunsDrifted", "runs whose votes drift"),
      ]),
    );
    board.addWidgets(
      graph(
        "Duration of a call, milliseconds",
        stages.map(({ node, function: fn }) => fn.metricDuration({ period: PERIOD, label: node.id })),
      ),
      graph(
        "Calls at once",
        stages.map(({ node, function: fn }) =>
          fn.metric("ConcurrentExecutions", { period: PERIOD, statistic: "Maximum", label: node.id }),
        ),
      ),
    );
  }
}
