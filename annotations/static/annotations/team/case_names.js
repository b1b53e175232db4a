/** Names of actors as one types them, from the project's list. */

const PAUSE = 150; // milliseconds without a key

export function suggest(form) {
  const list = document.querySelector("#actors");
  const own = Array.from(list.children);
  let waiting;
  form.addEventListener("input", ({ target }) => {
    if (!target.matches("[data-actor]")) return;
    clearTimeout(waiting);
    waiting = setTimeout(() => offer(target.value), PAUSE);
  });

  async function offer(typed) {
    if (!typed.trim()) return list.replaceChildren(...own);
    const query = new URLSearchParams({ project: form.dataset.project, q: typed });
    const answer = await fetch(`/api/v1/actors/suggest/?${query}`).catch(() => null);
    if (!answer?.ok) return undefined;
    const names = (await answer.json()).map(({ name }) => new Option(name, name));
    return list.replaceChildren(...names, ...own);
  }
}
