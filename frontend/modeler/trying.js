/* Walks through the draft with the server's engine: who waits, what was done, tokens on the canvas. */
import { labelOf, valueOf } from './facts.js';
import { button, choice, field, node, select, text, tick } from './fields.js';
import { TOP } from './sheets.js';

const TONE = { token: 'has-token', flow: 'was-taken' };

export class Trying {
  constructor({ place, sheets, top, saving, catalogue, addresses, token }) {
    Object.assign(this, { place, sheets, modeler: top.modeler, saving, catalogue, addresses, token, facts: null, acts: [], drawn: [], at: 0, isOn: false, asked: 0 });
  }

  changed() { if (this.isOn) this.stop('流程图改了，试走从头开始才作数。'); }

  async start(path = null) {
    if (!await this.saving.now()) return;
    await this.sheets.show(TOP);
    this.isOn = true;
    this.sheets.isHeld = true;
    this.facts = path?.[0]?.facts ?? null;
    this.acts = path ? path.map(({ kind, element, who, answers, message, calls, now }) => ({ kind, element, who, answers, message, calls, now })) : [{ kind: 'start' }];
    this.place.replaceChildren(node('p', { class: 'hint', role: 'status' }, '正在试走…'));
    await this.walk();
    if (path) await this.replay();
  }

  stop(told = '') {
    this.isOn = false;
    this.sheets.isHeld = false;
    this.clear();
    this.sheets.shown.panel.redraw();
    if (told) this.place.prepend(node('p', { class: 'hint', role: 'status' }, told));
  }

  async walk() {
    const turn = this.asked += 1;
    const answer = await fetch(this.addresses.walk, this.post({ facts: this.facts, acts: this.acts })).catch(() => null);
    if (turn !== this.asked || !this.isOn) return;
    this.tried = answer?.headers.get('Content-Type')?.includes('json') ? await answer.json() : { moved: [], problem: '没有连上服务器，稍后再试。' };
    this.at = this.tried.moved.length;
    this.show();
  }

  post(body) {
    return { method: 'POST', headers: { 'Content-Type': 'application/json', 'X-CSRFToken': this.token }, body: JSON.stringify(body) };
  }

  act(act) { this.acts = [...this.acts.slice(0, this.tried.moved.length), act]; return this.walk(); }

  back() { this.acts = this.acts.slice(0, Math.max(1, this.tried.moved.length - (this.tried.problem && this.acts.length > this.tried.moved.length ? 0 : 1))); return this.walk(); }

  /* Shows the way so far once more, one step after another. */
  async replay() {
    const turn = this.asked;
    for (let step = 1; step <= this.tried.moved.length; step += 1) {
      if (turn !== this.asked || !this.isOn) return;
      this.at = step;
      this.draw();
      await new Promise((done) => { setTimeout(done, 700); });
    }
  }

  show() {
    this.draw();
    const { moved, waiting = [], messages = [], wake_at: wakeAt, finished, problem, choosable = {} } = this.tried;
    this.place.replaceChildren(...[
      node('h2', {}, '试走'),
      node('p', { class: 'hint' }, '用真正的流程引擎走这份草稿。不通知任何人，也不留下事项。'),
      ...Object.entries(choosable).map(([path, values]) => this.fact(path, values)),
      node('ol', { class: 'walked' }, ...moved.map((one, number) => this.line(one, number))),
      problem ? node('p', { class: 'error', role: 'alert' }, problem) : null,
      finished ? node('p', { class: 'note good', role: 'status' }, `走完了：${this.ending()}`) : null,
      ...waiting.map((task) => this.task(task)),
      messages.length || wakeAt ? node('p', { class: 'actions' },
        ...messages.map((name) => button(`发来消息：${name}`, () => this.act({ kind: 'message', message: name }))),
        wakeAt ? button(`等到 ${when(wakeAt)}`, () => this.act({ kind: 'time' })) : null) : null,
      ...this.buttons(),
    ].filter(Boolean));
  }

  buttons() {
    const { moved, scenario } = this.tried;
    return [
      node('p', { class: 'actions' },
        moved.length > 1 ? button('退一步', () => this.back()) : null,
        moved.length > 1 ? button('重放', () => this.replay()) : null,
        button('从头来', () => this.start()), button('结束试走', () => this.stop())),
      moved.length > 1 && scenario ? this.keeping(scenario) : null,
    ].filter(Boolean);
  }

  keeping(scenario) {
    const title = node('input', { type: 'text', 'data-key': 'scenario-title', maxlength: 100 });
    const told = node('p', { class: 'hint', role: 'status' });
    const keep = async () => {
      const answer = await fetch(this.addresses.scenarios, this.post({ title: title.value, scenario })).catch(() => null);
      const said = answer?.headers.get('Content-Type')?.includes('json') ? await answer.json() : { story: '没有连上服务器，稍后再试。' };
      told.textContent = answer?.ok ? '已存进草稿的场景，发布前会照着走一遍。' : said.story;
    };
    return node('details', {}, node('summary', {}, '把这条路存成场景'), field('场景的标题', title, '说清谁做了什么、结果怎样'), button('存成场景', keep), told);
  }

  ending() {
    const last = this.tried.moved.at(-1);
    const name = this.nameOf(this.tried.ended_at);
    const status = this.catalogue.statuses[last?.status] ?? last?.status;
    return status ? `${name}，状态是“${status}”` : name;
  }

  nameOf(path) {
    const shape = path && this.modeler.get('elementRegistry').get(path.split('/')[0]);
    return shape?.businessObject.name || path || '';
  }

