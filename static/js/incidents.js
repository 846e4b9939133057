// The list by keyboard: j and k go from row to row, x chooses, ? says which keys there are. All of it works without.

const list = document.querySelector("[data-rows]"), dialog = document.getElementById("keys");
const links = list ? [...list.querySelectorAll("tbody th a")] : [];
const boxes = list ? [...list.querySelectorAll("input[name=chosen]")] : [];
let last = -1;

function go(step) {
  const now = links.indexOf(document.activeElement.closest("tr")?.querySelector("th a"));
  const next = links[Math.min(links.length - 1, Math.max(0, now + step))];
  next?.focus();
}

function choose(isRange) {
  const at = links.indexOf(document.activeElement.closest("tr")?.querySelector("th a"));
  if (at < 0 || !boxes[at]) return;
  if (isRange && last >= 0) boxes.slice(Math.min(at, last), Math.max(at, last) + 1).forEach((box) => (box.checked = true));
  else boxes[at].checked = !boxes[at].checked;
  last = at;
  count();
}

function count() {
  const chosen = boxes.filter((box) => box.checked).length, word = list?.querySelector("[data-count]");
  if (word && chosen) word.textContent = word.dataset.some.replace("{count}", chosen);
  const all = list?.querySelector("[data-all]");
  if (all) [all.checked, all.indeterminate] = [chosen > 0 && chosen === boxes.length, chosen > 0 && chosen < boxes.length];
}

boxes.forEach((box, at) =>
  box.addEventListener("click", (event) => {
    if (event.shiftKey && last >= 0) {
      boxes.slice(Math.min(at, last), Math.max(at, last) + 1).forEach((each) => (each.checked = box.checked));
    }
    last = at;
    count();
  }),
);
for (const all of list?.querySelectorAll("[data-all]") ?? []) {
  all.hidden = false;
  all.addEventListener("change", () => {
    boxes.forEach((box) => (box.checked = all.checked));
    count();
  });
}
addEventListener("pageshow", count);

for (const button of document.querySelectorAll("[data-keys-open]")) {
  button.hidden = false;
  button.addEventListener("click", () => dialog.showModal());
}

function isTyping(event) {
  return Boolean(event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]"));
}

const KEYS = { j: () => go(1), k: () => go(-1), x: () => choose(false), X: () => choose(true), "?": () => dialog?.showModal() };
document.addEventListener("keydown", (event) => {
  const act = KEYS[event.key];
  if (!act || event.ctrlKey || event.metaKey || event.altKey || isTyping(event) || document.documentElement.dataset.keys === "off") return;
  if (document.querySelector("dialog[open]") || (event.key !== "?" && !list)) return;
  event.preventDefault();
  act();
});
