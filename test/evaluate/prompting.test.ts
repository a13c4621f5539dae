import { expect, it } from "vitest";
import { groupPrompts, likeliestClasses, zeroShotPrompts } from "../../lib/evaluate/prompting.ts";

it("asks for a photo of each class", () => {
  expect(zeroShotPrompts(["ice_cream", "owl"])).toEqual([
    { text: "a photo of an ice cream", class: 0 },
    { text: "a photo of an owl", class: 1 },
  ]);
});

it("asks for each class in each group", () => {
  expect(groupPrompts(["owl", "duck"], ["on land", "on_water"])).toEqual([
    { text: "a photo of an owl, on land", class: 0 },
    { text: "a photo of an owl, on water", class: 0 },
    { text: "a photo of a duck, on land", class: 1 },
    { text: "a photo of a duck, on water", class: 1 },
  ]);
});

it("answers with the class of the nearest prompt, and abstains on a picture that could not be read", () => {
  const values = Float32Array.of(1, 0, 0, 1, 0.6, 0.8, 0, 0);
  const texts = Float32Array.of(1, 0, 0, -1, 0, 1);
  const prompts = [0, 1, 1].map((label) => ({ text: "", class: label }));
  expect([...likeliestClasses({ rows: 4, size: 2, values }, texts, prompts)]).toEqual([0, 1, 1, -1]);
});
