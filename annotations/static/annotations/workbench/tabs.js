/** The person's other tabs and columns: they are told what was changed here, and tell of theirs. */

/**
 * The line { tell, reload } between them. `tell(message, article)` sends; `reload` reads the
 * changes that this device keeps for the article again, unless one is being made meanwhile.
 */
export function makeTabs({ me, article, state, draft, codebook }) {
  const line = new BroadcastChannel(`crossread ${me}`);

  line.onmessage = async ({ data: message }) => {
    if (message.article !== article) return;
    if (message.change ?? message.saved) state.note(message.change ?? message.saved);
    if (message.dropped) state.drop(message.dropped);
    if (message.annotation) {
      codebook.meet(message.annotation);
      state.receive(message.annotation, message.saved);
    }
    await reload();
  };

  async function reload() {
    const before = state.changes();
    const kept = (await draft.all()).filter((change) => change.article === article);
    if (before === state.changes()) state.load(kept);
    else await reload();
  }

  return {
    tell: (message, of = article) => line.postMessage({ ...message, article: of }),
    reload,
  };
}
