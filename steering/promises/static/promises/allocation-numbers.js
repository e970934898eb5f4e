// Reading and printing parts in the page's language, as the server does; it has the last word.
// Values are whole: counts as they are, rates times ten to their decimals.
"use strict";

const AllocationNumbers = ({ isRate, decimals }) => {
  const language = document.documentElement.lang || "vi";
  const format = (digits) =>
    new Intl.NumberFormat(language, { minimumFractionDigits: digits, maximumFractionDigits: digits });
  const whole = format(0);
  const scale = 10 ** decimals;
  const COUNT = /^(\d{1,15}|[1-9]\d{0,2}([., ])\d{3}(\2\d{3})*)$/;
  const RATE = /^(\d{1,3})(?:[.,](\d+))? ?%?$/;

  // null is blank; undefined is no number, or a writing that only the server can judge.
  const read = (text) => {
    const typed = text.normalize("NFC").replace(/\s+/g, " ").trim();
    if (typed === "") return null;
    if (!isRate) return COUNT.test(typed) ? Number(typed.replace(/[., ]/g, "")) : undefined;
    const found = typed.match(RATE);
    if (!found || (found[2] ?? "").length > decimals) return undefined;
    const value = Number(found[1]) * scale + Number((found[2] ?? "").padEnd(decimals, "0") || 0);
    return value > 100 * scale ? undefined : value;
  };

  const print = (value) => {
    if (value === null) return "";
    return isRate ? `${format(decimals).format(value / scale)}%` : whole.format(value);
  };

  const people = (number) => whole.format(number);
  const percent = (part, of) => `${format(1).format((100 * part) / of)}%`;
  const signed = (number, digits = 0) =>
    (number < 0 ? "−" : number > 0 ? "+" : "") + format(digits).format(Math.abs(number));

  return { read, print, people, percent, signed, scale, most: 100 * scale };
};
