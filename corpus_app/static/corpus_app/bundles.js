// Which files are sent together, and which files stand behind what was dropped.

const MOST_FILES = 100;
const MOST_BYTES = 4 * 1024 * 1024;
const NAME_BYTES = 2048; // what a file's name and the parts around it take of a request

/**
 * Files `{ file, path }` in bundles that can be sent in one request each, and those that are larger
 * than `limit` bytes by themselves. A bundle has many small files or one large one.
 */
export function bundles(files, limit) {
  const large = files.filter(({ file }) => file.size + NAME_BYTES > limit);
  const fit = [];
  let size = 0;
  for (const one of files) {
    const bytes = one.file.size + NAME_BYTES;
    if (bytes > limit) continue;
    const last = fit.at(-1);
    if (last && last.length < MOST_FILES && size + bytes <= Math.min(MOST_BYTES, limit)) {
      last.push(one);
      size += bytes;
    } else {
      fit.push([one]);
      size = bytes;
    }
  }
  return { fit, large };
}

/** The files that were dropped, those in dropped folders included, as `{ file, path }`. */
export async function filesOf(transfer) {
  const items = [...transfer.items].filter((item) => item.kind === "file");
  const dropped = items.map((item) => item.webkitGetAsEntry?.() ?? item.getAsFile());
  const found = [];
  for (const one of dropped) {
    if (one instanceof File) found.push({ file: one, path: one.name });
    else await collect(one, found);
  }
  return found;
}

async function collect(entry, found) {
  if (entry.isFile) {
    const file = await new Promise((resolve, reject) => entry.file(resolve, reject));
    found.push({ file, path: entry.fullPath.replace(/^\//, "") });
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    // A reader gives a hundred entries at a time, and none at the end.
    const inside = await new Promise((resolve, reject) => reader.readEntries(resolve, reject));
    if (!inside.length) return;
    for (const one of inside) await collect(one, found);
  }
}
