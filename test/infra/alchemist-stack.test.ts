import { App } from "aws-cdk-lib";
import { Match, Template } from "aws-cdk-lib/assertions";
import { describe, expect, it } from "vitest";
import settings from "../../cdk.json" with { type: "json" };
import { AlchemistStack } from "../../lib/infra/alchemist-stack.ts";

describe("AlchemistStack", () => {
  const template = Template.fromStack(new AlchemistStack(new App({ context: settings.context }), "Test"));

  it("holds the bucket, its policy, and nothing that it does not deploy yet", () => {
    const types = Object.values(template.toJSON().Resources as Record<string, { Type: string }>);
    expect(types.map(({ Type }) => Type)).toEqual(["AWS::S3::Bucket", "AWS::S3::BucketPolicy"]);
  });

  it("keeps the public out, and encrypts with S3's own keys", () => {
    template.hasResourceProperties("AWS::S3::Bucket", {
      PublicAccessBlockConfiguration: {
        BlockPublicAcls: true,
        BlockPublicPolicy: true,
        IgnorePublicAcls: true,
        RestrictPublicBuckets: true,
      },
      BucketEncryption: {
        ServerSideEncryptionConfiguration: [{ ServerSideEncryptionByDefault: { SSEAlgorithm: "AES256" } }],
      },
    });
  });

  it("refuses requests without TLS", () => {
    template.hasResourceProperties("AWS::S3::BucketPolicy", {
      PolicyDocument: {
        Statement: Match.arrayWith([
          Match.objectLike({
            Action: "s3:*",
            Effect: "Deny",
            Principal: { AWS: "*" },
            Condition: { Bool: { "aws:SecureTransport": "false" } },
          }),
        ]),
      },
    });
  });

  it("stores each object once, clears abandoned uploads, and lets state cool without expiring", () => {
    template.hasResourceProperties("AWS::S3::Bucket", {
      VersioningConfiguration: Match.absent(),
      LifecycleConfiguration: {
        Rules: [
          {
            Id: "AbandonedUploads",
            Status: "Enabled",
            AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 },
          },
          {
            Id: "ColdState",
            Status: "Enabled",
            Prefix: "work/",
            Transitions: [{ StorageClass: "INTELLIGENT_TIERING", TransitionInDays: 30 }],
          },
        ],
      },
    });
  });

  it("leaves the bucket to its owner when the stack is deleted", () => {
    template.hasResource("AWS::S3::Bucket", { DeletionPolicy: "Retain", UpdateReplacePolicy: "Retain" });
  });

  it("says what the bucket is called and where things lie in it", () => {
    expect(Object.keys(template.findOutputs("*")).sort()).toEqual(["BucketName", "Inbox", "Outbox", "Work"]);
  });
});
