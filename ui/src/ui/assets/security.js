// What the pages of logins gain from a script; each says what to do without it.
"use strict";

// Codes that are shown once can be copied and printed with one click.
function addCodeButtons(box) {
  const list = document.getElementById(box.dataset.codes);
  const codes = [...list.querySelectorAll("li")].map((entry) => entry.textContent.trim());
  const add = (label, act) => {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "kern-btn kern-btn--secondary";
    const text = document.createElement("span");
    text.className = "kern-label";
    text.textContent = label;
    button.append(text);
    button.addEventListener("click", () => act(text));
    box.append(button);
  };
  if (navigator.clipboard) {
    add(box.dataset.copy, async (text) => {
      await navigator.clipboard.writeText(codes.join("\n"));
      text.textContent = box.dataset.copied;
    });
  }
  add(box.dataset.print, () => window.print());
}

document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("[data-codes]").forEach(addCodeButtons);
});