  fact(path, values) {
    const [root, name] = path.split('.');
    const chosen = JSON.stringify(this.tried.facts?.[root]?.[name]);
    const { facts } = this.catalogue;
    return choice(`开始时：${labelOf(path, facts)}`, chosen, values.map((one) => [JSON.stringify(one), valueOf(path, one, facts)]), (value) => {
      this.facts = { ...this.tried.facts, [root]: { ...this.tried.facts[root], [name]: JSON.parse(value) } };
      this.acts = [{ kind: 'start' }];
      this.walk();
    }, { empty: null, key: path });
  }

  line(one, number) {
    const words = { start: '开始', answer: one.name, message: `消息：${one.message}`, time: `等到 ${when(one.now)}` }[one.kind];
    const told = Object.entries(one.answers).map(([name, value]) => this.said(one, name, value)).join('，');
    return node('li', {}, node('b', {}, words), told ? node('small', { class: 'muted' }, ` ${told}`) : null, ...one.calls.map((call, place) => this.call(call, number, place)));
  }

  /* An answer in the words of its form; times as people read them. */
  said({ form }, name, value) {
    const known = this.catalogue.forms[form]?.fields.find(({ key }) => key === name);
    const words = known?.values?.find(([one]) => one === value)?.[1] ?? (/^\d{4}-\d\d-\d\dT/.test(value) ? when(value) : value);
    return `${known?.label ?? name}：${words}`;
  }

  /* What an operator answered; another answer walks on from there. */
  call([operator, outcome, possible], number, place) {
    const label = this.catalogue.operators[operator]?.label ?? operator;
    if (possible.length < 2) return node('div', { class: 'hint' }, `${label}：${outcome}`);
    const wish = (value) => {
      const calls = this.tried.moved[number].calls.slice(0, place).map(([name, said]) => [name, said]);
      this.acts = this.acts.slice(0, number + 1).map((act, at) => (at === number ? { ...act, calls: [...calls, [operator, value]] } : act));
      this.walk();
    };
    return node('div', { class: 'called' }, node('span', {}, `${label}：`), select(outcome, possible.map((value) => [value, value]), wish, null, `call-${number}-${place}`, `${label}的结果`));
  }

  task(task) {
    const answers = {};
    const role = this.catalogue.roles.find(([key]) => key === task.role)?.[1] ?? task.role;
    const form = this.catalogue.forms[task.form];
    const fields = task.questions.map((one) => this.question(one, form?.fields.find(({ key }) => key === one.name), answers));
    return node('fieldset', { class: 'waiting' }, node('legend', {}, `${role}：${task.name}`), ...fields, button('这样办', () => this.act({ kind: 'answer', element: task.element, answers }), 'btn small'));
  }

  question({ name, values, value }, known, answers) {
    answers[name] = value;
    const label = known?.label ?? name;
    const words = Object.fromEntries(known?.values ?? []);
    const keep = (next) => { answers[name] = next; };
    if (values) return choice(label, value, values.map((one) => [one, words[one] ?? one]), keep, { empty: null, key: `answer-${name}` });
    if (typeof value === 'boolean') return tick(label, value, keep, `answer-${name}`);
    const isNumber = typeof value === 'number';
    return text(label, value, (typed) => keep(isNumber && typed !== '' && !Number.isNaN(Number(typed)) ? Number(typed) : typed), { key: `answer-${name}` });
  }

  /* Where the tokens stand after step `at`, and the flows taken until then, in every diagram that is open. */
  draw() {
    this.clear();
    if (!this.tried) return;
    const moved = this.tried.moved.slice(0, this.at);
    for (const sheet of this.sheets.all.filter((one) => one.isDrawn)) {
      const here = (one) => (sheet.process ? one?.inside[sheet.process] ?? { tokens: [], flows: [] } : one ?? { tokens: [] });
      for (const flow of new Set(moved.flatMap((one) => here(one).flows))) this.mark(sheet.modeler, flow, TONE.flow);
      for (const shape of here(moved.at(-1)).tokens) this.stand(sheet.modeler, shape);
    }
    for (const line of this.place.querySelectorAll('.walked li')) line.toggleAttribute('aria-current', false);
    this.place.querySelectorAll('.walked li')[this.at - 1]?.setAttribute('aria-current', 'step');
  }

  stand(modeler, shape) {
    this.mark(modeler, shape, TONE.token);
    if (modeler.get('elementRegistry').get(shape)) modeler.get('overlays').add(shape, 'walk-token', { position: { top: -10, right: 10 }, html: '<span class="walk-token" aria-hidden="true"></span>' });
  }

  mark(modeler, id, kind) {
    if (!modeler.get('elementRegistry').get(id)) return;
    modeler.get('canvas').addMarker(id, kind);
    this.drawn.push([modeler, id, kind]);
  }

  clear() {
    const open = new Set(this.sheets.all.map((one) => one.modeler));
    for (const [modeler, id, kind] of this.drawn) if (open.has(modeler) && modeler.get('elementRegistry').get(id)) modeler.get('canvas').removeMarker(id, kind);
    for (const modeler of open) modeler?.get('overlays').remove({ type: 'walk-token' });
    this.drawn = [];
  }
}

function when(iso) {
  return new Date(iso).toLocaleString('zh-CN', { timeZone: 'Asia/Shanghai', month: 'numeric', day: 'numeric', hour: '2-digit', minute: '2-digit', hour12: false });
}
