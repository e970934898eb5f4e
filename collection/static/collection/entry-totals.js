// Sums, differences, the dot in each drawing, filled cells, coverage and what is missing, live from what stands in the cells.
"use strict";

const EntryTotals = (sheet, word) => {
  const { read, print, percent, change } = EntryNumbers;
  const number = (code) => {
    const input = document.getElementById(`cell-${code}`);
    return (input && read(input.value)) ?? null;
  };
  const told = (element, text) => {
    if (element && element.textContent !== text) element.textContent = text;
  };
  const lastOf = (element) => (element.dataset.last ? Number(element.dataset.last) : null);

  const ofRows = (inputs) => {
    for (const input of inputs) {
      const code = input.dataset.indicator;
      told(document.getElementById(`difference-${code}`), change(number(code), lastOf(input)));
      ofCourse(code, number(code));
    }
  };

  // The dot of the month, in the frame that the server made from the months before.
  const ofCourse = (code, value) => {
    const now = document.querySelector(`#definition-${CSS.escape(code)} .now`);
    if (!now) return;
    if (value === null) return now.setAttribute("class", "now is-blank");
    const [low, high, top, bottom, least, most] = ["low", "high", "top", "bottom", "least", "most"].map((name) => Number(now.dataset[name]));
    const share = (Math.min(high, Math.max(low, value)) - low) / (high - low);
    const y = bottom + share * (top - bottom);
    now.querySelector(".dot").setAttribute("cy", y);
    now.querySelector(".link")?.setAttribute("y2", y);
    const looks = ["now"];
    if (value < least || value > most) looks.push("is-unusual");
    if (value < low || value > high) looks.push("is-beyond");
    now.setAttribute("class", looks.join(" "));
  };

  const ofSums = () => {
    for (const row of sheet.querySelectorAll("[data-sum]")) {
      const parts = row.dataset.parts.split(" ").map(number);
      const known = parts.filter((part) => part !== null);
      const complete = known.length === parts.length;
      const sum = known.reduce((added, part) => added + part, 0);
      told(row.querySelector("[data-sum-value]"), known.length ? print(sum) : "–");
      told(row.querySelector(".difference"), complete ? change(sum, lastOf(row)) : "");
      row.querySelector("[data-incomplete]").hidden = complete;
      const whole = row.querySelector("[data-whole]");
      if (whole) {
        const value = number(whole.dataset.whole);
        told(whole, value === null ? "–" : print(value));
      }
    }
  };

  const ofCoverage = () => {
    const coverage = document.getElementById("coverage");
    if (!coverage) return "";
    const base = Number(coverage.dataset.base);
    const value = number(coverage.dataset.numerator);
    told(coverage, value === null ? "–" : percent(value, base));
    const missing = document.getElementById("missing");
    if (missing) {
      // Targets have two decimals at most: in hundredths of a percent they are whole.
      const needed = Math.ceil((Math.round(Number(missing.dataset.target) * 100) * base) / 10000);
      const people = value === null ? null : needed - value;
      missing.classList.toggle("short", people > 0);
      told(missing, people === null ? "–" : people > 0 ? word("people", { number: print(people) }) : word("nothing"));
    }
    return value === null ? "" : coverage.textContent;
  };

  // Ears get one sentence after a pause, not a number for each key.
  const said = document.getElementById("entry-said");
  let pause = null;
  const say = (filled, all, coverage) => {
    clearTimeout(pause);
    pause = setTimeout(() => {
      const sums = [...sheet.querySelectorAll("[data-sum]")]
        .map((row) => [row.dataset.name, row.querySelector("[data-sum-value]").textContent])
        .filter(([, value]) => value !== "–")
        .map(([name, value]) => `${name}: ${value}`);
      const parts = [word("filled", { filled, all }), ...sums];
      if (coverage) parts.push(word("covered", { percent: coverage }));
      said.textContent = parts.join("; ");
    }, 1500);
  };

  return (inputs, { aloud = true } = {}) => {
    const filled = inputs.filter((input) => Number.isInteger(read(input.value))).length;
    ofRows(inputs);
    ofSums();
    const coverage = ofCoverage();
    told(document.getElementById("filled"), String(filled));
    document.getElementById("filled-bar").value = filled;
    if (aloud) say(filled, inputs.length, coverage);
  };
};
