// A number's origin opens over the page: links with data-panel are fetched into the dialog.
// Without scripts they lead to the same text as a page of its own.
(() => {
  "use strict";

  const dialog = document.getElementById("panel");
  const body = document.getElementById("panel-body");
  if (!dialog || !window.htmx) return;

  document.addEventListener("click", (event) => {
    const plain = !(event.ctrlKey || event.metaKey || event.shiftKey || event.button);
    const link = event.target.closest("a[data-panel]");
    if (link && plain) {
      event.preventDefault();
      window.htmx.ajax("GET", link.href, { target: body, source: link, swap: "innerHTML" });
    } else if (event.target === dialog || event.target.closest("[data-close]")) {
      event.preventDefault();
      dialog.close();
    }
  });

  body.addEventListener("htmx:afterSwap", () => {
    if (!dialog.open) dialog.showModal();
    dialog.scrollTop = 0;
  });

  // What could not be fetched is opened as a page, which says why.
  document.addEventListener("htmx:responseError", (event) => {
    const link = event.detail.elt.closest?.("a[data-panel]");
    if (link) window.location.assign(link.href);
  });
})();
