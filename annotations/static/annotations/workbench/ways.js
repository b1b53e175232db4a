/** Ways through a long text: find and outline, read from the server once they are asked for. */

/** The commands find and outline, and whatever is open told of what happens. */
export function makeWays(desk) {
  const asked = new Map(); // name → the promise of what was made
  const made = new Map();

  async function open(name, load) {
    if (!asked.has(name)) asked.set(name, load().then((make) => made.set(name, make(desk))));
    try {
      await asked.get(name);
    } catch {
      asked.delete(name);
      return desk.said("Not opened: the server is out of reach. Nothing is lost; try again in a moment.");
    }
    return made.get(name).open();
  }

  const tell = (event) => (...what) => {
    for (const one of made.values()) one[event]?.(...what);
  };

  return {
    commands: {
      find: () => open("find", async () => (await import("./find.js")).makeFind),
      outline: () => open("outline", async () => (await import("./outline.js")).makeOutline),
    },
    changed: tell("changed"),
    moved: tell("moved"),
  };
}
