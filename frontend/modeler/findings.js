/* What the server's check says, as a list below the canvas and as marks on the elements. */
import { node } from './fields.js';

export class Findings {
  constructor({ place, modeler, address, proof, token, replay }) {
    Object.assign(this, { place, modeler, address, proof, token, replay, marked: [], asked: 0 });
  }

  async ask() {
    const turn = this.asked += 1;
    const answer = await fetch(this.address, { method: 'POST', headers: { 'X-CSRFToken': this.token } });
    if (turn !== this.asked) return;
    if (!answer.ok) { this.place.replaceChildren(node('p', { class: 'pad' }, '检查没有完成，稍后再点“检查”。')); return; }
    this.show((await answer.json()).findings);
  }

  /* Everything that can happen, by the server: takes seconds. */
  async prove() {
    const turn = this.asked += 1;
    this.place.replaceChildren(node('p', { class: 'pad', role: 'status' }, '正在把能发生的事全部走一遍…'));
    const answer = await fetch(this.proof, { method: 'POST', headers: { 'X-CSRFToken': this.token } }).catch(() => null);
    if (turn !== this.asked) return;
    if (!answer?.ok) { this.place.replaceChildren(node('p', { class: 'pad' }, '检查没有完成，稍后再点“检查”。')); return; }
    const { findings, states, ends, played } = await answer.json();
    this.show(findings, states ? `全部走了一遍：${states} 种情形，${ends} 种结束，${played} 个场景。` : findings.length ? '有错误，没有往下试走。' : '');
  }

  show(findings, told = '') {
    const canvas = this.modeler.get('canvas');
    for (const [id, mark] of this.marked) if (this.modeler.get('elementRegistry').get(id)) canvas.removeMarker(id, mark);
    this.marked = [];
    for (const one of findings) this.mark(one);
    const errors = findings.filter((one) => one.severity === 'error').length;
    const summary = `检查结果：${errors} 个错误，${findings.length - errors} 个提醒。${told}`;
    if (!findings.length) { this.place.replaceChildren(node('p', { class: 'pad', role: 'status' }, summary)); return; }
    this.place.replaceChildren(node('table', {}, node('thead', {}, node('tr', {}, node('th', {}, summary), node('th', {}, '在哪里'), node('th', {}, '怎么改'))),
      node('tbody', {}, ...findings.map((one) => this.row(one)))));
  }

  mark({ element, severity }) {
    if (!this.modeler.get('elementRegistry').get(element)) return;
    const mark = severity === 'error' ? 'has-error' : 'has-warning';
    this.modeler.get('canvas').addMarker(element, mark);
    this.marked.push([element, mark]);
  }

  row({ element, name, severity, message, way_out: wayOut, path }) {
    const shape = this.modeler.get('elementRegistry').get(element);
    const where = shape ? node('button', { type: 'button', class: 'link', onclick: () => this.go(shape) }, name || element) : node('span', {}, name || '整张图');
    return node('tr', {}, node('td', {}, node('span', { class: `tag ${severity === 'error' ? 'bad' : 'wait'}` }, severity === 'error' ? '错误' : '提醒'), ` ${message}`, path?.length ? node('button', { type: 'button', class: 'link again', onclick: () => this.replay(path) }, '重放怎样走到') : null), node('td', {}, where), node('td', {}, wayOut));
  }

  go(shape) {
    this.modeler.get('canvas').scrollToElement(shape);
    this.modeler.get('selection').select(shape);
  }
}
