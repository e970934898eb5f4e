// Keys inside cells, and only there: the next and the former cell, last month, as it was, sending.
"use strict";

const EntryKeys = ({ form, inputs, put, send }) => {
  const before = new WeakMap();
  const go = (input, step) => inputs[inputs.indexOf(input) + step]?.focus();

  const keys = {
    Enter: (input, event) => (event.ctrlKey || event.metaKey ? send() : go(input, event.shiftKey ? -1 : 1)),
    ArrowDown: (input) => go(input, 1),
    ArrowUp: (input) => go(input, -1),
    "=": (input) => {
      const { last } = input.dataset;
      if (last) put(input, EntryNumbers.print(Number(last)), { copied: true });
    },
    Escape: (input) => {
      const { text, copied } = before.get(input);
      put(input, text, { copied });
      input.select();
    },
  };

  for (const input of inputs) {
    input.addEventListener("focus", () => {
      before.set(input, { text: input.value, copied: "copied" in input.dataset });
      input.select();
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey) return;
      const plain = !event.ctrlKey && !event.metaKey;
      const step = event.key === "Enter" || plain ? keys[event.key] : undefined;
      if (!step) return;
      event.preventDefault();
      step(input, event);
    });
  }
  // A reason is one line of text: Enter in it saves it and does not send the form.
  form.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(".reason")) return;
    event.preventDefault();
    if (event.ctrlKey || event.metaKey) send();
    else event.target.dispatchEvent(new Event("change", { bubbles: true }));
  });
};
