/** What lines become when they are stored: the twin of `text.compose`. */

export const KINDS = {
  title: "title", heading: "heading", body: "body", caption: "caption", bio: "bio", provenance: "note",
};

/**
 * Kind and text of every passage, of lines { text, role, paragraph } in order: the kept lines of
 * one paragraph that have one role are one passage.
 */
export function passagesOf(lines) {
  const found = [];
  let last = null;
  for (const { text, role, paragraph } of lines) {
    if (!(role in KINDS)) {
      last = null;
    } else if (last && last.paragraph === paragraph && last.role === role) {
      last.passage.text += ` ${text.trim()}`;
    } else {
      last = { paragraph, role, passage: { kind: KINDS[role], text: text.trim() } };
      found.push(last.passage);
    }
  }
  return found;
}
