// Pasting from a spreadsheet: a column fills downwards, a block with labels finds its cells.
"use strict";

const EntryPaste = ({ inputs, put, done, word, counted, make }) => {
  const bare = (text) =>
    text
      .normalize("NFD")
      .replace(/\p{M}/gu, "")
      .toLowerCase()
      .replace(/đ/g, "d")
      .replace(/[^a-z0-9]+/g, " ")
      .trim();
  const named = new Map();
  for (const input of inputs) {
    named.set(bare(input.labels[0].textContent), input);
    named.set(bare(input.dataset.indicator), input);
  }

  const table = (text) => {
    const lines = text.replace(/\r\n?/g, "\n").replace(/\n+$/, "").split("\n");
    return lines.map((line) => line.split("\t").map((part) => part.trim()));
  };

  // A blank line of a column leaves its cell as it is.
  const fillDown = (rows, from) => {
    const below = inputs.slice(inputs.indexOf(from));
    let filled = 0;
    rows.forEach(([text], index) => {
      if (!text || !below[index]) return;
      put(below[index], text);
      filled += 1;
    });
    const over = rows.slice(below.length).filter(([text]) => text).length;
    done(counted("pasted", filled) + (over ? ` ${counted("left-over", over)}` : ""));
  };

  // Which cell a line means, by code before label; the number is its last part that is neither.
  const meant = (parts) => {
    const hits = parts.map((part) => named.get(bare(part)));
    const at = hits.findIndex(Boolean);
    const rest = parts.filter((part, index) => part && !hits[index]);
    return { label: parts[at] ?? parts.find(Boolean) ?? "", input: hits[at], text: rest.at(-1) ?? "" };
  };

  const block = (rows) => {
    const lines = rows.map(meant).filter((line) => line.text);
    const taken = new Set();
    for (const line of lines) {
      if (taken.has(line.input)) line.input = undefined;
      else if (line.input) taken.add(line.input);
    }
    if (lines.every((line) => line.input)) fill(lines);
    else preview(lines);
  };
  const fill = (lines) => {
    for (const line of lines) put(line.input, line.text);
    done(counted("pasted", lines.length));
  };

  // --- what does not match is asked about --------------------------------------------------------

  const dialog = document.getElementById("paste-preview");
  let shown = [];
  const preview = (lines) => {
    shown = lines;
    const body = dialog.querySelector("tbody");
    body.replaceChildren(...lines.map(line));
    dialog.showModal();
  };
  const line = ({ label, input, text }, index) => {
    const row = make("tr", input ? {} : { class: "unmatched" });
    const name = make("th", { scope: "row", id: `pasted-${index}` }, label);
    const chosen = make("select", { "aria-labelledby": `pasted-${index}`, "data-pasted": index });
    chosen.append(make("option", { value: "" }, word("skip")));
    for (const one of inputs) {
      chosen.append(make("option", { value: one.id }, one.labels[0].textContent));
    }
    chosen.value = input?.id ?? "";
    const place = make("td");
    place.append(chosen);
    row.append(name, make("td", { class: "number" }, text), place);
    return row;
  };
  dialog.addEventListener("close", () => {
    if (dialog.returnValue !== "put") return;
    dialog.returnValue = "";
    const lines = [...dialog.querySelectorAll("select")]
      .filter((chosen) => chosen.value)
      .map((chosen) => ({
        input: document.getElementById(chosen.value),
        text: shown[Number(chosen.dataset.pasted)].text,
      }));
    fill(lines);
  });

  return (event) => {
    const rows = table(event.clipboardData.getData("text/plain"));
    const columns = Math.max(...rows.map((parts) => parts.length));
    if (rows.length === 1 && columns === 1) return;
    event.preventDefault();
    if (columns === 1) fillDown(rows, event.target);
    else block(rows);
  };
};
