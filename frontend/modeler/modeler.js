/* The page on which a school changes a diagram: canvas, panel, findings, and a draft that keeps itself.

   <main data-modeler data-diagram data-catalogue data-check data-revision data-token> */
import BpmnModeler from 'bpmn-js/lib/Modeler';
import minimap from 'diagram-js-minimap';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import 'bpmn-js/dist/assets/bpmn-font/css/bpmn.css';
import 'diagram-js-minimap/assets/diagram-js-minimap.css';
import './modeler.css';
import { Findings } from './findings.js';
import { Model } from './model.js';
import { Panel } from './panel.js';
import { Saving, give } from './saving.js';
import { Trying } from './trying.js';
import spiff from './spiff-moddle.json';
import { translate } from './words.js';

const page = document.querySelector('[data-modeler]');
const part = (name) => page.querySelector(`[data-part="${name}"]`);

async function begin() {
  const { diagram, catalogue, check, prove, walk, scenarios, revision, read, token } = page.dataset;
  const modeler = new BpmnModeler({
    container: part('canvas'),
    moddleExtensions: { spiffworkflow: spiff },
    additionalModules: [minimap, { translate: ['value', translate] }],
  });
  const [xml, known] = await Promise.all([fetch(diagram).then(found).then((one) => one.text()), fetch(catalogue).then(found).then((one) => one.json())]);
  const model = new Model(modeler);
  const panel = new Panel(part('panel'), modeler, model, known);
  await modeler.importXML(xml);
  showAll(modeler.get('canvas'));
  const findings = new Findings({ place: part('findings'), modeler, address: check, proof: prove, token, replay: (path) => trying.start(path) });
  const saving = new Saving({ modeler, address: diagram, revision: Number(revision), read, token, notice: part('saved'), dialog: part('dialog'), saved: () => findings.ask() });
  const trying = new Trying({ place: part('panel'), panel, modeler, saving, catalogue: known, addresses: { walk, scenarios }, token });
  wire(modeler, saving, findings);
  part('try').addEventListener('click', () => (trying.isOn ? trying.stop() : trying.start()));
  await findings.ask();
  Object.assign(window, { qianyue: { modeler, model, panel, saving, trying } });
  page.dataset.ready = 'yes';
}

function found(answer) {
  if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
  return answer;
}

/* The whole drawing beside the palette, which lies on the canvas. */
function showAll(canvas) {
  const PALETTE = 76, MARGIN = 16;
  const { inner, outer } = canvas.viewbox();
  const scale = Math.min(1, (outer.width - PALETTE - MARGIN) / inner.width, (outer.height - 2 * MARGIN) / inner.height);
  const height = outer.height / scale;
  canvas.viewbox({
    x: inner.x - PALETTE / scale,
    y: inner.y - (height - inner.height) / 2,
    width: outer.width / scale,
    height,
  });
}

function wire(modeler, saving, findings) {
  const on = (name, act) => part(name)?.addEventListener('click', act);
  const commands = modeler.get('commandStack');
  const canvas = modeler.get('canvas');
  const renew = () => {
    part('undo').disabled = !commands.canUndo();
    part('redo').disabled = !commands.canRedo();
    part('zoom').textContent = `${Math.round(canvas.zoom() * 100)}%`;
  };
  modeler.on(['commandStack.changed', 'canvas.viewbox.changed'], renew);
  on('undo', () => commands.undo());
  on('redo', () => commands.redo());
  on('check', async () => { if (await saving.now()) await findings.prove(); });
  on('zoom-in', () => canvas.zoom(canvas.zoom() * 1.2));
  on('zoom-out', () => canvas.zoom(canvas.zoom() / 1.2));
  on('zoom', () => canvas.zoom(1));
  on('fit', () => showAll(canvas));
  on('search', () => modeler.get('searchPad').toggle());
  on('keys', () => part('shortcuts').showModal());
  on('close-keys', () => part('shortcuts').close());
  on('save-svg', async () => give(new Blob([(await modeler.saveSVG()).svg], { type: 'image/svg+xml' }), `${page.dataset.name}.svg`));
  on('save-png', async () => give(await png((await modeler.saveSVG()).svg), `${page.dataset.name}.png`));
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
  renew();
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

if (page) {
  begin().catch((error) => {
    part('findings').textContent = '流程图没有打开，刷新页面可以再试。';
    console.error(error);
  });
}
