/* Keeps what is typed: drafts go to the server by themselves, and leaving unsaved edits is asked about.

   <form data-autosave="/tasks/…/draft" data-mark="…">  saves on a pause, on a timer and on leaving
   <form data-guard>                                     warns before unsaved edits are left
   Every page works without this file. */
(() => {
  'use strict';

  const PAUSE = 4000;
  const LATEST = 20000;
  const guarded = [...document.querySelectorAll('form[data-autosave], form[data-guard]')].map(keep);
  if (!guarded.length) return;

  /* Only unsaved edits are asked about; what the server has needs no question. */
  window.addEventListener('beforeunload', (event) => {
    if (guarded.some((one) => one.isAtRisk())) event.preventDefault();
  });
  document.addEventListener('visibilitychange', () => {
    if (document.visibilityState === 'hidden') guarded.forEach((one) => one.saveNow());
  });
  window.addEventListener('pagehide', () => guarded.forEach((one) => one.saveNow()));

  function keep(form) {
    const fields = document.querySelectorAll(`[form="${form.id}"]`);
    const notice = document.querySelector('[data-saved]');
    let edits = 0, saved = 0, leaving = false, stopped = !form.dataset.autosave;
    let pause = 0, latest = 0, underway = false;

    const changed = (event) => {
      if (event.target.closest('[data-unguarded]')) return;
      edits += 1;
      if (stopped) return;
      clearTimeout(pause);
      pause = setTimeout(saveNow, PAUSE);
      latest ||= setTimeout(saveNow, LATEST);
    };
    for (const place of [form, ...fields]) {
      place.addEventListener('input', changed);
      place.addEventListener('change', changed);
    }
    window.addEventListener('submit', (event) => {
      if (event.target === form && !event.defaultPrevented) leaving = true;
    });
    window.addEventListener('pageshow', () => { leaving = false; });

    const hasFiles = () => [...form.querySelectorAll('input[type=file]')].some((one) => one.files.length);

    async function saveNow() {
      clearTimeout(pause);
      clearTimeout(latest);
      latest = 0;
      if (stopped || leaving || underway || saved === edits) return;
      underway = true;
      const until = edits;
      try {
        const answer = await fetch(form.dataset.autosave, { method: 'POST', body: words(), keepalive: true });
        if (answer.ok) {
          form.dataset.mark = (await answer.json()).mark;
          saved = until;
          say();
        } else if (answer.status < 500) {
          stop(answer.status);
        }
      } catch {
        /* No network: the edits stay on the page, the next pause tries again. */
      } finally {
        underway = false;
        if (!stopped && saved !== edits) pause = setTimeout(saveNow, PAUSE);
      }
    }

    /* What is typed, without the files, which only a submit sends. */
    function words() {
      const typed = new URLSearchParams();
      for (const [name, value] of new FormData(form)) {
        if (typeof value === 'string') typed.append(name, value);
      }
      typed.set('_mark', form.dataset.mark);
      return typed;
    }

    function say() {
      if (!notice) return;
      const time = new Date().toLocaleTimeString('zh-CN', { hour: '2-digit', minute: '2-digit', hour12: false });
      notice.textContent = `草稿已自动保存 ${time}`;
      notice.hidden = false;
    }

    /* Another page has saved a newer draft, or the task is done: this page saves nothing unasked. */
    function stop(status) {
      stopped = true;
      if (!notice) return;
      notice.className = 'tag wait push';
      notice.textContent = status === 409 ? '别处有更新的草稿，本页不再自动保存' : '没有自动保存，请点“保存”';
      notice.hidden = false;
    }

    return {
      saveNow,
      isAtRisk: () => !leaving && (hasFiles() || (saved !== edits && (stopped || underway || navigator.onLine === false))),
    };
  }
})();
