"use strict";
// Without this script the page is a plain table; it adds sorting and the filter.
{
  const table = document.getElementById("table");
  const body = table.tBodies[0];
  const rows = Array.from(body.rows);
  const heads = Array.from(table.tHead.rows[0].cells);
  const filter = document.getElementById("filter");
  const only = document.getElementById("only");
  const shown = document.getElementById("shown");
  const collator = new Intl.Collator(undefined, { numeric: true });
  const texts = rows.map((row) => row.textContent.toLowerCase());

  const key = (row, column) => {
    const cell = row.cells[column];
    const value = cell.dataset.v;
    if (value === undefined) return cell.textContent;
    return value === "" ? null : Number(value);
  };

  const sort = (column, sign) => {
    const keyed = rows.map((row, place) => ({ row, place, key: key(row, column) }));
    keyed.sort((one, other) => {
      if (one.key === null || other.key === null) {
        // What has no number comes last in both directions.
        return (one.key === null) - (other.key === null) || one.place - other.place;
      }
      const order =
        typeof one.key === "number" ? one.key - other.key : collator.compare(one.key, other.key);
      return sign * order || one.place - other.place;
    });
    body.replaceChildren(...keyed.map((each) => each.row));
  };

  const show = () => {
    const words = filter.value.toLowerCase().split(/\s+/).filter(Boolean);
    const kind = only.value;
    let count = 0;
    rows.forEach((row, place) => {
      const fits =
        words.every((word) => texts[place].includes(word)) &&
        (kind === "" || row.dataset.k.split(" ").includes(kind));
      row.hidden = !fits;
      count += fits;
    });
    shown.textContent = shown.dataset.template
      .replace("{count}", count)
      .replace("{all}", rows.length);
  };

  heads.forEach((head, column) => {
    const button = document.createElement("button");
    button.type = "button";
    button.append(...head.childNodes);
    head.append(button);
    button.addEventListener("click", () => {
      const descends = head.getAttribute("aria-sort") === "ascending";
      heads.forEach((each) => each.removeAttribute("aria-sort"));
      head.setAttribute("aria-sort", descends ? "descending" : "ascending");
      sort(column, descends ? -1 : 1);
    });
  });

  const form = document.getElementById("choose");
  form.hidden = false;
  form.addEventListener("submit", (event) => event.preventDefault());
  filter.addEventListener("input", show);
  only.addEventListener("change", show);
  show();

  // A link to a student who is filtered out would lead nowhere.
  window.addEventListener("hashchange", () => {
    const target = document.getElementById(decodeURIComponent(location.hash.slice(1)));
    if (target !== null && target.hidden) {
      filter.value = "";
      only.value = "";
      show();
      target.scrollIntoView();
    }
  });

  // What is closed would not be printed.
  let opened = [];
  window.addEventListener("beforeprint", () => {
    opened = Array.from(document.querySelectorAll("details:not([open])"));
    opened.forEach((each) => { each.open = true; });
  });
  window.addEventListener("afterprint", () => opened.forEach((each) => { each.open = false; }));
}
