// The clock of a page: counts down to when the next person is rung, and looks again then, unless somebody is writing.
"use strict";
(() => {
  const began = performance.now();
  const isWriting = () => [...document.querySelectorAll("textarea")].some((one) => one.value !== "");
  const show = (clock) => {
    const left = Math.max(0, Number(clock.dataset.left) - Math.floor((performance.now() - began) / 1000));
    clock.textContent = `${Math.floor(left / 60)}:${String(left % 60).padStart(2, "0")}`;
    return left;
  };
  const clocks = [...document.querySelectorAll("[data-left]")];
  if (clocks.length === 0) return;
  let again = 3;
  const tick = () => {
    const least = Math.min(...clocks.map(show));
    if (least === 0 && again-- <= 0 && !isWriting()) {
      window.clearInterval(timer);
      window.location.reload();
    }
  };
  const timer = window.setInterval(tick, 1000);
  tick();
})();
