// Behaviour shared by all pages. Everything works without it except the shortcuts and the switch of light and dark.

// Theme: the system's, unless chosen here.
document.querySelector("[data-action=theme]")?.addEventListener("click", () => {
  const dark = getComputedStyle(document.documentElement).colorScheme === "dark";
  document.documentElement.dataset.theme = dark ? "light" : "dark";
  try {
    localStorage.setItem("theme", dark ? "light" : "dark");
  } catch {
    // Storage may be closed to us; then the choice lasts as long as the page.
  }
  dispatchEvent(new Event("themechange"));
});

// A button that prints stands in the page hidden: without a script it could do nothing.
for (const button of document.querySelectorAll("[data-action=print]")) {
  button.hidden = false;
  button.addEventListener("click", () => print());
}

// Work list: one row in the tab order; j/k or arrows move, Enter opens. Keys act only while a row
// has the focus (WCAG 2.1.4), so typing in a filter never triggers one.
function wire(list) {
  const rows = [...list.tBodies[0].rows];
  const go = (row) => {
    if (!row) return;
    for (const other of rows) {
      other.tabIndex = -1;
      other.classList.remove("at");
    }
    row.tabIndex = 0;
    row.classList.add("at");
    row.focus();
  };
  const first = rows.find((row) => row.classList.contains("at")) ?? rows[0];
  for (const row of rows) row.tabIndex = row === first ? 0 : -1;
  list.addEventListener("keydown", (event) => {
    const at = rows.indexOf(event.target);
    if (at < 0 || event.ctrlKey || event.metaKey || event.altKey) return;
    const act = {
      j: () => go(rows[at + 1]), ArrowDown: () => go(rows[at + 1]), k: () => go(rows[at - 1]), ArrowUp: () => go(rows[at - 1]),
      Enter: () => (rows[at].querySelector("a[data-opens]") ?? rows[at].querySelector("a"))?.click(),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
}
function wireAll() {
  for (const list of document.querySelectorAll("table.rows:not([data-wired])")) {
    list.dataset.wired = "";
    if (list.tBodies[0]?.rows.length) wire(list);
  }
}
wireAll();
// Rows that HTMX has brought are new elements: they are wired again.
document.addEventListener("htmx:after:swap", wireAll);

// Where the side panel lies below the list, what was opened is brought into view.
let opening = false;
document.addEventListener("click", (event) => {
  opening = Boolean(event.target.closest("a[data-opens]"));
});
document.addEventListener("htmx:after:swap", () => {
  if (opening) document.getElementById("one")?.scrollIntoView({ block: "nearest" });
  opening = false;
});

// The menu of narrow screens closes when the focus or a click leaves it, and on Escape.
const menu = document.querySelector(".bar details");
if (menu) {
  const close = (event) => {
    if (menu.open && !menu.contains(event.target)) menu.open = false;
  };
  document.addEventListener("click", close);
  document.addEventListener("focusin", close);
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

// Filters change the address without opening the page anew: the other language is asked for the address as it is now.
for (const next of document.querySelectorAll(".tongue [name=next]")) {
  next.form.addEventListener("submit", () => {
    next.value = location.pathname + location.search;
  });
}
