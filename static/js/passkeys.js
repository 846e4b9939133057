// Passkeys: shown where the browser has them; what the device refused is said on the page.

const capable = Boolean(window.PublicKeyCredential);
for (const node of document.querySelectorAll("[data-passkey]")) node.hidden = !capable;
for (const node of document.querySelectorAll("[data-no-passkey]")) node.hidden = capable;

document.addEventListener("allauth.error", (event) => {
  event.preventDefault();
  const refused = document.querySelector("[data-passkey-refused]");
  if (!refused) return;
  refused.hidden = false;
  refused.focus();
});
