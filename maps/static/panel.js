"use strict";
/* The panel of one zone: what is known of it, and its indicators with their why. */
(() => {
  const {address, begin, el, indicator, mark, outcomeOf, panel, unpackResults} = Mutan;

  function summary(results) {
    const count = {};
    results.forEach((result) => { count[outcomeOf(result)] = (count[outcomeOf(result)] || 0) + 1; });
    const shown = ["met", "not_met", "cannot_tell"].filter((outcome) => count[outcome]);
    return el("p", {class: "summary"}, shown.map((outcome) => el("span", {}, mark(outcome), ` ${count[outcome]} 项`)));
  }

  Mutan.indicators = (map, id) => {
    const read = begin(map, id);
    const results = [...(unpackResults(read.results).get(read.code) || new Map()).values()];
    const body = panel(map, "开发区指标");
    if (read.links.home) body.append(el("p", {}, el("a", {href: read.links.home}, "← 全部开发区")));
    body.append(el("dl", {class: "facts"}, read.facts.map(([label, text]) => [el("dt", {}, label), el("dd", {}, text)])));
    if (!results.length) body.append(el("p", {class: "reason"}, "本年尚无评价结果。请先运行 mutan assess。"));
    else body.append(summary(results));
    body.append(...results.map((result) => indicator(result, address(read.links.why, {code: read.code, result: result.code}))));
    return L.layerGroup();
  };
})();
