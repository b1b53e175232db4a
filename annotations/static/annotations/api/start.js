// Shows the API's description as a page on which it can be tried out.

const place = document.querySelector("#reference");
const token = document.querySelector("#forgery-protection input").value;
const root = document.documentElement;
const night = matchMedia("(prefers-color-scheme: dark)");

// Swagger UI knows day and night by a class of its own.
const followTheme = () => {
  const { theme } = root.dataset;
  root.classList.toggle("dark-mode", theme === "dark" || (theme !== "light" && night.matches));
};

const protect = (request) => {
  if (!["GET", "HEAD"].includes((request.method ?? "GET").toUpperCase())) {
    request.headers["X-CSRFToken"] = token;
  }
  return request;
};

followTheme();
night.addEventListener("change", followTheme);
new MutationObserver(followTheme).observe(root, { attributeFilter: ["data-theme"] });

globalThis.SwaggerUIBundle({
  url: place.dataset.schema,
  domNode: place,
  layout: "BaseLayout",
  docExpansion: "list",
  defaultModelsExpandDepth: -1,
  deepLinking: true,
  requestInterceptor: protect,
  // Otherwise it would ask a server on the internet for a badge.
  validatorUrl: null,
});
