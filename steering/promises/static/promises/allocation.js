// Dividing a target where scripts run: every cell is saved as it is left, others' changes come in
// by themselves, twenty steps can be undone. Without scripts the form does all but the last two.
"use strict";

(() => {
  const STEPS = 20;
  const LOOK_EVERY = 10000;
  const form = document.getElementById("allocation");
  if (!form) return;
  document.body.classList.add("is-scripted");
  for (const part of form.querySelectorAll("[data-scripted]")) part.hidden = false;

  const words = document.getElementById("allocation-words").content;
  const word = (name, values = {}) =>
    words.querySelector(`[data-word="${name}"]`).textContent.replace(/\{(\w+)\}/g, (_all, key) => values[key] ?? "");
  const make = (tag, attributes, text) => {
    const element = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    element.textContent = text;
    return element;
  };
  const numbers = AllocationNumbers({ isRate: form.dataset.rate === "1", decimals: Number(form.dataset.decimals) });
  const inputs = [...form.querySelectorAll("input[data-unit]")];
  const inputOf = (unit) => document.getElementById(`cell-${unit}`);
  const rowOf = (unit) => form.querySelector(`[data-row="${CSS.escape(unit)}"]`);
  const lockOf = (unit) => form.querySelector(`[data-lock="${CSS.escape(unit)}"]`);
  const seenOf = (unit) => form.elements[`seen-${unit}`];
  const rows = [...form.querySelectorAll("tr[data-given]")].map(({ dataset }) => ({
    unit: dataset.row,
    value: dataset.given === "" ? null : Number(dataset.given),
    base: dataset.base === "" ? null : Number(dataset.base),
  }));
  const balance = AllocationBalance({ form, inputs, rows, numbers, word });
  const state = document.getElementById("saved-state");
  const say = (text) => {
    if (state.textContent !== text) state.textContent = text;
  };
  const time = (at) => at.slice(11, 16);
  let version = Number(form.dataset.version);
  const keepVersion = (number) => {
    version = form.elements.version.value = number;
  };

  // --- one row -----------------------------------------------------------------------------------

  const derived = (input) => {
    const row = rowOf(input.dataset.unit);
    const value = input.dataset.value === "" ? null : Number(input.dataset.value);
    const base = Number(input.dataset.base);
    const shown = row.querySelector("[data-shown=coverage]");
    const isRate = form.dataset.rate === "1";
    if (value === null || !base) shown.textContent = "–";
    else shown.textContent = isRate ? numbers.people(Math.round((value * base) / numbers.most)) : numbers.percent(value, base);
    const change = row.querySelector("[data-shown=change]");
    if (value === null || input.dataset.last === "") change.textContent = "–";
    else if (isRate) change.textContent = numbers.signed((value - input.dataset.last) / numbers.scale, 1);
    else change.textContent = numbers.signed(value - input.dataset.last);
  };
  const message = (unit, kind, text) => {
    const place = document.getElementById(`message-${unit}`);
    place.querySelector(`[data-kind="${kind}"]`)?.remove();
    if (text) place.prepend(make("p", { class: kind === "theirs" ? "theirs" : "wrong", "data-kind": kind }, text));
    mark(unit);
  };
  const mark = (unit) => {
    const row = rowOf(unit);
    const wrong = row.querySelector(".cell-messages .wrong");
    row.classList.toggle("is-wrong", Boolean(wrong));
    row.classList.toggle("is-asked", !wrong && Boolean(row.querySelector(".cell-messages .asks")));
    inputOf(unit)?.setAttribute("aria-invalid", wrong ? "true" : "false");
  };
  // What stands on the server, put into the row.
  const stands = (unit, { text, value, version: seen, locked }) => {
    const input = inputOf(unit);
    input.value = input.dataset.text = text;
    input.dataset.value = value ?? "";
    input.readOnly = locked;
    lockOf(unit).checked = locked;
    seenOf(unit).value = seen;
    form.elements[`was-${unit}`].value = text;
    form.elements[`was-lock-${unit}`].value = locked ? "1" : "0";
    derived(input);
  };
  const cautions = (unit, found) => {
    const place = document.getElementById(`message-${unit}`);
    for (const old of place.querySelectorAll("p:not([data-kind])")) old.remove();
    for (const one of found) place.append(make("p", { class: one.blocks ? "wrong" : "asks" }, one.message));
    mark(unit);
  };

  // --- saving ------------------------------------------------------------------------------------

  const steps = [];
  const undoButton = document.getElementById("undo");
  const remember = (step) => {
    if (!step.length) return;
    steps.push(step);
    if (steps.length > STEPS) steps.shift();
    undoButton.disabled = false;
  };
  // A number that is typed becomes a step; text that is none stays in the field and is not sent.
  const commit = (input, text = input.value, { step = true } = {}) => {
    const { unit } = input.dataset;
    if (text === input.dataset.text || input.readOnly) return null;
    const number = numbers.read(text);
    if (number === undefined) {
      input.value = text;
      message(unit, "error", word("unreadable", { read: text }));
      return null;
    }
    const before = input.dataset.text;
    message(unit, "error", "");
    message(unit, "theirs", "");
    input.value = input.dataset.text = numbers.print(number);
    if (input.value === before) return null;
    input.dataset.value = number ?? "";
    derived(input);
    balance();
    rowOf(unit).classList.remove("is-saved");
    if (step) remember([[unit, before]]);
    server.cell(unit, { text: input.value, seen: seenOf(unit).value });
    return [unit, before];
  };
  const fill = (pairs) => {
    const done = pairs.map(([input, text]) => commit(input, text, { step: false })).filter(Boolean);
    remember(done);
    say(word("pasted", { number: done.length }));
  };

  const told = {
    busy: () => say(word("saving")),
    waiting: () => say(word("waiting")),
    refused: (_status, errors) => say(errors.map((error) => error.message).join(" ")),
    saved: (answer, sent) => {
      keepVersion(answer.version);
      for (const cell of answer.cells) settle(cell, sent.get(cell.unit));
      balance();
      if (!form.querySelector("[data-conflict]")) say(word("saved", { at: time(answer.saved_at) }));
      later();
    },
  };
  const server = AllocationServer({ form, told });

  const settle = (cell, sent) => {
    const input = inputOf(cell.unit);
    if (cell.conflict) return conflict(cell, sent.text);
    seenOf(cell.unit).value = cell.version;
    if (cell.error) {
      message(cell.unit, "error", cell.error.message);
      lockOf(cell.unit).checked = cell.locked;
      return;
    }
    if (server.holds(cell.unit) || document.activeElement === input) {
      form.elements[`was-${cell.unit}`].value = cell.text;
      input.readOnly = cell.locked;
    } else {
      stands(cell.unit, cell);
    }
    rowOf(cell.unit).classList.add("is-saved");
  };
  // Both numbers, who and when; nothing is written until one is chosen.
  const conflict = (cell, own) => {
    const { unit } = cell;
    const place = document.getElementById(`message-${unit}`);
    const theirs = cell.conflict;
    place.querySelector("[data-conflict]")?.remove();
    const values = { who: theirs.by, text: theirs.text || word("empty"), at: time(theirs.at), own: own || word("empty") };
    const block = make("div", { "data-conflict": "", role: "alert" }, "");
    const buttons = make("div", { class: "conflict-choice" }, "");
    const choose = (name, text, act) => {
      const button = make("button", { class: "button", type: "button" }, word(name, { text }));
      button.addEventListener("click", () => {
        block.remove();
        stands(unit, { text: theirs.text, value: cell.value, version: theirs.version, locked: cell.locked });
        act();
        mark(unit);
        balance();
        inputOf(unit).focus();
      });
      buttons.append(button);
    };
    choose("theirs", values.text, () => {});
    choose("mine", values.own, () => commit(inputOf(unit), own));
    block.append(make("p", { class: "wrong" }, word("conflict", values)), buttons);
    place.prepend(block);
    mark(unit);
    say(word("conflict", values));
  };

  // --- what others did, and what the server finds unusual ------------------------------------------

  const take = (table, { aloud = true } = {}) => {
    if (!table.open) return location.reload();
    for (const row of table.rows) {
      const input = inputOf(row.unit);
      if (!input) continue;
      cautions(row.unit, row.cautions);
      const own = server.holds(row.unit) || input === document.activeElement || input.value !== input.dataset.text;
      if (own || rowOf(row.unit).querySelector("[data-conflict]")) continue;
      const changed = seenOf(row.unit).value !== row.version;
      if (!changed && lockOf(row.unit).checked === row.locked) continue;
      stands(row.unit, row);
      if (changed && aloud && row.by) {
        message(row.unit, "theirs", word("changed", { who: row.by, at: time(row.at) }));
        rowOf(row.unit).classList.add("is-theirs");
      }
    }
    keepVersion(table.version);
    balance();
  };
  const look = async () => {
    if (document.hidden || !navigator.onLine) return;
    try {
      const [status, table] = await server.read();
      if (status === 200) take(table);
    } catch {
      // The next look finds the line again.
    }
  };
  let soon;
  const later = () => {
    clearTimeout(soon);
    soon = setTimeout(look, 1200);
  };
  setInterval(look, LOOK_EVERY);

  // --- bulk --------------------------------------------------------------------------------------

  const divide = async (method) => {
    if (!(await server.flush())) return;
    const before = new Map(inputs.map((input) => [input.dataset.unit, input.dataset.text]));
    const [status, answer] = await server.divide(method, version);
    if (status !== 200) {
      say(answer.errors.map((error) => error.message).join(" "));
      look();
      return;
    }
    take(answer.table, { aloud: false });
    remember(answer.changed.map((unit) => [unit, before.get(unit)]));
    say(answer.message);
  };
  const undo = () => {
    const step = steps.pop();
    if (!step) return;
    undoButton.disabled = !steps.length;
    for (const [unit, text] of step) commit(inputOf(unit), text, { step: false });
    say(word("undone"));
  };
  const bulk = { apply: () => divide(form.elements.method.value), fill: () => divide("fill"), undo };
  for (const [id, act] of Object.entries(bulk)) {
    document.getElementById(id).addEventListener("click", (event) => {
      event.preventDefault();
      act();
    });
  }

  // --- cells, locks, one unit at a time ------------------------------------------------------------

  const jump = document.getElementById("jump");
  const current = (unit) => {
    form.querySelector("tr.is-current")?.classList.remove("is-current");
    rowOf(unit).classList.add("is-current");
    jump.value = unit;
  };
  const go = (input, by) => {
    const next = inputs[inputs.indexOf(input) + by];
    if (!next) return input.blur();
    current(next.dataset.unit);
    next.focus();
  };
  const stepUnit = (by) => {
    const option = jump.options[jump.selectedIndex + by];
    if (option) current(option.value);
  };
  jump.addEventListener("change", () => current(jump.value));
  document.getElementById("earlier").addEventListener("click", () => stepUnit(-1));
  document.getElementById("later").addEventListener("click", () => stepUnit(1));
  current(jump.value);

  const paste = AllocationPaste({
    inputs,
    fill,
    unmatched: (names) => say(word("unmatched", { read: names.slice(0, 5).join(", ") })),
  });
  for (const input of inputs) {
    input.dataset.text = form.elements[`was-${input.dataset.unit}`].value;
    input.addEventListener("focus", () => {
      rowOf(input.dataset.unit).classList.remove("is-theirs");
    });
    input.addEventListener("input", () => {
      const number = numbers.read(input.value);
      if (number !== undefined) input.dataset.value = number ?? "";
      derived(input);
      balance();
    });
    input.addEventListener("blur", () => commit(input));
    input.addEventListener("paste", paste);
  }
  form.addEventListener("change", (event) => {
    const unit = event.target.dataset.lock;
    if (!unit) return;
    server.cell(unit, { locked: event.target.checked, seen: seenOf(unit).value });
  });
  AllocationKeys({ inputs, put: (input, text) => commit(input, text), undo, go });
  form.addEventListener("keydown", (event) => {
    const typing = event.target.matches("input:not([data-unit])");
    if (typing && event.key === "Enter") event.preventDefault();
  });
  balance();
})();
