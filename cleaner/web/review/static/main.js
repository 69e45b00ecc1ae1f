// The review page: pages at the left, the saved page in the middle, its blocks at the right, the labels below.

import * as api from "./api.js";
import { Blocks } from "./blocks.js";
import { Frame } from "./frame.js";
import { actionOf, isTyping } from "./keys.js";
import { Labels } from "./labels.js";
import { Pages } from "./pages.js";

const $ = (id) => document.getElementById(id);
const POLL = 400;

const about = await api.about();
const labels = new Labels($("labels"), $("help-labels"), about.labels, (label) => act(() => setLabel(label)));
const pages = new Pages($("page-list"), (id) => act(() => open(id)));
const blocks = new Blocks($("blocks"), $("nothing"), (scroll) => selected(scroll));
const frame = new Frame($("frame"), pickedInFrame, onKey, hovered);

let current = null;
let change = 0;
let isReading = true;
let textIsOld = true;
let wantsStyles = true;
let waiting = Promise.resolve();

// One thing after the other, and whatever goes wrong is said, until something is done that goes well.
function act(work, isAsked = true) {
  waiting = waiting.then(work).then(
    () => isAsked && complain(""),
    (error) => complain(error.message),
  );
  return waiting;
}

function complain(what) {
  $("problem").textContent = what;
  $("problem").hidden = !what;
}

function say(what) {
  $("said").textContent = what;
}

// Pages.

async function follow() {
  const found = await api.pagesSince(change);
  change = found.change;
  pages.take(found.pages);
  told(found);
  isReading = found.reading;
  showProgress();
  showProblems(found.problems);
  if (current === null && pages.entries.size) {
    const asked = Number(location.hash.slice(1));
    await open(location.hash && pages.entries.has(asked) ? asked : pages.order[0]);
  }
  if (!pages.entries.size && !found.reading) $("title").textContent = "There is no page to review.";
  if (found.reading) setTimeout(() => act(follow, false), POLL);
}

function showProgress() {
  const done = [...pages.entries.values()].filter((one) => one.done).length.toLocaleString("en");
  const all = pages.entries.size.toLocaleString("en");
  $("reading").textContent = isReading ? `reading … ${all}` : `${done} of ${all} done`;
}

function showProblems(problems) {
  $("problems").hidden = !problems.length;
  $("problems").querySelector("summary").textContent = `${problems.length} could not be read`;
  $("problems").querySelector("ul").replaceChildren(
    ...problems.map((one) => Object.assign(document.createElement("li"), { textContent: one })),
  );
}

async function open(id) {
  if (document.activeElement === $("frame")) takeFocus();
  const [page] = await Promise.all([api.page(id), frame.open(id)]);
  current = page;
  textIsOld = true;
  history.replaceState(null, "", `#${id}`);
  pages.show(id);
  showHead();
  frame.paint(page.all, page.all.keys(), isKept);
  chooseStyles();
  blocks.open(page.all, about.unsure, page.seen);
  $("block-scroll").scrollTop = 0;
  blocks.startAtArticle(isKept);
  const first = page.all.findIndex((block) => block.label === "title" || block.label === "body");
  frame.showFirst(first);
  showLabelFilter();
  selected(false);
  if (!$("text-panel").hidden) await showText();
  say(`Page ${page.title || page.name}, ${page.all.length} blocks.`);
}

const isKept = (label) => labels.kept.has(label);

// Styles that wait for a script hide the article that they should show: such a page is shown without them.
function chooseStyles() {
  frame.setOwnStyles(true);
  const article = [...current.all.keys()].filter((index) => current.all[index].label === "body");
  const isHiding = frame.shownShare(article) < 0.5;
  $("own-styles").checked = wantsStyles && !isHiding;
  frame.setOwnStyles($("own-styles").checked);
}

function showHead() {
  $("title").textContent = current.title || current.name;
  document.title = `${current.title || current.name} – review`;
  const facts = [current.type, current.access === "full" ? "" : current.access, current.url || current.name];
  $("facts").textContent = [...facts, ...current.warnings].filter(Boolean).join(" · ");
  const done = current.seen >= 0;
  const partly = done && current.seen < current.all.length - 1;
  $("done").setAttribute("aria-pressed", done);
  $("done").textContent = partly ? `Done to ${current.seen + 1}` : done ? "✓ Done" : "Done";
}

// Blocks.

