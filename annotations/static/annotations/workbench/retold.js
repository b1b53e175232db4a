/** What the page knows of other articles' like passages, and the words in which it is told. */

const PHRASES = {
  passage: {
    earlier: { same: "also in", other: "also, with changes, in" },
    later: { same: "taken over by", other: "taken over, with changes, by" },
  },
  quotation: {
    earlier: {
      same: "the same quotation in", shorter: "quotation cut here; longer in",
      longer: "quotation longer here than in", changed: "quotation changed; otherwise in",
    },
    later: {
      same: "quoted alike in", shorter: "quotation cut in", longer: "quotation longer in",
      changed: "quotation changed in",
    },
  },
};

/** The page's packed rows as objects; `days` is how long after this article the other came. */
export function unpackRetold({ articles, rows }) {
  return rows.map(([passage, earlier, kind, start, end, fate, nth, otherPassage, places, changes]) => {
    const [article, title, outlet, days] = articles[nth];
    return {
      passage, isEarlier: Boolean(earlier), isQuotation: kind === "quotation", kind, start, end, fate,
      article, title, outlet, days, otherPassage, places, changes,
    };
  });
}

/** { before, after }: the words before and after the other article's title. */
export function label({ kind, isEarlier, fate, days }) {
  const phrases = PHRASES[kind][isEarlier ? "earlier" : "later"];
  return { before: phrases[fate] ?? phrases.other, after: when(days, isEarlier) };
}

/** ", 2 days earlier" and the like; long times are rounded. */
export function when(days, isEarlier) {
  const word = isEarlier ? "earlier" : "later";
  if (days === null) return `, ${word}`;
  if (days === 0) return ", the same day";
  const count = Math.abs(days);
  if (count >= 730) return `, ${Math.round(count / 365.25)} years ${word}`;
  if (count >= 60) return `, ${Math.round(count / 30.4)} months ${word}`;
  return `, ${count} ${count === 1 ? "day" : "days"} ${word}`;
}

/** Where the other article has the passage. */
export function addressOf({ article, otherPassage }) {
  return `/articles/${article}/#passage-${otherPassage}`;
}
