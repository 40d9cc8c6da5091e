/* global document, localStorage */

// Runs before the first paint, so that a chosen theme never flashes the other one. A file of its own because the
// Content-Security-Policy allows no inline script. core/appearance.ts writes what is read here.
(function () {
  try {
    var chosen = JSON.parse(localStorage.getItem('clawtank.appearance') || '{}');
    if (chosen.theme === 'light' || chosen.theme === 'dark') {
      document.documentElement.dataset.theme = chosen.theme;
    }
    if (chosen.density === 'compact') {
      document.documentElement.dataset.density = 'compact';
    }
  } catch {
    // Storage is blocked or holds nonsense: the system's theme it is.
  }
})();

// The Content-Security-Policy allows no eval. Told so before any module is loaded, zod does not even try.
globalThis.__zod_globalConfig = { jitless: true };
