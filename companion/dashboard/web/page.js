// Gives the keyboard to the screens as soon as they are there, and begins them anew in the same window.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("#again").addEventListener("click", () => window.location.assign("/"));
  new MutationObserver(() => {
    if (document.body.classList.contains("-closed")) {
      document.querySelector("#again").focus();
    } else if (document.body.classList.contains("-first-byte")) {
      document.querySelector(".xterm-helper-textarea").focus();
    }
  }).observe(document.body, { attributes: true, attributeFilter: ["class"] });
});
