"use strict";
// Draws the flows of one trace: a column for each layer, a bar for each account, a band for each pair of accounts.
// All sums arrive as integers of the smallest unit (data.digits decimals), so that adding them here stays exact.
const data = JSON.parse(document.getElementById("data").textContent);
const words = data.words;
const svg = document.getElementById("picture");
const part = (name) => document.getElementById(name);
const COLUMN = 230, BAR = 14, GAP = 10, TOP = 36, LABEL = 26, HEIGHT = 520, CROWD = 12, ROWS = 500, FRAME = 60;
const nodes = new Map(data.accounts.map((account) => [account.name, account]));
const instants = [...new Set(data.flows.map((flow) => flow.at))];
const open = new Set();
let unfolded = false, timer = 0;

const sum = (minor) => {
  const text = String(Math.abs(minor)).padStart(data.digits + 1, "0");
  const whole = data.digits ? text.slice(0, -data.digits) : text;
  return whole.replace(/\B(?=(\d{3})+(?!\d))/g, ",") + (data.digits ? "." + text.slice(-data.digits) : "");
};
const make = (name, attributes, parent, text) => {
  const element = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  if (text !== undefined) element.textContent = text;
  if (parent) parent.append(element);
  return element;
};
const short = (name) => (name.length > LABEL ? name.slice(0, LABEL - 8) + "…" + name.slice(-6) : name);

function visible() {
  const least = (Number(part("least").value) || 0) * 10 ** data.digits;
  const since = Number(part("since").value), until = Number(part("until").value);
  return data.flows.filter((flow) => flow.step >= since && flow.step <= until && flow.stolen >= least);
}

// Stolen money there at the second handle, whatever the other filters leave out.
function rests() {
  const until = Number(part("until").value), rest = new Map();
  for (const flow of data.flows) {
    if (flow.step > until) continue;
    rest.set(flow.from, (rest.get(flow.from) || 0) - flow.stolen);
    rest.set(flow.to, (rest.get(flow.to) || 0) + flow.stolen);
  }
  return rest;
}

function shape(flows) {
  const seen = new Map(), rest = rests();
  const get = (name) => {
    if (!seen.has(name)) {
      const { layer } = nodes.get(name);
      seen.set(name, { name, into: 0, out: 0, rest: Math.max(0, rest.get(name)), layer, members: [name] });
    }
    return seen.get(name);
  };
  for (const flow of flows) {
    get(flow.from).out += flow.stolen;
    get(flow.to).into += flow.stolen;
  }
  const columns = [];
  for (const node of seen.values()) (columns[node.layer] ||= []).push(node);
  const home = new Map();
  columns.forEach((column, layer) => {
    column.sort((a, b) => Math.max(b.into, b.out) - Math.max(a.into, a.out) || (a.name < b.name ? -1 : 1));
    if (column.length > CROWD + 1 && !unfolded && !open.has(layer)) {
      const rest = column.splice(CROWD);
      const crowd = { name: words.crowd.replace("%s", rest.length), into: 0, out: 0, layer, members: [], crowd: true };
      for (const node of rest) {
        crowd.into += node.into;
        crowd.out += node.out;
        crowd.members.push(node.name);
      }
      column.push(crowd);
    }
    for (const node of column) for (const name of node.members) home.set(name, node);
  });
  const bands = new Map();
  for (const flow of flows) {
    const from = home.get(flow.from), to = home.get(flow.to), key = from.layer + "\n" + from.name + "\n" + to.name;
    if (!bands.has(key)) bands.set(key, { from, to, stolen: 0, flows: [] });
    const band = bands.get(key);
    band.stolen += flow.stolen;
    band.flows.push(flow);
  }
  return { columns: columns.filter(Boolean), bands: [...bands.values()] };
}

function place(columns) {
  const heaviest = Math.max(1, ...columns.map((column) => column.reduce((all, n) => all + Math.max(n.into, n.out), 0)));
  const scale = HEIGHT / heaviest;
  let tallest = 0;
  columns.forEach((column, index) => {
    let y = TOP;
    for (const node of column) {
      node.x = 20 + index * COLUMN;
      node.y = y;
      node.size = Math.max(3, Math.max(node.into, node.out) * scale);
      node.inAt = node.outAt = y;
      y += Math.max(node.size, 15) + GAP;
    }
    tallest = Math.max(tallest, y);
  });
  return { scale, tallest };
}

