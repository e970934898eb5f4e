// The page of entering counts where scripts run: every cell is saved as it is left. What the page
// says is in entry-shown.js, sums in entry-totals.js, the way to the server in entry-queue.js.
"use strict";

(() => {
  const sheet = document.getElementById("sheet");
  const kept = EntryKept(sheet.dataset.kept);
  for (const part of document.querySelectorAll("[data-scripted]")) part.hidden = false;

  const form = document.getElementById("entry");
  if (!form) {
    const left = kept.read();
    const note = document.getElementById("kept-note");
    if (note) note.hidden = !Object.keys(left.cells).length && !Object.keys(left.answers).length;
    return;
  }

  const inputs = [...form.querySelectorAll("input[data-indicator]")];
  const inputOf = (code) => document.getElementById(`cell-${code}`);
  const shown = EntryShown(sheet);
  const { word } = shown;
  const totals = EntryTotals(sheet, word);
  const sendButton = document.getElementById("send");

  const refresh = ({ first = false } = {}) => {
    totals(inputs, { aloud: !first });
    const complete = shown.summarize({ print: !first });
    sendButton.setAttribute("aria-disabled", complete ? "false" : "true");
  };

  // --- the state of saving -----------------------------------------------------------------------

  const state = document.getElementById("saved-state");
  let note = "";
  const status = (kind, first, second) => {
    document.querySelector(".entry-bar").dataset.state = kind;
    const lines = [shown.make("b", {}, first)];
    if (note || second) lines.push(shown.make("span", note ? { class: "is-note" } : {}, note || second));
    const text = lines.map((line) => line.textContent).join(" ");
    if (state.dataset.text === text) return;
    state.dataset.text = text;
    state.replaceChildren(...lines);
  };
  let savedAt = "";
  const showSaved = () => {
    if (form.querySelector("[data-conflict]")) status("conflict", word("not-all-saved"), word("choose"));
    else if (savedAt) status("saved", word("saved", { at: savedAt.slice(11, 16) }), word("on-server"));
    else status("saved", word("nothing-typed"));
  };

  const told = {
    busy: () => status("busy", word("saving")),
    stuck: (kind, message) => {
      for (const input of inputs) {
        const waits = queue.holds(input.dataset.indicator);
        input.closest("tr").classList.toggle("is-kept", waits);
        const unread = waits && EntryNumbers.read(input.value) === undefined;
        if (unread) shown.error(input.dataset.indicator, word("unreadable", { read: input.value }));
      }
      refresh();
      if (kind === "waiting") status(kind, word("waiting"), shown.counted("kept", queue.size()));
      else status(kind, word("refused"), kind === "signed-out" ? word(kind) : message);
    },
    saved: (answer, sent) => {
      for (const cell of answer.cells) settle(cell, sent.get(cell.indicator));
      shown.questions(answer.findings, (rule) => queue.answers(rule));
      refresh();
      savedAt = answer.saved_at ?? "";
      showSaved();
    },
  };

  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
  const queue = EntryQueue({ address: sheet.dataset.save, token, kept, told });

  // --- one cell ----------------------------------------------------------------------------------

  // The hidden fields say what is on the server: a form sent in the old way brings the rest along.
  const stands = (input, text, version) => {
    input.dataset.was = text;
    form.elements[`was-${input.dataset.indicator}`].value = text;
    seen(input, version);
  };
  const seen = (input, version) => {
    input.dataset.version = version;
    form.elements[`version-${input.dataset.indicator}`].value = version;
  };

  const settle = (cell, sent) => {
    const input = inputOf(cell.indicator);
    const row = input.closest("tr");
    if (cell.conflict) {
      shown.conflict(cell.indicator, sent.text, cell.conflict, (whose) => choose(input, sent, cell.conflict, whose));
      return;
    }
    // Whoever types on keeps what they type.
    const untouched = input.value === sent.text && !queue.holds(cell.indicator);
    stands(input, cell.text, cell.version);
    row.classList.remove("is-kept");
    row.classList.toggle("is-saved", !cell.error);
    shown.noConflict(cell.indicator);
    if (!untouched) return;
    input.value = cell.text;
    shown.error(cell.indicator, cell.error?.message);
    mark(input, cell.copied);
  };

  const choose = (input, own, other, whose) => {
    const code = input.dataset.indicator;
    shown.noConflict(code);
    stands(input, other.text, other.version);
    if (whose === "mine") {
      commit(input, { copied: own.copied });
    } else {
      queue.drop(code);
      kept.forgetCell(code, own.text);
      input.value = other.text;
      shown.error(code, "");
      input.closest("tr").classList.remove("is-kept");
      showSaved();
    }
    refresh();
    input.focus();
  };

  const mark = (input, copied) => {
    if (copied) input.dataset.copied = "";
    else delete input.dataset.copied;
    shown.copied(input.dataset.indicator, copied);
  };

  // What stands in a cell goes to the server, with the version that was seen there. What is no
  // number is kept as it was typed.
  const commit = (input, { copied = false, version = input.dataset.version } = {}) => {
    const number = EntryNumbers.read(input.value);
    if (Number.isInteger(number)) input.value = EntryNumbers.print(number);
    if (number === null || Number.isInteger(number)) shown.error(input.dataset.indicator, "");
    if (input.value === input.dataset.was && !queue.holds(input.dataset.indicator)) return;
    input.dataset.was = input.value;
    input.closest("tr").classList.remove("is-saved");
    mark(input, copied);
    queue.cell(input.dataset.indicator, { text: input.value, version, copied });
    refresh();
  };

  const put = (input, text, more) => {
    input.value = text;
    commit(input, more);
  };

  for (const input of inputs) {
    input.addEventListener("input", () => {
      note = "";
      totals(inputs);
    });
    input.addEventListener("blur", () => {
      if (input.value !== input.dataset.was) commit(input);
    });
  }
  form.addEventListener("change", (event) => {
    if (!event.target.matches(".reason")) return;
    queue.answer(event.target.name.replace("explanation-", ""), event.target.value.trim());
    refresh();
  });

  // --- sending -----------------------------------------------------------------------------------

  const ready = () => {
    if (document.activeElement instanceof HTMLElement) document.activeElement.blur();
    return sendButton.getAttribute("aria-disabled") === "false";
  };
  let sending = false;
  addEventListener("pageshow", () => (sending = false));
  const send = async () => {
    if (sending) return;
    if (!ready()) return shown.tell();
    if (!(await queue.flush()) || !navigator.onLine) return status("waiting", word("cannot-send"), word("send-later"));
    if (!ready()) return shown.tell();
    sending = true;
    form.requestSubmit(sendButton);
  };
  sendButton.addEventListener("click", (event) => {
    event.preventDefault();
    send();
  });

  // --- beside the form ---------------------------------------------------------------------------

  const definitions = document.querySelector(".definitions");
  definitions.classList.add("is-scripted");
  const define = (code) => {
    for (const one of definitions.querySelectorAll("[data-definition]")) {
      one.open = one.dataset.definition === code;
      one.classList.toggle("is-chosen", one.open);
    }
  };
  form.addEventListener("focusin", (event) => {
    const row = event.target.closest("[data-row]");
    if (row) define(row.dataset.row);
  });
  define(inputs[0].dataset.indicator);

  // --- from the start ----------------------------------------------------------------------------

  EntryKeys({ form, inputs, put, send });
  const paste = EntryPaste({
    inputs,
    put,
    word,
    counted: shown.counted,
    make: shown.make,
    done: (text) => {
      note = text;
      status("busy", word("saving"));
    },
  });
  for (const input of inputs) input.addEventListener("paste", paste);

  // A form sent in the old way that met somebody else's number: here one can choose too.
  for (const row of form.querySelectorAll("tr:has([data-conflict])")) {
    const input = row.querySelector("input[data-indicator]");
    const own = { text: input.value, copied: false };
    const other = { text: input.dataset.was, version: input.dataset.version };
    input.dataset.was = own.text;
    shown.adopt(row, own.text, other.text, (whose) => choose(input, own, other, whose));
  }
  // What was typed here without a line goes out now, with the versions that were seen then; over
  // what this device itself had sent before, with the one that stands.
  const left = kept.read();
  for (const [code, { text, version, copied, after }] of Object.entries(left.cells)) {
    const input = inputOf(code);
    if (!input) continue;
    if (input.dataset.was !== after) seen(input, version);
    input.value = input.dataset.was = text;
    mark(input, copied);
    queue.cell(code, { text, version: input.dataset.version, copied });
  }
  for (const [rule, text] of Object.entries(left.answers)) {
    const field = document.getElementById(`explanation-${rule}`);
    if (field) field.value = text;
    queue.answer(rule, text);
  }
  refresh({ first: !Object.keys(left.cells).length });
})();
