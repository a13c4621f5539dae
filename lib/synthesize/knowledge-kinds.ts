import type { Strategy } from "../contracts/task-schema.ts";

/** What each strategy wants to know: how its notes are called in prompts, and how they are asked for. */
export const KNOWLEDGE = {
  description: {
    title: "the classes described",
    instruction:
      "Describe each class so that somebody who never saw one of its rows would recognise it: what it is about, who makes it and why, how it is worded or what its values are like, its common sub-kinds, what sets it apart from each other class, and which borderline cases mislead.",
  },
  exemplars: {
    title: "invented examples",
    instruction:
      "Invent realistic rows of each class, six to ten a class, short, and as different from each other as the class allows: typical ones, unusual ones and two that are easily mistaken for another class. After each, name in a few words what gives its class away.",
  },
  keywords: {
    title: "words and values that tell",
    instruction:
      "List for each class the words, phrases, spellings, symbols or values that are much more frequent in it than in the other classes: at least forty a class where it allows that many, grouped by how reliable they are (nearly certain, strong, weak). Name those that look telling but occur in several classes.",
  },
  rules: {
    title: "rules of thumb",
    instruction:
      "Write at least twelve rules of thumb a class of the form: if <something a program can check> then <class>, each with how reliable you think it is in percent and when it fails. Use wording, form, position, counts, combinations and exclusions, not single words only.",
  },
  retrieval: {
    title: "notes from the user's documents",
    instruction:
      "Take from the passages above all that helps to tell these classes apart: definitions and criteria, names, terms, formulas and wordings that go with one class, numbers and limits, exceptions and borderline cases. Put it in your own words, class by class, and name behind each point the document it is from. Where passages contradict each other or the classes as they are described above, say so, and go by the classes. Where they are silent, add what you know of the subject, and mark it as yours.",
  },
} satisfies Record<Exclude<Strategy, "general" | "pixels">, { title: string; instruction: string }>;
