/* What the server's check says, as a list below the canvas and as marks on the elements of each diagram. */
import { node } from './fields.js';

export class Findings {
  constructor({ place, sheets, address, proof, token, replay }) {
    Object.assign(this, { place, sheets, address, proof, token, replay, found: [], marked: [], asked: 0 });
  }

  async ask() {
    const turn = this.asked += 1;
    const answer = await fetch(this.address, { method: 'POST', headers: { 'X-CSRFToken': this.token } }).catch(() => null);
    if (turn !== this.asked) return;
    if (!answer?.ok) { this.say('检查没有完成，稍后再点“检查”。'); return; }
    this.show((await answer.json()).findings);
  }

  /* Everything that can happen, by the server: takes seconds. */
  async prove() {
    const turn = this.asked += 1;
    this.say('正在把能发生的事全部走一遍…');
    const answer = await fetch(this.proof, { method: 'POST', headers: { 'X-CSRFToken': this.token } }).catch(() => null);
    if (turn !== this.asked) return;
    if (!answer?.ok) { this.say('检查没有完成，稍后再点“检查”。'); return; }
    const { findings, states, ends, played } = await answer.json();
    this.show(findings, states ? `全部走了一遍：${states} 种情形，${ends} 种结束，${played} 个场景。` : findings.length ? '有错误，没有往下试走。' : '');
  }

  say(words) { this.place.replaceChildren(node('p', { class: 'pad', role: 'status' }, words)); }

  show(findings, told = '') {
    this.found = findings;
    this.markAll();
    const errors = findings.filter((one) => one.severity === 'error').length;
    const summary = `检查结果：${errors} 个错误，${findings.length - errors} 个提醒。${told}`;
    if (!findings.length) { this.say(summary); return; }
    this.place.replaceChildren(node('table', { class: 'stack plain' }, node('thead', {}, node('tr', {}, node('th', {}, summary), node('th', {}, '在哪里'), node('th', {}, '怎么改'))),
      node('tbody', {}, ...findings.map((one) => this.row(one)))));
  }

  /* Marks every diagram that is drawn; again when one more was opened. */
  markAll() {
    const drawn = new Set(this.sheets.all.map((one) => one.modeler));
    for (const [modeler, id, mark] of this.marked) if (drawn.has(modeler) && modeler.get('elementRegistry').get(id)) modeler.get('canvas').removeMarker(id, mark);
    this.marked = [];
    for (const one of this.found) this.mark(one);
  }

  mark({ process = '', element, severity }) {
    const sheet = this.sheets.opened.get(process);
    if (!sheet?.isDrawn || !sheet.modeler.get('elementRegistry').get(element)) return;
    const mark = severity === 'error' ? 'has-error' : 'has-warning';
    sheet.modeler.get('canvas').addMarker(element, mark);
    this.marked.push([sheet.modeler, element, mark]);
  }

  row({ process = '', element, name, severity, message, way_out: wayOut, path }) {
    const inside = process ? `${this.sheets.nameOf(process)} · ` : '';
    const canGo = process || this.sheets.top.modeler.get('elementRegistry').get(element);
    const label = `${inside}${name || (canGo && element) || '整张图'}`;
    const where = canGo ? node('button', { type: 'button', class: 'link', onclick: () => this.go(process, element) }, label) : node('span', {}, label);
    return node('tr', {}, node('td', {}, node('span', { class: `tag ${severity === 'error' ? 'bad' : 'wait'}` }, severity === 'error' ? '错误' : '提醒'), ` ${message}`, path?.length && this.replay ? node('button', { type: 'button', class: 'link again', onclick: () => this.replay(path) }, '重放怎样走到') : null), node('td', { 'data-l': '在哪里' }, where), node('td', { 'data-l': '怎么改' }, wayOut));
  }

  async go(process, element) {
    const sheet = await this.sheets.show(process);
    const shape = sheet.modeler.get('elementRegistry').get(element);
    if (shape) sheet.reveal(shape);
  }
}
