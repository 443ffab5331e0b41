"use strict";
/* Requests to move a boundary: their land by verdict, or the parts of one request; each part switched by itself.
   Only the stroke of an unfilled part takes clicks, for what lies under it must be reached too. */
(() => {
  const {address, begin, el, fit, legend, mark, panel, unpack} = Mutan;

  const facts = (rows) => el("dl", {class: "facts"}, rows.map(([label, text]) => [el("dt", {}, label), el("dd", {}, text)]));

  function popup(read, at) {
    const href = address(read.links.request, {id: read.id[at]});
    return el("div", {class: "popup"}, el("h2", {}, read.heading[at] || "未命名"),
      read.verdict[at] ? mark(read.verdict[at]) : null, facts(read.facts[at]),
      href ? el("p", {}, el("a", {href}, "查看申请")) : null);
  }

  function aside(map, about) {
    const body = panel(map, "申请");
    body.append(el("p", {}, about.links.map(({label, href}, at) => [at ? " · " : "", el("a", {href}, label)])),
      about.verdict ? el("p", {}, mark(about.verdict)) : "", el("p", {class: "wording"}, about.wording), facts(about.facts));
    body.append(...about.findings.map(({label, outcome, text}) => el("section", {class: "indicator"},
      el("h3", {}, label), el("div", {class: "value"}, el("span", {class: "soft"}, text), mark(outcome)))));
  }

  Mutan.requests = (map, id) => {
    const read = begin(map, id);
    const pane = `pane-${id}`;
    map.createPane(pane).style.zIndex = 455;
    const renderer = L.svg({pane, padding: 0.5});
    const group = L.featureGroup();
    const parts = read.groups.map(() => L.featureGroup().addTo(group));
    unpack(read.shapes).forEach((shape, at) => {
      const look = read.groups[read.group[at]];
      if (!shape.length || !look) return;
      L.polygon(shape, {color: look.colour, weight: 2.5, dashArray: look.dashed ? "6 5" : null, fillColor: look.colour,
        fillOpacity: look.filled ? 0.3 : 0, className: look.filled ? "" : "by-stroke", renderer, pane})
        .bindPopup(() => popup(read, at), {minWidth: 200}).addTo(parts[read.group[at]]);
    });
    const rows = legend.section(map, read.title);
    parts.forEach((part, at) => rows.append(legend.row(
      legend.swatch(null, read.groups[at].colour, read.groups[at].dashed), read.groups[at].label, read.groups[at].detail,
      (on) => (on ? part.addTo(group) : group.removeLayer(part)))));
    if (read.note) rows.append(el("p", {class: "soft"}, read.note));
    if (read.about) aside(map, read.about);
    if (read.fit && parts.length) fit(map, group.getBounds().pad(0.25));
    return group;
  };
})();
