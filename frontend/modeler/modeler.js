/* The page on which a school changes a diagram: canvas, panel, findings, and a draft that keeps itself.

   <main data-modeler data-diagram data-catalogue data-check data-title data-token> */
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import './modeler.css';
import { Findings } from './findings.js';
import { Saving, give } from './saving.js';
import { Sheets, TOP } from './sheets.js';
import { beginSmall } from './small.js';
import { Trying } from './trying.js';

const page = document.querySelector('[data-modeler]');
const part = (name) => page.querySelector(`[data-part="${name}"]`);

const small = document.querySelector('.too-small');
const wide = matchMedia('(min-width: 1000px)');

/* What the window has room for; the other when it is made wider or narrower. */
async function begin() {
  if (page.dataset.begun === 'studio' || (page.dataset.begun && !wide.matches)) return;
  page.dataset.begun = wide.matches ? 'studio' : 'small';
  if (wide.matches) await beginStudio();
  else await beginSmall(page, small, await ask(page.dataset.catalogue));
}

async function beginStudio() {
  const { diagram, catalogue, check, prove, walk, scenarios, title, token } = page.dataset;
  const known = await ask(catalogue);
  const sheets = new Sheets({ place: part('canvas'), nav: part('sheets'), note: part('whose'), panelPlace: part('panel'), catalogue: known, address: diagram, title });
  const findings = new Findings({ place: part('findings'), sheets, address: check, proof: prove, token, replay: (path) => trying.start(path) });
  const learn = async () => { Object.assign(known, await ask(catalogue).catch(() => ({}))); sheets.renew(); };
  const saving = new Saving({
    sheets, token, notice: part('saved'), dialog: part('dialog'),
    saved: async (kept) => { if (kept.some((one) => one.process)) await learn(); await findings.ask(); },
  });
  sheets.onChange = (sheet) => { saving.changed(sheet); trying?.changed(); };
  sheets.onOpen = () => { findings.markAll(); if (trying?.isOn) trying.draw(); };
  sheets.onReset = (sheet) => saving.offerReset(sheet, async () => {
    sheets.close(sheet.process);
    await learn();
    await sheets.show(sheet.process);
    await findings.ask();
  });
  sheets.onBegin = async (process, name) => {
    const problem = await saving.begin(part('canvas').dataset.called, process, name);
    if (!problem) await learn();
    return problem;
  };
  let trying = null;
  wire(sheets, saving, findings);
  const top = await sheets.show(TOP);
  trying = new Trying({ place: part('panel'), sheets, top, saving, catalogue: known, addresses: { walk, scenarios }, token });
  part('try').addEventListener('click', () => (trying.isOn ? trying.stop() : trying.start()));
  await findings.ask();
  Object.assign(window, { qianyue: { sheets, saving, trying, get modeler() { return sheets.shown.modeler; }, get model() { return sheets.shown.model; } } });
  page.dataset.ready = 'yes';
}

async function ask(address) {
  return found(await fetch(address)).json();
}

function found(answer) {
  if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
  return answer;
}

function wire(sheets, saving, findings) {
  const on = (name, act) => part(name)?.addEventListener('click', act);
  const shown = (name) => sheets.shown?.modeler?.get(name, false);
  const zoom = (factor) => { const canvas = shown('canvas'); canvas.zoom(factor ? canvas.zoom() * factor : 1); };
  sheets.onView = (sheet) => {
    if (sheet !== sheets.shown || !sheet.isDrawn) return;
    const commands = shown('commandStack');
    part('undo').disabled = !commands?.canUndo();
    part('redo').disabled = !commands?.canRedo();
    part('zoom').textContent = `${Math.round(shown('canvas').zoom() * 100)}%`;
    part('download').href = `${sheets.addressOf(sheet.process)}${sheet.process ? '&' : '?'}download=1`;
  };
  const nameOfFile = () => sheets.shown.process || page.dataset.name;
  const picture = async () => (await sheets.shown.modeler.saveSVG()).svg;
  on('undo', () => shown('commandStack')?.undo());
  on('redo', () => shown('commandStack')?.redo());
  on('check', async () => { if (await saving.now()) await findings.prove(); });
  on('zoom-in', () => zoom(1.2));
  on('zoom-out', () => zoom(1 / 1.2));
  on('zoom', () => zoom(0));
  on('fit', () => sheets.shown.fit());
  on('search', () => shown('searchPad')?.toggle());
  on('keys', () => part('shortcuts').showModal());
  on('close-keys', () => part('shortcuts').close());
  on('save-svg', async () => give(new Blob([await picture()], { type: 'image/svg+xml' }), `${nameOfFile()}.svg`));
  on('save-png', async () => give(await png(await picture()), `${nameOfFile()}.png`));
  for (const link of page.querySelectorAll('[data-after-saving]')) {
    link.addEventListener('click', async (event) => {
      if (!saving.isDirty) return;
      event.preventDefault();
      if (await saving.now()) location.assign(link.href);
    });
  }
  document.addEventListener('keydown', (event) => {
    if ((event.ctrlKey || event.metaKey) && event.key === 's') { event.preventDefault(); saving.now(); }
  });
}

/* Twice the size of the drawing, on white. */
async function png(svg) {
  const picture = new Image();
  picture.src = `data:image/svg+xml;charset=utf-8,${encodeURIComponent(svg)}`;
  await picture.decode();
  const sheet = document.createElement('canvas');
  sheet.width = picture.naturalWidth * 2;
  sheet.height = picture.naturalHeight * 2;
  const drawing = sheet.getContext('2d');
  drawing.fillStyle = '#fff';
  drawing.fillRect(0, 0, sheet.width, sheet.height);
  drawing.drawImage(picture, 0, 0, sheet.width, sheet.height);
  return new Promise((done) => { sheet.toBlob(done, 'image/png'); });
}

function tell(error) {
  const place = wide.matches ? part('findings') : small.querySelector('[data-part="small-findings"]');
  place.textContent = '流程图没有打开，刷新页面可以再试。';
  console.error(error);
}

if (page) {
  begin().catch(tell);
  wide.addEventListener('change', () => begin().catch(tell));
}
