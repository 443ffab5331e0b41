"use strict";
/* Results: unpacked from maps/results.py, shown as a number, a mark, and the chain that answers why. */
(() => {
  const {el, figure} = Mutan;
  const MARKS = {met: ["✓", "达标"], not_met: ["✗", "未达标"], cannot_tell: ["？", "无法判断"], none: ["–", "无目标值"]};
  const STATUS = {verified: "已核对原文", unverified: "未核对原文", illustration: "示例数值"};

  function unpackResults(packed) {
    const text = (at) => (at < 0 ? null : packed.texts[at]);
    const zones = new Map();
    for (const row of packed.rows) {
      const [zone, code, label, value, unit, target, outcome, reason, formula, base, inputs, articles, versions, parts] = row;
      if (!zones.has(text(zone))) zones.set(text(zone), new Map());
      zones.get(text(zone)).set(text(code), {
        code: text(code), label: text(label), value, unit: text(unit), target, outcome: text(outcome),
        reason: text(reason), formula: text(formula), base: text(base),
        inputs: inputs.map(([name, amount, per, origin, count]) =>
          ({label: text(name), value: amount, unit: text(per), origin: text(origin), count})),
        articles: articles.map(text), versions: versions.map(text),
        parts: parts.map(([name, amount, per]) => ({label: text(name), value: amount, unit: text(per)})),
      });
    }
    return zones;
  }

  /* A missing result, or a missing number, is "cannot tell"; a number without a target is neither. */
  function outcomeOf(result) {
    if (!result || result.value === null) return "cannot_tell";
    return result.outcome || "none";
  }

  function mark(outcome) {
    const [sign, word] = MARKS[outcome];
    return el("span", {class: `mark ${outcome}`}, el("span", {"aria-hidden": "true"}, sign), word);
  }

  function articleLine(article) {
    if (typeof article === "string") return el("li", {}, article);
    const value = article.value === null ? "" : figure(article.value, article.unit);
    const since = article.since ? `自 ${article.since} 起` : "";
    const status = STATUS[article.status] || article.status;
    return el("li", {}, article.label || article.name, value ? "：" : "", value,
      el("div", {class: "soft"}, [article.article, since, `地区 ${article.region}`].filter(Boolean).join(" · ")),
      status ? el("span", {class: `status ${article.status}`}, status) : null);
  }

  function inputTable(inputs) {
    const rows = inputs.map((input) => el("tr", {},
      el("th", {scope: "row"}, input.label,
        input.origin || input.count ? el("div", {class: "soft"},
          [input.origin, input.count ? `共 ${input.count} 项` : null].filter(Boolean).join(" · ")) : null),
      el("td", {}, input.value === null ? el("span", {class: "soft"}, "未知") : figure(input.value, input.unit))));
    return el("table", {class: "inputs"}, el("tbody", {}, rows));
  }

  function why(result, link) {
    const part = (title, ...content) => [el("dt", {}, title), el("dd", {}, ...content)];
    return el("details", {class: "why"},
      el("summary", {}, "为什么"),
      el("dl", {},
        result.reason ? part("说明", result.reason) : null,
        result.formula ? part("公式", el("code", {}, result.formula)) : null,
        result.base ? part("面积口径", result.base) : null,
        result.inputs.length ? part("数据", inputTable(result.inputs)) : null,
        result.parts.length ? part("构成", inputTable(result.parts)) : null,
        result.articles.length ? part("依据", el("ul", {}, result.articles.map(articleLine))) : null,
        result.versions.length ? part("图层版本", result.versions.join("、")) : null,
        link ? part("来源链", el("a", {href: link}, "查看完整推导")) : null));
  }

  /* One indicator: label, number, mark, target, why. */
  function indicator(result, link) {
    const outcome = outcomeOf(result);
    return el("section", {class: "indicator", "data-code": result.code},
      el("h3", {}, result.label),
      el("div", {class: "value"}, figure(result.value, result.unit), outcome === "none" ? null : mark(outcome)),
      result.target !== null ? el("div", {class: "soft"}, "目标 ", figure(result.target, result.unit)) : null,
      result.value === null && result.reason ? el("p", {class: "reason"}, result.reason) : null,
      why(result, link));
  }

  Object.assign(Mutan, {indicator, mark, outcomeOf, unpackResults, why});
})();