function showLabelFilter() {
  const counts = new Map();
  for (const block of current.all) counts.set(block.label, (counts.get(block.label) ?? 0) + 1);
  const any = new Option(`all ${current.all.length}`, "");
  const options = about.labels
    .filter((one) => counts.has(one.label) || one.label === blocks.filter.label)
    .map((one) => new Option(`${one.label.replace("_", " ")} ${counts.get(one.label) ?? 0}`, one.label));
  $("of-label").replaceChildren(any, ...options);
  $("of-label").value = blocks.filter.label;
  const unsure = current.all.filter((block) => blocks.isUnsure(block)).length;
  $("unsure-count").textContent = `unsure ${unsure}`;
}

function selected(scroll) {
  if (!current) return;
  const isShown = frame.select(blocks.selected, blocks.focus, scroll);
  $("hidden-hint").hidden = isShown || blocks.focus < 0;
  labels.mark(new Set([...blocks.selected].map((index) => current.all[index].label)));
  const many = blocks.selected.size;
  const shown = blocks.shown.length === current.all.length ? "" : `${blocks.shown.length} of `;
  $("count").textContent = many > 1 ? `${many} selected` : `${shown}${current.all.length} blocks`;
  showStatus(blocks.focus);
}

function hovered(index) {
  showStatus(index >= 0 ? index : blocks.focus);
}

function showStatus(index) {
  const block = current?.all[index];
  const line = $("status");
  line.dataset.label = block?.label ?? "";
  if (!block) {
    line.textContent = "Click a block, or use ↓ and ↑; then a key gives it its label.";
    return;
  }
  const name = Object.assign(document.createElement("b"), { textContent: block.label.replace("_", " ") });
  const why = block.corrected ? `set by hand, was ${block.was} (${block.reason})` : `${block.confidence.toFixed(2)} · ${block.reason}`;
  line.replaceChildren(name, ` ${why} · ${block.kind.replace("_", " ")} · block ${index + 1}`);
}

function pickedInFrame(index, isRun, isMore) {
  takeFocus();
  if (index < 0) return;
  if (!blocks.shown.includes(index)) clearFilter();
  blocks.pick(index, isRun, isMore || blocks.isSeveral, true);
}

// Keys that are pressed while a page comes into the frame would be lost there.
function takeFocus() {
  $("blocks").focus({ preventScroll: true });
}

function clearFilter() {
  blocks.filter = { words: "", label: "", unsure: false, corrected: false };
  $("find-block").value = $("of-label").value = "";
  $("only-unsure").checked = $("only-corrected").checked = false;
  blocks.render();
}

// Changes.

async function setLabel(label) {
  if (!current || !blocks.selected.size) return say("No block is selected.");
  const chosen = [...blocks.selected].sort((a, b) => a - b);
  taken(await api.setLabel(current.id, chosen, label));
  const what = chosen.length === 1 ? `Block ${chosen[0] + 1}` : `${chosen.length} blocks`;
  say(label ? `${what}: ${label}` : `${what}: as it was`);
}

async function setDone(last) {
  if (!current) return;
  const isDone = current.seen >= 0;
  taken(await api.setDone(current.id, last ?? (isDone ? null : current.all.length - 1)));
  say(current.seen >= 0 ? "Page done." : "Page not done.");
  if (last !== undefined || isDone) return;
  const next = pages.next();
  if (next === null) say("That was the last page that was not done.");
  else await open(next);
}

async function undo() {
  const found = await api.undo();
  if (!found.page) return say("There is nothing to undo.");
  if (found.page.id !== current?.id) await open(found.page.id);
  taken(found);
  say("Undone.");
}

// The answer to a change: the page's row in the list, and the labels of its blocks.
function taken(found) {
  const touched = [];
  current.all.forEach((block, index) => {
    const label = found.labels[index] ?? null;
    if (block.corrected === (label !== null) && block.label === (label ?? block.was)) return;
    block.corrected = label !== null;
    block.label = label ?? block.was;
    touched.push(index);
  });
  const seenBefore = current.seen;
  Object.assign(current, found.page, { seen: found.seen });
  blocks.seen = found.seen;
  blocks.refresh(seenBefore === found.seen ? touched : current.all.keys());
  frame.paint(current.all, touched, isKept);
  pages.take(found.pages);
  told(found);
  showProgress();
  textIsOld = true;
  if (!$("text-panel").hidden) act(showText);
  showHead();
  showLabelFilter();
  selected(false);
}

function told(found) {
  $("undo").disabled = !found.undoable;
  $("undo").title = `Undo the last change (u) – ${found.corrections} corrections in ${about.file}`;
}

