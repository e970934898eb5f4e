// A report that is opened again without a line: kept by entry_worker.js, and said to be a copy.
"use strict";

(() => {
  const { copiedAt } = document.getElementById("sheet").dataset;
  const note = document.getElementById("copy-note");
  if (copiedAt) {
    const at = new Date(copiedAt).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", timeZone: note.dataset.zone });
    note.firstElementChild.textContent = note.dataset.copy.replace("{at}", at);
    note.hidden = false;
  }

  const workers = navigator.serviceWorker;
  if (!workers) return;
  const alone = !workers.controller;
  workers.register(note.dataset.worker);
  if (!alone) return;
  workers.ready.then((registration) => {
    const parts = performance.getEntriesByType("resource").map((entry) => entry.name);
    const page = location.href.split("#")[0];
    registration.active.postMessage({ page, parts: parts.filter((url) => url.startsWith(location.origin)) });
  });
})();
