/* Shortens the way. Every page works without this file. */
(() => {
  'use strict';

  showChosenTab();
  focusProblems();
  warnWhenOffline();
  preventSecondClicks();
  compareFiles();
  chooseAll();
  reviewByKeyboard();
  fillReasons();
  showDepending();
  countLetters();
  showExample();
  goOnAfterChoice();
  keepFresh();

  /* Of tabs that are swiped sideways the chosen one is in sight. */
  function showChosenTab() {
    for (const chosen of document.querySelectorAll('.seg [aria-current]')) {
      const tabs = chosen.parentElement;
      tabs.scrollLeft = chosen.offsetLeft - (tabs.clientWidth - chosen.offsetWidth) / 2;
    }
  }

  /* What still goes on is fetched again, until the server says that it has ended. */
  function keepFresh() {
    const regions = [...document.querySelectorAll('[data-refresh]')];
    if (!regions.length) return;
    let pause = 2000;
    const again = () => setTimeout(look, pause);
    async function look() {
      if (document.hidden) return again();
      try {
        const answer = await fetch(location.href);
        if (!answer.ok || answer.redirected) return;
        const page = new DOMParser().parseFromString(await answer.text(), 'text/html');
        let busy = false;
        for (const region of regions) {
          const fresh = page.getElementById(region.id);
          if (!fresh) return location.reload();
          region.replaceChildren(...fresh.childNodes);
          busy ||= 'refresh' in fresh.dataset;
        }
        if (!busy) return;
        pause = 2000;
      } catch {
        pause = Math.min(pause * 2, 30000);
      }
      again();
    }
    again();
  }

  /* The summary of problems is read first. */
  function focusProblems() {
    document.querySelector('.errors[role=alert]')?.focus();
  }

  /* A form stays on the page while there is no network; nothing typed is lost. */
  function warnWhenOffline() {
    document.addEventListener('submit', (event) => {
      if (navigator.onLine !== false) return;
      event.preventDefault();
      announce('网络断了。内容还在本页，连上后再点一次提交');
    });
  }

  function announce(text) {
    let note = document.getElementById('announcement');
    if (!note) {
      note = document.createElement('div');
      note.id = 'announcement';
      note.className = 'note wait';
      note.setAttribute('role', 'alert');
      document.getElementById('main').prepend(note);
    }
    note.textContent = text;
    note.scrollIntoView({ block: 'center' });
  }

  /* The server takes an answer once; this only spares the second request. */
  function preventSecondClicks() {
    document.addEventListener('submit', (event) => {
      const form = event.target;
      if (event.defaultPrevented || form.method !== 'post') return;
      if (form.dataset.sent) event.preventDefault();
      form.dataset.sent = 'yes';
      setTimeout(() => delete form.dataset.sent, 4000);
    });
  }

  /* Compare a PDF with the fingerprint on the page, without sending it anywhere. */
  function compareFiles() {
    const place = document.querySelector('[data-sha256]');
    const input = place?.querySelector('input[type=file]');
    if (!input || !window.crypto?.subtle) return;
    const verdict = place.querySelector('[data-verdict]');
    input.addEventListener('change', async () => {
      if (!input.files.length) return;
      const bytes = await input.files[0].arrayBuffer();
      const digest = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
      const hash = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
      const known = place.dataset.sha256.split(' ');
      const same = known.includes(hash);
      verdict.className = same ? 'note good' : 'note bad';
      verdict.textContent = same
        ? '文件与系统里的一致，没有改动过。'
        : '文件与系统里的不一致。请不要采信这个文件，致电学校就业处。';
      verdict.hidden = false;
    });
    for (const name of ['dragover', 'drop']) {
      place.addEventListener(name, (event) => {
        event.preventDefault();
        if (name !== 'drop' || !event.dataTransfer.files.length) return;
        input.files = event.dataTransfer.files;
        input.dispatchEvent(new Event('change'));
      });
    }
  }

  /* One box ticks a whole page of rows. */
  function chooseAll() {
    for (const master of document.querySelectorAll('[data-choose-all]')) {
      master.hidden = false;
      master.addEventListener('change', () => {
        for (const box of document.querySelectorAll(`[name="${master.dataset.chooseAll}"]:not(:disabled)`)) {
          box.checked = master.checked;
        }
      });
    }
  }

  /* Fields that depend on answers elsewhere; the server ignores what is hidden. */
  function showDepending() {
    const parts = [...document.querySelectorAll('[data-show-when]')];
    if (!parts.length) return;
    /* What is hidden counts as empty for others, so a change may go on to the next. */
    const refresh = () => {
      for (let round = 0, open = true; open && round <= parts.length; round += 1) {
        open = false;
        for (const part of parts) {
          const hide = !holds(JSON.parse(part.dataset.showWhen), part);
          open ||= part.hidden !== hide;
          part.hidden = hide;
        }
      }
    };
    document.addEventListener('input', refresh);
    refresh();
  }

  function holds(condition, part) {
    if (condition.all) return condition.all.every((one) => holds(one, part));
    if (condition.any) return condition.any.some((one) => holds(one, part));
    const values = valuesOf(condition.field, part.closest('form'));
    const value = values[0] ?? '';
    const wanted = [].concat(condition.value ?? []).map(String);
    switch (condition.op) {
      case '==': return wanted.includes(value);
      case '!=': return !wanted.includes(value);
      case 'in': return wanted.includes(value);
      case 'not in': return !wanted.includes(value);
      case 'contains': return wanted.some((one) => values.includes(one) || (isLine(condition.field, part) && value.includes(one)));
      case 'empty': return values.every((one) => one === '');
      case 'filled': return values.some((one) => one !== '');
      case '<': return compared(value, wanted[0], (ours, theirs) => ours < theirs);
      case '<=': return compared(value, wanted[0], (ours, theirs) => ours <= theirs);
      case '>': return compared(value, wanted[0], (ours, theirs) => ours > theirs);
      case '>=': return compared(value, wanted[0], (ours, theirs) => ours >= theirs);
      default: return true;
    }
  }

  function isLine(name, part) {
    return Boolean(part.closest('form')?.querySelector(`[name="${name}"]:is(textarea, input:not([type=checkbox]))`));
  }

  /* As the server compares: numbers as numbers, days and texts as texts, nothing with nothing. */
  function compared(ours, theirs, test) {
    if (ours === '') return false;
    const [left, right] = [Number(ours), Number(theirs)];
    return Number.isNaN(left) || Number.isNaN(right) ? test(ours, theirs) : test(left, right);
  }

  function valuesOf(name, form) {
    if (!form || [...form.elements].some((one) => one.name === name && isClosed(one))) return [];
    return new FormData(form).getAll(name).map(String);
  }

  function isClosed(input) {
    const reveal = input.closest('.reveal');
    return Boolean(input.closest('[data-show-when][hidden]')
      || (reveal && !reveal.parentElement.querySelector(':scope > input')?.checked));
  }

  /* A choice made by pointer presses the button that asks the server for what follows from it.
     By keyboard a choice is passed on the way to another; there the button waits to be pressed. */
  function goOnAfterChoice() {
    let byPointer = false;
    document.addEventListener('pointerdown', () => { byPointer = true; });
    document.addEventListener('keydown', () => { byPointer = false; });
    document.addEventListener('change', (event) => {
      const button = byPointer && document.getElementById(event.target.dataset.then ?? '');
      if (button) button.form.requestSubmit(button);
    });
  }

  /* How much of a long text is used. */
  function countLetters() {
    for (const area of document.querySelectorAll('textarea[data-count]')) {
      const counter = document.createElement('p');
      counter.className = 'hint';
      const show = () => { counter.textContent = `${[...area.value].length} / ${area.dataset.count} 字`; };
      area.after(counter);
      area.addEventListener('input', show);
      show();
    }
  }

  /* What the pattern of agreement numbers comes to, asked of the server while it is typed. */
  function showExample() {
    const input = document.querySelector('[data-example]');
    const place = document.querySelector('[data-example-place]');
    if (!input || !place) return;
    let asked = 0, pause = 0;
    input.addEventListener('input', () => {
      clearTimeout(pause);
      pause = setTimeout(async () => {
        const number = asked += 1;
        const answer = await fetch(`${input.dataset.example}?${new URLSearchParams({ pattern: input.value })}`);
        if (!answer.ok || number !== asked) return;
        place.textContent = (await answer.json()).example || '这个规则还不能用';
      }, 250);
    });
  }

  /* A common reason goes into the text; without script the buttons are not shown. */
  function fillReasons() {
    const place = document.querySelector('[data-reasons]');
    const target = place && document.getElementById(place.dataset.reasons);
    if (!target) return;
    place.hidden = false;
    place.addEventListener('click', (event) => {
      const button = event.target.closest('button');
      if (!button) return;
      target.value = button.dataset.text;
      target.dispatchEvent(new Event('input', { bubbles: true }));
      target.focus();
    });
  }

  /* A, X choose; J skips; 1–9 take a reason; only Ctrl Enter submits. Dead inside fields, and off at will. */
  function reviewByKeyboard() {
    const form = document.querySelector('[data-review]');
    const toggle = document.querySelector('[data-keys-toggle]');
    if (!toggle) return;
    const isOff = () => localStorage.getItem('keys') === 'off';
    const show = () => {
      document.body.classList.toggle('keys-off', isOff());
      toggle.textContent = isOff() ? '打开键盘快捷键' : '关闭键盘快捷键';
    };
    toggle.hidden = false;
    toggle.addEventListener('click', () => {
      localStorage.setItem('keys', isOff() ? 'on' : 'off');
      show();
    });
    show();
    document.addEventListener('keydown', (event) => {
      if (isOff() || event.isComposing || event.altKey || event.metaKey) return;
      if (event.ctrlKey) {
        if (event.key === 'Enter' && form && form.contains(document.activeElement)) form.requestSubmit();
        return;
      }
      if (event.target.closest('input:not([type=radio]):not([type=checkbox]), textarea, select')) return;
      act(event, form);
    });
  }

  function act(event, form) {
    const key = event.key.toLowerCase();
    if (key === '/') return into(event, document.querySelector('[role=search] input'));
    if (key === 'j') return press(event, document.querySelector('[data-skip]'));
    if (!form) return undefined;
    if (key === 'a') return press(event, form.querySelector('[data-key=a]'));
    if (key === 'r') return press(event, form.querySelector('[data-key=r]'));
    if (key === 'x') return press(event, form.querySelector('[data-key=x]'));
    if (key === 'n') return into(event, form.querySelector('[name=note]'));
    if (/^[1-9]$/.test(key)) return press(event, form.querySelectorAll('[data-reasons] button')[key - 1]);
    return undefined;
  }

  function press(event, target) {
    if (!target) return;
    event.preventDefault();
    target.click();
    if (target.matches('input')) target.focus();
  }

  function into(event, target) {
    if (!target) return;
    event.preventDefault();
    target.focus();
  }
})();
