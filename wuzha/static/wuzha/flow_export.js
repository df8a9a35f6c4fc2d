/* The money-flow picture to take away: as SVG that stands alone, and as PNG drawn from it on a canvas.

   What style sheets say is written into each element as attributes, icons and patterns are carried along, and the whole
   picture is taken, whatever part of it is on the screen; where only a window of time or the larger payments are drawn, a
   line of the picture says so. Nothing leaves the browser. */
(() => {
  "use strict";
  const SVG = "http://www.w3.org/2000/svg";
  const PNG_SCALE = 2;
  const PNG_SIDE_MAX = 12000;
  const MARGIN = 12;
  const CAPTION = 24;
  const KEPT = ["fill", "fill-opacity", "stroke", "stroke-width", "stroke-opacity", "stroke-dasharray", "stroke-linejoin", "opacity", "font-size", "font-weight", "font-family", "text-anchor", "paint-order", "text-decoration", "color"];

  function make(name, attributes) {
    const element = document.createElementNS(SVG, name);
    for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
    return element;
  }

  /* A copy whose look needs no style sheet. */
  function plain(source) {
    const copy = source.cloneNode(true);
    const from = [source, ...source.querySelectorAll("*")];
    const to = [copy, ...copy.querySelectorAll("*")];
    from.forEach((element, i) => {
      const look = getComputedStyle(element);
      for (const name of KEPT) {
        const value = look.getPropertyValue(name).replace(/url\("[^"#]*#([^"]+)"\)/, "url(#$1)");
        if (value && value !== "normal") to[i].setAttribute(name, value);
      }
      for (const name of ["class", "tabindex", "role", "style"]) to[i].removeAttribute(name);
    });
    return copy;
  }

  async function icons(copy) {
    const used = new Set([...copy.querySelectorAll("use")].map((use) => use.getAttribute("href")));
    if (!used.size) return [];
    const sheet = await (await fetch(document.body.dataset.icons)).text();
    const symbols = new DOMParser().parseFromString(sheet, "image/svg+xml");
    const kept = [];
    for (const href of used) {
      const id = href.split("#")[1];
      const symbol = symbols.getElementById(id);
      if (!symbol) continue;
      const mine = document.importNode(symbol, true);
      mine.setAttribute("id", `icon-${id}`);
      kept.push(mine);
    }
    for (const use of copy.querySelectorAll("use")) use.setAttribute("href", `#icon-${use.getAttribute("href").split("#")[1]}`);
    return kept;
  }

  async function picture(flow) {
    const { plan, figure } = flow;
    const above = flow.caption ? CAPTION : 0;
    const width = Math.ceil(plan.width + 2 * MARGIN);
    const height = Math.ceil(plan.height + 2 * MARGIN + above);
    const top = -MARGIN - above;
    const root = make("svg", { xmlns: SVG, width, height, viewBox: `${-MARGIN} ${top} ${width} ${height}` });
    flow.light(null);
    const view = flow.view;
    flow.look({ k: 1, x: 0, y: 0 }); // the heads of the columns stand where they belong
    const world = plain(flow.world);
    flow.look(view);
    world.removeAttribute("transform");
    for (const animated of world.querySelectorAll("[data-fold]")) animated.remove();
    const defs = make("defs", {});
    for (const one of document.querySelectorAll("pattern[id^='pattern-'], marker#flow-arrow")) defs.append(plain(one));
    defs.append(...(await icons(world)));
    const title = make("title", {});
    title.textContent = figure.dataset.title || document.title;
    const ground = make("rect", { x: -MARGIN, y: top, width, height, fill: getComputedStyle(flow.svg).backgroundColor });
    root.append(title, defs, ground, world);
    if (flow.caption) root.append(caption(flow.caption, flow, top + 18));
    return { text: new XMLSerializer().serializeToString(root), width, height };
  }

  function caption(text, flow, y) {
    const look = getComputedStyle(flow.figure);
    const line = make("text", { x: 16, y, fill: look.color, "font-family": look.fontFamily, "font-size": 13, "font-weight": 650 });
    line.textContent = text;
    return line;
  }

  function save(blob, name) {
    const link = document.createElement("a");
    link.href = URL.createObjectURL(blob);
    link.download = name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 10000);
  }

  async function png({ text, width, height }) {
    const image = new Image();
    image.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(text)}`;
    await image.decode();
    const scale = Math.min(PNG_SCALE, PNG_SIDE_MAX / width, PNG_SIDE_MAX / height);
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(width * scale);
    canvas.height = Math.round(height * scale);
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    return new Promise((done) => canvas.toBlob(done, "image/png"));
  }

  document.addEventListener("click", async (event) => {
    const button = event.target.closest("[data-flow-export]");
    const flow = document.querySelector("[data-flow]")?.flow;
    if (!button || !flow?.plan?.cards.length) return;
    const name = (document.querySelector("h1 .case-number")?.textContent || "flow").trim();
    const drawn = await picture(flow);
    if (button.dataset.flowExport === "svg") save(new Blob([drawn.text], { type: "image/svg+xml" }), `${name}.svg`);
    else save(await png(drawn), `${name}.png`);
  });
})();
