"use strict";
(() => {
  const plots = JSON.parse(document.getElementById("plots").textContent);
  const facts = JSON.parse(document.getElementById("facts").textContent);
  const places = [...document.querySelectorAll("[data-plot]")];
  const picked = document.getElementById("picked");
  const config = { responsive: true, displaylogo: false, modeBarButtonsToRemove: ["lasso2d", "select2d"] };

  // A click on an order lights what is its own in every chart that asks for it.
  const light = (order) => {
    for (const place of document.querySelectorAll(".chart.lit")) {
      const numbers = [], faint = [];
      place.data.forEach((trace, number) => {
        if (!trace.ids) return;
        numbers.push(number);
        faint.push(trace.ids.map((id) => (!order || id.split("|")[0] === order ? 1 : 0.12)));
      });
      const due = order && ((place.layout.meta || {}).dues || {})[order];
      const line = { type: "line", x0: due, x1: due, yref: "paper", y0: 0, y1: 1, line: { dash: "dash", width: 2, color: "#1d2733" } };
      Plotly.update(place, { "marker.opacity": faint }, { shapes: due ? [line] : [] }, numbers);
    }
    picked.hidden = !order;
    picked.querySelector("span").textContent = order ? facts[order] || order : "";
  };

  const draw = (place) => {
    const plot = plots[Number(place.dataset.plot)];
    place.textContent = "";
    Plotly.newPlot(place, plot.data, plot.layout, config).then(() => {
      place.on("plotly_click", (event) => {
        const ids = event.points.map((point) => point.id).filter(Boolean);
        if (ids.length) light(ids[0].split("|")[0]);
      });
    });
  };

  picked.querySelector("button").addEventListener("click", () => light(null));
  document.addEventListener("keydown", (event) => { if (event.key === "Escape") light(null); });
  // one after the other: the text is there at once
  const next = () => { if (places.length) { draw(places.shift()); setTimeout(next, 0); } };
  next();
})();
