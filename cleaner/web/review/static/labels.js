// The labels as buttons, each with its key; and what is told of the selected block.

export class Labels {
  constructor(bar, help, labels, onLabel) {
    this.labels = labels;
    this.keys = new Map(labels.map((one) => [one.key, one.label]));
    this.kept = new Set(labels.filter((one) => one.kept).map((one) => one.label));
    this.buttons = labels.map((one) => this.button(one, onLabel));
    bar.append(...this.buttons);
    help.append(...labels.map((one) => this.line(one)));
    bar.addEventListener("keydown", (event) => this.walk(event));
  }

  button(one, onLabel) {
    const button = document.createElement("button");
    button.type = "button";
    button.dataset.label = one.label;
    button.className = one.kept ? "kept" : "";
    button.tabIndex = one === this.labels[0] ? 0 : -1;
    button.setAttribute("aria-keyshortcuts", one.key);
    const key = document.createElement("kbd");
    key.textContent = one.key;
    button.append(key, ` ${one.label.replace("_", " ")}`);
    button.addEventListener("click", () => onLabel(one.label));
    return button;
  }

  line(one) {
    const line = document.createElement("div");
    line.dataset.label = one.label;
    const term = document.createElement("dt");
    const key = document.createElement("kbd");
    key.textContent = one.key;
    term.append(key);
    const told = document.createElement("dd");
    told.textContent = one.label.replace("_", " ") + (one.hint && !one.label.startsWith(one.hint) ? ` (${one.hint})` : "");
    line.append(term, told);
    return line;
  }

  // A toolbar is one stop of the Tab key; the arrows walk in it.
  walk(event) {
    const by = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: 1, ArrowUp: -1 }[event.key];
    const at = this.buttons.indexOf(document.activeElement);
    if (!by || at < 0) return;
    event.preventDefault();
    event.stopPropagation();
    const to = this.buttons[(at + by + this.buttons.length) % this.buttons.length];
    for (const button of this.buttons) button.tabIndex = button === to ? 0 : -1;
    to.focus();
  }

  mark(labels) {
    for (const button of this.buttons) button.classList.toggle("on", labels.has(button.dataset.label));
    this.buttons.find((button) => labels.has(button.dataset.label))?.scrollIntoView({ block: "nearest", inline: "nearest" });
  }
}
