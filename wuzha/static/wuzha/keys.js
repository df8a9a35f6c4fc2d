/* Keys. `g` then a letter goes to a desk; a letter alone presses the element that shows it (data-key);
   j and k walk the rows, Enter opens, Ctrl+Enter saves, ? lists them all. Typing in a field is never disturbed. */
(() => {
  "use strict";
  const CHORD_MS = 1500;

  // The browser sets the focus with its first picture. Who types before that must not lose the first letter.
  if (document.activeElement === document.body) document.querySelector("[autofocus]:not(dialog *)")?.focus();
  let chord = 0;

  const typing = (element) =>
    element.isContentEditable || (/^(input|select|textarea)$/i.test(element.tagName) && !/^(checkbox|radio|submit|button)$/i.test(element.type || ""));
  const visible = (element) => element.getClientRects().length > 0;

  function press(selector) {
    const element = [...document.querySelectorAll(selector)].find((one) => visible(one) && !one.disabled);
    if (!element) return false;
    if (element.matches("input, select, textarea")) {
      element.focus();
      if (element.matches("input")) element.select?.(); // a narrative is gone on with, not typed over
    } else element.click();
    return true;
  }

  function walk(step) {
    const rows = [...document.querySelectorAll("[data-row]")].filter(visible);
    if (!rows.length) return false;
    const at = rows.findIndex((row) => row === document.activeElement || row.contains(document.activeElement));
    const next = rows[Math.min(rows.length - 1, Math.max(0, at + step))] || rows[0];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
    return true;
  }

  function help() {
    const dialog = document.getElementById("keys-help");
    if (!dialog) return false;
    const list = dialog.querySelector("[data-keys-here]");
    list.replaceChildren(
      ...[...document.querySelectorAll("[data-key]")].filter(visible).map((element) => {
        const item = document.createElement("li");
        const word = document.createElement("span");
        word.textContent = element.dataset.keyWord || element.getAttribute("aria-label") || element.textContent.trim().replace(/\s+/g, " ").slice(0, 40);
        const key = document.createElement("kbd");
        key.textContent = element.dataset.key;
        item.append(word, key);
        return item;
      }),
    );
    dialog.showModal();
    return true;
  }

  function handle(event) {
    const plain = !event.ctrlKey && !event.metaKey && !event.altKey;
    if ((event.ctrlKey || event.metaKey) && event.key === "Enter") {
      const form = event.target.closest("form[data-save]") || document.querySelector("form[data-save]");
      if (!form) return false;
      form.requestSubmit(form.querySelector("[data-submit]") || undefined);
      return true;
    }
    if (event.altKey && !event.ctrlKey && !event.metaKey) {
      const letter = event.code.startsWith("Key") ? event.code.slice(3).toLowerCase() : event.key.toLowerCase();
      return press(`[data-alt-key="${CSS.escape(letter)}"]`);
    }
    if (!plain || typing(event.target) || document.querySelector("dialog[open]")) return false;
    const key = event.key;
    if (chord && Date.now() - chord < CHORD_MS) {
      chord = 0;
      return press(`[data-go="${CSS.escape(key.toLowerCase())}"]`);
    }
    if (key === "g") {
      chord = Date.now();
      return true;
    }
    if (key === "?") return help();
    if (key === "j" || key === "k") return walk(key === "j" ? 1 : -1);
    const row = document.activeElement.closest("[data-row]");
    if (row && key === "Enter" && document.activeElement === row) {
      const link = row.querySelector("a[href]");
      if (link) link.click();
      return Boolean(link);
    }
    const here = row && [...row.querySelectorAll(`[data-row-key="${CSS.escape(key)}"]`)].find((one) => !one.disabled);
    if (here) {
      here.click();
      return true;
    }
    return key.length === 1 && press(`[data-key="${CSS.escape(key)}"]`);
  }

  document.addEventListener("keydown", (event) => {
    if (event.isComposing || event.repeat && !/^[jk]$/.test(event.key)) return;
    if (handle(event)) event.preventDefault();
  });
  document.addEventListener("click", (event) => {
    const opener = event.target.closest("[data-dialog]");
    if (opener) document.getElementById(opener.dataset.dialog)?.showModal();
    if (event.target.closest("[data-close]")) event.target.closest("dialog")?.close();
    if (event.target.closest("[data-help]")) help();
    for (const menu of document.querySelectorAll("details.menu[open]")) if (!menu.contains(event.target)) menu.open = false;
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape") return;
    for (const menu of document.querySelectorAll("details.menu[open]")) {
      menu.open = false;
      menu.querySelector("summary").focus();
    }
  });
  document.addEventListener("change", (event) => {
    if (event.target.matches("[data-auto-submit]")) event.target.form.requestSubmit();
  });
})();
