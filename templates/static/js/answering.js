// One screen of questions: each answer is saved as soon as it is typed; what can't be saved is kept on this device and sent later.
"use strict";

const PAUSE_MS = 1500;
const RETRY_MS = 10000;
const NOT_SAVED_ALONE = /_(comment|files|attached)$/;

// ---- What the server has, and what differs from it ----

function isTicked(control) {
  return control.type === "radio" || control.type === "checkbox";
}

function shownValue(control) {
  if (control.tagName !== "SELECT") {
    return control.defaultValue;
  }
  const options = [...control.options];
  return (options.find((option) => option.defaultSelected) ?? options[0])?.value ?? "";
}

function isChanged(control) {
  return isTicked(control) ? control.checked !== control.defaultChecked : control.value !== shownValue(control);
}

function answerControls(scope) {
  return [...scope.querySelectorAll("input:not([type=hidden]):not([type=file]), select, textarea")];
}

function takeAsSaved(control) {
  if (isTicked(control)) {
    control.defaultChecked = control.checked;
  } else if (control.tagName === "SELECT") {
    [...control.options].forEach((option) => { option.defaultSelected = option.selected; });
  } else {
    control.defaultValue = control.value;
  }
}

function stampOf(card) {
  return card.querySelector("input[name$=_stamp]");
}

// All of it where the page itself says that it could not be stored.
function changedControls(form) {
  return answerControls(form).filter((control) => ("unsaved" in form.dataset && (!isTicked(control) || control.checked)) || isChanged(control));
}

function unsavedCards(form) {
  return [...form.querySelectorAll("[data-question]")].filter((card) =>
    answerControls(card).some((control) => !NOT_SAVED_ALONE.test(control.name) && isChanged(control)));
}

// ---- Kept on this device ----

function keepTyped(form, key) {
  const changed = changedControls(form).filter((control) => !isTicked(control) || control.checked);
  if (!changed.length) {
    forget(key);
    return;
  }
  const values = Object.fromEntries(changed.map((control) => [control.name, control.value]));
  const stamps = Object.fromEntries(changed.map((control) => stampOf(control.closest("[data-question]"))).map((stamp) => [stamp.name, stamp.value]));
  writeKept(key, { at: Date.now(), values, stamps, sent: false });
}

