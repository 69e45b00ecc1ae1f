// The list of pages, the least certain first. Only the rows in view are in the document: there may be thousands.

const ROW = 52;
const AROUND = 8;

export class Pages {
  constructor(scroll, onOpen) {
    this.scroll = scroll;
    this.list = scroll.querySelector("ol");
    this.onOpen = onOpen;
    this.entries = new Map();
    this.order = [];
    this.current = null;
    this.words = "";
    this.hideDone = false;
    scroll.addEventListener("scroll", () => this.draw(), { passive: true });
    new ResizeObserver(() => this.draw()).observe(scroll);
    this.list.addEventListener("click", (event) => {
      const link = event.target.closest("a");
      if (!link || event.ctrlKey || event.metaKey) return;
      event.preventDefault();
      onOpen(Number(link.dataset.id));
    });
  }

  take(entries) {
    for (const entry of entries) this.entries.set(entry.id, entry);
    if (entries.length) this.sort();
  }

  sort() {
    const words = this.words.toLowerCase();
    this.order = [...this.entries.values()]
      .filter((one) => !words || `${one.title}\n${one.name}`.toLowerCase().includes(words))
      .filter((one) => !this.hideDone || !one.done || one.id === this.current)
      .sort((a, b) => b.doubt - a.doubt || a.id - b.id)
      .map((one) => one.id);
    this.draw();
  }

  // The next page in the list that is not done; the one before, whatever it is.
  next() {
    const at = this.order.indexOf(this.current);
    const ahead = [...this.order.slice(at + 1), ...this.order.slice(0, Math.max(0, at))];
    return ahead.find((id) => !this.entries.get(id).done) ?? null;
  }

  previous() {
    const at = this.order.indexOf(this.current);
    return at > 0 ? this.order[at - 1] : null;
  }

  show(id) {
    this.current = id;
    const at = this.order.indexOf(id);
    const top = at * ROW;
    const box = this.scroll;
    if (at >= 0 && (top < box.scrollTop || top + ROW > box.scrollTop + box.clientHeight)) {
      box.scrollTop = top - box.clientHeight / 3;
    }
    this.draw();
  }

  draw() {
    const { scroll, list, order } = this;
    list.style.height = `${order.length * ROW}px`;
    const first = Math.max(0, Math.floor(scroll.scrollTop / ROW) - AROUND);
    const last = Math.min(order.length, Math.ceil((scroll.scrollTop + scroll.clientHeight) / ROW) + AROUND);
    const held = list.contains(document.activeElement) ? document.activeElement.dataset.id : null;
    list.replaceChildren(...order.slice(first, last).map((id, i) => this.row(this.entries.get(id), first + i)));
    if (held !== null) list.querySelector(`[data-id="${held}"]`)?.focus({ preventScroll: true });
  }

  row(entry, at) {
    const item = document.createElement("li");
    item.style.top = `${at * ROW}px`;
    item.setAttribute("aria-setsize", this.order.length);
    item.setAttribute("aria-posinset", at + 1);
    const link = document.createElement("a");
    link.href = `#${entry.id}`;
    link.dataset.id = entry.id;
    if (entry.id === this.current) link.setAttribute("aria-current", "page");
    if (entry.done) link.classList.add("done");
    const title = document.createElement("span");
    title.className = "t";
    title.dir = "auto";
    title.textContent = entry.title || entry.name;
    const facts = document.createElement("span");
    facts.className = "f";
    const marks = [
      entry.done ? "✓ done" : "",
      entry.corrected ? `${entry.corrected} corrected` : "",
      `${Math.round(entry.doubt * 100)} % unsure`,
      entry.title ? entry.name.split("/").slice(-2).join("/") : `${entry.blocks} blocks`,
    ];
    facts.textContent = marks.filter(Boolean).join(" · ");
    link.title = entry.name;
    link.append(title, facts);
    item.append(link);
    return item;
  }
}
