import { CfnOutput, Duration, RemovalPolicy, Stack, type StackProps } from "aws-cdk-lib";
import { BlockPublicAccess, Bucket, BucketEncryption, StorageClass } from "aws-cdk-lib/aws-s3";
import type { Construct } from "constructs";
import { areas } from "../contracts/keys.ts";

/**
 * What can be deployed today: the bucket that is the database. Queues and functions are not deployed by this stack
 * yet, so a file dropped here starts nothing; run the stages on a machine.
 */
export class AlchemistStack extends Stack {
  constructor(scope: Construct, id: string, props: StackProps = {}) {
    super(scope, id, props);

    const bucket = new Bucket(this, "Bucket", {
      blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
      enforceSSL: true,
      // With S3's own keys the ETag follows from the content, under a KMS key it does not: a file that is dropped again
      // would be labeled again.
      encryption: BucketEncryption.S3_MANAGED,
      // Stages overwrite an object with the same bytes when a message comes twice: each time would be paid storage.
      versioned: false,
      lifecycleRules: [
        { id: "AbandonedUploads", abortIncompleteMultipartUploadAfter: Duration.days(1) },
        // State grows cold but never expires: replies that were paid for lie there, in every task's own folder.
        {
          id: "ColdState",
          prefix: areas.work,
          transitions: [
            { storageClass: StorageClass.INTELLIGENT_TIERING, transitionAfter: Duration.days(30) },
          ],
        },
      ],
      removalPolicy: RemovalPolicy.RETAIN,
    });

    new CfnOutput(this, "BucketName", { value: bucket.bucketName });
    new CfnOutput(this, "Inbox", {
      value: bucket.s3UrlForObject(areas.inbox),
      description: "Drop tasks and data here",
    });
    new CfnOutput(this, "Work", {
      value: bucket.s3UrlForObject(areas.work),
      description: "State, kept between runs",
    });
    new CfnOutput(this, "Outbox", {
      value: bucket.s3UrlForObject(areas.outbox),
      description: "Programs and labels",
    });
  }
}
