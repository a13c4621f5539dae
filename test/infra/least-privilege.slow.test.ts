import { Validations } from "aws-cdk-lib";
import { AwsSolutionsChecks } from "cdk-nag";
import { describe, expect, it } from "vitest";
import { stages } from "../../lib/infra/rights.ts";
import { synthesized } from "./synthesized.ts";

const { app, stack, all, told } = synthesized({ "alchemist.email": "ops@example.com" });

interface Statement {
  Effect: string;
  Action: string | string[];
  Resource: unknown;
  Condition?: { StringLike: { "s3:prefix": string | string[] } };
}

const listed = <T>(value: T | T[]): T[] => (Array.isArray(value) ? value : [value]);

/** Everything a role may do: by action, what it may do it to. */
function allowedTo(role: string): Record<string, string[]> {
  const [policy, ...others] = Object.values(all("AWS::IAM::Policy")).filter(({ Properties }) =>
    (Properties.Roles as unknown[]).map(told).includes(role),
  );
  expect(others).toEqual([]);
  const allowed: Record<string, string[]> = {};
  const { Statement } = policy.Properties.PolicyDocument as { Statement: Statement[] };
  for (const { Effect, Action, Resource, Condition, ...more } of Statement) {
    expect([Effect, more]).toEqual(["Allow", {}]);
    const prefixes = Condition && listed(Condition.StringLike["s3:prefix"]);
    if (Condition) expect(Condition).toEqual({ StringLike: { "s3:prefix": expect.anything() } });
    for (const action of listed(Action)) {
      const resources = listed(Resource).map(told);
      allowed[action] ??= [];
      allowed[action].push(
        ...(prefixes ? prefixes.map((prefix) => `${resources.join()} under ${prefix}`) : resources),
      );
    }
  }
  for (const resources of Object.values(allowed)) resources.sort();
  return allowed;
}
/** Written out here and nowhere else: a right that a stage gains has to be gained here, too. */
const ALLOWED: Record<(typeof stages)[number], Record<string, string[]>> = {
  intake: {
    "s3:PutObject": ["Bucket/outbox/*/_FAILED.json"],
    "sqs:SendMessage": ["fan-out/Queue", "synthesize/Queue"],
  },
  synthesize: {
    "s3:GetObject": [
      "Bucket/inbox/*/data/*",
      "Bucket/inbox/*/knowledge/*",
      "Bucket/inbox/*/programs/*",
      "Bucket/inbox/*/replies/*",
      "Bucket/inbox/*/task.*",
      "Bucket/outbox/*/programs/registry.json",
      "Bucket/work/*/programs.json",
      "Bucket/work/*/replies/*",
      "Bucket/work/*/sets/*",
      "Bucket/work/*/shown-rows.json",
      "Bucket/work/*/spent/*",
    ],
    "s3:PutObject": [
      "Bucket/outbox/*/_FAILED.json",
      "Bucket/outbox/*/knowledge.json",
      "Bucket/outbox/*/programs/*",
      "Bucket/work/*/programs.json",
      "Bucket/work/*/replies/*",
      "Bucket/work/*/sets/*",
      "Bucket/work/*/shown-rows.json",
      "Bucket/work/*/spent/*",
    ],
    "s3:DeleteObject": [
      "Bucket/outbox/*/_FAILED.json",
      "Bucket/outbox/*/knowledge.json",
      "Bucket/outbox/*/programs/*",
    ],
    "s3:ListBucket": [
      "Bucket under inbox/*/data/*",
      "Bucket under inbox/*/knowledge/*",
      "Bucket under inbox/*/programs/*",
      "Bucket under inbox/*/replies/*",
      "Bucket under inbox/*/task.*",
      "Bucket under outbox/*/programs/*",
      "Bucket under outbox/*/programs/registry.json",
      "Bucket under work/*/programs.json",
      "Bucket under work/*/replies/*",
      "Bucket under work/*/sets/*",
      "Bucket under work/*/shown-rows.json",
      "Bucket under work/*/spent/*",
    ],
    "sqs:SendMessage": ["fan-out/Queue"],
    "secretsmanager:GetSecretValue": ["ModelKey/Secret"],
  },
  "fan-out": {
    "s3:GetObject": [
      "Bucket/inbox/*/data/*",
      "Bucket/inbox/*/gold.*",
      "Bucket/inbox/*/task.*",
      "Bucket/outbox/*/labels/*/_SUCCESS",
      "Bucket/outbox/*/labels/*/receipt.json",
      "Bucket/outbox/*/labels/*/report.html",
      "Bucket/work/*/programs.json",
      "Bucket/work/*/ready/*",
      "Bucket/work/*/sets/*",
      "Bucket/work/*/sources/*",
      "Bucket/work/*/wanted/*",
    ],
    "s3:PutObject": [
      "Bucket/outbox/*/labels/*/_FAILED.json",
      "Bucket/work/*/runs/*/run.json",
      "Bucket/work/*/sources/*",
      "Bucket/work/*/wanted/*",
    ],
    "s3:DeleteObject": ["Bucket/outbox/*/labels/*/_FAILED.json"],
    "s3:ListBucket": [
      "Bucket under inbox/*/data/*",
      "Bucket under inbox/*/gold.*",
      "Bucket under inbox/*/task.*",
      "Bucket under outbox/*/labels/*",
      "Bucket under outbox/*/labels/*/_SUCCESS",
      "Bucket under outbox/*/labels/*/receipt.json",
      "Bucket under outbox/*/labels/*/report.html",
      "Bucket under work/*/programs.json",
      "Bucket under work/*/ready/*",
      "Bucket under work/*/runs/*",
      "Bucket under work/*/sets/*",
      "Bucket under work/*/sources/*",
      "Bucket under work/*/wanted/*",
    ],
    "sqs:SendMessage": ["aggregate/Queue", "label/Queue", "synthesize/Queue", "verify/Queue", "watch/Queue"],
  },
  label: {
    "s3:GetObject": [
      "Bucket/work/*/runs/*/begun/*",
      "Bucket/work/*/runs/*/labeled/*",
      "Bucket/work/*/runs/*/run.json",
      "Bucket/work/*/sets/*",
      "Bucket/work/*/sources/*",
      "Bucket/work/*/votes/*",
      "Bucket/work/*/wanted/*",
    ],
    "s3:PutObject": ["Bucket/work/*/runs/*/labeled/*", "Bucket/work/*/votes/*"],
    "s3:ListBucket": [
      "Bucket under work/*/runs/*/begun/*",
      "Bucket under work/*/runs/*/labeled/*",
      "Bucket under work/*/runs/*/run.json",
      "Bucket under work/*/sets/*",
      "Bucket under work/*/sources/*",
      "Bucket under work/*/votes/*",
      "Bucket under work/*/wanted/*",
    ],
    "sqs:SendMessage": ["aggregate/Queue"],
  },
  aggregate: {
    "s3:GetObject": [
      "Bucket/outbox/*/labels/*/_SUCCESS",
      "Bucket/work/*/ready/*",
      "Bucket/work/*/runs/*",
      "Bucket/work/*/sets/*",
      "Bucket/work/*/sources/*/gold.json",
      "Bucket/work/*/sources/*/source.json",
      "Bucket/work/*/votes/*",
      "Bucket/work/*/wanted/*",
    ],
    "s3:PutObject": [
      "Bucket/work/*/runs/*/begun/*",
      "Bucket/work/*/runs/*/groups/*",
      "Bucket/work/*/runs/*/label-model.json",
    ],
    "s3:ListBucket": [
      "Bucket under outbox/*/labels/*/_SUCCESS",
      "Bucket under work/*/ready/*",
      "Bucket under work/*/runs/*",
      "Bucket under work/*/sets/*",
      "Bucket under work/*/sources/*/gold.json",
      "Bucket under work/*/sources/*/source.json",
      "Bucket under work/*/votes/*",
      "Bucket under work/*/wanted/*",
    ],
    "sqs:SendMessage": ["train/Queue", "verify/Queue"],
  },
  train: {
    "s3:GetObject": [
      "Bucket/outbox/*/labels/*/_SUCCESS",
      "Bucket/work/*/ready/*",
      "Bucket/work/*/runs/*/label-model.json",
      "Bucket/work/*/runs/*/run.json",
      "Bucket/work/*/runs/*/trained.json",
      "Bucket/work/*/sources/*",
      "Bucket/work/*/votes/*",
      "Bucket/work/*/wanted/*",
    ],
    "s3:PutObject": ["Bucket/work/*/runs/*/end-model.json", "Bucket/work/*/runs/*/trained.json"],
    "s3:ListBucket": [
      "Bucket under outbox/*/labels/*/_SUCCESS",
      "Bucket under work/*/ready/*",
      "Bucket under work/*/runs/*/label-model.json",
      "Bucket under work/*/runs/*/run.json",
      "Bucket under work/*/runs/*/trained.json",
      "Bucket under work/*/sources/*",
      "Bucket under work/*/votes/*",
      "Bucket under work/*/wanted/*",
    ],
    "sqs:SendMessage": ["verify/Queue"],
  },
  verify: {
    "s3:GetObject": [
      "Bucket/inbox/*/replies/*",
      "Bucket/outbox/*/labels/*/_SUCCESS",
      "Bucket/work/*/ready/*",
      "Bucket/work/*/replies/*",
      "Bucket/work/*/residual/*",
      "Bucket/work/*/runs/*",
      "Bucket/work/*/sets/*",
      "Bucket/work/*/sources/*",
      "Bucket/work/*/spent/*",
      "Bucket/work/*/votes/*",
      "Bucket/work/*/wanted/*",
    ],
    "s3:PutObject": [
      "Bucket/work/*/replies/*",
      "Bucket/work/*/residual/*",
      "Bucket/work/*/runs/*/verification/*",
      "Bucket/work/*/spent/*",
      "Bucket/work/*/wanted/*",
    ],
    "s3:ListBucket": [
      "Bucket under inbox/*/replies/*",
      "Bucket under outbox/*/labels/*/_SUCCESS",
      "Bucket under work/*/ready/*",
      "Bucket under work/*/replies/*",
      "Bucket under work/*/residual/*",
      "Bucket under work/*/runs/*",
      "Bucket under work/*/sets/*",
      "Bucket under work/*/sources/*",
      "Bucket under work/*/spent/*",
      "Bucket under work/*/votes/*",
      "Bucket under work/*/wanted/*",
    ],
    "sqs:SendMessage": ["publish/Queue", "verify/Queue"],
    "secretsmanager:GetSecretValue": ["ModelKey/Secret"],
  },
  publish: {
    "s3:GetObject": [
      "Bucket/outbox/*/labels/*/_SUCCESS",
      "Bucket/outbox/*/programs/registry.json",
      "Bucket/work/*/baselines/*",
      "Bucket/work/*/runs/*",
      "Bucket/work/*/sets/*",
      "Bucket/work/*/sources/*",
      "Bucket/work/*/votes/*",
      "Bucket/work/*/wanted/*",
    ],
    "s3:PutObject": [
      "Bucket/outbox/*/labels/*",
      "Bucket/outbox/*/programs/registry.json",
      "Bucket/work/*/baselines/*",
      "Bucket/work/*/ready/*",
      "Bucket/work/*/runs/*/published-groups/*",
      "Bucket/work/*/runs/*/published/*",
    ],
    "s3:DeleteObject": ["Bucket/outbox/*/labels/*"],
    "s3:ListBucket": [
      "Bucket under outbox/*/labels/*",
      "Bucket under outbox/*/labels/*/_SUCCESS",
      "Bucket under outbox/*/programs/registry.json",
      "Bucket under work/*/baselines/*",
      "Bucket under work/*/runs/*",
      "Bucket under work/*/sets/*",
      "Bucket under work/*/sources/*",
      "Bucket under work/*/sources/*/rejected/*",
      "Bucket under work/*/votes/*",
      "Bucket under work/*/wanted/*",
    ],
    "sqs:SendMessage": ["publish/Queue"],
  },
  watch: {
    "s3:GetObject": ["Bucket/work/*/ready/*", "Bucket/work/*/runs/*/run.json", "Bucket/work/*/wanted/*"],
    "s3:ListBucket": [
      "Bucket under work/*/ready/*",
      "Bucket under work/*/runs/*",
      "Bucket under work/*/runs/*/run.json",
      "Bucket under work/*/wanted/*",
    ],
    "sqs:SendMessage": ["watch/Queue"],
  },
};

