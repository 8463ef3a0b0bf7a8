// Files and folders dropped anywhere on the form are taken as if chosen. Without this the two fields do.
const form = document.querySelector("form[data-takes-files]");
const chosen = form?.querySelector("#files");

async function* filesOf(entry) {
  if (entry.isFile) {
    yield await new Promise((found, lost) => entry.file(found, lost));
    return;
  }
  const reader = entry.createReader();
  for (;;) {
    const some = await new Promise((found, lost) => reader.readEntries(found, lost));
    if (!some.length) return;
    for (const inner of some) yield* filesOf(inner);
  }
}

form?.addEventListener("dragover", (event) => {
  event.preventDefault();
  form.classList.add("over");
});
form?.addEventListener("dragleave", () => form.classList.remove("over"));
form?.addEventListener("drop", async (event) => {
  event.preventDefault();
  form.classList.remove("over");
  const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry()).filter(Boolean);
  const taken = new DataTransfer();
  for (const entry of entries) for await (const file of filesOf(entry)) if (!file.name.startsWith(".")) taken.items.add(file);
  chosen.files = taken.files;
  chosen.focus();
});

// A field left empty sends a file without a name: it is not sent at all.
form?.addEventListener("submit", () => {
  for (const field of form.querySelectorAll("input[type=file]")) field.disabled = field.files.length === 0 && field.id === "folder";
});
