// The board: cards are dragged, or moved by keys. What may be done, and every change, is the server's: this only asks.

const says = document.getElementById("board-says"), dialog = document.getElementById("moves");
const body = document.getElementById("moves-body");
const board = () => document.getElementById("board");
const cardsIn = (lane) => [...lane.querySelectorAll(".card")];
const lanes = () => [...board().querySelectorAll(".lane")];
let dragged = null, waiting = null, sent = 0;  // sent: how many moves so far
const askedAt = new WeakMap();  // a request for the columns → how many moves had been sent by then

function say(kind, card, lane) {
  const words = { card: card.dataset.reference, column: lane ? lane.querySelector("h2").firstChild.data.trim() : "" };
  says.textContent = says.dataset[kind].replace(/\{(\w+)\}/g, (_all, name) => words[name]);
}

// {column: {name, isDirect}} of a card.
function ways(card) {
  const pairs = card.dataset.can.split(" ").filter(Boolean).map((each) => each.split("="));
  return Object.fromEntries(pairs.map(([state, move]) => [state, { name: move.replace("!", ""), isDirect: move.endsWith("!") }]));
}

function addressOf(card, name) {
  return `${card.querySelector("h3 a").getAttribute("href")}${name}/`;
}

// One card to a column: at once where nothing has to be said, else by the page that asks for it.
function move(card, lane) {
  const way = ways(card)[lane.dataset.state], back = board().dataset.back;
  if (!way) return say("not", card, lane);
  const address = addressOf(card, way.name);
  if (!way.isDirect) return location.assign(`${address}?back=${encodeURIComponent(back)}`);
  send(address, { version: card.dataset.version, back }, card.id);
}

function send(address, values, id) {
  waiting = { address, values, id };
  sent += 1;
  htmx.ajax("POST", address, { target: "#board", swap: "outerHTML", values });
}

// What was refused is shown whole, with what others changed meanwhile: by the page of the move itself.
document.addEventListener("htmx:responseError", (event) => {
  if (!waiting || event.detail.requestConfig.verb !== "post") return;
  const form = document.createElement("form"), token = JSON.parse(document.body.getAttribute("hx-headers"))["X-CSRFToken"];
  [form.method, form.action] = ["post", waiting.address];
  for (const [name, value] of Object.entries({ ...waiting.values, csrfmiddlewaretoken: token })) {
    form.append(Object.assign(document.createElement("input"), { type: "hidden", name, value }));
  }
  document.body.append(form);
  form.submit();
});

// Nobody answered: what was sent may be sent again, and the board goes on.
for (const lost of ["htmx:sendError", "htmx:timeout"]) {
  document.addEventListener(lost, (event) => { if (event.detail.requestConfig.verb === "post") waiting = null; });
}

const isRefresh = (detail) => detail.requestConfig.verb === "get" && detail.elt.id === "board";
const isHeld = () => Boolean(dragged || dialog.open);

// Nothing is taken away from under a hand: the board stands still while a card is dragged or its moves are open.
document.addEventListener("htmx:beforeRequest", (event) => {
  if (!isRefresh(event.detail)) return;
  if (isHeld() || waiting) event.preventDefault();
  askedAt.set(event.detail.xhr, sent);
});
// What was asked for before a move tells of the board before it, also where it comes after the move's own answer.
document.addEventListener("htmx:beforeSwap", (event) => {
  if (isRefresh(event.detail) && (isHeld() || askedAt.get(event.detail.xhr) !== sent)) event.detail.shouldSwap = false;
});
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target.id !== "board") return;
  prepare();
  if (!waiting || event.detail.requestConfig.verb !== "post") return;  // what was asked for before is no answer to it
  const card = document.getElementById(waiting.id), lane = card?.closest(".lane");
  waiting = null;
  if (!lane) return;
  rove(card);
  card.focus();
  say("moved", card, lane);
});

