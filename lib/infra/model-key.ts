import { CfnOutput, Stack, Validations } from "aws-cdk-lib";
import { CfnSecret } from "aws-cdk-lib/aws-secretsmanager";
import { Construct } from "constructs";

/** The place for the key of the language model's endpoint. It is deployed empty: a template is no place for a key. */
export class ModelKey extends Construct {
  readonly secretArn: string;

  constructor(scope: Construct, id: string) {
    super(scope, id);
    const secret = new CfnSecret(this, "Secret", {
      description: "Alchemist: key of the language model's endpoint, read by synthesize and verify only",
    });
    this.secretArn = secret.ref;
    Validations.of(secret).acknowledge({
      id: "AwsSolutions-SMG4",
      reason:
        "The key is another vendor's: it is made and revoked there, and the new one is stored with one command.",
    });
    new CfnOutput(Stack.of(this), "StoreKey", {
      description: "Stores the model's key; recorded replies need none",
      value: `aws secretsmanager put-secret-value --region ${Stack.of(this).region} --secret-id ${secret.ref} --secret-string "$OPENAI_API_KEY"`,
    });
  }
}
