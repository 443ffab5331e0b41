"use strict";
/* All zones by one indicator: shapes near, dots far, names where there is room; choice, table and legend. */
(() => {
  const {address, begin, colour, el, figure, indicator, legend, mark, outcomeOf, panel, unpack, unpackResults} = Mutan;
  const STEPS = 5;

  /* Class limits so that each class holds about as many zones. */
  function limitsOf(values) {
    const sorted = [...values].sort((a, b) => a - b);
    const cuts = Array.from({length: STEPS - 1}, (_, step) => sorted[Math.floor((step + 1) * sorted.length / STEPS)]);
    return sorted.length ? [...new Set(cuts)].filter((cut) => cut > sorted[0]) : [];
  }

  function styleOf(state, at) {
    const result = state.result(at);
    const outcome = outcomeOf(result);
    const edge = {color: colour("paper"), weight: 1.2, opacity: 1, dashArray: null, fillOpacity: 0.85};
    if (outcome === "cannot_tell")
      return {...edge, color: colour("ink-soft"), dashArray: "3 3", fillColor: colour("cannot_tell"), fillOpacity: 0.6};
    if (state.mode === "target") return {...edge, fillColor: colour(outcome)};
    return {...edge, fillColor: colour(`seq-${state.step(result.value)}`)};
  }

  function zonePopup(state, at) {
    const {read} = state;
    const code = read.code[at];
    const results = state.results.get(code) || new Map();
    const chosen = results.get(state.chosen);
    const link = address(read.links.zone, {code});
    const why = (result) => address(read.links.why, {code, result: result.code});
    const others = read.indicators.map((about) => results.get(about.code)).filter((result) => result && result !== chosen);
    return el("div", {class: "popup"},
      el("h2", {}, link ? el("a", {href: link}, read.name[at]) : read.name[at]),
      el("p", {class: "soft"}, [code, read.level[at], read.city[at]].filter(Boolean).join(" · "),
        read.approved_ha[at] === null ? null : [" · 批准面积 ", figure(read.approved_ha[at], "ha")]),
      chosen ? indicator(chosen, why(chosen)) : el("p", {class: "reason"}, "没有该指标的评价结果。"),
      others.length ? el("details", {}, el("summary", {}, "其他指标"), el("table", {class: "inputs"}, el("tbody", {},
        others.map((result) => el("tr", {}, el("th", {scope: "row"}, result.label),
          el("td", {}, figure(result.value, result.unit), " ",
            outcomeOf(result) === "none" ? null : mark(outcomeOf(result)))))))) : null);
  }

  function fillLegend(state) {
    const count = (keep) => state.read.code.filter((_, at) => keep(state.result(at))).length;
    const rows = [];
    if (state.mode === "target") {
      const words = {met: "达到目标", not_met: "未达到目标", none: "无目标值"};
      for (const [outcome, word] of Object.entries(words)) {
        const zones = count((result) => outcomeOf(result) === outcome);
        if (zones || outcome !== "none") rows.push(legend.row(legend.swatch(colour(outcome)), word, `${zones} 个`));
      }
    } else {
      const cuts = state.limits;
      for (let step = 0; step <= cuts.length; step++) {
        const zones = count((result) => result && result.value !== null && state.classOf(result.value) === step);
        const number = (at) => figure(cuts[at], state.unit, "number");
        const range = step === 0 ? ["低于 ", number(0)]
          : step === cuts.length ? [number(step - 1), " 及以上"] : [number(step - 1), " – ", number(step)];
        const label = el("span", {}, cuts.length ? range : "全部");
        rows.push(legend.row(legend.swatch(colour(`seq-${state.shade(step)}`)), label, `${zones} 个`));
      }
    }
    const unknown = count((result) => outcomeOf(result) === "cannot_tell");
    rows.push(legend.row(legend.swatch(colour("cannot_tell"), colour("ink-soft"), true), "无法判断", `${unknown} 个`));
    state.legend.replaceChildren(el("p", {class: "part-title"}, state.label, figure(null, state.unit, "unit")), ...rows);
  }

  function fillTable(state) {
    const order = state.read.code.map((_, at) => at).sort((a, b) => {
      const [x, y] = [state.result(a)?.value ?? null, state.result(b)?.value ?? null];
      if (x === null || y === null) return (x === null) - (y === null);
      return state.falling ? y - x : x - y;
    });
    let rank = 0;
    state.rows.replaceChildren(...order.map((at) => {
      const result = state.result(at);
      const known = result && result.value !== null;
      return el("tr", {"data-name": `${state.read.name[at]} ${state.read.code[at]}`},
        el("td", {class: "rank"}, known ? String(++rank) : "—"),
        el("th", {scope: "row"}, el("button", {type: "button", class: "plain", onclick: () => state.show(at)}, state.read.name[at])),
        el("td", {class: "number"}, known ? figure(result.value, result.unit, "number") : el("span", {class: "soft"}, "未知")),
        el("td", {}, state.targets || !known ? mark(outcomeOf(result)) : null));
    }));
    state.head.replaceChildren(figure(null, state.unit, "unit"));
    state.filter();
  }

  function choose(state, code) {
    state.chosen = code;
    const about = state.read.indicators.find((one) => one.code === code);
    const all = state.read.code.map((_, at) => state.result(at)).filter(Boolean);
    state.label = about.label;
    state.unit = all.length ? all[0].unit : "1";
    state.targets = all.some((result) => result.outcome === "met" || result.outcome === "not_met");
    state.limits = limitsOf(all.map((result) => result.value).filter((value) => value !== null));
    setMode(state, state.targets ? "target" : "value");
    fillTable(state);
  }

  function setMode(state, mode) {
    state.mode = mode;
    state.modes.hidden = !state.targets;
    state.modes.querySelectorAll("input").forEach((input) => { input.checked = input.value === mode; });
    state.zones.forEach((zone, at) => zone && zone.paint(styleOf(state, at)));
    fillLegend(state);
    state.map.closePopup();
  }

  function buildPanel(state) {
    const {read} = state;
    const body = panel(state.map, "指标与开发区");
    const select = el("select", {id: "indicator", onchange: () => choose(state, select.value)},
      read.indicators.map((about) => el("option", {value: about.code, selected: about.code === read.chosen}, about.label)));
    const mode = (value, label) => el("label", {},
      el("input", {type: "radio", name: "mode", value, onchange: () => setMode(state, value)}), el("span", {}, label));
    state.modes = el("fieldset", {class: "segmented"}, el("legend", {}, "着色"), mode("target", "对照目标"), mode("value", "按数值"));
    const asked = el("input", {id: "filter", type: "search", placeholder: "名称或代码", autocomplete: "off", oninput: () => state.filter()});
    state.rows = el("tbody", {});
    state.filter = () => state.rows.querySelectorAll("tr").forEach((row) => {
      row.hidden = !row.dataset.name.toLowerCase().includes(asked.value.trim().toLowerCase());
    });
    const turn = el("button", {type: "button", class: "plain", title: "改变次序", onclick: () => {
      state.falling = !state.falling;
      turn.textContent = state.falling ? "数值 ↓" : "数值 ↑";
      fillTable(state);
    }}, "数值 ↓");
    state.head = el("div", {});
    body.append(
      el("div", {class: "field"}, el("label", {for: "indicator"}, "指标"), select), state.modes,
      el("div", {class: "field"}, el("label", {for: "filter"}, "查找开发区"), asked),
      el("table", {class: "ranking"}, el("thead", {}, el("tr", {}, el("th", {scope: "col"}, "序"),
        el("th", {scope: "col"}, "开发区"), el("th", {scope: "col", class: "number"}, turn, state.head), el("th", {scope: "col"}, "判定"))),
      state.rows));
  }

  /* A zone too small to see is a dot; its name stands where it covers no other name. */
  function arrange(state) {
    const taken = [];
    state.zones.forEach((zone) => {
      if (!zone) return;
      const at = state.map.latLngToContainerPoint(zone.point);
      const [a, b] = [zone.bounds.getNorthWest(), zone.bounds.getSouthEast()].map((to) => state.map.latLngToContainerPoint(to));
      zone.half = zone.name.length * 7 + 6;
      zone.small = Math.max(b.x - a.x, b.y - a.y) < 26;
      zone.drop = zone.small ? 18 : b.x - a.x < 2 * zone.half ? b.y - at.y + 10 : 0;
      if (zone.small) {
        taken.push([at.x - 7, at.y - 7, at.x + 7, at.y + 7]);
        zone.dot.addTo(state.group).bringToFront();
      } else state.group.removeLayer(zone.dot);
    });
    const size = state.map.getSize();
    state.zones.forEach((zone) => {
      if (!zone) return;
      const at = state.map.latLngToContainerPoint(zone.point);
      const box = [at.x - zone.half, at.y + zone.drop - 10, at.x + zone.half, at.y + zone.drop + 10];
      const free = box[0] > 0 && box[2] < size.x && box[1] > 0 && box[3] < size.y
        && !taken.some((other) => box[0] < other[2] && other[0] < box[2] && box[1] < other[3] && other[1] < box[3]);
      if (free) taken.push(box);
      zone.label.getElement()?.classList.toggle("hidden", !free);
      zone.label.getElement()?.style.setProperty("--drop", `${zone.drop}px`);
    });
  }

  function drawZone(state, shape, at) {
    const spot = state.read.points[at];
    if (!shape.length || !spot) return null;
    const point = L.latLng(spot[1] / 1e6, spot[0] / 1e6);
    const area = L.polygon(shape).addTo(state.group);
    const dot = L.circleMarker(point, {radius: 7});
    const name = state.read.name[at] || state.read.code[at];
    const label = L.marker(point, {interactive: false, keyboard: false,
      icon: L.divIcon({className: "zone-label", html: el("span", {}, name), iconSize: [0, 0]})});
    const zone = {point, area, dot, label, name, bounds: area.getBounds(), style: {}};
    zone.paint = (style) => { zone.style = style; area.setStyle(style); dot.setStyle({...style, fillOpacity: 1}); };
    for (const part of [area, dot]) {
      part.bindPopup(() => zonePopup(state, at), {maxWidth: 380, minWidth: 280});
      part.bindTooltip(() => el("span", {}, name), {sticky: true});
      part.on("mouseover", () => part.setStyle({color: colour("highlight"), weight: 2.5}));
      part.on("mouseout", () => zone.paint(zone.style));
    }
    state.labels.addLayer(label);
    return zone;
  }

  Mutan.zones = (map, id) => {
    const read = begin(map, id);
    const state = {map, read, results: unpackResults(read.results), falling: true,
      group: L.featureGroup(), labels: L.layerGroup().addTo(map)};
    state.result = (at) => (state.results.get(read.code[at]) || new Map()).get(state.chosen);
    state.classOf = (value) => state.limits.filter((cut) => value >= cut).length;
    state.shade = (step) => (state.limits.length ? Math.round(step * (STEPS - 1) / state.limits.length) : 2);
    state.step = (value) => state.shade(state.classOf(value));
    state.legend = legend.section(map, "开发区");
    state.zones = unpack(read.shapes).map((shape, at) => drawZone(state, shape, at));
    state.show = (at) => {
      const zone = state.zones[at];
      if (!zone) return;
      map.fitBounds(zone.bounds, {maxZoom: 13, animate: false});
      zone.area.openPopup(zone.point);
    };
    buildPanel(state);
    choose(state, read.chosen);
    state.group.addTo(map);
    Mutan.fit(map, state.group.getBounds());
    map.on("zoomend moveend resize", () => arrange(state));
    map.whenReady(() => arrange(state));
    map.mutan.zones = state;
    return state.group;
  };
})();
