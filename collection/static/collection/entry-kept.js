// What is typed and not on the server yet, kept on the device: per person, month, unit and template.
"use strict";

const EntryKept = (key) => {
  // A browser that keeps nothing (a private window, a full disk) leaves the queue in memory.
  const read = () => {
    try {
      return { cells: {}, answers: {}, ...JSON.parse(localStorage.getItem(key)) };
    } catch {
      return { cells: {}, answers: {} };
    }
  };
  const write = (kept) => {
    try {
      if (Object.keys(kept.cells).length || Object.keys(kept.answers).length) {
        localStorage.setItem(key, JSON.stringify(kept));
      } else {
        localStorage.removeItem(key);
      }
    } catch {
      // Nothing to do about it: the values are still in their fields.
    }
  };

  const change = (step) => {
    const kept = read();
    step(kept);
    write(kept);
  };
  return {
    read,
    keepCell: (code, cell) => change((kept) => (kept.cells[code] = cell)),
    keepAnswer: (rule, text) => change((kept) => (kept.answers[rule] = text)),
    // Only what was sent is forgotten; what was typed since stays.
    forgetCell: (code, text) => change((kept) => kept.cells[code]?.text === text && delete kept.cells[code]),
    forgetAnswer: (rule, text) => change((kept) => kept.answers[rule] === text && delete kept.answers[rule]),
  };
};
