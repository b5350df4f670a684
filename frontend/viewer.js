/* Draws a case's diagram with its tokens, the way taken and what ended.

   The page holds <div data-diagram="URL of the XML" data-tokens="URL of the JSON">; the JSON is
   {"here": {"<element>": count}, "done": ["<element>", …], "flows": ["<flow>", …]}.
   data-marks='{"<element or flow>": "added" | "removed" | "changed" | "error" | "warning"}' colours single ones.
   data-notes='{"<element>": {"text": "…", "level": 0…4}}' writes beside single ones how hot they are.
   Without this script the page still tells all of it in words (the list of steps). */
import Viewer from 'bpmn-js/lib/Viewer';
import 'bpmn-js/dist/assets/diagram-js.css';
import 'bpmn-js/dist/assets/bpmn-js.css';
import './viewer.css';

const MARGIN = 24;
const ROOM_FOR_MARK = 28; // the diagram library's mark stays visible and covers nothing

async function draw(place) {
  const [xml, tokens] = await Promise.all([
    fetch(place.dataset.diagram).then(found).then((answer) => answer.text()),
    place.dataset.tokens ? fetch(place.dataset.tokens).then(found).then((answer) => answer.json()) : {},
  ]);
  const sheet = document.createElement('div');
  sheet.className = 'sheet-of-diagram';
  place.replaceChildren(sheet);
  const viewer = new Viewer({ container: sheet });
  await viewer.importXML(xml);
  fit(viewer, sheet);
  mark(viewer, tokens);
  colour(viewer, JSON.parse(place.dataset.marks ?? '{}'));
  note(viewer, JSON.parse(place.dataset.notes ?? '{}'));
  bringIntoSight(viewer, place, tokens);
  place.dataset.drawn = 'yes';
}

function found(answer) {
  if (!answer.ok) throw new Error(`${answer.status} ${answer.url}`);
  return answer;
}

/* The sheet takes the diagram's own size, so that text stays readable and a phone scrolls sideways. */
function fit(viewer, sheet) {
  const canvas = viewer.get('canvas');
  const { inner } = canvas.viewbox();
  const width = Math.ceil(inner.width + 2 * MARGIN);
  const height = Math.ceil(inner.height + 2 * MARGIN) + ROOM_FOR_MARK;
  sheet.style.width = `${width}px`;
  sheet.style.height = `${height}px`;
  canvas.resized();
  canvas.viewbox({ x: inner.x - MARGIN, y: inner.y - MARGIN, width, height });
}

function mark(viewer, { here = {}, done = [], flows = [] }) {
  const canvas = viewer.get('canvas');
  const overlays = viewer.get('overlays');
  const registry = viewer.get('elementRegistry');
  for (const id of [...done, ...flows]) if (registry.get(id)) canvas.addMarker(id, 'is-done');
  for (const [id, count] of Object.entries(here)) {
    if (!registry.get(id)) continue;
    canvas.removeMarker(id, 'is-done');
    canvas.addMarker(id, 'is-here');
    const token = document.createElement('div');
    token.className = 'token';
    token.textContent = count;
    overlays.add(id, 'token', { position: { top: -12, right: 12 }, html: token });
  }
}

function colour(viewer, marks) {
  for (const [id, kind] of Object.entries(marks)) {
    if (viewer.get('elementRegistry').get(id)) viewer.get('canvas').addMarker(id, `is-${kind}`);
  }
}

function note(viewer, notes) {
  for (const [id, { text, level }] of Object.entries(notes)) {
    if (!viewer.get('elementRegistry').get(id)) continue;
    if (level) viewer.get('canvas').addMarker(id, `is-heat-${level}`);
    const words = document.createElement('div');
    words.className = 'heat';
    words.textContent = text;
    viewer.get('overlays').add(id, 'heat', { position: { top: -22, left: 0 }, html: words });
  }
}

function bringIntoSight(viewer, place, { here = {} }) {
  const [first] = Object.keys(here).filter((id) => viewer.get('elementRegistry').get(id));
  if (!first) return;
  const shape = viewer.get('elementRegistry').get(first);
  const { x } = viewer.get('canvas').viewbox();
  place.scrollLeft = Math.max(0, shape.x - x - place.clientWidth / 2 + shape.width / 2);
}

function tellFailure(place, error) {
  place.textContent = '流程图没有画出来。步骤和经过以文字为准，刷新页面可以再试。';
  console.error(error);
}

for (const place of document.querySelectorAll('[data-diagram]')) {
  draw(place).catch((error) => tellFailure(place, error));
}
