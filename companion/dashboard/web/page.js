// Begins the screens anew in the same window; textual.js looks for `#start` and ignores it.
document.addEventListener("DOMContentLoaded", () => {
  document.querySelector("#again").addEventListener("click", () => window.location.assign("/"));
});
