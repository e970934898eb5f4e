// Reading and printing counts in the page's language, as the server does; it has the last word.
"use strict";

const EntryNumbers = (() => {
  const language = document.documentElement.lang || "vi";
  const whole = new Intl.NumberFormat(language, { maximumFractionDigits: 0 });
  const MINUS = "−";
  const PLAIN = /^\d{1,15}$/;
  const GROUPED = /^[1-9]\d{0,2}([., ])\d{3}(\1\d{3})*$/;

  // null is blank; undefined is no count, or a writing that only the server can judge.
  const read = (text) => {
    const typed = text.normalize("NFC").replace(/\s+/g, " ").trim();
    if (typed === "") return null;
    return PLAIN.test(typed) || GROUPED.test(typed) ? Number(typed.replace(/[., ]/g, "")) : undefined;
  };

  const print = (number) => (number < 0 ? MINUS : "") + whole.format(Math.abs(number));

  // A fraction of two integers, rounded half up on exact digits: 94.05 is 94.1 here too.
  const rounded = (numerator, denominator, decimals) => {
    const scaled = numerator * 10 ** decimals;
    const digits = Math.floor((2 * Math.abs(scaled) + denominator) / (2 * denominator));
    const text = new Intl.NumberFormat(language, {
      minimumFractionDigits: decimals,
      maximumFractionDigits: decimals,
    }).format(digits / 10 ** decimals);
    return [Math.sign(scaled) * (digits && 1), text];
  };

  const percent = (part, of) => rounded(part * 100, of, 1)[1] + "%";

  // +9,7%: how far a number is from last month's; nothing where nothing can be compared.
  const change = (number, last) => {
    if (number === null || number === undefined || !last) return "";
    const [sign, text] = rounded((number - last) * 100, last, 1);
    return (sign < 0 ? MINUS : number > last ? "+" : "") + text + "%";
  };

  return { read, print, percent, change };
})();