async function showText() {
  if (!textIsOld || !current) return;
  const found = await api.text(current.id);
  const paragraphs = found.text.split("\n\n").filter(Boolean);
  $("text").replaceChildren(
    ...paragraphs.map((one) => Object.assign(document.createElement("p"), { textContent: one, dir: "auto" })),
  );
  if (!paragraphs.length) $("text").textContent = "Nothing comes out of this page.";
  textIsOld = false;
}

// Keys and buttons.

const ACTIONS = {
  down: (event) => moved(() => blocks.move(1, event.shiftKey)),
  up: (event) => moved(() => blocks.move(-1, event.shiftKey)),
  first: (event) => moved(() => blocks.move(-Infinity, event.shiftKey)),
  last: (event) => moved(() => blocks.move(Infinity, event.shiftKey)),
  unsure: (event) => moved(() => blocks.moveToUnsure(event.shiftKey ? -1 : 1) || say("No unsure block ahead.")),
  all: () => blocks.all(),
  clear: () => blocks.clear(),
  next: () => act(() => goTo(pages.next())),
  previous: () => act(() => goTo(pages.previous())),
  undo: () => act(undo),
  done: () => act(() => setDone()),
  doneTo: () => act(() => setDone(blocks.focus >= 0 ? blocks.focus : undefined)),
  takeBack: () => act(() => setLabel(null)),
  find: () => showTab("blocks") || $("find-block").focus(),
  help: () => $("help").open || $("help").showModal(),
};

// The list has the focus then, so that a screen reader tells of the block.
function moved(move) {
  takeFocus();
  move();
}

async function goTo(id) {
  if (id === null) return say("There is no other page.");
  await open(id);
}

function onKey(event) {
  if (event.defaultPrevented || $("help").open || isTyping(event)) return;
  const action = actionOf(event, labels.keys);
  if (!action) return;
  event.preventDefault();
  if (action.label) act(() => setLabel(action.label));
  else ACTIONS[action.name](event);
}

function showTab(name) {
  for (const one of ["blocks", "text"]) {
    $(`tab-${one}`).setAttribute("aria-selected", one === name);
    $(`tab-${one}`).tabIndex = one === name ? 0 : -1;
    $(`${one}-panel`).hidden = one !== name;
  }
  if (name === "text") act(showText);
}

function showView(name) {
  document.body.dataset.view = name === "text" ? "blocks" : name;
  if (name === "blocks" || name === "text") showTab(name);
  for (const button of document.querySelectorAll(".views button")) {
    button.setAttribute("aria-pressed", button.dataset.view === name);
  }
  pages.draw();
}

document.addEventListener("keydown", onKey);
for (const name of ["blocks", "text"]) {
  $(`tab-${name}`).addEventListener("click", () => showTab(name));
  $(`tab-${name}`).addEventListener("keydown", (event) => {
    if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
    const other = name === "blocks" ? "text" : "blocks";
    showTab(other);
    $(`tab-${other}`).focus();
    event.preventDefault();
  });
}
for (const button of document.querySelectorAll(".views button")) {
  button.addEventListener("click", () => showView(button.dataset.view));
}
$("next").addEventListener("click", ACTIONS.next);
$("previous").addEventListener("click", ACTIONS.previous);
$("undo").addEventListener("click", ACTIONS.undo);
$("done").addEventListener("click", ACTIONS.done);
$("keys").addEventListener("click", ACTIONS.help);
$("own-styles").addEventListener("change", (event) => {
  wantsStyles = event.target.checked;
  frame.setOwnStyles(wantsStyles);
  selected(true);
});
$("find-page").addEventListener("input", (event) => ((pages.words = event.target.value), pages.sort()));
$("hide-done").addEventListener("change", (event) => ((pages.hideDone = event.target.checked), pages.sort()));
const filtered = (name, value) => ((blocks.filter[name] = value), blocks.render(), selected(false));
$("find-block").addEventListener("input", (event) => filtered("words", event.target.value));
$("of-label").addEventListener("change", (event) => filtered("label", event.target.value));
$("only-unsure").addEventListener("change", (event) => filtered("unsure", event.target.checked));
$("several").addEventListener("change", (event) => (blocks.isSeveral = event.target.checked));
$("only-corrected").addEventListener("change", (event) => filtered("corrected", event.target.checked));

// The theme: the system's, unless somebody chose.
const root = document.documentElement;
const dark = matchMedia("(prefers-color-scheme: dark)");
if (localStorage.theme) root.dataset.theme = localStorage.theme;
$("theme").addEventListener("click", () => {
  const isDark = root.dataset.theme ? root.dataset.theme === "dark" : dark.matches;
  root.dataset.theme = localStorage.theme = isDark ? "light" : "dark";
});

$("file").textContent = about.file;
showView("original");
act(follow);
