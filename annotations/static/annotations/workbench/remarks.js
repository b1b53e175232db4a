/**
 * What is in the words of a comment: whom they name, and where a name is being written. Names are
 * user names behind an @. Values in, values out; places are UTF-16, as a text field counts.
 */

const NAME = /@([\p{L}\p{N}_.+@-]+)/gu;
const WRITING = /(?:^|[^\p{L}\p{N}_.+@-])@([\p{L}\p{N}_.+@-]*)$/u;

/** The name that is being written before a place: { start, words }, or null. */
export function nameAt(text, place) {
  const words = WRITING.exec(text.slice(0, place))?.[1];
  return words === undefined ? null : { start: place - words.length - 1, words };
}

/** The text with this user name for what was begun at `start`, and the place behind it. */
export function withName(text, { start, place, name }) {
  const rest = text.slice(place);
  const blank = /^\s/u.test(rest) ? "" : " ";
  const before = `${text.slice(0, start)}@${name}${blank}`;
  return { text: before + rest, place: before.length + (blank ? 0 : 1) };
}

/** The text in pieces { text, name? }: those with the user name of one of `names` name her. */
export function inPieces(text, names) {
  const known = new Map(names.map((name) => [name.toLowerCase(), name]));
  const pieces = [];
  let done = 0;
  for (const { 0: found, 1: words, index } of text.matchAll(NAME)) {
    const isInWord = /[\p{L}\p{N}_.+@-]$/u.test(text.slice(0, index));
    const name = isInWord ? undefined : longest(words, known);
    if (!name) continue;
    const end = index + found.length - (words.length - name.length);
    pieces.push({ text: text.slice(done, index) }, { text: text.slice(index, end), name });
    done = end;
  }
  return [...pieces, { text: text.slice(done) }].filter((piece) => piece.text);
}

/** The user names among `names` that the text names, each once and in order. */
export function namedIn(text, names) {
  const found = inPieces(text, names).flatMap(({ name }) => name ?? []);
  return [...new Set(found)].sort();
}

/** How many comments there are, in words; nothing where there is none. */
export function countInWords(number) {
  if (!number) return "";
  return number === 1 ? "1 comment" : `${number} comments`;
}

/** The known name that these words are, without the stops behind it. */
function longest(words, known) {
  for (let rest = words; rest; rest = rest.slice(0, -1)) {
    const name = known.get(rest.toLowerCase());
    if (name) return name;
    if (!/[.+@-]$/u.test(rest)) return undefined;
  }
  return undefined;
}
