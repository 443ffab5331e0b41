"use strict";
/* Parcels by land class or another theme: fills, popups, a legend with areas that is also the switch, a search. */
(() => {
  const {begin, colour, el, figure, legend, unpack} = Mutan;
  const word = (coded, at) => (coded.at[at] < 0 ? null : coded.words[coded.at[at]]);

  function popup(read, at) {
    const land = [word(read.land_class, at), word(read.land_class_name, at)].filter(Boolean).join(" ");
    const rows = [["地类", land || "未知"], ...read.themes.map((theme, of) =>
      [of ? theme.label : "归类", theme.classes[theme.class[at]].label])];
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

  function legendRows(theme, toggle) {
    const total = theme.classes.reduce((sum, kind) => sum + (kind.area_m2 ?? 0), 0);
    const share = (area) => (total > 0 ? ` · ${(100 * area / total).toFixed(1)}%` : "");
    const rows = theme.classes.map((kind, at) => {
      const area = kind.area_m2 === null ? "面积未知" : [figure(kind.area_m2, "m2"), share(kind.area_m2)];
      return legend.row(legend.swatch(kind.colour), kind.label, [].concat(area), (on) => toggle(at, on));
    });
    rows.push(el("div", {class: "row total"}, el("span", {class: "label"}, `合计 ${theme.class.length} 块`),
      el("span", {class: "detail"}, figure(total, "m2"))));
    const unmeasured = theme.classes.reduce((sum, kind) => sum + kind.unmeasured, 0);
    if (unmeasured) rows.push(el("p", {class: "soft"}, `其中 ${unmeasured} 块面积未知，未计入合计。`));
    return rows;
  }

  /* The choice of theme stands above the rows of the legend; with one theme there is nothing to choose. */
  function chooser(read, choose, beside) {
    if (read.themes.length < 2) return null;
    const select = el("select", {id: "theme", onchange: () => choose(select.selectedIndex)},
      read.themes.map((theme) => el("option", {}, theme.label)));
    return el("div", {class: "field"}, el("label", {for: "theme"}, "地块着色"), select, beside);
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
    const shapes = [];
    const plain = {color: colour("outline"), weight: 0.6, opacity: 0.7};
    const themes = [...read.themes];
    let classes = [];
    unpack(read.shapes).forEach((shape, at) => {
      if (!shape.length) return;
      shapes[at] = L.polygon(shape, {...plain, fillOpacity: 0.8}).bindPopup(() => popup(read, at), {maxWidth: 340, minWidth: 240});
    });
    group.on("mouseover", (event) => event.propagatedFrom.setStyle({color: colour("highlight"), weight: 2.5, opacity: 1}).bringToFront());
    group.on("mouseout", (event) => event.propagatedFrom.setStyle(plain));
    const toggle = (at, on) => (on ? classes[at].addTo(group) : group.removeLayer(classes[at]));
    const part = legend.section(map, read.themes[0].title);
    const rows = el("div", {class: "rows"});
    const beside = el("div");
    const draw = (theme) => {
      group.clearLayers();
      classes = theme.classes.map(() => L.featureGroup().addTo(group));
      shapes.forEach((shape, at) => {
        const of = theme.class[at];
        shape.setStyle({fillColor: theme.classes[of].colour}).addTo(classes[of]);
      });
      part.parentElement.querySelector("h2").textContent = theme.title;
      rows.replaceChildren(...legendRows(theme, toggle));
    };
    /* A theme of the service has other years as well; a popup tells the one that is drawn. */
    const choose = (chosen) => {
      const theme = read.themes[chosen];
      const years = read.series && read.links.emissions && theme.column === read.series.theme;
      beside.replaceChildren(...(years ? [Mutan.years(read, themes[chosen], (other) => { read.themes[chosen] = other; draw(other); })] : []));
      read.themes[chosen] = themes[chosen];
      draw(themes[chosen]);
    };
    const show = (at) => {
      if (!shapes[at]) return;
      map.fitBounds(shapes[at].getBounds(), {maxZoom: 17});
      shapes[at].openPopup();
    };
    part.append(...[chooser(read, choose, beside), rows, search(read, show)].filter(Boolean));
    choose(0);
    map.mutan.parcels = {shapes, show, choose};
    return group;
  };
})();
