/** Runs in the page's head, before anything is drawn, so that a reader of the light theme sees no dark flash. */
export const THEME_BOOT_SCRIPT = `try {
  for (const name of ["theme", "palette"]) {
    const stored = localStorage.getItem("quantflow." + name);
    if (stored) document.documentElement.dataset[name] = stored;
  }
} catch {}`;
