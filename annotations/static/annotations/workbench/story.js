/** The way from an article to the others of its story. */

/** The part of a desk that leads there, if there are others and the page is its own. */
export function makeStory({ data: { story }, isAlone }) {
  if (!isAlone || !story) return {};
  return { commands: { "side-by-side": () => location.assign(story.beside) } };
}
