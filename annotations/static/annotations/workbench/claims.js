/** Claims as others speak of them: those of this page, and those elsewhere that it was told of. */

/**
 * The claims { about, learn }. `about(id)` gives { quote, here, removed, article?, title?, line? },
 * or null for one that the person may not see, or not yet. `linked` are the page's [article, title,
 * quote, whether removed] by id; `learn` adds one that a search found.
 */
export function makeClaims({ state, text, labels, linked = {} }) {
  const known = new Map(Object.entries(linked));

  function about(id) {
    const annotation = state.get(id);
    if (annotation?.content) {
      const { content } = annotation;
      return { quote: text.short(content.spans, 90), line: labels.line(content), here: true, removed: false };
    }
    const [article, title, quote, removed] = known.get(id) ?? [];
    if (article) return { quote, article, title, here: false, removed: Boolean(removed) };
    const stray = state.stray(id);
    if (stray) return { quote: stray.quotes.join(" … "), here: false, removed: false };
    return annotation ? { quote: "", here: false, removed: true } : null;
  }

  function learn({ id, article, title, quote }) {
    known.set(id, [article, title, quote, 0]);
  }

  return { about, learn };
}
