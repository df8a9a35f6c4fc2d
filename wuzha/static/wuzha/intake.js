/* The intake page: rows by keys, banks recognised and earlier cases shown while typing, nothing typed is ever lost.

   Saving goes by fetch, so that a lost connection leaves the page as it is; the report's id is made with the page, so
   saving twice makes one case. What is typed is also kept in sessionStorage until a save succeeded.
   window.wuzha.intake is the door for leads_page.js: addPayment(payment told), openPayments(payments told),
   addTransfer({payee_account, amount, ...}, payment it belongs to), addPhone(value), addUrl(value),
   addHandle(kind, value), fill(name, value).
   None of them changes what was typed: a typed field carries data-typed. */
(() => {
  "use strict";
  const LOOK_MS = 350;
  const DRAFT_MS = 300;
  const ROWS_MAX = 200;
  const LONG_MIN = 30000; // a narrative above it is kept apart, and less often
  const LONG_DRAFT_MS = 1500;
  const DRAFT_LENGTH_MAX = 4000000;
  const EARLIER_MAX = 8;
  const ROW_FIELD = /^(transfer|phone|url|handle)s-(\d+)(-.*)?$/;
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
    if (focus) row.querySelector("select.handle-kind, input").focus();
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
    form.dispatchEvent(new CustomEvent("wuzha:rows"));
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

  /* Payments told, and the rows that hold them */
  const part = (row, name) => row.querySelector(`[name$="-${name}"]`);
  const plainAmount = (text) => text.replace(/[,，\s¥￥$]/g, "").replace(/[０-９．]/g, (c) => String.fromCharCode(c.charCodeAt(0) - 0xfee0));
  const held = () =>
    all("[data-transfer]").map((row) => ({
      row,
      account: part(row, "payee_account").value.replace(/\s/g, ""),
      amount: plainAmount(part(row, "amount").value),
      currency: part(row, "currency").value,
    }));
  const sameSum = (one, told) => one.amount !== "" && Number(one.amount) === Number(told.amount) && one.currency === told.currency;
  function openPayments(told) {
    const rows = held();
    const found = new Set();
    const claim = (payment, fits) => {
      const at = rows.findIndex((one) => sameSum(one, payment) && fits(one));
      if (at < 0) return;
      rows.splice(at, 1);
      found.add(payment);
    };
    for (const payment of told) if (payment.payee_account) claim(payment, (one) => one.account === payment.payee_account);
    for (const payment of told) if (!payment.payee_account) claim(payment, () => true);
    return told.filter((payment) => !found.has(payment));
  }
  /* The row that holds half of a payment, else an empty one. A row that holds all of it takes a part of it, but not
     another payment: that is one of several equal ones. */
  function rowOf(told, isPart) {
    const rows = held();
    const named = told.payee_account !== "";
    const whole = isPart && rows.find((one) => one.account === told.payee_account && sameSum(one, told));
    const half = named && (rows.find((one) => one.amount === "" && one.account === told.payee_account) || rows.find((one) => one.account === "" && sameSum(one, told)));
    return (whole || half || rows.find((one) => one.account === "" && one.amount === ""))?.row || addRow("transfer", false);
  }
  /* Fill what is empty, or was only filled by the page (the time of the call, what the row before said). */
  function put(row, name, value) {
    const input = row && part(row, name);
    if (!input || !value || input.dataset.typed || (input.value.trim() && !["at", "payer_account"].includes(name))) return false;
    input.value = value;
    if (input.value !== value) return false;
    input.dataset.typed = "1";
    return true;
  }
  function putAll(row, found) {
    if (!row) return null;
    for (const name of ["payee_account", "payee_name", "payer_account", "at"]) put(row, name, found[name]);
    if (put(row, "amount", found.amount) && found.currency) part(row, "currency").value = found.currency;
    const bank = row.querySelector("[data-bank]");
    if (found.payee_bank && !bank.value && part(row, "payee_account").value === found.payee_account && [...bank.options].some((one) => one.value === found.payee_bank)) {
      bank.value = found.payee_bank;
      bank.dataset.chosen = "1";
    }
    row.querySelectorAll("[data-look]").forEach(look);
    changed();
    return row;
  }

  /* Total */
  function total() {
    const sums = {};
    for (const row of all("[data-transfer]")) {
      const text = plainAmount(row.querySelector("[data-amount]").value);
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
  /* A handle is looked up as what its row says it belongs to. */
  const kindOf = (input) => input.closest("[data-value=handle]")?.querySelector("[data-handle-kind]").value || input.dataset.look;
  async function ask(input) {
    const value = input.value.trim();
    const kind = kindOf(input);
    const hint = input.parentElement.querySelector("[data-hint]");
    if (value.length < 5) {
      hint.textContent = "";
      forget(input);
      return;
    }
    try {
      const query = new URLSearchParams({ kind, value });
      const response = await fetch(`${form.dataset.lookUrl}?${query}`, { credentials: "same-origin", headers: { Accept: "application/json" } });
      if (!response.ok || input.value.trim() !== value || kindOf(input) !== kind) return;
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
  let longTimer = 0;
  const KEY_LONG = `${KEY}-narrative`;
  const KEY_ANEW = `${KEY}-anew`;
  let longDraftTimer = 0;
  const values = () =>
    [...form.elements]
      .filter((one) => one.name && one.name !== "csrfmiddlewaretoken" && (one.type !== "radio" || one.checked))
      .map((one) => [one.name, one === narrative ? told() : one.value])
      .filter(([, value]) => value.length <= LONG_MIN);
  function keep() {
    try {
      sessionStorage.setItem(KEY, JSON.stringify(values()));
    } catch {
      /* storage full or forbidden: the page itself still holds what was typed */
    }
  }
  function keepLong() {
    longDraftTimer = 0;
    const text = told();
    try {
      if (text.length > LONG_MIN && text.length <= DRAFT_LENGTH_MAX) sessionStorage.setItem(KEY_LONG, text);
      else sessionStorage.removeItem(KEY_LONG);
    } catch {
      /* as above */
    }
  }
  function drop() {
    clearTimeout(draftTimer);
    clearTimeout(longDraftTimer);
    sessionStorage.removeItem(KEY);
    sessionStorage.removeItem(KEY_LONG);
  }
  function changed() {
    total();
    clearTimeout(draftTimer);
    draftTimer = setTimeout(keep, DRAFT_MS);
  }
  function narrativeChanged() {
    longTimer ||= setTimeout(() => ((longTimer = 0), showLong()), LOOK_MS);
    clearTimeout(longDraftTimer);
    longDraftTimer = setTimeout(keepLong, LONG_DRAFT_MS);
  }
  function restore() {
    let kept;
    try {
      kept = JSON.parse(sessionStorage.getItem(KEY) || "[]");
      const long = sessionStorage.getItem(KEY_LONG);
      if (long) kept.push(["narrative", long]);
    } catch {
      return;
    }
    const typed = kept.some(([name, value]) => value && /^(victim_(name|phone|id)|narrative|phones|urls|handles-\d+$)|-(payee_account|amount)$/.test(name));
    if (!typed) return;
    const rows = {};
    for (const [name, value] of kept) {
      const many = name.match(ROW_FIELD);
      if (!many) {
        const input = form.elements[name];
        if (input) input.value = value;
        continue;
      }
      const key = `${many[1]}${many[2]}`;
      if (!rows[key]) rows[key] = Object.values(rows).some((row) => row.parentElement.dataset.rows === many[1]) ? addRow(many[1], false) : $(`[data-rows="${many[1]}"]`).firstElementChild;
      const input = rows[key]?.querySelector(many[3] ? `[name$="${many[3]}"]` : "input");
      if (!input) continue;
      input.value = value;
      const row = input.closest("[data-transfer]");
      if (row && filled(row)) row.querySelectorAll("input").forEach((one) => one.value && (one.dataset.typed = "1"));
    }
    tell(sessionStorage.getItem(KEY_ANEW) ? form.dataset.wordAnew : form.dataset.wordRestored);
    sessionStorage.removeItem(KEY_ANEW);
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
  const filled = (row) => [...row.querySelectorAll("input[data-look=account], [data-amount], [data-look=phone], [data-look=url], [data-look=handle]")].some((one) => one.value.trim());
  function counterpart(name) {
    const many = name.match(ROW_FIELD);
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

  /* A narrative over the limit is refused before it is sent; all of it stays in its field. */
  const narrative = $("[data-narrative]");
  const told = () => (narrative.longText ? narrative.longText.text() : narrative.value);
  const NARRATIVE_MAX = Number(narrative.dataset.max);
  // The limit counts characters, of which each has one or two units.
  function isLong() {
    const text = told();
    return text.length > NARRATIVE_MAX && (text.length > 2 * NARRATIVE_MAX || [...text].length > NARRATIVE_MAX);
  }
  function showLong() {
    const notice = $("[data-too-long]");
    if (notice.hidden && !narrative.longText?.on) return;
    notice.hidden = !isLong();
    if (notice.hidden) narrative.removeAttribute("aria-invalid");
    else narrative.setAttribute("aria-invalid", "true");
  }
  const focusOn = (element) => (element.longText || element).focus();
  function refuseLong() {
    if (!isLong()) return false;
    showLong();
    focusOn(narrative);
    return true;
  }

  /* Somebody signed out and in meanwhile, so this page's token is no longer good: the page comes again with its draft. */
  function anew() {
    sessionStorage.setItem(KEY_ANEW, "1");
    location.reload();
  }

  /* Saving */
  async function save(event) {
    event.preventDefault();
    if (form.dataset.busy || refuseLong()) return;
    form.dataset.busy = "1";
    keep();
    keepLong();
    tell(form.dataset.wordSaving);
    try {
      const response = await fetch(form.action, { method: "POST", body: new FormData(form), credentials: "same-origin" });
      if (response.status === 422) {
        graft(new DOMParser().parseFromString(await response.text(), "text/html").querySelector("[data-intake]"));
        tell("");
        focusOn(form.querySelector("[aria-invalid]") || form.querySelector("[data-faults]"));
        return;
      }
      if (response.status === 403) return anew();
      if (!response.ok) throw new Error(String(response.status));
      if (!/sign-in/.test(response.url)) drop();
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
    const fields = all("input:not([type=hidden], [type=radio]), select, textarea, [data-long-text]").filter((one) => one.getClientRects().length);
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
      if (event.target.matches("[data-handle-kind]")) look(event.target.closest("[data-value]").querySelector("input"));
      if (event.target === narrative) narrativeChanged();
      if (event.target.matches("[data-bank]")) event.target.dataset.chosen = "1";
      if (event.target.closest("[data-transfer]")) event.target.dataset.typed = event.target.value ? "1" : "";
      changed();
    });
    total();
    all("[data-look]").filter((input) => input.value).forEach(look);
  }

  window.wuzha = Object.assign(window.wuzha || {}, {
    intake: {
      openPayments,
      addPayment: (told) => putAll(rowOf(told), told),
      addTransfer: (found, told) => putAll(told ? rowOf(told, true) : rowFor(found), found),
      fill(name, value) {
        const input = form.elements[name];
        if (!input || input.value.trim()) return;
        input.value = value;
        changed();
      },
      addPhone: (value) => fillValue("phone", value),
      addUrl: (value) => fillValue("url", value),
      addHandle: (kind, value) => fillValue("handle", value, kind),
    },
  });
  function fillValue(kind, value, belongs) {
    const row = freeRow(kind);
    const input = row?.querySelector("input");
    if (!input) return;
    if (belongs) row.querySelector("[data-handle-kind]").value = belongs;
    input.value = value;
    look(input);
    changed();
  }

  start();
  if (!form.querySelector("[data-faults]")) restore();
})();
