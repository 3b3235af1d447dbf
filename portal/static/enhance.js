// Progressive enhancement: the component library's own behaviour, and a warning before leaving a changed form.
import { initAll } from "./vendor/govuk.js";

document.body.classList.add("js-enabled", "govuk-frontend-supported");
initAll();

for (const form of document.querySelectorAll("form[data-warn]")) {
  let changed = false;
  form.addEventListener("input", () => { changed = true; });
  form.addEventListener("submit", () => { changed = false; });
  window.addEventListener("beforeunload", (event) => { if (changed) event.preventDefault(); });
}

for (const input of document.querySelectorAll("input[type=file][data-limit]")) {
  input.addEventListener("change", () => {
    const large = [...input.files].some((file) => file.size > Number(input.dataset.limit));
    input.setCustomValidity(large ? input.dataset.tooLarge : "");
    input.reportValidity();
  });
}

window.addEventListener("beforeprint", () => {
  for (const paper of document.querySelectorAll("output.printed")) {
    paper.textContent = document.getElementById(paper.getAttribute("for")).value;
  }
});
