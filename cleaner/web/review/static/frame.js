// The saved page in its frame. Nothing runs in there; what is clicked and typed there is heard from out here.

export class Frame {
  constructor(frame, onPick, onKey, onHover) {
    this.frame = frame;
    this.elements = new Map();
    this.ownStyles = true;
    this.ready = () => {};
    frame.addEventListener("load", () => this.loaded(onPick, onKey, onHover));
  }

  open(id) {
    this.elements = new Map();
    this.id = id;
    const loaded = new Promise((resolve) => (this.ready = resolve));
    // Not by src: pages that were looked at are no places to go back to.
    this.frame.contentWindow.location.replace(new URL(`pages/${id}`, document.baseURI));
    return loaded;
  }

  loaded(onPick, onKey, onHover) {
    const page = this.frame.contentDocument;
    if (!page) return;
    for (const element of page.querySelectorAll("[data-block]")) {
      for (const index of element.dataset.block.split(" ").map(Number)) {
        if (!this.elements.has(index)) this.elements.set(index, []);
        this.elements.get(index).push(element);
      }
    }
    const held = (event) => {
      const element = event.target.closest?.("[data-block]");
      return element ? Number(element.dataset.block.split(" ")[0]) : -1;
    };
    page.addEventListener("click", (event) => {
      event.preventDefault();
      onPick(held(event), event.shiftKey, event.ctrlKey || event.metaKey);
    });
    page.addEventListener("mousedown", (event) => event.shiftKey && event.preventDefault());
    page.addEventListener("mouseover", (event) => onHover(held(event)));
    page.documentElement.addEventListener("mouseleave", () => onHover(-1));
    page.addEventListener("keydown", onKey);
    for (const name of ["auxclick", "dragstart", "submit"]) page.addEventListener(name, (event) => event.preventDefault());
    this.ready();
  }

  setOwnStyles(wanted) {
    this.ownStyles = wanted;
    const page = this.frame.contentDocument;
    for (const sheet of page?.querySelectorAll("style.cleaner-own") ?? []) sheet.media = wanted ? "" : "not all";
    page?.documentElement.toggleAttribute("data-plain", !wanted || page.documentElement.hasAttribute("data-bare"));
  }

  paint(blocks, indices, isKept) {
    for (const index of indices) {
      for (const element of this.elements.get(index) ?? []) {
        element.dataset.label = blocks[index].label;
        element.toggleAttribute("data-kept", isKept(blocks[index].label));
        element.toggleAttribute("data-corrected", blocks[index].corrected);
      }
    }
  }

  select(selected, focus, scroll) {
    const page = this.frame.contentDocument;
    for (const element of page?.querySelectorAll("[data-on]") ?? []) element.removeAttribute("data-on");
    for (const index of selected) for (const element of this.elements.get(index) ?? []) element.toggleAttribute("data-on", true);
    const first = this.elements.get(focus)?.[0];
    if (scroll && first) this.reveal(first);
    return !first || this.isShown(focus);
  }

  // The share of some blocks that can be seen.
  shownShare(indices) {
    const found = indices.filter((index) => this.isShown(index));
    return indices.length ? found.length / indices.length : 1;
  }

  isShown(index) {
    return (this.elements.get(index) ?? []).some((element) => element.checkVisibility?.({ visibilityProperty: true }) ?? true);
  }

  showFirst(index) {
    const first = this.elements.get(index)?.[0];
    if (first) this.frame.contentWindow.scrollTo(0, first.getBoundingClientRect().top + this.frame.contentWindow.scrollY - 80);
  }

  reveal(element) {
    const box = element.getBoundingClientRect();
    const { innerHeight } = this.frame.contentWindow;
    if (box.top < 0 || box.bottom > innerHeight) {
      element.scrollIntoView({ block: box.height > innerHeight ? "start" : "center", inline: "nearest" });
    }
  }
}
