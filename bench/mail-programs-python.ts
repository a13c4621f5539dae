/** The ten programs of `mail-programs.ts` as a model writes them in Python, in the same order. */
export const PYTHON_SOURCES = [
  `def label(text):
    text = text.lower()
    words = ["free", "winner", "cash", "prize", "urgent", "click here", "limited time", "act now", "guarantee",
        "credit", "offer", "loan", "casino", "unsubscribe", "cheap", "discount", "earn", "income", "investment",
        "mortgage", "refinance", "lowest", "rates", "meds", "pills", "weight", "diet", "million"]
    found = 0
    for word in words:
        if word in text:
            found += 1
    return "spam" if found >= 2 else None
`,
  String.raw`import re
def label(text):
    found = 0
    if re.search(r"https?://[^\s<>\"]+", text, re.I):
        found += 1
    if re.search(r"\b\d{3}[-.\s]?\d{3}[-.\s]?\d{4}\b", text):
        found += 1
    if re.search(r"[$£€]\s?\d+(?:[.,]\d+)?", text):
        found += 1
    return "spam" if found >= 2 else "ham" if found == 0 else None
`,
  `def label(text):
    upper = 0
    letters = 0
    marks = 0
    for c in text:
        if "A" <= c <= "Z":
            upper += 1
            letters += 1
        elif "a" <= c <= "z":
            letters += 1
        elif c == "!":
            marks += 1
    if letters == 0:
        return None
    return "spam" if upper / letters > 0.4 or marks >= 3 else "ham" if marks == 0 else None
`,
  `import re
WEIGHTS = {"great": 2, "good": 1, "happy": 1, "bad": -1, "awful": -2, "free": -1, "money": -1, "buy": -1, "thanks": 2, "meeting": 2}
NOT = {"not", "no", "never", "don"}
def label(text):
    words = re.split(r"[^a-z0-9_]+", text.lower())
    score = 0
    for i in range(len(words)):
        weight = WEIGHTS.get(words[i])
        if weight is not None:
            score += -weight if i > 0 and words[i - 1] in NOT else weight
    return "ham" if score >= 2 else "spam" if score <= -2 else None
`,
  String.raw`import re
PHRASES = [r"click (here|below)", r"act now", r"limited time", r"100% free", r"no obligation", r"risk[- ]free",
    r"dear (friend|sir|customer)", r"make \$?\d+", r"work from home", r"money back", r"order now", r"call (now|today)",
    r"you have been selected", r"congratulations", r"apply now"]
def label(text):
    for phrase in PHRASES:
        if re.search(phrase, text, re.I):
            return "spam"
    return None
`,
  `import re
WORK = set("meeting project team lunch tomorrow family dinner attached report office patch kernel bug server perl python list wrote".split(" "))
TRADE = set("free credit loan cash prize winner offer deal buy cheap rates guarantee profit".split(" "))
def label(text):
    work = 0
    trade = 0
    for word in re.findall(r"[a-z']+", text.lower()):
        if word in WORK:
            work += 1
        elif word in TRADE:
            trade += 1
    return "ham" if work > trade + 1 else "spam" if trade > work + 1 else None
`,
  String.raw`import re
import math
EVIDENCE = [(r"free", 1.2), (r"\bwin(ner)?\b", 1.5), (r"\$\d+", 1.1), (r"!{2,}", 0.9), (r"urgent", 1.3), (r"credit", 0.7),
    (r"unsubscribe", 1), (r"pills", 3), (r"\bre:", -1.5), (r"wrote:", -2), (r">\s", -0.6), (r"thanks", -0.8), (r"regards", -0.5),
    (r"linux", -1.8), (r"patch", -1), (r"meeting", -0.9), (r"attached", -0.3), (r"http", 0.2)]
def label(text):
    logit = -0.3
    for pattern, weight in EVIDENCE:
        if re.search(pattern, text, re.I):
            logit += weight
    p = 1 / (1 + math.exp(-logit))
    return "spam" if p > 0.8 else "ham" if p < 0.25 else None
`,
  String.raw`import re
def label(text):
    lines = text.strip().split("\n")
    words = len(re.split(r"\s+", text))
    for line in lines:
        if line.startswith(">"):
            return "ham"
    if words < 4:
        return None
    if re.search(r"^[A-Z\s!]+$", lines[0]):
        return "spam"
    return "ham" if len(re.findall(r"\?", text)) > 0 and words < 30 else None
`,
  String.raw`import re
def label(text):
    chat = {"u", "ur", "lol", "gonna", "wanna", "ok", "hey", "yeah", "btw", "thx", "pls", "haha", "dunno"}
    found = 0
    for word in re.split(r"\s+", re.sub(r"[^a-z\s]", " ", text.lower())):
        if word in chat:
            found += 1
    return "ham" if found >= 1 else None
`,
  String.raw`import re
def label(text):
    rating = re.search(r"(\d+(?:\.\d+)?)\s*(?:/|out of)\s*(5|10|100)\b", text, re.I)
    if rating:
        return "ham" if float(rating.group(1)) / float(rating.group(2)) > 0.6 else "spam"
    return "spam" if re.search(r"[*★]{4}", text) else None
`,
];
