// Small improvements only: every page works without this file.
"use strict";

function copyText(text, source) {
  if (navigator.clipboard && window.isSecureContext) {
    return navigator.clipboard.writeText(text);
  }
  source.select();
  return document.execCommand("copy") ? Promise.resolve() : Promise.reject(new Error("copy refused"));
}

function enableCopyButton(button) {
  const source = document.getElementById(button.dataset.copy);
  const label = button.textContent;
  button.hidden = false;
  button.addEventListener("click", () => {
    copyText(source.value, source).then(
      () => {
        button.textContent = button.dataset.copied;
        setTimeout(() => { button.textContent = label; }, 2000);
      },
      () => source.select(),
    );
  });
}

function enableAutosubmit(form) {
  form.querySelectorAll("[data-autosubmit-button]").forEach((button) => { button.hidden = true; });
  form.addEventListener("change", (event) => {
    if (event.target.matches("select, input[type=checkbox], input[type=radio]")) {
      form.requestSubmit();
    }
  });
}

// A second press while the first request is under way would only be refused by its idempotency key.
function preventSecondSubmit(form) {
  let submitted = false;
  form.addEventListener("submit", (event) => {
    if (submitted) {
      event.preventDefault();
    }
    submitted = true;
  });
  window.addEventListener("pageshow", () => { submitted = false; });
}

function closeMenusOutside(event) {
  document.querySelectorAll("details.user-menu[open]").forEach((menu) => {
    if (event.key === "Escape" || (event.type === "click" && !menu.contains(event.target))) {
      menu.open = false;
    }
  });
}

// ---- Converted values while somebody types ----
// Reads numbers as service/submissions/parsing.py does and shows them as supplier_portal/fields.py does;
// what can't be read shows nothing here, because the server says why.

const LONGEST_NUMBER = 40;
const SHOWN_DIGITS = 7;
const WRITTEN_OUT = [1e-9, 1e15];
const PLAIN_NUMBER = /^\+?(?:[0-9]+(?:\.[0-9]*)?(?:[eE][+-]?[0-9]{1,3})?|\.[0-9]+)$/;
const COMMA_GROUPS = /^\+?[0-9]{1,3}(?:,[0-9]{3})+(?:\.[0-9]*)?$/;
const SPACE_GROUPS = /^\+?[0-9]{1,3}(?: [0-9]{3})+(?:\.[0-9]*)?$/;

// The typed number as an exact fraction of two whole numbers, or null.
function readNumber(typed) {
  const text = typed.normalize("NFKC").replace(/\s+/g, " ").trim();
  if (text.length > LONGEST_NUMBER || ![PLAIN_NUMBER, COMMA_GROUPS, SPACE_GROUPS].some((form) => form.test(text))) {
    return null;
  }
  const [mantissa, exponent = "0"] = text.replace(/^\+|[, ]/g, "").toLowerCase().split("e");
  const [whole, decimals = ""] = mantissa.split(".");
  const power = Number(exponent) - decimals.length;
  const digits = BigInt(whole + decimals);
  return power < 0 ? [digits, 10n ** BigInt(-power)] : [digits * 10n ** BigInt(power), 1n];
}

function formatConverted([over, under]) {
  if (over % under === 0n && over / under < BigInt(WRITTEN_OUT[1])) {
    return new Intl.NumberFormat(document.documentElement.lang).format(over / under);
  }
  const value = Number(`${(over * 10n ** 30n) / under}e-30`);
  if (value < WRITTEN_OUT[0] || value >= WRITTEN_OUT[1]) {
    return "";
  }
  const rounded = Number(value.toPrecision(SHOWN_DIGITS));
  return new Intl.NumberFormat(document.documentElement.lang, { maximumSignificantDigits: SHOWN_DIGITS }).format(rounded);
}

function convert(typed, factor) {
  const number = readNumber(typed);
  if (!number || !factor) {
    return "";
  }
  const [over, under = "1"] = factor.split("/");
  return formatConverted([number[0] * BigInt(over), number[1] * BigInt(under)]);
}

function enableConversion(output) {
  const field = output.closest(".field");
  const typed = field.querySelector("input.input-number");
  const units = field.querySelector("select");
  function show() {
    const chosen = units.selectedOptions[0];
    const shown = convert(typed.value, chosen.dataset.factor);
    output.textContent = shown ? `= ${shown} ${chosen.dataset.unit}` : "";
  }
  field.addEventListener("input", show);
}

// ---- Typed answers outlive a lost connection or an ended session ----
// Kept in this tab only, under the address of the screen, until the server has stored them.

const KEPT = "anodeprint:";

// Null where the browser keeps nothing for us; the warning before leaving remains.
function tabStorage() {
  try {
    return window.sessionStorage;
  } catch {
    return null;
  }
}

function readKept(key) {
  return JSON.parse(tabStorage()?.getItem(key) ?? "null");
}