function draw() {
  const flows = visible(), wanted = part("search").value.trim().toLowerCase();
  const { columns, bands } = shape(flows);
  const { scale, tallest } = place(columns);
  svg.replaceChildren();
  svg.setAttribute("width", 20 + columns.length * COLUMN + 60);
  svg.setAttribute("height", tallest + 10);
  const under = make("g", {}, svg), over = make("g", {}, svg);
  bands.sort((a, b) => a.to.y - b.to.y || a.from.y - b.from.y);
  for (const band of bands) {
    const width = Math.max(1, band.stolen * scale);
    const x1 = band.from.x + BAR, y1 = band.from.outAt + width / 2, x2 = band.to.x, y2 = band.to.inAt + width / 2;
    band.from.outAt += width;
    band.to.inAt += width;
    const bend = Math.max(60, Math.abs(x2 - x1) / 2);
    const path = make("path", { class: "edge", "stroke-width": width,
      d: `M${x1},${y1} C${x1 + bend},${y1} ${x2 - bend},${y2} ${x2},${y2}` }, under);
    const near = [...band.from.members, ...band.to.members].some((name) => name.toLowerCase().includes(wanted));
    if (wanted && !near) path.classList.add("dim");
    hint(path, () => bandText(band));
  }
  columns.forEach((column) => {
    make("text", { class: "layer", x: column[0].x, y: 18 }, over, words.layer.replace("%s", column[0].layer));
    for (const node of column) drawNode(node, over, scale, wanted);
  });
  table(flows);
  const times = ["since", "until"].map((name) => {
    const clock = data.clock[Number(part(name).value)] || "";
    part(name).setAttribute("aria-valuetext", clock);
    part("clock-" + name).textContent = clock;
    return clock;
  });
  const windowed = Number(part("since").value) > 0 || Number(part("until").value) < instants.length - 1;
  const caption = [words.caption.replace("%s", flows.length).replace("%s", data.flows.length)];
  if (windowed) caption.push(times.join(" – "));
  if (data.left_out) caption.push(words.left_out.replace("%s", data.left_out));
  part("caption").textContent = caption.join(" ");
}

function drawNode(node, parent, scale, wanted) {
  const group = make("g", {}, parent);
  const account = node.crowd ? null : nodes.get(node.name);
  const kind = node.crowd ? "node crowd" : account.end ? "node end" : "node";
  make("rect", { class: kind, x: node.x, y: node.y, width: BAR, height: node.size, rx: 2 }, group);
  if (!node.crowd && node.rest && !account.end && node.layer > 0) {
    const held = Math.min(node.size, Math.max(2, node.rest * scale));
    make("rect", { class: "held", x: node.x, y: node.y + node.size - held, width: BAR, height: held, rx: 2 }, group);
  }
  make("text", { x: node.x + BAR + 4, y: node.y + 11 }, group, short(node.name));
  if (wanted) {
    const found = node.members.some((name) => name.toLowerCase().includes(wanted));
    group.classList.add(found ? "found" : "dim");
  }
  hint(group, () => nodeText(node, account));
  if (node.crowd) group.addEventListener("click", () => { open.add(node.layer); draw(); });
  else if (open.has(node.layer)) group.addEventListener("dblclick", () => { open.delete(node.layer); draw(); });
}

function nodeText(node, account) {
  if (node.crowd) return `${node.name}\n${words.received} ${sum(node.into)}\n${words.paid} ${sum(node.out)}\n${words.click}`;
  const lines = [node.name, `${words.received} ${sum(node.into)}`, `${words.paid} ${sum(node.out)}`];
  if (Number(part("until").value) < instants.length - 1) return lines.join("\n"); // the rest is told of the end
  if (account.interval) lines.push(`${words.interval} ${sum(account.interval[0])} – ${sum(account.interval[1])}`);
  if (account.lots.length) lines.push(words.lots);
  for (const lot of account.lots.slice(0, 12)) lines.push(`  ${sum(lot[1])}  ${lot[0] === null ? words.clean : lot[0]}`);
  if (account.lots.length > 12) lines.push("  …");
  return lines.join("\n");
}

