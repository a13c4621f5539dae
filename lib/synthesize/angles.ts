import { PIXEL_ANGLES } from "./pixel-prompts.ts";

/**
 * Where each program looks first: one prompt asked ten times comes back ten times alike, and alike programs are
 * one voter. Angles are about the form of evidence, never about a subject.
 */
const TEXT_ANGLES = [
  "Vocabulary. Long lists of distinctive words for every class, inflected forms included, in one alternation regex a class; the class with clearly more distinct matches wins.",
  "Phrases. Expressions of two to five words, fixed formulas and idioms that hardly occur outside their class; allow small variations between the words.",
  "A weighted score. Give each class a list of [pattern, weight] pairs, strong evidence 3, good evidence 2, weak evidence 1; answer when the best class has enough and is clearly ahead of the second.",
  "Structure and form. What the text is made of: length, lines, lists, headers, quoting, markup, links, capitals, digits, punctuation, symbols, and their shares of the text; combine at least two such signs before you answer.",
  "Purpose. What the writer wants from the reader or wants to say: to sell, ask, report, thank, complain, praise, warn, instruct, invite, answer; recognise it by verbs, pronouns and sentence patterns.",
  "Exclusion. Look first for what rules a class out; answer when evidence rules out all classes but one and something positive supports that one.",
  "Places. Judge the parts apart: the first lines and any header fields, the body, the last lines; how a text opens and closes often says more than its middle.",
  "Tone and register. Formal or chatty, personal or impersonal, emotional or dry, urgent or calm: pronouns, contractions, greetings, intensifiers, exclamation, hedging.",
  "Things named. Kinds of persons, organisations, products, places, amounts, dates, addresses, units and technical terms that go with one class.",
  "Context of words. The same evidence as a keyword program, but read around each match: negation and contrast in the words before it turn it round, what follows a 'but' weighs more, hypothetical and quoted passages weigh less.",
  "A decision list. Fifteen or more rules, the most reliable first, each of one or two conditions; the first that holds answers.",
  "The harder classes. Begin with the class that is the least obvious to recognise and give it the most evidence, then serve the others.",
];

const RECORD_ANGLES = [
  "Thresholds. The two or three columns that tell most, with the ranges that are typical of each class; answer inside a range, abstain between ranges.",
  "A weighted score. Every informative column gives points to the classes that its value suits; answer when the best class is clearly ahead of the second.",
  "Combinations. Ratios, differences and products of columns that separate the classes better than any single column.",
  "Prototypes. One typical row a class; measure the distance to each with every column divided by its usual spread; answer when the nearest is clearly nearer than the second.",
  "A decision tree, three or four levels deep, the most telling column at the root; leaves that stay mixed abstain.",
  "Columns that hold names, codes, places or words first; then numbers to confirm or to contradict.",
  "Exclusion. For each class the values that it cannot have; answer when all classes but one are ruled out.",
  "The clear ends. The unmistakable values of each column, every column counted as one small vote; answer by the majority of these.",
  "The columns others would look at last: secondary measurements and attributes, and how they go together.",
  "The harder classes. Begin with the two classes that are easiest to confuse and find what separates them, then serve the others.",
];

const IMAGE_ANGLES = [
  "A weighted score. Every description of every concept gives points to the classes that it speaks for, times its score over 1/n; answer when the best class is clearly ahead of the second.",
  "The whole first. The concept that says what the picture shows, by its best description and its lead over the second; then the others, to confirm or to contradict.",
  "Parts and shape. Concepts about parts, forms and arrangement; let several agree before you answer.",
  "Log-odds. For each class the sum, over concepts, of the logarithm of the share of the descriptions that it allows, less what it would be by chance; cap each concept's say so that none decides alone.",
  "Looks. Concepts about colour, texture, covering and material first; what kind of thing it is only to break ties.",
  "Ranks. Of each concept only which description is first and which second, never how high; each concept votes for the classes of its first, with half a vote for those of its second.",
  "Exclusion. What rules a class out: descriptions that its members never have and that stand clearly above chance; answer when all classes but one are ruled out or far behind.",
  "A decision list. Twelve or more rules, each of one or two descriptions above a multiple of 1/n, the most reliable first; the first that holds answers.",
  "Decided concepts only. Measure how decided each concept is, by its highest score over 1/n; hear only those that are, each as loud as it is decided.",
  "The harder classes. Begin with the two classes that are easiest to confuse and the concepts that separate them, then serve the others.",
];

const ANGLES = { text: TEXT_ANGLES, record: RECORD_ANGLES, image: IMAGE_ANGLES, pixels: PIXEL_ANGLES };

/** The angle of the call with this number; neighbours differ. */
export function angleOf(rows: keyof typeof ANGLES, call: number): string {
  const angles = ANGLES[rows];
  // The first program of a strategy is number 1; strategies lie 1,000 apart and begin at different angles.
  return angles[(call - 1 + Math.floor(call / 1_000) * 3) % angles.length];
}
