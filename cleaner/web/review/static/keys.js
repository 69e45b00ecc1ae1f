// Which key does what.

const NAMED = {
  ArrowDown: "down",
  ArrowUp: "up",
  j: "down",
  k: "up",
  Home: "first",
  End: "last",
  Escape: "clear",
  n: "next",
  p: "previous",
  u: "undo",
  d: "done",
  x: "takeBack",
  Delete: "takeBack",
  Backspace: "takeBack",
  " ": "unsure",
  "/": "find",
  "?": "help",
};
const FIELDS = "input:not([type=checkbox]), select, textarea";

// Whether a key is for a field, a menu or a button rather than for the review.
export function isTyping(event) {
  const target = event.target;
  if (target.closest?.(FIELDS)) return event.key !== "Escape" || leave(target);
  const isPressing = event.key === " " || event.key === "Enter";
  return isPressing && Boolean(target.closest?.("button, a, summary, input"));
}

// Out of a field, and what was typed there is gone; whether there was anything.
function leave(field) {
  field.blur();
  if (field.type !== "search" || !field.value) return false;
  field.value = "";
  field.dispatchEvent(new Event("input"));
  return true;
}

// The letter of a key; on a keyboard of another script the one that a Latin keyboard has there.
function letter(event) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const isForeign = key.length === 1 && key > "\u007f" && /^Key[A-Z]$/.test(event.code);
  return isForeign ? event.code.slice(3).toLowerCase() : key;
}

// What a key does: the name of an action, or a label; null where it is not ours.
export function actionOf(event, labels) {
  const key = letter(event);
  if (event.ctrlKey || event.metaKey) {
    if (event.altKey || event.shiftKey) return null;
    return key === "z" ? { name: "undo" } : key === "a" ? { name: "all" } : null;
  }
  if (event.altKey) return null;
  if (key === "d" && event.shiftKey) return { name: "doneTo" };
  if (Object.hasOwn(NAMED, key)) return { name: NAMED[key] };
  return labels.has(key) && !event.shiftKey ? { label: labels.get(key) } : null;
}