function writeKept(key, kept) {
  try {
    tabStorage()?.setItem(key, JSON.stringify(kept));
  } catch {
    // Full: the warning before leaving remains.
  }
}

function forget(key) {
  tabStorage()?.removeItem(key);
}

function keptKeys() {
  return Object.keys(tabStorage() ?? {}).filter((key) => key.startsWith(KEPT));
}

// The page after a form was sent says what became of it: ours with a message means that it was stored.
function settleSent() {
  const isStored = document.querySelector("[data-flashes]") !== null;
  keptKeys().forEach((key) => {
    const kept = readKept(key);
    const questionnaire = key.slice(KEPT.length).split("/").slice(0, -1).join("/");
    if (kept?.sent && isStored && `${location.pathname}/`.startsWith(`${questionnaire}/`)) {
      forget(key);
    } else if (kept?.sent) {
      writeKept(key, { ...kept, sent: false });
    }
  });
}

function shownValue(control) {
  if (control.tagName !== "SELECT") {
    return control.defaultValue;
  }
  const options = [...control.options];
  return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

function stampOf(control) {
  return control.closest("section")?.querySelector("input[name$=_stamp]");
}

// What differs from what the server has; all of it where the page itself says that it could not be stored.
function changedControls(form) {
  const controls = [...form.elements].filter((control) => control.matches("input:not([type=hidden]), select, textarea"));
  return controls.filter((control) => "unsaved" in form.dataset || control.value !== shownValue(control));
}

function keepTyped(form, key) {
  const changed = changedControls(form);
  if (!changed.length) {
    forget(key);
    return;
  }
  const values = Object.fromEntries(changed.map((control) => [control.name, control.value]));
  const stamps = Object.fromEntries(changed.map(stampOf).filter(Boolean).map((stamp) => [stamp.name, stamp.value]));
  writeKept(key, { at: Date.now(), values, stamps, sent: false });
}

// Also the stamps: if somebody else has answered meanwhile, the server must learn what this person had seen.
function restoreTyped(form, kept) {
  Object.entries({ ...kept.stamps, ...kept.values }).forEach(([name, value]) => {
    const control = form.elements[name];
    if (control) {
      control.value = value;
      if (control.closest("details")) {
        control.closest("details").open = true;
      }
      control.dispatchEvent(new Event("input", { bubbles: true }));
    }
  });
}

function showRestored(form, key, at) {
  const note = form.querySelector("[data-restored]");
  const stamps = [...form.querySelectorAll("input[name$=_stamp]")].map((stamp) => [stamp, stamp.defaultValue]);
  const time = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  note.querySelector("[data-typed-at]").textContent = time;
  note.hidden = false;
  note.querySelector("[data-discard]").addEventListener("click", () => {
    restoreTyped(form, { values: Object.fromEntries(changedControls(form).map((control) => [control.name, shownValue(control)])) });
    stamps.forEach(([stamp, value]) => { stamp.value = value; });
    forget(key);
    note.hidden = true;
  });
}

function isStored(form, kept) {
  return Object.entries(kept.values).every(([name, value]) => !form.elements[name] || shownValue(form.elements[name]) === value);
}

function enableKeeping(form) {
  const key = KEPT + location.pathname;
  const kept = readKept(key);
  let leaving = false;
  if (kept && !isStored(form, kept)) {
    showRestored(form, key, kept.at);
    restoreTyped(form, kept);
  } else if (!("unsaved" in form.dataset)) {
    forget(key);
  }
  form.addEventListener("input", () => keepTyped(form, key));
  form.addEventListener("submit", () => {
    leaving = true;
    const typed = readKept(key);
    if (typed) {
      writeKept(key, { ...typed, sent: true });
    }
  });
  window.addEventListener("pageshow", () => { leaving = false; });
  window.addEventListener("beforeunload", (event) => {
    if (!leaving && changedControls(form).length) {
      event.preventDefault();
    }
  });
}

function forgetOnSignOut(form) {
  form.addEventListener("submit", () => keptKeys().forEach((key) => forget(key)));
}

document.querySelectorAll("[data-copy]").forEach(enableCopyButton);
document.querySelectorAll("form[data-autosubmit]").forEach(enableAutosubmit);
document.querySelectorAll("form[method=post]").forEach(preventSecondSubmit);
document.querySelectorAll("[data-focus]").forEach((element) => element.focus());
document.querySelectorAll("[data-print]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => window.print());
});
document.addEventListener("click", closeMenusOutside);
document.addEventListener("keydown", closeMenusOutside);
document.querySelectorAll("[data-converted]").forEach(enableConversion);
document.querySelectorAll("form[action='/sign-out']").forEach(forgetOnSignOut);
settleSent();
document.querySelectorAll("form[data-keep]").forEach(enableKeeping);
