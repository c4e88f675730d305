// What pages gain from a script; each works without it.
"use strict";

// The error summary is read first: it takes the focus when the page opens.
function focusMarked() {
  const marked = document.querySelector("[data-focus]");
  if (marked) marked.focus();
}

// Passwords can be looked at while typing, and never leave the page as text.
function addShowButton(box) {
  const input = box.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "show-password";
  button.setAttribute("aria-controls", input.id);
  const show = (visible) => {
    input.type = visible ? "text" : "password";
    button.textContent = visible ? box.dataset.hide : box.dataset.show;
    button.setAttribute("aria-label", visible ? box.dataset.hideLabel : box.dataset.showLabel);
  };
  button.addEventListener("click", () => {
    show(input.type === "password");
    input.focus();
  });
  if (input.form) input.form.addEventListener("submit", () => show(false));
  show(false);
  box.append(button);
}

// The profile menu closes with Escape and with a click beside it.
function closeMenus(event) {
  for (const menu of document.querySelectorAll("details.menu[open]")) {
    const escaped = event.type === "keydown" && event.key === "Escape";
    if (escaped || (event.type === "click" && !menu.contains(event.target))) {
      menu.open = false;
      if (escaped) menu.querySelector("summary").focus();
    }
  }
}

// Who goes back finds the form as it was typed, but with a new key, for the page is fetched again. With the key of the
// first time, sending it unchanged is the same action and not a second one.
function keepKeys() {
  const inputs = [...document.querySelectorAll('input[name="idempotency_key"]')];
  const kept = history.state ? history.state.keys : null;
  if (kept && kept.length === inputs.length) {
    inputs.forEach((input, position) => { input.value = kept[position]; });
  } else if (inputs.length) {
    history.replaceState({ ...history.state, keys: inputs.map((input) => input.value) }, "");
  }
}

// On a phone the parts of a place are a line to scroll: it begins where one is.
function showCurrentSection() {
  const current = document.querySelector(".sections [aria-current]");
  if (!current) return;
  const line = current.closest("ul");
  line.scrollLeft = current.offsetLeft - (line.clientWidth - current.offsetWidth) / 2;
}

// While typing, a field tells the server only what its hint is about, and never the rest of the form.
function sendOnlyWhatIsNeeded(event) {
  const { sourceElement, request } = event.detail.ctx;
  const names = sourceElement.dataset.sends;
  if (!names || !(request.body instanceof FormData)) return;
  for (const name of [...request.body.keys()]) if (!names.split(" ").includes(name)) request.body.delete(name);
}

document.addEventListener("htmx:config:request", sendOnlyWhatIsNeeded);
document.addEventListener("DOMContentLoaded", () => {
  showCurrentSection();
  keepKeys();
  document.querySelectorAll("[data-password]").forEach(addShowButton);
  focusMarked();
});
document.addEventListener("click", closeMenus);
document.addEventListener("keydown", closeMenus);
