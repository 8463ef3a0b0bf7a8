// Runs in the head, before anything is drawn, so that a chosen dark page never flashes white.
try {
  const saved = localStorage.getItem("theme");
  if (saved === "dark" || saved === "light") document.documentElement.dataset.theme = saved;
} catch {
  // Storage may be closed to us; then the system's choice stands.
}
