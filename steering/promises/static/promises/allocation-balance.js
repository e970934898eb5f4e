// What is left, exact or too much, as somebody types; announced when they pause.
"use strict";

const AllocationBalance = ({ form, inputs, rows, numbers, word }) => {
  const { target, rate, measure } = form.dataset;
  const isRate = rate === "1";
  const aim = Number(target);
  const card = document.getElementById("balance");
  const words = document.getElementById("balance-words");
  const said = document.getElementById("balance-said");
  const given = rows.filter((row) => !inputs.some((input) => input.dataset.unit === row.unit));

  const parts = () => [
    ...given,
    ...inputs.map((input) => ({
      value: input.dataset.value === "" ? null : Number(input.dataset.value),
      base: input.dataset.base === "" ? null : Number(input.dataset.base),
    })),
  ];

  // [divided, difference in its last digit, people] as the server has it: a mean is rounded half up.
  const reckon = (all) => {
    const decided = all.filter((part) => part.value !== null);
    if (!isRate) {
      const sum = decided.reduce((total, part) => total + part.value, 0);
      return [sum, sum - aim, sum - aim];
    }
    const weighed = decided.filter((part) => part.base);
    const weight = weighed.reduce((total, part) => total + part.base, 0);
    if (!weight) return [null, 0, 0];
    const sum = weighed.reduce((total, part) => total + part.value * part.base, 0);
    const mean = Math.floor((2 * sum + weight) / (2 * weight));
    return [mean, mean - aim, Math.round((sum - aim * weight) / numbers.most)];
  };

  let waits;
  return () => {
    const all = parts();
    const blank = all.filter((part) => part.value === null).length;
    const [divided, off, people] = reckon(all);
    const state = off > 0 ? "over" : off === 0 && !blank && divided !== null ? "exact" : "left";
    const amount = `${numbers.people(Math.abs(people))} ${measure}`;
    let text = word(state, { amount });
    if (state === "left" && !people) text = blank ? word("blank", { number: blank }) : word("unknown");
    card.className = `balance is-${state}`;
    words.lastChild.textContent = text;
    document.getElementById("balance-divided").textContent = numbers.print(divided ?? 0);
    document.getElementById("balance-bar").style.width = `${Math.min(100, aim ? (100 * (divided ?? 0)) / aim : 100)}%`;
    clearTimeout(waits);
    waits = setTimeout(() => {
      if (said.textContent !== text) said.textContent = text;
    }, 800);
  };
};
