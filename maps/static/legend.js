"use strict";
/* One legend for all layers of a map; its rows are also the switches of what they explain. */
(() => {
  const {el} = Mutan;

  function legendOf(map) {
    if (map.mutan.legend) return map.mutan.legend;
    const body = el("div", {class: "legend-body", id: "legend-body"});
    const shut = el("button", {type: "button", class: "legend-shut", "aria-expanded": "true", "aria-controls": "legend-body"}, "图例");
    const box = el("section", {class: "legend", "aria-label": "图例"}, shut, body);
    const open = (yes) => {
      shut.setAttribute("aria-expanded", String(yes));
      body.hidden = !yes;
    };
    shut.addEventListener("click", () => open(body.hidden));
    const control = L.control({position: "bottomleft"});
    control.onAdd = () => box;
    control.addTo(map);
    L.DomEvent.disableClickPropagation(box).disableScrollPropagation(box);
    if (window.matchMedia("(max-width: 800px)").matches) open(false);
    map.mutan.legend = body;
    /* On paper nobody can fold the legend away: it stands under the map, not on it. */
    const corner = box.parentElement;
    window.addEventListener("beforeprint", () => map.getContainer().after(box));
    window.addEventListener("afterprint", () => corner.append(box));
    return body;
  }

  /* A titled part of the legend, which can be filled anew. */
  function section(map, title) {
    const rows = el("div", {class: "rows"});
    legendOf(map).append(el("section", {class: "part"}, el("h2", {}, title), rows));
    return rows;
  }

  function swatch(fill, border, dashed) {
    const node = el("span", {class: dashed ? "swatch dashed" : "swatch", "aria-hidden": "true"});
    if (fill) node.style.setProperty("--fill", fill);
    if (border) node.style.setProperty("--border", border);
    return node;
  }

  /* A row; with `toggle` it is a switch. */
  function row(sign, label, detail, toggle) {
    const content = [sign, el("span", {class: "label"}, label), detail ? el("span", {class: "detail"}, detail) : null];
    if (!toggle) return el("div", {class: "row"}, content);
    return el("label", {class: "row"},
      el("input", {type: "checkbox", checked: true, onchange: (event) => toggle(event.target.checked)}), content);
  }

  Object.assign(Mutan, {legend: {row, section, swatch}});
})();
