import { App } from "aws-cdk-lib";
import { describe, expect, it } from "vitest";
import cdk from "../../cdk.json" with { type: "json" };
import { everyStage } from "../../lib/infra/rights.ts";
import { readSettings, Settings } from "../../lib/infra/settings.ts";

const settingsOf = (context: Record<string, unknown>) => readSettings(new App({ context }).node);

describe("the settings of a deployment", () => {
  it("have defaults, which cdk.json shows", () => {
    expect(settingsOf({})).toEqual({
      model: undefined,
      baseUrl: undefined,
      monthlyBudgetUsd: 20,
      email: undefined,
      logRetentionDays: 30,
      concurrency: {
        intake: 10,
        synthesize: 5,
        "fan-out": 10,
        label: 100,
        aggregate: 10,
        train: 5,
        verify: 5,
        publish: 50,
        watch: 2,
        features: 20,
      },
      hardening: "standard",
      labelIn: "layer",
      architecture: "arm64",
      images: false,
      imageModel: "clip-vit-b-32-int8",
      modelsFolder: undefined,
    });
    expect(settingsOf(cdk.context)).toEqual(settingsOf({}));
    expect(Object.keys(cdk.context.alchemist).sort()).toEqual(Object.keys(Settings.shape).sort());
    expect(Object.keys(cdk.context.alchemist.concurrency)).toEqual([...everyStage]);
  });

  it("are overridden one by one from the command line, which gives texts", () => {
    expect(
      settingsOf({
        ...cdk.context,
        "alchemist.email": "ops@example.com",
        "alchemist.monthlyBudgetUsd": "7.5",
        "alchemist.concurrency.label": "400",
      }),
    ).toMatchObject({
      email: "ops@example.com",
      monthlyBudgetUsd: 7.5,
      concurrency: { label: 400, publish: 50 },
    });
  });

  it.each([
    {
      name: "pictures that may be or not",
      context: { "alchemist.images": "perhaps" },
      message: "cdk.json: context.alchemist.images: expected boolean, received string.",
    },
    {
      name: "a misspelled field",
      context: { alchemist: { emial: "ops@example.com" } },
      message: 'cdk.json: context.alchemist.emial: Unrecognized key: "emial".',
    },
    {
      name: "a stage that is none",
      context: { "alchemist.concurrency.pictures": "10" },
      message: 'cdk.json: context.alchemist.concurrency.pictures: Unrecognized key: "pictures".',
    },
    {
      name: "no address",
      context: { alchemist: { email: "ops" } },
      message: "cdk.json: context.alchemist.email: expected an e-mail address.",
    },
    {
      name: "no URL",
      context: { alchemist: { baseUrl: "localhost" } },
      message:
        "cdk.json: context.alchemist.baseUrl: expected the URL of an OpenAI-compatible endpoint, such as https://host/v1.",
    },
    {
      name: "a concurrency that event sources do not take",
      context: { "alchemist.concurrency.label": "1" },
      message: "cdk.json: context.alchemist.concurrency.label: Too small: expected number to be >=2.",
    },
    {
      name: "a retention that CloudWatch does not take",
      context: { alchemist: { logRetentionDays: 31 } },
      message: expect.stringMatching(/^cdk\.json: context\.alchemist\.logRetentionDays: .*\b30\b/),
    },
    {
      name: "a budget of nothing",
      context: { alchemist: { monthlyBudgetUsd: 0 } },
      message: "cdk.json: context.alchemist.monthlyBudgetUsd: Too small: expected number to be >0.",
    },
    {
      name: "no settings at all",
      context: { alchemist: "label" },
      message: "cdk.json: context.alchemist: expected object, received string.",
    },
  ])("are refused with the field's name: $name", ({ context, message }) => {
    expect(() => settingsOf(context)).toThrow(expect.objectContaining({ code: "invalid-input", message }));
  });
});