// Cards are one stop of the Tab key; arrows go from one to the next.
function rove(card) {
  for (const each of board().querySelectorAll(".card")) {
    each.tabIndex = each === card ? 0 : -1;
    for (const inner of each.querySelectorAll("a, button")) inner.tabIndex = each === card ? 0 : -1;
  }
}

function prepare() {
  const cards = [...board().querySelectorAll(".card")];
  for (const card of cards) card.draggable = card.dataset.can !== "";
  const focused = document.activeElement.closest?.(".card");
  rove(focused && board().contains(focused) ? focused : cards[0]);
}

function beside(card, step) {
  const lane = card.closest(".lane"), all = lanes(), at = cardsIn(lane).indexOf(card);
  for (let next = all.indexOf(lane) + step; all[next]; next += step) {
    const cards = cardsIn(all[next]);
    if (cards.length) return cards[Math.min(at, cards.length - 1)];
  }
  return null;
}

function along(card, step) {
  const cards = cardsIn(card.closest(".lane"));
  return cards[cards.indexOf(card) + step];
}

// The next column on that side to which the card may go.
function shift(card, step) {
  const all = lanes(), at = all.indexOf(card.closest(".lane")), can = ways(card);
  const side = step > 0 ? all.slice(at + 1) : all.slice(0, at).reverse();
  const lane = side.find((each) => can[each.dataset.state]);
  if (lane) move(card, lane);
  else if (side.length) say("not", card, side[0]);
}

async function open(card) {
  const link = card.querySelector("[id^=do-]");
  if (!link) return;
  const answer = await fetch(link.href, { headers: { "HX-Request": "true" } });
  if (!answer.ok || answer.redirected) return location.assign(link.href);
  body.innerHTML = await answer.text();
  dialog.dataset.card = card.id;
  dialog.showModal();
  (body.querySelector(".all-moves button, .all-moves a") ?? body.querySelector("a")).focus();
}

const STEPS = { ArrowUp: [along, -1], ArrowDown: [along, 1], ArrowLeft: [beside, -1], ArrowRight: [beside, 1] };
document.addEventListener("keydown", (event) => {
  const card = event.target.closest?.(".card");
  if (!card || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Enter" && event.target === card) {
    event.preventDefault();
    open(card);
    return;
  }
  if (!STEPS[event.key]) return;
  event.preventDefault();
  const [find, step] = STEPS[event.key];
  if (event.shiftKey && find === beside) return shift(card, step);
  const next = find(card, step);
  if (!next) return;
  rove(next);
  next.focus();
});

document.addEventListener("click", (event) => {
  const link = event.target.closest("[id^=do-]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
  event.preventDefault();
  open(link.closest(".card"));
});
document.addEventListener("focusin", (event) => {
  const card = event.target.closest?.(".card");
  if (card && board().contains(card)) rove(card);
});
dialog.addEventListener("submit", (event) => {
  const form = event.target.closest("[data-move]");
  if (!form) return;
  event.preventDefault();
  const values = Object.fromEntries(new FormData(form));
  dialog.close();
  send(form.getAttribute("action"), values, dialog.dataset.card);
});
dialog.addEventListener("close", () => document.getElementById(dialog.dataset.card)?.focus());

document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.(".card");
  if (!dragged) return;
  event.dataTransfer.effectAllowed = "move";
  event.dataTransfer.setData("text/plain", dragged.dataset.reference);
  const can = ways(dragged);
  for (const lane of lanes()) lane.classList.toggle("may", lane.dataset.state in can);
  say("held", dragged);
});
document.addEventListener("dragover", (event) => {
  if (dragged && event.target.closest?.(".lane.may")) event.preventDefault();
});
document.addEventListener("drop", (event) => {
  const lane = event.target.closest?.(".lane.may"), card = dragged;
  if (!card || !lane) return;
  event.preventDefault();
  dragged = null;
  move(card, lane);
});
document.addEventListener("dragend", () => {
  dragged = null;
  for (const lane of lanes()) lane.classList.remove("may");
});

prepare();
