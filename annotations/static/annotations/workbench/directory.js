/** Actors that the page does not carry, where there are too many names: asked of the server. */

/**
 * The codebook, with { askActors, findActors, meet }. `askActors(words)` is there only if the
 * page carries part of the registry; once it is fulfilled, `findActors` knows what fits.
 */
export function makeDirectory(codebook, { ask, project }) {
  const answers = new Map(); // from the words asked to the actors that fit, best first

  async function askActors(words) {
    if (answers.has(words)) return;
    const query = new URLSearchParams({ project, q: words });
    const answer = await fetch(`/api/v1/actors/suggest/?${query}`, {
      headers: { Accept: "application/json" },
    }).catch(() => null);
    if (!answer) throw new Error("Offline: only actors already used in this article are offered.");
    if (!answer.ok) throw new Error("The list of actors could not be read. Type on to ask again.");
    answers.set(words, (await answer.json()).map(codebook.know));
  }

  function findActors(words) {
    const here = codebook.findActors(words);
    const asked = answers.get(words) ?? [];
    return [...asked, ...here.filter((actor) => !asked.includes(actor))];
  }

  /** Take up actors and tags of an annotation that came from elsewhere: they have a name then. */
  function meet(annotation) {
    for (const coding of annotation?.codings ?? []) codebook.knowTag(coding);
    for (const { actor, name, standing } of annotation?.participants ?? []) {
      if (actor) codebook.know({ id: actor, name, retired: Boolean(standing) });
    }
  }

  return { ...codebook, findActors, meet, askActors: ask ? askActors : undefined };
}
