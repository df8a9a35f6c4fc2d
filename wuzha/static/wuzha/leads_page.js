/* The intake page's side of leads.js: what is confirmed goes into the form, and the kind of fraud is chosen.

   A payment fills one row: amount, account, time and both sides; what was typed stays. A single lead goes where the
   payment that it belongs to stands, the victim's own account to the victim's side. The kind of fraud is a select of
   the form; the three proposals are buttons (Alt+J, K, L) that set it, and set it back when pressed again. */
(() => {
  "use strict";
  const KIND_KEYS = ["j", "k", "l"];
  const SVG = "http://www.w3.org/2000/svg";
  const form = document.querySelector("[data-intake][data-leads-url]");
  const textarea = form?.querySelector("textarea[data-narrative]");
  const list = form?.querySelector("[data-leads]");
  const door = window.wuzha.intake;
  if (!textarea || !list || !door) return;
  const words = Object.fromEntries(Object.entries(list.dataset).filter(([name]) => name.startsWith("word")).map(([name, word]) => [name[4].toLowerCase() + name.slice(5), word]));

  const minute = (value) => (/T\d\d:\d\d/.test(value) ? value.slice(0, 16) : /T\d\d$/.test(value) ? `${value}:00` : "");
  const paymentOf = (lead) => watch.paymentOf(lead);
  function account(lead) {
    const payment = paymentOf(lead);
    const side = payment && payment.payer_account === lead.value ? "payer_account" : "payee_account";
    door.addTransfer({ [side]: lead.value }, payment);
  }
  const handle = (lead) => door.addHandle(lead.kind, lead.value);
  const confirmed = {
    card: account,
    account,
    qq: handle,
    wechat: handle,
    telegram: handle,
    dingtalk: handle,
    order: handle,
    // Money went to it in a payment; without one it is a name under which somebody was met.
    alipay: (lead) => (paymentOf(lead) ? account(lead) : handle(lead)),
    amount: (lead) => door.addTransfer({ amount: lead.value, currency: lead.currency }, paymentOf(lead)),
    time: (lead) => minute(lead.value) && door.addTransfer({ at: minute(lead.value) }, paymentOf(lead)),
    phone: (lead) => door.addPhone(lead.value),
    url: (lead) => door.addUrl(lead.value),
    id_number: (lead) => door.fill("victim_id_number", lead.value),
    person: (lead) => door.fill("victim_name", lead.value),
  };

  /* The kind of fraud */
  const kinds = form.querySelector("[data-kinds]");
  const choice = form.querySelector("[name=fraud_kind]");
  const unsure = form.querySelector("[data-unsure]");
  const pressed = () => {
    for (const button of kinds.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.value === choice.value));
  };
  function text(name, className, ...children) {
    const element = document.createElement(name);
    element.className = className;
    element.append(...children);
    return element;
  }
  function bar(percent) {
    const picture = document.createElementNS(SVG, "svg");
    const shape = document.createElementNS(SVG, "rect");
    for (const [name, value] of [["class", "kind-bar"], ["viewBox", "0 0 100 3"], ["preserveAspectRatio", "none"], ["aria-hidden", "true"]]) picture.setAttribute(name, value);
    for (const [name, value] of [["class", "fill-moved"], ["width", percent], ["height", 3]]) shape.setAttribute(name, value);
    picture.append(shape);
    return picture;
  }
  function kindButton(one, at) {
    const button = text("button", "kind-pick", text("kbd", "", `Alt ${KIND_KEYS[at].toUpperCase()}`), " ", text("span", "kind-name", one.name), " ", text("span", "kind-percent", `${one.percent} %`), bar(one.percent));
    if (one.words.length) button.append(text("span", "kind-words", one.words.slice(0, 5).join(" · ")));
    button.type = "button";
    button.value = one.code;
    button.dataset.altKey = KIND_KEYS[at];
    button.addEventListener("click", () => {
      choice.value = choice.value === one.code ? "" : one.code;
      choice.dispatchEvent(new Event("input", { bubbles: true }));
    });
    return button;
  }
  function showKind(told) {
    const scores = told?.kinds || [];
    const focused = kinds.contains(document.activeElement) ? document.activeElement.value : "";
    if (scores.length) kinds.replaceChildren(...scores.slice(0, KIND_KEYS.length).map(kindButton));
    else kinds.replaceChildren(text("p", "faint", words.none || ""));
    unsure.hidden = !scores.length || !told.unsure;
    pressed();
    if (focused) [...kinds.querySelectorAll("button")].find((button) => button.value === focused)?.focus();
  }
  choice.addEventListener("input", pressed);

  const watch = window.wuzha.leads.attach({
    textarea,
    list,
    endpoint: form.dataset.leadsUrl,
    words,
    onConfirm: (lead) => {
      confirmed[lead.kind]?.(lead);
      form.dispatchEvent(new CustomEvent("wuzha:lead", { detail: lead }));
    },
    onPayment: (payment) => door.addPayment(payment),
    openPayments: (told) => door.openPayments(told),
    onKind: showKind,
    taken: () => new Set([...form.querySelectorAll("input")].map((input) => input.value.replace(/\s/g, "")).filter(Boolean)),
  });
  // A row typed by hand or removed changes what is still to be taken over.
  form.addEventListener("change", (event) => event.target.closest("[data-transfer], [data-value]") && watch.render());
  form.addEventListener("wuzha:rows", () => watch.render());
})();
