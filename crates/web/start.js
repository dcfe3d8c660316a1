// Starts the app, and says so while it takes a moment or when it fails.
// The names of the files carry hashes; trunk writes them into the preload links of the page.

// The theme that was chosen, before anything is drawn; state/theme.rs remembers it.
try {
  const theme = localStorage.getItem("theme");
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
} catch {
  // The browser forbids to remember anything: the theme is the system's.
}

const show = (state) => {
  for (const element of document.querySelectorAll("[data-boot]")) {
    element.hidden = element.dataset.boot !== state;
  }
};

show("starting");
try {
  const script = document.querySelector('link[rel="modulepreload"]');
  const wasm = document.querySelector('link[rel="preload"][type="application/wasm"]');
  const { default: init } = await import(script.href);
  await init({ module_or_path: wasm.href });
} catch (error) {
  show("failed");
  throw error;
}
