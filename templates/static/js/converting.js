// Converted values while somebody types.
"use strict";

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

document.querySelectorAll("[data-converted]").forEach(enableConversion);
