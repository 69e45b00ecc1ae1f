// The list of a page's blocks: filtered, selected one by one or in runs. A long page's list grows as it is scrolled.

const STEP = 600;

export class Blocks {
  constructor(list, nothing, onSelect) {
    this.list = list;
    this.nothing = nothing;
    this.onSelect = onSelect;
    this.blocks = [];
    this.shown = [];
    this.selected = new Set();
    this.focus = -1;
    this.anchor = -1;
    this.filter = { words: "", label: "", unsure: false, corrected: false };
    this.seen = -1;
    this.isSeveral = false;
    this.sentinel = new IntersectionObserver((found) => found.some((one) => one.isIntersecting) && this.grow());
    list.addEventListener("click", (event) => {
      const item = event.target.closest("[role=option]");
      if (item) this.pick(Number(item.dataset.index), event.shiftKey, event.ctrlKey || event.metaKey || this.isSeveral);
    });
    // A run is selected with Shift: the browser would select its text.
    list.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
  }

  open(blocks, unsure, seen) {
    this.blocks = blocks;
    this.unsure = unsure;
    this.seen = seen;
    this.selected.clear();
    this.focus = this.anchor = -1;
    this.render();
  }

  render() {
    const { words, label, unsure, corrected } = this.filter;
    const wanted = words.toLowerCase();
    this.shown = [];
    this.blocks.forEach((block, index) => {
      if (label && block.label !== label) return;
      if (unsure && !this.isUnsure(block)) return;
      if (corrected && !block.corrected) return;
      if (wanted && !block.text.toLowerCase().includes(wanted)) return;
      this.shown.push(index);
    });
    this.sentinel.disconnect();
    this.list.replaceChildren();
    this.nothing.hidden = this.shown.length > 0;
    this.grow();
  }

  grow(until = 0) {
    const from = this.list.children.length;
    const to = Math.min(this.shown.length, Math.max(from + STEP, until + 1));
    if (from === to) return;
    this.list.append(...this.shown.slice(from, to).map((index) => this.item(index)));
    this.sentinel.disconnect();
    if (to < this.shown.length) this.sentinel.observe(this.list.lastElementChild);
  }

  item(index) {
    const item = document.createElement("li");
    item.id = `b${index}`;
    item.setAttribute("role", "option");
    item.dataset.index = index;
    const label = document.createElement("span");
    label.className = "l";
    const text = document.createElement("span");
    text.className = "t";
    text.dir = "auto";
    text.textContent = this.blocks[index].text;
    const sure = document.createElement("span");
    sure.className = "c num";
    item.append(label, text, sure);
    this.dress(item, index);
    return item;
  }

  // What may change of a row while it stands.
  dress(item, index) {
    const block = this.blocks[index];
    const [label, , sure] = item.children;
    item.dataset.label = block.label;
    item.className = `k-${block.kind}`;
    item.classList.toggle("unsure", this.isUnsure(block));
    item.classList.toggle("corrected", block.corrected);
    item.classList.toggle("seen", index <= this.seen);
    label.textContent = block.label;
    if (block.corrected) {
      const was = document.createElement("span");
      was.className = "w";
      was.textContent = block.was === block.label ? "confirmed" : `was ${block.was}`;
      label.append(was);
    }
    sure.textContent = block.corrected ? "●" : block.confidence.toFixed(2);
    sure.title = block.corrected ? "Set by hand" : "How sure the label is";
    item.setAttribute("aria-selected", this.selected.has(index));
    item.classList.toggle("at", index === this.focus);
  }

  row(index) {
    return document.getElementById(`b${index}`);
  }

  refresh(indices) {
    for (const index of indices) {
      const row = this.row(index);
      if (row) this.dress(row, index);
    }
  }

  pick(index, isRun = false, isMore = false, scroll = false) {
    const before = new Set([...this.selected, this.focus]);
    if (isRun && this.anchor >= 0) {
      const [low, high] = [Math.min(this.anchor, index), Math.max(this.anchor, index)];
      this.selected = new Set(this.shown.filter((one) => low <= one && one <= high));
    } else if (isMore) {
      if (!this.selected.delete(index)) this.selected.add(index);
      this.anchor = index;
    } else {
      this.selected = new Set([index]);
      this.anchor = index;
    }
    this.focus = index;
    this.refresh(new Set([...before, ...this.selected, index]));
    this.reveal(index, scroll);
    this.onSelect(!scroll);
  }

  // The next block whose label is unsure, or the one before; whether there is one.
  moveToUnsure(by) {
    const order = by > 0 ? this.shown : [...this.shown].reverse();
    const isAhead = (index) => this.focus < 0 || (by > 0 ? index > this.focus : index < this.focus);
    const found = order.find((index) => isAhead(index) && this.isUnsure(this.blocks[index]));
    if (found !== undefined) this.pick(found);
    return found !== undefined;
  }

  isUnsure(block) {
    return !block.corrected && block.confidence < this.unsure;
  }

  // Show where the article begins, rather than a page's menus.
  startAtArticle(isKept) {
    const at = this.shown.find((index) => isKept(this.blocks[index].label));
    if (at === undefined) return;
    const near = this.shown[Math.max(0, this.shown.indexOf(at) - 2)];
    if (this.shown.indexOf(near) >= this.list.children.length) this.grow(this.shown.indexOf(near));
    this.row(near)?.scrollIntoView({ block: "start" });
  }

  all() {
    const before = [...this.selected];
    this.selected = new Set(this.shown);
    if (this.focus < 0 && this.shown.length) this.focus = this.anchor = this.shown[0];
    this.refresh([...before, ...this.selected]);
    this.onSelect(false);
  }

  clear() {
    const before = [...this.selected, this.focus];
    this.selected.clear();
    this.focus = this.anchor = -1;
    this.refresh(before);
    this.list.removeAttribute("aria-activedescendant");
    this.onSelect(false);
  }

  move(by, isRun) {
    if (!this.shown.length) return;
    const at = this.shown.indexOf(this.focus);
    // Where nothing is in work, the first step is to the first block.
    const near = at >= 0 || !Number.isFinite(by) ? at + by : Math.max(0, this.shown.findIndex((one) => one > this.focus));
    const to = Math.min(this.shown.length - 1, Math.max(0, near));
    this.pick(this.shown[to], isRun);
  }

  reveal(index, center) {
    const at = this.shown.indexOf(index);
    if (at >= this.list.children.length) this.grow(at);
    const row = this.row(index);
    this.list.setAttribute("aria-activedescendant", row ? row.id : "");
    row?.scrollIntoView({ block: center ? "center" : "nearest" });
  }
}
