/* The diagrams of a draft: the one it is about, and those that it calls. One is shown at a time; each
   has a canvas, an undo and a print of its own, and all are saved over the same draft. */
import BpmnModeler from 'bpmn-js/lib/Modeler';
import NavigatedViewer from 'bpmn-js/lib/NavigatedViewer';
import minimap from 'diagram-js-minimap';
import { button, node } from './fields.js';
import { keepListReferences } from './loops.js';
import { Model } from './model.js';
import { Panel } from './panel.js';
import spiff from './spiff-moddle.json';
import { translate } from './words.js';

export const TOP = '';
const ROOM_FOR_MARK = 36; // the diagram library's mark stays visible and covers nothing
const READABLE = 0.7;

export class Sheets {
  /* `isSmall`: the window is too narrow to change anything; every diagram is only shown. */
  constructor({ place, nav, note, panelPlace, catalogue, address, title, isSmall = false }) {
    Object.assign(this, { place, nav, note, panelPlace, catalogue, address, title, isSmall });
    this.opened = new Map(); this.shown = null; this.isHeld = false;
    this.onChange = () => {}; this.onView = () => {}; this.onOpen = () => {}; this.onReset = () => {}; this.onBegin = async () => '';
  }

  get all() { return [...this.opened.values()]; }

  get top() { return this.opened.get(TOP); }

  addressOf(process) { return process ? `${this.address}?called=${encodeURIComponent(process)}` : this.address; }

  nameOf(process) { return process ? this.catalogue.called[process]?.name ?? process : this.title; }

  /* What can be reached from the top diagram by calls, as it is drawn now, nearest first. */
  reached() {
    const found = [];
    const waiting = [...this.callsOf(TOP)];
    while (waiting.length) {
      const process = waiting.shift();
      if (found.includes(process) || !this.catalogue.called[process]) continue;
      found.push(process);
      waiting.push(...this.callsOf(process));
    }
    return found;
  }

  callsOf(process) {
    const sheet = this.opened.get(process);
    if (!sheet) return this.catalogue.called[process]?.calls ?? [];
    return sheet.model.registry.filter((one) => one.type === 'bpmn:CallActivity' && !one.labelTarget)
      .map((one) => one.businessObject.calledElement).filter(Boolean);
  }

  /* Shows a diagram, drawn first where it was not open yet. */
  async show(process) {
    const known = this.opened.get(process);
    if (known && known === this.shown) return known;
    const sheet = known ?? await this.open(process);
    for (const one of this.all) one.canvasPlace.hidden = one !== sheet;
    this.shown = sheet;
    if (!sheet.isDrawn) { await sheet.draw(); this.onOpen(sheet); }
    sheet.modeler.get('canvas').resized();
    this.renew();
    sheet.panel.redraw();
    this.onView(sheet);
    return sheet;
  }

  async open(process) {
    const answer = await fetch(this.addressOf(process));
    if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
    const sheet = new Sheet(this, process, await answer.text(), answer.headers.get('Diagram-Read') ?? '');
    this.opened.set(process, sheet);
    return sheet;
  }

  close(process) {
    const sheet = this.opened.get(process);
    if (!sheet) return;
    sheet.modeler?.destroy();
    sheet.canvasPlace.remove();
    this.opened.delete(process);
    if (this.shown === sheet) this.shown = null;
  }

  renew() {
    const reached = this.reached();
    const processes = [TOP, ...reached, ...this.all.map((one) => one.process).filter((one) => one && !reached.includes(one))];
    this.nav.hidden = processes.length < 2;
    this.nav.replaceChildren(...processes.map((process) => this.tab(process)));
    this.tell();
  }

  tab(process) {
    const isShared = process && !(this.opened.get(process)?.isChanged ?? this.catalogue.called[process]?.own);
    const marks = process ? node('small', {}, isShared ? '共用' : '本草稿自己的') : node('small', {}, '主流程');
    const made = node('button', { type: 'button', class: 'tool', 'data-sheet': process, onclick: () => this.show(process) }, this.nameOf(process), marks);
    if (this.shown?.process === process) made.setAttribute('aria-current', 'true');
    return made;
  }

  /* Whose the shown diagram is, and what changing it means. */
  tell() {
    const sheet = this.shown;
    this.note.hidden = !sheet?.process || this.isSmall;
    if (this.note.hidden) return;
    const name = this.nameOf(sheet.process);
    if (sheet.isReadOnly) {
      this.note.replaceChildren(
        node('span', {}, `“${name}”是几种流程共用的，这里只能看。要改，就在本草稿里另用一份：改动只影响“${this.title}”，其他流程照旧。`),
        button('在本草稿中修改', () => sheet.unlock()));
    } else {
      const { packaged, own } = this.catalogue.called[sheet.process] ?? {};
      this.note.replaceChildren(
        node('span', {}, sheet.isChanged || own ? `这一份“${name}”只属于本草稿：改动只影响“${this.title}”。` : `改动会成为本草稿自己的一份“${name}”，只影响“${this.title}”。`),
        packaged && (sheet.isChanged || own) ? button('恢复为共用的…', () => this.onReset(sheet)) : '');
    }
  }
}

