"use strict";
(() => {
  const root = document.documentElement;
  const index = document.querySelector(".index");
  const all = (selector, within = document) => Array.from(within.querySelectorAll(selector));
  root.classList.add("js");

  // Light or dark; a file opened from disk may have no storage.
  const themes = ["", "light", "dark"];
  const names = ["as the system", "light", "dark"];
  const themeButton = document.getElementById("theme");
  const stored = (value) => {
    try {
      if (value === undefined) return localStorage.getItem("cleaner-theme") || "";
      localStorage.setItem("cleaner-theme", value);
    } catch { /* Not remembered, then. */ }
    return value || "";
  };
  const showTheme = (theme) => {
    root.dataset.theme = theme;
    themeButton.textContent = `Theme: ${names[themes.indexOf(theme)]}`;
  };
  showTheme(themes.includes(stored()) ? stored() : "");
  themeButton.addEventListener("click", () => {
    const next = themes[(themes.indexOf(root.dataset.theme) + 1) % themes.length];
    stored(next);
    showTheme(next);
  });

  // Which page is open. Those of a long report lie packed until they are asked for.
  const current = () => all(".page").find((page) => page.checkVisibility()) || null;
  const title = document.title;
  const unpack = async (id) => {
    const packed = document.querySelector(`script[data-page="${id}"]`);
    if (!packed) return null;
    const bytes = Uint8Array.from(atob(packed.textContent), (character) => character.charCodeAt(0));
    const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
    const holder = document.createElement("template");
    holder.innerHTML = await new Response(stream).text();
    const page = holder.content.firstElementChild;
    page.classList.add("open", "unpacked");
    return { page, packed };
  };
  const route = async () => {
    const [, id, rest] = /^#(p\d+)(.*)$/.exec(location.hash) || [];
    const found = id && !document.getElementById(id) ? await unpack(id) : null;
    // The reader may have gone on while a page was unpacked.
    if (found && location.hash !== `#${id}${rest}`) return;
    all(".page.unpacked").filter((page) => page.id !== id).forEach((page) => page.remove());
    if (found) found.packed.parentNode.insertBefore(found.page, found.packed);
    const page = id && document.getElementById(id);
    if (page) prepare(page);
    if (!index) return;
    document.title = page ? `${page.querySelector(".title").textContent} – ${title}` : title;
    if (page && rest) document.getElementById(id + rest)?.scrollIntoView();
    else if (page) { scrollTo(0, 0); page.querySelector(".title").focus({ preventScroll: true }); }
  };
  const rows = () => all(".pages tbody tr").filter((row) => !row.hidden);
  const link = (row) => row.querySelector("a");
  const back = (page) => {
    location.hash = "all";
    const row = all(".pages tbody tr").find((one) => link(one).hash === `#${page.id}`);
    if (row) setTimeout(() => { link(row).focus(); row.scrollIntoView({ block: "center" }); });
  };
  const step = (page, by) => {
    const shown = rows();
    const at = shown.findIndex((row) => link(row).hash === `#${page.id}`);
    const next = shown[at + by];
    if (next) location.hash = link(next).hash;
  };

  // One stop for the tab key among the blocks; keys and clicks move it.
  const orders = new WeakMap();
  const places = new WeakMap();
  const stops = new WeakMap();
  const stop = (page, item) => {
    const before = stops.get(page);
    if (before) before.tabIndex = -1;
    item.tabIndex = 0;
    stops.set(page, item);
  };
  const go = (page, item) => {
    if (!item) return;
    stop(page, item);
    item.focus({ preventScroll: true });
    (item.closest(".b") || item).scrollIntoView({ block: "nearest" });
  };
  const prepare = (page) => {
    if (orders.has(page)) return;
    const items = all(".blocks summary, .blocks .c", page);
    orders.set(page, items);
    items.forEach((item, place) => { item.tabIndex = -1; places.set(item, place); });
    if (items.length) stop(page, items[0]);
    sayFold(page);
  };
  const pin = (block) => {
    all(".b.on").filter((other) => other !== block).forEach((other) => other.classList.remove("on"));
    if (block) block.classList.add("on");
  };
  const folds = (page) => all(".cruft", page);
  const sayFold = (page) => {
    const button = page.querySelector(".fold");
    const open = folds(page).every((fold) => fold.open);
    button.hidden = !folds(page).length;
    button.textContent = open ? "Fold all" : "Unfold all";
  };

  let toggled = null;
  document.addEventListener("toggle", (event) => {
    const page = event.target.closest?.(".page");
    if (!page) return;
    // All groups of a page may be unfolded at once.
    if (!toggled) requestAnimationFrame(() => { sayFold(toggled); toggled = null; });
    toggled = page;
    // A stop that was folded away would be out of the tab key's reach.
    const stopped = stops.get(page);
    if (stopped && event.target.contains(stopped) && !event.target.open) stop(page, event.target.querySelector("summary"));
  }, true);
  document.addEventListener("focusin", (event) => {
    const item = event.target.closest(".blocks summary, .blocks .c");
    root.classList.remove("dismissed");
    if (item) stop(item.closest(".page"), item);
    if (item && !item.closest(".b.on")) pin(null);
  });
  document.addEventListener("pointermove", () => root.classList.remove("dismissed"), { passive: true });
  document.addEventListener("click", (event) => {
    const page = event.target.closest(".page");
    if (!page) return;
    if (event.target.closest(".fold")) {
      const open = !folds(page).every((fold) => fold.open);
      folds(page).forEach((fold) => { fold.open = open; });
    } else if (event.target.closest(".previous, .next")) {
      step(page, event.target.closest(".next") ? 1 : -1);
    } else if (event.target.closest(".back")) {
      event.preventDefault();
      back(page);
    } else {
      if (event.target.closest(".why")) return;
      const block = event.target.closest(".b");
      pin(block && block.classList.contains("on") ? null : block);
    }
  });
  document.addEventListener("change", (event) => {
    const box = event.target;
    if (!box.matches(".filter input") || !box.checked) return;
    // What one asks to see should not be folded.
    const page = box.closest(".page");
    const wanted = box.className === "f-unsure" ? ".has-unsure" : `.${box.className.replace(/^f f-/, "l-")}`;
    folds(page).filter((fold) => fold.matches(wanted)).forEach((fold) => { fold.open = true; });
  });

  const move = (page, by, matches = () => true) => {
    const items = orders.get(page);
    const here = places.get(document.activeElement);
    const from = here ?? (by < 0 ? items.length : -1);
    for (let i = from + by; i >= 0 && i < items.length; i += by) {
      if (matches(items[i]) && items[i].checkVisibility()) return go(page, items[i]);
    }
    return undefined;
  };
  const unsure = (page, by) => {
    folds(page).filter((fold) => fold.matches(".has-unsure")).forEach((fold) => { fold.open = true; });
    move(page, by, (item) => item.matches(".unsure > .c"));
  };
  const fold = (page, open) => {
    const here = document.activeElement;
    const box = here.closest(".cruft");
    if (!box || !page.contains(box)) return false;
    box.open = open;
    if (!open) go(page, box.querySelector("summary"));
    return true;
  };
  const keys = {
    j: (page) => move(page, 1),
    k: (page) => move(page, -1),
    ArrowDown: (page) => move(page, 1),
    ArrowUp: (page) => move(page, -1),
    ArrowRight: (page) => fold(page, true),
    ArrowLeft: (page) => fold(page, false),
    n: (page) => unsure(page, 1),
    p: (page) => unsure(page, -1),
    "]": (page) => step(page, 1),
    "[": (page) => step(page, -1),
    Escape: (page) => {
      const shown = page.querySelector(".b.on, .b:focus-within") && !root.classList.contains("dismissed");
      pin(null);
      root.classList.add("dismissed");
      if (!shown && index) back(page);
    },
  };
  document.addEventListener("keydown", (event) => {
    const page = current();
    const here = document.activeElement;
    if (!page || event.ctrlKey || event.metaKey || event.altKey || here.matches("input:not([type=checkbox])")) return;
    // The arrows scroll until one is among the blocks.
    if (event.key.startsWith("Arrow") && !here.closest(".blocks")) return;
    const inside = here.closest(".cruft .b");
    if (event.key === "Enter" && inside) {
      event.preventDefault();
      fold(page, false);
    } else if (keys[event.key]) {
      if (event.key !== "Escape") event.preventDefault();
      keys[event.key](page);
    }
  });

  // The list: find and sort.
  const find = document.getElementById("find");
  const list = index && index.querySelector(".pages tbody");
  if (find) {
    const found = document.getElementById("found");
    find.addEventListener("input", () => {
      const words = find.value.toLowerCase().split(/\s+/).filter(Boolean);
      all("tr", list).forEach((row) => {
        const text = row.textContent.toLowerCase();
        row.hidden = !words.every((word) => text.includes(word));
      });
      found.textContent = words.length ? `${rows().length} found` : "";
    });
    all(".pages th[data-sort]").forEach((head) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      button.addEventListener("click", () => {
        const byNumber = head.dataset.sort === "number";
        const falling = head.hasAttribute("aria-sort") ? head.getAttribute("aria-sort") !== "descending" : byNumber;
        const value = (row) => row.cells[head.cellIndex].textContent;
        const number = (row) => parseFloat(value(row).replace(/[^\d.]/g, "")) || 0;
        const order = (a, b) => (byNumber ? number(a) - number(b) : value(a).localeCompare(value(b)));
        const sorted = all("tr", list).sort((a, b) => (falling ? order(b, a) : order(a, b)));
        all(".pages [aria-sort]").forEach((other) => other.removeAttribute("aria-sort"));
        head.setAttribute("aria-sort", falling ? "descending" : "ascending");
        list.append(...sorted);
      });
    });
  }

  addEventListener("hashchange", route);
  if (index) route();
  else all(".page").forEach(prepare);
})();
