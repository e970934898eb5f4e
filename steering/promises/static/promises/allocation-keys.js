// Keys inside cells, and only there; pasting a column, or names with numbers, from a spreadsheet.
"use strict";

const AllocationKeys = ({ inputs, put, undo, go }) => {
  const before = new WeakMap();
  const keys = {
    Enter: (input, event) => go(input, event.shiftKey ? -1 : 1),
    ArrowDown: (input) => go(input, 1),
    ArrowUp: (input) => go(input, -1),
    Escape: (input) => {
      put(input, before.get(input));
      input.select();
    },
  };
  for (const input of inputs) {
    input.addEventListener("focus", () => {
      before.set(input, input.value);
      input.select();
    });
    input.addEventListener("keydown", (event) => {
      if (event.isComposing || event.altKey) return;
      const control = event.ctrlKey || event.metaKey;
      // What was typed in this cell and not left yet, the field itself undoes.
      if (control && event.key.toLowerCase() === "z" && input.value === input.dataset.text) {
        event.preventDefault();
        undo();
        return;
      }
      if (control || !keys[event.key]) return;
      event.preventDefault();
      keys[event.key](input, event);
    });
  }
};

const AllocationPaste = ({ inputs, fill, unmatched }) => {
  const bare = (text) =>
    text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase().replace(/đ/g, "d").replace(/[^a-z0-9]+/g, " ").trim();
  const named = new Map();
  for (const input of inputs) {
    named.set(bare(input.labels[0].textContent), input);
    named.set(input.dataset.unit, input);
  }
  const lines = (text) =>
    text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n").map((line) => line.split("\t").map((part) => part.trim()));

  return (event) => {
    const rows = lines(event.clipboardData.getData("text"));
    if (rows.length === 1 && rows[0].length === 1) return;
    event.preventDefault();
    if (rows.every((row) => row.length === 1)) {
      const from = inputs.indexOf(event.target);
      // A blank line of a column leaves its cell as it is.
      fill(rows.map(([text], at) => [inputs[from + at], text]).filter(([input, text]) => input && text));
      return;
    }
    const found = [];
    const strange = [];
    for (const parts of rows.filter((row) => row.some(Boolean))) {
      const at = parts.findIndex((part) => named.has(bare(part)));
      const text = parts.filter((part, index) => part && index !== at).at(-1) ?? "";
      if (at < 0) strange.push(parts.find(Boolean));
      else if (text) found.push([named.get(bare(parts[at])), text]);
    }
    if (strange.length) unmatched(strange);
    else fill(found);
  };
};
