// A box to try the catalog: an id and a gateway become a path, and the file is shown.

import { absolute, recordPath, root } from "./common.js";

const form = document.getElementById("try");
const asked = document.getElementById("asked");
const shown = document.getElementById("answer");

async function ask() {
  const path = recordPath(form.elements.id.value.trim(), form.elements.gateway.value);
  if (!path) {
    shown.textContent = "That cannot be an id: organisation/model, up to 512 characters.";
    return;
  }
  asked.textContent = absolute(root + path);
  const answered = await fetch(root + path);
  shown.textContent = answered.ok ? await answered.text() : `${answered.status}: there is no such file. Look it up in catalog/index.json, or search on the home page.`;
}

form.addEventListener("submit", (event) => {
  event.preventDefault();
  ask().catch(() => { shown.textContent = "The file could not be read."; });
});
asked.textContent = absolute(root + recordPath(form.elements.id.value));
