// What a page does more where scripts run. Everything works without it.
'use strict';
(() => {
  // "/" goes to the search box.
  document.addEventListener('keydown', (e) => {
    if (e.key !== '/' || e.ctrlKey || e.altKey || e.metaKey || e.target.closest('input, select, textarea')) return;
    const box = document.querySelector('[type="search"]');
    if (!box) return;
    e.preventDefault();
    box.select();
  });

  // A filter is sent when it is chosen by mouse or finger. By keyboard each arrow changes it, so there it waits for Enter. A
  // form that was unfolded on a telephone would fold again, so it waits for its button.
  for (const form of document.querySelectorAll('form.filters')) {
    let keys = false;
    form.addEventListener('keydown', () => (keys = true));
    form.addEventListener('pointerdown', () => (keys = false));
    form.addEventListener('change', (e) => {
      const unfolded = form.previousElementSibling?.matches('details[open]');
      if (!keys && !unfolded && e.target.matches('select, [type="checkbox"], [type="radio"]')) form.requestSubmit();
    });
  }

  // What has changed since this page was made is told, not shown: nobody's reading is moved. A page that nobody looks at
  // does not listen: a browser has few connections to one server. The past does not change.
  const news = document.getElementById('changed');
  let events = null;
  const listen = () => {
    const wanted = news.hidden && !document.hidden;
    if (wanted && !events) {
      events = new EventSource(`/events?as=message&after=${news.dataset.after}`);
      events.onmessage = () => {
        news.hidden = false;
        listen();
      };
    } else if (!wanted && events) {
      events.close();
      events = null;
    }
  };
  if (news && news.dataset.after !== '0' && !new URLSearchParams(location.search).has('as-of')) {
    news.querySelector('button').addEventListener('click', () => location.reload());
    document.addEventListener('visibilitychange', listen);
    listen();
  }

  // In a grid of figures the arrows go from one figure to the next, as in a spreadsheet.
  document.querySelector('form.grid')?.addEventListener('keydown', (e) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[e.key];
    if (!step || e.ctrlKey || e.altKey || e.metaKey || !e.target.matches('.unit input')) return;
    const cells = [...document.querySelectorAll('form.grid .unit input')], next = cells[cells.indexOf(e.target) + step];
    if (!next) return;
    e.preventDefault();
    next.select();
  });
})();
