/** Which words differ between two texts: values in, values out. */

const MOST = 250_000; // pairs of words to compare; beyond that the texts are told apart as a whole

/** The texts as one: a list of [kind, text], where kind is "same", "gone" or "new". */
export function differing(before, after) {
  const [old, now] = [before, after].map(tokens);
  const head = countAlike(old, now, (all, nth) => all[nth]);
  const [oldRest, nowRest] = [old.slice(head), now.slice(head)];
  const tail = countAlike(oldRest, nowRest, (all, nth) => all[all.length - 1 - nth]);
  const middle = between(
    oldRest.slice(0, oldRest.length - tail), nowRest.slice(0, nowRest.length - tail),
  );
  return joined([
    ...old.slice(0, head).map((token) => ["same", token]), ...middle,
    ...old.slice(old.length - tail).map((token) => ["same", token]),
  ]);
}

/** Words with the blanks after them, and single marks. */
function tokens(text) {
  return text.match(/[\p{L}\p{M}\p{N}]+\s*|[^\p{L}\p{M}\p{N}]\s*/gu) ?? [];
}

function countAlike(one, other, at) {
  const most = Math.min(one.length, other.length);
  let count = 0;
  while (count < most && at(one, count) === at(other, count)) count += 1;
  return count;
}

/** Words that are in both, in their order, and those that are only in one. */
function between(old, now) {
  const whole = [...old.map((token) => ["gone", token]), ...now.map((token) => ["new", token])];
  if (!old.length || !now.length || old.length * now.length > MOST) return whole;
  const longest = lengths(old, now);
  const found = [];
  let [left, right] = [0, 0];
  while (left < old.length && right < now.length) {
    if (old[left] === now[right]) {
      found.push(["same", old[left]]);
      left += 1;
      right += 1;
    } else if (longest[left + 1][right] >= longest[left][right + 1]) {
      found.push(["gone", old[left]]);
      left += 1;
    } else {
      found.push(["new", now[right]]);
      right += 1;
    }
  }
  return [
    ...found, ...old.slice(left).map((token) => ["gone", token]),
    ...now.slice(right).map((token) => ["new", token]),
  ];
}

/** How many words the rests from each place have in common, in their order. */
function lengths(old, now) {
  const table = Array.from({ length: old.length + 1 }, () => new Uint16Array(now.length + 1));
  for (let left = old.length - 1; left >= 0; left -= 1) {
    for (let right = now.length - 1; right >= 0; right -= 1) {
      table[left][right] = old[left] === now[right]
        ? table[left + 1][right + 1] + 1
        : Math.max(table[left + 1][right], table[left][right + 1]);
    }
  }
  return table;
}

/** The same with neighbours of one kind put together; between two gaps, what goes comes first. */
function joined(found) {
  const pieces = [];
  let gap = { gone: "", new: "" };
  const close = () => {
    for (const kind of ["gone", "new"]) if (gap[kind]) pieces.push([kind, gap[kind]]);
    gap = { gone: "", new: "" };
  };
  for (const [kind, text] of found) {
    if (kind !== "same") {
      gap[kind] += text;
    } else if (pieces.at(-1)?.[0] === "same" && !gap.gone && !gap.new) {
      pieces.at(-1)[1] += text;
    } else {
      close();
      pieces.push(["same", text]);
    }
  }
  close();
  return pieces;
}
