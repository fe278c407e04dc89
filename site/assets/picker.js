// A box that finds a model by a few letters: for comparing and calculating.

import { make } from "./common.js";
import { found, list } from "./list.js";

const MOST = 12;

/** Call `chosen` with the id of every model that the reader picks. */
export function picker(chosen) {
  const box = document.getElementById("pick");
  const options = document.getElementById("found");
  let at = -1;

  async function suggest() {
    const text = box.value.trim();
    const rows = text ? found((await list(text)).rows, text).slice(0, MOST) : [];
    if (text !== box.value.trim()) return;
    at = rows.length ? 0 : -1;
    options.replaceChildren(...rows.map((row, number) => make("li", { role: "option", id: `option-${number}`, "data-id": row.id, "aria-selected": String(number === at) },
      make("bdi", {}, row.name), make("bdi", { class: "id" }, row.id))));
    show(rows.length > 0);
  }

  function show(open) {
    options.hidden = !open;
    box.setAttribute("aria-expanded", String(open));
    if (open && at >= 0) box.setAttribute("aria-activedescendant", `option-${at}`);
    else box.removeAttribute("aria-activedescendant");
  }

  function move(step) {
    const all = [...options.children];
    if (!all.length) return;
    at = (at + step + all.length) % all.length;
    all.forEach((each, number) => each.setAttribute("aria-selected", String(number === at)));
    all[at].scrollIntoView({ block: "nearest" });
    show(true);
  }

  function take(option) {
    if (!option) return;
    box.value = "";
    show(false);
    chosen(option.dataset.id);
  }

  box.addEventListener("input", suggest);
  box.addEventListener("focus", () => list());
  box.addEventListener("blur", () => setTimeout(() => show(false), 150));
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown") move(1);
    else if (event.key === "ArrowUp") move(-1);
    else if (event.key === "Enter") take(options.hidden ? null : options.children[at]);
    else if (event.key === "Escape") show(false);
    else return;
    event.preventDefault();
  });
  options.addEventListener("pointerdown", (event) => {
    event.preventDefault();
    take(event.target.closest("li"));
  });
  box.form?.addEventListener("submit", (event) => event.preventDefault());
}
