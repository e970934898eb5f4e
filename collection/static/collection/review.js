// Reviewing by keys: j and k choose a report, Enter unfolds it, d passes it on, t returns it.
(() => {
  "use strict";

  const rows = [...document.querySelectorAll(".queue-row")];
  let chosen = -1;
  const choose = (index) => {
    if (!rows.length) return;
    rows[chosen]?.classList.remove("is-chosen");
    chosen = Math.max(0, Math.min(rows.length - 1, index));
    rows[chosen].classList.add("is-chosen");
    rows[chosen].querySelector("summary").focus();
  };

  const typing = (element) => element.closest("input, select, textarea, [contenteditable], dialog[open]");
  document.addEventListener("keydown", (event) => {
    if (document.body.dataset.keys === "off" || typing(event.target)) return;
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const row = rows[chosen];
    const steps = {
      j: () => choose(chosen + 1),
      k: () => choose(chosen - 1),
      d: () => row?.querySelector('[data-decide="pass"]')?.click(),
      t: () => {
        const summary = row?.querySelector('[data-decide="return"]');
        if (!summary) return;
        summary.parentElement.open = true;
        row.querySelector("textarea").focus();
      },
    };
    const step = steps[event.key.toLowerCase()];
    if (step) {
      event.preventDefault();
      step();
    }
  });

  document.addEventListener("click", (event) => {
    const reason = event.target.closest("[data-reason]");
    if (reason) {
      const why = reason.closest("form").querySelector("textarea");
      why.value = reason.dataset.reason;
      why.focus();
    }
  });

  // What can no longer be undone is no longer offered.
  for (const offer of document.querySelectorAll(".undo[data-seconds]")) {
    setTimeout(() => offer.remove(), Number(offer.dataset.seconds) * 1000);
  }
})();
