"use strict";
/* Other years of a theme: one document of the service, asked for when the theme is first chosen. */
(() => {
  const {el} = Mutan;
  const asked = new Map();

  /* One request for each address, however often the theme is chosen. */
  function told(address) {
    if (!asked.has(address)) {
      asked.set(address, fetch(address, {headers: {Accept: "application/json"}}).then((answer) => {
        if (!answer.ok) throw new Error(answer.statusText);
        return answer.json();
      }));
    }
    return asked.get(address);
  }

  /* The class of a value; the same rule as maps/emissions.py. */
  function classOf(series, value, emitter) {
    if (emitter === false) return "none";
    if (value === null || value === undefined) return "unknown";
    if (value < 0) return "below";
    return value > 0 ? String(1 + series.edges.filter((edge) => edge <= value).length) : "0";
  }

  /* The theme as it was in one year of the document. */
  function themeOf(read, theme, year, told) {
    const at = told.years.indexOf(year);
    const place = new Map(told.ids.map((id, row) => [id, row]));
    const keys = read.parcel_id.map((id) => {
      const row = place.get(id);
      return row === undefined ? "unknown" : classOf(read.series, told.tco2e_per_mu[row][at], told.emitter[row][at]);
    });
    const order = Object.keys(read.series.looks).filter((key) => keys.includes(key));
    const classes = order.map((key) => {
      const own = keys.flatMap((other, parcel) => (other === key ? [read.area_m2[parcel]] : []));
      const known = own.filter((area) => area !== null);
      return {...read.series.looks[key], count: own.length, unmeasured: own.length - known.length,
        area_m2: known.length ? known.reduce((sum, area) => sum + area, 0) : null};
    });
    return {...theme, title: `${theme.title} · ${year} 年`, classes, class: keys.map((key) => order.indexOf(key))};
  }

  /* A slider over the years of the document; parcels keep the outlines of the page's own year. */
  Mutan.years = (read, theme, show) => {
    const said = el("output", {for: "year-slider"}, "…");
    const box = el("div", {class: "field years"}, el("label", {for: "year-slider"}, "年份"), said);
    told(read.links.emissions).then((document) => {
      const {years} = document;
      if (years.length < 2) return box.remove();
      const choose = (year) => {
        said.textContent = document.reasons[year] ? `${year}（${document.reasons[year]}）` : String(year);
        show(themeOf(read, theme, year, document));
      };
      const start = Math.max(years.indexOf(document.year), 0);
      const slider = el("input", {id: "year-slider", type: "range", min: 0, max: years.length - 1, step: 1,
        oninput: () => choose(years[slider.value])});
      slider.value = start;
      said.textContent = String(years[start]);
      return box.append(slider);
    }, () => { said.textContent = "其他年份读不到。"; });
    return box;
  };
})();
