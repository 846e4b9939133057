// Files of a form go up one by one as soon as they are chosen, dropped or pasted. Without this they go with the form.

for (const box of document.querySelectorAll("[data-files]")) {
  const form = box.closest("form"), list = box.querySelector("[data-files-list]"), bar = box.querySelector("progress");
  const waiting = [];
  let busy = false;

  box.classList.add("with-script");
  box.querySelector("[data-files-hint]").hidden = false;

  for (const input of box.querySelectorAll("input[type=file]")) {
    input.addEventListener("change", () => {
      take(input.files);
      input.value = "";
    });
  }

  form.addEventListener("dragover", (event) => {
    if (!event.dataTransfer.types.includes("Files")) return;
    event.preventDefault();
    box.classList.add("over");
  });
  form.addEventListener("dragleave", () => box.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    if (!event.dataTransfer.files.length) return;
    event.preventDefault();
    box.classList.remove("over");
    take(event.dataTransfer.files);
  });
  document.addEventListener("paste", (event) => {
    if (event.clipboardData.files.length) take(event.clipboardData.files);
  });

  // Left out without loading the page anew.
  list.addEventListener("click", (event) => {
    const button = event.target.closest("button[name=drop]");
    if (!button) return;
    event.preventDefault();
    send(body("drop", button.value));
  });

  // A form is not sent while a file still travels.
  form.addEventListener("submit", (event) => {
    if (!busy) return;
    event.preventDefault();
    form.addEventListener("files-arrived", () => form.requestSubmit(event.submitter), { once: true });
  }, { capture: true });

  function take(files) {
    for (const file of files) waiting.push(file);
    next();
  }

  function next() {
    if (busy) return;
    const file = waiting.shift();
    if (!file) return form.dispatchEvent(new Event("files-arrived"));
    if (file.size > Number(box.dataset.limit)) {
      say(`${file.name}: ${box.dataset.tooBig}`);
      return next();
    }
    send(body("files", file));
  }

  function body(name, value) {
    const data = new FormData();
    data.set("form_key", form.elements.form_key.value);
    data.set(name, value);
    return data;
  }

  function send(data) {
    const request = new XMLHttpRequest();
    request.open("POST", box.dataset.files);
    request.setRequestHeader("X-CSRFToken", form.elements.csrfmiddlewaretoken.value);
    request.upload.addEventListener("progress", (event) => { bar.value = (100 * event.loaded) / event.total; });
    request.addEventListener("loadend", () => {
      busy = false;
      bar.hidden = true;
      const isList = request.getResponseHeader("X-Files") === "list";
      if (isList) list.innerHTML = request.responseText;
      else say(box.dataset.lost);
      next();
    });
    busy = true;
    bar.value = 0;
    bar.hidden = false;
    request.send(data);
  }

  function say(words) {
    list.querySelector("[role=alert]")?.remove();
    const line = document.createElement("p");
    line.className = "wrong";
    line.setAttribute("role", "alert");
    line.textContent = words;
    list.prepend(line);
  }
}
