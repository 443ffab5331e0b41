"use strict";
/* Boundaries of zones, and constraint layers. Each has its own SVG pane over the canvas of the parcels, so that
   it stays on top; only the stroke of a constraint takes clicks, for the parcel under it must be reached too. */
(() => {
  const {begin, colour, el, fit, legend, unpack} = Mutan;

  function paneOf(map, name, height) {
    map.createPane(name).style.zIndex = height;
    return L.svg({pane: name, padding: 0.5});
  }

  Mutan.boundary = (map, id) => {
    const read = begin(map, id);
    const group = L.featureGroup();
    const style = {color: colour("boundary"), weight: 2.5, fill: false, interactive: false,
      renderer: paneOf(map, "boundary", 460), pane: "boundary"};
    unpack(read.shapes).forEach((shape) => {
      if (!shape.length) return;
      L.polygon(shape, {...style, color: colour("outline"), weight: 6, opacity: 0.8}).addTo(group);
      L.polygon(shape, style).addTo(group);
    });
    const toggle = (on) => (on ? group.addTo(map) : group.remove());
    legend.section(map, "边界").append(
      legend.row(legend.swatch(null, colour("boundary")), "开发区边界", null, toggle));
    fit(map, group.getBounds());
    return group;
  };

  Mutan.constraints = (map, id) => {
    const read = begin(map, id);
    const group = L.featureGroup();
    const renderer = paneOf(map, "constraints", 450);
    const kinds = read.kinds.map(() => L.featureGroup().addTo(group));
    unpack(read.shapes).forEach((shape, at) => {
      const kind = read.kinds[read.kind[at]];
      if (!shape.length || !kind) return;
      const style = {color: kind.colour, weight: 2.5, dashArray: "7 4", fillColor: kind.colour, fillOpacity: kind.filled ? 0.16 : 0};
      const popup = () => el("div", {class: "popup"}, el("h2", {}, read.name[at] || "未命名"), el("p", {}, kind.label),
        read.level[at] ? el("p", {class: "soft"}, `级别：${read.level[at]}`) : null);
      L.polygon(shape, {...style, className: "by-stroke", renderer, pane: "constraints"})
        .bindPopup(popup, {minWidth: 160}).addTo(kinds[read.kind[at]]);
    });
    const rows = legend.section(map, "管控图层");
    kinds.forEach((layer, at) => rows.append(legend.row(
      legend.swatch(null, read.kinds[at].colour, true), read.kinds[at].label, null,
      (on) => (on ? layer.addTo(group) : group.removeLayer(layer)))));
    if (read.hidden) rows.append(el("p", {class: "soft"}, `另有 ${read.hidden} 个涉密图斑，本页不含。`));
    return group;
  };
})();
