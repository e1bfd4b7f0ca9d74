"use strict";

(() => {
  const table = document.getElementById("claims");
  const body = table.tBodies[0];
  const rows = [...body.rows];
  const form = document.getElementById("filters");
  const text = document.getElementById("filter-text");
  const verdict = document.getElementById("filter-verdict");
  const family = document.getElementById("filter-family");
  const shown = document.getElementById("shown");

  const filter = () => {
    const words = text.value.toLowerCase().split(/\s+/).filter(Boolean);
    let count = 0;
    for (const row of rows) {
      const content = row.textContent.toLowerCase();
      const kept = (!verdict.value || row.dataset.verdict === verdict.value)
        && (!family.value || row.dataset.family === family.value)
        && words.every((word) => content.includes(word));
      row.hidden = !kept;
      count += kept;
    }
    shown.textContent = `${count} of ${rows.length} claims shown`;
  };

  const keyOf = (row, column, numeric) => {
    const cell = row.cells[column];
    if (!numeric) return cell.textContent.trim().toLowerCase();
    return cell.dataset.value === "" ? null : Number(cell.dataset.value);
  };

  const sort = (heading, column) => {
    const ascending = heading.getAttribute("aria-sort") !== "ascending";
    const numeric = heading.dataset.sort === "number";
    const sign = ascending ? 1 : -1;
    const keyed = rows.map((row, place) => ({ row, place, key: keyOf(row, column, numeric) }));
    keyed.sort((a, b) => {
      // Rows without a number come last either way; equal ones keep the order of the claims.
      if (a.key === null || b.key === null) return (a.key === null) - (b.key === null) || a.place - b.place;
      const order = numeric ? a.key - b.key : a.key.localeCompare(b.key);
      return sign * order || a.place - b.place;
    });
    body.append(...keyed.map(({ row }) => row));
    for (const other of table.tHead.rows[0].cells) other.removeAttribute("aria-sort");
    heading.setAttribute("aria-sort", ascending ? "ascending" : "descending");
    for (const other of table.tHead.querySelectorAll("button span")) other.textContent = "\u2195";
    heading.querySelector("span").textContent = ascending ? "\u2191" : "\u2193";
  };

  [...table.tHead.rows[0].cells].forEach((heading, column) => {
    if (!heading.dataset.sort) return;
    const button = document.createElement("button");
    button.type = "button";
    const arrow = document.createElement("span");
    arrow.setAttribute("aria-hidden", "true");
    arrow.textContent = "\u2195";
    button.append(...heading.childNodes, arrow);
    button.addEventListener("click", () => sort(heading, column));
    heading.append(button);
  });

  form.hidden = false;
  document.getElementById("sort-hint").hidden = false;
  for (const control of [text, verdict, family]) control.addEventListener("input", filter);
  form.addEventListener("submit", (event) => event.preventDefault());
  form.addEventListener("reset", () => setTimeout(filter));

  // What is folded on a screen stands open on paper, which has nothing to click, and where no script runs.
  const paper = matchMedia("print");
  const fold = () => {
    for (const one of document.querySelectorAll("details")) one.open = paper.matches;
  };
  paper.addEventListener("change", fold);
  fold();
})();
