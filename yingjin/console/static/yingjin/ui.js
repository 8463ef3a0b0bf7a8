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

// Work list: one row in the tab order; j/k or arrows move, Enter opens, x ticks, e begins to fill in, ? explains.
// Keys act only while a row has the focus (WCAG 2.1.4), so typing in a filter never triggers one.
let filling = false;
function wire(list) {
  const rows = [...list.tBodies[0].rows];
  const ticks = ticking(list, rows);
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
    if (event.key === "?") {
      event.preventDefault();
      document.getElementById("keys")?.showModal();
      return;
    }
    const act = {
      x: () => ticks(at, event.shiftKey),
      e: () => fill(rows[at]),
      j: () => go(rows[at + 1]), ArrowDown: () => go(rows[at + 1]), k: () => go(rows[at - 1]), ArrowUp: () => go(rows[at - 1]),
      Enter: () => (rows[at].querySelector("a[data-opens]") ?? rows[at].querySelector("a"))?.click(),
    }[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });
}
// The boxes of a list and the bar below it: how many are ticked, and a range with Shift.
function ticking(list, rows) {
  const bar = document.getElementById(list.dataset.bulk ?? "");
  const boxes = rows.map((row) => row.querySelector("input[type=checkbox]"));
  let last = -1;
  const show = () => {
    boxes.forEach((box, at) => rows[at].setAttribute("aria-selected", String(Boolean(box?.checked))));
    const output = bar?.querySelector("output");
    const ticked = boxes.filter((box) => box?.checked).length;
    if (output) output.textContent = ticked;
    bar?.classList.toggle("some", ticked > 0); // then it stays in view
  };
  const set = (at, value, range) => {
    const [from, to] = range && last >= 0 ? [Math.min(last, at), Math.max(last, at)] : [at, at];
    for (let each = from; each <= to; each++) if (boxes[each]) boxes[each].checked = value;
    last = at;
    show();
  };
  if (!bar) return () => {};
  boxes.forEach((box, at) => box?.addEventListener("click", (event) => set(at, box.checked, event.shiftKey)));
  show();
  return (at, range) => set(at, range || !boxes[at]?.checked, range);
}
// Filling in begins in the panel of the row: at once when it is open there, else when it has come.
function fill(row) {
  filling = true;
  const form = document.getElementById("work");
  const box = row.querySelector("input[type=checkbox]");
  if (form && box && form.elements.gap?.value === box.value) focusForm();
  else row.querySelector("a[data-opens]")?.click();
}
function focusForm() {
  if (!filling) return;
  filling = false;
  document.querySelector("#work select, #work input:not([type=hidden])")?.focus();
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
document.addEventListener("htmx:after:swap", focusForm);

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

// The window works by F-keys: what a key names is pressed, opened, or given the focus.
document.addEventListener("keydown", (event) => {
  if (!/^F\d+$/.test(event.key) || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  const named = document.querySelector(`[data-key="${event.key}"]`);
  if (!named) return;
  event.preventDefault();
  if (named.matches("button, a")) named.click();
  else {
    named.focus();
    named.select?.();
  }
});

// The help of a page opens over it; without a script the link leads to the same words. F1 opens it from anywhere.
const asks = document.querySelector("[data-action=help]");
const help = document.getElementById("help");
if (asks && help) {
  const open = async () => {
    if (!help.firstElementChild.firstElementChild) {
      const answer = await fetch(asks.href, { credentials: "same-origin" }).catch(() => null);
      const text = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").getElementById("help-text");
      if (!text) {
        location.href = asks.href;
        return;
      }
      text.removeAttribute("aria-label");
      help.firstElementChild.append(text);
    }
    if (!help.open) help.showModal();
  };
  asks.addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open();
  });
  document.addEventListener("keydown", (event) => {
    const asked = event.key === "F1" || (event.key === "?" && event.target.closest?.("[data-action=help], #help"));
    if (!asked || document.querySelector('[data-key="F1"]')) return;
    event.preventDefault();
    open();
  });
}