// Also the stamps: if somebody else has answered meanwhile, the server must learn what this person had seen.
function restoreTyped(form, kept) {
  Object.entries({ ...kept.stamps, ...kept.values }).forEach(([name, value]) => {
    const found = form.elements[name];
    if (!found) {
      return;
    }
    found.value = value;
    const control = found instanceof RadioNodeList ? found[0] : found;
    if (control.type !== "hidden") {
      openAround(control);
    }
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

function openAround(control) {
  for (let details = control.closest("details"); details; details = details.parentElement.closest("details")) {
    details.open = true;
  }
}

function isStored(form, kept) {
  return Object.entries(kept.values).every(([name, value]) => {
    const found = form.elements[name];
    const shown = found instanceof RadioNodeList ? [...found].find((radio) => radio.defaultChecked)?.value : found && shownValue(found);
    return !found || shown === value;
  });
}

function showRestored(form, key, at) {
  const note = form.querySelector("[data-restored]");
  const time = new Date(at).toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  note.querySelector("[data-typed-at]").textContent = time;
  note.hidden = false;
  note.querySelector("[data-discard]").addEventListener("click", () => discard(form, key));
}

// Back to what the server has, stamps included.
function discard(form, key) {
  const boxes = answerControls(form);
  form.reset();
  form.querySelectorAll("input[name$=_stamp]").forEach((stamp) => { stamp.value = stamp.defaultValue; });
  boxes.forEach((control) => control.dispatchEvent(new Event("input", { bubbles: true })));
  forget(key);
  form.querySelector("[data-restored]").hidden = true;
}

// ---- Saving ----

function bodyOf(form, cards) {
  const body = new URLSearchParams([["csrf_token", form.elements.csrf_token.value]]);
  cards.forEach((card) => {
    const controls = [stampOf(card), ...card.querySelectorAll("input[name$=_unit]"), ...answerControls(card)];
    controls
      .filter((control) => !NOT_SAVED_ALONE.test(control.name) && (!isTicked(control) || control.checked))
      .forEach((control) => body.set(control.name, control.value));
  });
  return body;
}

function showError(card, field, message) {
  const id = `error-${field}`;
  const box = card.querySelector(`#field-${field}`);
  card.querySelector(`#${id}`)?.remove();
  box.closest(".field").classList.toggle("field-invalid", Boolean(message));
  const described = (box.getAttribute("aria-describedby") ?? "").split(" ").filter((part) => part && part !== id);
  if (message) {
    const line = document.createElement("p");
    Object.assign(line, { id, className: "field-error", textContent: message });
    (box.closest(".input-row") ?? box).before(line);
    described.push(id);
    box.setAttribute("aria-invalid", "true");
  } else {
    box.removeAttribute("aria-invalid");
  }
  box.setAttribute("aria-describedby", described.join(" "));
}

function showAnswer(card, field, answer) {
  const stamp = stampOf(card);
  stamp.value = answer.stamp;
  stamp.defaultValue = answer.stamp;
  showError(card, field, answer.error);
  card.querySelector("[data-notes]").innerHTML = answer.notes; // made by our own template, everything typed escaped
  const output = card.querySelector("output");
  if (output) {
    output.textContent = answer.converted ? `= ${answer.converted}` : "";
  }
}

function showProgress(progress) {
  const bar = document.querySelector(".sticky-bar .progress");
  bar.querySelector("span").textContent = progress.label;
  bar.querySelector("progress").value = progress.answered;
}

class Saver {
  constructor(form, key) {
    this.form = form;
    this.key = key;
    this.status = document.querySelector("[data-saved]");
    this.clear = document.querySelector(".sticky-bar [data-clear]");
    this.restored = new Set(); // what was restored waits until the person has seen it
    this.sending = null;
    this.timer = 0;
  }

  cards() {
    return unsavedCards(this.form).filter((card) => !this.restored.has(card));
  }

  later(pause) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.save(), pause);
  }

  say(words, isKept) {
    this.status.textContent = words;
    this.clear.hidden = !isKept;
  }

  // Resolves to whether everything is saved.
  save() {
    clearTimeout(this.timer);
    this.sending ??= this.send().finally(() => { this.sending = null; });
    return this.sending;
  }

  async send() {
    for (let cards = this.cards(); cards.length; cards = this.cards()) {
      const controls = cards.flatMap(answerControls).filter((control) => !NOT_SAVED_ALONE.test(control.name));
      const sent = controls.map((control) => [control, control.value, control.checked]);
      this.say(this.status.dataset.saving, !this.clear.hidden); // a button does not vanish under a finger
      const answer = await this.post(cards);
      if (!answer) {
        return false;
      }
      sent.filter(([control, value, checked]) => control.value === value && control.checked === checked)
        .forEach(([control]) => takeAsSaved(control));
      cards.forEach((card) => showAnswer(card, card.dataset.question, answer.fields[card.dataset.question]));
      showProgress(answer.progress);
      keepTyped(this.form, this.key);
      this.say(answer.saved, false);
    }
    return true;
  }

  async post(cards) {
    const request = { method: "POST", headers: { Accept: "application/json" }, body: bodyOf(this.form, cards), keepalive: true };
    let response;
    try {
      response = await fetch(`${this.form.getAttribute("action")}/save`, request);
    } catch {
      this.say(this.status.dataset.offline, true);
      this.later(RETRY_MS);
      return null;
    }
    if (response.ok) {
      return response.json();
    }
    await this.refused(response);
    return null;
  }

  async refused(response) {
    if (response.status === 401 || response.status === 403) {
      this.say(this.status.dataset.signedOut, true);
      return;
    }
    const problem = await response.json().catch(() => ({}));
    const detail = problem.errors?.[0]?.detail ?? problem.detail ?? "";
    this.say(`${this.status.dataset.refused} ${detail}`, true);
  }
}

function cardOf(event) {
  return event.target.closest("[data-question]");
}

function saveWhileTyping(form, saver) {
  const note = (event) => {
    keepTyped(form, saver.key);
    if (event.isTrusted && cardOf(event)) {
      saver.restored.delete(cardOf(event));
      saver.later(event.type === "change" ? 0 : PAUSE_MS);
    }
  };
  form.addEventListener("input", note);
  form.addEventListener("change", note);
  window.addEventListener("online", () => saver.save());
  document.addEventListener("visibilitychange", () => document.visibilityState === "hidden" && saver.save());
  window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  window.addEventListener("beforeunload", (event) => !deviceStorage() && unsavedCards(form).length && event.preventDefault());
}

// The form itself must not overtake an answer under way, or the server would take this person for two.
function sendAfterSaving(form, saver) {
  form.addEventListener("submit", (event) => {
    if (!saver.sending && navigator.onLine) {
      clearTimeout(saver.timer);
      const typed = readKept(saver.key);
      if (typed) {
        writeKept(saver.key, { ...typed, sent: true });
      }
      return;
    }
    event.preventDefault();
    event.stopImmediatePropagation();
    if (!navigator.onLine) {
      saver.say(saver.status.dataset.offline, true);
      return;
    }
    saver.sending.finally(() => form.requestSubmit(event.submitter));
  }, { capture: true });
}

function saveBeforeLeaving(saver) {
  document.addEventListener("click", (event) => {
    const link = event.target.closest("a[href]");
    const leaves = link && !link.hash && !link.target && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (leaves && (saver.sending || saver.cards().length)) {
      event.preventDefault();
      saver.save().finally(() => { if (navigator.onLine) { location.href = link.href; } });
    }
  });
}

function sendFilesAtOnce(form) {
  form.querySelectorAll("input[type=file]").forEach((control) => {
    control.addEventListener("change", () => control.files.length && form.requestSubmit(cardOf({ target: control }).querySelector("[name=attach]")));
  });
}

// On a slow phone somebody types before this script has come.
function saveTypedEarly(form, saver) {
  if (!("unsaved" in form.dataset) && saver.cards().length) {
    keepTyped(form, saver.key);
    saver.later(0);
  }
}

function enableAnswering(form) {
  const key = keyOf(form.dataset.keep, location.pathname);
  const kept = readKept(key);
  const saver = new Saver(form, key);
  if (kept && !isStored(form, kept)) {
    showRestored(form, key, kept.at);
    restoreTyped(form, kept);
    unsavedCards(form).forEach((card) => saver.restored.add(card));
  } else if (!("unsaved" in form.dataset)) {
    forget(key);
  }
  saver.clear.addEventListener("click", () => {
    discard(form, key);
    forgetAll();
    saver.say("", false);
  });
  saveWhileTyping(form, saver);
  sendAfterSaving(form, saver);
  saveBeforeLeaving(saver);
  sendFilesAtOnce(form);
  saveTypedEarly(form, saver);
}

document.querySelectorAll("form[data-keep]").forEach(enableAnswering);