describe("a stage's role", () => {
  it.each(stages)("may do what is written here, and nothing else: %s", (stage) => {
    const { "s3:PutObject": written = [] } = ALLOWED[stage];
    expect(allowedTo(`${stage}/Role`)).toEqual({
      "logs:CreateLogStream": [`${stage}/Logs`],
      "logs:PutLogEvents": [`${stage}/Logs`],
      "sqs:ReceiveMessage": [`${stage}/Queue`],
      "sqs:DeleteMessage": [`${stage}/Queue`],
      "sqs:GetQueueAttributes": [`${stage}/Queue`],
      "sqs:ChangeMessageVisibility": [`${stage}/Queue`],
      ...(written.length > 0 && { "s3:AbortMultipartUpload": written }),
      ...ALLOWED[stage],
    });
  });

  it("is all there is: no other role, no policy of AWS's, nobody but Lambda to take it", () => {
    const roles = all("AWS::IAM::Role");
    expect(Object.keys(roles)).toEqual(stages.map((stage) => `${stage}/Role`));
    expect(Object.keys(all("AWS::IAM::Policy"))).toHaveLength(stages.length);
    for (const { Properties } of Object.values(roles)) {
      expect(Properties).not.toHaveProperty("ManagedPolicyArns");
      expect(Properties).not.toHaveProperty("Policies");
      expect(Properties.AssumeRolePolicyDocument).toMatchObject({
        Statement: [
          { Action: "sts:AssumeRole", Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" } },
        ],
      });
    }
  });

  it("has no wildcard but in keys of the bucket", () => {
    for (const stage of stages) {
      for (const [action, resources] of Object.entries(allowedTo(`${stage}/Role`))) {
        expect(action).not.toContain("*");
        for (const resource of resources) {
          if (resource.includes("*"))
            expect(resource).toMatch(/^Bucket(\/| under )(inbox|work|outbox)\/\*\//);
        }
      }
    }
  });

  it("reads the model's key in synthesize and verify only", () => {
    const readers = stages.filter((stage) => "secretsmanager:GetSecretValue" in allowedTo(`${stage}/Role`));
    expect(readers).toEqual(["synthesize", "verify"]);
  });

  it("keeps label, which runs programs, from secret, inbox and outbox", () => {
    const resources = Object.values(allowedTo("label/Role")).flat();
    expect(resources.filter((resource) => /inbox|outbox|ModelKey/.test(resource))).toEqual([]);
  });
});

describe("cdk-nag's AwsSolutions", () => {
  const acknowledged = stack.node.findAll().flatMap(({ node }) =>
    node.metadata
      .filter(({ type }) => type === Validations.ACKNOWLEDGED_RULES_METADATA_KEY)
      .flatMap(({ data }) =>
        Object.entries(data as Record<string, string>).map(([rule, reason]) => ({
          path: node.path,
          rule,
          reason,
        })),
      ),
  );

  it("finds nothing that was not acknowledged", () => {
    expect(new AwsSolutionsChecks(app).validateScope(app).violations).toEqual([]);
  });

  it("is waived for these rules only, each with a reason", () => {
    const rules = new Set(
      acknowledged.map(({ rule }) => rule.replace(/^Annotation::/, "").replace(/\[.*$/, "")),
    );
    expect([...rules].sort()).toEqual(["AwsSolutions-IAM5", "AwsSolutions-S1", "AwsSolutions-SMG4"]);
    for (const { reason } of acknowledged) expect(reason).toMatch(/^[A-Z].{40,}\.$/);
  });
});
