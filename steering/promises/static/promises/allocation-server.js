// The way to the server: cells one after the other, what waits for a line is sent when it is back.
"use strict";

const AllocationServer = ({ form, told }) => {
  const [address, query] = form.dataset.address.split("?");
  const url = (verb = "") => `${address}${verb}${query ? `?${query}` : ""}`;
  const token = () => document.cookie.match(/(?:^|; )csrftoken=([^;]+)/)?.[1] ?? form.elements.csrfmiddlewaretoken.value;
  const waiting = new Map();
  let busy = null;

  const ask = async (method, verb, body) => {
    const answer = await fetch(url(verb), {
      method,
      headers: { "Content-Type": "application/json", "X-CSRFToken": token(), Accept: "application/json" },
      body: body && JSON.stringify(body),
    });
    return [answer.status, await answer.json()];
  };

  const send = async () => {
    while (waiting.size) {
      const sent = new Map(waiting);
      waiting.clear();
      told.busy();
      try {
        const [status, answer] = await ask("PATCH", "", { cells: [...sent.values()] });
        if (answer.cells) told.saved(answer, sent);
        else told.refused(status, answer.errors ?? []);
      } catch {
        for (const [unit, cell] of sent) waiting.set(unit, { ...cell, ...waiting.get(unit), seen: cell.seen });
        told.waiting();
        return;
      }
    }
  };
  const flush = () => {
    busy ??= send().finally(() => (busy = null));
    return busy;
  };
  addEventListener("online", flush);

  return {
    cell: (unit, change) => {
      const before = waiting.get(unit);
      waiting.set(unit, { ...before, ...change, unit, seen: before?.seen ?? change.seen });
      return flush();
    },
    holds: (unit) => waiting.has(unit),
    flush: async () => {
      await flush();
      return !waiting.size;
    },
    read: () => ask("GET", ""),
    divide: (method, version) => ask("POST", "divide/", { method, version }),
  };
};
