// Copies the chat group's text; without this script the button opens the plain text.
document.querySelectorAll("[data-copy]").forEach((form) => {
  const text = document.getElementById(form.dataset.copy);
  const said = form.querySelector("[role=status]");
  form.addEventListener("submit", async (event) => {
    if (!navigator.clipboard) return;
    event.preventDefault();
    await navigator.clipboard.writeText(text.textContent);
    said.textContent = said.dataset.done;
  });
});
