"use strict";
/* The ground of every page: colours, elements, numbers, outlines, and the choice between mu and hectare.
   Text from data only ever becomes a text node, so no name can be read as HTML. */
window.Mutan = (() => {
  const root = getComputedStyle(document.documentElement);
  const colour = (name) => root.getPropertyValue(`--${name}`).trim();
  const data = (id) => JSON.parse(document.getElementById(id).textContent);

  function el(tag, attributes, ...children) {
    const node = document.createElement(tag);
    for (const [name, value] of Object.entries(attributes || {})) {
      if (name.startsWith("on")) node.addEventListener(name.slice(2), value);
      else if (value !== null && value !== false && value !== undefined)
        node.setAttribute(name, value === true ? "" : value);
    }
    node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== ""));
    return node;
  }

  /* maps/payload.py packs whole millionths of a degree; a ring's first vertex is absolute. */
  function unpack(shapes) {
    let at = 0, ring = 0, polygon = 0;
    const ringOf = () => {
      const line = [];
      let x = 0, y = 0;
      for (let left = shapes.rings[ring++]; left > 0; left--) {
        x += shapes.steps[at++];
        y += shapes.steps[at++];
        line.push([y / 1e6, x / 1e6]);
      }
      return line;
    };
    return shapes.features.map((count) =>
      Array.from({length: count}, () => Array.from({length: shapes.polygons[polygon++]}, ringOf)));
  }

  const units = {};
  let land = "mu";
  const listeners = [];

  /* Areas, shares and intensities line up under each other; counts and the like end where they end. */
  function digits(value, name) {
    const size = Math.abs(value);
    const most = size >= 1000 ? 1 : 2;
    if (size > 0 && size < 0.1) return {maximumSignificantDigits: 3};
    return {minimumFractionDigits: /[%亩公]/.test(name) ? most : 0, maximumFractionDigits: most};
  }

  function say(value, unit) {
    const [name, factor] = (units[unit] || {})[land] || [unit, 1];
    if (value === null || value === undefined) return ["—", ""];
    const told = value * factor;
    return [told.toLocaleString("zh-CN", digits(told, name)), name];
  }

  /* All of it in view, beside the legend where there is room for both. */
  function fit(map, bounds) {
    map.invalidateSize({pan: false});
    const wide = map.getSize().x;
    const legend = map.mutan.legend ? map.mutan.legend.parentElement.offsetWidth : 0;
    const left = wide > 2 * legend + 60 ? legend + 30 : 20;
    if (bounds.isValid()) map.fitBounds(bounds, {paddingTopLeft: [left, 20], paddingBottomRight: [20, 20], animate: false});
  }

  /* A number that follows the choice of unit wherever it stands: whole, or only its number, or only its unit. */
  function figure(value, unit, part = "whole") {
    const node = el("span", {class: "figure"});
    node.mutan = [value, unit, part];
    return refresh(node);
  }

  function refresh(node) {
    const [value, unit, part] = node.mutan;
    const [text, name] = say(part === "unit" ? 0 : value, unit);
    const after = name === "%" ? "%" : name ? ` ${name}` : "";
    if (part === "unit") node.replaceChildren(name ? `（${name}）` : "");
    else node.replaceChildren(el("b", {}, text), part === "number" ? "" : after);
    return node;
  }

  function setLand(unit) {
    land = unit;
    document.querySelectorAll(".figure").forEach(refresh);
    listeners.forEach((listen) => listen(unit));
  }

  function landSwitch() {
    const tools = document.getElementById("tools");
    if (tools.querySelector(".land")) return;
    const choice = (unit, label) => el("label", {},
      el("input", {type: "radio", name: "land", value: unit, checked: unit === land, onchange: () => setLand(unit)}),
      el("span", {}, label));
    tools.append(
      el("fieldset", {class: "land segmented"}, el("legend", {}, "面积单位"), choice("mu", "亩"), choice("ha", "公顷")),
      el("button", {type: "button", class: "plain", onclick: () => window.print()}, "打印"));
  }

  /* Every layer begins here: its units are known, the tools are there, the scale bar is on the map. */
  function begin(map, id) {
    const read = data(id);
    Object.assign(units, read.units || {});
    if (!map.mutan) {
      map.mutan = {};
      map.attributionControl.setPrefix(false);
      L.control.scale({imperial: false, position: "bottomright"}).addTo(map);
      /* A popup that grows because its why was opened stays in view; Leaflet has no public call for that. */
      map.on("popupopen", ({popup}) => popup.getElement().addEventListener("toggle", () => popup._adjustPan(), true));
      L.control.zoom({zoomInTitle: "放大", zoomOutTitle: "缩小"}).addTo(map);
      new ResizeObserver(() => map.invalidateSize()).observe(map.getContainer());
    }
    if (read.units) landSwitch();
    return read;
  }

  /* An address made from a template of the page's links; null where the page stands alone. */
  function address(template, values) {
    if (!template) return null;
    return template.replace(/\{(\w+)\}/g, (_, name) => encodeURIComponent(values[name]));
  }

  const panelOf = () => document.querySelector("aside.panel");

  function panel(map, title) {
    const body = el("div", {class: "panel-body", id: "panel-body"});
    const shut = el("button", {type: "button", class: "panel-shut", "aria-controls": "panel-body"});
    const set = (open) => {
      shut.setAttribute("aria-expanded", String(open));
      shut.setAttribute("aria-label", open ? "收起面板" : "展开面板");
      shut.textContent = open ? "›" : "‹";
      aside.classList.toggle("closed", !open);
    };
    const aside = el("aside", {class: "panel", "aria-label": title}, shut, body);
    shut.addEventListener("click", () => set(shut.getAttribute("aria-expanded") !== "true"));
    set(true);
    document.querySelector("main.stage").append(aside);
    return body;
  }

  window.addEventListener("beforeprint", () =>
    document.querySelectorAll(".panel details.why").forEach((why) => { why.open = true; }));

  return {address, begin, colour, el, figure, fit, onLand: (listen) => listeners.push(listen), panel, panelOf, say, unpack};
})();
