// What the frame adds where scripts run: menus that close, single keys, and focus after a swap.
(() => {
  "use strict";

  const closeMenus = (except) => {
    for (const menu of document.querySelectorAll("details.me[open]")) {
      if (menu !== except) menu.open = false;
    }
  };
  document.addEventListener("click", (event) => closeMenus(event.target.closest("details.me")));

  // A control with data-key="p" answers to that key, unless the reader switched single keys off.
  const typing = (element) => element.closest("input, select, textarea, [contenteditable], dialog[open]");
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") {
      const menu = document.querySelector("details.me[open]");
      closeMenus();
      menu?.querySelector("summary").focus();
    }
    if (document.body.dataset.keys === "off") return;
    if (event.ctrlKey || event.altKey || event.metaKey || typing(event.target)) return;
    const key = event.key.toLowerCase();
    const control = [...document.querySelectorAll("[data-key]")].find((one) => one.dataset.key === key);
    if (control) {
      event.preventDefault();
      control.click();
    }
  });

  for (const button of document.querySelectorAll("[data-print]")) {
    button.addEventListener("click", () => window.print());
  }

  // Counts kept on the device for want of a line are one person's: signing out takes them along,
  // and copies of reports with them. Copies of somebody else go with whatever page is opened.
  const signOut = document.querySelector("[data-sign-out]");
  const dropCopies = async (except) => {
    for (const name of await caches.keys()) {
      if (name.startsWith("entry:") && name !== except) await caches.delete(name);
    }
  };
  if ("caches" in window) dropCopies(signOut && `entry:${signOut.dataset.kept}`).catch(() => {});
  signOut?.addEventListener("submit", (event) => {
    const mine = Object.keys(localStorage).filter((key) => key.startsWith(signOut.dataset.kept));
    if (mine.length && !confirm(signOut.dataset.signOut)) return event.preventDefault();
    for (const key of mine) localStorage.removeItem(key);
    if (!("caches" in window)) return;
    event.preventDefault();
    dropCopies(null)
      .catch(() => {})
      .finally(() => signOut.submit());
  });

  // A fragment that does not come leaves the page as it is, dimmed, and says so.
  const unloaded = document.getElementById("unloaded");
  let again = null;
  const failed = (event) => {
    again = event.detail.elt;
    event.detail.target?.classList.add("is-stale");
    unloaded.hidden = false;
  };
  document.addEventListener("htmx:responseError", failed);
  document.addEventListener("htmx:sendError", failed);
  document.addEventListener("htmx:afterSwap", () => {
    unloaded.hidden = true;
    for (const stale of document.querySelectorAll(".is-stale")) stale.classList.remove("is-stale");
  });
  document.querySelector("[data-again]").addEventListener("click", () => {
    if (again?.isConnected) again.click();
    else location.reload();
  });

  // When the control that was used is gone after a swap, its region's heading takes the focus.
  document.addEventListener("htmx:afterSettle", (event) => {
    if (document.activeElement !== document.body) return;
    const heading = event.target.querySelector?.("h1, h2");
    if (heading) {
      heading.tabIndex = -1;
      heading.focus();
    }
  });
})();
