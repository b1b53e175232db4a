/** What is known of the article: fields that take a line, and say from which they have it. */

/** The fields as { keyed, take, set, value, forget }; `ask(role, text)` reads a line. */
export function createFields(form, ask) {
  const places = new Map(
    [...form.querySelectorAll("[data-field]")].map((place) => [place.dataset.field, place]),
  );
  const input = (name) => form.elements[name];

  function origin(name, number) {
    const told = places.get(name)?.querySelector("[data-origin]");
    if (!told) return;
    told.hidden = !number;
    const link = told.querySelector("a");
    link.href = `#line-${number}`;
    link.textContent = `line ${number}`;
  }

  for (const [name] of places) input(name).addEventListener("input", () => origin(name, 0));

  return {
    origin,
    /** The field that a key takes a line for, as { name, role }, or null. */
    keyed(key) {
      for (const [name, place] of places) {
        if (place.dataset.key === key) return { name, role: place.dataset.takes };
      }
      return null;
    },
    set: (name, value) => { input(name).value = value; },
    /** Puts what the line says into the field: { name, from, to }, or null if it says nothing. */
    async take(name, role, row) {
      const said = (await ask(role, row.text))[name];
      if (!said) return null;
      const from = input(name).value;
      const to = name === "authors" && from && !from.split("\n").includes(said)
        ? `${from}\n${said}` : said;
      input(name).value = to;
      origin(name, row.number);
      return { name, from, to };
    },
  };
}