class Sheet {
  constructor(sheets, process, xml, read) {
    Object.assign(this, { sheets, process, xml, read, isDirty: false, isDrawn: false });
    this.isReadOnly = sheets.isSmall || (Boolean(process) && !sheets.catalogue.called[process]?.own);
    this.scale = 1;
    this.isChanged = Boolean(process) && Boolean(sheets.catalogue.called[process]?.own);
    this.canvasPlace = node('div', { class: 'one-sheet' });
    sheets.place.append(this.canvasPlace);
  }

  async draw() {
    const options = { container: this.canvasPlace, moddleExtensions: { spiffworkflow: spiff } };
    const words = { translate: ['value', translate] };
    this.modeler = this.isReadOnly
      ? new NavigatedViewer({ ...options, additionalModules: [words] })
      : new BpmnModeler({ ...options, additionalModules: [minimap, words] });
    keepListReferences(this.modeler);
    this.model = new Model(this.modeler);
    this.panel = new Panel(this.sheets.panelPlace, this.modeler, this.model, this.sheets.catalogue, {
      mayShow: () => this.sheets.shown === this && !this.sheets.isHeld,
      isCalled: Boolean(this.process),
      isReadOnly: this.isReadOnly,
      openCalled: (called) => this.sheets.show(called),
      beginCalled: (process, name) => this.sheets.onBegin(process, name),
    });
    this.modeler.on('commandStack.changed', () => { this.isChanged = Boolean(this.process); this.sheets.renew(); this.sheets.onChange(this); });
    this.modeler.on(['commandStack.changed', 'canvas.viewbox.changed'], () => this.sheets.onView(this));
    await this.modeler.importXML(this.xml);
    this.isDrawn = true;
    this.fit();
    if (this.sheets.isSmall) this.scaleTo(Math.max(this.scale, READABLE));
  }

  /* The same diagram, now to be changed; it is stored with the first change. */
  async unlock() {
    this.isReadOnly = false;
    this.modeler.destroy();
    await this.draw();
    this.sheets.onOpen(this);
    this.sheets.renew();
    this.panel.redraw();
    this.sheets.onView(this);
  }

  /* The whole drawing beside the palette, which lies on the canvas. */
  fit() {
    if (this.sheets.isSmall) { this.scaleTo(Math.min(1, this.sheets.place.clientWidth / this.size().width)); return; }
    const palette = this.canvasPlace.querySelector('.djs-palette'), MARGIN = 16;
    const left = palette ? palette.offsetLeft + palette.offsetWidth + 8 : MARGIN;
    const canvas = this.modeler.get('canvas');
    const { inner, outer } = canvas.viewbox();
    const scale = Math.min(1, (outer.width - left - MARGIN) / inner.width, (outer.height - 2 * MARGIN) / inner.height);
    const height = outer.height / scale;
    canvas.viewbox({ x: inner.x - left / scale, y: inner.y - (height - inner.height) / 2, width: outer.width / scale, height });
  }

  /* A narrow window scrolls over the drawing, which takes the room that it needs. */
  scaleTo(scale) {
    this.scale = Math.min(2, Math.max(0.1, scale));
    const { x, y, width, height } = this.size();
    this.canvasPlace.style.width = `${Math.ceil(width * this.scale)}px`;
    this.canvasPlace.style.height = `${Math.ceil(height * this.scale + ROOM_FOR_MARK)}px`;
    const canvas = this.modeler.get('canvas');
    canvas.resized();
    canvas.viewbox({ x, y, width, height: height + ROOM_FOR_MARK / this.scale });
  }

  size() {
    const MARGIN = 12;
    const { inner } = this.modeler.get('canvas').viewbox();
    return { x: inner.x - MARGIN, y: inner.y - MARGIN, width: inner.width + 2 * MARGIN, height: inner.height + 2 * MARGIN };
  }

  /* Chooses an element and brings it into sight. */
  reveal(shape) {
    this.modeler.get('selection').select(shape);
    if (!this.sheets.isSmall) { this.modeler.get('canvas').scrollToElement(shape); return; }
    const { x, y } = this.size();
    const at = shape.waypoints?.[0] ?? { x: shape.x + shape.width / 2, y: shape.y + shape.height / 2 };
    const { place } = this.sheets;
    place.scrollIntoView({ block: 'nearest' });
    place.scrollTo((at.x - x) * this.scale - place.clientWidth / 2, (at.y - y) * this.scale - place.clientHeight / 2);
  }

  async file() { return (await this.modeler.saveXML({ format: true })).xml; }
}
