// What the letter's QR code and the form for activation codes gain from a script; both work without it.
"use strict";

// A QR code opens /customers#nummer=…&code=…. The fragment never leaves the browser. It goes out of the address bar at
// once, and what it said waits in this browser through login and registration, whose mailed link opens another tab:
// until it is sent, and for an hour at most, because others may use the machine too (DESIGN 6).
const carried = {
  name: "activation-code",
  longest: 60,
  keptFor: 60 * 60 * 1000,

  take() {
    const said = new URLSearchParams(location.hash.slice(1));
    const number = said.get("nummer");
    const code = said.get("code");
    if (!number || !code) return;
    history.replaceState(history.state, "", location.pathname + location.search);
    if (number.length > this.longest || code.length > this.longest) return;
    localStorage.setItem(this.name, JSON.stringify({ number, code, until: Date.now() + this.keptFor }));
  },

  kept() {
    const said = JSON.parse(localStorage.getItem(this.name) ?? "null");
    if (said && said.until > Date.now()) return said;
    localStorage.removeItem(this.name);
    return null;
  },

  fill(form) {
    const said = this.kept();
    if (!said) return;
    form.elements.namedItem("number").value = said.number;
    form.elements.namedItem("code").value = said.code;
    form.addEventListener("submit", () => localStorage.removeItem(this.name));
  },
};

// The same rule as on the server (ADR 0012): whoever mistypes is told beside the field, before anything is sent.
const typing = {
  alphabet: "346789BCDFGHJKMPQRTVWXY",
  label: /^\s*(?:freischalt-?\s?code|activation\s+code|code)\s*[:=]?\s*/i,
  ignored: /[\s\u00a0\u200b\u2010-\u2014\u202f\u2212\ufeff-]/g,

  problem(typed, says) {
    const code = typed.replace(this.label, "").toUpperCase().replace(this.ignored, "");
    if (!code) return "";
    const places = [...code].map((symbol) => this.alphabet.indexOf(symbol));
    const foreign = places.indexOf(-1);
    if (foreign >= 0) return says.symbol.replace("§", [...code][foreign]);
    if (places.length !== 12) return says.length;
    const sum = places.reduce((total, place, index) => total + (index + 1) * place, 0);
    return sum % 23 === 0 ? "" : says.check;
  },

  watch(note) {
    const input = document.getElementById(note.dataset.typo);
    const tell = () => {
      note.textContent = this.problem(input.value, note.dataset);
      note.hidden = !note.textContent;
    };
    input.addEventListener("change", tell);
    input.addEventListener("input", () => { if (!note.hidden) tell(); });
  },
};

carried.take();
addEventListener("hashchange", () => {
  carried.take();
  document.querySelectorAll("form[data-carried]").forEach((form) => carried.fill(form));
});
document.addEventListener("DOMContentLoaded", () => {
  document.querySelectorAll("form[data-carried]").forEach((form) => carried.fill(form));
  document.querySelectorAll("[data-waits]").forEach((hint) => { hint.hidden = !carried.kept(); });
  document.querySelectorAll("[data-typo]").forEach((note) => typing.watch(note));
});
