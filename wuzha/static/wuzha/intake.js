/* The intake page: rows by keys, banks recognised and earlier cases shown while typing, nothing typed is ever lost.

   Saving goes by fetch, so that a lost connection leaves the page as it is; the report's id is made with the page, so
   saving twice makes one case. What is typed is also kept in sessionStorage until a save succeeded.
   window.wuzha.intake is the door for leads.js: addTransfer({payee_account, amount, currency, at}), addPhone(value),
   addUrl(value), has(value). */
(() => {
  "use strict";
  const LOOK_MS = 350;
  const DRAFT_MS = 300;
  const ROWS_MAX = 200;
  const EARLIER_MAX = 8;
  const form = document.querySelector("[data-intake]");
  if (!form) return;
  const $ = (selector) => form.querySelector(selector);
  const all = (selector) => [...form.querySelectorAll(selector)];

  /* Rows */
  let next = 1000;
  function addRow(kind, focus = true) {
    const place = $(`[data-rows="${kind}"]`);
    if (place.children.length >= ROWS_MAX) return null;
    const row = document.getElementById(`row-${kind}`).content.firstElementChild.cloneNode(true);
    const n = next++;
    for (const element of row.querySelectorAll("[name], [id], [for]"))
      for (const part of ["name", "id", "for"]) {
        const value = element.getAttribute(part);
        if (value) element.setAttribute(part, value.replace("__n__", n));
      }
    if (kind === "transfer") {
      const before = place.lastElementChild;
      for (const part of ["payer_account", "currency", "at"]) copyValue(before, row, part);
    }
    place.append(row);
    if (focus) row.querySelector("input").focus();
    return row;
  }
  function copyValue(from, to, part) {
    const source = from?.querySelector(`[name$="-${part}"]`);
    if (source) to.querySelector(`[name$="-${part}"]`).value = source.value;
  }
  function dropRow(button) {
    const row = button.closest("[data-transfer], [data-value]");
    const place = row.parentElement;
    const kind = place.dataset.rows;
    row.remove();
    if (!place.children.length) addRow(kind);
    else place.lastElementChild.querySelector("input").focus();
    changed();
  }
  /* A row to fill: the first without a value, or a new one. */
  function freeRow(kind, field = "input") {
    return [...$(`[data-rows="${kind}"]`).children].find((row) => !row.querySelector(field).value.trim()) || addRow(kind, false);
  }
  /* The payment that a found account, amount or time belongs to: the first that lacks it; a time goes to the last. */
  function rowFor(found) {
    if (found.payee_account) return freeRow("transfer", "[data-look=account]");
    if (found.amount) return freeRow("transfer", "[data-amount]");
    return all("[data-transfer]").filter(filled).at(-1) || $("[data-transfer]");
  }

  /* Total */
  function total() {
    const sums = {};
    for (const row of all("[data-transfer]")) {
      const text = row.querySelector("[data-amount]").value.replace(/[,，\s¥￥$]/g, "").replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
      if (!/^\d+(\.\d+)?$/.test(text)) continue;
      const currency = row.querySelector("[data-currency]").value;
      sums[currency] = (sums[currency] || 0) + Number(text);
    }
    const lang = document.documentElement.lang;
    $("[data-total]").textContent = Object.entries(sums).map(([currency, sum]) => `${currency} ${new Intl.NumberFormat(lang, { minimumFractionDigits: 2 }).format(sum)}`).join(" + ");
  }

  /* Looking up what was typed: the bank, whether it can be right, and earlier cases */
  const seen = new Map();
  const timers = new WeakMap();
  function look(input) {
    clearTimeout(timers.get(input));
    timers.set(input, setTimeout(() => ask(input), LOOK_MS));
  }
  async function ask(input) {
    const value = input.value.trim();
    const hint = input.parentElement.querySelector("[data-hint]");
    if (value.length < 5) {
      hint.textContent = "";
      forget(input);
      return;
    }
    try {
      const query = new URLSearchParams({ kind: input.dataset.look, value });
      const response = await fetch(`${form.dataset.lookUrl}?${query}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!response.ok || input.value.trim() !== value) return;
      const found = await response.json();
      hint.textContent = found.hint;
      hint.dataset.level = found.earlier.length ? "seen" : found.level;
      const bank = input.closest("[data-transfer]")?.querySelector("[data-bank]");
      if (bank && input.dataset.look === "account" && !bank.dataset.chosen && [...bank.options].some((o) => o.value === found.bank)) bank.value = found.bank;
      seen.set(input, found.earlier);
      showEarlier();
    } catch {
      hint.textContent = "";
    }
  }
  function forget(input) {
    if (seen.delete(input)) showEarlier();
  }
  function showEarlier() {
    const cases = new Map();
    for (const [input, earlier] of seen) {
      if (!input.isConnected) seen.delete(input);
      else for (const one of earlier) cases.set(`${one.number} ${one.value}`, one);
    }
    const list = $("[data-earlier-list]");
    list.replaceChildren(
      ...[...cases.values()].slice(0, EARLIER_MAX).map((one) => {
        const item = document.createElement("li");
        const link = document.createElement("a");
        link.href = one.url;
        link.target = "_blank";
        link.rel = "noopener";
        link.textContent = one.number;
        const about = document.createElement("span");
        about.className = "muted small";
        about.textContent = ` ${one.value} · ${one.text}`;
        item.append(link, about);
        return item;
      }),
    );
    $("[data-none]").hidden = cases.size > 0;
  }

  /* Draft */
  const KEY = form.dataset.draft;
  let draftTimer = 0;
  const values = () => [...new FormData(form)].filter(([name]) => name !== "csrfmiddlewaretoken");
  function keep() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(values()));
    } catch {
      /* storage full or forbidden: the page itself still holds what was typed */
    }
  }
  function changed() {
    total();
    clearTimeout(draftTimer);
    draftTimer = setTimeout(keep, DRAFT_MS);
  }
  function restore() {
    let kept;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEY) || "[]");
    } catch {
      return;
    }
    const typed = kept.some(([name, value]) => value && /^(victim_(name|phone|id)|narrative|phones|urls)|-(payee_account|amount)$/.test(name));
    if (!typed) return;
    const rows = {};
    for (const [name, value] of kept) {
      const many = name.match(/^(transfer|phone|url)s-(\d+)(-.*)?$/);
      if (!many) {
        const input = form.elements[name];
        if (input) input.value = value;
        continue;
      }
      const key = `${many[1]}${many[2]}`;
      if (!rows[key]) rows[key] = Object.values(rows).some((row) => row.parentElement.dataset.rows === many[1]) ? addRow(many[1], false) : $(`[data-rows="${many[1]}"]`).firstElementChild;
      const input = rows[key]?.querySelector(many[3] ? `[name$="${many[3]}"]` : "input");
      if (input) input.value = value;
    }
    tell(form.dataset.wordRestored);
    total();
    form.querySelectorAll("[data-look]").forEach(look);
    $("[data-narrative]").dispatchEvent(new Event("input", { bubbles: true }));
  }
  function tell(text) {
    const notice = $("[data-kept]");
    notice.textContent = text;
    notice.hidden = !text;
  }

  /* Faults of the answer are put beside the fields of this page; no value is touched. The answer numbers filled rows
     from 0, in the order in which they stand here. */
  const filled = (row) => [...row.querySelectorAll("input[data-look=account], [data-amount], [data-look=phone], [data-look=url]")].some((one) => one.value.trim());
  function counterpart(name) {
    const many = name.match(/^(transfer|phone|url)s-(\d+)(-.*)?$/);
    if (!many) return form.elements[name];
    const row = [...$(`[data-rows="${many[1]}"]`).children].filter(filled)[Number(many[2])];
    return row?.querySelector(many[3] ? `[name$="${many[3]}"]` : "input");
  }
  function graft(answer) {
    all(".error, [data-faults]").forEach((one) => one.remove());
    all("[aria-invalid]").forEach((one) => one.removeAttribute("aria-invalid"));
    for (const wrong of answer.querySelectorAll("[aria-invalid]")) {
      const input = counterpart(wrong.name);
      if (!input) continue;
      input.setAttribute("aria-invalid", "true");
      const errors = [...wrong.parentElement.querySelectorAll(".error")].map((one) => document.importNode(one, true));
      (input.closest(".field, .grow") || input.parentElement).append(...errors);
      if (errors[0]) {
        errors[0].id = `${input.id || input.name}_error`;
        input.setAttribute("aria-describedby", errors[0].id);
      }
    }
    const told = answer.querySelector("[data-faults]");
    if (told) $(".intake > .stack").prepend(document.importNode(told, true));
  }

  /* Saving */
  async function save(event) {
    event.preventDefault();
    if (form.dataset.busy) return;
    form.dataset.busy = "1";
    keep();
    tell(form.dataset.wordSaving);
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      if (response.status === 422) {
        graft(new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-intake]"));
        tell("");
        (form.querySelector("[aria-invalid]") || form.querySelector("[data-faults]")).focus();
        return;
      }
      if (!response.ok) throw new Error(String(response.status));
      if (!/sign-in/.test(response.url)) sessionStorage.removeItem(KEY);
      clearTimeout(draftTimer);
      location.assign(response.url);
    } catch {
      tell(form.dataset.wordKept);
    } finally {
      delete form.dataset.busy;
    }
  }

  /* Enter goes on, Ctrl+Enter saves (keys.js) */
  function onKey(event) {
    if (event.key !== "Enter" || event.ctrlKey || event.metaKey || event.isComposing || !event.target.matches("input, select")) return;
    event.preventDefault();
    const fields = all("input:not([type=hidden], [type=radio]), select, textarea").filter((one) => one.getClientRects().length);
    fields[fields.indexOf(event.target) + 1]?.focus();
  }

  function start() {
    form.addEventListener("submit", save);
    form.addEventListener("keydown", onKey);
    form.addEventListener("click", (event) => {
      const add = event.target.closest("[data-add]");
      if (add) addRow(add.dataset.add);
      const drop = event.target.closest("[data-drop]");
      if (drop) dropRow(drop);
    });
    form.addEventListener("input", (event) => {
      if (event.target.matches("[data-look]")) look(event.target);
      if (event.target.matches("[data-bank]")) event.target.dataset.chosen = "1";
      changed();
    });
    total();
    all("[data-look]").filter((input) => input.value).forEach(look);
  }

  window.wuzha = Object.assign(window.wuzha || {}, {
    intake: {
      addTransfer(found) {
        const row = rowFor(found);
        for (const [part, value] of Object.entries(found)) {
          const input = row?.querySelector(`[name$="-${part}"]`);
          if (input && value) input.value = value;
        }
        row?.querySelectorAll("[data-look]").forEach(look);
        changed();
        return row;
      },
      addPhone: (value) => fillValue("phone", value),
      addUrl: (value) => fillValue("url", value),
      has: (value) => values().some(([name, kept]) => name !== "narrative" && kept.replace(/\s/g, "") === String(value).replace(/\s/g, "")),
    },
  });
  function fillValue(kind, value) {
    const input = freeRow(kind)?.querySelector("input");
    if (!input) return;
    input.value = value;
    look(input);
    changed();
  }

  start();
  if (!form.querySelector("[data-faults]")) restore();
})();
