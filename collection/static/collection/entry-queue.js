// Cells and answers on their way to the server: one request at a time, none lost.
//
// `told` has three calls: saved(answer, cells), stuck(kind, message) and busy(). A request that got
// no answer is sent again as it was, for the server may have it already; what was typed since waits.
"use strict";

const EntryQueue = ({ address, token, kept, told }) => {
  const RETRY = 15000;
  const cells = new Map();
  const answers = new Map();
  let unanswered = null;
  let running = null;
  let timer = null;

  const next = () => {
    if (!unanswered && (cells.size || answers.size)) {
      unanswered = { cells: new Map(cells), answers: new Map(answers) };
      cells.clear();
      answers.clear();
    }
    return unanswered;
  };

  const request = (batch) =>
    fetch(address, {
      method: "PATCH",
      credentials: "same-origin",
      headers: { "Content-Type": "application/json", Accept: "application/json", "X-CSRFToken": token() },
      body: JSON.stringify({
        cells: [...batch.cells].map(([indicator, cell]) => ({ indicator, ...cell })),
        explanations: [...batch.answers].map(([rule, text]) => ({ rule, text })),
      }),
    });

  const settle = (batch, answer) => {
    unanswered = null;
    for (const cell of answer.cells) {
      const sent = batch.cells.get(cell.indicator);
      if (!sent) continue;
      if (!cell.conflict) {
        kept.forgetCell(cell.indicator, sent.text);
        // What was typed meanwhile was typed over one's own text.
        const newer = cells.get(cell.indicator);
        if (newer) {
          newer.version = cell.version;
          kept.keepCell(cell.indicator, newer);
        }
      }
    }
    for (const [rule, text] of batch.answers) kept.forgetAnswer(rule, text);
    told.saved(answer, batch.cells);
  };

  // What the server refuses as a whole is not sent again by itself; it waits for the next change.
  const refused = async (response) => {
    const later = response.status === 429 || response.status >= 500;
    const said = await response.json().catch(() => null);
    const message = said?.errors?.map((error) => error.message).join(" ") ?? "";
    if (later) return "waiting";
    if (response.status !== 401 && response.status !== 403) {
      for (const [code, cell] of unanswered.cells) if (!cells.has(code)) cells.set(code, cell);
      for (const [rule, text] of unanswered.answers) if (!answers.has(rule)) answers.set(rule, text);
      unanswered = null;
    }
    told.stuck(response.status === 401 ? "signed-out" : "refused", message);
    return "refused";
  };

  const once = async (batch) => {
    try {
      const response = await request(batch);
      if (response.ok || response.status === 409) {
        settle(batch, await response.json());
        return "saved";
      }
      return await refused(response);
    } catch {
      return "waiting";
    }
  };

  const run = async () => {
    clearTimeout(timer);
    for (let batch = next(); batch; batch = next()) {
      told.busy();
      const came = await once(batch);
      if (came === "saved") continue;
      if (came === "waiting") {
        told.stuck("waiting", "");
        timer = setTimeout(flush, RETRY);
      }
      return false;
    }
    return true;
  };

  // True once everything is on the server, false when it cannot be brought there now.
  const flush = () => {
    running ??= run().finally(() => (running = null));
    return running;
  };
  addEventListener("online", flush);

  return {
    flush,
    cell: (code, cell) => {
      cells.set(code, cell);
      // The server may have the text before, though it never answered: it is one's own.
      const after = unanswered?.cells.get(code)?.text;
      kept.keepCell(code, after === undefined ? cell : { ...cell, after });
      flush();
    },
    answer: (rule, text) => {
      answers.set(rule, text);
      kept.keepAnswer(rule, text);
      flush();
    },
    drop: (code) => cells.delete(code),
    answers: (rule) => answers.has(rule) || Boolean(unanswered?.answers.has(rule)),
    holds: (code) => cells.has(code) || Boolean(unanswered?.cells.has(code)),
    size: () => new Set([...cells.keys(), ...(unanswered?.cells.keys() ?? [])]).size + answers.size,
  };
};
