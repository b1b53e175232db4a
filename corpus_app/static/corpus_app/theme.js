// Light, dark, or as the system says: kept under the key that the Django admin uses too.
// A classic script in <head>, not a module: it has to run before the first paint.
"use strict";
{
  const KEY = "theme";
  const ORDER = ["auto", "light", "dark"];
  const LABELS = { auto: "Theme: as the system", light: "Theme: light", dark: "Theme: dark" };

  const kept = () => {
    try {
      const value = localStorage.getItem(KEY);
      return ORDER.includes(value) ? value : "auto";
    } catch {
      return "auto"; // storage is forbidden: the choice lasts as long as the page
    }
  };

  const show = (theme) => {
    document.documentElement.dataset.theme = theme;
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.hidden = false;
      button.textContent = LABELS[theme];
    }
  };

  const next = () => {
    const now = document.documentElement.dataset.theme;
    const theme = ORDER[(ORDER.indexOf(now) + 1) % ORDER.length];
    try {
      localStorage.setItem(KEY, theme);
    } catch {
      // shown all the same
    }
    show(theme);
  };

  show(kept());
  addEventListener("storage", (event) => event.key === KEY && show(kept()));
  addEventListener("DOMContentLoaded", () => {
    show(document.documentElement.dataset.theme);
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      button.addEventListener("click", next);
    }
  });
}
