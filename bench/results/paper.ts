/** What the paper says that can be set beside our figures, and why they differ; numbers only from where they could be read. */
export const paper = `Numbers of the paper that could be read for this page are in its abstract and in its authors' account of it
([blog, 2025-02-28](https://sprocketlab.github.io/posts/2025/02/alchemist-automated-labeling)). The cells of its Tables 1, 3, 4 and 8 and of Figure 5 were not at hand
and are not cited.

| the paper | here |
| --- | --- |
| total labeling cost over its data sets falls by a factor of approximately 500 (abstract) | the column *ratio*: one task each, from below 1 on few short rows to tens on long ones |
| 7,569 rows labeled by GPT-4 would cost over $1,200, ten programs by GPT-4 $0.70: 1,700 times (blog) | a cheaper model at the list prices of this project's price table, and shorter rows: each row costs less, so programs are ahead by less |
| ten programs by GPT-3.5 beat its zero-shot prompting on five of eight text data sets, by 12.9 % on average (abstract, blog) | zero-shot accuracy only where a sample's replies are recorded; programs may be worse on a task, so each run says it: [verdict.md](verdict.md) |
| labels by Snorkel's label model, then a trained model that is tested on a split of its own (blog) | labels on all rows by \`auto\`, Snorkel's beside it; with \`endModel: linear\`: [end-model.md](end-model.md) |

Why ours differ: other data (of the paper's eight text sets YouTube, SMS and French are also among ours, in the form that the set's own folder has); another model
wrote the programs; prompts name no sample of the data, and give each program an angle of its own; programs are screened; rows without a label count as wrong here.`;
