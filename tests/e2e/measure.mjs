// How fast the fans page is, by the browser's own clocks: for the tests and for the benchmark.

/** Runs in every page before anything else: keeps what the browser says of shifts and events. */
function observe() {
  window.measured = { shift: 0, events: [], rows: undefined, memory: undefined };
  const { measured } = window;
  new PerformanceObserver((list) => {
    for (const shift of list.getEntries()) measured.shift += shift.hadRecentInput ? 0 : shift.value;
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    for (const event of list.getEntries()) {
      if (event.interactionId) measured.events.push({ name: event.name, ms: event.duration });
    }
  }).observe({ type: "event", durationThreshold: 16, buffered: true });
  const look = () => {
    if (document.querySelector(".row[aria-selected]")) {
      // After the frame that shows them.
      requestAnimationFrame(() => setTimeout(() => (measured.rows = performance.now())));
    } else {
      requestAnimationFrame(look);
    }
  };
  look();
  for (const name of ["instantiate", "instantiateStreaming"]) {
    const original = WebAssembly[name];
    WebAssembly[name] = async (...args) => {
      const made = await original.apply(WebAssembly, args);
      measured.memory = (made.instance ?? made).exports.memory;
      return made;
    };
  }
}

/** Opens a page of the demo store in a browser that has nothing of it yet but the session. */
export async function coldLoad(app, path, session) {
  const context = await app.browser.newContext({
    viewport: { width: 1440, height: 900 }, locale: "en-US", storageState: session,
  });
  await context.addInitScript(observe);
  const page = await context.newPage();
  await page.goto(`${app.server.address}/store/${app.server.demo.slug}${path}`);
  await page.waitForFunction(() => window.measured.rows);
  return page;
}

/** What was noticed since the page was opened. */
export function noticed(page) {
  return page.evaluate(() => ({
    rows: window.measured.rows, shift: window.measured.shift, events: window.measured.events,
  }));
}

/** Drags the scroll bar to a share of the list; how long it took until the rows there were drawn, in milliseconds. */
export function drag(page, share) {
  return page.evaluate(async (share) => {
    const grid = document.querySelector(".grid");
    const started = performance.now();
    grid.scrollTop = (grid.scrollHeight - grid.clientHeight) * share;
    const frame = () => new Promise(requestAnimationFrame);
    const bare = () => {
      const { top, bottom, left } = grid.getBoundingClientRect();
      return [top + 60, (top + bottom) / 2, bottom - 20].some((y) => {
        const row = document.elementFromPoint(left + 300, y)?.closest(".row");
        return !row || row.classList.contains("row--skeleton");
      });
    };
    await frame();
    await frame();
    while (bare() && performance.now() - started < 10_000) await frame();
    return performance.now() - started;
  }, share);
}

/** Reads on for some frames, `step` pixels in each: how long frames took, gaps that were seen, and the most rows in the page. */
export function readOn(page, frames, step) {
  return page.evaluate(
    async ([frames, step]) => {
      const grid = document.querySelector(".grid");
      const result = { times: [], gaps: 0, rows: 0 };
      let before = await new Promise(requestAnimationFrame);
      for (let i = 0; i < frames; i += 1) {
        grid.scrollTop += step;
        const now = await new Promise(requestAnimationFrame);
        result.times.push(now - before);
        before = now;
        const { top, bottom, left } = grid.getBoundingClientRect();
        for (const y of [top + 60, (top + bottom) / 2, bottom - 20]) {
          const row = document.elementFromPoint(left + 300, y)?.closest(".row");
          if (!row || row.classList.contains("row--skeleton")) result.gaps += 1;
        }
        const rows = document.querySelectorAll(".row[aria-selected], .row--skeleton").length;
        result.rows = Math.max(result.rows, rows);
      }
      return result;
    },
    [frames, step],
  );
}

/** The value that a share of the values does not exceed. */
export function percentile(values, share) {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))];
}
