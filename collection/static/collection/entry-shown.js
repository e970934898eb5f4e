// What the page says about cells: errors, questions of rules, conflicts, and the summary of them.
// The document is the state: what the server printed and what a script adds have the same form.
"use strict";

const EntryShown = (sheet) => {
  const words = document.getElementById("entry-words").content;
  const word = (name, values = {}) =>
    words
      .querySelector(`[data-word="${name}"]`)
      .textContent.replace(/\{(\w+)\}/g, (_whole, key) => values[key] ?? "");
  const counted = (name, number) => word(`${name}-${number === 1 ? "one" : "many"}`, { number });

  const make = (tag, attributes = {}, text = "") => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };

  // A row may hold the field of a reason too, and that one comes first.
  const cellOf = (row) => row.querySelector("input[data-indicator]");
  const rowOf = (code) => sheet.querySelector(`[data-row="${CSS.escape(code)}"]`);
  const elsewhere = document.getElementById("elsewhere-card");

  const mark = (row) => {
    if (!row) return;
    const wrong = row.querySelector("[data-conflict], [data-error], .question .wrong");
    row.classList.toggle("is-wrong", Boolean(wrong));
    row.classList.toggle("is-asked", !wrong && Boolean(row.querySelector(".question .reason")));
    cellOf(row).setAttribute("aria-invalid", wrong ? "true" : "false");
  };

  const error = (code, message) => {
    const messages = document.getElementById(`message-${code}`);
    const shown = messages.querySelector("[data-error]");
    if (!message) shown?.remove();
    else if (shown) shown.textContent = message;
    else messages.prepend(make("p", { class: "wrong", "data-error": "" }, message));
    mark(rowOf(code));
  };

  // --- what rules find ---------------------------------------------------------------------------

  const reason = (finding) => {
    const id = `explanation-${finding.rule}`;
    const named = rowOf(finding.indicator)?.querySelector("label").textContent;
    const indicator = named ?? finding.indicator;
    const label = make("label", { class: "visually-hidden", for: id }, word("reason-of", { indicator }));
    const field = make("input", {
      class: "reason",
      name: id,
      id,
      placeholder: word("reason"),
      maxlength: "2000",
      autocomplete: "off",
    });
    field.value = finding.explanation;
    return [label, field];
  };

  const question = (finding) => {
    const block = make("div", { class: "question", "data-rule": finding.rule });
    block.append(make("p", { class: finding.severity === "block" ? "wrong" : "asks" }, finding.message));
    if (finding.severity === "explain") block.append(...reason(finding));
    return block;
  };

  // A question that still stands keeps its field, and whoever types the answer keeps the focus.
  // An answer to what a rule no longer finds is taken out of the field only when it was sent.
  const questions = (findings, waits) => {
    const found = new Map(findings.map((finding) => [finding.rule, finding]));
    const empty = new Set(
      [...sheet.querySelectorAll("[data-row]")]
        .filter((row) => EntryNumbers.read(cellOf(row).value) === null)
        .map((row) => row.dataset.row),
    );
    for (const shown of [...sheet.querySelectorAll(".question")]) {
      const finding = found.get(shown.dataset.rule);
      if (!finding) {
        shown.remove();
        continue;
      }
      const message = shown.querySelector("p");
      if (message.textContent !== finding.message) message.textContent = finding.message;
      const field = shown.querySelector(".reason");
      if (field && field !== document.activeElement && !waits(finding.rule)) field.value = finding.explanation;
      found.delete(finding.rule);
    }
    for (const finding of found.values()) {
      const cell = document.getElementById(`message-${finding.indicator}`);
      if (!cell || !empty.has(finding.indicator)) (cell ?? elsewhere).append(question(finding));
    }
    elsewhere.hidden = !elsewhere.querySelector(".question");
    for (const row of sheet.querySelectorAll("[data-row]")) mark(row);
  };

  // --- somebody else's number --------------------------------------------------------------------

  const moment = (at) => {
    if (!at) return "–";
    const [, year, month, day, time] = at.match(/^(\d+)-(\d+)-(\d+)T(\d+:\d+)/);
    return `${time} ${day}/${month}/${year}`;
  };

  const noConflict = (code) => {
    document.querySelector(`#message-${CSS.escape(code)} [data-conflict]`)?.remove();
    mark(rowOf(code));
  };

  // Both values, who and when; nothing is written until one is chosen.
  const conflict = (code, own, other, choose) => {
    noConflict(code);
    const said = word("conflict", {
      text: other.text || word("blank"),
      by: other.by ?? "–",
      at: moment(other.at),
      own: own || word("blank"),
    });
    const block = make("div", { class: "conflict", "data-conflict": "", role: "alert" });
    block.append(make("p", { class: "wrong" }, said), choices(own, other.text, choose));
    document.getElementById(`message-${code}`).prepend(block);
    mark(rowOf(code));
  };

  // The conflict that the server printed, with the choice added.
  const adopt = (row, own, theirs, choose) => {
    const said = row.querySelector("p[data-conflict]");
    const block = make("div", { class: "conflict", "data-conflict": "" });
    said.replaceWith(block);
    delete said.dataset.conflict;
    block.append(said, choices(own, theirs, choose));
  };

  const choices = (own, theirs, choose) => {
    const keep = make("button", { type: "button", class: "button", "data-keep": "" });
    keep.textContent = word("keep-mine", { text: own || word("blank") });
    keep.addEventListener("click", () => choose("mine"));
    const take = make("button", { type: "button", class: "button", "data-take": "" });
    take.textContent = word("take-theirs", { text: theirs || word("blank") });
    take.addEventListener("click", () => choose("theirs"));
    const both = make("div", { class: "conflict-choice" });
    both.append(keep, take);
    return both;
  };

  const copied = (code, is) => {
    const name = rowOf(code).querySelector(".name");
    const chip = name.querySelector("[data-copied]");
    if (!is) chip?.remove();
    else if (!chip) name.querySelector("label").after(" ", make("span", { class: "chip", "data-copied": "" }, word("copied")));
  };

  // --- the summary -------------------------------------------------------------------------------

  const summary = document.getElementById("faults");
  let asked = summary.hasAttribute("data-asked");

  const ofRow = (row) => {
    const field = `cell-${row.dataset.row}`;
    const label = row.querySelector("label").textContent;
    const found = [];
    if (row.querySelector("[data-conflict]")) found.push({ field, label, message: word("changed-meanwhile") });
    const wrong = row.querySelector("[data-error]");
    if (wrong) found.push({ field, label, message: wrong.textContent });
    else if (cellOf(row).value.trim() === "") found.push({ field, label, message: word("empty"), empty: true });
    return [...found, ...ofQuestions(row, field)];
  };
  const ofQuestions = (place, field) =>
    [...place.querySelectorAll(".question")].flatMap((block) => {
      const message = block.querySelector("p");
      const answer = block.querySelector(".reason");
      if (message.classList.contains("wrong")) return [{ field, message: message.textContent }];
      if (!answer || answer.value.trim()) return [];
      return [{ field: answer.id, message: message.textContent, asks: true }];
    });
  const troubles = () => [
    ...[...sheet.querySelectorAll("[data-row]")].flatMap(ofRow),
    ...ofQuestions(elsewhere, "main"),
  ];

  // Empty cells are told once sending was tried; before that they are simply not filled in yet.
  const summarize = ({ print = true } = {}) => {
    const all = troubles();
    if (!print) return all.length === 0;
    const told = asked ? all : all.filter((trouble) => !trouble.empty);
    const wrong = told.filter((trouble) => !trouble.asks).length;
    const parts = [];
    if (wrong) parts.push(counted("wrong", wrong));
    if (told.length > wrong) parts.push(counted("asks", told.length - wrong));
    summary.querySelector("h2").textContent = parts.join(", ");
    summary.querySelector("ul").replaceChildren(...told.map(entry));
    summary.hidden = !told.length;
    return all.length === 0;
  };
  const entry = (trouble) => {
    const item = make("li", trouble.asks ? { class: "asks" } : {});
    const link = make("a", { href: `#${trouble.field}` }, trouble.label ?? trouble.message);
    link.addEventListener("click", (event) => {
      const field = document.getElementById(trouble.field);
      if (!field) return;
      event.preventDefault();
      field.focus();
      field.scrollIntoView({ block: "center" });
    });
    item.append(link, trouble.label ? `: ${trouble.message}` : "");
    return item;
  };
  const tell = () => {
    asked = true;
    summarize();
    summary.focus();
  };

  return { word, counted, make, error, questions, conflict, noConflict, adopt, copied, summarize, tell };
};
