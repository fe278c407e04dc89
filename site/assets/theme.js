// Before the first paint: the reader's choice of light or dark, and that scripts run at all.
try {
  const chosen = localStorage.getItem("gatelog-theme");
  if (chosen) document.documentElement.dataset.theme = chosen;
  const unit = localStorage.getItem("gatelog-unit");
  if (unit) document.documentElement.dataset.unit = unit;
} catch {
  // without storage the system's choice stands
}
document.documentElement.classList.add("js");
