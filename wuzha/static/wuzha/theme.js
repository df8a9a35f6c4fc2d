/* The theme switch: light, dark, as the system. The choice is a cookie, so that the server sends the right sheet. */
(() => {
  "use strict";
  const CHOICES = ["auto", "light", "dark"];
  const YEAR_S = 31536000;
  const MEDIA = { auto: "(prefers-color-scheme: dark)", light: "not all", dark: "all" };

  function current() {
    const found = document.cookie.match(/(?:^|; )wuzha_theme=(light|dark)/);
    return found ? found[1] : "auto";
  }

  function apply(choice) {
    const sheet = document.getElementById("dark-sheet");
    if (sheet) sheet.media = MEDIA[choice];
    for (const button of document.querySelectorAll("[data-theme-switch]")) {
      const word = button.querySelector("[data-theme-word]");
      if (word) word.textContent = button.dataset[`theme${choice[0].toUpperCase()}${choice.slice(1)}`];
    }
  }

  document.addEventListener("click", (event) => {
    if (!event.target.closest("[data-theme-switch]")) return;
    const next = CHOICES[(CHOICES.indexOf(current()) + 1) % CHOICES.length];
    const age = next === "auto" ? 0 : YEAR_S;
    const secure = location.protocol === "https:" ? "; secure" : "";
    document.cookie = `wuzha_theme=${next}; path=/; max-age=${age}; samesite=lax${secure}`;
    apply(next);
  });
  apply(current());
})();
