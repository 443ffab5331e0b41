"use strict";
/* Parcels by land class: fills, popups, a legend with areas that is also the switch, and a search by number. */
(() => {
  const {begin, colour, el, figure, legend, unpack} = Mutan;
  const word = (coded, at) => (coded.at[at] < 0 ? null : coded.words[coded.at[at]]);

  function popup(read, at) {
    const land = [word(read.land_class, at), word(read.land_class_name, at)].filter(Boolean).join(" ");
    const rows = [["地类", land || "未知"], ["归类", read.classes[read.class[at]].label]];
    const numbers = [["图斑面积", read.area_m2[at], "m2"]];
    for (const fact of read.facts) {
      if (fact.coded) rows.push([fact.label, word(fact.coded, at) || "未知"]);
      else numbers.push([fact.label, fact.values[at], fact.unit]);
    }
    const line = (label, content) => el("tr", {}, el("th", {scope: "row"}, label), el("td", {}, content));
    const link = Mutan.address(read.links.parcel, {parcel_id: read.parcel_id[at]});
    return el("div", {class: "popup"},
      el("h2", {}, `地块 ${read.parcel_id[at] ?? "无编号"}`),
      el("table", {class: "inputs"}, el("tbody", {},
        numbers.map(([label, value, unit]) =>
          line(label, value === null ? el("span", {class: "soft"}, "未知") : figure(value, unit))),
        rows.map(([label, text]) => line(label, text)))),
      el("p", {class: "soft"}, "图斑面积为参考椭球面面积。"),
      link ? el("p", {}, el("a", {href: link}, "查看地块记录")) : null);
  }

  function fillLegend(map, read, toggle) {
    const rows = legend.section(map, "地类与面积");
    const total = read.classes.reduce((sum, kind) => sum + (kind.area_m2 ?? 0), 0);
    const share = (area) => (total > 0 ? ` · ${(100 * area / total).toFixed(1)}%` : "");
    read.classes.forEach((kind, at) => {
      const area = kind.area_m2 === null ? "面积未知" : [figure(kind.area_m2, "m2"), share(kind.area_m2)];
      rows.append(legend.row(legend.swatch(kind.colour), kind.label, [].concat(area), (on) => toggle(at, on)));
    });
    rows.append(el("div", {class: "row total"}, el("span", {class: "label"}, `合计 ${read.class.length} 块`),
      el("span", {class: "detail"}, figure(total, "m2"))));
    const unmeasured = read.classes.reduce((sum, kind) => sum + kind.unmeasured, 0);
    if (unmeasured) rows.append(el("p", {class: "soft"}, `其中 ${unmeasured} 块面积未知，未计入合计。`));
    return rows;
  }

  function search(read, show) {
    const said = el("p", {class: "soft", role: "status"});
    const find = (event) => {
      event.preventDefault();
      const asked = new FormData(event.target).get("parcel").trim();
      const at = read.parcel_id.indexOf(asked);
      said.textContent = at < 0 ? `没有编号为 ${asked} 的地块。` : "";
      if (at >= 0) show(at);
    };
    return el("form", {class: "search", onsubmit: find},
      el("label", {for: "find-parcel"}, "查找地块"),
      el("input", {id: "find-parcel", name: "parcel", type: "search", placeholder: "地块编号", autocomplete: "off"}),
      el("button", {type: "submit"}, "查找"), said);
  }

  Mutan.parcels = (map, id) => {
    const read = begin(map, id);
    const group = L.featureGroup();
    const classes = read.classes.map(() => L.featureGroup().addTo(group));
    const shapes = [];
    const plain = {color: colour("outline"), weight: 0.6, opacity: 0.7};
    unpack(read.shapes).forEach((shape, at) => {
      if (!shape.length) return;
      const fillColor = read.classes[read.class[at]].colour;
      shapes[at] = L.polygon(shape, {...plain, fillColor, fillOpacity: 0.8})
        .bindPopup(() => popup(read, at), {maxWidth: 340, minWidth: 240})
        .addTo(classes[read.class[at]]);
    });
    group.on("mouseover", (event) => event.propagatedFrom.setStyle({color: colour("highlight"), weight: 2.5, opacity: 1}).bringToFront());
    group.on("mouseout", (event) => event.propagatedFrom.setStyle(plain));
    const toggle = (at, on) => (on ? classes[at].addTo(group) : group.removeLayer(classes[at]));
    const show = (at) => {
      if (!shapes[at]) return;
      map.fitBounds(shapes[at].getBounds(), {maxZoom: 17});
      shapes[at].openPopup();
    };
    fillLegend(map, read, toggle).append(search(read, show));
    map.mutan.parcels = {shapes, show};
    return group;
  };
})();