function bandText(band) {
  const lines = [`${band.from.name} → ${band.to.name}`, `${words.stolen} ${sum(band.stolen)}`];
  for (const flow of band.flows.slice(0, 10)) {
    const owners = Object.entries(flow.by).map(([victim, cents]) => `${victim} ${sum(cents)}`).join(", ");
    lines.push(`${flow.time}  ${sum(flow.amount)}  (${owners})`);
  }
  if (band.flows.length > 10) lines.push("…");
  return lines.join("\n");
}

function hint(element, text) {
  const box = part("hint");
  element.addEventListener("pointermove", (event) => {
    box.textContent = text();
    box.hidden = false;
    box.style.left = Math.min(event.clientX + 14, innerWidth - box.offsetWidth - 8) + "px";
    box.style.top = Math.min(event.clientY + 14, innerHeight - box.offsetHeight - 8) + "px";
  });
  element.addEventListener("pointerleave", () => { box.hidden = true; });
}

function table(flows) {
  const wanted = part("search").value.trim().toLowerCase();
  const shown = wanted ? flows.filter((f) => (f.from + "\n" + f.to).toLowerCase().includes(wanted)) : flows;
  const body = part("rows");
  body.replaceChildren(...shown.slice(0, ROWS).map((flow) => {
    const row = document.createElement("tr");
    const cells = [flow.row, flow.time, flow.from, flow.to, sum(flow.amount), sum(flow.stolen), Object.keys(flow.by).join(", ")];
    cells.forEach((text, index) => {
      const cell = document.createElement("td");
      cell.textContent = text === null ? "" : text;
      if (index === 4 || index === 5) cell.className = "sum";
      row.append(cell);
    });
    return row;
  }));
  part("more").textContent = shown.length > ROWS ? words.more.replace("%s", shown.length - ROWS) : "";
}

// A handle stops at the other one.
function slide(handle) {
  const from = Number(part("since").value), to = Number(part("until").value);
  if (from > to) handle.value = handle.id === "since" ? to : from;
  draw();
}

function replay() {
  if (timer) { clearInterval(timer); timer = 0; part("play").textContent = words.play; return; }
  const slider = part("until");
  if (Number(slider.value) >= instants.length - 1) slider.value = part("since").value;
  part("play").textContent = words.pause;
  const stride = Math.max(1, Math.round(instants.length / 200));
  timer = setInterval(() => {
    slider.value = Number(slider.value) + stride;
    draw();
    if (Number(slider.value) >= instants.length - 1) replay();
  }, FRAME);
}

function start() {
  document.querySelectorAll("[data-text]").forEach((element) => { element.textContent = words[element.dataset.text]; });
  part("summary").textContent = data.summary;
  words.heads.forEach((text, index) => {
    const head = document.createElement("th");
    head.textContent = text;
    if (index === 4 || index === 5) head.className = "sum";
    part("heads").append(head);
  });
  const steps = new Map(instants.map((at, index) => [at, index]));
  data.clock = [];
  for (const flow of data.flows) {
    flow.step = steps.get(flow.at);
    data.clock[flow.step] = flow.time;
  }
  part("since").max = part("until").max = Math.max(0, instants.length - 1);
  part("until").value = part("until").max;
  for (const name of ["search", "least"]) part(name).addEventListener("input", draw);
  for (const name of ["since", "until"]) part(name).addEventListener("input", () => slide(part(name)));
  part("controls").addEventListener("submit", (event) => event.preventDefault());
  part("play").addEventListener("click", replay);
  part("fold").addEventListener("click", () => {
    unfolded = !unfolded;
    open.clear();
    part("fold").setAttribute("aria-pressed", unfolded);
    part("fold").textContent = unfolded ? words.fold : words.unfold;
    draw();
  });
  draw();
}
start();
